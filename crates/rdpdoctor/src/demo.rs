//! The main job against the built-in lab: nothing to install, nothing to reach.
//!
//! A fault that sockets can show is served on loopback and looked at as any host would be. One that only a
//! network can show (a name that does not exist, an ICMP error) is played in memory, by the same plan and
//! the same machines.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{SystemTime, UNIX_EPOCH};

use lab::loopback::{self, Served};
use lab::scenario::{self, OtherPorts, Outcome, Scenario, Syn};
use lab::toxics::Toxic;
use model::{
    Evidence, Fact, HostName, Observation, Phase, Place, Resolver, Source, Target, UnixSeconds,
};
use probe::{Case, Options, Progress};

use crate::failure::Failure;
use crate::rehearse;

/// The fault that is shown when none is named: the one people paste most and understand least.
const USUAL: &str = "secure/reset-at-hello";

/// A fault, ready to be looked at. What serves it ends when it is dropped.
#[derive(Debug)]
pub struct Demo {
    /// The scenario.
    pub scenario: Scenario,
    /// What to look at.
    pub target: Target,
    /// Where it is served; nowhere when only memory can show it.
    served: Option<Served>,
}

/// A fault that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its name: `<phase>/<name>`.
    pub name: String,
    /// What is wrong, in one sentence.
    pub what: String,
    /// The cause that a look at it finds; none when nothing is wrong.
    pub cause: Option<String>,
    /// It is played in memory.
    pub in_memory: bool,
}

/// Every fault that can be shown, in ladder order; healthy hosts come first.
pub fn list() -> Result<Vec<Shown>, Failure> {
    let scenarios = scenario::all().map_err(ours)?;
    Ok(scenarios
        .into_iter()
        .map(|scenario| Shown {
            in_memory: in_memory(&scenario).is_some(),
            name: scenario.id,
            what: scenario.what,
            cause: scenario.expect.top,
        })
        .collect())
}

/// Every fault the lab can serve: those that can be shown, and those of gateways and proxies.
pub fn in_lab() -> Result<Vec<Shown>, Failure> {
    let mut shown = list()?;
    shown.extend(
        scenario::fronts()
            .map_err(ours)?
            .into_iter()
            .map(|scenario| Shown {
                in_memory: false,
                name: scenario.id,
                what: scenario.what,
                cause: scenario.expect.top,
            }),
    );
    Ok(shown)
}

/// Finds a fault by its name, by the end of its name, or by the cause it shows; without one, takes the
/// usual one.
pub fn find(fault: Option<&str>) -> Result<Scenario, Failure> {
    let name = fault.unwrap_or(USUAL);
    match scenario::find(name) {
        Ok(scenario) => Ok(scenario),
        Err(error) => {
            let by_cause = scenario::all()
                .map_err(ours)?
                .into_iter()
                .find(|scenario| scenario.expect.top.as_deref() == Some(name));
            by_cause.ok_or_else(|| {
                Failure::usage(format!(
                    "{error}; rdpdoctor demo --list shows what there is"
                ))
            })
        }
    }
}

/// Why a fault is played in memory: sockets on loopback cannot show it, or cannot show what tells it from its
/// neighbours.
fn in_memory(scenario: &Scenario) -> Option<&'static str> {
    let addresses = scenario.network.address.iter();
    let swallows = |toxic: &Toxic| matches!(toxic, Toxic::Swallow(_));
    loopback::in_memory_only(scenario).or_else(|| {
        if scenario.link.toxic.iter().any(swallows) {
            Some("segments on loopback are as large as what is written")
        } else if scenario.id.starts_with("reach/") {
            Some("there is no way to loopback on which something could happen")
        } else if scenario.client.port != model::target::RDP_PORT {
            Some("the usual port of loopback is not the lab's")
        } else if scenario.network.other_ports == OtherPorts::Silent
            && addresses.clone().any(|one| one.syn == Syn::Silent)
        {
            Some("other ports of loopback answer")
        } else if addresses.clone().any(|one| one.when.from.is_some()) {
            Some("connections that are refused at the door cannot be counted")
        } else {
            None
        }
    })
}

/// Starts a fault.
pub async fn start(fault: Option<&str>) -> Result<Demo, Failure> {
    let scenario = find(fault)?;
    if scenario.has_front() {
        return Err(Failure::usage(format!(
            "{0} is a fault of a gateway or a proxy: rdpdoctor lab {0} serves it",
            scenario.id
        )));
    }
    let mut target = rehearse::target(&scenario);
    let served = match in_memory(&scenario) {
        Some(_) => None,
        None => {
            let settings = loopback::Settings::default();
            Some(loopback::serve(&scenario, settings).await.map_err(ours)?)
        }
    };
    if let Some(address) = served.as_ref().and_then(|served| served.addresses.first()) {
        target.port = address.port();
        if target.address.is_some() {
            target.address = Some(address.ip());
            target.host = HostName(address.ip().to_string());
            target.input = address.to_string();
        }
    }
    Ok(Demo {
        scenario,
        target,
        served,
    })
}

impl Demo {
    /// The fault is played in memory, for this reason.
    pub fn in_memory(&self) -> Option<&'static str> {
        in_memory(&self.scenario)
    }

    /// A healthy host.
    pub fn is_healthy(&self) -> bool {
        self.scenario.expect.outcome == Outcome::Healthy
    }

    /// Opens the case: the lab answers for its own names, which no resolver knows. `None` when the fault is
    /// played in memory.
    pub fn case(&self, options: Options) -> Option<Case> {
        let served = self.served.as_ref()?;
        let mut case = Case::open(self.target.clone(), options, now());
        if self.target.address.is_none() {
            let resolver = self.scenario.network.resolver;
            // Where the fault is not the name's, the lab's own name service answers: had the system's led a
            // name to this machine, that would be a finding of its own.
            let via = if self.scenario.id.starts_with("resolve/") {
                Resolver::System
            } else {
                Resolver::Server(SocketAddr::from((Ipv4Addr::LOCALHOST, 53)))
            };
            case.evidence.seen.push(Observation {
                at: Some(model::Micros::ZERO),
                place: Some(Place::host(Phase::Resolve)),
                source: Source::Stated,
                vantage: String::new(),
                look: None,
                fact: Fact::NameResolved {
                    name: self.target.host.clone(),
                    addresses: served.addresses.iter().map(SocketAddr::ip).collect(),
                    via,
                    took: model::Micros::from_millis(resolver.took_ms),
                },
            });
        }
        Some(case)
    }

    /// Looks at it.
    pub async fn look(
        &self,
        options: Options,
        progress: impl FnMut(Progress<'_>),
    ) -> Result<Evidence, Failure> {
        match self.case(options.clone()) {
            Some(mut case) => {
                case.run(progress).await;
                Ok(case.evidence)
            }
            None => self.play(options),
        }
    }

    /// Plays it in memory.
    pub fn play(&self, options: Options) -> Result<Evidence, Failure> {
        let settings = rehearse::Settings {
            options,
            opened_at: now(),
            ..rehearse::Settings::default()
        };
        Ok(rehearse::play(&self.scenario, &settings)?)
    }
}

/// A fault of the lab is ours, not the user's.
fn ours(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::from(anyhow::Error::new(error))
}

/// The wall clock.
fn now() -> UnixSeconds {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixSeconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
