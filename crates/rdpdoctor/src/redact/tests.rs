use super::*;

fn redacted(text: &str) -> String {
    let mut redactor = Redactor::default();
    redactor.learn_text(text);
    redactor.text(text)
}

#[test]
fn every_pattern_is_built() {
    assert!(is_ready());
}

#[test]
fn the_same_thing_has_the_same_pseudonym_everywhere() {
    let mut redactor = Redactor::default();
    redactor.host("SRV01.corp.contoso.test");
    redactor.user(r"CORP\anna.meier");
    let said = redactor.words(
        "srv01 SRV01$ srv01.CORP.contoso.test *.corp.contoso.test anna.meier@corp.contoso.test CORP\\ANNA.MEIER srv01-backup",
    );
    assert_eq!(
        said,
        "host-1 host-1$ host-1.domain-1.example *.domain-1.example user-1@domain-1.example DOMAIN-1\\user-1 srv01-backup"
    );
}

#[test]
fn subnets_and_kinds_of_addresses_are_kept() {
    let said = redacted(
        "10.20.1.15 10.20.1.16 10.20.2.15 10.20.1.15 192.168.86.123 8.8.8.8 127.0.0.1 0.0.0.0 10.20.1.255 \
         ::ffff:10.20.1.15 fe80::1c2d:3eff:fe4f:5a6b 2a02:8071:1::5 2a02:8071:1::6 ::1 fd12:3456:789a::1",
    );
    assert_eq!(
        said,
        "10.0.0.1 10.0.0.2 10.0.1.1 10.0.0.1 192.168.0.1 198.18.0.1 127.0.0.1 0.0.0.0 10.0.0.255 \
         ::ffff:10.0.0.1 fe80:0:0:1::1 2001:db8::1 2001:db8::2 ::1 fd00::1"
    );
}

#[test]
fn no_pseudonym_is_an_address_that_occurs() {
    let said = redacted("10.0.0.1 10.9.9.9 198.18.0.7 1.2.3.4");
    assert_eq!(
        said,
        "10.0.1.1 10.0.2.1 198.19.1.1 198.19.2.1".replace("198.19", "198.18")
    );
}

#[test]
fn cards_and_identities_are_hidden_and_well_known_ones_kept() {
    let said = redacted(
        "00-1A-2B-3C-4D-5E 00:1a:2b:3c:4d:5e S-1-5-21-1004336348-1177238915-682003330-1104 \
         S-1-5-21-1004336348-1177238915-682003330-500 S-1-5-18 S-1-5-21-1004336348-1177238915-682003330",
    );
    assert_eq!(
        said,
        "02-00-00-00-00-01 02:00:00:00:00:01 S-1-5-21-1-1-1-1002 S-1-5-21-1-1-1-500 S-1-5-18 S-1-5-21-1-1-1"
    );
}

#[test]
fn what_logs_are_known_by_stays() {
    for line in [
        "[11:12:13:456] [1:2] [ERROR][com.freerdp.core.nego] - Protocol Security Negotiation Failure",
        "[20240313-10:31:32] [INFO ] Security protocol: configured [SSL|RDP], requested [SSL|HYBRID|RDP], selected [SSL]",
        "[ERROR] Cannot read private key file /etc/xrdp/key.pem: Permission denied",
        "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'",
        "channel.rdpdr=true perf.themes settings.closed negotiate.nla-required",
        "libssl.so.3 xrdp_mm.c sesman.ini TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384 org.gnome.desktop.remote-desktop.rdp",
        "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp",
        "  TCP    0.0.0.0:3389           0.0.0.0:0              ABHÖREN         900",
        "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational 2026-11-21T08:00:00.123456Z",
    ] {
        assert_eq!(redacted(line), line);
    }
}

#[test]
fn phrases_tell_names() {
    for (line, name) in [
        (
            "[INFO ] ++ created session (access granted): username kowalski, ip 10.0.0.9:1 - socket: 12",
            "kowalski",
        ),
        ("AUTHFAIL: user=kowalski ip=10.0.0.9 time=1", "kowalski"),
        ("Mar 16 15:52:46 krakow-ts xrdp[1]: [INFO ] x", "krakow-ts"),
        (
            "[INFO ] Connected client computer name: KRAKOW-PC7",
            "KRAKOW-PC7",
        ),
        ("[ERROR] Cannot open /home/kowalski/.Xauthority", "kowalski"),
        (
            ">rdp-tcp#3         kowalski                  2  Aktiv",
            "kowalski",
        ),
        (
            "   Hostname  . . . . . . . . . . . . : KRAKOW-PC7",
            "KRAKOW-PC7",
        ),
        ("        Client: kowalski @ KRAKOW.TEST", "kowalski"),
        (
            "        Server: TERMSRV/krakow-ts @ KRAKOW.TEST",
            "krakow-ts",
        ),
        ("subject CN=krakow-ts.intern.test, O=Huta Sp", "krakow-ts"),
    ] {
        let said = redacted(line).to_lowercase();
        assert!(!said.contains(&name.to_lowercase()), "{said}");
    }
}

#[test]
fn secrets_are_removed_whatever_is_kept() {
    for (line, kept) in [
        ("password=hunter2", "password=(removed)"),
        ("password=ask", "password=ask"),
        ("password 51:b:01000000D08C9DDF", "password 51:b:(removed)"),
        ("key_file=/etc/xrdp/key.pem", "key_file=/etc/xrdp/key.pem"),
        (
            "ssh_tunnel_password = x y",
            "ssh_tunnel_password = (removed)",
        ),
        ("gatewayaccesstoken:s:abc", "gatewayaccesstoken:s:(removed)"),
    ] {
        assert_eq!(without_secrets(line), kept);
        assert_eq!(is_secret(line), line != kept);
    }
}

#[test]
fn pseudonyms_are_left_alone() {
    let once = redacted(
        "Mar 16 15:52:46 krakow-ts xrdp[1]: from 10.7.7.7 for user: 'kowalski' kowalski@krakow.test",
    );
    assert_eq!(redacted(&once).replace("10.0.1.", "10.0.0."), once);
}
