//! Cuts everything into small pieces with time between them.

use model::Micros;
use serde::Deserialize;

use super::{Memory, Piece, Way};

/// Cuts everything into small pieces with time between them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drip {
    /// The direction.
    #[serde(default)]
    pub way: Way,
    /// Bytes in a piece.
    #[serde(default = "one")]
    pub bytes: u32,
    /// Milliseconds between two pieces.
    #[serde(default)]
    pub ms: u64,
}

const fn one() -> u32 {
    1
}

impl Drip {
    pub(super) fn pass(
        &self,
        memory: &mut Memory,
        at: Micros,
        piece: Piece,
        out: &mut Vec<(Micros, Piece)>,
    ) {
        memory.last = memory.last.max(at);
        match piece {
            Piece::Bytes(bytes) => {
                let size = usize::try_from(self.bytes).unwrap_or(usize::MAX).max(1);
                for part in bytes.chunks(size) {
                    out.push((memory.last, Piece::Bytes(part.to_vec())));
                    memory.last = memory.last.plus(Micros::from_millis(self.ms));
                }
            }
            end => out.push((memory.last, end)),
        }
    }
}
