//! Lets through so many bytes a second.

use model::Micros;
use serde::Deserialize;

use super::{Memory, Piece, Way};

/// Lets through so many bytes a second, in segments of at most 1460 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// The direction.
    #[serde(default)]
    pub way: Way,
    /// Bytes a second; zero counts as one.
    pub bytes_per_second: u64,
}

impl Rate {
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
                for part in bytes.chunks(1460) {
                    let size = u64::try_from(part.len()).unwrap_or(u64::MAX);
                    let took = size.saturating_mul(1_000_000) / self.bytes_per_second.max(1);
                    memory.last = memory.last.plus(Micros(took));
                    out.push((memory.last, Piece::Bytes(part.to_vec())));
                }
            }
            end => out.push((memory.last, end)),
        }
    }
}
