//! Opens a TCP connection, or says in which manner it did not open.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use model::codes::IcmpError;
use model::{Fact, Micros, Phase, Place};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::drive::Clock;
use crate::{Error, platform};

/// What became of a connection.
pub(crate) enum Opening {
    /// It is open.
    Open(TcpStream, Place, Fact),
    /// It opened and was reset before anything was said.
    Reset(Place, Fact),
    /// It did not open.
    Not(Place, Fact),
}

/// Connects, waiting at most `patience` for an answer to the SYN.
pub(crate) async fn connect(
    to: SocketAddr,
    patience: Micros,
    segments: Option<u16>,
    clock: Clock,
) -> Result<Opening, Error> {
    let began = clock.now();
    let stream = match begin(to, segments)? {
        Ok(begun) => TcpStream::from_std(begun.socket.into()).map_err(|source| Error::Socket {
            operation: "watch",
            to,
            source,
        })?,
        Err(error) => {
            let (place, fact) = at_once(to, &error, clock.now().since(began))?;
            return Ok(Opening::Not(place, fact));
        }
    };
    let waited = timeout(Duration::from_micros(patience.0), outcome(&stream)).await;
    let took = clock.now().since(began);
    let opened = || (Place::host(Phase::Tcp), Fact::TcpOpened { to, took });
    let silent = || {
        let (place, fact) = silent(to, took);
        Opening::Not(place, fact)
    };
    let Ok(outcome) = waited else {
        return Ok(silent());
    };
    match outcome {
        Ok(()) => {
            let (place, fact) = opened();
            Ok(Opening::Open(stream, place, fact))
        }
        Err(error) => match error.kind() {
            // The system confirmed the connection and the reset arrived before we looked.
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                let (place, fact) = opened();
                Ok(Opening::Reset(place, fact))
            }
            ErrorKind::TimedOut => Ok(silent()),
            _ => {
                let own = stream.local_addr().ok().map(|own| own.ip());
                let icmp = platform::icmp_error(&stream);
                let (place, fact) = answered(to, &error, icmp, own, took)?;
                Ok(Opening::Not(place, fact))
            }
        },
    }
}

/// A connection that was begun.
pub(crate) struct Begun {
    pub(crate) socket: Socket,
    /// It is open already: loopback answers within the call.
    pub(crate) open: bool,
}

/// Begins to connect. The inner error is what the system said to that.
pub(crate) fn begin(
    to: SocketAddr,
    segments: Option<u16>,
) -> Result<Result<Begun, io::Error>, Error> {
    let ours = |operation| {
        move |source| Error::Socket {
            operation,
            to,
            source,
        }
    };
    // Linux opens it as it is wanted in one call.
    #[cfg(target_os = "linux")]
    let kind = Type::STREAM.nonblocking();
    #[cfg(not(target_os = "linux"))]
    let kind = Type::STREAM;
    let socket = match Socket::new(Domain::for_address(to), kind, Some(Protocol::TCP)) {
        Ok(socket) => socket,
        // A system without IPv6 has no such sockets.
        Err(error) if error.kind() == ErrorKind::Unsupported || is_no_such_family(&error) => {
            return Ok(Err(error));
        }
        Err(error) => return Err(ours("open")(error)),
    };
    #[cfg(not(target_os = "linux"))]
    socket.set_nonblocking(true).map_err(ours("set up"))?;
    socket.set_tcp_nodelay(true).map_err(ours("set up"))?;
    if let Some(bytes) = segments {
        platform::limit_segments(&socket, bytes).map_err(ours("limit the segments of"))?;
    }
    platform::ask_for_icmp(&socket, to.is_ipv6());
    match socket.connect(&to.into()) {
        Ok(()) => Ok(Ok(Begun { socket, open: true })),
        Err(error) if is_in_progress(&error) => Ok(Ok(Begun {
            socket,
            open: false,
        })),
        Err(error) => Ok(Err(error)),
    }
}

