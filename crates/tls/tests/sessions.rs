use model::codes::{CipherSuite, TlsAlert, TlsVersion};
use proptest::prelude::*;
use tls::{Client, ClientHello, Failure, Groups, Progress, Server, ServerSettings, Up};

use crate::certificates::{ec, make, rsa};

fn settings() -> ServerSettings {
    ServerSettings::of(make("host", ec(), None, (0, 30)).identity())
}

fn rsa_settings() -> ServerSettings {
    ServerSettings::of(make("host", rsa(2048), None, (0, 30)).identity())
}

fn only(version: TlsVersion) -> ClientHello {
    ClientHello {
        lowest: version,
        highest: version,
        ..ClientHello::default()
    }
}

/// Passes bytes to and fro, at most `piece` at once, until neither side has anything to say. Gives the last
/// word of each side, and [`Progress::Up`] where it was told.
fn shake(client: &mut Client, server: &mut Server, piece: usize) -> (Vec<Progress>, Vec<Progress>) {
    let mut said = (vec![client.step()], vec![server.step()]);
    loop {
        let from_client = client.take_outgoing();
        for bytes in from_client.chunks(piece) {
            server.received(bytes);
            said.1.push(server.step());
        }
        let from_server = server.take_outgoing();
        for bytes in from_server.chunks(piece) {
            client.received(bytes);
            said.0.push(client.step());
        }
        if from_client.is_empty() && from_server.is_empty() {
            said.0.dedup();
            said.1.dedup();
            return said;
        }
    }
}

fn up(said: &[Progress]) -> &Up {
    said.iter()
        .find_map(|progress| match progress {
            Progress::Up(up) => Some(up),
            _ => None,
        })
        .unwrap_or_else(|| panic!("never up: {said:?}"))
}

fn failure(said: &[Progress]) -> &Failure {
    match said.last() {
        Some(Progress::Failed(failure)) => failure,
        other => panic!("did not fail: {other:?}"),
    }
}

fn meets(hello: &ClientHello, settings: &ServerSettings) -> Up {
    let mut client = Client::new(hello).unwrap();
    let mut server = Server::new(settings).unwrap();
    let (at_client, at_server) = shake(&mut client, &mut server, usize::MAX);
    assert_eq!(up(&at_client).suite, up(&at_server).suite);
    assert_eq!(up(&at_client).certificates, settings.identity.chain);

    client.write_plain(b"to the server");
    server.received(&client.take_outgoing());
    assert_eq!(server.step(), Progress::Open);
    assert_eq!(server.take_plain(), b"to the server");
    server.write_plain(b"to the client");
    server.close();
    client.received(&server.take_outgoing());
    assert_eq!(client.step(), Progress::Closed);
    assert_eq!(client.take_plain(), b"to the client");
    up(&at_client).clone()
}

#[test]
fn every_version_carries_bytes() {
    let settings = settings();
    for version in [
        TlsVersion::TLS1_0,
        TlsVersion::TLS1_1,
        TlsVersion::TLS1_2,
        TlsVersion::TLS1_3,
    ] {
        assert_eq!(meets(&only(version), &settings).version, version);
    }
    assert_eq!(
        meets(&ClientHello::default(), &settings).version,
        TlsVersion::TLS1_3
    );
}

#[test]
fn old_suites_are_reached() {
    for (version, cipher, number) in [
        (TlsVersion::TLS1_0, "RC4-MD5", 0x0004),
        (TlsVersion::TLS1_0, "RC4-SHA", 0x0005),
        (TlsVersion::TLS1_0, "DES-CBC3-SHA", 0x000A),
        (TlsVersion::TLS1_1, "AES128-SHA", 0x002F),
        (TlsVersion::TLS1_2, "DES-CBC3-SHA", 0x000A),
        (TlsVersion::TLS1_2, "AES256-SHA256", 0x003D),
        (TlsVersion::TLS1_2, "ECDHE-RSA-AES256-SHA384", 0xC028),
    ] {
        let settings = ServerSettings {
            lowest: version,
            highest: version,
            ciphers: format!("{cipher}:@SECLEVEL=0"),
            ..rsa_settings()
        };
        let up = meets(&ClientHello::default(), &settings);
        assert_eq!(
            (up.version, up.suite),
            (version, CipherSuite(number)),
            "{cipher}"
        );
    }
}

#[test]
fn weak_keys_are_accepted() {
    let settings = ServerSettings::of(make("host", rsa(1024), None, (0, 30)).identity());
    meets(&ClientHello::default(), &settings);
}

#[test]
fn an_alert_of_the_server_is_told() {
    let settings = ServerSettings {
        lowest: TlsVersion::TLS1_3,
        ..settings()
    };
    let mut client = Client::new(&only(TlsVersion::TLS1_2)).unwrap();
    let mut server = Server::new(&settings).unwrap();
    let (at_client, at_server) = shake(&mut client, &mut server, usize::MAX);
    assert_eq!(
        failure(&at_client).received,
        Some(TlsAlert::PROTOCOL_VERSION)
    );
    assert_eq!(failure(&at_server).sent, Some(TlsAlert::PROTOCOL_VERSION));
}

