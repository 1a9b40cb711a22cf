//! The remedy `domain.reach-controllers`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::Server,
            "On the host: nltest /dsgetdc:DOMAIN. Its name servers must be the domain's, and ports 53, 88, 135, 389 and 445 open to the controllers.",
            "Without a controller nobody can be let in.",
        ),
    };
}