/// Waits until the connection is open or has failed.
pub(crate) async fn outcome(stream: &TcpStream) -> io::Result<()> {
    loop {
        stream.writable().await?;
        if let Some(error) = stream.take_error()? {
            return Err(error);
        }
        match stream.peer_addr() {
            Ok(_) => return Ok(()),
            // Readiness can be told too early.
            Err(error) if error.kind() == ErrorKind::NotConnected => {
                // Clears the readiness, so that the next wait is a wait.
                let _ = stream.try_io(tokio::io::Interest::WRITABLE, || {
                    Err::<(), _>(io::Error::from(ErrorKind::WouldBlock))
                });
            }
            Err(error) => return Err(error),
        }
    }
}

pub(crate) fn silent(to: SocketAddr, waited: Micros) -> (Place, Fact) {
    (Place::host(Phase::Reach), Fact::TcpSilent { to, waited })
}

/// The system's own answer, before any packet could be answered.
pub(crate) fn at_once(
    to: SocketAddr,
    error: &io::Error,
    took: Micros,
) -> Result<(Place, Fact), Error> {
    let os_error = error.raw_os_error().unwrap_or_default();
    let place = Place::host(Phase::Reach);
    Ok(match error.kind() {
        // Loopback answers within the call.
        ErrorKind::ConnectionRefused => (Place::host(Phase::Tcp), Fact::TcpRefused { to, took }),
        ErrorKind::PermissionDenied => (place, Fact::LocallyForbidden { to, os_error }),
        ErrorKind::TimedOut => silent(to, took),
        ErrorKind::NetworkUnreachable
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrNotAvailable
        | ErrorKind::InvalidInput
        | ErrorKind::Unsupported => (place, Fact::NoRoute { to, os_error }),
        _ if is_no_such_family(error) => (place, Fact::NoRoute { to, os_error }),
        _ => {
            return Err(Error::Socket {
                operation: "connect",
                to,
                source: io::Error::from(error.kind()),
            });
        }
    })
}

/// The network's answer. `own` is the address we connected from.
pub(crate) fn answered(
    to: SocketAddr,
    error: &io::Error,
    icmp: Option<IcmpError>,
    own: Option<std::net::IpAddr>,
    took: Micros,
) -> Result<(Place, Fact), Error> {
    let os_error = error.raw_os_error().unwrap_or_default();
    let place = Place::host(Phase::Reach);
    let unreachable = |icmp| {
        (
            place,
            Fact::TcpUnreachable {
                to,
                icmp,
                os_error,
                took,
            },
        )
    };
    if let Some(icmp) = icmp {
        let from_here = icmp.from.is_some() && icmp.from == own && own != Some(to.ip());
        return Ok(match (icmp.v6, icmp.kind, icmp.code) {
            // This machine says so about its own neighbour: nobody answered for the address on the link.
            (false, 3, 1) | (true, 1, 3) if from_here => unreachable(None),
            _ if from_here => (place, Fact::LocallyForbidden { to, os_error }),
            _ => unreachable(Some(icmp)),
        });
    }
    Ok(match error.kind() {
        ErrorKind::ConnectionRefused => (Place::host(Phase::Tcp), Fact::TcpRefused { to, took }),
        ErrorKind::PermissionDenied => (place, Fact::LocallyForbidden { to, os_error }),
        ErrorKind::NetworkDown | ErrorKind::AddrNotAvailable => {
            (place, Fact::NoRoute { to, os_error })
        }
        // ENETUNREACH, EHOSTUNREACH, and the rarer numbers that only ICMP errors lead to (ENOPROTOOPT,
        // EPROTO, EMSGSIZE).
        _ if error.raw_os_error().is_some() => unreachable(None),
        _ => {
            return Err(Error::Socket {
                operation: "connect",
                to,
                source: io::Error::from(error.kind()),
            });
        }
    })
}

/// A connection that takes its time: EINPROGRESS, or WSAEWOULDBLOCK on Windows.
fn is_in_progress(error: &io::Error) -> bool {
    const EINPROGRESS: i32 = if cfg!(any(target_os = "linux", target_os = "android")) {
        115
    } else {
        36
    };
    error.kind() == ErrorKind::WouldBlock
        || (cfg!(unix) && error.raw_os_error() == Some(EINPROGRESS))
}

/// EAFNOSUPPORT of Linux, macOS and BSD, and WSAEAFNOSUPPORT.
fn is_no_such_family(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(97 | 47 | 10_047))
}
