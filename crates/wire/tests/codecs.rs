//! Each codec against its specification, against another implementation, and against itself.

use der::{Encode, Sequence, asn1::OctetString};
use hex_literal::hex;
use ironrdp_core::{decode, encode_vec};
use ironrdp_pdu::nego;
use ironrdp_pdu::x224::X224;
use model::codes::{CipherSuite, NegFailure, NegFlags, Protocols, TlsAlert, TlsVersion};
use model::{KeyKind, NtlmChallenge, Service, UnixSeconds};
use proptest::prelude::*;
use wire::credssp::{self, TsRequest};
use wire::tls::{self, AlertLevel, Content, Hello, ServerHello};
use wire::x224::{self, Answer, Reply};
use wire::{Read, certificate, ntlm, service};

// X.224

/// [MS-RDPBCGR] 4.1.1 and 4.1.2 hold these two messages.
#[test]
fn the_examples_of_the_specification_are_read() {
    let request = hex!(
        "03 00 00 2c 27 e0 00 00 00 00 00 43 6f 6f 6b 69 65 3a 20 6d 73 74 73 68 61 73 68 3d 65 6c"
        "74 6f 6e 73 0d 0a 01 00 08 00 00 00 00 00"
    );
    let read = x224::read_request(&request).whole().unwrap();
    assert_eq!(read.cookie.as_deref(), Some("eltons"));
    assert_eq!(read.offered, Some(Protocols::RDP));
    assert_eq!(
        x224::connection_request(Some(Protocols::RDP), Some("eltons")),
        request
    );

    let confirm = hex!("03 00 00 13 0e d0 00 00 12 34 00 02 00 08 00 00 00 00 00");
    let answer = Answer::Chosen {
        protocols: Protocols::RDP,
        flags: NegFlags(0),
    };
    assert_eq!(
        x224::read_confirm(&confirm),
        Read::Whole {
            value: Reply::Confirm(answer),
            used: confirm.len()
        }
    );
    assert_eq!(x224::connection_confirm(answer), confirm);
}

#[test]
fn a_request_without_negotiation_and_a_routing_token() {
    assert_eq!(
        x224::connection_request(None, None),
        hex!("0300000b 06 e0 0000 0000 00")
    );
    let token = b"Cookie: msts=3640205228.15629.0000\r\n";
    let mut message = vec![3, 0, 0, 0, 0, 0xE0, 0, 0, 0, 0, 0];
    message.extend(token);
    message.extend(hex!("01 08 0800 03000000"));
    message.extend(hex!("06 00 2400 00112233445566778899aabbccddeeff"));
    message.extend([0; 16]);
    message[3] = u8::try_from(message.len()).unwrap();
    message[4] = message[3] - 5;
    let read = x224::read_request(&message).whole().unwrap();
    assert_eq!(
        read.routing_token.as_deref(),
        Some("Cookie: msts=3640205228.15629.0000")
    );
    assert_eq!(read.cookie, None);
    assert_eq!(read.offered, Some(Protocols::TLS | Protocols::HYBRID));
    assert_eq!(
        read.correlation,
        Some(hex!("00112233445566778899aabbccddeeff"))
    );
}

#[test]
fn odd_confirms_are_told_apart() {
    let reply = |bytes: &[u8]| x224::read_confirm(bytes).whole();
    assert_eq!(
        reply(&hex!("0300000b 06 d0 0000 1234 00")),
        Some(Reply::Confirm(Answer::Plain))
    );
    // Extra bytes behind the negotiation, and a wrong length inside it.
    let chosen = Answer::Chosen {
        protocols: Protocols::HYBRID,
        flags: NegFlags(0x1F),
    };
    assert_eq!(
        reply(&hex!(
            "03000016 11 d0 0000 1234 00 02 1f 0900 02000000 aabbcc"
        )),
        Some(Reply::Confirm(chosen))
    );
    assert_eq!(
        reply(&hex!("03000013 0e d0 0000 1234 00 07 00 0800 02000000")),
        Some(Reply::Strange)
    );
    assert_eq!(
        reply(&hex!("0300000d 08 d0 0000 1234 00 02 00")),
        Some(Reply::Strange)
    );
    assert_eq!(
        reply(&hex!("0300000b 06 80 0000 1234 03")),
        Some(Reply::Disconnected(3))
    );
    assert_eq!(
        reply(&hex!("0300000b 06 70 0000 02 0000")),
        Some(Reply::Rejected(2))
    );
    assert_eq!(reply(&hex!("03000007 02 f0 80")), Some(Reply::Other(0xF0)));
    assert_eq!(x224::read_confirm(&hex!("03000003")), Read::Not);
    assert_eq!(x224::read_confirm(b"SSH-2.0"), Read::Not);
    assert_eq!(x224::read_confirm(&hex!("030000")), Read::Partial);
}

