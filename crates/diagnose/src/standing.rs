//! Where the client stands on the ladder: how each rung went, told from the looks that behave as it does.

mod climb;
mod stretch;

use std::collections::BTreeSet;

use model::codes::Protocols;
use model::{
    AttemptOutcome, Evidence, Fact, FactKind, Leg, Micros, Observation, Phase, Place, Resolver,
    Source,
};

use crate::diagnosis::{NotChecked, Rung, RungOutcome};
use crate::index::Index;
use crate::view::{offers_side_transport, refused_on_the_way};
pub(crate) use climb::is_by_rpc;
use climb::leaves_unasked;
use stretch::Stretch;

/// The ladder as far as it was climbed.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) rungs: Vec<Rung>,
    pub(crate) not_checked: Vec<NotChecked>,
    /// Client and server agreed on RDP's own security: there is no TLS to be seen.
    without_tls: bool,
}

impl Standing {
    /// The last rung that was passed.
    pub(crate) fn reached(&self) -> Option<Place> {
        let stop = self.stopped_at();
        self.rungs
            .iter()
            .take_while(|rung| Some(rung.place) != stop)
            .filter(|rung| rung.place.leg != Leg::Side)
            .filter(|rung| matches!(rung.outcome, RungOutcome::Passed | RungOutcome::Warned))
            .map(|rung| rung.place)
            .last()
    }

    /// The rung on which the client fails.
    pub(crate) fn stopped_at(&self) -> Option<Place> {
        self.rungs
            .iter()
            .find(|rung| rung.outcome == RungOutcome::Failed)
            .map(|rung| rung.place)
    }

    /// How the rung went, when it was looked at.
    pub(crate) fn outcome(&self, place: Place) -> Option<RungOutcome> {
        self.rungs
            .iter()
            .find(|rung| rung.place == place)
            .map(|rung| rung.outcome)
    }

    /// The connection got as far as a client without credentials can get.
    pub(crate) fn arrived(&self) -> bool {
        self.reached().is_some_and(|place| {
            place.leg == Leg::Host
                && (place.phase >= Phase::Secure
                    || (place.phase == Phase::Negotiate && self.without_tls))
        })
    }
}

/// Climbs the ladder with the evidence.
pub(crate) fn stand(index: &Index<'_>) -> Standing {
    let target = &index.evidence.target;
    let mut rungs = Vec::new();
    let mut not_checked = Vec::new();
    let mut ended = false;
    let mut without_tls = false;
    for leg in Leg::ALL {
        let phases: Vec<Phase> = target
            .ladder()
            .into_iter()
            .filter(|place| place.leg == *leg)
            .map(|place| place.phase)
            .collect();
        if phases.is_empty() {
            continue;
        }
        let leg = Stretch::of(index, *leg);
        if leg.is_untouched() && leg.leg != Leg::Host {
            not_checked.push(NotChecked {
                what: leg.leg.slug().to_owned(),
                why: "it was not looked at: the host was tried directly".to_owned(),
            });
            continue;
        }
        // Behind a gateway that was not passed, there is nothing to be said of the host.
        if leg.is_untouched() && target.gateway.is_some() && !rungs.is_empty() {
            if !ended {
                not_checked.push(NotChecked {
                    what: "the host".to_owned(),
                    why: "it lies behind the gateway, and no user for the gateway was given (--gateway-user)"
                        .to_owned(),
                });
            }
            continue;
        }
        without_tls |= leg.leg == Leg::Host
            && leg
                .climbs
                .iter()
                .any(|climb| climb.chosen == Some(Protocols::RDP));
        for phase in phases {
            let mut rung = leg.rung(phase, target);
            leg.judge_certificate(&mut rung, target);
            if ended {
                if rung.outcome == RungOutcome::Skipped {
                    rung.outcome = RungOutcome::NotReached;
                    rung.says.clear();
                }
            } else if rung.outcome == RungOutcome::Failed {
                ended = true;
            }
            // Later rungs that nobody asked for are no part of the picture.
            let asked_for = phase <= Phase::Authenticate
                || !matches!(rung.outcome, RungOutcome::Skipped | RungOutcome::NotReached);
            if asked_for {
                rungs.push(rung);
            }
        }
    }
    rungs.extend(side(index));
    not_checked.extend(unlooked(index.evidence, &rungs));
    Standing {
        rungs,
        not_checked,
        without_tls,
    }
}

/// The side transport over UDP, when we asked for it: beside the ladder, because a session lives without it. That
/// a host has none is no fault; that one which should answer does not is worth a word.
fn side(index: &Index<'_>) -> Option<Rung> {
    let ours = |kind: FactKind| {
        index
            .of_kind(kind)
            .find(|observation| observation.source == Source::Probe)
    };
    let expected = || {
        index
            .of_kind(FactKind::NtlmChallenged)
            .any(|observation| offers_side_transport(&observation.fact))
    };
    let observation = ours(FactKind::UdpAnswered)
        .or_else(|| ours(FactKind::UdpUnreachable))
        .or_else(|| ours(FactKind::UdpSilent))?;
    let (outcome, took, says) = match &observation.fact {
        Fact::UdpAnswered {
            version, mtu, took, ..
        } => {
            let version = match version {
                Some(0x0101) => "version 3".to_owned(),
                Some(version) => format!("version {version}"),
                None => "answers".to_owned(),
            };
            let mtu = mtu.map_or_else(String::new, |mtu| format!(", datagrams of {mtu} bytes"));
            (RungOutcome::Passed, *took, format!("{version}{mtu}"))
        }
        fact @ Fact::UdpUnreachable { icmp, .. } if refused_on_the_way(fact) => (
            RungOutcome::Warned,
            Micros::ZERO,
            format!("{}: sessions run over TCP alone", icmp.says()),
        ),
        Fact::UdpSilent { to, waited, .. } if expected() => (
            RungOutcome::Warned,
            *waited,
            format!(
                "no answer on {}/udp: sessions run over TCP alone",
                to.port()
            ),
        ),
        Fact::UdpSilent { waited, .. } => (
            RungOutcome::Skipped,
            *waited,
            "no answer: sessions run over TCP".to_owned(),
        ),
        _ => (
            RungOutcome::Skipped,
            Micros::ZERO,
            "not offered: sessions run over TCP".to_owned(),
        ),
    };
    let took = (took > Micros::ZERO).then_some(took);
    Some(Rung {
        place: observation.place?,
        outcome,
        started: observation.at.zip(took).map(|(at, took)| at.since(took)),
        took,
        says,
    })
}

