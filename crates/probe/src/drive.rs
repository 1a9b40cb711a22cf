//! Carries looks out over real sockets, and tells what was seen as it is seen.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::{Ending, Fact, HostName, Leg, LookId, Micros, Phase, Place, UnixSeconds, Unreached};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::timeout;

use crate::connect::{Opening, connect};
use crate::conversation::{Conversation, Do, Net};
use crate::hops::Hops;
use crate::look::{Ascent, Greeting, Look};
use crate::platform::Measured;
use crate::sessions::Sessions;
use crate::{Error, ask, gateway, kdc, load, path, platform, relay, resolve, side, ticket};

/// No connection lasts longer, however slowly its peer drips: this many times the patience.
pub(crate) const LONGEST: u64 = 4;

/// The clock of a case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the case was opened.
    pub(crate) fn now(self) -> Micros {
        Micros(u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    pub(crate) fn until(self, moment: Micros) -> Duration {
        Duration::from_micros(moment.since(self.now()).0)
    }
}

/// What a look tells while it runs.
#[derive(Debug)]
pub(crate) enum Told {
    Fact(Place, Fact),
    Judge(Leg, Vec<Vec<u8>>),
    /// It has what it came for and closed its side; the peer has not closed yet.
    Leaves,
    /// A reset came, and this program may not see from how far away.
    OriginForbidden,
    Broke(String),
}

/// Something told, by whom and when.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) look: LookId,
    pub(crate) at: Micros,
    pub(crate) told: Told,
}

/// The voice of one look.
#[derive(Clone)]
pub(crate) struct Voice {
    pub(crate) look: LookId,
    pub(crate) clock: Clock,
    pub(crate) events: UnboundedSender<Event>,
    /// What looks of the same case share.
    pub(crate) sessions: Sessions,
}

impl Voice {
    pub(crate) fn fact(&self, at: Micros, place: Place, fact: Fact) {
        self.tell(at, Told::Fact(place, fact));
    }

    pub(crate) fn tell(&self, at: Micros, told: Told) {
        // Nobody listens when the case was dropped.
        let _ = self.events.send(Event {
            look: self.look,
            at,
            told,
        });
    }
}

/// Carries a look out.
pub(crate) async fn carry_out(look: Look, opened_at: UnixSeconds, voice: Voice) {
    let carried = match look {
        Look::Resolve {
            leg,
            name,
            patience,
        } => {
            let phase = Phase::Resolve;
            let place = Place { leg, phase };
            if let Some(fact) = ask::hosts_file(&name) {
                voice.fact(voice.clock.now(), place, fact);
            }
            resolve::look_up(&name, patience, voice.clock)
                .await
                .map(|fact| {
                    let failed = matches!(fact, Fact::NameNotResolved { .. });
                    let now = voice.clock.now();
                    // Told first, so that they can be asked when the failure is known.
                    if let Some(servers) = ask::own_name_servers().filter(|_| failed) {
                        voice.fact(now, place, servers);
                    }
                    voice.fact(now, place, fact);
                })
        }
        Look::Ask(inquiry) => ask::ask(&inquiry, &voice).await,
        Look::Realm(inquiry) => kdc::find(&inquiry, &voice).await,
        Look::Kdc(visit) => kdc::visit(&visit, opened_at, &voice).await,
        Look::Ticket(visit) => ticket::get(&visit, &voice).await,
        Look::Gateway(visit) => gateway::visit(&visit, opened_at, &voice).await,
        Look::Direct {
            name,
            port,
            patience,
        } => direct(&name, port, patience, &voice).await,
        Look::Trace(route) => path::trace(&route, &voice).await,
        Look::Sizes(route) => path::sizes(&route, &voice).await,
        Look::Load(burden) => load::bear(&burden, &voice).await,
        Look::Climb(ascent) => climb(*ascent, opened_at, &voice).await,
        Look::Knock { to, patience } => connect(to, patience, None, voice.clock)
            .await
            .map(|opening| knocked(to, opening, &voice)),
        Look::Side {
            to,
            greeting,
            pace,
            patience,
        } => side::ask(to, greeting, pace, patience, voice.clock)
            .await
            .map(|fact| {
                // The silence of who promised nothing tells nothing.
                let quiet = matches!(fact, Fact::UdpSilent { .. })
                    && greeting == Greeting::Dtls { promised: false };
                if !quiet {
                    voice.fact(voice.clock.now(), side::PLACE, fact);
                }
            }),
    };
    if let Err(error) = carried {
        voice.tell(voice.clock.now(), Told::Broke(error.to_string()));
    }
}

/// Whether the host opens to whoever does not take the way through the gateway or the proxy.
async fn direct(name: &HostName, port: u16, patience: Micros, voice: &Voice) -> Result<(), Error> {
    let addresses = match name.0.parse() {
        Ok(address) => vec![address],
        Err(_) => match resolve::look_up(name, patience, voice.clock).await? {
            Fact::NameResolved { addresses, .. } => addresses,
            // A name that only the gateway's side knows is the usual case.
            _ => Vec::new(),
        },
    };
    let Some(address) = addresses.first() else {
        return Ok(());
    };
    let to = SocketAddr::new(*address, port);
    let opening = connect(to, patience, None, voice.clock).await?;
    let opened = matches!(opening, Opening::Open(..) | Opening::Reset(..));
    let fact = Fact::DirectWay { to, opened };
    voice.fact(voice.clock.now(), gateway::rung(Phase::Resolve), fact);
    Ok(())
}

