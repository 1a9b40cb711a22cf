//! The remedy `client.lower-mtu`.

use crate::prescription::*;

remedy! {
    /// Let this machine send smaller packets.
    ///
    /// # How
    ///
    /// The MTU of the interface that leads to the host, set to 1280: netsh interface ipv4 set subinterface NAME
    /// mtu=1280 store=persistent, after noting the present value; Linux: ip link set dev NAME mtu 1280.
    ///
    /// # Sources
    ///
    /// RFC 2923; RFC 8200 section 5.
    pub static REMEDY = {
        id: "client.lower-mtu",
        side: Side::Client,
        title: "Let this machine send smaller packets",
        risk: Risk::Medium,
        draft: |case| {
            let interface = match case.host() {
                "" => "default".to_owned(),
                host => format!("to:{host}"),
            };
            Draft::Steps(vec![lower_mtu(interface, Machine::Client)])
        },
    };
}
