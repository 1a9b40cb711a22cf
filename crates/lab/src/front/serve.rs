//! Serves a gateway or a proxy on real sockets, before a real server or the lab's own.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use model::{Micros, UnixSeconds};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::{Behind, Front, Order};
use crate::carry::{Clock, Speaker, carry};
use crate::door::Door;
use crate::forwarder::Forwarder;
use crate::gateway::Gateway;
use crate::line::Line;
use crate::loopback::Error;
use crate::scenario::{Scenario, Syn};
use crate::server::{Do, Host, Net};

/// The most connections served at once; others wait in the queue of the listener.
const MOST_OPEN: usize = 128;
/// How long the server behind may take to accept a connection; Windows gives up after 21 seconds.
const CONNECTS_WITHIN: Duration = Duration::from_secs(21);
/// How much may wait for a connection before whoever brings it waits too.
const QUEUE: usize = 64;

/// What runs; dropping it ends all of its connections.
#[derive(Debug)]
pub struct Running {
    /// Where to dial.
    pub address: SocketAddr,
    _listening: JoinSet<()>,
    _forwarding: Arc<Mutex<JoinSet<()>>>,
}

/// Where it stands.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The real server behind it, a name or address with a port, whatever clients ask for; the lab's own
    /// server of the scenario when absent.
    pub target: Option<String>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Names and addresses that its certificate is for, beside that of the scenario.
    pub names: Vec<String>,
    /// The wall clock.
    pub opened_at: UnixSeconds,
    /// What looks random depends on it.
    pub seed: u64,
}

/// Serves the gateway or the proxy of `scenario` until the result is dropped.
pub async fn serve(scenario: &Scenario, settings: Settings) -> Result<Running, Error> {
    let Settings {
        target,
        listen,
        names: also,
        opened_at,
        seed,
    } = settings;
    let mut names = Vec::new();
    names.extend(
        scenario
            .gateway
            .as_ref()
            .map(|gateway| gateway.name.clone()),
    );
    names.extend(scenario.proxy.as_ref().map(|proxy| proxy.name.clone()));
    names.extend(also);
    names.dedup();
    let front = match (&scenario.gateway, &scenario.proxy) {
        (Some(script), _) => {
            Front::Gateway(Box::new(Gateway::new(script, &names, opened_at, seed)?))
        }
        (None, Some(script)) => {
            Front::Forwarder(Box::new(Forwarder::new(script, &names, opened_at, seed)?))
        }
        (None, None) => {
            return Err(Error::InMemoryOnly {
                id: scenario.id.clone(),
                why: "there is neither a gateway nor a proxy in it",
            });
        }
    };
    let target = match target {
        Some(server) => Target::Real(server),
        None => {
            let names = [scenario.client.name.clone()];
            Target::Lab(Host::new(&scenario.server, &names, opened_at, seed)?)
        }
    };
    let failed = |source| Error::Listen {
        address: listen,
        source,
    };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let forwarding = Arc::new(Mutex::new(JoinSet::new()));
    let shared = Arc::new(Shared {
        forwarding: Arc::downgrade(&forwarding),
        scenario: scenario.clone(),
        target,
        clock: Clock::start(),
        state: Mutex::new(State {
            front,
            clients: BTreeMap::new(),
            tunnels: BTreeMap::new(),
        }),
    });
    let mut listening = JoinSet::new();
    listening.spawn(accept(shared, listener));
    Ok(Running {
        address,
        _listening: listening,
        _forwarding: forwarding,
    })
}

enum Target {
    Real(String),
    Lab(Arc<Host>),
}

/// What all connections have in common.
struct Shared {
    /// What carries tunnels to the server behind; it ends with what is served.
    forwarding: Weak<Mutex<JoinSet<()>>>,
    scenario: Scenario,
    target: Target,
    clock: Clock,
    state: Mutex<State>,
}

struct State {
    front: Front,
    clients: BTreeMap<u32, mpsc::Sender<Do>>,
    tunnels: BTreeMap<u32, mpsc::Sender<Vec<u8>>>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands something in for client `number`: its own steps come back, the others go their ways.
    async fn client(self: &Arc<Self>, number: u32, net: Net<'_>) -> Vec<Do> {
        let orders = self.state().front.client(self.clock.now(), number, net);
        self.carry_out(orders, Some(number)).await
    }

    async fn behind(self: &Arc<Self>, tunnel: u32, net: Behind<'_>) {
        let orders = self.state().front.behind(self.clock.now(), tunnel, net);
        self.carry_out(orders, None).await;
    }

