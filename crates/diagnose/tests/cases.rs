//! What is concluded from evidence made by hand, rung by rung.

use diagnose::{Diagnosis, Outcome, Verdict, diagnose};
use model::codes::{IcmpError, NegFailure, Protocols, TlsVersion};
use model::{Ending, Evidence, Fact, Intent, Message, Micros, NameFailure, Phase, Resolver};

use crate::build::*;

fn story(diagnosis: &Diagnosis) -> String {
    let mut text = format!("{:?}\n", diagnosis.outcome);
    for rung in &diagnosis.rungs {
        text += &format!("{} {:?}: {}\n", rung.place, rung.outcome, rung.says);
    }
    for finding in &diagnosis.findings {
        text += &format!(
            "{} {:?} {:?} {} dB {:.3}\n",
            finding.cause.id,
            finding.severity,
            finding.verdict,
            finding.weight_db,
            finding.probability
        );
        for reason in finding.because.iter().chain(&finding.despite) {
            text += &format!("    {} {}\n", reason.weight_db, reason.says);
        }
    }
    text
}

/// The outcome, and the causes found, most probable first.
fn check(
    evidence: &Evidence,
    outcome: Outcome,
    stopped_at: Option<Phase>,
    top: &[&str],
) -> Diagnosis {
    let diagnosis = diagnose(evidence);
    let found: Vec<&str> = diagnosis.findings.iter().map(|f| f.cause.id).collect();
    assert_eq!(
        (
            diagnosis.outcome,
            diagnosis.stopped_at.map(|place| place.phase)
        ),
        (outcome, stopped_at),
        "{}",
        story(&diagnosis)
    );
    assert!(
        found.starts_with(top) && (!top.is_empty() || found.is_empty()),
        "{top:?} expected, {}",
        story(&diagnosis)
    );
    diagnosis
}

fn healthy(host: &str) -> Evidence {
    case(host)
        .look(1, Intent::AsClient)
        .resolved(&["10.20.1.15"])
        .opened(1, "10.20.1.15")
        .chosen(1, OFFER, Protocols::HYBRID_EX)
        .tls(1, TlsVersion::TLS1_3, certificate("SRV01.corp.example"))
        .challenged(1, "SRV01.corp.example")
}

#[test]
fn healthy_is_healthy() {
    check(&healthy("srv01.corp.example"), Outcome::Healthy, None, &[]);
    check(&healthy("srv01"), Outcome::Healthy, None, &[]);
}

#[test]
fn a_server_without_nla_is_healthy() {
    let evidence = case("10.0.0.7")
        .look(1, Intent::AsClient)
        .tell(
            0,
            Phase::Resolve,
            Fact::AddressGiven {
                address: "10.0.0.7".parse().unwrap(),
            },
        )
        .opened(1, "10.0.0.7")
        .chosen(1, OFFER, Protocols::TLS)
        .tls(1, TlsVersion::TLS1_2, certificate("debian"));
    check(&evidence, Outcome::Healthy, None, &[]);
}

#[test]
fn a_refused_contrast_is_no_fault() {
    let evidence = healthy("srv01.corp.example")
        .look(2, Intent::Contrast)
        .opened(2, "10.20.1.15")
        .refused(2, Protocols::TLS, NegFailure::HYBRID_REQUIRED_BY_SERVER);
    let diagnosis = check(&evidence, Outcome::Healthy, None, &[]);
    let negotiate = diagnosis
        .rungs
        .iter()
        .find(|rung| rung.place.phase == Phase::Negotiate)
        .unwrap();
    assert_eq!(negotiate.says, "NLA; NLA is required");
}

#[test]
fn no_such_name() {
    let evidence = case("srv09.corp.example").tell(
        0,
        Phase::Resolve,
        Fact::NameNotResolved {
            name: "srv09.corp.example".into(),
            why: NameFailure::NoSuchName,
            via: Resolver::System,
            took: Micros::from_millis(9),
        },
    );
    let diagnosis = check(
        &evidence,
        Outcome::Failing,
        Some(Phase::Resolve),
        &["resolve.no-such-name"],
    );
    assert_eq!(diagnosis.findings[0].verdict, Verdict::Proven);
}

