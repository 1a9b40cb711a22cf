//! Settings of Windows: registry hives with their logs, `.reg` exports, Registry.pol and the XML of
//! `gpresult`. Only the keys that decide about Remote Desktop are read.

pub mod export;
pub mod gpresult;
pub mod hive;
mod keys;
mod meaning;
pub mod policy;
mod store;

use model::{Bytes, Fact, SettingValue, Source, UnixSeconds};

pub(crate) use keys::written;
pub use keys::{Depth, KEYS, Key, key_of};

use crate::bytes::utf16;
use crate::findings::Findings;

/// Longest text of a value that is kept, in characters.
const LONGEST_TEXT: usize = 1000;
/// Settings of one file that are kept.
const MOST_SETTINGS: usize = 20_000;

/// A value with the path of its key, such as `HKLM\SYSTEM\CurrentControlSet\Control\Lsa`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The path of the key, with its root and without a final backslash.
    pub key: String,
    /// The name of the value; empty for the default value.
    pub name: String,
    /// What it is set to.
    pub value: SettingValue,
}

/// Reads the data of a value of this registry type.
pub fn value(kind: u32, data: &[u8]) -> SettingValue {
    match (kind, data) {
        (1 | 2 | 6, _) => SettingValue::Text(utf16(data).chars().take(LONGEST_TEXT).collect()),
        (4, [a, b, c, d, ..]) => {
            SettingValue::Number(u64::from(u32::from_le_bytes([*a, *b, *c, *d])))
        }
        (5, [a, b, c, d, ..]) => {
            SettingValue::Number(u64::from(u32::from_be_bytes([*a, *b, *c, *d])))
        }
        (11, _) => data.first_chunk().map_or_else(
            || SettingValue::Bytes(Bytes::first_of(data)),
            |eight| SettingValue::Number(u64::from_le_bytes(*eight)),
        ),
        (7, _) => {
            let units: Vec<u16> = data
                .chunks_exact(2)
                .filter_map(|pair| pair.first_chunk().map(|pair| u16::from_le_bytes(*pair)))
                .collect();
            SettingValue::Texts(
                units
                    .split(|&unit| unit == 0)
                    .filter(|text| !text.is_empty())
                    .take(200)
                    .map(|text| {
                        String::from_utf16_lossy(text)
                            .chars()
                            .take(LONGEST_TEXT)
                            .collect()
                    })
                    .collect(),
            )
        }
        _ => SettingValue::Bytes(Bytes::first_of(data)),
    }
}

/// The same for a value of this name: certificates are kept whole.
pub(crate) fn value_named(name: &str, kind: u32, data: &[u8]) -> SettingValue {
    if name.eq_ignore_ascii_case(store::BLOB) && kind == 3 {
        return SettingValue::Bytes(Bytes(data.iter().copied().take(store::LONGEST).collect()));
    }
    value(kind, data)
}

/// Puts the values of a running machine into the findings, as those of a hive: key with a short root, name,
/// type and data of each.
pub fn live(
    machine: &str,
    values: impl IntoIterator<Item = (String, String, u32, Vec<u8>)>,
    now: UnixSeconds,
    findings: &mut Findings,
) -> usize {
    let values = values.into_iter().map(|(key, name, kind, data)| Value {
        key,
        value: value_named(&name, kind, &data),
        name,
    });
    findings.now = Some(now);
    let kept = told(machine, values, false, findings);
    findings.now = None;
    kept
}

/// Puts the values that matter into the findings; tells how many they were.
pub(crate) fn told(
    file: &str,
    values: impl IntoIterator<Item = Value>,
    policy_file: bool,
    findings: &mut Findings,
) -> usize {
    let first = findings.seen.len();
    let mut kept = 0;
    let values: Vec<Value> = values.into_iter().collect();
    // The certificate that the listener is told to use; known only with its settings.
    let has_listener = values.iter().any(|value| {
        value
            .key
            .to_ascii_lowercase()
            .ends_with(r"\winstations\rdp-tcp")
    });
    let bound: Option<Vec<u8>> = values
        .iter()
        .filter(|value| value.name.eq_ignore_ascii_case("SSLCertificateSHA1Hash"))
        .find_map(|value| match &value.value {
            SettingValue::Bytes(Bytes(thumbprint)) if !thumbprint.is_empty() => {
                Some(thumbprint.clone())
            }
            _ => None,
        })
        .or_else(|| has_listener.then(Vec::new));
    for value in values {
        let key = keys::written(&value.key);
        let Some(about) = key_of(&key) else {
            continue;
        };
        if !about.wants(&value.name, &value.value) {
            continue;
        }
        if kept == MOST_SETTINGS {
            findings.damaged(file, "", "too many settings; the rest was not kept");
            break;
        }
        kept += 1;
        if value.name.eq_ignore_ascii_case(store::BLOB) {
            let value = Value { key, ..value };
            if store::is_certificate(&value) {
                store::told(file, &value, bound.as_deref(), findings.now, findings);
            }
            continue;
        }
        let folded = key.to_ascii_lowercase();
        let policy = policy_file || folded.contains(r"\policies\");
        if let SettingValue::Text(text) = &value.value
            && let Some((rule, does)) = crate::firewall::of_registry(&value.name, text)
        {
            let fact = crate::firewall::fact(&rule, does, policy);
            findings.see(file, Source::Registry, None, None, fact);
        }
        let fact = Fact::SettingFound {
            policy,
            key,
            name: value.name,
            value: value.value,
        };
        findings.see(file, Source::Registry, None, None, fact);
    }
    meaning::remark(file, first, findings);
    kept
}

#[cfg(test)]
mod tests;
