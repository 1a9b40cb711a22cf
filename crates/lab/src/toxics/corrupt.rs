//! Changes one byte.

use model::Micros;
use serde::Deserialize;

use super::{Memory, Piece, Way, count};

/// Changes one byte, as broken hardware or a careless middlebox does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrupt {
    /// The direction.
    #[serde(default)]
    pub way: Way,
    /// The byte to change, counted from 0 over the connection.
    pub at_byte: u64,
    /// The bits to turn over.
    #[serde(default = "all_bits")]
    pub flip: u8,
}

const fn all_bits() -> u8 {
    0xFF
}

impl Corrupt {
    pub(super) fn pass(
        &self,
        memory: &mut Memory,
        at: Micros,
        piece: Piece,
        out: &mut Vec<(Micros, Piece)>,
    ) {
        let piece = match piece {
            Piece::Bytes(mut bytes) => {
                let place = self.at_byte.checked_sub(memory.passed);
                count(memory, &bytes);
                let place = place.and_then(|place| usize::try_from(place).ok());
                if let Some(byte) = place.and_then(|place| bytes.get_mut(place)) {
                    *byte ^= self.flip;
                }
                Piece::Bytes(bytes)
            }
            end => end,
        };
        out.push((at, piece));
    }
}
