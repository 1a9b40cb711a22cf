//! Tags and lengths, read as the Basic Encoding Rules allow them and written as the Distinguished ones
//! demand (X.690). Peers disagree about minimal lengths, so the reader does not insist.

use crate::cursor::{Cursor, Read, low8};

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const SEQUENCE: u8 = 0x30;

/// A context-specific, constructed tag.
pub(crate) const fn context(number: u8) -> u8 {
    0xA0 | number
}

/// The size of the element at the front: header and contents. Long tags, indefinite lengths and
/// lengths beyond 2^31 are [`Read::Not`].
pub(crate) fn element_size(bytes: &[u8]) -> Read<(usize, usize)> {
    let mut cursor = Cursor(bytes);
    let Some(tag) = cursor.u8() else {
        return Read::Partial;
    };
    if tag & 0x1F == 0x1F {
        return Read::Not;
    }
    let Some(first) = cursor.u8() else {
        return Read::Partial;
    };
    let (header, contents) = if first < 0x80 {
        (2, usize::from(first))
    } else {
        let count = usize::from(first & 0x7F);
        if count == 0 || count > 4 {
            return Read::Not;
        }
        let Some(digits) = cursor.take(count) else {
            return Read::Partial;
        };
        let length = digits
            .iter()
            .fold(0_u64, |sum, &digit| (sum << 8) | u64::from(digit));
        if length >= 1 << 31 {
            return Read::Not;
        }
        (2 + count, usize::try_from(length).unwrap_or(usize::MAX))
    };
    Read::Whole {
        value: (header, contents),
        used: header.saturating_add(contents),
    }
}

/// Takes the element at the front: its tag and its contents.
pub(crate) fn take<'a>(cursor: &mut Cursor<'a>) -> Option<(u8, &'a [u8])> {
    let tag = *cursor.0.first()?;
    let (header, contents) = element_size(cursor.0).whole()?;
    cursor.take(header)?;
    Some((tag, cursor.take(contents)?))
}

/// Takes the element at the front when it has this tag.
pub(crate) fn expect<'a>(cursor: &mut Cursor<'a>, tag: u8) -> Option<&'a [u8]> {
    let mut ahead = *cursor;
    let (found, contents) = take(&mut ahead)?;
    (found == tag).then(|| {
        *cursor = ahead;
        contents
    })
}

/// Contents of an INTEGER as an unsigned 32-bit number; NTSTATUS values come as negative numbers.
pub(crate) fn integer(contents: &[u8]) -> Option<u32> {
    let negative = contents.first()? & 0x80 != 0;
    let start: u32 = if negative { u32::MAX } else { 0 };
    let digits = contents
        .iter()
        .skip_while(|&&digit| digit == 0 && !negative);
    if digits.clone().count() > 5 {
        return None;
    }
    Some(digits.fold(start, |sum, &digit| (sum << 8) | u32::from(digit)))
}

/// Writes an element.
pub(crate) fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut out = vec![tag];
    if length < 0x80 {
        out.push(low8(length));
    } else {
        let digits = length.to_be_bytes();
        let digits: Vec<u8> = digits
            .iter()
            .copied()
            .skip_while(|&digit| digit == 0)
            .collect();
        out.push(0x80 | low8(digits.len()));
        out.extend(digits);
    }
    out.extend(contents);
    out
}

/// Writes an INTEGER that is not negative.
pub(crate) fn unsigned(value: u32) -> Vec<u8> {
    let mut digits: Vec<u8> = value
        .to_be_bytes()
        .into_iter()
        .skip_while(|&digit| digit == 0)
        .collect();
    if digits.first().is_none_or(|&digit| digit & 0x80 != 0) {
        digits.insert(0, 0);
    }
    element(INTEGER, &digits)
}
