//! Reading bytes that may end anywhere.

/// What a reader makes of the beginning of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read<T> {
    /// A whole message is there.
    Whole {
        /// The message.
        value: T,
        /// The bytes it took.
        used: usize,
    },
    /// More bytes may make it a message.
    Partial,
    /// No further bytes can make it a message.
    Not,
}

impl<T> Read<T> {
    /// The message, when it is whole.
    pub fn whole(self) -> Option<T> {
        match self {
            Self::Whole { value, .. } => Some(value),
            Self::Partial | Self::Not => None,
        }
    }
}

/// Takes numbers and runs of bytes from the front of a slice; `None` at its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn u24(&mut self) -> Option<u32> {
        let [high, middle, low] = self.array()?;
        Some(u32::from_be_bytes([0, high, middle, low]))
    }

    pub fn u16_le(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32_le(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64_le(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// A run of bytes after its length in one byte.
    pub fn run8(&mut self) -> Option<&'a [u8]> {
        let count = self.u8()?;
        self.take(usize::from(count))
    }

    /// A run of bytes after its length in two bytes.
    pub fn run16(&mut self) -> Option<&'a [u8]> {
        let count = self.u16()?;
        self.take(usize::from(count))
    }

    /// A run of bytes after its length in three bytes.
    pub fn run24(&mut self) -> Option<&'a [u8]> {
        let count = self.u24()?;
        self.take(size(count))
    }
}

/// A count from the wire as a size; what does not fit is larger than anything we hold.
pub(crate) fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// A size as a 32-bit count, at most the largest one.
pub(crate) fn count32(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// The low eight bits of a size that is known to fit.
pub(crate) fn low8(size: usize) -> u8 {
    u8::try_from(size & 0xFF).unwrap_or(u8::MAX)
}

/// The low sixteen bits of a size that is known to fit.
pub(crate) fn low16(size: usize) -> u16 {
    u16::try_from(size & 0xFFFF).unwrap_or(u16::MAX)
}

/// Appends a run of bytes after its length in two bytes.
pub(crate) fn put_run16(out: &mut Vec<u8>, run: &[u8]) {
    out.extend(low16(run.len()).to_be_bytes());
    out.extend(run);
}
