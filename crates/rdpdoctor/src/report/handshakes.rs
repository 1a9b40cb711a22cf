//! What whole handshakes of a survey showed: the answer to a hello with a post-quantum share, and whether sessions of TLS
//! are taken up again.

use model::codes::{TlsGroup, TlsVersion};
use model::{Ending, Evidence, Fact, Resumption};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a server answers the hello of a client with a post-quantum key share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostQuantumReport {
    /// The size of the hello in bytes.
    pub hello_bytes: u32,
    /// TLS came up.
    pub established: bool,
    /// The group with which keys were exchanged.
    pub group: Option<String>,
    /// The answer in words.
    pub answer: String,
}

/// Whether a session of TLS can be taken up again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResumptionReport {
    /// The version.
    pub version: String,
    /// The server gave a session to take up again.
    pub given: bool,
    /// It took it up on the next connection; `null` when that was not tried or not answered.
    pub taken: Option<bool>,
}

/// What whole handshakes showed.
pub fn read(evidence: &Evidence) -> (Option<PostQuantumReport>, Vec<ResumptionReport>) {
    let (mut post_quantum, mut resumption) = (None, Vec::<ResumptionReport>::new());
    for look in evidence
        .tried
        .iter()
        .filter(|tried| tried.probe == "handshake" && tried.at.is_some())
    {
        let facts = || {
            let own = evidence
                .seen
                .iter()
                .filter(|seen| seen.look == Some(look.look));
            own.map(|seen| &seen.fact)
        };
        let Some((version, size)) = facts().find_map(|fact| match fact {
            Fact::TlsOffered { highest, size, .. } => Some((*highest, *size)),
            _ => None,
        }) else {
            continue;
        };
        let what = facts().find_map(|fact| match fact {
            Fact::TlsResumption { what, .. } => Some(*what),
            _ => None,
        });
        let established = facts().any(|fact| matches!(fact, Fact::TlsEstablished { .. }));
        let name = version.to_string();
        let place = resumption.iter().position(|own| own.version == name);
        match (place, what) {
            (Some(place), Some(what)) => {
                if let Some(own) = resumption.get_mut(place) {
                    own.taken = Some(what == Resumption::Taken);
                }
            }
            (None, what) if established => resumption.push(ResumptionReport {
                version: name,
                given: what == Some(Resumption::Given),
                taken: None,
            }),
            _ => {}
        }
        // The first look of the version is the one with the large share.
        if version >= TlsVersion::TLS1_3 && place.is_none() && post_quantum.is_none() {
            let group = facts()
                .filter_map(|fact| match fact {
                    Fact::TlsKeyExchanged { group, .. } => *group,
                    _ => None,
                })
                .next_back();
            post_quantum = large_hello(facts(), size, established, group);
        }
    }
    (post_quantum, resumption)
}

/// Whether sessions are taken up again, in the fewest lines.
pub fn resumption_table(all: &[ResumptionReport], line: &mut impl FnMut(&str, String)) {
    let mut said: Vec<(&str, Vec<&str>)> = Vec::new();
    for own in all {
        let says = match (own.given, own.taken) {
            (false, _) => "gives no session to take up again",
            (true, Some(true)) => "sessions are taken up again",
            (true, Some(false)) => "gives sessions and does not take them up again",
            (true, None) => "gives sessions to take up again",
        };
        match said.iter_mut().find(|(known, _)| *known == says) {
            Some((_, versions)) => versions.push(&own.version),
            None => said.push((says, vec![&own.version])),
        }
    }
    for (index, (says, versions)) in said.into_iter().enumerate() {
        let about = if index == 0 { "resumes" } else { "" };
        line(about, format!("{}: {says}", versions.join(", ")));
    }
}

/// The answer to a hello with a post-quantum share, when there was one.
fn large_hello<'f>(
    facts: impl Iterator<Item = &'f Fact> + Clone,
    size: u32,
    established: bool,
    group: Option<TlsGroup>,
) -> Option<PostQuantumReport> {
    let instead = facts.clone().find_map(|fact| match fact {
        Fact::TlsAlerted { alert, .. } => Some(format!("refused (alert {alert})")),
        Fact::TlsRejected { .. } | Fact::NotTls { .. } => {
            Some("answered with something that is no TLS".to_owned())
        }
        Fact::Ended { how, .. } => Some(match how {
            Ending::Silence => "not answered".to_owned(),
            _ => "the connection is ended".to_owned(),
        }),
        _ => None,
    });
    let answer = match (established, group, instead) {
        (true, Some(group), _) if group.is_post_quantum() => format!("{group} is taken"),
        (true, Some(group), _) => format!("taken, with {group} instead"),
        (true, None, _) => "taken".to_owned(),
        (false, _, instead) => instead?,
    };
    Some(PostQuantumReport {
        hello_bytes: size,
        established,
        group: group.map(|group| group.to_string()),
        answer,
    })
}
