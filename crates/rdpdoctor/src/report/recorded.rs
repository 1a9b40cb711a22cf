//! The connections of a capture, one line each: in every report that is made from one.

use intake::Recorded;
use intake::capture::{Party, Protocol};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{Ending, Fact, Phase};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::duration;
use super::{Report, millis, schema};

/// A connection of a capture.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RecordedReport {
    /// The capture.
    pub file: String,
    /// Its number among all TCP connections of the capture; `--connection` takes it.
    pub number: u32,
    /// `rdp`, or `tls` for TLS that began without RDP's first message.
    #[schemars(extend("enum" = ["rdp", "tls"]))]
    pub protocol: String,
    /// The end that opened it.
    pub client: String,
    /// The end it was opened to.
    pub server: String,
    /// The proxy it goes through, in words.
    pub via: Option<String>,
    /// When its first packet was recorded, UTC, RFC 3339.
    pub began: String,
    /// From its first packet to its last, in milliseconds.
    pub took_ms: f64,
    /// Its packets.
    pub packets: u64,
    /// The last rung that was passed.
    #[schemars(schema_with = "schema::phase_or_none")]
    pub reached: Option<Phase>,
    /// How it ended, in a few words.
    pub ended: String,
    /// Who ended it; `null` when nobody did, or nobody knows.
    #[schemars(extend("enum" = ["client", "server", "network", null]))]
    pub ended_by: Option<String>,
    /// The round-trip time of its opening, in milliseconds.
    pub round_trip_ms: Option<f64>,
    /// Segments with data.
    pub segments: u32,
    /// Segments that the client sent again.
    pub resent_by_client: u32,
    /// Segments that the server sent again.
    pub resent_by_server: u32,
    /// It did not become a session, and not because the client chose to leave.
    pub troubled: bool,
    /// What it tells is part of the evidence.
    pub judged: bool,
}

impl RecordedReport {
    /// Puts a connection into the words of a report.
    pub fn of(recorded: &Recorded) -> Self {
        let one = &recorded.connection;
        let began = Timestamp::from_microsecond(recorded.began.0);
        Self {
            file: recorded.file.clone(),
            number: one.number,
            protocol: match one.protocol {
                Protocol::Rdp => "rdp",
                Protocol::Tls => "tls",
            }
            .to_owned(),
            client: one.client.to_string(),
            server: one.server.to_string(),
            via: one.via.clone().or_else(|| purpose(&one.about)),
            began: began.map_or_else(|_| String::new(), |began| began.to_string()),
            took_ms: millis(one.took),
            packets: one.packets,
            reached: one.reached,
            ended: ended(one),
            ended_by: one.ended_by.map(|party| {
                match party {
                    Party::Client => "client",
                    Party::Server => "server",
                    Party::Network => "network",
                }
                .to_owned()
            }),
            round_trip_ms: one.round_trip.map(millis),
            segments: one.segments,
            resent_by_client: one.resent_by_client,
            resent_by_server: one.resent_by_server,
            troubled: one.troubled,
            judged: recorded.judged,
        }
    }

    /// When it began, as a time of day with milliseconds.
    pub fn clock(&self, zone: &TimeZone) -> String {
        self.began
            .parse::<Timestamp>()
            .map(|began| {
                began
                    .to_zoned(zone.clone())
                    .strftime("%H:%M:%S%.3f")
                    .to_string()
            })
            .unwrap_or_default()
    }

    /// How far it came and how it ended.
    pub fn course(&self) -> String {
        let course = match self.reached {
            None => self.ended.clone(),
            Some(Phase::Session) => self.ended.clone(),
            Some(reached) => format!("{reached} passed, {}", self.ended),
        };
        match &self.via {
            Some(via) => format!("{via}: {course}"),
            None => course,
        }
    }
}

/// What TLS that began without RDP's first message is for, as far as it shows.
fn purpose(about: &intake::capture::About) -> Option<String> {
    let name = about.name.as_deref();
    let Some(asked) = &about.asked else {
        return name.map(|name| format!("TLS to {name}"));
    };
    let lower = asked.to_ascii_lowercase();
    let upgraded = about.answers.iter().any(|line| line.contains(" 101"));
    let kind = if lower.contains("/remotedesktopgateway") {
        if upgraded || !lower.starts_with("rdg_") {
            "an RD Gateway over WebSocket"
        } else {
            "an RD Gateway over HTTP"
        }
    } else if lower.starts_with("rpc_") || lower.contains("rpcproxy.dll") {
        "an RD Gateway over RPC"
    } else if lower.contains("/kdcproxy") {
        "a KDC proxy"
    } else {
        "a web server"
    };
    let answers: Vec<&str> = about
        .answers
        .iter()
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    let name = name.map_or_else(String::new, |name| format!(" ({name})"));
    Some(if answers.is_empty() {
        format!("{kind}{name}")
    } else {
        format!("{kind}{name}, which answered {}", answers.join(", then "))
    })
}

