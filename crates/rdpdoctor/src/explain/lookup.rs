//! From a number or a name to all that it can mean.

use std::collections::BTreeSet;

use model::codes::{self, Code, NtStatus, space};

use super::context::{Context, plausibility};
use super::number::{Form, Number};

/// One thing a number or name can mean.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The code.
    pub code: &'static Code,
    /// How it was got from what was given, when it does not stand there as it is.
    pub via: Option<String>,
    /// How plausible it is, in decibans; only differences count.
    pub score: i32,
}

/// Everything a number can mean, most plausible first.
pub fn number(number: &Number, context: &Context) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    let is_documented = codes::dialog::MSTSC_DISC_REASON
        .iter()
        .any(|code| code.number == Some(number.bits()));
    let mut add = |value: i64, spaces: &[&str], via: Option<String>, less: i32| {
        for code in codes::all() {
            let is_asked = spaces.is_empty() || spaces.contains(&code.space.slug);
            // Some first numbers are only known from dialogs whose second number was 0.
            let alone = code.pair.is_none() || (code.pair == Some(0) && !is_documented);
            let matches = alone
                && is_asked
                && code
                    .number
                    .is_some_and(|own| codes::same_number(own, value));
            // A class is a reading of its own, below.
            if matches
                && code.space != &space::MSTSC_DISC_REASON_CLASS
                && code.space != &space::DECIMAL_FORM
            {
                readings.push(Reading {
                    code,
                    via: via.clone(),
                    score: plausibility(code, number, context) - less,
                });
            }
        }
    };
    let value = number.bits();
    add(value, &[], None, 0);
    if let Some((inner, spaces)) = wrapped(value) {
        let (kind, less) = match value >> 16 {
            1 => ("FreeRDP's class for codes of the server with", -10),
            0xC007 => ("an NTSTATUS around", 0),
            _ => ("an HRESULT around", 0),
        };
        let shown = if value >> 16 == 0x8007 {
            inner.to_string()
        } else {
            format!("0x{inner:X}")
        };
        add(
            inner,
            spaces,
            Some(format!("0x{value:08X} is {kind} {shown}")),
            less,
        );
    }
    // People also quote the low word of an error of FreeRDP by itself.
    if (1..=0xFF).contains(&value) {
        let whole = 0x0002_0000 | value;
        let via = format!("the low word of FreeRDP's 0x{whole:08X}");
        add(whole, &["freerdp-connect-error"], Some(via), 24);
    }
    // Facility 0xA of an NTSTATUS is that of Terminal Services; event ids of the System log carry it.
    if value >> 16 == 0xC00A {
        let inner = value & 0xFFFF;
        add(
            inner,
            &["event-termdd"],
            Some(format!(
                "the low half of 0x{value:08X} is event {inner} of TermDD"
            )),
            10,
        );
    }
    if number.form == Form::Hex && context.second && (0x1000..=0x7FFF).contains(&value) {
        add(
            value,
            &["errorinfo"],
            Some("the second number lies in the range kept for protocol errors".to_owned()),
            0,
        );
    }
    if readings.is_empty() && is_dialog_number(value) {
        let low = value & 0xFF;
        for code in codes::dialog::MSTSC_DISC_REASON_CLASS {
            if low != 0 && code.number == Some(low) {
                readings.push(Reading {
                    code,
                    via: Some(format!(
                        "0x{value:X} itself has no published meaning; its low byte is 0x{low:02X}"
                    )),
                    score: plausibility(code, number, context),
                });
            }
        }
    }
    sort(&mut readings);
    readings
}

/// What is asked of every word of a long text, answered without walking through the tables.
pub struct Known {
    numbers: BTreeSet<i64>,
    firsts: BTreeSet<i64>,
    names: BTreeSet<String>,
}

impl Known {
    /// Walks through the tables once.
    pub fn new() -> Self {
        let bits = |number: i64| number & 0xFFFF_FFFF;
        let numbered = || codes::all().filter(|code| code.pair.is_none_or(|second| second == 0));
        let first = |code: &&Code| {
            matches!(
                code.space.slug,
                "mstsc-disc-reason"
                    | "mstsc-described"
                    | "mstsc-primary-undocumented"
                    | "mstsc-dialog-pair"
                    | "macos-client"
                    | "avd-client"
            )
        };
        Self {
            numbers: numbered()
                .filter_map(|code| code.number)
                .map(bits)
                .collect(),
            firsts: codes::all()
                .filter(first)
                .filter_map(|code| code.number)
                .map(bits)
                .collect(),
            names: numbered()
                .filter(|code| code.number.is_some())
                .flat_map(|code| [squashed(code.name), squashed(inner(code.name))])
                .filter(|name| name.len() >= 4)
                .collect(),
        }
    }

