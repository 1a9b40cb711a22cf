use std::io::Cursor;

use proptest::prelude::*;

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
                program: None
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
