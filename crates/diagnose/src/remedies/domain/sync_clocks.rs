//! The remedy `domain.sync-clocks`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Bring all clocks of the domain together.
    ///
    /// # How
    ///
    /// The controller with the PDC role takes its time from a trusted source, all others from the domain: w32tm
    /// /query /source on each.
    pub static REMEDY = {
        id: "domain.sync-clocks",
        side: Side::Domain,
        title: "Bring all clocks of the domain together",
        risk: Risk::Low,
    };
}
