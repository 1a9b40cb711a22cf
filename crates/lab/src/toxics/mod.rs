//! What a link can do to the bytes it carries, sans-IO: pieces go in with the time, pieces come out with
//! the time at which they are due.
//!
//! Each toxic is a file with a record and a `pass` function; the list of them is [`TOXICS`].

mod close;
mod corrupt;
mod delay;
mod drip;
mod rate;
mod reset;
mod stall;
mod swallow;

use std::collections::VecDeque;

use model::Micros;
use serde::Deserialize;

pub use close::Close;
pub use corrupt::Corrupt;
pub use delay::Delay;
pub use drip::Drip;
pub use rate::Rate;
pub use reset::Reset;
pub use stall::Stall;
pub use swallow::Swallow;

use crate::chance::Chance;

/// A toxic as `lab list` shows it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name: the `kind` in a scenario.
    pub name: &'static str,
    /// What it does.
    pub says: &'static str,
}

/// Every toxic.
pub const TOXICS: &[Entry] = &[
    Entry {
        name: "close",
        says: "closes that direction after a number of bytes",
    },
    Entry {
        name: "corrupt",
        says: "changes one byte",
    },
    Entry {
        name: "delay",
        says: "holds everything back for a time",
    },
    Entry {
        name: "drip",
        says: "cuts everything into small pieces with time between them",
    },
    Entry {
        name: "rate",
        says: "lets through so many bytes a second",
    },
    Entry {
        name: "reset",
        says: "resets both sides after a number of bytes",
    },
    Entry {
        name: "stall",
        says: "lets nothing more through after a number of bytes",
    },
    Entry {
        name: "swallow",
        says: "loses large segments, as a path with a broken MTU does",
    },
];

/// Something that damages what a link carries.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Toxic {
    /// Closes that direction after a number of bytes.
    Close(Close),
    /// Changes one byte.
    Corrupt(Corrupt),
    /// Holds everything back for a time.
    Delay(Delay),
    /// Cuts everything into small pieces with time between them.
    Drip(Drip),
    /// Lets through so many bytes a second.
    Rate(Rate),
    /// Resets both sides after a number of bytes.
    Reset(Reset),
    /// Lets nothing more through after a number of bytes.
    Stall(Stall),
    /// Loses large segments.
    Swallow(Swallow),
}

/// Which way bytes go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// From the client to the server.
    ToServer,
    /// From the server to the client.
    #[default]
    ToClient,
}

/// What a link carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes.
    Bytes(Vec<u8>),
    /// The end of this direction.
    Closed,
    /// The sudden end of both directions.
    Reset,
}

/// What a toxic remembers of a connection.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Bytes that have passed.
    passed: u64,
    /// When the last piece left.
    last: Micros,
    /// Nothing more gets through.
    shut: bool,
}

impl Toxic {
    /// The direction it works on.
    pub const fn way(&self) -> Way {
        match self {
            Self::Close(toxic) => toxic.way,
            Self::Corrupt(toxic) => toxic.way,
            Self::Delay(toxic) => toxic.way,
            Self::Drip(toxic) => toxic.way,
            Self::Rate(toxic) => toxic.way,
            Self::Reset(toxic) => toxic.way,
            Self::Stall(toxic) => toxic.way,
            Self::Swallow(toxic) => toxic.way,
        }
    }

    fn pass(&self, memory: &mut Memory, at: Micros, piece: Piece, out: &mut Vec<(Micros, Piece)>) {
        match self {
            Self::Close(toxic) => toxic.pass(memory, at, piece, out),
            Self::Corrupt(toxic) => toxic.pass(memory, at, piece, out),
            Self::Delay(toxic) => toxic.pass(memory, at, piece, out),
            Self::Drip(toxic) => toxic.pass(memory, at, piece, out),
            Self::Rate(toxic) => toxic.pass(memory, at, piece, out),
            Self::Reset(toxic) => toxic.pass(memory, at, piece, out),
            Self::Stall(toxic) => toxic.pass(memory, at, piece, out),
            Self::Swallow(toxic) => toxic.pass(memory, at, piece, out),
        }
    }
}

/// One direction of a connection through the link.
#[derive(Clone, Debug)]
pub struct Lane {
    toxics: Vec<(Toxic, Memory)>,
    one_way: Micros,
    jitter: Micros,
    chance: Chance,
    /// INVARIANT: in the order in which they are due.
    waiting: VecDeque<(Micros, Piece)>,
}

impl Lane {
    /// A direction with the toxics of `toxics` that work on `way`. A piece takes `one_way`, and up to
    /// `jitter` longer.
    pub fn new(
        toxics: &[Toxic],
        way: Way,
        one_way: Micros,
        jitter: Micros,
        chance: Chance,
    ) -> Self {
        let toxics = toxics.iter().filter(|toxic| toxic.way() == way);
        Self {
            toxics: toxics
                .map(|toxic| (toxic.clone(), Memory::default()))
                .collect(),
            one_way,
            jitter,
            chance,
            waiting: VecDeque::new(),
        }
    }

    /// Takes a piece at `now`.
    pub fn take(&mut self, now: Micros, piece: Piece) {
        let late = Micros(self.chance.below(self.jitter.0.saturating_add(1)));
        let mut pieces = vec![(now.plus(self.one_way).plus(late), piece)];
        for (toxic, memory) in &mut self.toxics {
            let mut passed = Vec::with_capacity(pieces.len());
            for (at, piece) in pieces {
                toxic.pass(memory, at, piece, &mut passed);
            }
            pieces = passed;
        }
        for (at, piece) in pieces {
            let after = self.waiting.back().map_or(Micros::ZERO, |(last, _)| *last);
            self.waiting.push_back((at.max(after), piece));
        }
    }

    /// When the next piece is due.
    pub fn due(&self) -> Option<Micros> {
        self.waiting.front().map(|(at, _)| *at)
    }

    /// The next piece that is due at `now`.
    pub fn give(&mut self, now: Micros) -> Option<Piece> {
        self.waiting
            .pop_front_if(|(at, _)| *at <= now)
            .map(|(_, piece)| piece)
    }
}

/// Splits `bytes` where `keep` of them may still pass: what passes, and whether the limit was reached.
fn up_to(memory: &mut Memory, limit: u64, mut bytes: Vec<u8>) -> (Vec<u8>, bool) {
    let left = limit.saturating_sub(memory.passed);
    let left = usize::try_from(left).unwrap_or(usize::MAX);
    let reached = bytes.len() >= left;
    bytes.truncate(left);
    count(memory, &bytes);
    (bytes, reached)
}

fn count(memory: &mut Memory, bytes: &[u8]) {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    memory.passed = memory.passed.saturating_add(size);
}

#[cfg(test)]
mod tests;
