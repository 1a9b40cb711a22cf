//! Code tables: names over the numbers that RDP and its neighbours use. Numbers come from the wire, so
//! every table is open: a number without a name is kept.

mod macros;
mod negotiation;
mod network;
mod status;
mod tls;

pub use negotiation::{NegFailure, NegFlags, Protocols};
pub use network::IcmpError;
pub use status::NtStatus;
pub use tls::{CipherSuite, TlsAlert, TlsVersion};

/// One line of a code table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<N: 'static> {
    /// The number.
    pub number: N,
    /// The name in the specification.
    pub name: &'static str,
    /// What it says, as a person would say it.
    pub says: &'static str,
}
