//! Laws over the whole catalogue, and over any evidence.

use std::collections::BTreeSet;

use diagnose::{CAUSES, REMEDIES, Side, diagnose};
use model::Evidence;

#[test]
fn ids_match_paths() {
    let mut seen = BTreeSet::new();
    for cause in CAUSES {
        assert!(seen.insert(cause.id), "{} twice", cause.id);
        assert!(
            cause.id.starts_with(&format!("{}.", cause.phase)),
            "{} is on another rung",
            cause.id
        );
    }
    for remedy in REMEDIES {
        assert!(seen.insert(remedy.id), "{} twice", remedy.id);
        let side = match remedy.side {
            Side::Client => "client",
            Side::Network => "network",
            Side::Server => "server",
            Side::Gateway => "gateway",
            Side::NameService => "name-service",
            Side::Domain => "domain",
        };
        assert!(remedy.id.starts_with(&format!("{side}.")), "{}", remedy.id);
    }
}

#[test]
fn the_catalogue_is_in_ladder_order() {
    assert!(CAUSES.is_sorted_by_key(|cause| cause.phase));
}

#[test]
fn every_cause_can_be_mended_and_no_weakening_comes_first() {
    for cause in CAUSES {
        assert!(!cause.remedies.is_empty(), "{}", cause.id);
        for (place, id) in cause.remedies.iter().enumerate() {
            let remedy = diagnose::remedy(id).unwrap_or_else(|| panic!("{}: no {id}", cause.id));
            assert!(place > 0 || remedy.weakens.is_none(), "{}: {id}", cause.id);
        }
    }
}

#[test]
fn every_remedy_mends_something() {
    let used: BTreeSet<&str> = CAUSES
        .iter()
        .flat_map(|c| c.remedies.iter().copied())
        .collect();
    for remedy in REMEDIES {
        assert!(used.contains(remedy.id), "{} mends nothing", remedy.id);
    }
}

#[test]
fn roots_are_acyclic() {
    fn walk(id: &str, above: &mut Vec<String>) {
        assert!(!above.iter().any(|seen| seen == id), "{above:?} and {id}");
        let cause = diagnose::cause(id).unwrap_or_else(|| panic!("no cause {id}"));
        above.push(id.to_owned());
        for root in cause.roots {
            walk(root, above);
        }
        above.pop();
    }
    for cause in CAUSES {
        walk(cause.id, &mut Vec::new());
    }
}

#[test]
fn every_record_is_whole() {
    for cause in CAUSES {
        assert!(cause.prior <= 0, "{}", cause.id);
        assert!(
            !cause.title.is_empty() && !cause.title.ends_with('.'),
            "{}",
            cause.id
        );
        assert!(cause.page.contains("# What the user sees"), "{}", cause.id);
        assert!(
            cause.page.contains("# How to tell it from its neighbours"),
            "{}",
            cause.id
        );
        assert!(cause.page.contains("# Who mends it"), "{}", cause.id);
        assert!(
            cause
                .clues
                .iter()
                .any(|clue| clue.weight > diagnose::Weight::None)
                || !cause.topics.is_empty(),
            "{}: nothing speaks for it",
            cause.id
        );
        for clue in cause.clues {
            assert!(
                !clue.says.is_empty() && !clue.denies.is_empty(),
                "{}",
                cause.id
            );
            assert!(!clue.reads.is_empty(), "{}", cause.id);
        }
    }
}

