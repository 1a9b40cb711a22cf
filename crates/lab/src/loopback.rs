//! Serves a scenario on real sockets.
//!
//! Each address of the scenario becomes one of this machine's loopback addresses, all with the same port.
//! What only a network can do (ICMP errors, missing routes) cannot be served and is refused by name.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use model::{Micros, UnixSeconds};
use socket2::{Domain, SockRef, Socket, Type};
use tls::KeyLog;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::carry::{Clock, Speaker, carry};
use crate::door::Door;
use crate::line::Line;
use crate::scenario::{Scenario, Syn, Udp};
use crate::server::{self, Do, Host, Net};
use crate::side;

/// The most connections served at once; others wait in the queue of the listener.
const MOST_OPEN: usize = 256;

/// How to serve.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The address and port to listen on; loopback and any free port when absent.
    pub listen: Option<SocketAddr>,
    /// What looks random depends on it.
    pub seed: u64,
    /// Where the keys of its TLS sessions go, so that a recording of them can be read.
    pub key_log: Option<KeyLog>,
}

/// A scenario that cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Sockets alone cannot play it.
    #[error("{id} can only be played in memory: {why}")]
    InMemoryOnly {
        /// The scenario.
        id: String,
        /// Why.
        why: &'static str,
    },
    /// A listener cannot be opened.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The host cannot be set up.
    #[error(transparent)]
    Host(#[from] server::Error),
}

/// A scenario being served; dropping it ends all of its connections.
#[derive(Debug)]
pub struct Served {
    /// The addresses to dial, in the order of the scenario.
    pub addresses: Vec<SocketAddr>,
    connections: Arc<Count>,
    /// Sockets that keep a port refused or silent.
    _kept: Vec<Socket>,
    _listening: JoinSet<()>,
}

impl Served {
    /// How many connections have been opened so far.
    pub fn connections(&self) -> u32 {
        self.connections.opened.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Default)]
struct Count {
    opened: AtomicU32,
    open: AtomicU32,
}

/// Says why sockets alone cannot play this scenario, when they cannot.
pub fn in_memory_only(scenario: &Scenario) -> Option<&'static str> {
    let network = &scenario.network;
    let needs_order = |index: usize| {
        // A port can be taken away after some connections, but not opened and shut in turn.
        let when = network
            .address
            .get(index)
            .map(|address| address.when)
            .unwrap_or_default();
        when.every.is_some()
            || when.percent.is_some()
            || when.to.is_some()
            || when.open_over.is_some()
    };
    if !scenario.told.is_empty() {
        return Some("what files and people tell does not come over the wire");
    }
    if network.resolver.failure.is_some() {
        return Some("the name has no address");
    }
    if network.udp == Udp::Forbidden {
        return Some("nobody is on the way to loopback who could forbid the side transport");
    }
    if network.address.iter().any(|address| address.late_ms > 0) {
        return Some("connections to loopback open at once");
    }
    for (index, address) in network.address.iter().enumerate() {
        match address.syn {
            Syn::Open => {}
            Syn::Refused | Syn::Silent if needs_order(index) => {
                return Some("a port cannot be opened and shut for single connections");
            }
            Syn::Refused => {}
            Syn::Silent if cfg!(target_os = "linux") => {}
            Syn::Silent => return Some("only Linux drops what does not fit a listener's queue"),
            Syn::Unreachable => return Some("no ICMP error comes from loopback"),
            Syn::NoRoute => return Some("there is always a route to loopback"),
            Syn::Forbidden => return Some("this machine does not forbid loopback"),
        }
    }
    let sixes = network
        .address
        .iter()
        .filter(|address| address.ip.is_ipv6())
        .count();
    (sixes > 1).then_some("there is only one IPv6 loopback address")
}

