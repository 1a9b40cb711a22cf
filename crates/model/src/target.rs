//! What someone tries to reach, and with what kind of client.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::codes::Protocols;
use crate::ladder::{Leg, Phase, Place};
use crate::text::HostName;

/// The port a Remote Desktop server listens on unless it was told otherwise.
pub const RDP_PORT: u16 = 3389;

/// What someone tries to reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The words as they were typed.
    pub input: String,
    /// The name or address of the host.
    pub host: HostName,
    /// The TCP port.
    pub port: u16,
    /// The address, when the host was given as one instead of a name.
    #[serde(default)]
    pub address: Option<IpAddr>,
    /// The scope of a link-local IPv6 address (`fe80::1%eth0`), as an interface index or name.
    #[serde(default)]
    pub zone: Option<String>,
    /// The RD Gateway on the way, when there is one.
    #[serde(default)]
    pub gateway: Option<HostName>,
    /// The proxy on the way, when there is one.
    #[serde(default)]
    pub proxy: Option<HostName>,
    /// The client whose connection fails.
    #[serde(default)]
    pub client: ClientProfile,
}

/// What the client whose connection fails can do; the main look behaves as it would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientProfile {
    /// The program, when it is known: `mstsc`, `mac`, `freerdp` …
    #[serde(default)]
    pub program: Option<String>,
    /// The security protocols it offers.
    pub offers: Protocols,
}

impl Default for ClientProfile {
    /// A current `mstsc`: TLS, CredSSP, and CredSSP with early user authorization.
    fn default() -> Self {
        Self {
            program: None,
            offers: Protocols::TLS | Protocols::HYBRID | Protocols::HYBRID_EX,
        }
    }
}

impl Target {
    /// The rungs to climb, in order, over all legs. Never assume a single ladder.
    pub fn ladder(&self) -> Vec<Place> {
        let proxy = [Phase::Resolve, Phase::Reach, Phase::Tcp, Phase::Negotiate];
        let gateway = [
            Phase::Resolve,
            Phase::Reach,
            Phase::Tcp,
            Phase::Secure,
            Phase::Authenticate,
            Phase::Tunnel,
        ];
        let host = [
            Phase::Resolve,
            Phase::Reach,
            Phase::Tcp,
            Phase::Negotiate,
            Phase::Secure,
            Phase::Authenticate,
            Phase::Settings,
            Phase::License,
            Phase::Activate,
            Phase::Session,
        ];
        let on = |leg, phases: &[Phase]| -> Vec<Place> {
            phases.iter().map(|&phase| Place { leg, phase }).collect()
        };
        let mut places = Vec::new();
        if self.proxy.is_some() {
            places.extend(on(Leg::Proxy, &proxy));
        }
        if self.gateway.is_some() {
            places.extend(on(Leg::Gateway, &gateway));
        }
        places.extend(on(Leg::Host, &host));
        places
    }
}
