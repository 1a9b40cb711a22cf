//! The remedy `domain.repair-trust`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::Server,
            "On the host, as its local administrator: Test-ComputerSecureChannel -Repair -Credential (Get-Credential).",
            "The host's password in the domain is another than the host's own copy.",
        ),
    };
}
