//! What stands in front of a server: an RD Gateway, a proxy. Their connections, their faults, and serving them.

pub(crate) mod connection;
mod fault;
mod logon;
pub mod serve;

use model::Micros;

pub(crate) use fault::check;
pub use fault::{Act, Fault, Moment, Way};
pub use logon::Scheme;
pub(crate) use logon::{Door, Logon};

use crate::forwarder::Forwarder;
use crate::gateway::Gateway;
use crate::server::{Do, Net};

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Something on a client's connection.
    Client(u32, Do),
    /// Connect this tunnel to the server behind; the client asked for one of these names.
    Dial {
        /// The tunnel.
        tunnel: u32,
        /// The names the client gave.
        names: Vec<String>,
        /// The port the client gave.
        port: u16,
    },
    /// Send this tunnel's bytes to the server behind.
    Forward(u32, Vec<u8>),
    /// Close this tunnel's connection to the server behind.
    Hangup(u32),
}

/// What happened on a tunnel's connection to the server behind.
#[derive(Clone, Copy, Debug)]
pub enum Behind<'a> {
    /// It opened.
    Opened,
    /// It could not be opened.
    Failed,
    /// Bytes came.
    Bytes(&'a [u8]),
    /// It ended.
    Ended,
}

/// Something that stands in front of a server.
pub enum Front {
    /// An RD Gateway.
    Gateway(Box<Gateway>),
    /// A proxy.
    Forwarder(Box<Forwarder>),
}

impl Front {
    /// Takes in what happened on connection `number`, counted from 1, and says what to do.
    pub fn client(&mut self, now: Micros, number: u32, net: Net<'_>) -> Vec<Order> {
        match self {
            Self::Gateway(gateway) => gateway.client(now, number, net),
            Self::Forwarder(forwarder) => forwarder.client(now, number, net),
        }
    }

    /// Takes in what happened behind tunnel `number`, and says what to do.
    pub fn behind(&mut self, now: Micros, number: u32, net: Behind<'_>) -> Vec<Order> {
        match self {
            Self::Gateway(gateway) => gateway.behind(now, number, net),
            Self::Forwarder(forwarder) => forwarder.behind(now, number, net),
        }
    }
}
