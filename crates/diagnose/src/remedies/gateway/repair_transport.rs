//! The remedy `gateway.repair-transport`.

use crate::prescription::*;

remedy! {
    /// Repair the gateway's web server or the proxy before it.
    ///
    /// # How
    ///
    /// The proxy must pass the methods RDG_IN_DATA and RDG_OUT_DATA and WebSocket upgrades under
    /// /remoteDesktopGateway/; the web server must have the gateway's module and NTLM or Negotiate for it.
    pub static REMEDY = {
        id: "gateway.repair-transport",
        side: Side::Gateway,
        title: "Repair the gateway's web server or the proxy before it",
        risk: Risk::Medium,
        draft: |_| {
            let on_gateway = |step| PlannedStep { on: Machine::Gateway, system: Some(System::Windows), ..step };
            Draft::Steps(vec![
                on_gateway(not_disabled("TSGateway", Start::Delayed, "The gateway's service may start again.")),
                on_gateway(not_disabled("W3SVC", Start::Automatic, "So may the web server before it.")),
                on_gateway(running("W3SVC", "The gateway answers through the web server.")),
                on_gateway(running("TSGateway", "The gateway runs.")),
                person(
                    Machine::Gateway,
                    "If a proxy stands before the gateway: let the methods RDG_IN_DATA and RDG_OUT_DATA and WebSocket upgrades under /remoteDesktopGateway/ pass, without buffering.",
                    "Web proxies refuse methods they do not know.",
                ),
            ])
        },
    };
}
