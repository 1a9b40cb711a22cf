//! The remedy `server.lower-mtu`.

use crate::prescription::*;

remedy! {
    /// Let the host send smaller packets.
    ///
    /// # How
    ///
    /// The MTU of the interface that leads to the clients, set to 1280. It mends what the path breaks until the
    /// path is mended. netsh interface ipv4 show subinterfaces; Linux: ip link set dev NAME mtu 1280.
    ///
    /// # Sources
    ///
    /// RFC 2923; RFC 8200 section 5.
    pub static REMEDY = {
        id: "server.lower-mtu",
        side: Side::Server,
        title: "Let the host send smaller packets",
        risk: Risk::Medium,
        draft: |_| Draft::Steps(vec![lower_mtu("default".to_owned(), Machine::Server)]),
    };
}