#[test]
fn nothing_listens() {
    let evidence = case("srv01").resolved(&["10.20.1.15"]).tell(
        1,
        Phase::Tcp,
        Fact::TcpRefused {
            to: at("10.20.1.15"),
            took: Micros::from_millis(1),
        },
    );
    let diagnosis = check(
        &evidence,
        Outcome::Failing,
        Some(Phase::Tcp),
        &["tcp.service-stopped", "tcp.remote-desktop-off"],
    );
    assert!(diagnosis.findings[0].probability < 0.6);
    assert!(!diagnosis.leads.is_empty());
}

#[test]
fn silence_with_and_without_another_answer() {
    let silent = || {
        case("srv01").resolved(&["10.20.1.15"]).tell(
            1,
            Phase::Tcp,
            Fact::TcpSilent {
                to: at("10.20.1.15"),
                waited: Micros::from_secs(4),
            },
        )
    };
    check(
        &silent(),
        Outcome::Failing,
        Some(Phase::Reach),
        &["reach.host-silent"],
    );
    check(
        &silent().tell(
            2,
            Phase::Reach,
            Fact::OtherPortAnswered {
                to: "10.20.1.15:445".parse().unwrap(),
                opened: false,
            },
        ),
        Outcome::Failing,
        Some(Phase::Tcp),
        &["tcp.filtered-on-the-host", "tcp.filtered-on-the-way"],
    );
}

#[test]
fn a_router_that_forbids() {
    let evidence = case("srv01").resolved(&["10.20.1.15"]).tell(
        1,
        Phase::Tcp,
        Fact::TcpUnreachable {
            to: at("10.20.1.15"),
            icmp: Some(IcmpError {
                v6: false,
                kind: 3,
                code: 13,
                from: Some("10.20.0.1".parse().unwrap()),
            }),
            os_error: 113,
            took: Micros::from_millis(2),
        },
    );
    check(
        &evidence,
        Outcome::Failing,
        Some(Phase::Tcp),
        &["reach.filter-prohibits"],
    );
}

#[test]
fn one_dead_address_of_two() {
    let evidence = healthy("srv01.corp.example").tell(
        2,
        Phase::Tcp,
        Fact::TcpSilent {
            to: at("10.20.1.99"),
            waited: Micros::from_secs(4),
        },
    );
    check(
        &evidence,
        Outcome::Degraded,
        None,
        &["resolve.dead-address"],
    );
}

#[test]
fn every_refusal_is_named() {
    for (code, cause) in [
        (1, "negotiate.tls-refused-though-offered"),
        (2, "negotiate.tls-not-allowed"),
        (3, "negotiate.key-unreadable"),
        (4, "negotiate.flags-inconsistent"),
        (5, "negotiate.nla-required"),
        (6, "negotiate.client-certificate-required"),
        (77, "negotiate.refused-for-an-unknown-reason"),
    ] {
        let evidence = case("srv01")
            .look(1, Intent::AsClient)
            .resolved(&["10.20.1.15"])
            .opened(1, "10.20.1.15")
            .refused(1, Protocols::TLS, NegFailure(code))
            .ended(
                1,
                Phase::Negotiate,
                Ending::Closed,
                Message::ConnectionConfirm,
                1,
            );
        check(
            &evidence,
            Outcome::Failing,
            Some(Phase::Negotiate),
            &[cause],
        );
    }
}

#[test]
fn a_silent_forwarder_or_a_hanging_service() {
    let evidence = case("srv01")
        .look(1, Intent::AsClient)
        .resolved(&["10.20.1.15"])
        .opened(1, "10.20.1.15")
        .ended(
            1,
            Phase::Negotiate,
            Ending::Silence,
            Message::ConnectionRequest,
            4000,
        );
    let diagnosis = check(
        &evidence,
        Outcome::Failing,
        Some(Phase::Negotiate),
        &[
            "negotiate.service-hangs",
            "negotiate.nothing-behind-the-forwarder",
        ],
    );
    assert!(
        diagnosis
            .findings
            .iter()
            .all(|finding| finding.verdict != Verdict::Proven && finding.probability < 0.6)
    );
}

