//! The remedy `network.restore-route`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