/// What another port of the host says about the host.
fn knocked(to: SocketAddr, opening: Opening, voice: &Voice) {
    let opened = match opening {
        Opening::Open(..) | Opening::Reset(..) => true,
        Opening::Not(_, Fact::TcpRefused { .. }) => false,
        // Silence and refusals on the way tell nothing about the host that the main look did not.
        Opening::Not(..) => return,
    };
    let fact = Fact::OtherPortAnswered { to, opened };
    voice.fact(voice.clock.now(), Place::host(Phase::Reach), fact);
}

async fn climb(ascent: Ascent, opened_at: UnixSeconds, voice: &Voice) -> Result<(), Error> {
    let clock = voice.clock;
    let to = ascent.to;
    // A look that is after one answer measures what the others did.
    let measures = ascent.enough.is_empty();
    let hops = measures.then(|| Hops::watch(to)).flatten();
    let opening = connect(to, ascent.connect_patience, ascent.segments, clock).await?;
    let relay = ascent.relay.clone();
    // Through a proxy, what opens or does not is the proxy.
    let there = |place: Place| Place {
        leg: relay.as_ref().map_or(place.leg, |_| Leg::Proxy),
        ..place
    };
    let last = clock.now().plus(ascent.wish.patience.times(LONGEST));
    let mut conversation = Conversation::new(ascent, opened_at).sharing(voice.sessions.clone());
    let mut stream = match opening {
        Opening::Open(stream, place, fact) => {
            voice.fact(clock.now(), there(place), fact);
            stream
        }
        Opening::Reset(place, fact) => {
            let now = clock.now();
            voice.fact(now, there(place), fact);
            for act in conversation.on(now, Net::Ended(Ending::Reset)) {
                tell(act, now, voice);
            }
            return Ok(());
        }
        Opening::Not(place, fact) => {
            voice.fact(clock.now(), there(place), fact);
            return Ok(());
        }
    };
    if let Some(asked) = &relay
        && !relay::ask(&mut stream, to, asked, voice).await
    {
        return Ok(());
    }
    let local = stream.local_addr().map(|local| local.port());
    let socket = Asked {
        measured: platform::measured,
        complaint,
    };
    let course = converse(&mut stream, socket, conversation, last, voice).await;
    if let Some(why) = course.sent_back {
        let fact = Fact::SentBack { to, why };
        voice.fact(clock.now(), there(Place::host(Phase::Tcp)), fact);
    }
    if let Some(measured) = course.measured.filter(|_| measures) {
        tell_measured(to, measured, course.ended, voice);
    }
    match (course.reset, hops, local) {
        (Some(place), Some(hops), Ok(local)) => {
            if let Some(fact) = hops.reset(to, local) {
                voice.fact(clock.now(), place, fact);
            }
        }
        (Some(_), None, _) if measures && Hops::are_forbidden(to) => {
            voice.tell(clock.now(), Told::OriginForbidden);
        }
        _ => {}
    }
    Ok(())
}

/// How a conversation went, as the socket saw it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Course {
    /// The rung on which a reset ended it.
    reset: Option<Place>,
    /// It ended before the look was satisfied.
    ended: bool,
    /// What the system measured until then.
    measured: Option<Measured>,
    /// Why what we sent last was sent back.
    sent_back: Option<Unreached>,
}

/// Tells what the system measured on a connection.
fn tell_measured(to: std::net::SocketAddr, measured: Measured, ended: bool, voice: &Voice) {
    let now = voice.clock.now();
    let place = Place::host(Phase::Tcp);
    let Measured {
        round_trip,
        variation,
        shortest,
        mtu,
        segment,
        sent_again,
        unconfirmed,
        segments,
        after_a_gap,
    } = measured;
    if round_trip > Micros::ZERO {
        voice.fact(
            now,
            place,
            Fact::PathMeasured {
                to,
                round_trip,
                variation,
                shortest,
                mtu,
                segment,
                after_a_gap,
            },
        );
    }
    // That nothing had to be sent again says something only of a connection that ended, and only when all of it
    // was confirmed.
    let says = sent_again > 0 || (ended && unconfirmed == 0);
    if let Some(of) = segments.filter(|_| says) {
        voice.fact(
            now,
            place,
            Fact::Retransmitted {
                by_client: sent_again,
                by_server: None,
                of: of.max(sent_again),
            },
        );
    }
}

/// What the system is asked about a connection.
pub(crate) struct Asked<S> {
    /// How it fared.
    pub(crate) measured: fn(&S) -> Option<Measured>,
    /// The error that stands and wakes no reader: that of an ICMP message, which ends no connection.
    pub(crate) complaint: fn(&S) -> Option<io::Error>,
}