/// The server took its leave of a look before it showed a desktop, which may be for what our looks lack.
fn leaves_early(evidence: &Evidence) -> bool {
    evidence.tried.iter().any(|attempt| {
        let own = evidence.seen.iter();
        let own: Vec<&Observation> = own.filter(|seen| seen.look == Some(attempt.look)).collect();
        leaves_unasked(&own) == Some(true)
    })
}

/// How many addresses the name has that were not tried, where none of those that were tried opened.
fn untried_addresses(evidence: &Evidence) -> usize {
    let mut named = BTreeSet::new();
    let mut tried = BTreeSet::new();
    for seen in &evidence.seen {
        if seen.place.is_some_and(|place| place.leg != Leg::Host) {
            continue;
        }
        match &seen.fact {
            Fact::NameResolved {
                addresses,
                via: Resolver::System,
                ..
            } => named.extend(addresses.iter().copied()),
            Fact::TcpOpened { .. } => return 0,
            Fact::TcpRefused { to, .. }
            | Fact::TcpUnreachable { to, .. }
            | Fact::TcpSilent { to, .. }
            | Fact::NoRoute { to, .. }
            | Fact::LocallyForbidden { to, .. } => {
                tried.insert(to.ip());
            }
            _ => {}
        }
    }
    if tried.is_empty() {
        return 0;
    }
    named.difference(&tried).count()
}

/// What nobody looked at, and what it would take.
fn unlooked(evidence: &Evidence, rungs: &[Rung]) -> Vec<NotChecked> {
    let mut missing = Vec::new();
    let mut say = |what: &str, why: &str| {
        missing.push(NotChecked {
            what: what.to_owned(),
            why: why.to_owned(),
        });
    };
    let recorded = !evidence.tried.is_empty()
        && evidence
            .tried
            .iter()
            .all(|attempt| attempt.probe == "capture");
    let later = rungs
        .iter()
        .any(|rung| rung.place.phase > Phase::Authenticate);
    let seen = |kind: FactKind| evidence.seen.iter().any(|seen| seen.fact.kind() == kind);
    let accepted = seen(FactKind::LogonAccepted);
    // A logon was tried, and how it ended is told.
    let refused = evidence
        .tried
        .iter()
        .any(|attempt| attempt.probe == "logon" && attempt.outcome == AttemptOutcome::Ran)
        || seen(FactKind::TicketAnswered);
    let encrypted = evidence
        .seen
        .iter()
        .any(|seen| seen.fact.kind() == FactKind::TlsEstablished);
    if recorded {
        // Where the server's refusal could be read, so could all that matters.
        if !later && encrypted && !seen(FactKind::CredSspRefused) {
            say(
                "logon",
                "it is encrypted; with its keys, --keylog FILE reads it",
            );
        }
    } else if accepted {
        if !later {
            say("session", "--to desktop goes on to it");
        }
    } else if refused && seen(FactKind::SessionRan) && !seen(FactKind::LogonNotified) {
        say(
            "logon",
            "the server takes it inside the session and did not say how it ended",
        );
    } else if !refused && (!later || seen(FactKind::SettingsAnswered)) {
        let forgone = evidence.tried.iter().find_map(|attempt| {
            match (&attempt.outcome, attempt.probe.as_str()) {
                (AttemptOutcome::Skipped(why), "logon") => Some(why.as_str()),
                _ => None,
            }
        });
        say("logon", forgone.unwrap_or("no user was given"));
    }
    let untried = untried_addresses(evidence);
    if untried > 0 {
        let what = match untried {
            1 => "one more address of the name".to_owned(),
            more => format!("{more} more addresses of the name"),
        };
        say(&what, "others were tried first");
    }
    for attempt in &evidence.tried {
        if let (AttemptOutcome::Skipped(why), "origin") = (&attempt.outcome, attempt.probe.as_str())
        {
            say(&attempt.says, why);
        }
    }
    if leaves_early(evidence) {
        say(
            "the desktop",
            "the server took its leave before it showed one; some, such as GNOME's, insist on the graphics pipeline, \
             which this look does not speak",
        );
    }
    for attempt in &evidence.tried {
        if let (AttemptOutcome::Broke(why), "logon" | "desktop") =
            (&attempt.outcome, attempt.probe.as_str())
        {
            say("the rest", why);
        }
    }
    if !evidence
        .seen
        .iter()
        .any(|seen| seen.place.is_some_and(|place| place.leg == Leg::Side))
    {
        say(
            "RDP-UDP",
            if recorded {
                "none was recorded"
            } else {
                "only TCP was looked at"
            },
        );
    }
    if evidence.interrupted {
        say("the rest", "the run was interrupted");
    }
    missing
}
