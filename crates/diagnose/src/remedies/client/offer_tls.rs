//! The remedy `client.offer-tls`.

use crate::prescription::*;

remedy! {
    /// Let the client offer TLS.
    ///
    /// # How
    ///
    /// FreeRDP: remove /sec:rdp or /sec:nla, so that all are offered. Relays and web clients: security mode
    /// "any" or "TLS".
    pub static REMEDY = {
        id: "client.offer-tls",
        side: Side::Client,
        title: "Let the client offer TLS",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Client,
            r#"Let the client offer TLS: no /sec:rdp (FreeRDP), security mode "any" or "TLS" (relays and web clients)."#,
            "The server lets nobody in without it.",
        ),
    };
}
