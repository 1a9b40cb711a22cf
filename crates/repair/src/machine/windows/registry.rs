//! Values and keys of the registry, exactly as they stand: what could not be put back to the letter is not touched.

use std::collections::BTreeMap;

use model::Bytes;
use model::plan::{Hive, RegistryValue, Value};
use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE, Type};

use crate::error::Error;

/// The most values of a tree that are kept.
const MOST: usize = 20_000;
/// How deep a tree may be: Windows itself allows 512.
const DEEPEST: usize = 64;
/// What Windows says when a key or a value is not there.
const NOT_FOUND: [u32; 2] = [0x8007_0002, 0x8007_0003];

fn root(hive: Hive) -> &'static Key {
    match hive {
        Hive::Machine => LOCAL_MACHINE,
        Hive::User => CURRENT_USER,
    }
}

fn is_missing(code: i32) -> bool {
    NOT_FOUND.contains(&code.cast_unsigned())
}

/// An error of the registry, with what was being done to what.
fn failed(doing: &str, hive: Hive, path: &str, says: impl std::fmt::Display) -> Error {
    Error::Action {
        doing: format!("{doing} {}\\{path}", hive.short()),
        says: says.to_string(),
    }
}

/// The key, when it is there.
fn open(hive: Hive, path: &str) -> Result<Option<Key>, Error> {
    match root(hive).options().read().open(path) {
        Ok(key) => Ok(Some(key)),
        Err(error) if is_missing(error.code().0) => Ok(None),
        Err(error) => Err(failed("read", hive, path, error)),
    }
}

/// Reads one value.
pub(super) fn value(hive: Hive, path: &str, name: &str) -> Result<Value, Error> {
    let Some(key) = open(hive, path)? else {
        return Ok(Value::Absent);
    };
    match key.get_value(name) {
        Ok(value) => decoded(value.ty(), &value)
            .map(Value::Registry)
            .ok_or_else(|| failed("read", hive, &format!("{path}\\{name}"), STRANGE)),
        Err(error) if is_missing(error.code().0) => Ok(Value::Absent),
        Err(error) => Err(failed("read", hive, path, error)),
    }
}

const STRANGE: &str =
    "it has a form that could not be put back to the letter; nothing is done to it";

/// Makes a value stand, or takes it away.
pub(super) fn set(hive: Hive, path: &str, name: &str, to: &Value) -> Result<(), Error> {
    let broken = |error| failed("write", hive, path, error);
    match to {
        Value::Registry(value) => {
            let key = root(hive)
                .options()
                .write()
                .create()
                .open(path)
                .map_err(broken)?;
            put(&key, name, value).map_err(|says| failed("write", hive, path, says))
        }
        Value::Absent => {
            let key = match root(hive).options().write().open(path) {
                Ok(key) => key,
                Err(error) if is_missing(error.code().0) => return Ok(()),
                Err(error) => return Err(broken(error)),
            };
            match key.remove_value(name) {
                Err(error) if !is_missing(error.code().0) => Err(broken(error)),
                _ => Ok(()),
            }
        }
        _ => Err(failed(
            "write",
            hive,
            path,
            "that is no value of a registry",
        )),
    }
}

fn put(key: &Key, name: &str, value: &RegistryValue) -> Result<(), String> {
    let (kind, bytes) = encoded(value);
    key.set_bytes(name, kind, &bytes).map_err(says)
}

/// Reads a key with everything in it.
pub(super) fn tree(hive: Hive, path: &str) -> Result<Value, Error> {
    let Some(key) = open(hive, path)? else {
        return Ok(Value::Absent);
    };
    let mut all = BTreeMap::new();
    let mut room = MOST;
    collect(&key, "", DEEPEST, &mut room, &mut all)
        .map_err(|says| failed("read", hive, path, says))?;
    Ok(Value::Tree(all))
}