#[test]
fn no_suite_in_common_is_an_alert() {
    let settings = ServerSettings {
        highest: TlsVersion::TLS1_2,
        ciphers: "ADH-AES128-SHA:@SECLEVEL=0".to_owned(),
        ..settings()
    };
    let mut client = Client::new(&ClientHello::default()).unwrap();
    let mut server = Server::new(&settings).unwrap();
    let (at_client, _) = shake(&mut client, &mut server, usize::MAX);
    assert_eq!(
        failure(&at_client).received,
        Some(TlsAlert::HANDSHAKE_FAILURE)
    );
}

#[test]
fn bytes_that_are_not_tls_fail_with_a_reason() {
    for bytes in [
        &b"SSH-2.0-OpenSSH_9.2p1\r\n"[..],
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        &[0; 64],
    ] {
        let mut client = Client::new(&ClientHello::default()).unwrap();
        assert_eq!(client.step(), Progress::Handshaking);
        client.received(bytes);
        let said = [client.step()];
        assert!(!failure(&said).reason.is_empty());
        assert_eq!(failure(&said).received, None);
        assert_eq!(
            client.step(),
            said[0],
            "the end is told again, not forgotten"
        );
    }
}

#[test]
fn the_hello_carries_names_and_fits_its_size() {
    let hello = |groups| {
        let hello = ClientHello {
            server_name: Some("srv01.corp.example".to_owned()),
            groups,
            ..ClientHello::default()
        };
        let mut client = Client::new(&hello).unwrap();
        client.step();
        client.take_outgoing()
    };
    let classic = hello(Groups::Classic);
    assert!(
        classic
            .windows(18)
            .any(|bytes| bytes == b"srv01.corp.example")
    );
    assert!(classic.len() < 700, "{}", classic.len());
    assert!(hello(Groups::PostQuantum).len() > 1_300);
}

#[test]
fn an_unspeakable_version_is_refused() {
    assert!(Client::new(&only(TlsVersion::SSL3)).is_err());
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let mut identity = make("host", rsa(2048), None, (0, 30)).identity();
    identity.key = rsa(2048).private_key_to_der().unwrap();
    assert!(Server::new(&ServerSettings::of(identity)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn pieces_make_no_difference(piece in 1_usize..200, version in 0x0301_u16..=0x0304) {
        let mut client = Client::new(&only(TlsVersion(version))).unwrap();
        let mut server = Server::new(&settings()).unwrap();
        let (at_client, at_server) = shake(&mut client, &mut server, piece);
        prop_assert_eq!(up(&at_client).version, TlsVersion(version));
        prop_assert_eq!(up(&at_server).version, TlsVersion(version));
    }

    #[test]
    fn any_bytes_end_or_wait(bytes in proptest::collection::vec(any::<u8>(), 0..600), header in any::<bool>()) {
        let mut client = Client::new(&ClientHello::default()).unwrap();
        client.step();
        if header {
            client.received(&[22, 3, 3, 1, 0, 2, 0, 0]);
        }
        client.received(&bytes);
        prop_assert!(matches!(client.step(), Progress::Handshaking | Progress::Failed(_)));
    }
}

#[cfg(feature = "rustls")]
mod rustls {
    use super::*;

    fn shake(
        client: &mut tls::over_rustls::Client,
        server: &mut Server,
        piece: usize,
    ) -> Vec<Progress> {
        let mut said = vec![client.step()];
        server.step();
        loop {
            let from_client = client.take_outgoing();
            server.received(&from_client);
            server.step();
            let from_server = server.take_outgoing();
            for bytes in from_server.chunks(piece) {
                client.received(bytes);
                said.push(client.step());
            }
            if from_client.is_empty() && from_server.is_empty() {
                said.dedup();
                return said;
            }
        }
    }

    #[test]
    fn the_fallback_speaks_the_new_versions() {
        for (version, piece) in [(TlsVersion::TLS1_2, 7), (TlsVersion::TLS1_3, 4096)] {
            let settings = settings();
            let mut client = tls::over_rustls::Client::new(&only(version)).unwrap();
            let mut server = Server::new(&settings).unwrap();
            let said = shake(&mut client, &mut server, piece);
            assert_eq!(up(&said).version, version);
            assert_eq!(up(&said).certificates, settings.identity.chain);
            client.write_plain(b"hello");
            server.received(&client.take_outgoing());
            server.step();
            assert_eq!(server.take_plain(), b"hello");
            server.write_plain(b"there");
            server.close();
            client.received(&server.take_outgoing());
            assert_eq!(client.step(), Progress::Closed);
            assert_eq!(client.take_plain(), b"there");
        }
    }

    #[test]
    fn the_fallback_tells_alerts() {
        let settings = ServerSettings {
            highest: TlsVersion::TLS1_1,
            ..settings()
        };
        let hello = ClientHello {
            lowest: TlsVersion::TLS1_2,
            ..ClientHello::default()
        };
        let mut client = tls::over_rustls::Client::new(&hello).unwrap();
        let mut server = Server::new(&settings).unwrap();
        let said = shake(&mut client, &mut server, usize::MAX);
        assert_eq!(failure(&said).received, Some(TlsAlert::PROTOCOL_VERSION));
    }

    #[test]
    fn the_fallback_says_what_it_cannot_speak() {
        assert!(tls::over_rustls::Client::new(&only(TlsVersion::TLS1_0)).is_err());
    }
}
