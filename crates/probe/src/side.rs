//! Asks for RDP's side transport over UDP ([MS-RDPEUDP] 3.1.5.1): a few datagrams, no connection.
//!
//! Version 2 is offered, the highest that a client can offer without the cookie of a session. A gateway is asked
//! with the hello of DTLS, in which its side transport is wrapped.

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
use wire::dtls;
use wire::rdpeudp::{Syn, VERSION_2};

use crate::drive::Clock;
use crate::look::Greeting;
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
    greeting: Greeting,
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
    let datagram = match greeting {
        Greeting::RdpUdp => syn.encode(),
        Greeting::Dtls { .. } => dtls::client_hello(),
    };
    // The version and the largest datagram that an answer names; anything else is not for us.
    let read = |bytes: &[u8]| match greeting {
        Greeting::RdpUdp => Syn::read(bytes)
            .filter(|answer| answer.acknowledges == Some(syn.sequence))
            .map(|answer| (Some(answer.spoken()), Some(answer.mtu()))),
        Greeting::Dtls { .. } => dtls::read_answer(bytes).map(|_| (None, None)),
    };
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
                    if let Some((version, mtu)) = buffer.get(..length).and_then(read) {
                        return Ok(Fact::UdpAnswered {
                            to,
                            version,
                            mtu,
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

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};

    use super::*;

    /// A port of UDP that was ours a moment ago.
    fn free() -> SocketAddr {
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.local_addr().unwrap()
    }

    fn ask_with_dtls(to: SocketAddr) -> Fact {
        let second = Micros::from_secs(1);
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(ask(
                to,
                Greeting::Dtls { promised: true },
                second,
                second,
                Clock::start(),
            ))
            .unwrap()
    }

    #[test]
    fn a_server_of_dtls_answers_the_hello() {
        let folder = tempfile::tempdir().unwrap();
        let (key, certificate) = (folder.path().join("key"), folder.path().join("certificate"));
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes"])
            .args(["-subj", "/CN=gateway.test", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success());
        // With a cookie, as servers that face the Internet ask for it, and without.
        for listen in [&["-listen"][..], &[]] {
            let to = free();
            let mut server = Command::new("openssl")
                .args(["s_server", "-dtls", "-4", "-accept"])
                .arg(to.to_string())
                .args(listen)
                .arg("-cert")
                .arg(&certificate)
                .arg("-key")
                .arg(&key)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let said = BufReader::new(server.stdout.take().unwrap());
            let ready = said
                .lines()
                .map_while(Result::ok)
                .any(|line| line.contains("ACCEPT"));
            assert!(ready, "openssl does not listen");
            let seen = ask_with_dtls(to);
            server.kill().unwrap();
            server.wait().unwrap();
            assert!(
                matches!(
                    seen,
                    Fact::UdpAnswered {
                        version: None,
                        mtu: None,
                        ..
                    }
                ),
                "{seen:?}"
            );
        }
    }

    #[test]
    fn a_host_without_it_says_so() {
        let seen = ask_with_dtls(free());
        assert!(matches!(seen, Fact::UdpUnreachable { .. }), "{seen:?}");
    }
}
