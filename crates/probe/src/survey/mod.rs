//! The surveys of `--full`: what they ask, and what their answers say together.
//!
//! [`offers`] asks for sets of security protocols and for how Standard RDP Security encrypts, [`suites`] for
//! versions, suites, groups and signatures of TLS. What to ask next depends on what was answered alone, so
//! that everything that does not wait for an answer is asked at once.

mod handshakes;
mod kinds;
pub mod offers;
pub mod suites;

use model::codes::Protocols;
use model::{Evidence, Fact, LookId};

use crate::plan::{Role, Sight};

pub use kinds::is_weak;
use offers::Rider;
pub use offers::{NegotiationSurvey, RdpSecurity, negotiation};

/// What `--full` asks beside the contrasts.
pub(crate) fn roles(sight: &Sight<'_>, known: &suites::Known) -> Vec<Role> {
    let carried: Vec<Rider> = suites::carried(sight, known);
    let mut roles = offers::roles(sight, &carried);
    if tls_offers(sight).is_some() {
        roles.extend(suites::roles(sight, known));
        roles.extend(handshakes::roles(sight, known));
    }
    roles
}

/// The protocols whose offer leads to TLS: those of the client, or else what led there before.
pub(crate) fn tls_offers(sight: &Sight<'_>) -> Option<Protocols> {
    led_to_tls(sight).map(|(offered, _)| offered)
}

/// The same, and what the server chose of them.
fn led_to_tls(sight: &Sight<'_>) -> Option<(Protocols, Protocols)> {
    let led = |seen: &model::Observation| match seen.fact {
        Fact::NegotiationChosen {
            offered, chosen, ..
        } if chosen != Protocols::RDP => Some((offered?, chosen)),
        _ => None,
    };
    sight.evidence.seen.iter().find_map(led)
}

/// The facts of one look.
fn facts(evidence: &Evidence, look: LookId) -> impl Iterator<Item = &Fact> {
    evidence
        .seen
        .iter()
        .filter(move |seen| seen.look == Some(look))
        .map(|seen| &seen.fact)
}