/// The families of root causes: the layer's own words, shared with the reports people collect.
const FAMILIES: &[&str] = &[
    "dns-failure",
    "host-unhealthy",
    "nic-or-ip-misconfig",
    "route-or-vpn-down",
    "perimeter-firewall",
    "host-firewall",
    "ip-banned",
    "security-software",
    "client-os-network-permission",
    "mtu-blackhole",
    "middlebox-reset",
    "proxy-misroute",
    "udp-transport-broken",
    "rdp-disabled-or-edition",
    "termservice-down",
    "listener-broken",
    "port-changed-or-conflict",
    "wrong-service-on-port",
    "connection-limit",
    "server-app-misconfig",
    "security-layer-mismatch",
    "nla-required-client-cannot",
    "rdp-cert-stale",
    "machinekeys-acl",
    "cert-key-unusable",
    "linux-tls-key-unreadable",
    "tls-version-cipher",
    "security-policy-hardening",
    "cert-untrusted-or-mismatch",
    "client-cert-prompt-reconnect",
    "credssp-oracle",
    "nla-kerberos-path",
    "clock-skew",
    "ntlm-crypto-unavailable",
    "duplicate-sid",
    "account-or-right-denied",
    "entra-auth",
    "rds-license-missing",
    "client-license-cache",
    "session-broker-redirect",
    "session-backend-failed",
    "gateway-cert",
    "gateway-transport",
    "gateway-policy",
    "gateway-target-unreachable",
    "client-bug",
    "client-config",
    "client-cache-stale",
    "windows-update-regression",
];

#[test]
fn every_family_is_known() {
    for cause in CAUSES {
        assert!(
            FAMILIES.contains(&cause.family),
            "{}: {}",
            cause.id,
            cause.family
        );
    }
}

#[test]
fn every_family_has_a_cause() {
    for family in FAMILIES {
        assert!(
            CAUSES.iter().any(|cause| cause.family == *family),
            "no cause of {family}"
        );
    }
}

/// What is printed of a diagnosis, without the places of the observations in the evidence.
fn printed(evidence: &Evidence) -> String {
    let diagnosis = diagnose(evidence);
    let mut text = format!(
        "{:?} {:?} {:?}\n",
        diagnosis.outcome, diagnosis.reached, diagnosis.stopped_at
    );
    for rung in &diagnosis.rungs {
        text += &format!("{rung:?}\n");
    }
    for finding in &diagnosis.findings {
        text += &format!(
            "{} {:?} {} {:.6}\n",
            finding.cause.id, finding.verdict, finding.weight_db, finding.probability
        );
        for reason in finding.because.iter().chain(&finding.despite) {
            text += &format!("  {} {}\n", reason.weight_db, reason.says);
        }
    }
    text + &format!("{:?}\n", diagnosis.leads)
}

mod any {
    use super::*;
    use std::net::SocketAddr;

    use model::codes::{
        CipherSuite, IcmpError, NegFailure, NegFlags, NtStatus, Protocols, TlsAlert, TlsVersion,
    };
    use model::{
        Bytes, Ending, Fact, Intent, Message, Micros, NameFailure, NtlmChallenge, Phase, Resolver,
        Service, Trust, UnixSeconds,
    };
    use proptest::prelude::*;
    use proptest::sample::select;

    use crate::build::*;

    fn socket() -> impl Strategy<Value = SocketAddr> {
        select(vec![
            "10.0.0.1:3389",
            "10.0.0.2:3389",
            "[fd00::1]:3389",
            "10.0.0.1:445",
            "203.0.113.9:3389",
        ])
        .prop_map(|text| text.parse().unwrap())
    }

