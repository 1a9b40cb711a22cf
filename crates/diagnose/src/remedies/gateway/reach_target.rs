//! The remedy `gateway.reach-target`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Let the gateway reach the host.
    ///
    /// # How
    ///
    /// On the gateway: does the name resolve, does port 3389 open (Test-NetConnection)? Then mend name, power or
    /// filter.
    pub static REMEDY = {
        id: "gateway.reach-target",
        side: Side::Gateway,
        title: "Let the gateway reach the host",
        risk: Risk::Medium,
    };
}