fn says(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn collect(
    key: &Key,
    at: &str,
    depth: usize,
    room: &mut usize,
    all: &mut BTreeMap<String, BTreeMap<String, RegistryValue>>,
) -> Result<(), String> {
    let mut here = BTreeMap::new();
    for (name, value) in key.values().map_err(says)? {
        *room = room
            .checked_sub(1)
            .ok_or_else(|| format!("more than {MOST} values are in it"))?;
        let value =
            decoded(value.ty(), &value).ok_or_else(|| format!("{at}\\{name}: {STRANGE}"))?;
        here.insert(name, value);
    }
    all.insert(at.to_owned(), here);
    for child in key.keys().map_err(says)? {
        let depth = depth
            .checked_sub(1)
            .ok_or_else(|| "it is too deep".to_owned())?;
        *room = room
            .checked_sub(1)
            .ok_or_else(|| format!("more than {MOST} keys are in it"))?;
        let inner = key
            .options()
            .read()
            .open(&child)
            .map_err(|error| format!("{child}: {error}"))?;
        let below = if at.is_empty() {
            child
        } else {
            format!("{at}\\{child}")
        };
        collect(&inner, &below, depth, room, all)?;
    }
    Ok(())
}

/// Puts a tree into its place beside what is there, or takes a key away with everything in it.
pub(super) fn set_tree(hive: Hive, path: &str, to: &Value) -> Result<(), Error> {
    let broken = |error| failed("write", hive, path, error);
    match to {
        Value::Absent => {
            let (above, last) = path
                .rsplit_once('\\')
                .ok_or_else(|| failed("remove", hive, path, "it is too near the root"))?;
            let key = match root(hive).options().read().write().open(above) {
                Ok(key) => key,
                Err(error) if is_missing(error.code().0) => return Ok(()),
                Err(error) => return Err(broken(error)),
            };
            match key.remove_tree(last) {
                Err(error) if !is_missing(error.code().0) => Err(broken(error)),
                _ => Ok(()),
            }
        }
        Value::Tree(all) => {
            for (below, values) in all {
                let whole = if below.is_empty() {
                    path.to_owned()
                } else {
                    format!("{path}\\{below}")
                };
                let key = root(hive)
                    .options()
                    .write()
                    .create()
                    .open(&whole)
                    .map_err(broken)?;
                for (name, value) in values {
                    put(&key, name, value).map_err(|says| failed("write", hive, &whole, says))?;
                }
            }
            Ok(())
        }
        _ => Err(failed("write", hive, path, "that is no key of a registry")),
    }
}

/// The nearest key above `path` that is there, when `path` itself is not.
pub(super) fn ground(hive: Hive, path: &str) -> Result<Option<String>, Error> {
    if open(hive, path)?.is_some() {
        return Ok(None);
    }
    let mut above = path;
    while let Some((upper, _)) = above.rsplit_once('\\') {
        if open(hive, upper)?.is_some() {
            return Ok(Some(upper.to_owned()));
        }
        above = upper;
    }
    Ok(Some(String::new()))
}

/// Removes `path` and the keys above it down to `ground`, each only while it is empty.
pub(super) fn clear(hive: Hive, path: &str, ground: &str) -> Result<(), Error> {
    let mut at = path;
    while at.len() > ground.len() && at.starts_with(ground) {
        let Some((above, last)) = at.rsplit_once('\\') else {
            return Ok(());
        };
        if let Some(key) = open(hive, at)? {
            let broken = |error| failed("clear", hive, at, error);
            let filled = key.keys().map_err(broken)?.next().is_some()
                || key.values().map_err(broken)?.next().is_some();
            if filled {
                return Ok(());
            }
            let upper = root(hive)
                .options()
                .read()
                .write()
                .open(above)
                .map_err(broken)?;
            upper.remove_tree(last).map_err(broken)?;
        }
        at = above;
    }
    Ok(())
}

/// This account may write below `HKEY_LOCAL_MACHINE`.
pub(super) fn may_write_the_machine() -> bool {
    LOCAL_MACHINE
        .options()
        .read()
        .write()
        .open(r"SYSTEM\CurrentControlSet\Control\Terminal Server")
        .is_ok()
}

/// The bytes of a value as the registry keeps them.
fn encoded(value: &RegistryValue) -> (Type, Vec<u8>) {
    let wide = |text: &str| -> Vec<u8> {
        text.encode_utf16()
            .chain([0])
            .flat_map(u16::to_le_bytes)
            .collect()
    };
    match value {
        RegistryValue::Dword(number) => (Type::U32, number.to_le_bytes().to_vec()),
        RegistryValue::Qword(number) => (Type::U64, number.to_le_bytes().to_vec()),
        RegistryValue::Text(text) => (Type::String, wide(text)),
        RegistryValue::Expand(text) => (Type::ExpandString, wide(text)),
        RegistryValue::Texts(texts) => {
            let mut bytes: Vec<u8> = texts.iter().flat_map(|text| wide(text)).collect();
            bytes.extend([0, 0]);
            (Type::MultiString, bytes)
        }
        RegistryValue::Binary(bytes) => (Type::Bytes, bytes.0.clone()),
    }
}

/// A value, when it would be written back as the same bytes.
fn decoded(kind: Type, bytes: &[u8]) -> Option<RegistryValue> {
    let text = || {
        let wide: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| {
                u16::from_le_bytes([
                    pair.first().copied().unwrap_or(0),
                    pair.last().copied().unwrap_or(0),
                ])
            })
            .collect();
        String::from_utf16(&wide).ok()
    };
    let value = match kind {
        Type::U32 => RegistryValue::Dword(u32::from_le_bytes(bytes.try_into().ok()?)),
        Type::U64 => RegistryValue::Qword(u64::from_le_bytes(bytes.try_into().ok()?)),
        Type::String => RegistryValue::Text(text()?.strip_suffix('\0')?.to_owned()),
        Type::ExpandString => RegistryValue::Expand(text()?.strip_suffix('\0')?.to_owned()),
        Type::MultiString => {
            let text = text()?;
            let inner = text.strip_suffix('\0')?;
            let texts = match inner.strip_suffix('\0') {
                Some(inner) => inner.split('\0').map(str::to_owned).collect(),
                None => Vec::new(),
            };
            RegistryValue::Texts(texts)
        }
        Type::Bytes => RegistryValue::Binary(Bytes(bytes.to_vec())),
        Type::Other(_) => return None,
    };
    (encoded(&value) == (kind, bytes.to_vec())).then_some(value)
}
