//! A look as data: everything a driver needs to carry it out.

use std::net::SocketAddr;
use std::sync::Arc;

use model::codes::{Protocols, RecordType};
use model::fact::{KdcQuestion, KdcWay};
use model::{FactKind, HostName, Leg, Micros};
use session::Credentials;
use wire::climb::Wish;

use crate::hop::{Relay, Visit};
use crate::sessions::SessionUse;

/// One look: at most one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Ask the system's resolver.
    Resolve {
        /// The stretch of road that the name belongs to.
        leg: Leg,
        /// The name.
        name: HostName,
        /// How long to wait for the answer.
        patience: Micros,
    },
    /// Ask a name server directly.
    Ask(Box<Inquiry>),
    /// Ask name servers for the Kerberos servers of a realm.
    Realm(Box<RealmInquiry>),
    /// Ask a Kerberos server for a ticket, without proof.
    Kdc(Box<KdcVisit>),
    /// Prove a password to a Kerberos server and ask for a ticket for the host.
    Ticket(Box<TicketVisit>),
    /// Connect to a gateway and begin one way into it, without credentials.
    Gateway(Box<Visit>),
    /// Look the host up and connect to it, beside the gateway that the client goes through; say nothing, close.
    Direct {
        /// The name or address.
        name: HostName,
        /// The port.
        port: u16,
        /// How long to wait for an answer, of the resolver and to the SYN.
        patience: Micros,
    },
    /// Connect, and climb the ladder as far as the wish says.
    Climb(Box<Ascent>),
    /// Ask for the side transport over UDP.
    Side {
        /// The address and the port.
        to: SocketAddr,
        /// What the first datagram is.
        greeting: Greeting,
        /// The time between two datagrams.
        pace: Micros,
        /// How long to wait for an answer after the last one.
        patience: Micros,
    },
    /// Send probes that live for one hop, two hops and so on.
    Trace(Route),
    /// Send packets of several sizes that may not be cut into pieces.
    Sizes(Route),
    /// Hold as many connections at once as the host takes; the only look that opens more than one.
    Load(Burden),
    /// Connect to another port of the host, say nothing, close.
    Knock {
        /// The address and the port.
        to: SocketAddr,
        /// How long to wait for an answer to the SYN.
        patience: Micros,
    },
}

impl Look {
    /// Where it connects to.
    pub fn to(&self) -> Option<SocketAddr> {
        match self {
            Self::Resolve { .. } | Self::Ask(_) | Self::Direct { .. } | Self::Realm(_) => None,
            Self::Kdc(visit) => visit.to,
            Self::Ticket(visit) => visit.at.to,
            Self::Gateway(visit) => Some(visit.to),
            Self::Load(burden) => Some(burden.to),
            Self::Trace(route) | Self::Sizes(route) => Some(route.to),
            Self::Climb(ascent) => Some(ascent.to),
            Self::Knock { to, .. } | Self::Side { to, .. } => Some(*to),
        }
    }

    /// It opens a connection.
    pub const fn connects(&self) -> bool {
        matches!(
            self,
            Self::Climb(_) | Self::Gateway(_) | Self::Direct { .. } | Self::Knock { .. }
        )
    }
}

/// What asks for a side transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Greeting {
    /// The SYN of RDP-UDP, to a host.
    RdpUdp,
    /// The hello of DTLS, to a gateway.
    Dtls {
        /// The gateway said that it listens there, so that its silence says something.
        promised: bool,
    },
}

/// A question to a name server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// The name server.
    pub server: SocketAddr,
    /// The name. A short one is completed as this machine would.
    pub name: HostName,
    /// The kinds of records asked for, beside each other.
    pub kinds: Vec<RecordType>,
    /// How long to wait for each answer.
    pub patience: Micros,
}

/// A question for the Kerberos servers of a realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RealmInquiry {
    /// The realm.
    pub realm: HostName,
    /// The name servers; empty for those of this machine.
    pub servers: Vec<SocketAddr>,
    /// How long to wait for each answer.
    pub patience: Micros,
}

/// A question to a Kerberos server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KdcVisit {
    /// The realm.
    pub realm: HostName,
    /// The server, or the proxy.
    pub kdc: HostName,
    /// Its port.
    pub port: u16,
    /// Its address; `None` for one that has to be looked up.
    pub to: Option<SocketAddr>,
    /// The way to it.
    pub way: KdcWay,
    /// The place of the proxy on its web server.
    pub path: String,
    /// The user for whom a ticket is asked.
    pub user: String,
    /// Somebody named that user.
    pub is_named: bool,
    /// The host, by the name that was asked for.
    pub host: HostName,
    /// What the ticket is asked for.
    pub question: KdcQuestion,
    /// How long to wait for each answer.
    pub patience: Micros,
}

/// A ticket that is to be got for a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketVisit {
    /// Where, and for whom and which host.
    pub at: KdcVisit,
    /// Who proves a password. The ticket is kept there.
    pub credentials: Arc<Credentials>,
}

/// A way to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The address and the port.
    pub to: SocketAddr,
    /// How long to wait for each answer.
    pub patience: Micros,
}

/// A test of how much a host takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burden {
    /// The address and the port.
    pub to: SocketAddr,
    /// The most connections that are held at once.
    pub at_once: u32,
    /// What those that ask offer; a server that refuses the offer would end them.
    pub offers: Protocols,
    /// How long to wait for each answer.
    pub patience: Micros,
}

/// A climb: where to, how, and how long to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ascent {
    /// The address and the port.
    pub to: SocketAddr,
    /// The proxy that `to` is the address of, when the host is reached through one.
    pub relay: Option<Relay>,
    /// How long to wait for an answer to the SYN.
    pub connect_patience: Micros,
    /// The most bytes of a segment, in both directions; `None` for what the path is said to carry.
    pub segments: Option<u16>,
    /// What to say. Its patience is the longest wait for one answer.
    pub wish: Wish,
    /// The hello of a whole TLS handshake.
    pub hello: tls::ClientHello,
    /// What it does with sessions of TLS.
    pub session: SessionUse,
    /// A fact of one of these kinds is all the look is after: it closes without waiting for the rest.
    pub enough: &'static [FactKind],
    /// The moment by which a peer that is silent from the start has been waited for long enough: waits
    /// that would end later are cut, to half the patience at least.
    pub due: Micros,
    /// How long the peer has to close its side after ours: the next connection would count beside this one until then.
    pub farewell: Micros,
    /// Who logs on, where the wish goes that far.
    pub credentials: Option<Arc<Credentials>>,
    /// The host by the name that was asked for, for the logon.
    pub host: String,
    /// The logon is made with the ticket that is kept with the credentials.
    pub kerberos: bool,
}

impl Ascent {
    /// How long to wait for each answer on a connection that opened at this moment.
    pub fn patience(&self, opened: Micros) -> Micros {
        let longest = self.wish.patience;
        let shortest = Micros(longest.0 / 2);
        self.due.since(opened).clamp(shortest, longest)
    }
}
