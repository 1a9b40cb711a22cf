//! Keys: TLS of a recorded connection is read with them as it was read live, whatever the version and suite,
//! and keys of another session open nothing.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

use std::sync::{Arc, Mutex};

use intake::capture::{Capture, Keys, Reader};
use model::codes::{NegFlags, NtStatus, Protocols, TlsVersion};
use model::{Ending, Fact, FactKind, Micros, Phase, Place, UnixSeconds};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509Builder, X509NameBuilder};
use tls::{Client, ClientHello, KeyLog, Progress, Server, ServerSettings};
use wire::credssp::TsRequest;
use wire::machine::{Seen, TlsUp};
use wire::watch::Watch;
use wire::x224::{self, Answer};

use crate::captures::{self, Script};

const NLA: Protocols = Protocols::HYBRID;

/// A session as it was lived: what went over the wire, what was said inside, and its keys.
struct Lived {
    script: Script,
    facts: Vec<(Place, Fact)>,
    keys: Vec<u8>,
}

fn identity(key: &PKey<Private>) -> tls::Identity {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "host").unwrap();
    let name = name.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder
        .set_serial_number(&BigNum::from_u32(7).unwrap().to_asn1_integer().unwrap())
        .unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder
        .set_not_before(&Asn1Time::days_from_now(0).unwrap())
        .unwrap();
    builder
        .set_not_after(&Asn1Time::days_from_now(30).unwrap())
        .unwrap();
    builder.set_pubkey(key).unwrap();
    builder.sign(key, MessageDigest::sha256()).unwrap();
    tls::Identity {
        chain: vec![builder.build().to_der().unwrap()],
        key: key.private_key_to_der().unwrap(),
    }
}

fn rsa() -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap()
}

fn ec() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

/// Lives a session in which the server refuses the logon, inside TLS.
fn live(identity: &tls::Identity, version: TlsVersion, ciphers: &str) -> Lived {
    let log = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&log);
    let mut settings = ServerSettings::of(identity.clone());
    settings.highest = version;
    settings.lowest = version;
    if version >= TlsVersion::TLS1_3 {
        settings.suites = Some(ciphers.to_owned());
    } else {
        settings.ciphers = format!("{ciphers}:@SECLEVEL=0");
    }
    settings.key_log = Some(KeyLog(Arc::new(move |line| {
        let mut lines = lines.lock().unwrap();
        lines.extend_from_slice(line.as_bytes());
        lines.push(b'\n');
    })));
    let mut server = Server::new(&settings).unwrap();
    let mut client = Client::new(&ClientHello::default()).unwrap();
    let mut watch = Watch::new(UnixSeconds(0));
    let mut facts = Vec::new();
    let now = Micros(0);
    let request = x224::connection_request(Some(NLA), None);
    let confirm = x224::connection_confirm(Answer::Chosen {
        protocols: NLA,
        flags: NegFlags(0),
    });
    watch.on(now, Seen::Opened, &mut facts);
    watch.on(now, Seen::Sent(&request), &mut facts);
    watch.on(now, Seen::Received(&confirm), &mut facts);
    let mut script = Script::opened(captures::CLIENT, captures::SERVER)
        .data(0, &request)
        .data(1, &confirm);
    let asks = TsRequest::with_token(6, wire::ntlm::negotiate()).encode();
    let refuses = TsRequest {
        version: 6,
        error_code: Some(NtStatus::STATUS_LOGON_FAILURE.0),
        ..TsRequest::default()
    };
    for _ in 0..20 {
        if let Progress::Up(up) = client.step() {
            let up = TlsUp {
                version: up.version,
                suite: up.suite,
                certificates: up.certificates,
            };
            client.write_plain(&asks);
            let sent = client.take_outgoing();
            // What a driver of a live look does: what was sent counts as sent before the session is up.
            watch.on(now, Seen::Sent(&sent), &mut facts);
            watch.on(now, Seen::TlsUp(up), &mut facts);
            watch.on(now, Seen::PlainSent(&asks), &mut facts);
            script = script.data(0, &sent);
            server.received(&sent);
        } else {
            let sent = client.take_outgoing();
            if !sent.is_empty() {
                watch.on(now, Seen::Sent(&sent), &mut facts);
                script = script.data(0, &sent);
                server.received(&sent);
            }
        }
        server.step();
        let mut answered = false;
        if server.take_plain() == asks {
            server.write_plain(&refuses.encode());
            answered = true;
        }
        let back = server.take_outgoing();
        if !back.is_empty() {
            watch.on(now, Seen::Received(&back), &mut facts);
            script = script.data(1, &back);
            client.received(&back);
        }
        if answered {
            let Progress::Open = client.step() else {
                panic!("the session does not open");
            };
            assert_eq!(client.take_plain(), refuses.encode());
            watch.on(now, Seen::PlainReceived(&refuses.encode()), &mut facts);
            break;
        }
    }
    watch.on(now, Seen::Ended(Ending::Closed), &mut facts);
    let keys = log.lock().unwrap().clone();
    Lived {
        script,
        facts,
        keys,
    }
}

