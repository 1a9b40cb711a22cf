//! What part an event plays in the story of a connection.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use model::codes::{self, NtStatus, Topic};
use model::{Phase, Source, UnixMicros};

use super::{Activity, Event, tally};
use crate::story::{Dated, MOST_MOMENTS, Moment, Part, Side};

/// An event as a step of a connection, without its moment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    computer: String,
    from: Option<IpAddr>,
    port: Option<u16>,
    side: Side,
    part: Part,
    phase: Option<Phase>,
    label: String,
    says: String,
}

/// When a step was, and what may differ where all else is the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct When {
    pub at: UnixMicros,
    pub activity: Option<Activity>,
    pub port: Option<u16>,
}

/// The last steps of a log.
#[derive(Debug, Default)]
pub(super) struct Steps {
    kept: VecDeque<(When, Arc<Step>)>,
}

impl Steps {
    pub(super) fn note(&mut self, when: When, step: &Arc<Step>) {
        if self.kept.len() >= MOST_MOMENTS {
            self.kept.pop_front();
        }
        self.kept.push_back((when, Arc::clone(step)));
    }

    /// Takes those of a later part of the same log.
    pub(super) fn append(&mut self, later: Self) {
        for (when, step) in later.kept {
            self.note(when, &step);
        }
    }

    /// The moments of a file.
    pub(super) fn moments(self, file: &str) -> Vec<Moment> {
        self.kept
            .into_iter()
            .map(|(when, step)| Moment {
                at: when.at,
                dated: Dated::Wholly,
                teller: if step.computer.is_empty() {
                    file.to_owned()
                } else {
                    step.computer.clone()
                },
                file: file.to_owned(),
                source: Source::EventLog,
                side: step.side,
                tie: when
                    .activity
                    .map(|Activity(number)| format!("{number:032x}")),
                from: step.from,
                port: when.port.filter(|&port| port != 0).or(step.port),
                part: step.part,
                phase: step.phase,
                label: step.label.clone(),
                says: step.says.clone(),
            })
            .collect()
    }
}

const CORE: &str = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS";
const LISTENER: &str = "Microsoft-Windows-TerminalServices-RemoteConnectionManager";
const SESSIONS: &str = "Microsoft-Windows-TerminalServices-LocalSessionManager";
const GATEWAY: &str = "Microsoft-Windows-TerminalServices-Gateway";
const SECURITY: &str = "Microsoft-Windows-Security-Auditing";
const CLIENT: [&str; 2] = [
    "Microsoft-Windows-TerminalServices-ClientActiveXCore",
    "Microsoft-Windows-TerminalServices-RDPClient",
];

/// The step that an event is; `None` when it belongs to no connection.
pub(super) fn of(event: &Event) -> Option<Step> {
    let provider = event.provider.as_str();
    let client = CLIENT.contains(&provider);
    let (part, phase) = match (provider, event.id) {
        (CORE, 131) if event.field("ConnType") == Some("UDP") => (Part::Goes, None),
        (CORE, 65 | 131) => (Part::Opens, Some(Phase::Tcp)),
        (CORE, 66) => (Part::Session, Some(Phase::Session)),
        (CORE, 102 | 103) => (Part::Ends, None),
        (CORE, 139) => (Part::Fails, Some(Phase::Secure)),
        (CORE, 140) => (Part::Fails, Some(Phase::Authenticate)),
        (CORE, 67 | 97 | 99 | 226..=228) => (Part::Fails, None),
        (CORE, 98 | 141 | 148 | 169) => (Part::Goes, None),
        (LISTENER, 261) => (Part::Goes, Some(Phase::Tcp)),
        (LISTENER, 1149) => (Part::Goes, Some(Phase::Authenticate)),
        (LISTENER, 1006 | 1050..=1067) => (Part::Fails, Some(Phase::Secure)),
        (SESSIONS, 21 | 22 | 25) => (Part::Session, Some(Phase::Session)),
        (SESSIONS, 23 | 24 | 39 | 40) => (Part::Ends, Some(Phase::Session)),
        (SECURITY, 4624) => match event.field("LogonType") {
            Some("3") => (Part::Goes, Some(Phase::Authenticate)),
            Some("7" | "10") => (Part::Session, Some(Phase::Session)),
            _ => return None,
        },
        (SECURITY, 4625) if matches!(event.field("LogonType"), Some("3" | "7" | "10")) => {
            (Part::Fails, Some(Phase::Authenticate))
        }
        (SECURITY, 4825) => (Part::Fails, Some(Phase::Authenticate)),
        (SECURITY, 4778) => (Part::Session, Some(Phase::Session)),
        (SECURITY, 4779) => (Part::Ends, Some(Phase::Session)),
        (SECURITY, 5152 | 5157) => (Part::Fails, Some(Phase::Tcp)),
        (
            "Schannel" | "Microsoft-Windows-Schannel-Events",
            36870 | 36871 | 36874 | 36887 | 36888,
        ) => (Part::Fails, Some(Phase::Secure)),
        ("TermDD", 50 | 56) => (Part::Fails, None),
        (GATEWAY, 200 | 300) => (Part::Goes, Some(Phase::Tunnel)),
        (GATEWAY, 302) => (Part::Session, Some(Phase::Tunnel)),
        (GATEWAY, 303) => (Part::Ends, Some(Phase::Tunnel)),
        (GATEWAY, 201 | 203 | 204 | 301 | 304 | 305 | 312..=316 | 23_003) => {
            (Part::Fails, Some(Phase::Tunnel))
        }
        (_, 1024) if client => (Part::Opens, Some(Phase::Tcp)),
        (_, 1025 | 1027) if client => (Part::Session, Some(Phase::Session)),
        // The person ended it (1, 2, 3), or it went on elsewhere.
        (_, 1026) if client && matches!(event.field("Value"), Some("0" | "1" | "2" | "3")) => {
            (Part::Ends, None)
        }
        (_, 1028) if client => (Part::Goes, Some(Phase::Negotiate)),
        (_, 226 | 1007 | 1009 | 1017 | 1026 | 1031) if client => (Part::Fails, None),
        _ => return None,
    };
    let code = codes::of_event(provider, event.id);
    let (from, port) = source(event);
    // Whose logon it is cannot be told without an address: services log on too.
    if provider == SECURITY && from.is_none() {
        return None;
    }
    let phase = phase.or_else(|| code.and_then(|code| code.place).map(|place| place.phase));
    Some(Step {
        computer: event.computer.clone(),
        from,
        port,
        side: match provider {
            _ if client => Side::Client,
            GATEWAY => Side::Path,
            _ => Side::Server,
        },
        part,
        phase,
        label: format!("{} {}", short(provider), event.id),
        says: says(event, code),
    })
}