impl<S> Asked<S> {
    /// Nothing: it is no connection of the system's.
    pub(crate) fn nothing() -> Self {
        Self {
            measured: |_| None,
            complaint: |_| None,
        }
    }

    /// Why somebody on the way sent back what we sent last; nothing where it has arrived since.
    fn sent_back(&self, stream: &S) -> Option<Unreached> {
        let waits = (self.measured)(stream).is_some_and(|measured| measured.unconfirmed > 0);
        let error = waits.then(|| (self.complaint)(stream)).flatten()?;
        Some(match error.kind() {
            ErrorKind::ConnectionRefused => Unreached::Port,
            ErrorKind::HostUnreachable => Unreached::Host,
            ErrorKind::NetworkUnreachable => Unreached::Network,
            ErrorKind::PermissionDenied => Unreached::Forbidden,
            // Those of TCP itself are told by the read that meets them.
            _ if ending(&error) != Ending::Unreachable => return None,
            _ => Unreached::Other,
        })
    }
}

/// The error that stands on a connection. To be asked when nothing more comes: the reason of a reset would be taken away
/// from the read that tells it.
fn complaint(stream: &TcpStream) -> Option<io::Error> {
    stream.take_error().ok().flatten()
}

/// Passes bytes between the socket and the conversation until one of them is done.
pub(crate) async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    socket: Asked<S>,
    mut conversation: Conversation,
    last: Micros,
    voice: &Voice,
) -> Course {
    let clock = voice.clock;
    let mut buffer = vec![0; 16 * 1024];
    let mut wake = last;
    // What went wrong without ending the connection: a failed write (the reason is told by the read that
    // follows), or an ICMP error that the system passed on.
    let mut omen: Option<Ending> = None;
    let mut course = Course::default();
    let farewell = conversation.farewell();
    let mut now = clock.now();
    let mut acts = conversation.on(now, Net::Opened);
    loop {
        for act in acts {
            match act {
                Do::Send(bytes) => match timeout(clock.until(wake), stream.write_all(&bytes)).await
                {
                    Ok(Ok(())) | Err(_) => {}
                    Ok(Err(error)) => omen = Some(ending(&error)),
                },
                Do::Wake(moment) => wake = moment.min(last),
                Do::Close => {
                    // In good order: the peer sees a FIN.
                    course.measured = course.measured.or_else(|| (socket.measured)(stream));
                    let _ = stream.shutdown().await;
                    let now = clock.now();
                    voice.tell(now, Told::Leaves);
                    // The next connection would count beside this one until the peer has closed too.
                    let until = now.plus(farewell);
                    // A read that has bytes at hand wins over a time-out that has passed, so time is asked too.
                    while clock.now() < until
                        && let Ok(Ok(1..)) =
                            timeout(clock.until(until), stream.read(&mut buffer)).await
                    {
                    }
                    return course;
                }
                act => {
                    if let Do::Fact(place, Fact::Ended { how, .. }) = &act {
                        course.ended = true;
                        course.reset = (*how == Ending::Reset).then_some(*place);
                    }
                    tell(act, now, voice);
                }
            }
        }
        let read = timeout(clock.until(wake), stream.read(&mut buffer)).await;
        now = clock.now();
        let net = match &read {
            Ok(Ok(0)) if omen == Some(Ending::Reset) => Net::Ended(Ending::Reset),
            Ok(Ok(0)) => Net::Ended(Ending::Closed),
            Ok(Ok(length)) => {
                // Whatever an ICMP error meant, it is over.
                omen = omen.filter(|omen| *omen != Ending::Unreachable);
                Net::Bytes(buffer.get(..*length).unwrap_or_default())
            }
            Ok(Err(error)) => match ending(error) {
                // The connection goes on: the system reports such an error once and keeps trying.
                Ending::Unreachable if omen.is_none() => {
                    omen = Some(Ending::Unreachable);
                    acts = Vec::new();
                    continue;
                }
                Ending::Unreachable => Net::Ended(Ending::Unreachable),
                how => Net::Ended(how),
            },
            Err(_) if omen == Some(Ending::Unreachable) => Net::Ended(Ending::Unreachable),
            Err(_) => {
                course.sent_back = course.sent_back.or_else(|| socket.sent_back(stream));
                Net::Ended(Ending::Silence)
            }
        };
        acts = conversation.on(now, net);
    }
}

fn tell(act: Do, now: Micros, voice: &Voice) {
    match act {
        Do::Fact(place, fact) => voice.fact(now, place, fact),
        Do::Judge(chain) => voice.tell(now, Told::Judge(Leg::Host, chain)),
        Do::Broke(why) => voice.tell(now, Told::Broke(why)),
        Do::Send(_) | Do::Wake(_) | Do::Close => {}
    }
}

/// How an error says that the connection ended.
pub(crate) fn ending(error: &io::Error) -> Ending {
    match error.kind() {
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            Ending::Reset
        }
        ErrorKind::TimedOut => Ending::Silence,
        _ => Ending::Unreachable,
    }
}
