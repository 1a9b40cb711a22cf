//! The remedy `client.allow-rdp-security`.

use crate::prescription::*;

remedy! {
    /// Let the client accept RDP's own security for this host alone.
    ///
    /// # How
    ///
    /// FreeRDP: /sec:rdp for this one connection. Do it inside a trusted network or a VPN only, and until the
    /// server has TLS again.
    pub static REMEDY = {
        id: "client.allow-rdp-security",
        side: Side::Client,
        title: "Let the client accept RDP's own security for this host alone",
        risk: Risk::Low,
        weakens: Some("The client cannot tell the server from an impostor, and the encryption is weak."),
        draft: |_| ask(
            Machine::Client,
            "Connect once with xfreerdp /sec:rdp, from inside the network or VPN of the host, and stop as soon as the server has TLS again.",
            "It is given for one connection, so nothing stays that would have to be taken back.",
        ),
    };
}
