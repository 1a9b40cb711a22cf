//! How many connections the host takes at once: a bounded test that is never made unasked.
//!
//! First it holds connections that ask as a client does, one more at a time; then, when all are closed again, ones
//! that say nothing. After each part it looks whether a single connection still gets an answer. It stops at the first
//! limit it meets, closes everything in good order, and sends no name and no password.

use std::net::SocketAddr;
use std::time::Duration;

use model::codes::Protocols;
use model::{Fact, Limit, Micros, Phase, Place};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::Error;
use crate::connect::{Opening, connect};
use crate::drive::{Voice, ending};
use crate::look::Burden;
use crate::plan::COOKIE;

/// How many connections at once are tried unless somebody says otherwise.
pub const USUAL: u32 = 30;
/// How often a single connection is tried after each part.
const TRIES: u32 = 3;
/// The pause before each of these tries, so that a host can tidy up.
const PAUSE: Duration = Duration::from_secs(1);

/// The most connections that a test for so many at once opens in all.
pub const fn connections(at_once: u32) -> u32 {
    // Both parts with the one that meets the limit, the one beside those that say nothing, and the tries after each.
    (at_once + 1) * 2 + 1 + TRIES * 2
}

/// A connection that is held, or why there is none.
type Held = Result<TcpStream, Limit>;

/// Carries the test out, and tells what was met.
pub(crate) async fn bear(burden: &Burden, voice: &Voice) -> Result<(), Error> {
    let &Burden {
        to,
        at_once,
        offers,
        patience,
    } = burden;
    let asks = Some(offers);
    for silent in [false, true] {
        let mut held = Vec::new();
        let mut limit = None;
        while limit.is_none() && u32::try_from(held.len()).unwrap_or(u32::MAX) < at_once {
            match one(to, asks.filter(|_| !silent), patience, voice).await? {
                Ok(stream) => held.push(stream),
                Err(met) => limit = Some(met),
            }
        }
        let count = u32::try_from(held.len()).unwrap_or(u32::MAX);
        // Taken by the system's queue, connections that say nothing may still keep others from an answer.
        if silent && limit.is_none() {
            limit = one(to, asks, patience, voice).await?.err();
        }
        // A server that drops those it took has a limit of another kind.
        let dropped = held.iter().filter(|stream| is_over(stream)).count();
        tell(
            Fact::ConnectionsHeld {
                to,
                asked: at_once,
                held: count,
                silent,
                limit,
                dropped: u32::try_from(dropped).unwrap_or(u32::MAX),
            },
            voice,
        );
        for mut stream in held {
            // In good order: the host sees a FIN.
            let _ = stream.shutdown().await;
        }
        if limit.is_some() && !recovers(burden, voice).await? {
            return Ok(());
        }
    }
    Ok(())
}

fn tell(fact: Fact, voice: &Voice) {
    voice.fact(voice.clock.now(), Place::host(Phase::Tcp), fact);
}

/// Whether a single connection gets an answer again, now that all are closed.
async fn recovers(burden: &Burden, voice: &Voice) -> Result<bool, Error> {
    let began = voice.clock.now();
    let mut again = false;
    for _ in 0..TRIES {
        sleep(PAUSE).await;
        if one(burden.to, Some(burden.offers), burden.patience, voice)
            .await?
            .is_ok()
        {
            again = true;
            break;
        }
    }
    tell(
        Fact::AnsweredAfterLoad {
            to: burden.to,
            again,
            waited: voice.clock.now().since(began),
        },
        voice,
    );
    Ok(again)
}

/// Opens a connection; one that asks waits for the first byte of an answer, whatever it says.
async fn one(
    to: SocketAddr,
    asks: Option<Protocols>,
    patience: Micros,
    voice: &Voice,
) -> Result<Held, Error> {
    let mut stream = match connect(to, patience, None, voice.clock).await? {
        Opening::Open(stream, ..) => stream,
        Opening::Reset(..) => return Ok(Err(Limit::Reset)),
        Opening::Not(_, Fact::TcpRefused { .. }) => return Ok(Err(Limit::Refused)),
        Opening::Not(_, Fact::TcpSilent { .. }) => return Ok(Err(Limit::NotOpened)),
        Opening::Not(..) => return Ok(Err(Limit::Unreachable)),
    };
    let Some(offers) = asks else {
        return Ok(Ok(stream));
    };
    let request = wire::x224::connection_request(Some(offers), Some(COOKIE));
    let mut first = [0; 1];
    let answered = async {
        stream.write_all(&request).await?;
        stream.read(&mut first).await
    };
    Ok(
        match timeout(Duration::from_micros(patience.0), answered).await {
            Err(_) => Err(Limit::NotAnswered),
            Ok(Ok(0)) => Err(Limit::Closed),
            Ok(Ok(_)) => Ok(stream),
            Ok(Err(error)) => Err(match ending(&error) {
                model::Ending::Reset => Limit::Reset,
                model::Ending::Silence => Limit::NotAnswered,
                model::Ending::Closed => Limit::Closed,
                model::Ending::Unreachable => Limit::Unreachable,
            }),
        },
    )
}

/// The host has ended a connection that it had taken.
fn is_over(stream: &TcpStream) -> bool {
    let mut rest = [0; 512];
    loop {
        match stream.try_read(&mut rest) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != std::io::ErrorKind::WouldBlock,
        }
    }
}
