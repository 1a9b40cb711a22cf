//! NDR of 32 bits (C706 14), as far as the TsProxy interface needs it.

use crate::gateway::packet::Fields;

/// The strings and arrays of a call are no longer than its stub; those that say so are damaged.
const LONGEST: usize = 64 * 1024;

/// Reads a stub.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    stub: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub const fn new(stub: &'a [u8]) -> Self {
        Self { stub, at: 0 }
    }

    fn fields(&self) -> Fields<'a> {
        Fields(self.stub.get(self.at..).unwrap_or_default())
    }

    fn align(&mut self, to: usize) {
        self.at = self.at.next_multiple_of(to);
    }

    /// So many bytes, as they are.
    pub fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.fields().take(count)?;
        self.at = self.at.checked_add(count)?;
        Some(taken)
    }

    /// unsigned short.
    pub fn short(&mut self) -> Option<u16> {
        self.align(2);
        let value = self.fields().short()?;
        self.at += 2;
        Some(value)
    }

    /// unsigned long.
    pub fn long(&mut self) -> Option<u32> {
        self.align(4);
        let value = self.fields().long()?;
        self.at += 4;
        Some(value)
    }

    /// unsigned __int64.
    pub fn hyper(&mut self) -> Option<u64> {
        self.align(8);
        let bytes = self.bytes(8)?;
        Some(u64::from_le_bytes(*bytes.first_chunk()?))
    }

    /// A pointer inside something: whether it leads anywhere.
    pub fn pointer(&mut self) -> Option<bool> {
        Some(self.long()? != 0)
    }

    /// The discriminant of a union that comes with its own, which has to be the one that was said before.
    pub fn union_of(&mut self, kind: u32) -> Option<()> {
        (self.long()? == kind).then_some(())
    }

    /// The number of elements in a conformant array, which has to be the one that was said before.
    pub fn count_of(&mut self, said: u32) -> Option<()> {
        (self.long()? == said).then_some(())
    }

    /// The bytes of a conformant array.
    pub fn array(&mut self, said: u32) -> Option<&'a [u8]> {
        self.count_of(said)?;
        self.bytes(usize::try_from(said).ok()?)
    }

    /// A string of wide characters, which is conformant and varying, without the zero at its end.
    pub fn string(&mut self) -> Option<String> {
        let most = self.long()?;
        let offset = self.long()?;
        let count = self.long()?;
        if offset != 0 || count > most {
            return None;
        }
        let count = usize::try_from(count).ok().filter(|n| *n <= LONGEST)?;
        let units: Vec<u16> = self
            .bytes(count.checked_mul(2)?)?
            .chunks_exact(2)
            .filter_map(|pair| pair.first_chunk().copied().map(u16::from_le_bytes))
            .collect();
        let text = String::from_utf16_lossy(&units);
        Some(text.trim_end_matches('\0').to_owned())
    }
}

/// Writes a stub.
#[derive(Clone, Debug, Default)]
pub(super) struct Writer {
    stub: Vec<u8>,
    pointers: u32,
}

impl Writer {
    fn align(&mut self, to: usize) {
        self.stub.resize(self.stub.len().next_multiple_of(to), 0);
    }

    /// Bytes, as they are.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.stub.extend_from_slice(bytes);
        self
    }

    /// unsigned short.
    pub fn short(&mut self, value: u16) -> &mut Self {
        self.align(2);
        self.bytes(&value.to_le_bytes())
    }

    /// unsigned long.
    pub fn long(&mut self, value: u32) -> &mut Self {
        self.align(4);
        self.bytes(&value.to_le_bytes())
    }

    /// A pointer that leads to something.
    ///
    /// Any number but zero that no other pointer has would do (C706 14.3.12); these are the ones that Windows writes, and
    /// FreeRDP 2 compares some of them.
    pub fn pointer(&mut self) -> &mut Self {
        let referent = self.pointers.saturating_mul(4).saturating_add(0x0002_0000);
        self.pointers = self.pointers.saturating_add(1);
        self.long(referent)
    }

    /// A pointer that leads nowhere.
    pub fn null(&mut self) -> &mut Self {
        self.long(0)
    }

    /// A context handle, which is aligned as its first number is.
    pub fn handle(&mut self, handle: &[u8; 20]) -> &mut Self {
        self.align(4);
        self.bytes(handle)
    }

    /// What was written.
    pub fn done(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.stub)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_where_they_are_aligned() {
        let mut writer = Writer::default();
        let stub = writer
            .short(1)
            .long(2)
            .pointer()
            .short(3)
            .pointer()
            .null()
            .done();
        let expected = [
            [1, 0, 0, 0],
            [2, 0, 0, 0],
            [0, 0, 2, 0],
            [3, 0, 0, 0],
            [4, 0, 2, 0],
            [0; 4],
        ];
        assert_eq!(stub, expected.concat());
        let mut reader = Reader::new(&stub);
        assert_eq!((reader.short(), reader.long()), (Some(1), Some(2)));
        assert_eq!((reader.pointer(), reader.short()), (Some(true), Some(3)));
        assert_eq!(
            (reader.pointer(), reader.pointer()),
            (Some(true), Some(false))
        );
        assert_eq!(reader.long(), None);
        assert_eq!(Reader::new(&stub).hyper(), Some(0x2_0000_0001));
    }

    #[test]
    fn strings_are_no_longer_than_they_say() {
        let longs = |numbers: [u32; 3]| numbers.map(u32::to_le_bytes).concat();
        let text = [b'a', 0, 0, 0];
        let whole = [longs([2, 0, 2]), text.to_vec()].concat();
        assert_eq!(Reader::new(&whole).string().as_deref(), Some("a"));
        for numbers in [[1, 0, 2], [2, 1, 2], [9, 0, 9], [u32::MAX, 0, u32::MAX]] {
            let damaged = [longs(numbers), text.to_vec()].concat();
            assert_eq!(Reader::new(&damaged).string(), None, "{numbers:?}");
        }
    }
}
