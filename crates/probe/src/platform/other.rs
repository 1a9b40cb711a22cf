//! Systems that do not tell a connecting socket which ICMP error ended it: the error number is all there is.

use model::codes::IcmpError;
use socket2::Socket;

/// Asks the system to keep ICMP errors; this one cannot.
pub(crate) fn ask_for_icmp<S>(_socket: &S, _v6: bool) {}

/// The ICMP error that ended the connection; this system does not tell.
pub(crate) fn icmp_error<S>(_stream: &S) -> Option<IcmpError> {
    None
}

/// The next ICMP error about the socket's packets; this system does not tell.
pub(crate) fn icmp_told<S>(_socket: &S) -> Option<(IcmpError, u32)> {
    None
}

/// Lets packets go out whole or not at all; where the errors are not told, nobody asks for it.
pub(crate) fn never_cut<S>(_socket: &S, _v6: bool) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// What the system knows of a connection; this one does not tell without code that the compiler cannot check.
pub(crate) fn measured<S>(_stream: &S) -> Option<super::Measured> {
    None
}

/// Keeps both sides to segments of at most so many bytes; only before the connection is begun.
#[cfg(unix)]
pub(crate) fn limit_segments(socket: &Socket, bytes: u16) -> std::io::Result<()> {
    socket.set_tcp_mss(u32::from(bytes))
}

/// Windows offers no such limit.
#[cfg(not(unix))]
pub(crate) fn limit_segments(_socket: &Socket, _bytes: u16) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// The index of an interface, given as a number.
pub(crate) fn scope(zone: &str) -> Option<u32> {
    zone.parse().ok()
}

/// How many sockets the system grants: a cautious guess.
pub(crate) fn raise_sockets() -> usize {
    if cfg!(windows) { 8_192 } else { 256 }
}
