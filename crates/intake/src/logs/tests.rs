use std::io::Cursor;

use proptest::prelude::*;

use model::SettingValue;

use super::*;
use crate::reader::Intake;

fn read(text: &str) -> Findings {
    let mut intake = Intake::default();
    intake.take("x.log", &mut Cursor::new(text.as_bytes()));
    intake.finish()
}

fn facts(text: &str) -> Vec<Fact> {
    read(text)
        .seen
        .into_iter()
        .map(|seen| seen.observation.fact)
        .collect()
}

fn said(text: &str) -> Vec<(String, String, Vec<String>, u32)> {
    facts(text)
        .into_iter()
        .filter_map(|fact| match fact {
            Fact::LogSaid {
                program,
                symbol,
                values,
                times,
                ..
            } => Some((program, symbol, values, times)),
            _ => None,
        })
        .collect()
}

#[test]
fn equal_lines_are_told_once() {
    let line = "[11:12:13:456] [1:2] [ERROR][com.freerdp.core] - [nego_process_negotiation_failure]: Error: HYBRID_REQUIRED_BY_SERVER [0x00000005]\n";
    let text = line.repeat(3);
    assert_eq!(
        said(&text),
        [(
            "freerdp".to_owned(),
            "NEGO_FAIL_RX".to_owned(),
            vec!["00000005".to_owned()],
            3
        )]
    );
}

#[test]
fn the_list_of_a_client_tells_nothing_of_the_host() {
    let list = |foreign: &str| {
        format!(
            "\r\n  Proto  Local Address          Foreign Address        State           PID\r\n\
             \x20 TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       900\r\n\
             \x20 TCP    10.0.0.5:50100         {foreign}          ESTABLISHED     1100\r\n"
        )
    };
    let missing = |text: &str| facts(text).contains(&Fact::ListenerMissing { port: 3389 });
    assert!(missing(&list("10.0.0.9:443")));
    assert!(!missing(&list("10.0.0.9:3389")));
    // A server whose listener is gone still has the sessions that it took before.
    assert!(missing(
        &list("10.0.0.9:50000").replace("10.0.0.5:50100", "10.0.0.5:3389")
    ));
}

#[test]
fn what_is_over_explains_nothing() {
    let failed = "May  1 10:00:00 srv xrdp[100]: [ERROR] trans_listen_address failed\n";
    let listens = "May  1 10:01:00 srv xrdp[200]: [INFO ] listening to port 3389 on 0.0.0.0\n";
    let symbols = |text: &str| -> Vec<String> {
        let mut symbols: Vec<_> = said(text)
            .into_iter()
            .map(|(_, symbol, ..)| symbol)
            .collect();
        symbols.dedup();
        symbols
    };
    assert_eq!(symbols(failed), ["LISTEN_FAIL"]);
    assert_eq!(
        symbols(&[listens, failed].concat()),
        ["LISTEN_FAIL", "LISTEN_OK"]
    );
    let mended = [failed, listens].concat();
    assert_eq!(symbols(&mended), ["LISTEN_OK"]);
    assert!(read(&mended).notes[0].contains("could not listen"));
    // The same words of a connection that never said anything, and of one whose client left inside TLS.
    let missing = |process: u32| {
        format!(
            "May  1 10:02:00 srv xrdp[{process}]: [ERROR] libxrdp_force_read: header read error\n"
        )
    };
    let inside = "May  1 10:02:00 srv xrdp[300]: [ERROR] SSL_read: I/O error\n";
    let told = |text: &str| -> Vec<(Vec<String>, u32)> {
        said(text)
            .into_iter()
            .filter(|(_, symbol, ..)| symbol == "FIRST_BYTES_MISSING")
            .map(|(_, _, values, times)| (values, times))
            .collect()
    };
    let later = (vec![LATER_ON.to_owned()], 1);
    assert_eq!(told(&missing(300)), [(vec![], 1)]);
    assert_eq!(
        told(&[inside, &missing(300)].concat()),
        std::slice::from_ref(&later)
    );
    let both = [inside, &missing(300), &missing(301)].concat();
    assert_eq!(told(&both), [(vec![], 1), later]);
}