/// How a connection ended, and how far it was.
fn ended(one: &intake::capture::Outline) -> String {
    let by = match one.ended_by {
        Some(Party::Client) => " by the client",
        Some(Party::Server) => " by the server",
        Some(Party::Network) => " on the way",
        None => "",
    };
    let way = |how: Ending| match how {
        Ending::Closed => "closed",
        Ending::Reset => "reset",
        Ending::Silence => "no answer",
        Ending::Unreachable => "cut off",
    };
    match &one.end {
        None => "the recording ends before it".to_owned(),
        Some(Fact::TcpRefused { .. }) => format!("refused{by}"),
        Some(Fact::TcpSilent { .. }) => "no answer at all".to_owned(),
        Some(Fact::TcpUnreachable { .. }) => format!("not reachable, said{by}"),
        Some(Fact::ProxyRefused { asked, answer, .. }) => {
            format!("the proxy refused {}: {answer}", asked.0)
        }
        Some(Fact::NegotiationRefused { code, .. }) => format!("then refused: code {}", code.0),
        Some(Fact::OtherServiceAnswered { service, .. }) => format!("{} answered", service.says()),
        Some(Fact::Unreadable { .. }) => "an answer that is no RDP message".to_owned(),
        Some(Fact::NotTls { .. }) => "an answer that is no TLS".to_owned(),
        Some(Fact::TlsAlerted { alert, .. } | Fact::TlsRejected { alert, .. }) => {
            format!("TLS alert {} {}", alert.0, by.trim_start())
        }
        Some(Fact::CredSspRefused { error, .. }) => format!("logon refused: 0x{:08X}", error.0),
        Some(Fact::CredSspAnswerTooSmall { .. }) => "logon refused".to_owned(),
        Some(Fact::Ended { how, waited, .. } | Fact::ClientEnded { how, waited, .. }) => {
            let (way, after) = (way(*how), duration(millis(*waited)));
            match (*how, one.reached) {
                (Ending::Silence, _) => format!("no answer in {after}"),
                (_, Some(Phase::Session)) => format!("session, then {way}{by}"),
                _ => format!("{way}{by} after {after}"),
            }
        }
        Some(_) => String::new(),
    }
}

/// The servers of a capture besides those that are judged, each in a sentence, those in trouble first.
pub fn others(report: &Report) -> Vec<String> {
    let mut servers: Vec<(&str, usize, usize)> = Vec::new();
    for one in report.recorded.iter().filter(|one| !one.judged) {
        match servers
            .iter_mut()
            .find(|(server, ..)| *server == one.server)
        {
            Some((_, troubled, all)) => {
                *troubled += usize::from(one.troubled);
                *all += 1;
            }
            None => servers.push((&one.server, usize::from(one.troubled), 1)),
        }
    }
    servers.retain(|(server, ..)| {
        !report
            .recorded
            .iter()
            .any(|one| one.judged && one.server == *server)
    });
    servers.sort_by_key(|&(server, troubled, all)| (std::cmp::Reverse((troubled, all)), server));
    servers
        .into_iter()
        .map(|(server, troubled, all)| {
            let connections = super::words::count(all, "connection");
            match troubled {
                0 => format!("{server}: {connections}, none failed"),
                troubled => format!("{server}: {connections}, {troubled} failed"),
            }
        })
        .collect()
}

/// How many failed of how many, and how long the way is.
pub fn tally(report: &Report) -> Option<String> {
    let judged: Vec<&RecordedReport> = report.recorded.iter().filter(|one| one.judged).collect();
    let failed = judged.iter().filter(|one| one.troubled).count();
    let all = judged.len();
    let times = || judged.iter().filter_map(|one| one.round_trip_ms);
    let round_trip = match (
        times().min_by(f64::total_cmp),
        times().max_by(f64::total_cmp),
    ) {
        (Some(least), Some(most)) if duration(least) != duration(most) => {
            format!("; round trip {} to {}", duration(least), duration(most))
        }
        (Some(one), _) => format!("; round trip {}", duration(one)),
        _ => String::new(),
    };
    (all > 0).then(|| match failed {
        _ if all == 1 => format!("1 connection{round_trip}"),
        0 => format!("{all} connections, none failed{round_trip}"),
        failed if failed == all => format!("{all} connections, all failed{round_trip}"),
        failed => format!("{all} connections, {failed} failed{round_trip}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_of_the_end_is_told_with_who() {
        let mut one = intake::capture::Outline {
            number: 1,
            protocol: Protocol::Rdp,
            client: "192.0.2.1:50000".parse().unwrap(),
            server: "192.0.2.2:3389".parse().unwrap(),
            via: None,
            about: intake::capture::About::default(),
            took: model::Micros(0),
            packets: 3,
            reached: Some(Phase::Negotiate),
            last: model::Message::ClientHello,
            end: Some(Fact::Ended {
                how: Ending::Reset,
                after: model::Message::ClientHello,
                waited: model::Micros::from_millis(4),
                partial: 0,
            }),
            ended_by: Some(Party::Network),
            round_trip: None,
            segments: 1,
            resent_by_client: 0,
            resent_by_server: 0,
            troubled: true,
        };
        assert_eq!(ended(&one), "reset on the way after 4 ms");
        one.reached = Some(Phase::Session);
        one.ended_by = Some(Party::Server);
        assert_eq!(ended(&one), "session, then reset by the server");
        one.end = None;
        assert_eq!(ended(&one), "the recording ends before it");
    }
}
