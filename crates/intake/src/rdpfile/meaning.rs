//! What a connection file tells a client to do.

use std::net::IpAddr;

use model::codes::Protocols;
use model::{ClientProfile, HostName};

use super::RdpFile;

/// A host and perhaps a port, as connection files and command lines write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The name or address, without brackets.
    pub host: HostName,
    /// The port, when one is written.
    pub port: Option<u16>,
    /// The address, when the host is written as one.
    pub address: Option<IpAddr>,
}

impl Address {
    /// Reads `host`, `host:port`, `[v6]:port`, `[v6]` or a bare IPv6 address. `None` when nothing is there
    /// or the port is none.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            let (host, rest) = rest.split_once(']')?;
            (host, rest.strip_prefix(':'))
        } else {
            match text.rsplit_once(':') {
                Some((host, port)) if !host.contains(':') => (host, Some(port)),
                _ => (text, None),
            }
        };
        let port = match port.map(str::trim) {
            None | Some("") => None,
            Some(port) => Some(port.parse().ok().filter(|&port: &u16| port != 0)?),
        };
        let host = host.trim();
        if host.is_empty() {
            return None;
        }
        Some(Self {
            host: HostName(host.to_owned()),
            port,
            address: host.split('%').next().unwrap_or(host).parse().ok(),
        })
    }
}

/// The RD Gateway settings of a connection file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// The gateway and perhaps its port.
    pub address: Address,
    /// When it is used.
    pub used: GatewayUse,
    /// `gatewaycredentialssource`, as it is written.
    pub credentials: Option<i64>,
}

/// When an RD Gateway is used: `gatewayusagemethod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GatewayUse {
    /// Never.
    Never,
    /// For every host.
    Always,
    /// When the host is not reached directly.
    Detect,
    /// As the administrator's policy says.
    Policy,
}

impl RdpFile {
    /// Where the file connects to: `full address`, or `alternate full address` when there is none; the port
    /// of `server port` when the address has none.
    pub fn address(&self) -> Option<Address> {
        let mut address = ["full address", "alternate full address"]
            .into_iter()
            .find_map(|name| self.text(name).and_then(Address::of))?;
        if address.port.is_none() {
            address.port = self
                .number("server port")
                .and_then(|port| u16::try_from(port).ok())
                .filter(|&port| port != 0);
        }
        Some(address)
    }

    /// The RD Gateway named in the file, whether it is used or not.
    pub fn gateway(&self) -> Option<Gateway> {
        let address = Address::of(self.text("gatewayhostname")?)?;
        // Left out, the method is 0.
        let used = match self.number("gatewayusagemethod").unwrap_or(0) {
            1 => GatewayUse::Always,
            2 => GatewayUse::Detect,
            3 => GatewayUse::Policy,
            _ => GatewayUse::Never,
        };
        Some(Gateway {
            address,
            used,
            credentials: self.number("gatewaycredentialssource"),
        })
    }

    /// The token for a load balancer or broker, which goes first in the connection request.
    pub fn load_balance_token(&self) -> Option<&str> {
        self.text("loadbalanceinfo")
    }

    /// The security protocols a client offers with this file.
    pub fn offers(&self) -> Protocols {
        let mut offers = Protocols::TLS;
        if self.number("enablecredsspsupport").unwrap_or(1) != 0 {
            offers |= Protocols::HYBRID | Protocols::HYBRID_EX;
        }
        if self.number("enablerdsaadauth").unwrap_or(0) != 0 {
            offers |= Protocols::RDSAAD;
        }
        offers
    }

    /// A client that connects with this file.
    pub fn profile(&self) -> ClientProfile {
        ClientProfile {
            program: None,
            offers: self.offers(),
        }
    }
}
