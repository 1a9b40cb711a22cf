//! A number as people write it: decimal, hexadecimal, signed, with and without `0x`.

/// A number and the way it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its value; 64-bit numbers that only extend a sign are their low 32 bits.
    pub value: i64,
    /// How it was written.
    pub form: Form,
    /// The words as they were written.
    pub text: String,
}

/// How a number was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// `2308`.
    Decimal,
    /// `0x904`, `904h`.
    Hex,
    /// `C0000224`: eight digits without `0x`, as logs print them.
    BareHex,
    /// `-2146893022`.
    Signed,
}

/// The largest number a code has.
const WIDEST: i64 = 0xFFFF_FFFF;

impl Number {
    /// Reads a word as a number, if it is one.
    pub fn of(word: &str) -> Option<Self> {
        let word = word.trim();
        let (value, form) = read(word)?;
        Some(Self {
            value,
            form,
            text: word.to_owned(),
        })
    }

    /// The value as 32 bits.
    pub fn bits(&self) -> i64 {
        if self.value < 0 {
            self.value.saturating_add(WIDEST).saturating_add(1)
        } else {
            self.value
        }
    }

    /// The other readings of its digits: what it would be in hexadecimal when it was written in decimal.
    pub fn as_hex(&self) -> Option<i64> {
        match self.form {
            Form::Decimal if self.text.len() <= 8 => i64::from_str_radix(&self.text, 16).ok(),
            _ => None,
        }
    }
}

fn read(word: &str) -> Option<(i64, Form)> {
    let lower = word.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("0x") {
        return hex(digits).map(|value| (value, Form::Hex));
    }
    let negative = lower.strip_prefix(['-', '\u{2212}']);
    if let Some(digits) = negative {
        if let Some(digits) = digits.strip_prefix("0x") {
            return hex(digits).and_then(|value| fold(value.checked_neg()?, Form::Signed));
        }
        let value: i64 = all_digits(digits)?.parse().ok()?;
        return fold(value.checked_neg()?, Form::Signed);
    }
    if let Some(digits) = lower.strip_suffix('h')
        && (digits.len() == 8 || digits.starts_with(|c: char| c.is_ascii_digit()))
    {
        return hex(digits).map(|value| (value, Form::Hex));
    }
    if let Some(digits) = all_digits(&lower) {
        // Eight digits with zeros in front are how FreeRDP and event logs print hexadecimal numbers.
        if digits.len() == 8 && digits.starts_with("000") {
            return hex(digits).map(|value| (value, Form::BareHex));
        }
        let value: i64 = digits.parse().ok()?;
        return (value <= WIDEST).then_some((value, Form::Decimal));
    }
    let is_wide = lower.len() == 8 && lower.chars().all(|c| c.is_ascii_hexdigit());
    if is_wide {
        return hex(&lower).map(|value| (value, Form::BareHex));
    }
    None
}

/// The text, when it is decimal digits and nothing else.
fn all_digits(text: &str) -> Option<&str> {
    let plain = !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit());
    plain.then_some(text)
}

fn hex(digits: &str) -> Option<i64> {
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let value = u64::from_str_radix(digits, 16).ok()?;
    // 0xFFFFFFFF80090302 is 0x80090302 with its sign carried on.
    let value = if value >> 31 == 0x1_FFFF_FFFF {
        value & 0xFFFF_FFFF
    } else {
        value
    };
    i64::try_from(value).ok().filter(|value| *value <= WIDEST)
}

fn fold(value: i64, form: Form) -> Option<(i64, Form)> {
    (value >= -(1 << 31)).then_some((value, form))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(word: &str) -> Option<i64> {
        Number::of(word).map(|number| number.bits())
    }

    #[test]
    fn every_way_to_write_it_is_read() {
        for word in [
            "2308", "0x904", "0X904", "904h", "0x0904", "00000904", " 2308 ",
        ] {
            assert_eq!(value(word), Some(0x904), "{word}");
        }
        for word in [
            "0x80090322",
            "80090322h",
            "-2146893022",
            "\u{2212}2146893022",
            "2148074274",
            "0xFFFFFFFF80090322",
        ] {
            assert_eq!(value(word), Some(0x8009_0322), "{word}");
        }
        assert_eq!(value("C0000224"), Some(0xC000_0224));
        assert_eq!(value("d00000b5"), Some(0xD000_00B5));
        assert_eq!(value("-1"), Some(0xFFFF_FFFF));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for word in [
            "",
            "-",
            "0x",
            "0xZZ",
            "x904",
            "h",
            "12a",
            "99999999999999999999999",
            "0x1FFFFFFFFF",
            "--1",
            "-99999999999",
        ] {
            assert_eq!(value(word), None, "{word}");
        }
    }
}
