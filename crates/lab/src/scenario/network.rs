//! What happens below the server: names, addresses and the answer to a SYN.

use std::net::IpAddr;

use model::NameFailure;
use serde::Deserialize;
use wire::rdpeudp;

use super::script::When;

/// Names, addresses and what happens to a SYN.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// How the name is answered.
    pub resolver: Resolver,
    /// The addresses behind the name; one that answers when empty.
    pub address: Vec<Address>,
    /// How other ports of the same host answer.
    pub other_ports: OtherPorts,
    /// How the same port answers over UDP.
    pub udp: Udp,
    /// The newest version of the side transport that it speaks, 1 to 3; 2 when absent.
    pub udp_version: Option<u8>,
}

/// How the name is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Resolver {
    /// Why there is no address, when there is none.
    pub failure: Option<NameFailure>,
    /// Time until the answer, in milliseconds.
    pub took_ms: u64,
}

impl Default for Resolver {
    fn default() -> Self {
        Self {
            failure: None,
            took_ms: 4,
        }
    }
}

/// An address behind the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// The address; on loopback another one stands in for it.
    pub ip: IpAddr,
    /// What happens to a SYN sent there.
    #[serde(default)]
    pub syn: Syn,
    /// The ICMP error that comes back, for `unreachable`.
    pub icmp: Option<Icmp>,
    /// Milliseconds more than a round trip until it opens, as when its first packet is lost.
    #[serde(default)]
    pub late_ms: u64,
    /// The connections to which this happens; the others open.
    #[serde(default)]
    pub when: When,
}

/// What happens to a SYN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Syn {
    /// The connection opens.
    #[default]
    Open,
    /// A reset comes back.
    Refused,
    /// Nothing comes back.
    Silent,
    /// An ICMP error comes back.
    Unreachable,
    /// The client's machine has no route.
    NoRoute,
    /// The client's machine forbids it.
    Forbidden,
}

/// An ICMP error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Icmp {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: u8,
    /// Its code.
    pub code: u8,
    /// Who sent it; the host itself when absent.
    pub from: Option<IpAddr>,
}

/// How other ports of the same host answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherPorts {
    /// Some are open.
    Open,
    /// All are refused: the host is up.
    Refused,
    /// None answers.
    #[default]
    Silent,
}

/// How the port answers to the first datagram of the side transport.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Udp {
    /// The side transport opens.
    Answered,
    /// The host says that nobody listens there, as one without a side transport does.
    #[default]
    Refused,
    /// Nothing comes back.
    Silent,
    /// A router on the way says that it is forbidden.
    Forbidden,
}

impl Network {
    /// The newest version of the side transport that it speaks, as RDP-UDP numbers it.
    pub const fn side_version(&self) -> u16 {
        match self.udp_version {
            Some(1) => rdpeudp::VERSION_1,
            Some(3) => rdpeudp::VERSION_3,
            _ => rdpeudp::VERSION_2,
        }
    }

    /// What makes no sense in it.
    pub(super) fn check(&self) -> Result<(), String> {
        match self.udp_version {
            None | Some(1..=3) => {}
            Some(other) => return Err(format!("there is no version {other} of RDP-UDP")),
        }
        if self.udp_version.is_some() && self.udp != Udp::Answered {
            return Err("`udp_version` belongs to `udp = \"answered\"`".to_owned());
        }
        for address in &self.address {
            if address.icmp.is_some() && address.syn != Syn::Unreachable {
                return Err("`icmp` belongs to `syn = \"unreachable\"`".to_owned());
            }
            address.when.check()?;
        }
        Ok(())
    }

    /// What happens to the SYN of connection `number` (from 1) to the address at `index`.
    pub fn syn(&self, index: usize, number: u32, draw: u64) -> Syn {
        self.address.get(index).map_or(Syn::Open, |address| {
            if address.when.applies(number, 0, draw) {
                address.syn
            } else {
                Syn::Open
            }
        })
    }

    /// The addresses behind the name.
    pub fn addresses(&self) -> Vec<IpAddr> {
        if self.address.is_empty() {
            vec![IpAddr::from([10, 20, 1, 15])]
        } else {
            self.address.iter().map(|address| address.ip).collect()
        }
    }
}
