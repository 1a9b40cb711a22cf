//! Lets nothing more through after a number of bytes.

use model::Micros;
use serde::Deserialize;

use super::{Memory, Piece, Way, up_to};

/// Lets nothing more through after a number of bytes, not even the end of the connection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stall {
    /// The direction.
    #[serde(default)]
    pub way: Way,
    /// So many bytes still pass.
    pub after_bytes: u64,
}

impl Stall {
    pub(super) fn pass(
        &self,
        memory: &mut Memory,
        at: Micros,
        piece: Piece,
        out: &mut Vec<(Micros, Piece)>,
    ) {
        if memory.shut {
            return;
        }
        match piece {
            Piece::Bytes(bytes) => {
                let (bytes, reached) = up_to(memory, self.after_bytes, bytes);
                memory.shut = reached;
                if !bytes.is_empty() {
                    out.push((at, Piece::Bytes(bytes)));
                }
            }
            end => out.push((at, end)),
        }
    }
}
