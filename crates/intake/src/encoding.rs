//! The encodings in which Windows writes text files, told apart without asking.

use std::borrow::Cow;
use std::io::Read;

/// How the characters of a text file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// UTF-8, or plain ASCII, without a mark.
    Utf8,
    /// UTF-8 with a byte-order mark.
    Utf8Marked,
    /// UTF-16, low byte first, with a byte-order mark: what Windows writes.
    Utf16LeMarked,
    /// UTF-16, low byte first, without a mark.
    Utf16Le,
    /// UTF-16, high byte first, with a byte-order mark.
    Utf16BeMarked,
    /// UTF-16, high byte first, without a mark.
    Utf16Be,
    /// A code page of eight bits; read as Windows-1252, whose letters may be the wrong ones.
    Ansi,
}

impl Encoding {
    /// Tells the encoding of a whole file, or of its first part.
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xEF, 0xBB, 0xBF, ..] => return Self::Utf8Marked,
            [0xFF, 0xFE, ..] => return Self::Utf16LeMarked,
            [0xFE, 0xFF, ..] => return Self::Utf16BeMarked,
            _ => {}
        }
        // Text of European languages in UTF-16 has a zero in nearly every pair.
        let sample = bytes.get(..bytes.len().min(512)).unwrap_or(bytes);
        let pairs = sample.chunks_exact(2).len();
        let zeros = |high: bool| {
            sample
                .chunks_exact(2)
                .filter(|pair| matches!(pair, [a, b] if if high { *a == 0 && *b != 0 } else { *b == 0 && *a != 0 }))
                .count()
        };
        if pairs >= 2 && zeros(false) * 10 >= pairs * 7 {
            return Self::Utf16Le;
        }
        if pairs >= 2 && zeros(true) * 10 >= pairs * 7 {
            return Self::Utf16Be;
        }
        match std::str::from_utf8(bytes) {
            Ok(_) => Self::Utf8,
            // A sample may end inside a character.
            Err(error) if error.error_len().is_none() => Self::Utf8,
            Err(_) => Self::Ansi,
        }
    }

    /// The byte-order mark.
    pub const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8Marked => &[0xEF, 0xBB, 0xBF],
            Self::Utf16LeMarked => &[0xFF, 0xFE],
            Self::Utf16BeMarked => &[0xFE, 0xFF],
            Self::Utf8 | Self::Utf16Le | Self::Utf16Be | Self::Ansi => &[],
        }
    }

    /// Bytes of one unit: one, or two in UTF-16.
    pub const fn unit(self) -> usize {
        if self.is_utf16() { 2 } else { 1 }
    }

    /// UTF-16 in either order.
    pub const fn is_utf16(self) -> bool {
        matches!(
            self,
            Self::Utf16Le | Self::Utf16LeMarked | Self::Utf16Be | Self::Utf16BeMarked
        )
    }

    /// What a person calls it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Marked => "UTF-8 with mark",
            Self::Utf16LeMarked => "UTF-16 little-endian",
            Self::Utf16Le => "UTF-16 little-endian without mark",
            Self::Utf16BeMarked => "UTF-16 big-endian",
            Self::Utf16Be => "UTF-16 big-endian without mark",
            Self::Ansi => "an eight-bit code page",
        }
    }

    const fn codec(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 | Self::Utf8Marked => encoding_rs::UTF_8,
            Self::Utf16Le | Self::Utf16LeMarked => encoding_rs::UTF_16LE,
            Self::Utf16Be | Self::Utf16BeMarked => encoding_rs::UTF_16BE,
            Self::Ansi => encoding_rs::WINDOWS_1252,
        }
    }

    /// Reads bytes without their mark. The flag is set when some of them were no characters and are
    /// replaced by U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> (Cow<'_, str>, bool) {
        self.codec().decode_without_bom_handling(bytes)
    }

    /// Writes text without a mark. Characters the code page lacks become question marks.
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 | Self::Utf8Marked => text.as_bytes().to_vec(),
            Self::Utf16Le | Self::Utf16LeMarked => {
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
            Self::Utf16Be | Self::Utf16BeMarked => {
                text.encode_utf16().flat_map(u16::to_be_bytes).collect()
            }
            Self::Ansi => {
                let mut bytes = Vec::with_capacity(text.len());
                let mut buffer = [0; 4];
                for character in text.chars() {
                    let (coded, _, lacking) =
                        encoding_rs::WINDOWS_1252.encode(character.encode_utf8(&mut buffer));
                    if lacking {
                        bytes.push(b'?');
                    } else {
                        bytes.extend_from_slice(&coded);
                    }
                }
                bytes
            }
        }
    }
}

