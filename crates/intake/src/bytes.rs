//! Reading numbers from bytes without ever stepping outside them.

/// A place in a run of bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Cursor<'b> {
    pub(crate) const fn at(bytes: &'b [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(crate) const fn place(&self) -> usize {
        self.at
    }

    pub(crate) fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.first_chunk().copied()
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_le_bytes)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// A length or offset of 32 bits.
    pub(crate) fn length(&mut self) -> Option<usize> {
        self.u32().and_then(|length| usize::try_from(length).ok())
    }
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Cursor::at(bytes, at).u16()
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Cursor::at(bytes, at).u32()
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Cursor::at(bytes, at).array().map(u64::from_le_bytes)
}

/// Text in UTF-16, low byte first, up to the first zero.
pub(crate) fn utf16(bytes: &[u8]) -> String {
    let units = bytes
        .chunks_exact(2)
        .map(|pair| {
            pair.first_chunk()
                .map_or(0, |pair| u16::from_le_bytes(*pair))
        })
        .take_while(|&unit| unit != 0);
    let mut text = String::with_capacity(bytes.len() / 2);
    text.extend(
        char::decode_utf16(units).map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)),
    );
    text
}
