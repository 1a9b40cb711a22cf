//! What a look saw, as far as it may change, and what changed since the one before.

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::{Ending, Evidence, Fact, Intent, Message, NameFailure};

use crate::report::words::duration;
use crate::report::{Outcome, Report, Severity};

/// An answer this much slower than usual is a change: so many times, and by so many milliseconds.
const SLOWER: (f64, f64) = (4.0, 200.0);

/// What one look saw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The connection got as far as the look wanted.
    pub works: bool,
    /// In which manner it ended when it does not, as what the host does: "resets at the ClientHello".
    pub manner: String,
    /// The end was a reset.
    pub reset: bool,
    /// What the server chose.
    pub security: Option<String>,
    /// The TLS version.
    pub tls: Option<String>,
    /// The certificate: SHA-256, name, last day.
    pub certificate: Option<(String, String, String)>,
    /// The addresses of the name.
    pub addresses: BTreeSet<IpAddr>,
    /// Things to mend though it works.
    pub troubles: BTreeSet<String>,
    /// How long the look took, in milliseconds.
    pub took: Option<f64>,
}

impl Snapshot {
    /// What a look saw.
    pub fn of(evidence: &Evidence, report: &Report) -> Self {
        let mut seen = Self {
            works: matches!(report.outcome, Outcome::Healthy | Outcome::Degraded),
            took: ladder_took(report),
            ..Self::default()
        };
        let as_client = evidence.seen.iter().filter(|observation| {
            observation
                .look
                .and_then(|look| evidence.attempt(look))
                .is_none_or(|attempt| attempt.intent == Intent::AsClient)
        });
        for observation in as_client {
            seen.add(&observation.fact);
        }
        if seen.works {
            seen.manner.clear();
            seen.reset = false;
            seen.troubles = report
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Degrading)
                .map(|finding| finding.title.clone())
                .collect();
        } else if seen.manner.is_empty() {
            "cannot be looked at".clone_into(&mut seen.manner);
        }
        seen
    }

    /// Keeps what the look before knew and this one did not come to see, so that it is compared when it shows again.
    pub fn remember(&mut self, before: &Self) {
        if self.security.is_none() {
            self.security.clone_from(&before.security);
        }
        if self.tls.is_none() {
            self.tls.clone_from(&before.tls);
        }
        if self.certificate.is_none() {
            self.certificate.clone_from(&before.certificate);
        }
        if self.addresses.is_empty() {
            self.addresses.clone_from(&before.addresses);
        }
        if !self.works {
            self.troubles.clone_from(&before.troubles);
        }
    }

    fn add(&mut self, fact: &Fact) {
        match fact {
            Fact::NameResolved { addresses, .. } => {
                self.addresses = addresses.iter().copied().collect();
            }
            Fact::NameNotResolved { why, .. } => {
                self.manner = match why {
                    NameFailure::NoSuchName => "has no name any more",
                    NameFailure::NoAddress => "has no address",
                    _ => "has a name that is not answered",
                }
                .to_owned();
            }
            Fact::TcpRefused { .. } => "refuses the connection".clone_into(&mut self.manner),
            Fact::TcpSilent { .. } => "does not answer".clone_into(&mut self.manner),
            Fact::TcpUnreachable { .. } | Fact::NoRoute { .. } => {
                "cannot be reached".clone_into(&mut self.manner);
            }
            Fact::LocallyForbidden { .. } => {
                "is forbidden by this machine".clone_into(&mut self.manner);
            }
            Fact::NegotiationChosen { chosen, .. } => {
                self.security = Some(if chosen.has_nla() {
                    "NLA".to_owned()
                } else {
                    chosen.to_string()
                });
            }
            Fact::NegotiationPlain { .. } => self.security = Some("RDP security".to_owned()),
            Fact::NegotiationRefused { code, .. } => {
                let why = code.says().map_or_else(|| code.to_string(), str::to_owned);
                self.manner = format!("refuses: {why}");
            }
            Fact::OtherServiceAnswered { service, .. } => {
                self.manner = format!("is no Remote Desktop: {} answers", service.says());
            }
            Fact::TlsChosen { version, .. } => self.tls = Some(version.to_string()),
            Fact::TlsAlerted { alert, .. } => self.manner = format!("sends TLS alert {alert}"),
            Fact::TlsRejected { .. } => {
                "has TLS that cannot be accepted".clone_into(&mut self.manner)
            }
            Fact::CertificateSeen { certificate, .. } => {
                let name = certificate
                    .common_name
                    .clone()
                    .unwrap_or_else(|| certificate.subject.clone());
                let expires = jiff::Timestamp::from_second(certificate.not_after.0)
                    .map(|moment| moment.to_string().chars().take(10).collect())
                    .unwrap_or_default();
                self.certificate = Some((certificate.sha256.clone(), name, expires));
            }
            Fact::CredSspRefused { error, .. } => {
                self.manner = format!("ends NLA with {}", error.told());
            }
            Fact::Ended { how, after, .. } if self.manner.is_empty() => {
                self.reset = *how == Ending::Reset;
                let does = match how {
                    Ending::Closed => "closes",
                    Ending::Reset => "resets",
                    Ending::Silence => "falls silent",
                    Ending::Unreachable => "is cut off",
                };
                self.manner = format!("{does} {}", place(*after));
            }
            _ => {}
        }
    }
}

