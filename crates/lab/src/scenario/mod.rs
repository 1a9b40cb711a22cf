//! Scenarios: what a lab run looks like and what the doctor has to find, as TOML.
//!
//! A scenario lives in `scenarios/<phase>/<name>.toml` and is called `<phase>/<name>`. The format is
//! described in `docs/lab.md` and carries its version. A key that is not known is refused: a scenario
//! with a misspelt fault would otherwise be a healthy server that is expected to be ill.

mod network;
mod protocols;
mod script;
mod told;

use std::borrow::Cow;

use model::ClientProfile;
use model::codes::Protocols;
use rust_embed::RustEmbed;
use serde::{Deserialize, Deserializer};

use crate::toxics::Toxic;
use crate::{forwarder, gateway};

pub use network::{Address, Icmp, Network, OtherPorts, Resolver, Syn, Udp};
pub use protocols::{protocols, spell};
pub use script::{
    Act, Asked, CredSsp, Fault, Hello, Ntlm, Payload, Script, Session, Stage, Then, TlsSettings,
    Version, When,
};
pub use told::Told;

/// The version of the format: the `format` of every scenario.
pub const FORMAT: &str = "rdpdoctor/scenario/1";

/// A run of the lab with the diagnosis it has to lead to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// `<phase>/<name>`, from the place of the file.
    #[serde(skip)]
    pub id: String,
    /// The version of the format.
    pub format: Format,
    /// One sentence that says what is wrong, or what is there when nothing is.
    pub what: String,
    /// The client whose connection fails.
    #[serde(default)]
    pub client: Client,
    /// Names, addresses and what happens to a SYN.
    #[serde(default)]
    pub network: Network,
    /// The RD Gateway before the server, where there is one.
    pub gateway: Option<gateway::Script>,
    /// The proxy that the client goes through, where there is one.
    pub proxy: Option<forwarder::Script>,
    /// The server.
    #[serde(default)]
    pub server: Script,
    /// What lies between them.
    #[serde(default)]
    pub link: LinkSettings,
    /// What does not come over the wire.
    #[serde(default)]
    pub told: Told,
    /// It shows only when everything is looked at.
    #[serde(default)]
    pub in_full: bool,
    /// What the doctor has to find.
    pub expect: Expect,
}

impl Scenario {
    /// Something stands before the server: an RD Gateway or a proxy.
    pub const fn has_front(&self) -> bool {
        self.gateway.is_some() || self.proxy.is_some()
    }
}

/// The client whose connection fails.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Client {
    /// The name or address it dials.
    pub name: String,
    /// The port it dials.
    pub port: u16,
    /// The RD Gateway it goes through, when what is told is about one.
    pub gateway: String,
    /// The proxy it goes through, when what is told is about one.
    pub proxy: String,
    /// The security protocols it offers.
    #[serde(deserialize_with = "protocol_list")]
    pub offers: Protocols,
    /// It goes on to the desktop.
    pub to_desktop: bool,
    /// It logs on as this user, with a password that the lab never knows.
    pub user: Option<String>,
}

impl Default for Client {
    fn default() -> Self {
        Self {
            name: "pc-17.lab.test".to_owned(),
            port: model::target::RDP_PORT,
            gateway: String::new(),
            proxy: String::new(),
            offers: ClientProfile::default().offers,
            to_desktop: false,
            user: None,
        }
    }
}

/// What lies between client and server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkSettings {
    /// The round-trip time without jitter, in milliseconds.
    pub round_trip_ms: u64,
    /// The most a piece is late, in milliseconds, drawn evenly.
    pub jitter_ms: u64,
    /// What damages the bytes, in the order in which they pass.
    pub toxic: Vec<Toxic>,
}

/// What the doctor has to find.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How the connection stands.
    pub outcome: Outcome,
    /// The cause that has to come first; absent when nothing is found. On a healthy host it is good to know.
    pub top: Option<String>,
    /// Causes that look the same from outside; one of them may come first too, but the top one must
    /// be among the findings.
    #[serde(default)]
    pub or: Vec<String>,
    /// The family of root causes.
    pub family: Option<String>,
    /// The least it has to be sure of.
    pub verdict: Option<Verdict>,
}

/// How a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing is wrong.
    Healthy,
    /// It works, and something should be mended.
    Degraded,
    /// It fails.
    Failing,
    /// What is told does not say.
    Unknown,
}

/// How sure the doctor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It cannot be ruled out.
    Possible,
    /// Much speaks for it.
    Likely,
    /// Nothing else can be.
    Proven,
}

/// The version of the format; only [`FORMAT`] is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format;

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = String::deserialize(deserializer)?;
        if found == FORMAT {
            Ok(Self)
        } else {
            Err(serde::de::Error::custom(format!(
                "the format is `{FORMAT}`, not `{found}`"
            )))
        }
    }
}

/// A scenario that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none of this name.
    #[error("there is no scenario `{name}`{}", near.as_ref().map_or(String::new(), |near| format!("; did you mean `{near}`?")))]
    Unknown {
        /// The name asked for.
        name: String,
        /// One that sounds like it.
        near: Option<String>,
    },
    /// The short name stands for several.
    #[error("`{name}` can be {}", among.join(" or "))]
    Ambiguous {
        /// The name asked for.
        name: String,
        /// What it can stand for.
        among: Vec<String>,
    },
    /// It cannot be read.
    #[error("cannot read scenario {id}: {source}")]
    Malformed {
        /// Its name.
        id: String,
        /// Why not.
        source: Box<toml::de::Error>,
    },
    /// It contradicts itself.
    #[error("scenario {id} makes no sense: {why}")]
    Senseless {
        /// Its name.
        id: String,
        /// In which way.
        why: String,
    },
}