proptest! {
    #[test]
    fn requests_agree_with_ironrdp(protocols in 0_u32..0x20, cookie in "[a-zA-Z0-9]{1,9}") {
        let protocols = Protocols(protocols & !0x04);
        let ours = x224::connection_request(Some(protocols), Some(&cookie));
        let theirs: X224<nego::ConnectionRequest> = decode(&ours).unwrap();
        prop_assert_eq!(theirs.0.protocol.bits(), protocols.0);
        prop_assert_eq!(&theirs.0.nego_data, &Some(nego::NegoRequestData::cookie(cookie.clone())));
        let read = x224::read_request(&encode_vec(&theirs).unwrap()).whole().unwrap();
        prop_assert_eq!(read.offered, Some(protocols));
        prop_assert_eq!(read.cookie, Some(cookie));
    }

    #[test]
    fn confirms_agree_with_ironrdp(refused in any::<bool>(), value in 0_u32..7) {
        let answer = if refused {
            Answer::Refused(NegFailure(value))
        } else {
            Answer::Chosen { protocols: Protocols(value & 3), flags: NegFlags(1) }
        };
        let theirs: X224<nego::ConnectionConfirm> = decode(&x224::connection_confirm(answer)).unwrap();
        let again = encode_vec(&theirs).unwrap();
        prop_assert_eq!(x224::read_confirm(&again).whole(), Some(Reply::Confirm(answer)));
    }
}

// Services

