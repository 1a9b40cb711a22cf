//! The remedy `network.restore-route`.

use crate::prescription::*;

remedy! {
    /// Restore the way to the host's network.
    ///
    /// # How
    ///
    /// Look hop by hop where it ends (tracert, mtr), in both directions: a way there without a way back is
    /// silent too.
    pub static REMEDY = {
        id: "network.restore-route",
        side: Side::Network,
        title: "Restore the way to the host's network",
        risk: Risk::Medium,
        draft: |_| ask(
            Machine::Network,
            "Look hop by hop where the way ends (tracert, mtr), from both ends, and restore the route there.",
            "A way there without a way back is silent too.",
        ),
    };
}
