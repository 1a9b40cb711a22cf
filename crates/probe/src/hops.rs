//! Where a reset comes from, by how far it travelled.
//!
//! A device on the way that resets a connection writes the server's address into the packet, and cannot
//! know how many hops the server is away: the time to live betrays it. Seeing it takes the right to open a
//! raw socket (root, or CAP_NET_RAW on Linux); without it nothing is said. IPv4 only, because raw IPv6
//! sockets do not hand out the header.

use std::io::{self, Read};
use std::net::SocketAddr;

use model::Fact;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};

/// The most packets of one connection that are looked at.
const PACKETS: usize = 256;

/// Sees the headers of what a peer sends.
pub(crate) struct Hops(Socket);

impl Hops {
    /// Begins to see what comes from this peer; `None` where that is not permitted.
    pub(crate) fn watch(to: SocketAddr) -> Option<Self> {
        if !Self::tell_something(to) {
            return None;
        }
        let socket = raw().ok()?;
        socket.set_nonblocking(true).ok()?;
        // Only packets from this address are handed out.
        socket.connect(&SockAddr::from(to)).ok()?;
        Some(Self(socket))
    }

    /// Whether headers say where a packet of this peer comes from: not where nothing lies on the way.
    fn tell_something(to: SocketAddr) -> bool {
        cfg!(target_os = "linux") && to.is_ipv4() && !to.ip().is_loopback()
    }

    /// They would, and only the right to see them is lacking.
    pub(crate) fn are_forbidden(to: SocketAddr) -> bool {
        Self::tell_something(to)
            && raw().is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
    }

    /// What the reset of the connection to this local port says about its sender.
    pub(crate) fn reset(mut self, to: SocketAddr, local: u16) -> Option<Fact> {
        let mut seen = Vec::new();
        let mut buffer = [0; 128];
        for _ in 0..PACKETS {
            let Ok(length) = self.0.read(&mut buffer) else {
                break;
            };
            seen.extend(
                buffer
                    .get(..length)
                    .and_then(|packet| read(packet, to.port(), local)),
            );
        }
        judge(&seen)
    }
}

fn raw() -> io::Result<Socket> {
    Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::TCP))
}

/// The time to live of a packet, and whether it is a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packet {
    ttl: u8,
    reset: bool,
}

/// Reads an IPv4 header and the TCP header in it (RFC 791 section 3.1, RFC 9293 section 3.1).
fn read(packet: &[u8], from: u16, to: u16) -> Option<Packet> {
    const RST: u8 = 0x04;
    let words = usize::from(packet.first()? & 0x0F);
    let ttl = *packet.get(8)?;
    let tcp = packet.get(words.checked_mul(4)?..)?;
    let port = |at: usize| {
        Some(u16::from_be_bytes([
            *tcp.get(at)?,
            *tcp.get(at.checked_add(1)?)?,
        ]))
    };
    let ours = port(0)? == from && port(2)? == to;
    let flags = *tcp.get(13)?;
    ours.then_some(Packet {
        ttl,
        reset: flags & RST != 0,
    })
}

/// Compares the last reset with the packets that are none.
fn judge(seen: &[Packet]) -> Option<Fact> {
    let ttl = seen.iter().rev().find(|packet| packet.reset)?.ttl;
    let usual = seen.iter().find(|packet| !packet.reset)?.ttl;
    // A system may begin to count resets elsewhere, but its hops stay the same.
    (hops(ttl) != hops(usual)).then_some(Fact::ResetFromElsewhere { ttl, usual })
}

/// Hops travelled since the nearest usual beginning: 32, 64, 128 or 255.
fn hops(ttl: u8) -> u8 {
    let began = [32, 64, 128]
        .into_iter()
        .find(|began| ttl <= *began)
        .unwrap_or(255);
    began.saturating_sub(ttl)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(ttl: u8, from: u16, to: u16, flags: u8) -> Vec<u8> {
        let mut packet = vec![0; 40];
        packet[0] = 0x45;
        packet[8] = ttl;
        packet[20..22].copy_from_slice(&from.to_be_bytes());
        packet[22..24].copy_from_slice(&to.to_be_bytes());
        packet[33] = flags;
        packet
    }

    #[test]
    fn only_the_own_connection_is_read() {
        let synack = packet(120, 3389, 50_000, 0x12);
        assert_eq!(
            read(&synack, 3389, 50_000),
            Some(Packet {
                ttl: 120,
                reset: false
            })
        );
        assert_eq!(read(&synack, 3389, 50_001), None);
        assert_eq!(read(&synack, 443, 50_000), None);
        for length in 0..34 {
            assert_eq!(read(&synack[..length], 3389, 50_000), None);
        }
    }

    #[test]
    fn a_reset_from_nearer_is_told_and_one_from_as_far_is_not() {
        let answer = Packet {
            ttl: 120,
            reset: false,
        };
        let reset = |ttl| Packet { ttl, reset: true };
        let elsewhere = Fact::ResetFromElsewhere {
            ttl: 62,
            usual: 120,
        };
        assert_eq!(judge(&[answer, reset(62)]), Some(elsewhere));
        assert_eq!(judge(&[answer, reset(120)]), None);
        // Eight hops away, and counted from 255 instead of 128.
        assert_eq!(judge(&[answer, reset(247)]), None);
        assert_eq!(judge(&[answer]), None);
        assert_eq!(judge(&[reset(62)]), None);
    }
}
