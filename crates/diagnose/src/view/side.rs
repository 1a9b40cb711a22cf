//! What clues ask of the side transport over UDP.

use model::{Fact, Observation};

use super::View;
use crate::cause::Reading;

/// The first build of Windows with a side transport: Windows 8 and Server 2012. FreeRDP and what is built on it
/// tell that of Windows 7.
const FIRST_BUILD: u16 = 9_200;

/// A Windows that listens over UDP unless it was told otherwise.
pub(crate) fn offers_side_transport(fact: &Fact) -> bool {
    matches!(fact, Fact::NtlmChallenged { challenge, .. }
        if challenge.version.is_some_and(|(_, _, build)| build >= FIRST_BUILD))
}

/// A device on the way, and not the host itself, said that UDP does not get through.
pub(crate) fn refused_on_the_way(fact: &Fact) -> bool {
    matches!(fact, Fact::UdpUnreachable { to, icmp } if icmp.from.is_some_and(|from| from != to.ip()))
}

impl<'e> View<'e> {
    /// We asked over UDP, nobody answered, and the host is one that should. Against, when it answered.
    pub fn side_transport_missed(&self) -> Reading<'e> {
        let ours = |observation: &&Observation| !self.as_client(observation);
        let find =
            |wanted: fn(&Fact) -> bool| self.seen().find(|observation| wanted(&observation.fact));
        if let Some(answer) = find(|fact| matches!(fact, Fact::UdpAnswered { .. })) {
            return Reading::Against(answer);
        }
        if find(offers_side_transport).is_none() {
            return Reading::Silent;
        }
        self.seen()
            .filter(ours)
            .find(|observation| matches!(observation.fact, Fact::UdpSilent { .. }))
            .map_or(Reading::Silent, Reading::For)
    }

    /// We asked over UDP, and a device on the way refused.
    pub fn side_transport_filtered(&self) -> Reading<'e> {
        self.read(|observation| {
            (!self.as_client(observation) && refused_on_the_way(&observation.fact)).then_some(true)
        })
    }
}