/// The last part of a provider's name.
fn short(provider: &str) -> &str {
    match provider {
        SECURITY => "Security",
        "Microsoft-Windows-TerminalServices-ClientActiveXCore" => "RDPClient",
        other => other.rsplit('-').next().unwrap_or(other),
    }
}

/// The address and port of the client.
fn source(event: &Event) -> (Option<IpAddr>, Option<u16>) {
    let field = |names: &[&str]| names.iter().find_map(|name| event.field(name));
    // A number of the listener's own tables, of no use outside.
    let written = field(&[
        "ClientIP",
        "IPString",
        "IpAddress",
        "ClientAddress",
        "Address",
        "SourceAddress",
    ])
    .or_else(|| match (event.provider.as_str(), event.id) {
        (LISTENER, 1149) => field(&["Param3"]),
        ("TermDD", 56) => field(&["Param2", "Data"]),
        _ => None,
    });
    let Some(written) = written else {
        return (None, None);
    };
    let port = written
        .parse::<SocketAddr>()
        .ok()
        .map(|address| address.port())
        .or_else(|| field(&["IpPort", "SourcePort"]).and_then(|port| port.parse().ok()))
        .filter(|&port| port != 0);
    (
        tally::address(written).filter(|ip| !ip.is_unspecified()),
        port,
    )
}

/// What it says, with the number that tells most.
fn says(event: &Event, code: Option<&codes::Code>) -> String {
    let mut says = code.map_or_else(
        || match (event.provider.as_str(), event.id) {
            (SECURITY, 4825) => "the user has no right to log on remotely".to_owned(),
            (SECURITY, 4778) => "a session was taken up again".to_owned(),
            (SECURITY, 4779) => "a session was left".to_owned(),
            (SECURITY, 5152 | 5157) => "the firewall of the machine dropped it".to_owned(),
            (provider, id) => format!("event {id} of {}", short(provider)),
        },
        |code| code.says.split(';').next().unwrap_or(code.says).to_owned(),
    );
    let status = ["SubStatus", "Status"]
        .iter()
        .filter_map(|name| event.field(name))
        .filter_map(|text| u32::from_str_radix(text.trim_start_matches("0x"), 16).ok())
        .find(|&status| status != 0);
    if let Some(status) = status.filter(|_| event.id == 4625) {
        says = format!("{says}: {}", NtStatus(status));
    } else if let Some(value) = event.field("Value").or_else(|| event.field("ReasonCode")) {
        says = format!("{says} ({value})");
    }
    // Nothing but what is known of the number may be said of a success.
    if code.is_some_and(|code| code.topic == Topic::Success)
        && event.field("LogonType") == Some("3")
    {
        says = "network logon succeeded (NLA, when it was for Remote Desktop)".to_owned();
    }
    says
}