#[derive(RustEmbed)]
#[folder = "scenarios"]
struct Files;

/// The names of all scenarios that come with the lab, in ladder order and then by name.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = Files::iter()
        .filter_map(|path| path.strip_suffix(".toml").map(str::to_owned))
        .collect();
    let rung = |name: &str| {
        let phase = name.split('/').next().unwrap_or_default();
        model::Phase::ALL
            .iter()
            .position(|known| known.slug() == phase)
    };
    // Healthy ones, which belong to no rung, come first; those beside the way to a host come last.
    let beside = |name: &str| name.starts_with("gateway/") || name.starts_with("proxy/");
    names.sort_by(|a, b| (beside(a), rung(a), a).cmp(&(beside(b), rung(b), b)));
    names
}

/// Every scenario that comes with the lab, those included that only files and people can tell of; those of
/// [`fronts`] apart.
pub fn every() -> Result<Vec<Scenario>, Error> {
    let mut scenarios = embedded_all()?;
    scenarios.retain(|scenario| !scenario.has_front());
    Ok(scenarios)
}

/// Every scenario with an RD Gateway or a proxy before the server.
pub fn fronts() -> Result<Vec<Scenario>, Error> {
    let mut scenarios = embedded_all()?;
    scenarios.retain(Scenario::has_front);
    Ok(scenarios)
}

fn embedded_all() -> Result<Vec<Scenario>, Error> {
    names().iter().map(|name| embedded(name)).collect()
}

/// Every scenario that the lab itself can show to an ordinary look: all there is to know of it comes over the
/// wire.
pub fn all() -> Result<Vec<Scenario>, Error> {
    let mut scenarios = every()?;
    scenarios.retain(|scenario| {
        scenario.told.is_empty()
            && !scenario.in_full
            && !scenario.client.to_desktop
            && scenario.client.user.is_none()
    });
    Ok(scenarios)
}

/// The scenario called `name`: `phase/name`, or `name` alone when only one phase has it.
pub fn find(name: &str) -> Result<Scenario, Error> {
    let wanted = name
        .trim()
        .trim_end_matches(".toml")
        .to_lowercase()
        .replace(['_', ' '], "-");
    let wanted = if wanted.contains('/') {
        wanted
    } else {
        wanted.replacen('.', "/", 1)
    };
    let names = names();
    if names.contains(&wanted) {
        return embedded(&wanted);
    }
    let mut same: Vec<String> = names
        .iter()
        .filter(|known| known.rsplit('/').next() == Some(wanted.as_str()))
        .cloned()
        .collect();
    match (same.pop(), same.is_empty()) {
        (Some(only), true) => embedded(&only),
        (Some(last), false) => {
            same.push(last);
            Err(Error::Ambiguous {
                name: name.to_owned(),
                among: same,
            })
        }
        (None, _) => {
            let near = names
                .into_iter()
                .min_by_key(|known| {
                    let short = known.rsplit('/').next().unwrap_or_default();
                    distance(&wanted, known).min(distance(&wanted, short))
                })
                .filter(|known| {
                    let short = known.rsplit('/').next().unwrap_or_default();
                    distance(&wanted, known).min(distance(&wanted, short)) <= 4
                });
            Err(Error::Unknown {
                name: name.to_owned(),
                near,
            })
        }
    }
}

/// Reads a scenario called `id` from `text`.
pub fn read(id: &str, text: &str) -> Result<Scenario, Error> {
    let mut scenario: Scenario = toml::from_str(text).map_err(|source| Error::Malformed {
        id: id.to_owned(),
        source: Box::new(source),
    })?;
    scenario.id = id.to_owned();
    let senseless = |why: String| Error::Senseless {
        id: id.to_owned(),
        why,
    };
    let Expect {
        outcome,
        top,
        family,
        ..
    } = &scenario.expect;
    match (outcome, top, family) {
        // What is found on a healthy host is good to know.
        (Outcome::Healthy, None, None) | (_, Some(_), Some(_)) => {}
        (Outcome::Healthy, ..) => {
            return Err(senseless("`top` and `family` go together".to_owned()));
        }
        (..) => {
            return Err(senseless(
                "a run that is not healthy needs `top` and `family`".to_owned(),
            ));
        }
    }
    scenario.server.check().map_err(senseless)?;
    if let Some(gateway) = &scenario.gateway {
        gateway.check().map_err(senseless)?;
    }
    if let Some(proxy) = &scenario.proxy {
        proxy.check().map_err(senseless)?;
    }
    scenario.network.check().map_err(senseless)?;
    scenario.told.check().map_err(senseless)?;
    Ok(scenario)
}

fn embedded(id: &str) -> Result<Scenario, Error> {
    let unknown = || Error::Unknown {
        name: id.to_owned(),
        near: None,
    };
    let file = Files::get(&format!("{id}.toml")).ok_or_else(unknown)?;
    let text: Cow<'_, str> = String::from_utf8_lossy(&file.data);
    read(id, &text)
}

/// Reads a list of protocol names.
fn protocol_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Protocols, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    protocols(&words).map_err(serde::de::Error::custom)
}

/// Edits that turn one word into the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let cost = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = cost.min(*cell + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