/// Serves `scenario` until the result is dropped.
pub async fn serve(scenario: &Scenario, settings: Settings) -> Result<Served, Error> {
    if let Some(why) = in_memory_only(scenario) {
        return Err(Error::InMemoryOnly {
            id: scenario.id.clone(),
            why,
        });
    }
    let wanted = stand_ins(scenario, settings.listen);
    let mut names = vec![scenario.client.name.clone()];
    names.extend(wanted.iter().map(|address| address.ip().to_string()));
    names.extend(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
    names.dedup();
    let opened_at = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .map_or(UnixSeconds(0), UnixSeconds);
    let host = Host::logging_keys(
        &scenario.server,
        &names,
        opened_at,
        settings.seed,
        settings.key_log.clone(),
    )?;
    let sockets = bind(&wanted)?;

    let mut served = Served {
        addresses: Vec::new(),
        connections: Arc::default(),
        _kept: Vec::new(),
        _listening: JoinSet::new(),
    };
    let shared = Arc::new(Shared {
        scenario: scenario.clone(),
        host,
        count: Arc::clone(&served.connections),
        clock: Clock::start(),
        room: Arc::new(Semaphore::new(MOST_OPEN)),
    });
    // That nobody listens there, the system says by itself.
    let side = match scenario.network.udp {
        Udp::Answered => Some(Some(scenario.network.side_version())),
        Udp::Silent => Some(None),
        Udp::Refused | Udp::Forbidden => None,
    };
    for (index, (socket, address)) in sockets.into_iter().enumerate() {
        served.addresses.push(address);
        if let Some(version) = side {
            let failed = |source| Error::Listen { address, source };
            let socket = Socket::new(Domain::for_address(address), Type::DGRAM, None)
                .and_then(|socket| {
                    socket.set_nonblocking(true)?;
                    socket.bind(&address.into())?;
                    UdpSocket::from_std(socket.into())
                })
                .map_err(failed)?;
            served._listening.spawn(side::serve(socket, version));
        }
        let failed = |source| Error::Listen { address, source };
        match scenario.network.syn(index, 1, 0) {
            Syn::Open => {
                socket.listen(1024).map_err(failed)?;
                socket.set_nonblocking(true).map_err(failed)?;
                let listener = TcpListener::from_std(socket.into()).map_err(failed)?;
                served
                    ._listening
                    .spawn(accept(Arc::clone(&shared), listener, index));
            }
            Syn::Silent => {
                served
                    ._kept
                    .extend(fill(&socket, address).await.map_err(failed)?);
                served._kept.push(socket);
            }
            // Bound, so that nobody else takes it, and not listening.
            _ => served._kept.push(socket),
        }
    }
    Ok(served)
}

/// What the connections of a scenario have in common.
struct Shared {
    scenario: Scenario,
    host: Arc<Host>,
    count: Arc<Count>,
    clock: Clock,
    room: Arc<Semaphore>,
}

/// The addresses of this machine that stand in for those of the scenario; the ports are those to bind.
fn stand_ins(scenario: &Scenario, listen: Option<SocketAddr>) -> Vec<SocketAddr> {
    let port = listen.map_or(0, |address| address.port());
    let mut four = 0_u8;
    let stand_in = |ip: IpAddr| {
        let ip = match ip {
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
            IpAddr::V4(_) => {
                four = four.saturating_add(1);
                IpAddr::V4(Ipv4Addr::new(127, 0, 0, four))
            }
        };
        SocketAddr::new(ip, port)
    };
    let mut addresses: Vec<SocketAddr> = scenario
        .network
        .addresses()
        .into_iter()
        .map(stand_in)
        .collect();
    if let (Some(listen), Some(first)) = (listen, addresses.first_mut()) {
        *first = listen;
    }
    addresses
}

/// Binds all addresses to one port: the one asked for, or any that is free on all of them.
fn bind(wanted: &[SocketAddr]) -> Result<Vec<(Socket, SocketAddr)>, Error> {
    let mut tries = 0;
    loop {
        tries += 1;
        match bind_once(wanted) {
            // The free port of the first address may be taken on the second.
            Err(Error::Listen { address, source })
                if source.kind() == io::ErrorKind::AddrInUse
                    && tries < 20
                    && wanted.iter().all(|address| address.port() == 0) =>
            {
                drop((address, source));
            }
            bound => return bound,
        }
    }
}

fn bind_once(wanted: &[SocketAddr]) -> Result<Vec<(Socket, SocketAddr)>, Error> {
    let mut bound: Vec<(Socket, SocketAddr)> = Vec::new();
    for address in wanted {
        let mut address = *address;
        if let Some((_, first)) = bound.first() {
            address.set_port(first.port());
        }
        let open = || -> io::Result<(Socket, SocketAddr)> {
            let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
            // A server that was just ended leaves its port in TIME_WAIT. On Windows the option
            // would let two servers share the port instead.
            socket.set_reuse_address(cfg!(unix))?;
            socket.bind(&address.into())?;
            let bound = socket.local_addr()?.as_socket().unwrap_or(address);
            Ok((socket, bound))
        };
        bound.push(open().map_err(|source| Error::Listen { address, source })?);
    }
    Ok(bound)
}

/// Makes a listener silent: its queue is filled with connections of our own, and Linux drops every SYN that
/// comes to a listener with a full queue. Returns what fills it.
async fn fill(listener: &Socket, address: SocketAddr) -> io::Result<Vec<Socket>> {
    /// The queue of the smallest backlog holds one or two.
    const MOST: usize = 8;
    const OPENS_WITHIN: Duration = Duration::from_millis(100);

    listener.listen(0)?;
    let mut filling = Vec::new();
    for _ in 0..MOST {
        match timeout(OPENS_WITHIN, TcpStream::connect(address)).await {
            Ok(stream) => filling.push(Socket::from(stream?.into_std()?)),
            Err(_) => break,
        }
    }
    Ok(filling)
}

async fn accept(shared: Arc<Shared>, listener: TcpListener, index: usize) {
    let mut door = Door::new(listener, Arc::clone(&shared.room));
    let mut filling = Vec::new();
    while let Some((stream, place)) = door.next().await {
        let number = shared
            .count
            .opened
            .fetch_add(1, Ordering::Relaxed)
            .saturating_add(1);
        let task = Arc::clone(&shared);
        door.carry(async move {
            let open = task
                .count
                .open
                .fetch_add(1, Ordering::Relaxed)
                .saturating_add(1);
            // An error is an end: there is nobody to tell.
            let _ = connection(&task, stream, number, open).await;
            task.count.open.fetch_sub(1, Ordering::Relaxed);
            drop(place);
        });
        match shared
            .scenario
            .network
            .syn(index, number.saturating_add(1), 0)
        {
            Syn::Open => {}
            Syn::Silent => {
                let listener = SockRef::from(door.listener());
                if let (Ok(socket), Ok(address)) = (listener.try_clone(), listener.local_addr())
                    && let Some(address) = address.as_socket()
                {
                    filling.extend(fill(&socket, address).await);
                }
                door.settle().await;
                std::future::pending::<()>().await;
            }
            _ => {
                return door.shut().await;
            }
        }
    }
}

/// A line, and what it counts as time.
struct Timed {
    line: Line,
    clock: Clock,
}

impl Speaker for Timed {
    async fn on(&mut self, net: Net<'_>) -> Vec<Do> {
        self.line.on(self.clock.now(), net)
    }
}

/// Carries one connection between its socket and its line.
async fn connection(shared: &Shared, stream: TcpStream, number: u32, open: u32) -> io::Result<()> {
    let clock = shared.clock;
    let link = &shared.scenario.link;
    let line = Line::new(&shared.host, link, Micros::ZERO, number, open);
    // Nobody else has anything done on it.
    let (_, mut nobody) = mpsc::channel(1);
    carry(stream, clock, &mut Timed { line, clock }, &mut nobody).await
}
