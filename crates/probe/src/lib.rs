//! Sockets, resolver and TLS: looks at a host and records what was seen.
//!
//! A [`Case`] holds the evidence. [`plan::next`] says, from the evidence alone, what to look at next; a
//! driver carries each [`Look`] out and hands the facts back. [`Case::run`] is the driver over real
//! sockets. Whoever plays a case in memory calls [`Case::next`], [`Case::record`] and [`Case::end`] with a
//! clock of its own, and a [`Conversation`] in the place of a socket.

mod ask;
mod case;
mod connect;
pub mod conversation;
mod drive;
mod gateway;
pub mod hop;
mod hops;
mod kdc;
pub mod load;
pub mod local;
mod logon;
pub mod look;
mod path;
pub mod plan;
mod platform;
pub mod probes;
mod relay;
mod resolve;
pub mod sessions;
pub mod side;
pub mod survey;
pub mod sweep;
#[cfg(target_os = "linux")]
pub mod tap;
mod ticket;

pub use case::{Case, Depth, KdcProxy, Kerberos, Next, Options, Progress, Until};
pub use conversation::{Conversation, Do, Net};
pub use look::{
    Ascent, Burden, Greeting, Inquiry, KdcVisit, Look, RealmInquiry, Route, TicketVisit,
};
pub use probes::{PROBES, Probe, Used};
pub use session::{Credentials, NotAName, Secret};
pub use sessions::{SessionUse, Sessions};
pub use tls::library as tls_library;
pub use tls::trust::check as check_authorities;

use std::io;
use std::net::SocketAddr;

/// What can go wrong on our side.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused an operation on a socket, which tells nothing about the peer.
    #[error("cannot {operation} a socket for {to}: {source}")]
    Socket {
        /// The operation.
        operation: &'static str,
        /// The address.
        to: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system gave no thread to wait for the resolver in.
    #[error("cannot start a thread for the resolver: {0}")]
    Thread(io::Error),
    /// The text cannot be asked about on the wire.
    #[error("name servers cannot be asked for {0:?}: give it in the letters of ASCII (xn--…)")]
    Name(String),
    /// Nobody knows whom to ask.
    #[error("the name servers of this machine are not known; name one with --resolver")]
    NoNameServer,
    /// The domain's keys of the user are of a kind that we do not make.
    #[error(
        "the domain names no AES key of the user that is made in the usual way, and no ticket is asked for with RC4"
    )]
    NoKerberosKey,
    /// A logon with a ticket began without one.
    #[error("there is no ticket, or the certificate of the server holds no key that can be read")]
    NoTicket,
    /// Something inside a logon cannot be read.
    #[error("the server's answer to the logon with Kerberos cannot be read")]
    LogonUnread,
    /// The other side of a logon did not prove who it is.
    #[error(
        "the server did not prove that it has the key of its name and that of its certificate; the logon was left"
    )]
    HostUnproven,
    /// A logon could not go on.
    #[error(transparent)]
    Logon(#[from] session::Error),
    /// TLS could not be set up.
    #[error(transparent)]
    Tls(#[from] tls::Error),
}
