//! A registry file, and a second one that takes it back. Such a file cannot read what stands there, so the second
//! one holds what was seen, and says of the rest how to keep it first.

use std::fmt::Write as _;

use model::plan::{Condition, Hive, Key, RegistryValue, Start, Step, Value};
use model::{Bytes, Evidence, Fact, SettingValue};

use super::quote::{comment, reg as quoted};
use super::{Job, Script, Unfit};
use crate::fix_command::words;

const HEADER: &str = "Windows Registry Editor Version 5.00\n";

/// Writes both.
pub(super) fn script(job: &Job<'_>, seen: &Evidence) -> Result<Script, Unfit> {
    let (mut there, mut back) = (HEADER.to_owned(), HEADER.to_owned());
    for line in job.head() {
        let _ = writeln!(there, "{}", comment(&format!("; {line}")));
    }
    let _ = writeln!(
        back,
        "{}",
        comment(&format!("; Takes the plan {} back.", job.plan.id))
    );
    let mut notes = Vec::new();
    let mut made = 0_usize;
    let mut last = None;
    for (index, planned) in job.mine() {
        last = Some(index);
        let by_hand = |there: &mut String| {
            let words = words::step(&planned.step);
            let _ = writeln!(
                there,
                "\n{}",
                comment(&format!("; By hand: {}. {words}", index + 1))
            );
        };
        let Step::Set { key, to } = &planned.step else {
            by_hand(&mut there);
            continue;
        };
        let Some((path, name)) = place(key) else {
            by_hand(&mut there);
            continue;
        };
        let Some(heading) = heading(&path) else {
            return Err(job.unfit(index, "the name of the key breaks the file", "powershell"));
        };
        let was = known(seen, &path, name.as_deref());
        let certain = planned.only_if.iter().all(|condition| match condition {
            // Taking away what is not there does nothing.
            Condition::Present(_) => *to == Value::Absent || was.is_some(),
            Condition::Missing(_) | Condition::Is { .. } => false,
        });
        if !certain {
            by_hand(&mut there);
            continue;
        }
        made += 1;
        let keep = format!(
            "; What stands there is not known. Keep it first: reg export \"{path}\" kept.reg"
        );
        let Some(name) = name else {
            let _ = writeln!(there, "\n{}\n[-{heading}]", comment(&keep));
            let _ = writeln!(
                back,
                "\n{}",
                comment(&format!(
                    "; {path}: import kept.reg, which was exported before."
                ))
            );
            notes.push(format!(
                "Keep the key first: reg export \"{path}\" kept.reg; importing it is the way back."
            ));
            continue;
        };
        let (Some(name), Some(data)) = (value_name(&name), data(key, to)) else {
            return Err(job.unfit(
                index,
                "the value cannot be written in such a file",
                "powershell",
            ));
        };
        let _ = write!(there, "\n[{heading}]\n{name}={data}\n");
        match was {
            Some(was) => {
                let _ = write!(back, "\n[{heading}]\n{name}={was}\n");
            }
            None => {
                let _ = writeln!(back, "\n{}", comment(&keep));
                notes.push(format!("What stands at {path} is not known here. Keep it first: reg export \"{path}\" kept.reg."));
            }
        }
    }
    if made == 0 {
        return Err(match last {
            Some(index) => job.unfit(
                index,
                "it is no value of the registry whose place is certain",
                "powershell",
            ),
            None => Unfit::Nothing,
        });
    }
    notes.push(
        "It is read with reg import FILE. Services read the new values when they are restarted."
            .to_owned(),
    );
    notes.dedup();
    let crlf = |text: String| text.replace('\n', "\r\n");
    Ok(Script {
        text: crlf(there),
        undo: Some(crlf(back)),
        notes,
    })
}

/// The key, with its short root, and the name of the value; `None` for a key as a whole.
fn place(key: &Key) -> Option<(String, Option<String>)> {
    let below = |hive: Hive, path: &str| format!(r"{}\{path}", hive.short());
    Some(match key {
        Key::Registry { hive, path, name } | Key::Policy { hive, path, name } => {
            (below(*hive, path), Some(name.clone()))
        }
        Key::RegistryTree { hive, path } => (below(*hive, path), None),
        Key::CertificateBinding { listener } => (
            format!(
                r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\{listener}"
            ),
            Some("SSLCertificateSHA1Hash".to_owned()),
        ),
        Key::ServiceStart { service } => (
            format!(r"HKLM\SYSTEM\CurrentControlSet\Services\{service}"),
            Some("Start".to_owned()),
        ),
        _ => return None,
    })
}

