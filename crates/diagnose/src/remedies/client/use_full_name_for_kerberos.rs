//! The remedy `client.use-full-name-for-kerberos`.

use crate::prescription::*;

remedy! {
    /// Connect by the host's own full name.
    ///
    /// # How
    ///
    /// Kerberos finds the host by the name it is registered under in the domain, not by an address or alias.
    pub static REMEDY = {
        id: "client.use-full-name-for-kerberos",
        side: Side::Client,
        title: "Connect by the host's own full name",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Client,
            "Connect by the host's full name in the domain (srv01.corp.example), not by an address or alias.",
            "Kerberos finds a host only by the name it is registered under.",
        ),
    };
}