fn read(bytes: &[u8], keys: Keys) -> Capture {
    let mut reader = Reader::default().with_keys(keys);
    // In pieces, so that records are cut everywhere.
    for piece in bytes.chunks(333) {
        reader.push(piece);
    }
    reader.finish("x")
}

fn keys_of(log: &[u8]) -> Keys {
    let keys = Keys::default();
    assert!(
        keys.take(log) > 0,
        "no key in {:?}",
        String::from_utf8_lossy(log)
    );
    keys
}

fn sorted(facts: Vec<(Place, Fact)>) -> Vec<String> {
    let mut told: Vec<String> = captures::timeless(facts)
        .into_iter()
        .map(|fact| format!("{fact:?}"))
        .collect();
    told.sort();
    told
}

/// Suites of every kind that is decrypted, by the name of OpenSSL; those of TLS 1.3 begin with `TLS_`, and those that
/// were there before TLS 1.2 are met there too.
const SUITES: [&str; 10] = [
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-RSA-AES256-SHA",
    "ECDHE-RSA-AES128-SHA256",
    "ECDHE-RSA-AES256-SHA384",
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
];

fn versions_of(suite: &str) -> &'static [TlsVersion] {
    if suite.starts_with("TLS_") {
        &[TlsVersion::TLS1_3]
    } else if suite.ends_with("-SHA") {
        &[TlsVersion::TLS1_2, TlsVersion::TLS1_1, TlsVersion::TLS1_0]
    } else {
        &[TlsVersion::TLS1_2]
    }
}

#[test]
fn decrypted_equals_live() {
    let identity = identity(&rsa());
    for suite in SUITES {
        for version in versions_of(suite) {
            let about = format!("{suite} in {version}");
            let lived = live(&identity, *version, suite);
            println!("{about}: {} packets", lived.script.sent.len());
            let capture = read(&captures::plain(&lived.script.sent), keys_of(&lived.keys));
            assert_eq!(capture.counts.decrypted, 1, "{about}");
            let mut captured = captures::facts(&capture);
            assert_eq!(captured.remove(0).1.kind(), FactKind::TcpOpened);
            assert_eq!(sorted(captured), sorted(lived.facts), "{about}");
            let refused = captures::facts(&capture)
                .into_iter()
                .any(|(place, fact)| place.phase == Phase::Authenticate && matches!(fact, Fact::CredSspRefused { error, .. } if error == NtStatus::STATUS_LOGON_FAILURE));
            assert!(refused, "{about}");
            assert_eq!(capture.damage, [], "{about}");
        }
    }
}

/// The certificate of TLS 1.3 goes encrypted: only keys show it.
#[test]
fn keys_show_the_certificate_of_tls13() {
    let lived = live(
        &identity(&ec()),
        TlsVersion::TLS1_3,
        "TLS_AES_128_GCM_SHA256",
    );
    let bytes = captures::plain(&lived.script.sent);
    let shows = |keys| captures::kinds(&read(&bytes, keys)).contains(&FactKind::CertificateSeen);
    assert!(!shows(Keys::default()));
    assert!(shows(keys_of(&lived.keys)));
}

#[test]
fn keys_of_another_session_open_nothing() {
    let identity = identity(&ec());
    let suite = "TLS_AES_128_GCM_SHA256";
    let lived = live(&identity, TlsVersion::TLS1_3, suite);
    let other = live(&identity, TlsVersion::TLS1_3, suite);
    let bytes = captures::plain(&lived.script.sent);
    let without = captures::facts(&read(&bytes, Keys::default()));
    // Keys of another session.
    let capture = read(&bytes, keys_of(&other.keys));
    assert_eq!(captures::facts(&capture), without);
    assert_eq!(capture.counts.keys_missing, 1);
    assert!(capture.damage[0].says.contains("not in the key log"));
    // Its random with the secrets of another.
    let text = |log: &[u8]| String::from_utf8(log.to_vec()).unwrap();
    let random = text(&lived.keys).split(' ').nth(1).unwrap().to_owned();
    let theirs = text(&other.keys).split(' ').nth(1).unwrap().to_owned();
    let forged = text(&other.keys).replace(&theirs, &random);
    let capture = read(&bytes, keys_of(forged.as_bytes()));
    assert_eq!(captures::facts(&capture), without);
    assert_eq!(capture.counts.keys_wrong, 1);
    assert!(
        capture.damage[0].says.contains("are not its own"),
        "{:?}",
        capture.damage
    );
}

#[test]
fn any_prefix_with_keys_is_calm() {
    let lived = live(
        &identity(&rsa()),
        TlsVersion::TLS1_2,
        "ECDHE-RSA-AES128-SHA256",
    );
    let bytes = captures::plain(&lived.script.sent);
    let keys = keys_of(&lived.keys);
    for end in (0..bytes.len()).step_by(7) {
        let capture = read(&bytes[..end], keys.clone());
        assert!(capture.counts.keys_wrong == 0, "{end}");
    }
    // A bit that fell over is damage, not another story.
    for at in (0..bytes.len()).step_by(61) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        let _ = read(&changed, keys.clone());
    }
}
