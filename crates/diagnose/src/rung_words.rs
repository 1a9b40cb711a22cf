//! What is said of a rung, in a few words.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use model::codes::TlsVersion;
use model::{Fact, HostName, LogonMechanism, NtlmChallenge, Observation, Phase, Target};

use crate::words::{self, span};

pub(crate) fn name_failure(why: model::NameFailure) -> &'static str {
    use model::NameFailure as Why;
    match why {
        Why::NoSuchName => "there is no such name",
        Why::NoAddress => "the name has no address",
        Why::ServerFailure => "the name server could not answer",
        Why::Timeout => "the name server did not answer",
        Why::Refused => "the name server refuses to answer",
        Why::Lame => "the name server is not responsible and asks nobody else",
        Why::NoServer => "no name server is there",
        Why::Malformed => "that cannot be a name",
        Why::Other => "the name could not be looked up",
    }
}

/// The same of a name server that was asked directly and is named before it.
pub(crate) fn server_failure(why: model::NameFailure) -> &'static str {
    use model::NameFailure as Why;
    match why {
        Why::NoSuchName => "says that there is no such name",
        Why::NoAddress => "says that the name has no address",
        Why::ServerFailure => "could not answer",
        Why::Timeout => "did not answer",
        Why::Refused => "refuses to answer",
        Why::Lame => "is not responsible and asks nobody else",
        Why::NoServer => "is not there",
        Why::Malformed => "says that this cannot be a name",
        Why::Other => "could not look it up",
    }
}

/// A name server; its port is told where it is not the usual one.
pub(crate) fn name_server(server: SocketAddr) -> String {
    match server.port() {
        53 => server.ip().to_string(),
        _ => server.to_string(),
    }
}

