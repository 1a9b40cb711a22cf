//! The remedy `network.shorten-path`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
