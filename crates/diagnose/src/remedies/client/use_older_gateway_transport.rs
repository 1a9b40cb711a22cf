//! The remedy `client.use-older-gateway-transport`.

use model::Fact;
use model::fact::{GatewayStep, GatewayWay};

use crate::prescription::*;

remedy! {
    /// Let the client reach the gateway by the older transport.
    ///
    /// # How
    ///
    /// HKCU\Software\Microsoft\Terminal Server Client, RDGClientTransport = 1: the client speaks RPC over HTTP
    /// to the gateway, which some proxies pass when they break the newer transport. The gateway must still offer
    /// it.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 1.3; Microsoft Learn: RD Gateway.
    pub static REMEDY = {
        id: "client.use-older-gateway-transport",
        side: Side::Client,
        title: "Let the client reach the gateway by the older transport",
        risk: Risk::Low,
        // It was the way that was gone, and led nowhere.
        moot: |case| {
            let seen = |is: fn(&Fact) -> bool| case.evidence.seen.iter().any(|seen| is(&seen.fact));
            seen(|fact| matches!(fact, Fact::GatewayAnswered { way: GatewayWay::Rpc, logon: Some(_), .. }))
                && !seen(|fact| matches!(fact, Fact::GatewayStepped { step: GatewayStep::Channel, code: 0, .. }))
        },
        draft: |case| if case.client == System::Windows {
            Draft::Steps(vec![on_client(set(
                of_user(CLIENT, "RDGClientTransport"),
                dword(1),
                "The client speaks RPC over HTTP to the gateway, which proxies pass that break the newer transport.",
            ))])
        } else {
            ask(
                Machine::Client,
                "Connect with xfreerdp /gateway:g:GATEWAY,type:rpc.",
                "The client speaks RPC over HTTP to the gateway, which proxies pass that break the newer transport.",
            )
        },
    };
}
