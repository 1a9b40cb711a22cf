//! The remedy `domain.repair-trust`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Repair the host's membership in the domain.
    ///
    /// # How
    ///
    /// On the host as local administrator: Test-ComputerSecureChannel -Repair.
    pub static REMEDY = {
        id: "domain.repair-trust",
        side: Side::Domain,
        title: "Repair the host's membership in the domain",
        risk: Risk::Medium,
    };
}