#[test]
fn journal_entries_carry_their_moment() {
    let text = r#"{"MESSAGE":"[RDP] Credentials are not set, denying client","SYSLOG_IDENTIFIER":"gnome-remote-de","__REALTIME_TIMESTAMP":"1700000000000000"}"#;
    let findings = read(text);
    assert_eq!(findings.seen[0].at, Some(UnixMicros(1_700_000_000_000_000)));
    assert_eq!(said(text)[0].1, "GRD_NO_CREDENTIALS");
}

#[test]
fn commands_in_any_language_are_understood() {
    let text = "\
ComputerName     : srv\r\nRemoteAddress    : 10.0.0.5\r\nRemotePort       : 3389\r\nTcpTestSucceeded : False\r\n\
\r\nAktive Verbindungen\r\n\r\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\r\n\
  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN         900\r\n\
  TCP    10.0.0.5:3389          10.0.0.9:50000         HERGESTELLT     1100\r\n\
\r\nSERVICE_NAME: TermService\r\n        TYPE               : 30  WIN32\r\n        STATE              : 1  ANGEHALTEN\r\n\
\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\r\n    fDenyTSConnections    REG_DWORD    0x1\r\n\
\r\n SITZUNGSNAME      BENUTZERNAME             ID  STATUS  TYP         GERÄT\r\n services                                    0  Getr.\r\n>console           me                        1  Aktiv\r\n";
    let facts = facts(text);
    let expected = [
        Fact::PortTested {
            host: "srv".into(),
            port: 3389,
            opened: false,
            times: 1,
        },
        Fact::ListenerMissing { port: 3389 },
        Fact::ServiceFound {
            name: "TermService".to_owned(),
            running: Some(false),
            starts: String::new(),
        },
        Fact::SettingFound {
            key: r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server".to_owned(),
            name: "fDenyTSConnections".to_owned(),
            value: model::SettingValue::Number(1),
            policy: false,
        },
        Fact::ServiceFound {
            name: "rdp-tcp".to_owned(),
            running: Some(false),
            starts: String::new(),
        },
    ];
    for fact in &expected {
        assert!(facts.contains(fact), "{fact:?}\n{facts:#?}");
    }
    assert_eq!(facts.len(), expected.len(), "{facts:#?}");
}

/// What certutil writes about the listener's store, in the words of one language.
fn store(words: [&str; 4], key: &str) -> String {
    let [certificate, subject, issuer, hash] = words;
    format!(
        "Remote Desktop \"Remotedesktop\"\n================ {certificate} 0 ================\n\
         1: 11aa22bb33cc44dd55ee\n{issuer}: CN=authority\n NotBefore: 01.05.2026 10:00\n\
         NotAfter: 31.10.2026 10:00\n{subject}: CN=SRV01.corp.example\n\
         {hash}(sha1): 00112233445566778899aabbccddeeff00112233\n{key}\
         CertUtil: -store\n"
    )
}

