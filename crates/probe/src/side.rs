//! Asks for RDP's side transport over UDP ([MS-RDPEUDP] 3.1.5.1): a few datagrams, no connection.
//!
//! Version 2 is offered, the highest that a client can offer without the cookie of a session.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use model::codes::IcmpError;
use model::{Fact, Leg, Micros, Phase, Place};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::time::timeout;
use wire::rdpeudp::{Syn, VERSION_2};

use crate::drive::Clock;
use crate::{Error, platform};

/// How often the question is put.
pub const TRIES: u32 = 3;

/// Where facts of the side transport belong.
pub const PLACE: Place = Place {
    leg: Leg::Side,
    phase: Phase::Reach,
};

/// Larger than any datagram of the handshake.
const LARGEST: usize = 2_048;

/// Sends the first datagram until it is answered in some manner, and says in which.
pub(crate) async fn ask(
    to: SocketAddr,
    pace: Micros,
    patience: Micros,
    clock: Clock,
) -> Result<Fact, Error> {
    let ours = |operation| {
        move |source| Error::Socket {
            operation,
            to,
            source,
        }
    };
    let socket = open(to).map_err(ours("open"))?;
    let syn = Syn::client(initial_sequence(), VERSION_2);
    let datagram = syn.encode();
    let began = clock.now();
    let mut buffer = [0; LARGEST];
    let mut sent = 0;
    while sent < TRIES {
        match socket.send(&datagram).await {
            Ok(_) => sent += 1,
            // The answer to the datagram before this one.
            Err(error) if is_answer(&error) => {
                return Ok(unreachable(to, &socket));
            }
            Err(error) => return Err(ours("send over")(error)),
        }
        let wait = if sent < TRIES { pace } else { patience };
        let end = clock.now().plus(wait);
        while let Ok(received) = timeout(
            Duration::from_micros(end.since(clock.now()).0),
            socket.recv(&mut buffer),
        )
        .await
        {
            match received {
                Ok(length) => {
                    let answer = buffer.get(..length).and_then(Syn::read);
                    // Anything else is not for us.
                    if let Some(answer) =
                        answer.filter(|answer| answer.acknowledges == Some(syn.sequence))
                    {
                        return Ok(Fact::UdpAnswered {
                            to,
                            version: Some(answer.spoken()),
                            mtu: Some(answer.mtu()),
                            took: clock.now().since(began),
                        });
                    }
                }
                Err(error) if is_answer(&error) => return Ok(unreachable(to, &socket)),
                Err(error) => return Err(ours("read from")(error)),
            }
        }
    }
    Ok(Fact::UdpSilent {
        to,
        sent,
        waited: clock.now().since(began),
    })
}

/// A socket that hears from this address alone, and of the ICMP errors about it.
fn open(to: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(to), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    platform::ask_for_icmp(&socket, to.is_ipv6());
    let any: SocketAddr = if to.is_ipv6() {
        (Ipv6Addr::UNSPECIFIED, 0).into()
    } else {
        (Ipv4Addr::UNSPECIFIED, 0).into()
    };
    socket.bind(&any.into())?;
    socket.connect(&to.into())?;
    UdpSocket::from_std(socket.into())
}

/// The network answered with an error about our datagram.
fn is_answer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
    ) || (cfg!(unix)
        && error
            .raw_os_error()
            .is_some_and(|number| number == ENOPROTOOPT))
}

/// What Linux makes of "protocol unreachable".
const ENOPROTOOPT: i32 = 92;

/// The ICMP error; where the system keeps no details, "port unreachable", the only one it passes on.
fn unreachable(to: SocketAddr, socket: &UdpSocket) -> Fact {
    let icmp = platform::icmp_error(socket).unwrap_or_else(|| {
        let v6 = to.is_ipv6();
        let (kind, code) = if v6 { (1, 4) } else { (3, 3) };
        IcmpError {
            v6,
            kind,
            code,
            from: None,
        }
    });
    Fact::UdpUnreachable { to, icmp }
}

/// A number that nobody beside the path can guess, so that no forged answer counts.
fn initial_sequence() -> u32 {
    let drawn = RandomState::new().build_hasher().finish();
    u32::try_from(drawn & u64::from(u32::MAX)).unwrap_or_default()
}
