//! How far packets to the host come, and how large they may be: small probes that open no connection, on systems
//! that hand ICMP errors to ordinary sockets.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use model::{Fact, Micros, Phase, Place};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpStream, UdpSocket};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::connect::outcome;
use crate::drive::Voice;
use crate::look::Route;
use crate::{Error, platform};

/// The farthest hop that is looked at: few ways are longer.
pub(crate) const HOPS: u8 = 24;
/// The time from one probe to the next.
const PACE: Duration = Duration::from_millis(10);
/// The packets that are tried, in bytes with all headers: the usual one, what common tunnels leave of it, what every
/// path of IPv6 takes, and what every host of IPv4 takes.
pub(crate) const SIZES: [u32; 4] = [1_500, 1_400, 1_280, 576];
/// How often a packet is sent that is not answered.
pub(crate) const SENT: u32 = 2;
/// A port nobody listens on, where traceroute begins: its host says so.
const NOBODY: u16 = 33_434;

/// What became of a probe.
enum Answer {
    /// A router says that its time to live was over.
    Hop(Option<IpAddr>),
    /// The host, or a filter, answered it.
    Ended,
    Nothing,
}

/// Sends the first packet of a connection as far as each hop, and tells who answers. Only for a port that does not
/// open, so that nothing is opened.
pub(crate) async fn trace(route: &Route, voice: &Voice) -> Result<(), Error> {
    let &Route { to, patience } = route;
    let mut probes = JoinSet::new();
    for ttl in 1..=HOPS {
        probes.spawn(async move {
            sleep(PACE.saturating_mul(u32::from(ttl))).await;
            (ttl, hop(to, ttl, patience).await)
        });
    }
    let mut answers = BTreeMap::new();
    while let Some(joined) = probes.join_next().await {
        // A probe that the system refuses tells nothing.
        if let Ok((ttl, Ok(answer))) = joined {
            answers.insert(ttl, answer);
        }
    }
    let reached = answers
        .iter()
        .find(|(_, answer)| matches!(answer, Answer::Ended))
        .map(|(ttl, _)| *ttl);
    let farthest = answers
        .iter()
        .filter(|(_, answer)| matches!(answer, Answer::Hop(_)))
        .map(|(ttl, _)| *ttl)
        .max();
    let hops = (1..=farthest.unwrap_or_default())
        .map(|ttl| match answers.get(&ttl) {
            Some(Answer::Hop(from)) => *from,
            _ => None,
        })
        .collect();
    tell(
        Fact::PathTraced {
            to,
            hops,
            answered_at: reached,
        },
        voice,
    );
    Ok(())
}

fn tell(fact: Fact, voice: &Voice) {
    voice.fact(voice.clock.now(), Place::host(Phase::Reach), fact);
}

/// Sends a SYN that lives for so many hops.
async fn hop(to: SocketAddr, ttl: u8, patience: Micros) -> io::Result<Answer> {
    let socket = Socket::new(Domain::for_address(to), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    match to {
        SocketAddr::V4(_) => socket.set_ttl_v4(u32::from(ttl))?,
        SocketAddr::V6(_) => socket.set_unicast_hops_v6(u32::from(ttl))?,
    }
    platform::ask_for_icmp(&socket, to.is_ipv6());
    // It cannot be done at once: even loopback is a hop away.
    let _ = socket.connect(&to.into());
    let stream = TcpStream::from_std(socket.into())?;
    let waited = timeout(Duration::from_micros(patience.0), outcome(&stream)).await;
    Ok(match waited {
        Err(_) => Answer::Nothing,
        Ok(Ok(())) => Answer::Ended,
        Ok(Err(_)) => match platform::icmp_error(&stream) {
            Some(icmp) if matches!((icmp.v6, icmp.kind), (false, 11) | (true, 3)) => {
                Answer::Hop(icmp.from)
            }
            _ => Answer::Ended,
        },
    })
}

/// What became of a packet of some size.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passage {
    /// The host answered that nobody listens there: it came through.
    Passed,
    /// A router said that it takes packets of so many bytes at most.
    TooLarge(u32),
    /// Nobody answered.
    Lost,
    /// This machine does not send packets of that size, or it was answered otherwise.
    Unknown,
}

/// Sends packets of several sizes that may not be cut into pieces, and tells which came through.
pub(crate) async fn sizes(route: &Route, voice: &Voice) -> Result<(), Error> {
    let &Route { to, patience } = route;
    let mut passages = Vec::new();
    for (index, size) in (0_u16..).zip(SIZES) {
        let to = SocketAddr::new(to.ip(), NOBODY.saturating_add(index));
        let passage = packet(to, size, patience).await.unwrap_or(Passage::Unknown);
        passages.push((size, passage));
    }
    let passed = passages
        .iter()
        .filter(|(_, passage)| *passage == Passage::Passed)
        .map(|(size, _)| *size)
        .max();
    let lost = passages
        .iter()
        .filter(|(_, passage)| *passage == Passage::Lost)
        .map(|(size, _)| *size)
        .min();
    let told = passages.iter().find_map(|(_, passage)| match passage {
        Passage::TooLarge(mtu) => Some(*mtu),
        _ => None,
    });
    // Where nothing is answered, nothing is known: many hosts do not say that nobody listens.
    if passed.is_some() || told.is_some() {
        tell(
            Fact::PacketSizesTried {
                to: to.ip(),
                passed,
                lost,
                told,
            },
            voice,
        );
    }
    Ok(())
}

async fn packet(to: SocketAddr, size: u32, patience: Micros) -> io::Result<Passage> {
    let (any, headers): (IpAddr, u32) = match to {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED.into(), 20 + 8),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED.into(), 40 + 8),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    platform::never_cut(&socket, to.is_ipv6())?;
    platform::ask_for_icmp(&socket, to.is_ipv6());
    socket.connect(to).await?;
    let length = usize::try_from(size.saturating_sub(headers)).unwrap_or_default();
    let payload = vec![0; length];
    let each = Duration::from_micros(patience.0 / u64::from(SENT));
    for _ in 0..SENT {
        if socket.send(&payload).await.is_err() {
            return Ok(told(&socket).unwrap_or(Passage::Unknown));
        }
        let mut buffer = [0; 64];
        match timeout(each, socket.recv(&mut buffer)).await {
            Err(_) => {}
            Ok(Ok(_)) => return Ok(Passage::Passed),
            Ok(Err(_)) => return Ok(told(&socket).unwrap_or(Passage::Unknown)),
        }
    }
    Ok(Passage::Lost)
}

/// What the error queue says of a packet.
fn told(socket: &UdpSocket) -> Option<Passage> {
    let (icmp, about) = platform::icmp_told(socket)?;
    Some(match (icmp.v6, icmp.kind, icmp.code) {
        (false, 3, 3) | (true, 1, 4) => Passage::Passed,
        (false, 3, 4) | (true, 2, _) => Passage::TooLarge(about),
        _ => Passage::Unknown,
    })
}
