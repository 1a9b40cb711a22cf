//! The remedy `network.shorten-path`.

use crate::prescription::*;

remedy! {
    /// Lead the connection by a nearer way.
    ///
    /// # How
    ///
    /// A VPN exit or gateway near the host instead of one across the world; split tunnelling for the host's
    /// network.
    pub static REMEDY = {
        id: "network.shorten-path",
        side: Side::Network,
        title: "Lead the connection by a nearer way",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Network,
            "Lead the connection by a VPN exit or gateway near the host, or let the host's network go past the far one (split tunnelling).",
            "Every detour is paid for with each key stroke.",
        ),
    };
}