#[test]
fn stores_of_certificates_in_any_language_are_understood() {
    let english = ["Certificate", "Subject", "Issuer", "Cert Hash"];
    let german = [
        "Zertifikat",
        "Antragsteller",
        "Aussteller",
        "Zertifikathash",
    ];
    let settings = |text: &str| -> Vec<(String, SettingValue)> {
        facts(text)
            .into_iter()
            .filter_map(|fact| match fact {
                Fact::SettingFound {
                    key, name, value, ..
                } => {
                    let thumbprint = "00112233445566778899AABBCCDDEEFF00112233";
                    assert!(key.ends_with(&format!(r"Remote Desktop\Certificates\{thumbprint}")));
                    Some((name, value))
                }
                _ => None,
            })
            .collect()
    };
    let text = |text: &str| SettingValue::Text(text.to_owned());
    let certificate = ("Certificate".to_owned(), text("SRV01.corp.example"));
    for (words, names) in [
        (english, ["Key Container", "Provider"]),
        (german, ["Schl\u{FC}sselcontainer", "Anbieter"]),
    ] {
        let [container, provider] = names;
        let key = format!(
            "  {container} = TSSecKeySet1\n  Unique container name: f686aace\n  {provider} = A provider of Microsoft\n"
        );
        assert_eq!(
            settings(&store(words, &key)),
            [
                certificate.clone(),
                ("KeyContainer".to_owned(), text("TSSecKeySet1")),
                ("KeyProvider".to_owned(), text("A provider of Microsoft")),
            ]
        );
        // A place without a key, and no place at all.
        let bad = format!(
            "  {container} = TSSecKeySet1\n  ...: 0x80090016 (-2146893802 NTE_BAD_KEYSET)\n"
        );
        for key in [bad.as_str(), ""] {
            assert_eq!(
                settings(&store(words, key)),
                [
                    certificate.clone(),
                    ("KeyContainer".to_owned(), SettingValue::Removed),
                ]
            );
        }
    }
    // Which certificate of the computer's own store is used, the store does not say.
    let own = store(english, "").replace("Remote Desktop \"", "My \"");
    let told = facts(&own);
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn listeners_of_linux_are_understood() {
    let text = "State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n\
        LISTEN 0      2                  *:3389            *:*    users:((\"xrdp\",pid=812,fd=11))\n\
        ● xrdp.service - xrdp daemon\n     Active: active (running) since Mon\n";
    assert_eq!(
        facts(text),
        [
            Fact::ServiceFound {
                name: "xrdp".to_owned(),
                running: Some(true),
                starts: String::new()
            },
            Fact::ListenerFound {
                at: "0.0.0.0:3389".parse().unwrap(),
                process: Some(812),
                program: Some("xrdp".to_owned())
            },
        ]
    );
}

#[test]
fn other_texts_are_left_alone() {
    for text in [
        "",
        "hello\nworld\n",
        "failed to connect to the database\n",
        "{\"a\":1}\n",
    ] {
        let findings = read(text);
        assert_eq!(findings.seen, [], "{text}");
        assert_eq!(findings.files[0].kind, None, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_calm(text in "\\PC{0,300}") {
        let _ = read(&text);
    }

    #[test]
    fn any_bytes_are_calm(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut intake = Intake::default();
        intake.take("x", &mut Cursor::new(&bytes));
        let _ = intake.finish();
    }
}

/// Lines of real programs, in the form in which they were written.
#[test]
fn real_lines_of_every_program_are_known() {
    for (line, program, symbol) in [
        (
            "** (org.remmina.Remmina:10532): DEBUG: 14:24:01.484: (remmina_rdp_tunnel_init) - Tunnel has been optionally initialized. Now connecting to 127.0.0.1:39999",
            "remmina",
            "REMMINA_CONNECT",
        ),
        (
            "libfreerdp returned code is 0002000D",
            "remmina",
            "REMMINA_CODE",
        ),
        (
            "[    43.120] (EE) Failed to load module \"xrdpdev\" (module does not exist, 0)",
            "xorg-xrdp",
            "XORG_NO_MODULE",
        ),
        (
            "[    43.130] (EE) no screens found(EE)",
            "xorg-xrdp",
            "XORG_NO_SCREENS",
        ),
        (
            "/usr/lib/xorg/Xorg.wrap: Only console users are allowed to run the X server",
            "xorg-xrdp",
            "XORG_CONSOLE",
        ),
        (
            "Nov 21 08:00:00 srv gnome-remote-desktop-daemon[811]: Tried to authenticate with invalid user anna",
            "gnome-remote-desktop",
            "GRD_WRONG_USER",
        ),
        (
            "(gnome-remote-desktop-daemon:811): GnomeRemoteDesktop-WARNING **: 08:00:00.123: [RDP] Client doesn't support the DRDYNVC SVC, closing connection",
            "gnome-remote-desktop",
            "GRD_NO_CHANNEL",
        ),
        (
            "I_NetLogonControl failed: Status = 1311 0x51f ERROR_NO_LOGON_SERVERS",
            "commands",
            "NLTEST_NO_SERVER",
        ),
        (
            "Ein erforderliches Zertifikat befindet sich nicht im G\u{FC}ltigkeitszeitraum. 0x800b0101 (-2146762495 CERT_E_EXPIRED)",
            "commands",
            "CERT_EXPIRED",
        ),
        (
            "Schl\u{FC}sselsatz nicht vorhanden. 0x80090016 (-2146893802 NTE_BAD_KEYSET)",
            "commands",
            "KEY_MISSING",
        ),
    ] {
        let said = said(line);
        assert!(
            said.iter()
                .any(|(found, name, ..)| found == program && name == symbol),
            "{line}: {said:?}"
        );
    }
}

#[test]
fn journals_in_every_form_say_the_same() {
    let json = r#"{"MESSAGE":"[ERROR] Cannot read private key file /etc/xrdp/key.pem: Permission denied","SYSLOG_IDENTIFIER":"xrdp","_PID":"77","__REALTIME_TIMESTAMP":"1700000000000000"}"#;
    let export = "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1700000000000000\n_PID=77\nSYSLOG_IDENTIFIER=xrdp\n\
                  MESSAGE=[ERROR] Cannot read private key file /etc/xrdp/key.pem: Permission denied\n\n\
                  __CURSOR=s=2\nMESSAGE=other\nSYSLOG_IDENTIFIER=cron\n";
    let iso = "2023-11-14T22:13:20+00:00 srv xrdp[77]: [ERROR] Cannot read private key file /etc/xrdp/key.pem: Permission denied\n";
    let expected = said(json);
    assert_eq!(expected[0].1, "CFG_KEY");
    for text in [export, iso] {
        assert_eq!(said(text), expected, "{text}");
        assert_eq!(
            read(text).seen[0].at,
            Some(UnixMicros(1_700_000_000_000_000)),
            "{text}"
        );
    }
}

#[test]
fn xrdp_since_0_10_tells_its_zone() {
    let text = "[2024-03-13T10:31:32.123+0100] [ERROR] Cannot read private key file /etc/xrdp/key.pem: Permission denied\n";
    assert_eq!(
        read(text).seen[0].at,
        crate::eventlog::moment("2024-03-13T09:31:32.123Z")
    );
}

#[test]
fn a_web_server_s_rows_are_requests_of_the_gateway() {
    let text = "#Software: Microsoft Internet Information Services 10.0\n\
        #Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\n\
        2026-11-21 08:00:05 10.0.0.4 RDG_OUT_DATA /remoteDesktopGateway/ - 443 - 203.0.113.9 MS-RDGateway/1.0 - 401 1 1326 10\n\
        2026-11-21 08:00:06 10.0.0.4 RDG_OUT_DATA /remoteDesktopGateway/ - 443 - 203.0.113.7 MS-RDGateway/1.0 - 503 0 0 10\n";
    let mut symbols: Vec<String> = said(text)
        .into_iter()
        .map(|(_, symbol, ..)| symbol)
        .collect();
    symbols.sort();
    assert_eq!(symbols, ["RDG_ERROR", "RDG_REFUSED"]);
}

#[test]
fn services_listeners_and_tickets_in_other_languages_are_understood() {
    let text = "\
NOMBRE_SERVICIO: TermService\r\n        TIPO               : 30  WIN32\r\n        ESTADO             : 1  STOPPED\r\n\
                                (NOT_STOPPABLE, NOT_PAUSABLE)\r\n        C\u{D3}D_SALIDA_WIN32   : 1077  (0x435)\r\n\
NOM_SERVICE: SessionEnv\r\n        TYPE               : 20  WIN32_SHARE_PROCESS\r\n        TYPE_D\u{C9}MARRAGE     : 4   DISABLED\r\n\
\x20       CONTR\u{D4}LE_ERREUR   : 1   NORMAL\r\n\
\r\nName                : UmRdpService\r\nRequiredServices    : {}\r\nStatus              : Stopped\r\n\
\r\n::                                  3389      ::                                  0          Listen      Internet\r\n\
\r\n   Nombre de host. . . . . . . . . : MADRID-TS\r\n   Direcci\u{F3}n IPv4. . . . . . . . . . . : 10.4.4.4(Preferido)\r\n\
\r\n#1>\tServidor: TERMSRV/madrid-ts @ CASA.TEST\r\n";
    let facts = facts(text);
    let service = |name: &str| {
        facts.iter().find_map(|fact| match fact {
            Fact::ServiceFound {
                name: found,
                running,
                starts,
            } if found == name => Some((*running, starts.clone())),
            _ => None,
        })
    };
    assert_eq!(service("TermService"), Some((Some(false), String::new())));
    assert_eq!(service("SessionEnv"), Some((None, "disabled".to_owned())));
    assert_eq!(service("UmRdpService"), Some((Some(false), String::new())));
    let setting = |name: &str| {
        facts.iter().find_map(|fact| match fact {
            Fact::SettingFound {
                name: found,
                value: model::SettingValue::Text(value),
                ..
            } if found == name => Some(value.as_str()),
            _ => None,
        })
    };
    assert_eq!(setting("ComputerName"), Some("MADRID-TS"));
    assert_eq!(setting("Address"), Some("10.4.4.4"));
    assert_eq!(setting("Ticket"), Some("TERMSRV/madrid-ts @ CASA.TEST"));
    assert!(
        facts
            .iter()
            .any(|fact| matches!(fact, Fact::ListenerFound { at, .. } if at.port() == 3389))
    );
}

fn listeners(text: &str) -> Vec<(String, Option<u32>, Option<String>)> {
    facts(text)
        .into_iter()
        .filter_map(|fact| match fact {
            Fact::ListenerFound {
                at,
                process,
                program,
            } => Some((at.to_string(), process, program)),
            Fact::ListenerMissing { port } => Some((port.to_string(), None, None)),
            _ => None,
        })
        .collect()
}

#[test]
fn listeners_are_known_in_any_list() {
    let listener = |at: &str, process: u32, program: &str| {
        (
            at.to_owned(),
            Some(process).filter(|&process| process > 0),
            Some(program.to_owned()).filter(|program| !program.is_empty()),
        )
    };
    for (list, expected) in [
        // Names in place of addresses, and no numbers of processes.
        (
            "  TCP    0.0.0.0:135            SRV01:0                ABH\u{D6}REN\r\n  TCP    [::]:3389              SRV01:0                ABH\u{D6}REN\r\n",
            vec![listener("[::]:3389", 0, "")],
        ),
        // `netstat -anobq`: what is bound is no listener, and programs stand below.
        (
            "  TCP    0.0.0.0:443            0.0.0.0:0              LISTENING       4\r\n Can not obtain ownership information\r\n  TCP    0.0.0.0:3389           0.0.0.0:0              LISTENING       1384\r\n  TermService\r\n [svchost.exe]\r\n  TCP    0.0.0.0:3390           0.0.0.0:0              BOUND           77\r\n [mstsc.exe]\r\n",
            vec![
                listener("0.0.0.0:443", 4, ""),
                listener("0.0.0.0:3389", 1384, "svchost.exe"),
            ],
        ),
        (
            "tcp        0      0 0.0.0.0:3389            0.0.0.0:*               LISTEN      812/nginx: master\n",
            vec![listener("0.0.0.0:3389", 812, "nginx")],
        ),
        (
            "LISTEN 0 2 *:3389 *:* users:((\"gnome-remote-de\",pid=1420,fd=12))\n",
            vec![listener("0.0.0.0:3389", 1420, "gnome-remote-de")],
        ),
        (
            "gnome-rem 1420 root   12u  IPv6  32011      0t0  TCP *:ms-wbt-server (LISTEN)\n",
            vec![listener("0.0.0.0:3389", 1420, "gnome-rem")],
        ),
        (
            "0.0.0.0                             3389      0.0.0.0                             0          Listen      Internet       1384\r\n",
            vec![listener("0.0.0.0:3389", 1384, "")],
        ),
        (
            "LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:((\"sshd\",pid=801,fd=3))\n",
            vec![listener("3389", 0, "")],
        ),
    ] {
        assert_eq!(listeners(list), expected, "{list}");
    }
}

#[test]
fn rows_of_ipconfig_lead_to_their_values() {
    for (row, value) in [
        (
            "   Nom de l\u{2019}h\u{F4}te . . . . . . . . . . : PC-COMPTA",
            Some("PC-COMPTA"),
        ),
        (
            "   Adresse IPv4. . . . . . . . . . . . . .: 10.4.4.4(pr\u{E9}f\u{E9}r\u{E9})",
            Some("10.4.4.4(pr\u{E9}f\u{E9}r\u{E9})"),
        ),
        (
            "   \u{30DB}\u{30B9}\u{30C8}\u{540D}. . . . . . . . . . . . . . .: TOKYO-TS",
            Some("TOKYO-TS"),
        ),
        (
            "   IPv4-Adresse  . . . . . . . . . . : 10.4.4.4(Bevorzugt)",
            Some("10.4.4.4(Bevorzugt)"),
        ),
        ("   Passerelle par d\u{E9}faut. . . . . . . . . : ", None),
        ("   note: this. and that. : x", None),
    ] {
        assert_eq!(led_to(row), value, "{row}");
    }
}

#[test]
fn services_and_ports_are_known_by_other_ways_of_asking() {
    let service = |name: &str, running: bool, starts: &str| Fact::ServiceFound {
        name: name.to_owned(),
        running: Some(running),
        starts: starts.to_owned(),
    };
    // Get-CimInstance Win32_Service by itself, and with other columns.
    assert_eq!(
        facts("0         TermService Disabled  Stopped OK     1077\r\n"),
        [service("TermService", false, "disabled")]
    );
    assert_eq!(
        facts(
            "1384 Servicios de Escritorio remoto Manual Running TermService C:\\Windows\\System32\\svchost.exe -k NetworkService\r\n"
        ),
        [service("TermService", true, "manual")]
    );
    let tested = Fact::PortTested {
        host: "10.1.2.3".into(),
        port: 3389,
        opened: false,
        times: 1,
    };
    let warning = "WARNUNG: TCP connect to (10.1.2.3 : 3389) failed\r\n";
    assert_eq!(facts(warning), std::slice::from_ref(&tested));
    // The list behind the warning is the same try.
    let list = "ComputerName           : 10.1.2.3\r\nRemotePort             : 3389\r\nTcpTestSucceeded       : False\r\n";
    assert_eq!(facts(&format!("{warning}\r\n{list}")), [tested]);
}

#[test]
fn the_status_of_a_logon_is_what_the_server_said_last() {
    let status = |text: &str| -> Vec<u32> {
        facts(text)
            .into_iter()
            .filter_map(|fact| match fact {
                Fact::CredSspRefused { error, .. } => Some(error.0),
                _ => None,
            })
            .collect()
    };
    let line = |status: &str| {
        format!(
            "[07:06:15:920] [1:2] [ERROR][com.freerdp.core.nla] - SPNEGO failed with NTSTATUS: {status}\n"
        )
    };
    assert_eq!(
        status(&line("STATUS_NTLM_BLOCKED [0xC0000418]")),
        [0xC000_0418]
    );
    let last = |name: &str| {
        format!(
            "[07:06:15:920] [1:2] [ERROR][com.freerdp.core] - nla_recv_pdu:freerdp_set_last_error_ex ERRCONNECT_{name} [0x00020015]\n"
        )
    };
    assert_eq!(status(&last("LOGON_FAILURE")), [0xC000_006D]);
    // It says the same of a connection that just ended.
    assert_eq!(status(&last("PASSWORD_EXPIRED")), [0_u32; 0]);
}
