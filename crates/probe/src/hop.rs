//! What stands between here and the host on purpose: an RD Gateway, a proxy; and the secrets for them.

use std::fmt;
use std::net::SocketAddr;

use model::fact::GatewayWay;
use model::{HostName, Micros};

use crate::look::Ascent;

/// Something that must never be shown, written or recorded.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text to itself.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the message that has to carry it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A user with a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The user, perhaps with a domain before it or behind it.
    pub user: String,
    /// The password.
    pub password: Secret,
}

/// When a client goes through the gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GatewayUse {
    /// Whatever the host.
    #[default]
    Always,
    /// When the host does not answer directly.
    WhenNeeded,
}

/// An RD Gateway to go through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// Its name or address.
    pub host: HostName,
    /// Its port.
    pub port: u16,
    /// When it is used.
    pub used: GatewayUse,
    /// Who logs on to it; nobody when absent.
    pub credentials: Option<Credentials>,
}

/// The port of a gateway unless it was told otherwise.
pub const GATEWAY_PORT: u16 = 443;

/// What a proxy speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyKind {
    /// HTTP CONNECT.
    Http,
    /// SOCKS 5.
    Socks5,
}

/// A proxy that every connection goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// What it speaks.
    pub kind: ProxyKind,
    /// Its name or address.
    pub host: HostName,
    /// Its port.
    pub port: u16,
    /// Who logs on to it; nobody when absent.
    pub credentials: Option<Credentials>,
}

/// A proxy that is to be asked for a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// The proxy.
    pub proxy: Proxy,
    /// Whom to ask it for.
    pub host: HostName,
    /// The port to ask it for.
    pub port: u16,
    /// How long to wait for its answer.
    pub patience: Micros,
}

/// A look at one way into a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Where it connects to.
    pub to: SocketAddr,
    /// The proxy that `to` is the address of, when the gateway is reached through one.
    pub relay: Option<Relay>,
    /// How long to wait for an answer to the SYN.
    pub connect_patience: Micros,
    /// How long to wait for each answer after that.
    pub patience: Micros,
    /// The gateway.
    pub gateway: HostName,
    /// Its port.
    pub port: u16,
    /// The way to try.
    pub way: GatewayWay,
    /// Who goes through, and what to look at behind the gateway; without, nobody logs on.
    pub passage: Option<Box<Passage>>,
}

/// A way through a gateway to the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Who logs on.
    pub credentials: Credentials,
    /// The host, by the name that the gateway is asked for.
    pub host: HostName,
    /// Its port.
    pub port: u16,
    /// What to look at there.
    pub ascent: Ascent,
}
