//! Listens, and plays the faults of a scenario before a real server.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use model::UnixSeconds;
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};

use crate::carry::Clock;
use crate::door::Door;
use crate::loopback::Error;
use crate::middle::{Middle, Side};
use crate::scenario::Scenario;
use crate::server::{Do, Host, Net};

/// The most connections carried at once; others wait in the queue of the listener.
const MOST_OPEN: usize = 128;

/// How long the real server may take to accept a connection.
const CONNECTS_WITHIN: Duration = Duration::from_secs(10);

/// A proxy that runs; dropping it ends all of its connections.
#[derive(Debug)]
pub struct Running {
    /// Where to dial.
    pub address: SocketAddr,
    _listening: JoinSet<()>,
}

/// Where a proxy stands.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The real server: a name or address with a port.
    pub server: String,
    /// The names and addresses that a certificate of ours is for, the most important first.
    pub names: Vec<String>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The wall clock.
    pub opened_at: UnixSeconds,
    /// What looks random depends on it.
    pub seed: u64,
}

/// Carries each connection to the real server, through the faults of `scenario`.
pub async fn serve(scenario: &Scenario, settings: Settings) -> Result<Running, Error> {
    let Settings {
        server,
        names,
        listen,
        opened_at,
        seed,
    } = settings;
    let host = Host::new(&scenario.server, &names, opened_at, seed)?;
    let failed = |source| Error::Listen {
        address: listen,
        source,
    };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let shared = Arc::new(Shared {
        scenario: scenario.clone(),
        server,
        host,
        clock: Clock::start(),
        open: AtomicU32::new(0),
    });
    let mut listening = JoinSet::new();
    listening.spawn(accept(shared, listener));
    Ok(Running {
        address,
        _listening: listening,
    })
}

struct Shared {
    scenario: Scenario,
    server: String,
    host: Arc<Host>,
    clock: Clock,
    open: AtomicU32,
}

async fn accept(shared: Arc<Shared>, listener: TcpListener) {
    let mut door = Door::new(listener, Arc::new(Semaphore::new(MOST_OPEN)));
    let mut number = 0_u32;
    while let Some((client, place)) = door.next().await {
        number = number.saturating_add(1);
        let shared = Arc::clone(&shared);
        door.carry(async move {
            let open = shared
                .open
                .fetch_add(1, Ordering::Relaxed)
                .saturating_add(1);
            // An error is an end: there is nobody to tell.
            let _ = connection(&shared, client, number, open).await;
            shared.open.fetch_sub(1, Ordering::Relaxed);
            drop(place);
        });
    }
}

/// Carries one connection.
async fn connection(
    shared: &Shared,
    mut client: TcpStream,
    number: u32,
    open: u32,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut server = match timeout(CONNECTS_WITHIN, TcpStream::connect(&shared.server)).await {
        Ok(server) => server?,
        Err(_) => return Err(io::ErrorKind::TimedOut.into()),
    };
    server.set_nodelay(true)?;
    let mut middle = Middle::new(&shared.host, &shared.scenario.link, number, open);
    let mut due = middle.on(shared.clock.now(), Side::Client, Net::Opened);
    let (mut up, mut down) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    let (mut client_open, mut server_open) = (true, true);
    loop {
        let mut wake = None;
        for (side, step) in due {
            let stream = match side {
                Side::Client => &mut client,
                Side::Server => &mut server,
            };
            match step {
                // A side that is gone is noticed by the read that follows.
                Do::Send(bytes) => drop(stream.write_all(&bytes).await),
                Do::HalfClose | Do::Close => drop(stream.shutdown().await),
                Do::Reset => {
                    for stream in [&client, &server] {
                        SockRef::from(stream).set_linger(Some(Duration::ZERO))?;
                    }
                    return Ok(());
                }
                Do::Wake(at) => wake = Some(at),
            }
        }
        if !client_open && !server_open && wake.is_none() {
            return Ok(());
        }
        let alarm = pin!(sleep_until(shared.clock.alarm(wake)));
        let (side, read, buffer) = tokio::select! {
            read = client.read(&mut up), if client_open => (Side::Client, read, &up),
            read = server.read(&mut down), if server_open => (Side::Server, read, &down),
            () = alarm => {
                if wake.is_none() {
                    return Ok(());
                }
                due = middle.on(shared.clock.now(), Side::Client, Net::Time);
                continue;
            }
        };
        due = match read {
            Ok(length) if length > 0 => {
                let bytes = buffer.get(..length).unwrap_or_default();
                middle.on(shared.clock.now(), side, Net::Bytes(bytes))
            }
            ended => {
                match side {
                    Side::Client => client_open = false,
                    Side::Server => server_open = false,
                }
                if side == Side::Server && ended.is_err() {
                    // The real server's reset is handed on as one.
                    SockRef::from(&client).set_linger(Some(Duration::ZERO))?;
                    return Ok(());
                }
                middle.on(shared.clock.now(), side, Net::Ended)
            }
        };
    }
}
