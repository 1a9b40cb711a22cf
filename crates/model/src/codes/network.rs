//! What networks say about packets they do not deliver (RFC 792, RFC 1122, RFC 1812, RFC 4443).

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// An ICMP error about one of our packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IcmpError {
    /// ICMPv6 when true, else ICMP.
    pub v6: bool,
    /// `type`.
    pub kind: u8,
    /// `code`.
    pub code: u8,
    /// Who sent it, where the system tells.
    pub from: Option<IpAddr>,
}

impl IcmpError {
    /// It says of the whole network that there is no way to it.
    pub const fn is_of_the_network(self) -> bool {
        matches!(
            (self.v6, self.kind, self.code),
            (false, 3, 0 | 6) | (true, 1, 0)
        )
    }

    /// What it says, as a person would say it.
    pub const fn says(self) -> &'static str {
        match (self.v6, self.kind, self.code) {
            (false, 3, 0) | (true, 1, 0) => "no route to that network",
            (false, 3, 1) | (true, 1, 3) => "the host cannot be reached",
            (false, 3, 2) => "the host does not speak that protocol",
            (false, 3, 3) | (true, 1, 4) => "the port is closed",
            (false, 3, 4) | (true, 2, _) => "the packet is too big for the path",
            (false, 3, 6 | 7) => "the network or host is unknown",
            (false, 3, 9 | 10 | 13) | (true, 1, 1) => "a filter forbids it",
            (true, 1, 2) => "the address is beyond the scope of its source",
            (true, 1, 5) => "a filter forbids that source address",
            (true, 1, 6) => "the route is rejected",
            (false, 11, _) | (true, 3, _) => "the packet went round in circles",
            _ => "an error on the way",
        }
    }

    /// A filter says that it forbids the connection (administratively prohibited).
    pub const fn is_prohibition(self) -> bool {
        matches!(
            (self.v6, self.kind, self.code),
            (false, 3, 9 | 10 | 13) | (true, 1, 1 | 5 | 6)
        )
    }
}
