//! What a clue sees of the evidence, and the questions that clues ask of it: here those about any fact, and
//! in a file for each layer those about its facts.

mod authenticate;
mod gateway;
mod machine;
mod negotiate;
mod reach;
mod records;
mod secure;
mod set_up;
mod side;

use std::collections::BTreeSet;

use model::target::RDP_PORT;
use model::{Ending, Fact, FactKind, Intent, Leg, LookId, Message, Observation};

use crate::cause::Reading;
use crate::index::Index;

pub(crate) use authenticate::{KNOWN_STATUS, at_logon};
pub(crate) use gateway::answer;
pub(crate) use negotiate::BorneOut;
pub(crate) use reach::{forbids, is_sent_again};
pub(crate) use secure::{
    about_the_clients_certificate, at_hello, in_handshake, is_about_a_certificate, renews_itself,
};
pub(crate) use set_up::{in_activation, in_settings, is_licensed};
pub(crate) use side::{offers_side_transport, refused_on_the_way};

/// The facts of the declared kinds, on one leg, and nothing else.
#[derive(Clone, Copy, Debug)]
pub struct View<'e> {
    index: &'e Index<'e>,
    leg: Leg,
    reads: &'e [FactKind],
}

impl<'e> View<'e> {
    /// Shows the kinds `reads` of what was seen on `leg` or on no leg.
    pub(crate) fn new(index: &'e Index<'e>, leg: Leg, reads: &'e [FactKind]) -> Self {
        Self { index, leg, reads }
    }

    /// The observations this view shows, kind by kind as declared, each in order of time.
    pub fn seen(&self) -> impl Iterator<Item = &'e Observation> + use<'e> {
        let Self { index, leg, reads } = *self;
        reads
            .iter()
            .flat_map(move |&kind| index.of_kind(kind))
            .filter(move |observation| {
                // The side transport has no ladder of its own: it hangs on the way to the host.
                let is_beside = |place: model::Place| place.leg == Leg::Side && leg == Leg::Host;
                observation
                    .place
                    .is_none_or(|place| place.leg == leg || is_beside(place))
            })
    }

    /// Like [`Self::any`] over what was seen on connections while the host still worked, where it has long failed since.
    pub fn before(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        self.index
            .before()
            .filter(|seen| self.reads.contains(&seen.fact.kind()))
            .find(|seen| judge(&seen.fact) == Some(true))
            .map_or(Reading::Silent, Reading::For)
    }

    /// The target of the case.
    pub fn target(&self) -> &'e model::Target {
        &self.index.evidence.target
    }

    /// The port that was asked for; the usual one, where files of a machine tell of no client.
    pub fn port(&self) -> u16 {
        match self.target().port {
            0 => RDP_PORT,
            asked => asked,
        }
    }

    /// The observation was made on a connection that behaves as the client of the case does.
    pub fn as_client(&self, observation: &Observation) -> bool {
        self.index.intent(observation) == Intent::AsClient
    }

    /// For, when `judge` finds some observation true; against, when it finds one false and none true.
    pub fn any(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        self.read(|observation| judge(&observation.fact))
    }

    /// Like [`Self::any`] over connections that behave as the client of the case does.
    pub fn any_as_client(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        self.read(|observation| {
            if self.as_client(observation) {
                judge(&observation.fact)
            } else {
                None
            }
        })
    }

    /// Like [`Self::any`] with the whole observation.
    pub fn read(&self, judge: impl Fn(&'e Observation) -> Option<bool>) -> Reading<'e> {
        let mut against = None;
        for observation in self.seen() {
            match judge(observation) {
                Some(true) => return Reading::For(observation),
                Some(false) => against = against.or(Some(observation)),
                None => {}
            }
        }
        against.map_or(Reading::Silent, Reading::Against)
    }

    /// For, when `judge` finds some observation true and none false; against, when it finds one false.
    pub fn all(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        self.all_observed(|observation| judge(&observation.fact))
    }

    /// Like [`Self::all`] over connections that behave as the client of the case does.
    pub fn all_as_client(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        self.all_observed(|observation| {
            if self.as_client(observation) {
                judge(&observation.fact)
            } else {
                None
            }
        })
    }

    /// Like [`Self::all`] with the whole observation.
    pub fn all_observed(&self, judge: impl Fn(&'e Observation) -> Option<bool>) -> Reading<'e> {
        let mut first_for = None;
        for observation in self.seen() {
            match judge(observation) {
                Some(false) => return Reading::Against(observation),
                Some(true) => first_for = first_for.or(Some(observation)),
                None => {}
            }
        }
        first_for.map_or(Reading::Silent, Reading::For)
    }

    /// For, when `judge` finds some observation true and another false: it happens now and then. Against,
    /// when it finds the same at least twice and nothing else.
    pub fn now_and_then(&self, judge: impl Fn(&'e Observation) -> Option<bool>) -> Reading<'e> {
        let (mut yes, mut no) = (None, None);
        let mut judged = 0_u32;
        // A connection on which it is so is none on which it is not, whatever it passed before.
        let looks: BTreeSet<LookId> = self
            .seen()
            .filter(|observation| judge(observation) == Some(true))
            .filter_map(|observation| observation.look)
            .collect();
        for observation in self.seen() {
            match judge(observation) {
                Some(true) => yes = yes.or(Some(observation)),
                Some(false) if observation.look.is_some_and(|look| looks.contains(&look)) => {
                    continue;
                }
                Some(false) => no = no.or(Some(observation)),
                None => continue,
            }
            judged = judged.saturating_add(1);
        }
        match (yes, no) {
            (Some(yes), Some(_)) => Reading::For(yes),
            (Some(only), None) | (None, Some(only)) if judged > 1 => Reading::Against(only),
            _ => Reading::Silent,
        }
    }

    /// For, when `judge` finds something false on a connection that behaves as the client of the case does
    /// and true on one that varies a thing: what was varied makes the difference. Against, when the variation
    /// fares no better.
    pub fn contrast(&self, judge: impl Fn(&'e Observation) -> Option<bool>) -> Reading<'e> {
        let client_fails = self
            .seen()
            .any(|observation| self.as_client(observation) && judge(observation) == Some(false));
        let client_passes = self
            .seen()
            .any(|observation| self.as_client(observation) && judge(observation) == Some(true));
        if !client_fails || client_passes {
            return Reading::Silent;
        }
        self.read(|observation| {
            if self.as_client(observation) {
                None
            } else {
                judge(observation)
            }
        })
    }

    /// What is so becomes what is not so, and the other way round.
    pub fn not(reading: Reading<'e>) -> Reading<'e> {
        match reading {
            Reading::For(observation) => Reading::Against(observation),
            Reading::Against(observation) => Reading::For(observation),
            Reading::Silent => Reading::Silent,
        }
    }

    /// How connections of the client ended, judged by ending and last message. A single connection that ended
    /// as judged is enough.
    ///
    /// An end for which the client let the time run out tells nothing of the server.
    pub fn ended(&self, judge: impl Fn(Ending, Message) -> Option<bool>) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            _ if negotiate::is_client_quiet(fact) => None,
            Fact::Ended { how, after, .. } => judge(*how, *after),
            _ => None,
        })
    }
}
