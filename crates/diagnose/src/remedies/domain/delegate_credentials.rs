//! The remedy `domain.delegate-credentials`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Allow the client to hand credentials to this host.
    ///
    /// # How
    ///
    /// Policy Computer Configuration, System, Credentials Delegation: "Allow delegating fresh credentials" with
    /// TERMSRV/ and the host's name, rather than a star.
    pub static REMEDY = {
        id: "domain.delegate-credentials",
        side: Side::Domain,
        title: "Allow the client to hand credentials to this host",
        risk: Risk::Medium,
    };
}