#[test]
fn nothing_learned_is_unknown() {
    check(&case("srv01"), Outcome::Unknown, None, &[]);
    check(
        &case("srv01").resolved(&["10.20.1.15"]),
        Outcome::Unknown,
        None,
        &[],
    );
}

fn up_to_tls() -> Evidence {
    case("srv01.corp.example")
        .look(1, Intent::AsClient)
        .resolved(&["10.20.1.15"])
        .opened(1, "10.20.1.15")
        .chosen(1, OFFER, Protocols::HYBRID_EX)
}

#[test]
fn a_reset_at_the_client_hello() {
    let evidence =
        up_to_tls()
            .hello(1)
            .ended(1, Phase::Secure, Ending::Reset, Message::ClientHello, 13);
    let diagnosis = check(
        &evidence,
        Outcome::Failing,
        Some(Phase::Secure),
        &["secure.key-unusable", "secure.key-store-permissions"],
    );
    assert!(diagnosis.findings[0].probability < 0.6);
}

#[test]
fn certificates_are_judged_on_their_own() {
    let mut expired = certificate("elsewhere.example");
    expired.not_after = model::UnixSeconds(NOW.0 - 40 * DAY);
    expired.key_bits = 1024;
    let evidence = up_to_tls().tls(1, TlsVersion::TLS1_2, expired);
    let diagnosis = diagnose(&evidence);
    let found: Vec<&str> = diagnosis.findings.iter().map(|f| f.cause.id).collect();
    for id in [
        "secure.certificate-expired",
        "secure.certificate-for-another-name",
        "secure.certificate-key-weak",
    ] {
        assert!(found.contains(&id), "{}", story(&diagnosis));
    }
    assert_eq!(found.len(), 3, "{}", story(&diagnosis));
    assert_eq!(diagnosis.outcome, Outcome::Degraded);
}

#[test]
fn the_protocol_version_alert() {
    let evidence = up_to_tls()
        .hello(1)
        .tell(
            1,
            Phase::Secure,
            Fact::TlsAlerted {
                alert: model::codes::TlsAlert::PROTOCOL_VERSION,
                after: Message::ClientHello,
            },
        )
        .ended(1, Phase::Secure, Ending::Closed, Message::ClientHello, 2);
    let diagnosis = check(
        &evidence,
        Outcome::Failing,
        Some(Phase::Secure),
        &["secure.no-common-version"],
    );
    assert_eq!(diagnosis.findings[0].verdict, Verdict::Proven);
}

#[test]
fn silence_in_the_handshake() {
    let evidence = up_to_tls().hello(1).ended(
        1,
        Phase::Secure,
        Ending::Silence,
        Message::ClientHello,
        5000,
    );
    check(
        &evidence,
        Outcome::Failing,
        Some(Phase::Secure),
        &["secure.large-packets-lost"],
    );
}

#[test]
fn old_tls_and_another_machine_and_a_dead_address() {
    let evidence = up_to_tls()
        .tls(1, TlsVersion::TLS1_0, certificate("SRV77"))
        .challenged(1, "SRV77.corp.example")
        .tell(
            2,
            Phase::Tcp,
            Fact::TcpSilent {
                to: at("10.20.1.99"),
                waited: Micros::from_secs(4),
            },
        );
    let diagnosis = diagnose(&evidence);
    let found: Vec<&str> = diagnosis.findings.iter().map(|f| f.cause.id).collect();
    for id in [
        "secure.old-tls-only",
        "resolve.stale-record",
        "resolve.dead-address",
    ] {
        assert!(found.contains(&id), "{}", story(&diagnosis));
    }
}

#[test]
fn an_alias_with_a_fitting_certificate_is_healthy() {
    let mut alias = certificate("SRV01.corp.example");
    alias.dns_names = vec!["desk.example".to_owned(), "srv01.corp.example".to_owned()];
    let evidence = case("desk.example")
        .look(1, Intent::AsClient)
        .resolved(&["10.20.1.15"])
        .opened(1, "10.20.1.15")
        .chosen(1, OFFER, Protocols::HYBRID_EX)
        .tls(1, TlsVersion::TLS1_3, alias)
        .challenged(1, "SRV01.corp.example");
    check(&evidence, Outcome::Healthy, None, &[]);
}