#[test]
fn services_are_recognised() {
    let table: &[(&[u8], Option<Service>)] = &[
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", Some(Service::Ssh)),
        (
            b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n",
            Some(Service::Http),
        ),
        (
            b"<html>\r\n<head><title>400 Bad Request",
            Some(Service::Http),
        ),
        (b"RFB 003.008\n", Some(Service::Vnc)),
        (
            b"220 mail.example.test ESMTP Postfix\r\n",
            Some(Service::Smtp),
        ),
        (b"220 (vsFTPd 3.0.3)\r\n", Some(Service::Ftp)),
        (b"220 ready\r\n", None),
        (&[0xFF, 0xFD, 0x18, 0xFF, 0xFD, 0x20], Some(Service::Telnet)),
        (&hex!("00000055 ff534d42 72"), Some(Service::Smb)),
        (&hex!("8300000180"), Some(Service::Smb)),
        (&hex!("83000001 8f"), Some(Service::Smb)),
        (&hex!("15 0303 0002 02 46"), Some(Service::Tls)),
        (&hex!("15 0301 ffff 02 46"), None),
        // An S7 controller answers with the selectors it was or was not asked for.
        (
            &hex!("03000016 11 d0 0001 0002 00 c0 01 0a c1 02 0100"),
            Some(Service::OtherX224),
        ),
        (
            &hex!("03000013 0e d0 0000 1234 00 02 00 0800 01000000"),
            None,
        ),
        (b"", None),
        (b"\x00\x01garbage", None),
    ];
    for (bytes, service) in table {
        assert_eq!(
            service::recognise(bytes),
            *service,
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

// TLS

#[test]
fn alerts_go_both_ways() {
    let bytes = tls::alert(AlertLevel::Fatal, TlsAlert::PROTOCOL_VERSION);
    assert_eq!(bytes, hex!("15 0303 0002 02 46"));
    let record = tls::read_record(&bytes).whole().unwrap();
    assert_eq!(record.content, Content::Alert);
    assert_eq!(
        tls::read_alert(record.body),
        Some((AlertLevel::Fatal, TlsAlert::PROTOCOL_VERSION))
    );
    assert_eq!(tls::read_alert(&[0; 19]), None);
}

fn hello_of(bytes: &[u8]) -> tls::ClientHello {
    let record = tls::read_record(bytes).whole().expect("whole");
    let message = tls::read_handshake(record.body, 1 << 17)
        .whole()
        .expect("whole");
    assert_eq!(message.kind, tls::handshake::CLIENT_HELLO);
    tls::read_client_hello(message.body, record.version).expect("whole")
}

proptest! {
    #[test]
    fn a_survey_hello_says_what_it_was_given(
        versions in prop::sample::select(vec![(1, 1), (1, 3), (3, 3), (1, 4), (3, 4), (4, 4)]),
        suites in prop::collection::vec(0x0001_u16..0x00FF, 1..40),
        groups in prop::collection::vec(0x0001_u16..0x0100, 0..9),
        server_name in prop::option::of("[a-z]{1,60}"),
        padded_to in prop::option::of(200_usize..5000),
    ) {
        let (lowest, highest) = (TlsVersion(0x0300 + versions.0), TlsVersion(0x0300 + versions.1));
        let hello = Hello {
            lowest, highest, groups, server_name, padded_to,
            suites: suites.into_iter().map(CipherSuite).collect(),
            survey: Default::default(),
        };
        let bytes = hello.encode();
        prop_assert_eq!(&bytes[..3], &[0x16, 3, 1]);
        let read = hello_of(&bytes);
        prop_assert_eq!(read.highest, highest);
        if highest == TlsVersion::TLS1_3 {
            prop_assert_eq!(read.lowest, lowest);
        }
        prop_assert_eq!(&read.suites[..hello.suites.len()], &hello.suites[..]);
        prop_assert_eq!(read.groups, hello.groups.clone());
        prop_assert_eq!(&read.server_name, &hello.server_name);
        if let Some(wanted) = padded_to {
            let bare = Hello { padded_to: None, ..hello }.encode().len();
            prop_assert_eq!(bytes.len(), if wanted >= bare + 4 { wanted } else { bare });
        }
    }

    #[test]
    fn server_hellos_go_both_ways(
        minor in 0_u16..5, suite in any::<u16>(), retry in any::<bool>(), random in any::<[u8; 32]>(),
    ) {
        let hello = ServerHello { version: TlsVersion(0x0300 + minor), suite: CipherSuite(suite), retry };
        prop_assert_eq!(tls::read_server_hello(&tls::server_hello(hello, random)), Some(hello));
    }

    #[test]
    fn certificate_lists_go_both_ways(list in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 0..4)) {
        let body = tls::certificates(&list);
        let read = tls::read_certificates(&body).unwrap();
        prop_assert_eq!(read, list.iter().map(Vec::as_slice).collect::<Vec<_>>());
    }
}

#[test]
fn a_certificate_request_is_read() {
    let body = hex!("03 01 02 40 0004 0403 0401 0007 0005 30 03 31 01 00");
    let read = tls::read_certificate_request(&body, TlsVersion::TLS1_2).unwrap();
    assert_eq!((read.types, read.authorities), (vec![1, 2, 64], 1));
    let body = hex!("02 01 02 0000");
    let read = tls::read_certificate_request(&body, TlsVersion::TLS1_0).unwrap();
    assert_eq!((read.types, read.authorities), (vec![1, 2], 0));
}

// Certificates

#[test]
fn everything_about_a_certificate_is_read() {
    let read = certificate::read(include_bytes!("files/rsa-san-eku.der"), 2).unwrap();
    assert_eq!(read.subject, "DC=test, DC=example, CN=host.example.test");
    assert_eq!(read.common_name.as_deref(), Some("host.example.test"));
    assert_eq!(read.issuer, read.subject);
    assert!(read.self_signed);
    assert_eq!(read.serial, "7233cad62057a827c9de8bb965e72737ff5f32ae");
    assert_eq!(read.dns_names, ["host.example.test", "*.example.test"]);
    let addresses: Vec<String> = read.addresses.iter().map(ToString::to_string).collect();
    assert_eq!(addresses, ["192.0.2.7", "2001:db8::7"]);
    assert_eq!(read.not_before, UnixSeconds(1_795_245_905));
    assert_eq!(read.not_before.days_until(read.not_after), 365);
    assert_eq!((read.key, read.key_bits), (KeyKind::Rsa, 2048));
    assert_eq!(
        (read.signature.as_str(), read.weak_signature),
        ("sha256WithRSAEncryption", false)
    );
    assert_eq!(
        read.extended_key_usage,
        [
            "server-authentication",
            "remote-desktop-authentication",
            "1.2.3.4"
        ]
    );
    assert_eq!((read.signs, read.enciphers), (Some(true), Some(true)));
    assert!(!read.is_authority);
    assert_eq!(
        read.sha1,
        "e46631128 3 1d6861308a5acb1a7ef89f2e7ad1e7".replace(' ', "")
    );
    assert_eq!(read.sha256.len(), 64);
    assert_eq!(read.chain, 2);
}

#[test]
fn keys_and_signatures_of_every_kind_are_read() {
    let old = certificate::read(include_bytes!("files/rsa-1024-sha1.der"), 0).unwrap();
    assert_eq!(
        (old.key, old.key_bits, old.weak_signature),
        (KeyKind::Rsa, 1024, true)
    );
    assert_eq!(
        (old.signs, old.enciphers, old.is_authority),
        (Some(false), Some(true), true)
    );
    assert!(old.extended_key_usage.is_empty());
    let ec = certificate::read(include_bytes!("files/ec-p521.der"), 0).unwrap();
    assert_eq!(
        (ec.key, ec.key_bits, ec.weak_signature),
        (KeyKind::Ec, 521, false)
    );
    assert_eq!(ec.subject, "CN=ec.example.test, O=Example");
    let edwards = certificate::read(include_bytes!("files/ed25519.der"), 0).unwrap();
    assert_eq!((edwards.key, edwards.key_bits), (KeyKind::Edwards, 256));
    assert_eq!(edwards.common_name, None);
    let pss = certificate::read(include_bytes!("files/pss-sha256.der"), 0).unwrap();
    assert_eq!(pss.signature, "RSASSA-PSS with SHA-256");
    assert_eq!(
        (pss.key, pss.weak_signature),
        (KeyKind::Other("1.2.840.113549.1.1.10".into()), false)
    );
    assert_eq!(certificate::read(b"junk", 0), None);
}

// CredSSP

/// TSRequest as [MS-CSSP] 2.2.1 writes it, for the `der` crate.
#[derive(Sequence)]
struct Oracle {
    #[asn1(context_specific = "0")]
    version: u32,
    #[asn1(context_specific = "1", optional = "true")]
    tokens: Option<Vec<OracleToken>>,
    #[asn1(context_specific = "2", optional = "true")]
    auth_info: Option<OctetString>,
    #[asn1(context_specific = "3", optional = "true")]
    pub_key_auth: Option<OctetString>,
    #[asn1(context_specific = "4", optional = "true")]
    error_code: Option<i32>,
    #[asn1(context_specific = "5", optional = "true")]
    client_nonce: Option<OctetString>,
}

#[derive(Sequence)]
struct OracleToken {
    #[asn1(context_specific = "0")]
    token: OctetString,
}

fn octets() -> impl Strategy<Value = Option<Vec<u8>>> {
    prop::option::of(prop::collection::vec(any::<u8>(), 0..400))
}

proptest! {
    #[test]
    fn ts_requests_agree_with_the_encoding_rules(
        version in 0_u32..300, nego_token in octets(), auth_info in octets(), pub_key_auth in octets(),
        error_code in prop::option::of(any::<u32>()), client_nonce in octets(), cut in any::<prop::sample::Index>(),
    ) {
        let request = TsRequest { version, nego_token, auth_info, pub_key_auth, error_code, client_nonce };
        let octets = |bytes: &Option<Vec<u8>>| bytes.clone().map(|bytes| OctetString::new(bytes).unwrap());
        let oracle = Oracle {
            version,
            tokens: request.nego_token.clone().map(|token| vec![OracleToken { token: OctetString::new(token).unwrap() }]),
            auth_info: octets(&request.auth_info),
            pub_key_auth: octets(&request.pub_key_auth),
            error_code: request.error_code.map(u32::cast_signed),
            client_nonce: octets(&request.client_nonce),
        };
        let theirs = oracle.to_der().unwrap();
        prop_assert_eq!(credssp::missing(&theirs), Some(0));
        prop_assert_eq!(credssp::read(&theirs), Read::Whole { value: request.clone(), used: theirs.len() });
        let ours = request.encode();
        prop_assert_eq!(credssp::read(&ours), Read::Whole { value: request, used: ours.len() });
        let cut = cut.index(theirs.len());
        prop_assert_eq!(credssp::read(&theirs[..cut]), Read::Partial);
        let missing = credssp::missing(&theirs[..cut]).unwrap();
        prop_assert!(missing >= 1 && missing <= theirs.len() - cut);
    }
}

#[test]
fn long_lengths_and_several_tokens_are_read() {
    // Every length in four bytes, two tokens, a field nobody knows.
    let request = hex!(
        "3084 00000030"
        "a084 00000003 0201 06"
        "a184 0000001b 3084 00000015 3009 a084 00000003 0401 41 3006 a004 0402 4242"
        "a903 0201 07"
    );
    let mut request = request.to_vec();
    request[5] = u8::try_from(request.len() - 6).unwrap();
    request[20] = 0x1B;
    let read = credssp::read(&request).whole().unwrap();
    assert_eq!(read, TsRequest::with_token(6, b"A".to_vec()));
    assert_eq!(credssp::read(&hex!("3080 a003 0201 06 0000")), Read::Not);
    assert_eq!(credssp::read(b"HTTP/1.1"), Read::Not);
    assert_eq!(credssp::missing(&hex!("3084 7fffffff")), None);
}

#[test]
fn refusals_keep_their_number() {
    let bytes = TsRequest::with_error(6, 0xC000_006D).encode();
    assert_eq!(bytes, hex!("300d a003 020106 a406 0204 c000006d"));
    assert_eq!(
        credssp::read(&bytes).whole().unwrap().error_code,
        Some(0xC000_006D)
    );
}

// NTLM

/// The CHALLENGE_MESSAGE of [MS-NLMP] 4.2.4.3.
#[test]
fn the_challenge_of_the_specification_is_read() {
    let message = hex!(
        "4e544c4d53535000 02000000 0c000c00 38000000 33828ae2 0123456789abcdef 0000000000000000"
        "24002400 44000000 060070170000000f 530065007200760065007200"
        "02000c00 44006f006d00610069006e00 01000c00 530065007200760065007200 00000000"
    );
    let read = ntlm::read_challenge(&message).unwrap();
    let expected = NtlmChallenge {
        target: Some("Server".into()),
        netbios_computer: Some("Server".into()),
        netbios_domain: Some("Domain".into()),
        version: Some((6, 0, 6000)),
        flags: 0xE28A_8233,
        ..NtlmChallenge::default()
    };
    assert_eq!(read, expected);
    assert_eq!(
        ntlm::challenge(&expected, hex!("0123456789abcdef")),
        message
    );
    // Inside SPNEGO, it is found.
    let wrapped = [&hex!("a181 8830 8185 a003 0a0101")[..], &message].concat();
    assert_eq!(ntlm::read_challenge(&wrapped), Some(expected));
}

#[test]
fn the_other_kinds_are_recognised() {
    let negotiate = ntlm::negotiate();
    assert_eq!(negotiate.len(), 40);
    assert_eq!(ntlm::find(&negotiate).unwrap().0, ntlm::Kind::Negotiate);
    assert_eq!(ntlm::read_challenge(&negotiate), None);
    assert_eq!(
        ntlm::find(b"NTLMSSP\0\x03\0\0\0").unwrap().0,
        ntlm::Kind::Authenticate
    );
    assert_eq!(ntlm::find(b"\x60\x28\x06\x06+"), None);
}

proptest! {
    #[test]
    fn challenges_go_both_ways(
        names in prop::collection::vec(prop::option::of("[a-zA-Z.\u{e4}\u{4e2d}]{1,40}"), 6),
        version in prop::option::of((1_u8..20, any::<u8>(), any::<u16>())),
        clock in prop::option::of(0_i64..4_000_000_000),
    ) {
        let name = |at: usize| names[at].as_deref().map(model::HostName::from);
        let mut flags = 0x0080_0001;
        if version.is_some() { flags |= ntlm::NEGOTIATE_VERSION; }
        let challenge = NtlmChallenge {
            target: names[5].clone(),
            netbios_computer: name(0), netbios_domain: name(1), dns_computer: name(2),
            dns_domain: name(3), dns_forest: name(4),
            version, clock: clock.map(UnixSeconds), flags,
        };
        let bytes = ntlm::challenge(&challenge, [7; 8]);
        prop_assert_eq!(ntlm::read_challenge(&bytes), Some(challenge));
    }
}