    async fn carry_out(self: &Arc<Self>, orders: Vec<Order>, own: Option<u32>) -> Vec<Do> {
        let mut mine = Vec::new();
        for order in orders {
            // Whoever is gone needs nothing any more.
            match order {
                Order::Client(number, step) if Some(number) == own => mine.push(step),
                Order::Client(number, step) => {
                    let client = self.state().clients.get(&number).cloned();
                    if let Some(client) = client {
                        let _ = client.send(step).await;
                    }
                }
                Order::Dial { tunnel, .. } => {
                    let (to, from) = mpsc::channel(QUEUE);
                    self.state().tunnels.insert(tunnel, to);
                    let Some(forwarding) = self.forwarding.upgrade() else {
                        continue;
                    };
                    let mut forwarding = forwarding.lock().unwrap_or_else(PoisonError::into_inner);
                    // Those that have ended make room.
                    while forwarding.try_join_next().is_some() {}
                    forwarding.spawn(forwards(Arc::clone(self), tunnel, from));
                }
                Order::Forward(tunnel, bytes) => {
                    let tunnel = self.state().tunnels.get(&tunnel).cloned();
                    if let Some(tunnel) = tunnel {
                        let _ = tunnel.send(bytes).await;
                    }
                }
                Order::Hangup(tunnel) => {
                    self.state().tunnels.remove(&tunnel);
                }
            }
        }
        mine
    }
}

async fn accept(shared: Arc<Shared>, listener: TcpListener) {
    let mut door = Door::new(listener, Arc::new(Semaphore::new(MOST_OPEN)));
    let mut number = 0_u32;
    while let Some((stream, place)) = door.next().await {
        number = number.saturating_add(1);
        let shared = Arc::clone(&shared);
        door.carry(async move {
            let (to, mut from) = mpsc::channel(QUEUE);
            shared.state().clients.insert(number, to);
            // An error is an end: there is nobody to tell.
            let mut client = Client {
                shared: &shared,
                number,
            };
            let _ = carry(stream, shared.clock, &mut client, &mut from).await;
            shared.state().clients.remove(&number);
            let _ = shared.client(number, Net::Ended).await;
            drop(place);
        });
    }
}

/// A client of the front, by its number.
struct Client<'a> {
    shared: &'a Arc<Shared>,
    number: u32,
}

impl Speaker for Client<'_> {
    async fn on(&mut self, net: Net<'_>) -> Vec<Do> {
        self.shared.client(self.number, net).await
    }
}

/// The same as [`forward`]; its type does not contain itself.
fn forwards(
    shared: Arc<Shared>,
    tunnel: u32,
    from_client: mpsc::Receiver<Vec<u8>>,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(forward(shared, tunnel, from_client))
}

/// Carries a tunnel to the server behind and back, until it is hung up or the server ends it.
async fn forward(shared: Arc<Shared>, tunnel: u32, mut from_client: mpsc::Receiver<Vec<u8>>) {
    match &shared.target {
        Target::Real(server) => {
            let opened = timeout(CONNECTS_WITHIN, TcpStream::connect(server)).await;
            let Ok(Ok(stream)) = opened else {
                return shared.behind(tunnel, Behind::Failed).await;
            };
            // An error is an end: there is nobody to tell.
            let _ = to_server(&shared, tunnel, stream, &mut from_client).await;
        }
        Target::Lab(host) => {
            match shared.scenario.network.syn(0, 1, 0) {
                Syn::Open => {}
                Syn::Silent => {
                    sleep_until(Instant::now() + CONNECTS_WITHIN).await;
                    return shared.behind(tunnel, Behind::Failed).await;
                }
                _ => return shared.behind(tunnel, Behind::Failed).await,
            }
            to_lab(&shared, tunnel, host, &mut from_client).await;
        }
    }
    shared.behind(tunnel, Behind::Ended).await;
}

async fn to_server(
    shared: &Arc<Shared>,
    tunnel: u32,
    mut stream: TcpStream,
    from_client: &mut mpsc::Receiver<Vec<u8>>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    shared.behind(tunnel, Behind::Opened).await;
    let mut buffer = vec![0; 16 * 1024];
    loop {
        tokio::select! {
            read = stream.read(&mut buffer) => {
                let length = read?;
                if length == 0 {
                    return Ok(());
                }
                let bytes = buffer.get(..length).unwrap_or_default();
                shared.behind(tunnel, Behind::Bytes(bytes)).await;
            }
            bytes = from_client.recv() => match bytes {
                Some(bytes) => stream.write_all(&bytes).await?,
                None => return stream.shutdown().await,
            }
        }
    }
}

async fn to_lab(
    shared: &Arc<Shared>,
    tunnel: u32,
    host: &Arc<Host>,
    from_client: &mut mpsc::Receiver<Vec<u8>>,
) {
    let link = &shared.scenario.link;
    let mut line = Line::new(host, link, Micros::ZERO, tunnel, 1);
    shared.behind(tunnel, Behind::Opened).await;
    let mut due = line.on(shared.clock.now(), Net::Opened);
    loop {
        let mut wake = None;
        for step in due {
            match step {
                Do::Send(bytes) => shared.behind(tunnel, Behind::Bytes(&bytes)).await,
                Do::HalfClose | Do::Close | Do::Reset => return,
                Do::Wake(at) => wake = Some(at),
            }
        }
        due = tokio::select! {
            bytes = from_client.recv() => match bytes {
                Some(bytes) => line.on(shared.clock.now(), Net::Bytes(&bytes)),
                None => return,
            },
            () = sleep_until(shared.clock.alarm(wake)) => match wake {
                Some(_) => line.on(shared.clock.now(), Net::Time),
                None => return,
            },
        };
    }
}
