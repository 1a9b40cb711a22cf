//! The remedy `client.use-full-name-for-kerberos`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
