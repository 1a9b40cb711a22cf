//! The remedy `domain.allow-logon-protocol`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Allow the logon protocol that client and host have in common.
    ///
    /// # How
    ///
    /// Prefer Kerberos: connect by the full name, with a controller in reach. Only where that cannot be: an
    /// exception for this host in "Restrict NTLM".
    pub static REMEDY = {
        id: "domain.allow-logon-protocol",
        side: Side::Domain,
        title: "Allow the logon protocol that client and host have in common",
        risk: Risk::Medium,
        weakens: Some("Accepting NTLM again exposes the host to relaying and guessing."),
    };
}