/// Where in the conversation, in a few words.
const fn place(after: Message) -> &'static str {
    match after {
        Message::TcpHandshake | Message::ConnectionRequest => "at the connection request",
        Message::ProxyRequest => "at the proxy",
        Message::GatewayRequest | Message::GatewayPacket => "at the gateway",
        Message::ConnectionConfirm => "after the connection confirm",
        Message::ClientHello => "at the ClientHello",
        Message::ServerHello | Message::Certificate | Message::ServerHelloDone => {
            "in the TLS handshake"
        }
        Message::ClientFinished | Message::ServerFinished => "at the end of the TLS handshake",
        Message::CredSspNegotiate
        | Message::CredSspChallenge
        | Message::CredSspAuthenticate
        | Message::CredSspAccepted
        | Message::CredSspCredentials
        | Message::LogonAuthorization => "during NLA",
        Message::McsConnectInitial
        | Message::McsConnectResponse
        | Message::ChannelJoin
        | Message::ChannelJoined
        | Message::ClientInformation
        | Message::LicenseRequest
        | Message::LicenseResponse
        | Message::LicenseDone
        | Message::DemandActive
        | Message::ConfirmActive
        | Message::FontMap => "while the session is set up",
        Message::SessionData => "in the session",
    }
}

/// The time until the ladder ended.
fn ladder_took(report: &Report) -> Option<f64> {
    report
        .phases
        .iter()
        .filter_map(|rung| Some(rung.started_ms? + rung.took_ms?))
        .max_by(f64::total_cmp)
        .or(report.took_ms)
}

/// A change, and how it should look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed, as what the host does.
    pub says: String,
    /// Whether that is good.
    pub tone: Tone,
}

/// How a change should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It works again.
    Good,
    /// It does not work any more, or in another manner.
    Bad,
    /// Worth a look.
    Odd,
}

/// What changed from one look to the next. `down_for` says how long the host has not worked, and `usual` how long
/// looks at it usually take.
pub fn changes(
    before: &Snapshot,
    after: &Snapshot,
    down_for: Option<f64>,
    usual: Option<f64>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut say = |tone, says: String| changes.push(Change { says, tone });
    match (before.works, after.works) {
        (true, false) => say(Tone::Bad, format!("now {}", after.manner)),
        (false, false) if before.manner != after.manner => say(
            Tone::Bad,
            format!("now {}; before, it {}", after.manner, before.manner),
        ),
        (false, true) => say(
            Tone::Good,
            match down_for {
                Some(millis) => format!("answers again, after {}", long(millis)),
                None => "answers again".to_owned(),
            },
        ),
        _ => {}
    }
    let differs = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) if one != other => Some(format!("{other} instead of {one}")),
        _ => None,
    };
    if let Some(says) = differs(&before.security, &after.security) {
        say(Tone::Odd, says);
    }
    if let Some(says) = differs(&before.tls, &after.tls) {
        say(Tone::Odd, says);
    }
    if let (Some((old, ..)), Some((new, name, expires))) = (&before.certificate, &after.certificate)
        && old != new
    {
        say(
            Tone::Odd,
            format!(
                "certificate changed: {name}, {}, expires {expires}",
                new.chars().take(12).collect::<String>()
            ),
        );
    }
    if !before.addresses.is_empty()
        && !after.addresses.is_empty()
        && before.addresses != after.addresses
    {
        let list = |addresses: &BTreeSet<IpAddr>| {
            let all: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            all.join(", ")
        };
        say(
            Tone::Odd,
            format!(
                "name leads to {} instead of {}",
                list(&after.addresses),
                list(&before.addresses)
            ),
        );
    }
    if after.works {
        for new in after.troubles.difference(&before.troubles) {
            say(Tone::Odd, format!("new: {new}"));
        }
        for gone in before.troubles.difference(&after.troubles) {
            say(Tone::Good, format!("mended: {gone}"));
        }
        if before.works
            && let (Some(usual), Some(was), Some(took)) = (usual, before.took, after.took)
        {
            let slow = |took: f64| took > usual * SLOWER.0 && took > usual + SLOWER.1;
            match (slow(was), slow(took)) {
                (false, true) => say(
                    Tone::Odd,
                    format!(
                        "answers slowly: {}, usually {}",
                        duration(took),
                        duration(usual)
                    ),
                ),
                (true, false) => say(Tone::Good, "answers as fast as before".to_owned()),
                _ => {}
            }
        }
    }
    changes
}

