//! The remedy `network.open-udp`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Let UDP 3389 through, or switch the side transport off.
    ///
    /// # How
    ///
    /// Allow UDP 3389 beside TCP 3389. Where that cannot be: the policy "Select RDP transport protocols" on the
    /// host set to TCP only, after noting its value.
    pub static REMEDY = {
        id: "network.open-udp",
        side: Side::Network,
        title: "Let UDP 3389 through, or switch the side transport off",
        risk: Risk::Low,
    };
}