/// So many bytes of a stream are turned into UTF-8 at a time.
const PIECE: usize = 32 * 1024;

/// A stream of text in whatever encoding it is, read as UTF-8 without its mark. What is held does not grow with it.
pub struct AsUtf8<'r> {
    inner: &'r mut dyn Read,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    text: String,
    at: usize,
    over: bool,
    /// Some bytes were no characters and became U+FFFD.
    pub broken: bool,
}

impl std::fmt::Debug for AsUtf8<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AsUtf8")
            .field("broken", &self.broken)
            .finish_non_exhaustive()
    }
}

impl<'r> AsUtf8<'r> {
    /// Reads `inner`, whose first bytes tell the encoding.
    pub fn new(inner: &'r mut dyn Read) -> std::io::Result<Self> {
        let mut raw = Vec::with_capacity(PIECE);
        Read::take(&mut *inner, 4096).read_to_end(&mut raw)?;
        let encoding = Encoding::of(&raw);
        raw.drain(..encoding.mark().len());
        let mut read = Self {
            inner,
            decoder: encoding.codec().new_decoder_without_bom_handling(),
            raw,
            text: String::new(),
            at: 0,
            over: false,
            broken: false,
        };
        read.turn(false);
        Ok(read)
    }

    /// Turns the bytes that wait into text.
    fn turn(&mut self, last: bool) {
        self.text.clear();
        self.at = 0;
        let most = self.decoder.max_utf8_buffer_length(self.raw.len());
        self.text.reserve(most.unwrap_or(PIECE * 4));
        let (_, _, broken) = self
            .decoder
            .decode_to_string(&self.raw, &mut self.text, last);
        self.broken |= broken;
        self.raw.clear();
    }
}

impl Read for AsUtf8<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.at >= self.text.len() && !self.over {
            Read::take(&mut *self.inner, u64::try_from(PIECE).unwrap_or(0))
                .read_to_end(&mut self.raw)?;
            self.over = self.raw.is_empty();
            self.turn(self.over);
        }
        let mut rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.at += read;
        Ok(read)
    }
}

/// Reads a whole text file in whatever encoding it is, without its mark.
pub fn text_of(bytes: &[u8]) -> (Encoding, Cow<'_, str>, bool) {
    let encoding = Encoding::of(bytes);
    let body = bytes.get(encoding.mark().len()..).unwrap_or_default();
    let (text, broken) = encoding.decode(body);
    (encoding, text, broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_is_told_from_the_others() {
        let text = "full address:s:server.example\r\nusername:s:Jürgen\r\n";
        for encoding in [
            Encoding::Utf8,
            Encoding::Utf8Marked,
            Encoding::Utf16LeMarked,
            Encoding::Utf16Le,
            Encoding::Utf16BeMarked,
            Encoding::Utf16Be,
            Encoding::Ansi,
        ] {
            let mut bytes = encoding.mark().to_vec();
            bytes.extend(encoding.encode(text));
            let (told, read, broken) = text_of(&bytes);
            assert_eq!(
                (told, read.as_ref(), broken),
                (encoding, text, false),
                "{encoding:?}"
            );
        }
    }

    #[test]
    fn a_stream_is_read_as_the_whole_is() {
        let text = "ä€𝄞 full address:s:server.example\r\n".repeat(5000);
        for encoding in [
            Encoding::Utf8,
            Encoding::Utf8Marked,
            Encoding::Utf16LeMarked,
            Encoding::Utf16BeMarked,
        ] {
            let mut bytes = encoding.mark().to_vec();
            bytes.extend(encoding.encode(&text));
            let mut input = bytes.as_slice();
            let mut stream = AsUtf8::new(&mut input).unwrap();
            let mut read = String::new();
            stream.read_to_string(&mut read).unwrap();
            assert!(read == text && !stream.broken, "{encoding:?}");
        }
    }

    #[test]
    fn a_code_page_keeps_all_its_bytes() {
        let every: Vec<u8> = (0x20..=0xFF).collect();
        assert_eq!(
            Encoding::Ansi.encode(&Encoding::Ansi.decode(&every).0),
            every
        );
    }
}