/// A long time in its two largest units.
pub fn long(millis: f64) -> String {
    if millis < 60_000.0 {
        return duration(millis);
    }
    #[expect(clippy::as_conversions, reason = "a time for people, whole seconds")]
    let seconds = (millis / 1000.0).round() as u64;
    match seconds {
        0..=3_599 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..=86_399 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} days {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn works() -> Snapshot {
        Snapshot {
            works: true,
            security: Some("NLA".to_owned()),
            tls: Some("TLS 1.3".to_owned()),
            certificate: Some((
                "aa11".to_owned(),
                "srv01".to_owned(),
                "2027-01-01".to_owned(),
            )),
            took: Some(20.0),
            ..Snapshot::default()
        }
    }

    fn fails(manner: &str) -> Snapshot {
        Snapshot {
            manner: manner.to_owned(),
            ..Snapshot::default()
        }
    }

    fn says(before: &Snapshot, after: &Snapshot) -> Vec<String> {
        changes(before, after, Some(90_000.0), Some(20.0))
            .into_iter()
            .map(|change| change.says)
            .collect()
    }

    #[test]
    fn what_did_not_change_is_not_told() {
        assert!(says(&works(), &works()).is_empty());
        let same = fails("does not answer");
        assert!(says(&same, &same).is_empty());
        // A look that fails early saw nothing of what comes later: that is no change of its own.
        assert_eq!(
            says(&works(), &fails("does not answer")),
            ["now does not answer"]
        );
    }

    #[test]
    fn changes_are_told_as_what_the_host_does() {
        assert_eq!(
            says(&fails("resets at the ClientHello"), &works()),
            ["answers again, after 1 min 30 s"]
        );
        assert_eq!(
            says(&fails("does not answer"), &fails("refuses the connection")),
            ["now refuses the connection; before, it does not answer"]
        );
        let renewed = Snapshot {
            certificate: Some((
                "bb22".to_owned(),
                "srv01".to_owned(),
                "2028-01-01".to_owned(),
            )),
            tls: Some("TLS 1.2".to_owned()),
            ..works()
        };
        assert_eq!(
            says(&works(), &renewed),
            [
                "TLS 1.2 instead of TLS 1.3",
                "certificate changed: srv01, bb22, expires 2028-01-01"
            ]
        );
    }

    #[test]
    fn what_was_renewed_while_it_failed_is_told_when_it_works() {
        let mut down = fails("does not answer");
        down.remember(&works());
        let renewed = Snapshot {
            certificate: Some((
                "bb22".to_owned(),
                "srv01".to_owned(),
                "2028-01-01".to_owned(),
            )),
            ..works()
        };
        assert_eq!(
            says(&down, &renewed),
            [
                "answers again, after 1 min 30 s",
                "certificate changed: srv01, bb22, expires 2028-01-01"
            ]
        );
    }

    #[test]
    fn slow_is_told_once() {
        let slow = Snapshot {
            took: Some(900.0),
            ..works()
        };
        assert_eq!(
            says(&works(), &slow),
            ["answers slowly: 900 ms, usually 20 ms"]
        );
        assert!(says(&slow, &slow).is_empty());
        assert_eq!(says(&slow, &works()), ["answers as fast as before"]);
    }
}