#[test]
fn a_logon_refused_behind_encryption() {
    let evidence = up_to_tls()
        .tls(1, TlsVersion::TLS1_2, certificate("srv01.corp.example"))
        .challenged(1, "srv01.corp.example")
        .tell(
            1,
            Phase::Authenticate,
            Fact::CredSspAnswerTooSmall { size: 60 },
        )
        .ended(
            1,
            Phase::Authenticate,
            Ending::Closed,
            Message::CredSspAuthenticate,
            3,
        );
    check(
        &evidence,
        Outcome::Failing,
        Some(Phase::Authenticate),
        &["authenticate.logon-refused"],
    );
}

#[test]
fn a_server_that_says_why_is_believed() {
    for (status, cause) in [
        (0xC000_006D, "authenticate.wrong-credentials"),
        (0xC000_0224, "authenticate.password-expired"),
        (0xC000_0072, "authenticate.account-disabled"),
        (0xC000_0234, "authenticate.account-locked"),
        (0xC000_006F, "authenticate.logon-hours"),
        (0xC000_015B, "authenticate.right-missing"),
        (0xC000_005E, "authenticate.no-controller"),
        (0xC000_018D, "authenticate.trust-broken"),
        (0xC000_0133, "authenticate.clocks-refused"),
        (0xC000_0418, "authenticate.ntlm-blocked"),
        (0x8009_0302, "authenticate.credssp-refused"),
        (0x8009_0322, "authenticate.server-name-unknown"),
        (0xC000_035B, "authenticate.channel-bound-elsewhere"),
        (0x8009_030E, "authenticate.no-credentials-delegated"),
        (0xC000_0380, "authenticate.smart-card"),
        (0xC000_009A, "authenticate.server-out-of-resources"),
        (0xC000_0001, "authenticate.refused-for-another-reason"),
    ] {
        let evidence = up_to_tls()
            .tls(1, TlsVersion::TLS1_2, certificate("srv01.corp.example"))
            .tell(
                1,
                Phase::Authenticate,
                Fact::CredSspRefused {
                    version: 6,
                    error: model::codes::NtStatus(status),
                    named: Some(true),
                },
            );
        check(
            &evidence,
            Outcome::Failing,
            Some(Phase::Authenticate),
            &[cause],
        );
    }
}

#[test]
fn a_key_that_cannot_be_read_counts_beside_a_certificate_that_can() {
    let file = |role, path: &str, readable| Fact::FileFound {
        path: path.to_owned(),
        role,
        exists: true,
        mode: Some(0o640),
        owner: Some((0, 103)),
        reader: "xrdp".to_owned(),
        readable: Some(readable),
    };
    let evidence = case("srv01")
        .look(1, Intent::AsClient)
        .resolved(&["10.20.1.15"])
        .opened(1, "10.20.1.15")
        .refused(1, OFFER, NegFailure::SSL_CERT_NOT_ON_SERVER)
        .tell(
            0,
            Phase::Secure,
            file(model::FileRole::Certificate, "/etc/xrdp/cert.pem", true),
        )
        .tell(
            0,
            Phase::Secure,
            file(model::FileRole::Key, "/etc/xrdp/key.pem", false),
        );
    check(
        &evidence,
        Outcome::Failing,
        Some(Phase::Negotiate),
        &["negotiate.key-unreadable"],
    );
}

#[test]
fn an_answer_without_its_request_contradicts_nothing() {
    // A capture that begins late.
    let mut evidence = healthy("srv01.corp.example");
    evidence
        .seen
        .retain(|seen| !matches!(seen.fact, Fact::NegotiationOffered { .. }));
    for seen in &mut evidence.seen {
        if let Fact::NegotiationChosen { offered, .. } = &mut seen.fact {
            *offered = None;
        }
    }
    check(&evidence, Outcome::Healthy, None, &[]);
}