pub(crate) fn list(addresses: &[IpAddr]) -> String {
    let shown: Vec<String> = addresses.iter().take(3).map(ToString::to_string).collect();
    match addresses.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// What each address answered; the address is left out when there is one only.
pub(crate) fn endpoint_words(
    endings: &BTreeMap<SocketAddr, &Observation>,
    target: &Target,
    with_silence: bool,
) -> String {
    let mut parts = Vec::new();
    for (to, observation) in endings.iter().take(4) {
        let name = words::address(*to, target);
        let says = match &observation.fact {
            Fact::TcpOpened { .. } => format!("open on {name}"),
            Fact::TcpRefused { took, .. } => format!("refused by {name} in {}", span(*took)),
            Fact::TcpUnreachable { icmp, .. } => {
                let says = icmp.map_or("it cannot be reached", model::codes::IcmpError::says);
                match icmp.and_then(|icmp| icmp.from) {
                    Some(from) if from != to.ip() => format!("{from} says of {name}: {says}"),
                    _ => format!("{name}: {says}"),
                }
            }
            Fact::NoRoute { .. } => format!("no way from here to {name}"),
            Fact::LocallyForbidden { .. } => format!("this machine forbids {name}"),
            Fact::TcpSilent { waited, .. } if with_silence => {
                format!("no answer from {name} in {}", span(*waited))
            }
            Fact::TcpSilent { waited, .. } => {
                format!("no answer on port {} in {}", to.port(), span(*waited))
            }
            _ => continue,
        };
        parts.push(says);
    }
    parts.join("; ")
}

pub(crate) fn secure_words(seen: &[&Observation]) -> String {
    let mut version = None;
    let mut certificate = None;
    for observation in seen {
        match &observation.fact {
            Fact::TlsEstablished { version: v, .. } => version = Some(*v),
            Fact::TlsChosen { version: v, .. } => version = version.or(Some(*v)),
            Fact::CertificateSeen { certificate: c, .. } => {
                certificate = certificate.or(Some(c));
            }
            _ => {}
        }
    }
    let version = version.map_or_else(|| "TLS".to_owned(), |version| version.to_string());
    certificate.map_or(version.clone(), |certificate| {
        format!(
            "{version}, certificate {}, expires {}",
            words::certificate_name(certificate),
            words::date(certificate.not_after)
        )
    })
}

/// What a gateway said about the logon.
pub(crate) fn gateway_words(seen: &[&Observation]) -> String {
    let mut words = String::new();
    for observation in seen {
        match &observation.fact {
            Fact::GatewayAnswered {
                status: 401,
                offers,
                logon: None,
                ..
            } => words = format!("asks for a logon: {}", offers.join(", ")),
            Fact::GatewayAnswered {
                status: 101 | 200,
                logon: Some(logon),
                ..
            } => words = format!("logged on with {logon}"),
            Fact::GatewayAnswered {
                status: 101 | 200,
                logon: None,
                ..
            } => words = "asks for no logon before the tunnel".to_owned(),
            _ => {}
        }
    }
    words
}

pub(crate) fn authenticate_words(seen: &[&Observation]) -> String {
    let accepted = seen
        .iter()
        .any(|seen| matches!(seen.fact, Fact::LogonAccepted { .. }));
    let with_kerberos = seen.iter().any(|seen| {
        matches!(
            seen.fact,
            Fact::LogonNegotiated {
                rejected: false,
                error: None,
                mechanism: None | Some(LogonMechanism::Kerberos),
                ..
            }
        )
    });
    let answer = if accepted && with_kerberos {
        "NLA, the logon with Kerberos was accepted"
    } else if accepted {
        "NLA, the logon was accepted"
    } else {
        "NLA, asks for a logon"
    };
    for observation in seen {
        if let Fact::NtlmChallenged { challenge, .. } = &observation.fact {
            let domain = challenge
                .netbios_domain
                .as_ref()
                .filter(|domain| !domain.0.is_empty())
                .map(|domain| format!("{domain}\\"));
            let build = challenge
                .version
                .filter(|_| may_be_windows(challenge, seen))
                .map(|(major, minor, build)| match (major, minor) {
                    (10, _) => format!("Windows build {build}"),
                    _ => format!("Windows {major}.{minor} build {build}"),
                });
            let details: Vec<String> = domain.into_iter().chain(build).collect();
            return if details.is_empty() {
                answer.to_owned()
            } else {
                format!("{answer} ({})", details.join(", "))
            };
        }
    }
    if accepted { answer } else { "NLA answers" }.to_owned()
}

/// Whether what a challenge says of a version of Windows can be so. Other servers say a version too, always the same
/// one: a Windows names its computer and domain, and none before this build has TLS 1.3.
fn may_be_windows(challenge: &NtlmChallenge, seen: &[&Observation]) -> bool {
    const FIRST_WITH_TLS_1_3: u16 = 20_348;
    let is_named = |name: &Option<HostName>| name.as_ref().is_some_and(|name| !name.0.is_empty());
    let newest = seen.iter().any(|seen| {
        matches!(
            seen.fact,
            Fact::TlsEstablished {
                version: TlsVersion::TLS1_3,
                ..
            }
        )
    });
    let too_old = challenge
        .version
        .is_some_and(|(_, _, build)| build < FIRST_WITH_TLS_1_3);
    is_named(&challenge.netbios_computer)
        && is_named(&challenge.netbios_domain)
        && !(newest && too_old)
}

/// What is said of a rung between the logon and the desktop that was passed.
pub(crate) fn set_up_words(phase: Phase, seen: &[&Observation]) -> String {
    let mut words = seen.iter().filter_map(|seen| match (phase, &seen.fact) {
        (
            Phase::Settings,
            Fact::SettingsAnswered {
                encryption_method: method,
                encryption_level: level,
                ..
            },
        ) if *method != 0 => Some(format!(
            "answered; RDP's own encryption, {} (level {level}), is not looked into",
            encryption(*method)
        )),
        (Phase::Settings, Fact::ChannelsJoined { channels, took }) => {
            let channels = match channels {
                0 => "no channel had to be joined".to_owned(),
                1 => format!("one channel joined in {}", span(*took)),
                more => format!("{more} channels joined in {}", span(*took)),
            };
            Some(format!("answered, {channels}"))
        }
        (Phase::License, Fact::LicenseAnswered { error: None, .. }) => {
            Some("a licence was given".to_owned())
        }
        (Phase::License, Fact::LicenseAnswered { .. }) => {
            Some("no licence is asked for".to_owned())
        }
        (Phase::Activate, Fact::CapabilitiesOffered { took }) => {
            Some(format!("the server was ready {} later", span(*took)))
        }
        (Phase::Session, Fact::ServerRedirected { to, .. }) => Some(to.as_ref().map_or_else(
            || "sent on to another session".to_owned(),
            |to| format!("sent on to {to}"),
        )),
        (Phase::Session, Fact::SessionRan { took }) => {
            Some(format!("a picture came {} after TCP", span(*took)))
        }
        _ => None,
    });
    words.next_back().unwrap_or_else(|| "passed".to_owned())
}

/// Methods of RDP's own encryption ([MS-RDPBCGR] 2.2.1.4.3).
fn encryption(method: u32) -> &'static str {
    match method {
        0x01 => "40 bits",
        0x02 => "128 bits",
        0x08 => "56 bits",
        0x10 => "FIPS 140-1",
        _ => "a method without a name",
    }
}
