//! Carries a connection between its socket and what plays the server, and keeps its time.

use std::io;
use std::pin::pin;
use std::time::Duration;

use model::Micros;
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::server::{Do, Net};

/// How long a connection that was closed is kept, so that what the client still sends does not turn the
/// orderly end into a reset.
const LINGER: Duration = Duration::from_secs(5);

/// How long a connection is kept in which nothing happens.
const IDLE: Duration = Duration::from_secs(600);

/// The time since serving began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Instant);

impl Clock {
    /// Begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// What it shows.
    pub fn now(self) -> Micros {
        Micros(u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    /// The moment to wake at; without one, when a quiet connection has been kept long enough.
    pub fn alarm(self, wake: Option<Micros>) -> Instant {
        self.alarm_or(wake, IDLE)
    }

    fn alarm_or(self, wake: Option<Micros>, quiet: Duration) -> Instant {
        wake.and_then(|at| self.0.checked_add(Duration::from_micros(at.0)))
            .unwrap_or_else(|| Instant::now() + quiet)
    }
}

/// What plays the server on one connection.
pub(crate) trait Speaker {
    /// Takes in what the client did, and says what to do.
    fn on(&mut self, net: Net<'_>) -> impl Future<Output = Vec<Do>> + Send;
}

/// Carries one connection to its end. Others may have something done on it, too.
pub(crate) async fn carry(
    mut stream: TcpStream,
    clock: Clock,
    speaker: &mut impl Speaker,
    from_others: &mut mpsc::Receiver<Do>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut due = speaker.on(Net::Opened).await;
    let mut buffer = vec![0; 16 * 1024];
    let (mut reading, mut writing) = (true, true);
    // What others have done on it says nothing of when to wake: the last word on that stands.
    let mut wake: Option<Micros> = None;
    loop {
        for step in due {
            match step {
                Do::Send(bytes) if writing => stream.write_all(&bytes).await?,
                Do::Send(_) => {}
                Do::HalfClose | Do::Close => {
                    writing = false;
                    stream.shutdown().await?;
                }
                Do::Reset => {
                    SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
                    return Ok(());
                }
                Do::Wake(at) => wake = Some(at),
            }
        }
        if !reading && (wake.is_none() || !writing) {
            return Ok(());
        }
        let quiet = if writing { IDLE } else { LINGER };
        let alarm = pin!(sleep_until(clock.alarm_or(wake, quiet)));
        due = tokio::select! {
            read = stream.read(&mut buffer), if reading => match read {
                Ok(0) | Err(_) => {
                    reading = false;
                    speaker.on(Net::Ended).await
                }
                Ok(length) => speaker.on(Net::Bytes(buffer.get(..length).unwrap_or_default())).await,
            },
            Some(step) = from_others.recv() => vec![step],
            () = alarm => match wake.take() {
                Some(_) => speaker.on(Net::Time).await,
                None => return Ok(()),
            },
        };
    }
}
