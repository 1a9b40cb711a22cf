//! Frames of a WebSocket (RFC 6455 section 5), as an RD Gateway carries its packets in them.

use crate::cursor::{Cursor, Read};

/// A larger frame is none of a gateway's.
pub const LARGEST: usize = 1 << 20;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Data, or the continuation of data.
    Data,
    /// The end, with a status code in its first two bytes.
    Close,
    /// A question whether the other side is there, to be answered with the same bytes.
    Ping,
    /// The answer to one.
    Pong,
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
    pub kind: Kind,
    /// What it carries.
    pub payload: Vec<u8>,
}

impl Frame {
    /// Writes the frame as a client does: masked with this key.
    pub fn encode(&self, mask: [u8; 4]) -> Vec<u8> {
        let code = match self.kind {
            Kind::Data => 2,
            Kind::Close => 8,
            Kind::Ping => 9,
            Kind::Pong => 10,
        };
        let mut out = vec![0x80 | code];
        let length = self.payload.len();
        match (u8::try_from(length), u16::try_from(length)) {
            (Ok(length), _) if length < 126 => out.push(0x80 | length),
            (_, Ok(length)) => {
                out.push(0x80 | 126);
                out.extend(length.to_be_bytes());
            }
            _ => {
                out.push(0x80 | 127);
                out.extend(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
            }
        }
        out.extend(mask);
        out.extend(masked(&self.payload, mask));
        out
    }
}

/// Reads a frame, masked or not.
pub fn read(bytes: &[u8]) -> Read<Frame> {
    let mut cursor = Cursor(bytes);
    let (Some(first), Some(second)) = (cursor.u8(), cursor.u8()) else {
        return Read::Partial;
    };
    let kind = match first & 0x0F {
        0..=2 => Kind::Data,
        8 => Kind::Close,
        9 => Kind::Ping,
        10 => Kind::Pong,
        _ => return Read::Not,
    };
    // Bits that only extensions use, which nobody agreed on.
    if first & 0x70 != 0 {
        return Read::Not;
    }
    let length = match second & 0x7F {
        126 => cursor.u16().map(u64::from),
        127 => cursor
            .take(8)
            .and_then(|eight| eight.first_chunk().copied())
            .map(u64::from_be_bytes),
        length => Some(u64::from(length)),
    };
    let Some(length) = length else {
        return Read::Partial;
    };
    let Some(length) = usize::try_from(length)
        .ok()
        .filter(|length| *length <= LARGEST)
    else {
        return Read::Not;
    };
    let mask = if second & 0x80 == 0 {
        None
    } else {
        match cursor.take(4).and_then(|four| four.first_chunk().copied()) {
            Some(mask) => Some(mask),
            None => return Read::Partial,
        }
    };
    let Some(payload) = cursor.take(length) else {
        return Read::Partial;
    };
    let payload = match mask {
        Some(mask) => masked(payload, mask).collect(),
        None => payload.to_vec(),
    };
    Read::Whole {
        value: Frame { kind, payload },
        used: bytes.len().saturating_sub(cursor.0.len()),
    }
}

fn masked(payload: &[u8], mask: [u8; 4]) -> impl Iterator<Item = u8> {
    payload
        .iter()
        .zip(mask.into_iter().cycle())
        .map(|(byte, mask)| byte ^ mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    use proptest::prelude::*;

    /// RFC 6455 section 5.7: "Hello" as a text, not masked and masked.
    #[test]
    fn the_examples_are_read() {
        let hello = Frame {
            kind: Kind::Data,
            payload: b"Hello".to_vec(),
        };
        for (bytes, used) in [
            (&hex!("81 05 48656c6c6f")[..], 7),
            (&hex!("81 85 37fa213d 7f9f4d5158"), 11),
        ] {
            assert_eq!(
                read(bytes),
                Read::Whole {
                    value: hello.clone(),
                    used
                }
            );
        }
        assert_eq!(
            hello.encode(hex!("37fa213d")),
            hex!("82 85 37fa213d 7f9f4d5158")
        );
        assert_eq!(read(&hex!("82 fe 01")), Read::Partial);
        assert_eq!(read(&hex!("f2 00")), Read::Not);
        assert_eq!(read(&hex!("82 7f ffffffffffffffff")), Read::Not);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(payload in proptest::collection::vec(any::<u8>(), 0..70_000), mask: [u8; 4]) {
            let frame = Frame { kind: Kind::Data, payload };
            let bytes = frame.encode(mask);
            let used = bytes.len();
            prop_assert_eq!(read(&bytes), Read::Whole { value: frame, used });
        }

        #[test]
        fn any_bytes_are_calm(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }
    }
}
