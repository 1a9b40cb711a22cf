//! Numbers in either byte order, at an offset that may lie beyond the end.

/// Byte order of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    Little,
    Big,
}

/// So many bytes at an offset.
pub(super) fn take<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    take(bytes, at).map(u16::from_be_bytes)
}

pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    take(bytes, at).map(u32::from_be_bytes)
}

impl Order {
    pub fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        take(bytes, at).map(|two| match self {
            Self::Little => u16::from_le_bytes(two),
            Self::Big => u16::from_be_bytes(two),
        })
    }

    pub fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        take(bytes, at).map(|four| match self {
            Self::Little => u32::from_le_bytes(four),
            Self::Big => u32::from_be_bytes(four),
        })
    }

    pub fn u64(self, bytes: &[u8], at: usize) -> Option<u64> {
        take(bytes, at).map(|eight| match self {
            Self::Little => u64::from_le_bytes(eight),
            Self::Big => u64::from_be_bytes(eight),
        })
    }
}