    /// Bytes without the marks by which an unfilled sentence is known.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(
            any::<u8>().prop_filter("a mark", |b| !b"{?".contains(b)),
            0..40,
        )
    }

    fn micros() -> impl Strategy<Value = Micros> {
        prop_oneof![Just(0), 0..2_000_u64, 0..10_000_000_u64, any::<u64>()].prop_map(Micros)
    }

    fn protocols() -> impl Strategy<Value = Protocols> {
        prop_oneof![select(vec![0, 1, 2, 3, 8, 11]), any::<u32>()].prop_map(Protocols)
    }

    fn message() -> impl Strategy<Value = Message> {
        select(vec![
            Message::TcpHandshake,
            Message::ConnectionRequest,
            Message::ConnectionConfirm,
            Message::ClientHello,
            Message::ServerHello,
            Message::Certificate,
            Message::ServerHelloDone,
            Message::ClientFinished,
            Message::ServerFinished,
            Message::CredSspNegotiate,
            Message::CredSspChallenge,
            Message::CredSspAuthenticate,
            Message::CredSspCredentials,
            Message::McsConnectInitial,
            Message::McsConnectResponse,
            Message::ChannelJoin,
            Message::ClientInformation,
            Message::LicenseResponse,
            Message::LicenseDone,
            Message::ConfirmActive,
            Message::FontMap,
            Message::SessionData,
        ])
    }

    fn fact() -> impl Strategy<Value = Fact> {
        let ending = select(vec![
            Ending::Closed,
            Ending::Reset,
            Ending::Silence,
            Ending::Unreachable,
        ]);
        prop_oneof![
            (socket(), micros()).prop_map(|(to, took)| Fact::TcpOpened { to, took }),
            (socket(), micros()).prop_map(|(to, took)| Fact::TcpRefused { to, took }),
            (socket(), micros()).prop_map(|(to, waited)| Fact::TcpSilent { to, waited }),
            (socket(), any::<bool>())
                .prop_map(|(to, opened)| Fact::OtherPortAnswered { to, opened }),
            (socket(), any::<bool>(), any::<u8>(), any::<u8>(), micros()).prop_map(
                |(to, v6, kind, code, took)| {
                    Fact::TcpUnreachable {
                        to,
                        icmp: Some(IcmpError {
                            v6,
                            kind: kind % 12,
                            code: code % 16,
                            from: Some(to.ip()),
                        }),
                        os_error: 0,
                        took,
                    }
                }
            ),
            (
                select(vec![
                    NameFailure::NoSuchName,
                    NameFailure::Timeout,
                    NameFailure::Malformed
                ]),
                micros()
            )
                .prop_map(|(why, took)| {
                    Fact::NameNotResolved {
                        name: "a".into(),
                        why,
                        via: Resolver::System,
                        took,
                    }
                }),
            (prop::collection::vec(socket(), 0..3), micros()).prop_map(|(sockets, took)| {
                Fact::NameResolved {
                    name: "a".into(),
                    addresses: sockets.iter().map(SocketAddr::ip).collect(),
                    via: Resolver::System,
                    took,
                }
            }),
            (protocols(), protocols()).prop_map(|(offered, chosen)| Fact::NegotiationChosen {
                offered: Some(offered),
                chosen,
                flags: NegFlags(0)
            }),
            (protocols(), any::<u32>()).prop_map(|(offered, code)| Fact::NegotiationRefused {
                offered: Some(offered),
                code: NegFailure(code % 9)
            }),
            protocols().prop_map(|offered| Fact::NegotiationPlain {
                offered: Some(offered)
            }),
            (
                select(vec![
                    Service::Ssh,
                    Service::Http,
                    Service::Tls,
                    Service::Unknown
                ]),
                bytes()
            )
                .prop_map(|(service, bytes)| {
                    Fact::OtherServiceAnswered {
                        service,
                        first_bytes: Bytes::first_of(&bytes),
                    }
                }),
            (message(), bytes()).prop_map(|(message, bytes)| Fact::Unreadable {
                message,
                first_bytes: Bytes::first_of(&bytes)
            }),
            (message(), micros(), micros(), any::<u32>()).prop_map(
                |(message, first, whole, pieces)| Fact::AnswerTook {
                    message,
                    first,
                    whole,
                    pieces
                }
            ),
            (any::<u16>(), any::<u32>()).prop_map(|(version, size)| Fact::TlsOffered {
                lowest: TlsVersion::TLS1_0,
                highest: TlsVersion(version),
                size
            }),
            (any::<u8>(), message()).prop_map(|(alert, after)| Fact::TlsAlerted {
                alert: TlsAlert(alert),
                after
            }),
            any::<u8>().prop_map(|alert| Fact::TlsRejected {
                alert: TlsAlert(alert),
                reason: "x".to_owned()
            }),
            (any::<u16>(), micros()).prop_map(|(version, took)| Fact::TlsEstablished {
                version: TlsVersion(version),
                suite: CipherSuite(0x0005),
                took
            }),
            bytes().prop_map(|bytes| Fact::NotTls {
                first_bytes: Bytes::first_of(&bytes)
            }),
            (any::<i64>(), any::<i64>(), any::<i64>(), any::<u32>()).prop_map(
                |(before, after, seen_at, key_bits)| {
                    let mut certificate = certificate("srv01");
                    certificate.not_before = UnixSeconds(before);
                    certificate.not_after = UnixSeconds(after);
                    certificate.key_bits = key_bits;
                    Fact::CertificateSeen {
                        certificate: Box::new(certificate),
                        seen_at: UnixSeconds(seen_at),
                    }
                }
            ),
            Just(Fact::CertificateTrust {
                trust: Trust::UnknownIssuer
            }),
            (any::<u32>(), any::<i64>(), any::<i64>()).prop_map(|(version, clock, seen_at)| {
                Fact::NtlmChallenged {
                    version,
                    challenge: NtlmChallenge {
                        clock: Some(UnixSeconds(clock)),
                        dns_computer: Some("b.c".into()),
                        ..NtlmChallenge::default()
                    },
                    seen_at: UnixSeconds(seen_at),
                }
            }),
            (any::<u32>(), any::<u32>(), any::<Option<bool>>()).prop_map(
                |(version, error, named)| Fact::CredSspRefused {
                    version,
                    error: NtStatus(error),
                    named
                }
            ),
            (message(), any::<u32>(), micros(), micros()).prop_map(|(after, bytes, over, idle)| {
                Fact::Trickled {
                    after,
                    bytes,
                    over,
                    idle,
                }
            }),
            (ending, message(), micros(), any::<u32>()).prop_map(
                |(how, after, waited, partial)| Fact::Ended {
                    how,
                    after,
                    waited,
                    partial
                }
            ),
        ]
    }

    prop_compose! {
        fn evidence()(facts in prop::collection::vec((0..4_u32, fact()), 0..14), named in any::<bool>()) -> Evidence {
            let mut evidence = case(if named { "srv01.corp.example" } else { "10.0.0.1" })
                .look(0, Intent::AsClient)
                .look(1, Intent::AsClient)
                .look(2, Intent::Contrast);
            for (look, fact) in facts {
                evidence = evidence.tell(look, Phase::Secure, fact);
                if let Some(seen) = evidence.seen.last_mut() {
                    seen.place = None;
                }
            }
            evidence
        }
    }

    proptest! {
        #[test]
        fn same_evidence_same_diagnosis(evidence in evidence(), turn in any::<prop::sample::Index>()) {
            let mut turned = evidence.clone();
            if !turned.seen.is_empty() {
                let by = turn.index(turned.seen.len());
                turned.seen.rotate_left(by);
            }
            prop_assert_eq!(printed(&evidence), printed(&turned));
        }

        #[test]
        fn no_verdict_from_nothing(evidence in evidence()) {
            let diagnosis = diagnose(&evidence);
            let mut blocking = 0.0;
            for finding in &diagnosis.findings {
                prop_assert!(!finding.because.is_empty(), "{}", finding.cause.id);
                prop_assert!(finding.weight_db > 0, "{}", finding.cause.id);
                prop_assert!(finding.probability < 1.0 && finding.probability > 0.0, "{}", finding.cause.id);
                if finding.severity == diagnose::Severity::Blocking {
                    blocking += finding.probability;
                }
                for reason in finding.because.iter().chain(&finding.despite) {
                    prop_assert!(reason.evidence < evidence.seen.len());
                    prop_assert!(!reason.says.contains('{') && !reason.says.contains('?'), "{}: {}", finding.cause.id, reason.says);
                }
                let cited: BTreeSet<usize> = finding.because.iter().chain(&finding.despite).map(|r| r.evidence).collect();
                prop_assert_eq!(cited.len(), finding.because.len() + finding.despite.len(), "cited once: {}", finding.cause.id);
            }
            prop_assert!(blocking < 1.0);
        }
    }
}
