//! Holds everything back for a time.

use model::Micros;
use serde::Deserialize;

use super::{Memory, Piece, Way, count};

/// Holds everything back for a time, from a number of bytes on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    /// The direction.
    #[serde(default)]
    pub way: Way,
    /// How long, in milliseconds.
    pub ms: u64,
    /// So many bytes pass without delay.
    #[serde(default)]
    pub after_bytes: u64,
}

impl Delay {
    pub(super) fn pass(
        &self,
        memory: &mut Memory,
        at: Micros,
        piece: Piece,
        out: &mut Vec<(Micros, Piece)>,
    ) {
        let late = memory.passed >= self.after_bytes;
        if let Piece::Bytes(bytes) = &piece {
            count(memory, bytes);
        }
        let at = if late {
            at.plus(Micros::from_millis(self.ms))
        } else {
            at
        };
        memory.last = memory.last.max(at);
        out.push((memory.last, piece));
    }
}
