//! The remedy `server.enable-tls-versions`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Enable TLS 1.2 and newer on the server.
    ///
    /// # How
    ///
    /// Windows: remove the values that disable them under SCHANNEL\Protocols, after exporting the key; Windows
    /// Server 2008 R2 needs its update for TLS 1.2 in Remote Desktop. xrdp: ssl_protocols=TLSv1.2, TLSv1.3.
    pub static REMEDY = {
        id: "server.enable-tls-versions",
        side: Side::Server,
        title: "Enable TLS 1.2 and newer on the server",
        risk: Risk::Medium,
    };
}
