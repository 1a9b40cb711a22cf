//! The remedy `domain.register-name`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Register the name the host is called by.
    ///
    /// # How
    ///
    /// setspn -L HOST shows the names; setspn -S TERMSRV/ALIAS HOST adds one; setspn -X finds names registered
    /// twice.
    pub static REMEDY = {
        id: "domain.register-name",
        side: Side::Domain,
        title: "Register the name the host is called by",
        risk: Risk::Low,
    };
}
