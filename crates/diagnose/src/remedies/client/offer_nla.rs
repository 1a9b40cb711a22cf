//! The remedy `client.offer-nla`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Let the client offer NLA.
    ///
    /// # How
    ///
    /// mstsc: enablecredsspsupport:i:1 in the connection file, or no such line at all. FreeRDP: remove /sec:tls
    /// or /sec:rdp. Relays and web clients have a setting "NLA" or "any".
    pub static REMEDY = {
        id: "client.offer-nla",
        side: Side::Client,
        title: "Let the client offer NLA",
        risk: Risk::Low,
    };
}