/// The key as a heading, with its long root; `None` when its name holds what ends a line or a heading.
fn heading(path: &str) -> Option<String> {
    let (root, rest) = path.split_once('\\')?;
    let root = match root {
        "HKLM" => Hive::Machine.long(),
        _ => Hive::User.long(),
    };
    let fit = !rest.contains(|c: char| c.is_control() || c == ']' || c == '[');
    fit.then(|| format!(r"{root}\{rest}"))
}

fn value_name(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("@".to_owned());
    }
    quoted(name)
}

fn data(key: &Key, to: &Value) -> Option<String> {
    Some(match (key, to) {
        (_, Value::Absent) => "-".to_owned(),
        (Key::ServiceStart { .. }, Value::Start(start)) => dword(match start {
            Start::Automatic | Start::Delayed => 2,
            Start::Manual => 3,
            Start::Disabled => 4,
        }),
        (_, Value::Thumbprint(thumbprint)) => {
            let fit = thumbprint.len() == 40 && thumbprint.chars().all(|c| c.is_ascii_hexdigit());
            let pairs: Vec<String> = thumbprint
                .as_bytes()
                .chunks(2)
                .map(|pair| String::from_utf8_lossy(pair).to_ascii_lowercase())
                .collect();
            fit.then(|| format!("hex:{}", pairs.join(",")))?
        }
        (_, Value::Registry(value)) => match value {
            RegistryValue::Dword(number) => dword(*number),
            RegistryValue::Qword(number) => format!("hex(b):{}", bytes(&number.to_le_bytes())),
            RegistryValue::Text(text) => sz(text),
            RegistryValue::Expand(text) => {
                format!("hex(2):{}", bytes(&wide(&[text.as_str()], false)))
            }
            RegistryValue::Texts(texts) => {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                format!("hex(7):{}", bytes(&wide(&texts, true)))
            }
            RegistryValue::Binary(Bytes(held)) => format!("hex:{}", bytes(held)),
        },
        _ => return None,
    })
}

fn dword(number: u32) -> String {
    format!("dword:{number:08x}")
}

fn sz(text: &str) -> String {
    quoted(text).unwrap_or_else(|| format!("hex(1):{}", bytes(&wide(&[text], false))))
}

/// Texts in UTF-16, each with a zero behind it, and one more behind a list.
fn wide(texts: &[&str], list: bool) -> Vec<u8> {
    let mut units: Vec<u16> = Vec::new();
    for text in texts {
        units.extend(text.encode_utf16().filter(|unit| *unit != 0));
        units.push(0);
    }
    if list {
        units.push(0);
    }
    units.into_iter().flat_map(u16::to_le_bytes).collect()
}

fn bytes(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(",")
}

/// What was seen of a value, as it is written in the file.
fn known(seen: &Evidence, path: &str, name: Option<&str>) -> Option<String> {
    let name = name?;
    seen.seen
        .iter()
        .find_map(|observation| match &observation.fact {
            Fact::SettingFound {
                key,
                name: called,
                value,
                ..
            } if key.eq_ignore_ascii_case(path) && called.eq_ignore_ascii_case(name) => match value
            {
                SettingValue::Number(number) => u32::try_from(*number).ok().map(dword),
                SettingValue::Text(text) => Some(sz(text)),
                SettingValue::Texts(texts) => {
                    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                    Some(format!("hex(7):{}", bytes(&wide(&texts, true))))
                }
                // Only the beginning of long ones is kept.
                SettingValue::Bytes(held) if held.0.len() < Bytes::KEPT => {
                    Some(format!("hex:{}", bytes(&held.0)))
                }
                SettingValue::Bytes(_) => None,
                SettingValue::Removed => Some("-".to_owned()),
            },
            _ => None,
        })
}
