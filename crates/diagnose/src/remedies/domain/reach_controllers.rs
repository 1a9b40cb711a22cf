//! The remedy `domain.reach-controllers`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Let the host reach its domain controllers.
    ///
    /// # How
    ///
    /// On the host: nltest /dsgetdc and the domain's name. Its name servers must be the domain's; ports 88, 135,
    /// 389 and 445 must be open to the controllers.
    pub static REMEDY = {
        id: "domain.reach-controllers",
        side: Side::Domain,
        title: "Let the host reach its domain controllers",
        risk: Risk::Medium,
    };
}