    /// The number has a reading, if only as a class or in a wrapping.
    pub fn number(&self, value: i64) -> bool {
        self.numbers.contains(&value)
            || wrapped(value).is_some_and(|(inner, _)| self.numbers.contains(&inner))
            || is_dialog_number(value) && matches!(value & 0xFF, 4 | 6 | 7 | 8)
    }

    /// The number is a first number of the dialog of mstsc or of the macOS client.
    pub fn first(&self, value: i64) -> bool {
        self.firsts.contains(&value)
            || is_dialog_number(value) && matches!(value & 0xFF, 4 | 6 | 7 | 8 | 9)
    }

    /// There is a code of that name.
    pub fn name(&self, word: &str) -> bool {
        self.names.contains(&squashed(word))
    }
}

/// The number that travels inside another, and the namespaces it belongs to.
fn wrapped(value: i64) -> Option<(i64, &'static [&'static str])> {
    // An NTSTATUS that travels as an HRESULT has a bit set that turns C into D.
    if (0xD000_0000..=0xDFFF_FFFF).contains(&value) {
        return Some((value & !0x1000_0000, &["ntstatus-nla"]));
    }
    // So FreeRDP and what is built on `sspi` write errors of Win32, and the latter results of SSPI too.
    let meant = u32::try_from(value).map_or(value, |status| NtStatus(status).meant().0.into());
    if meant != value {
        return Some((meant, &["sspi-hresult"]));
    }
    if value & 0xFFFF_0000 == 0xC007_0000 {
        return Some((value & 0xFFFF, &["win32", "winsock"]));
    }
    if value & 0xFFFF_0000 == 0x8007_0000 {
        return Some((value & 0xFFFF, &["win32", "winsock", "rdgateway-mstsgu"]));
    }
    // FreeRDP prints Set Error Info codes with their class in the high word.
    if value >> 16 == 1 {
        return Some((value & 0xFFFF, &["errorinfo"]));
    }
    None
}

/// A name without `HRESULT_CODE( )` around it.
pub fn inner(name: &str) -> &str {
    name.strip_prefix("HRESULT_CODE(")
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(name)
}

/// The number can be the first number of a dialog of mstsc.
pub fn is_dialog_number(value: i64) -> bool {
    (0x100..=0x3FFF).contains(&value)
}

/// The codes of a pair that are listed as a pair.
pub fn pair(first: i64, second: i64) -> Option<&'static Code> {
    codes::dialog::MSTSC_DIALOG_PAIR
        .iter()
        .find(|code| code.number == Some(first) && code.pair == Some(second))
}

/// Codes with this name, however it is spelled: FreeRDP and others set underscores differently.
pub fn name(word: &str) -> Vec<Reading> {
    let wanted = squashed(word);
    if wanted.len() < 4 {
        return Vec::new();
    }
    let mut readings: Vec<Reading> = codes::all()
        .filter(|code| code.number.is_some() && code.pair.is_none() && has_name(code, &wanted))
        .map(|code| Reading {
            code,
            via: None,
            score: of_name(code),
        })
        .collect();
    sort(&mut readings);
    readings
}

/// Names say more than numbers: only the order of the namespaces counts.
fn of_name(code: &Code) -> i32 {
    match code.space.slug {
        "ntstatus-nla" | "sspi-hresult" | "errorinfo" | "selected-protocol" => 20,
        "win32" | "winsock" => 12,
        _ => 10,
    }
}

/// The code goes by this squashed name.
pub fn has_name(code: &Code, wanted: &str) -> bool {
    let name = code.name;
    if name.len() < wanted.len() {
        return false;
    }
    if is_squashed(name, wanted) {
        return true;
    }
    // HRESULT_CODE(E_PROXY_TS_CONNECTFAILED) is asked for by its inner name.
    is_squashed(inner(name), wanted)
}

fn is_squashed(name: &str, wanted: &str) -> bool {
    let mut rest = wanted.bytes();
    for byte in name.bytes().filter(u8::is_ascii_alphanumeric) {
        if rest.next() != Some(byte.to_ascii_lowercase()) {
            return false;
        }
    }
    rest.next().is_none()
}

/// The letters and digits of a name, in lower case.
pub fn squashed(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn sort(readings: &mut Vec<Reading>) {
    readings.sort_by_key(|reading| std::cmp::Reverse(reading.score));
    // The same code got in two ways is one reading; the better way stays.
    let mut seen: Vec<*const Code> = Vec::new();
    readings.retain(|reading| {
        let is_new = !seen.contains(&std::ptr::from_ref(reading.code));
        seen.push(std::ptr::from_ref(reading.code));
        is_new
    });
}
