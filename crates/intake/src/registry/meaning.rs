//! What settings mean where they are not as usual, in words.

use model::{Fact, SettingValue};

use crate::findings::Findings;

/// A setting, by the end of its key and its name, and what its values mean.
struct Meaning {
    key: &'static str,
    name: &'static str,
    says: fn(u64) -> Option<String>,
}

const fn meaning(
    key: &'static str,
    name: &'static str,
    says: fn(u64) -> Option<String>,
) -> Meaning {
    Meaning { key, name, says }
}

const MEANINGS: &[Meaning] = &[
    meaning(r"\Control\Terminal Server", "fDenyTSConnections", denied),
    meaning(
        r"\Windows NT\Terminal Services",
        "fDenyTSConnections",
        denied,
    ),
    meaning(r"\WinStations\RDP-Tcp", "fEnableWinStation", |value| {
        (value == 0).then(|| "the listener is switched off".to_owned())
    }),
    meaning(r"\WinStations\RDP-Tcp", "PortNumber", |value| {
        (value != 3389).then(|| format!("Remote Desktop listens on port {value}"))
    }),
    meaning(r"\WinStations\RDP-Tcp", "UserAuthentication", nla),
    meaning(r"\Windows NT\Terminal Services", "UserAuthentication", nla),
    meaning(r"\WinStations\RDP-Tcp", "SecurityLayer", layer),
    meaning(r"\Windows NT\Terminal Services", "SecurityLayer", layer),
    meaning(r"\WinStations\RDP-Tcp", "MaxInstanceCount", |value| {
        (value < 0xFFFF_FFFF).then(|| format!("at most {value} connections are let in"))
    }),
    meaning(
        r"\Windows NT\Terminal Services",
        "MaxInstanceCount",
        |value| (value < 999_999).then(|| format!("at most {value} connections are let in")),
    ),
    meaning(r"\CredSSP\Parameters", "AllowEncryptionOracle", |value| {
        match value {
        0 => Some("servers without the CredSSP update of 2018 are refused".to_owned()),
        2 => Some(
            "the protection of the CredSSP update of 2018 is switched off, often left behind after a work-around"
                .to_owned(),
        ),
        _ => None,
    }
    }),
    meaning(r"\Terminal Services\Client", "fClientDisableUDP", |value| {
        (value == 1).then(|| "this client does not use RDP-UDP".to_owned())
    }),
    meaning(
        r"\Windows NT\Terminal Services",
        "SelectTransport",
        |value| match value {
            1 => Some("the server uses TCP alone, no RDP-UDP".to_owned()),
            _ => None,
        },
    ),
    meaning(r"\Windows NT\Terminal Services", "MaxIdleTime", |value| {
        limit(value, "idle sessions are cut after")
    }),
    meaning(
        r"\Windows NT\Terminal Services",
        "MaxConnectionTime",
        |value| limit(value, "sessions are cut after"),
    ),
    meaning(
        r"\Windows NT\Terminal Services",
        "MaxDisconnectionTime",
        |value| limit(value, "disconnected sessions are ended after"),
    ),
    meaning(r"\Services\TermService", "Start", service),
    meaning(r"\Services\SessionEnv", "Start", service),
    meaning(r"\Services\UmRdpService", "Start", service),
    meaning(r"\Services\KeyIso", "Start", service),
    meaning(r"\Lsa\FipsAlgorithmPolicy", "Enabled", |value| {
        (value == 1)
            .then(|| "only FIPS algorithms are allowed: old clients find none in common".to_owned())
    }),
    meaning(r"\Lsa\MSV1_0", "RestrictReceivingNTLMTraffic", |value| {
        (value == 2).then(|| {
            "this server refuses NTLM: clients need Kerberos, and the name of the host".to_owned()
        })
    }),
    meaning(r"\Lsa\MSV1_0", "RestrictSendingNTLMTraffic", |value| {
        (value == 2).then(|| {
            "this client refuses to send NTLM: it needs Kerberos, and the name of the host"
                .to_owned()
        })
    }),
    meaning(
        r"\Control\SecurityProviders\SCHANNEL",
        "EventLogging",
        |value| {
            (value == 0).then(|| {
                "Schannel logs nothing: why TLS failed cannot be read from the System log"
                    .to_owned()
            })
        },
    ),
];

fn denied(value: u64) -> Option<String> {
    (value == 1).then(|| "Remote Desktop is switched off".to_owned())
}

fn nla(value: u64) -> Option<String> {
    (value == 0).then(|| "NLA is not required, which is weak".to_owned())
}

fn layer(value: u64) -> Option<String> {
    (value == 0).then(|| "only RDP's own security is offered, no TLS and no NLA".to_owned())
}

fn service(value: u64) -> Option<String> {
    (value == 4).then(|| "the service is disabled".to_owned())
}

fn limit(millis: u64, says: &str) -> Option<String> {
    (millis > 0).then(|| format!("{says} {} min", millis.div_ceil(60_000)))
}

/// Says what settings of a file are not as usual, and where a policy overrides another value.
pub(crate) fn remark(file: &str, first: usize, findings: &mut Findings) {
    let mut notes = Vec::new();
    let mut decided: Vec<(&str, &SettingValue, bool)> = Vec::new();
    for seen in findings.seen.iter().skip(first) {
        let Fact::SettingFound {
            key,
            name,
            value,
            policy,
        } = &seen.observation.fact
        else {
            continue;
        };
        if let SettingValue::Number(number) = value {
            let said = MEANINGS
                .iter()
                .find(|meaning| ends(key, meaning.key) && meaning.name.eq_ignore_ascii_case(name))
                .and_then(|meaning| (meaning.says)(*number));
            if let Some(said) = said.or_else(|| protocol(key, name, *number)) {
                let by = if *policy { ", by policy" } else { "" };
                notes.push(format!("{file}: {said} ({name} {number}{by})"));
            }
        }
        if ends(key, r"\Terminal Server")
            || ends(key, r"\RDP-Tcp")
            || ends(key, r"\Windows NT\Terminal Services")
        {
            let other = decided.iter().find(|(known, other, by)| {
                known.eq_ignore_ascii_case(name) && by != policy && *other != value
            });
            if let Some((_, other, _)) = other {
                let (locally, by_policy) = if *policy {
                    (*other, value)
                } else {
                    (value, *other)
                };
                notes.push(match (locally, by_policy) {
                    (SettingValue::Number(locally), SettingValue::Number(by_policy)) => {
                        format!("{file}: {name} is {locally} locally and {by_policy} by policy; the policy counts")
                    }
                    _ => format!("{file}: {name} is set by policy to another value than locally; the policy counts"),
                });
            }
            decided.push((name, value, *policy));
        }
    }
    findings.notes.extend(notes);
}

fn ends(key: &str, end: &str) -> bool {
    key.len()
        .checked_sub(end.len())
        .and_then(|at| key.get(at..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// A version of TLS that is switched off.
fn protocol(key: &str, name: &str, value: u64) -> Option<String> {
    let (_, rest) = key.split_once(r"\SCHANNEL\Protocols\")?;
    let (version, side) = rest.split_once('\\')?;
    let off = (name.eq_ignore_ascii_case("Enabled") && value == 0)
        || (name.eq_ignore_ascii_case("DisabledByDefault") && value != 0);
    // What nobody should use any more is no news.
    (off && !version.starts_with("SSL")
        && !version.starts_with("PCT")
        && !version.starts_with("Multi"))
    .then(|| {
        format!(
            "{version} is off for the {} side",
            side.to_ascii_lowercase()
        )
    })
}
