//! Resets both sides after a number of bytes.

use model::Micros;
use serde::Deserialize;

use super::{Memory, Piece, Way, up_to};

/// Resets both sides after a number of bytes, as a device on the way does that does not like what it sees.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// The direction in which the bytes are counted.
    #[serde(default)]
    pub way: Way,
    /// So many bytes still pass.
    pub after_bytes: u64,
}

impl Reset {
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
                if !bytes.is_empty() {
                    out.push((at, Piece::Bytes(bytes)));
                }
                if reached {
                    memory.shut = true;
                    out.push((at, Piece::Reset));
                }
            }
            end => out.push((at, end)),
        }
    }
}
