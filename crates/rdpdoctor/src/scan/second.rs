//! Second looks: what a glance leaves in doubt is looked at as the client does, a few hosts at a time, beside the
//! sweep.

use std::sync::Arc;
use std::sync::mpsc;

use model::{AttemptOutcome, Evidence, Fact, Intent, LookId, Micros, Target};
use probe::sweep::Bell;
use probe::{Case, Depth, Options};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

use crate::check::{interrupted, now, runtime};
use crate::failure::Failure;

/// Hosts that get a second look at the same time.
const AT_ONCE: usize = 16;

/// A second look.
pub struct Wanted {
    /// The number of the host.
    pub ticket: u64,
    /// The host.
    pub target: Target,
    /// How much to look at.
    pub options: Options,
}

/// A thread that gives second looks, and hears when the user has had enough.
pub struct Second {
    ask: UnboundedSender<Wanted>,
    told: mpsc::Receiver<(u64, Evidence)>,
    stop: Arc<Notify>,
    /// Hosts that wait for theirs.
    pub pending: usize,
}

impl Second {
    /// Starts the thread. `on_interrupt` is called when the user or the system wants the work to end.
    pub fn start(bell: Bell, on_interrupt: impl Fn() + Send + 'static) -> Result<Self, Failure> {
        let (ask, asked) = unbounded_channel();
        let (tell, told) = mpsc::channel();
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let runtime = runtime()?;
        std::thread::Builder::new()
            .name("second looks".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        () = stopped.notified() => {}
                        () = async { interrupted().await; on_interrupt() } => {}
                        () = work(asked, tell, bell) => {}
                    }
                });
                // The resolver of the system cannot be called back; nobody waits for it.
                runtime.shutdown_background();
            })
            .map_err(|error| Failure::could_not_look(format!("cannot start a thread: {error}")))?;
        Ok(Self {
            ask,
            told,
            stop,
            pending: 0,
        })
    }

    /// Asks for a second look.
    pub fn ask(&mut self, wanted: Wanted) {
        if self.ask.send(wanted).is_ok() {
            self.pending = self.pending.saturating_add(1);
        }
    }

    /// The next second look that is over.
    pub fn told(&mut self) -> Option<(u64, Evidence)> {
        let told = self.told.try_recv().ok();
        if told.is_some() {
            self.pending = self.pending.saturating_sub(1);
        }
        told
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        self.stop.notify_one();
    }
}

async fn work(
    mut asked: UnboundedReceiver<Wanted>,
    tell: mpsc::Sender<(u64, Evidence)>,
    bell: Bell,
) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut looks = JoinSet::new();
    while let Some(wanted) = asked.recv().await {
        let (room, tell, bell) = (Arc::clone(&room), tell.clone(), bell.clone());
        looks.spawn(async move {
            let _permit = room.acquire_owned().await;
            let Wanted {
                ticket,
                target,
                options,
            } = wanted;
            let mut case = Case::open(target, options, now());
            case.run(|_| {}).await;
            // Nobody listens when the scan was interrupted.
            let _ = tell.send((ticket, case.evidence));
            bell.ring();
        });
        while looks.try_join_next().is_some() {}
    }
    while looks.join_next().await.is_some() {}
}

/// What a glance left in doubt.
pub fn doubt(evidence: &Evidence) -> Option<Doubt> {
    let has = |judge: fn(&Fact) -> bool| evidence.seen.iter().any(|seen| judge(&seen.fact));
    let hello = has(|fact| matches!(fact, Fact::TlsOffered { .. }));
    let whole = has(|fact| matches!(fact, Fact::ServerFlightSeen { .. }));
    if hello && !whole {
        // The hello of a glance ends at TLS 1.2 and has no key to go on with.
        return Some(Doubt::Hello);
    }
    let several =
        has(|fact| matches!(fact, Fact::NameResolved { addresses, .. } if addresses.len() > 1));
    let opened = has(|fact| matches!(fact, Fact::TcpOpened { .. }));
    (several && !opened).then_some(Doubt::Addresses)
}

/// A reason to look again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// TLS ended early, and the hello was not the client's.
    Hello,
    /// The name has more addresses, and the first did not open.
    Addresses,
}

/// How to look again, with so many connections left.
pub fn options(doubt: Option<Doubt>, connections: usize, timeout: Micros) -> Options {
    let depth = match doubt {
        Some(Doubt::Hello) if connections == 1 => Depth::Quick,
        _ => Depth::Standard,
    };
    Options {
        connections,
        timeout,
        ..Options::of(depth)
    }
}

/// Both looks at a host as one case. A glance whose hello was not the client's becomes a contrast.
pub fn joined(first: Evidence, second: Evidence, doubt: Option<Doubt>) -> Evidence {
    let mut joined = first;
    let highest = joined.tried.iter().map(|attempt| attempt.look.0).max();
    let shift = highest.unwrap_or(0);
    let ended = |evidence: &Evidence| {
        evidence
            .tried
            .iter()
            .filter_map(|attempt| Some(attempt.at?.plus(attempt.took?)))
            .max()
            .unwrap_or_default()
    };
    let since = ended(&joined);
    if doubt == Some(Doubt::Hello) {
        for attempt in &mut joined.tried {
            if attempt.probe == probe::probes::GLANCE.name {
                attempt.intent = Intent::Contrast;
                attempt.says = format!("{}, a hello of TLS 1.2", attempt.says);
            }
        }
    }
    let moved = |look: LookId| LookId(look.0.saturating_add(shift));
    joined
        .tried
        .extend(second.tried.into_iter().map(|mut attempt| {
            attempt.look = moved(attempt.look);
            attempt.at = attempt.at.map(|at| at.plus(since));
            if let AttemptOutcome::Skipped(_) = attempt.outcome {
                attempt.at = None;
            }
            attempt
        }));
    let known = joined
        .seen
        .iter()
        .any(|seen| matches!(seen.fact, Fact::AddressGiven { .. }));
    joined.seen.extend(
        second
            .seen
            .into_iter()
            .filter(|seen| !(known && matches!(seen.fact, Fact::AddressGiven { .. })))
            .map(|mut seen| {
                seen.look = seen.look.map(moved);
                seen.at = seen.at.map(|at| at.plus(since));
                seen
            }),
    );
    joined.interrupted |= second.interrupted;
    joined
}
