//! Loses large segments, as a path with a broken MTU does.

use model::Micros;
use serde::Deserialize;

use super::{Memory, Piece, Way};

/// Loses segments larger than a size. TCP hands on nothing that comes after a lost segment, so from there
/// on that direction is silent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swallow {
    /// The direction.
    #[serde(default)]
    pub way: Way,
    /// Segments with more bytes than this are lost.
    pub over_bytes: u64,
}

impl Swallow {
    pub(super) fn pass(
        &self,
        memory: &mut Memory,
        at: Micros,
        piece: Piece,
        out: &mut Vec<(Micros, Piece)>,
    ) {
        if memory.shut {
            // A reset needs no room in the sequence to be believed.
            if piece == Piece::Reset {
                out.push((at, piece));
            }
            return;
        }
        if let Piece::Bytes(bytes) = &piece {
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            memory.shut = size > self.over_bytes;
        }
        if !memory.shut {
            out.push((at, piece));
        }
    }
}
