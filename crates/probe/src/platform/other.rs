//! Systems that do not tell a connecting socket which ICMP error ended it: the error number is all there is.

use model::codes::IcmpError;
use socket2::Socket;
use tokio::net::TcpStream;

/// Asks the system to keep ICMP errors; this one cannot.
pub(crate) fn ask_for_icmp(_socket: &Socket, _v6: bool) {}

/// The ICMP error that ended the connection; this system does not tell.
pub(crate) fn icmp_error(_stream: &TcpStream) -> Option<IcmpError> {
    None
}

/// The index of an interface, given as a number.
pub(crate) fn scope(zone: &str) -> Option<u32> {
    zone.parse().ok()
}
