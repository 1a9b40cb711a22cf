//! The remedy `client.forget-fingerprint`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Remove the remembered certificate of this one host.
    ///
    /// # How
    ///
    /// FreeRDP: the line of the host in ~/.config/freerdp/known_hosts2 (or server/*.pem), after keeping a copy.
    /// mstsc: the key of the host under HKCU\SOFTWARE\Microsoft\Terminal Server Client\Servers, after exporting
    /// it. Only after the fingerprint was compared.
    pub static REMEDY = {
        id: "client.forget-fingerprint",
        side: Side::Client,
        title: "Remove the remembered certificate of this one host",
        risk: Risk::Low,
    };
}
