//! What only Windows has: its registry, its service manager, and the programs it brings for the rest.

mod registry;
mod services;

use std::path::{Path, PathBuf};

use model::Bytes;
use model::plan::{Action, Hive, Key, Value};

use super::tool;
use crate::error::Error;

pub(super) use services::{restart, run, runs, set_start, start};

/// The administrators of this machine, by identifier.
const ADMINISTRATORS: &str = "*S-1-5-32-544";
/// The system and the administrators: nobody else may write what an undo reads.
const OWN: [&str; 2] = ["*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F"];

/// Reads a value of Windows' own; `None` for what is not of this kind.
pub(super) fn read(key: &Key) -> Result<Option<Value>, Error> {
    match key {
        Key::Registry { hive, path, name } | Key::Policy { hive, path, name } => {
            registry::value(*hive, path, name).map(Some)
        }
        Key::RegistryTree { hive, path } => registry::tree(*hive, path).map(Some),
        Key::CertificateBinding { listener } => {
            let (path, name) = binding(listener);
            registry::value(Hive::Machine, &path, name)
                .and_then(|value| thumbprint(&path, value))
                .map(Some)
        }
        _ => Ok(None),
    }
}

/// Makes a value of Windows' own stand; `false` for what is not of this kind.
pub(super) fn write(key: &Key, to: &Value) -> Result<bool, Error> {
    match key {
        Key::Registry { hive, path, name } | Key::Policy { hive, path, name } => {
            registry::set(*hive, path, name, to)?;
        }
        Key::RegistryTree { hive, path } => registry::set_tree(*hive, path, to)?,
        Key::CertificateBinding { listener } => {
            let (path, name) = binding(listener);
            let to = match to {
                Value::Thumbprint(digits) => {
                    Value::Registry(model::plan::RegistryValue::Binary(bytes(digits)?))
                }
                other => other.clone(),
            };
            registry::set(Hive::Machine, &path, name, &to)?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Where in the registry a key stands, when it stands there.
fn place(key: &Key) -> Option<(Hive, String)> {
    match key {
        Key::Registry { hive, path, .. }
        | Key::Policy { hive, path, .. }
        | Key::RegistryTree { hive, path } => Some((*hive, path.clone())),
        Key::CertificateBinding { listener } => Some((Hive::Machine, binding(listener).0)),
        _ => None,
    }
}

/// The path of the nearest key above that is there, when the key itself is not.
pub(super) fn ground(key: &Key) -> Result<Option<Bytes>, Error> {
    match place(key) {
        Some((hive, path)) => Ok(registry::ground(hive, &path)?.map(|path| Bytes(path.into()))),
        None => Ok(None),
    }
}

/// Removes the keys that were made for a value that is gone again, as long as nothing else is in them.
pub(super) fn clear(key: &Key, ground: Option<&Bytes>) -> Result<(), Error> {
    match (place(key), ground) {
        (Some((hive, path)), Some(ground)) => {
            registry::clear(hive, &path, &String::from_utf8_lossy(&ground.0))
        }
        _ => Ok(()),
    }
}

/// Does something with a program of Windows.
pub(super) fn act(action: &Action) -> Result<(), Error> {
    let (program, arguments, doing): (_, Vec<String>, _) = match action {
        Action::RefreshPolicy => (
            "gpupdate.exe",
            vec!["/force".into()],
            "take over the policies again".to_owned(),
        ),
        Action::ForgetNames => (
            "ipconfig.exe",
            vec!["/flushdns".into()],
            "forget old names".to_owned(),
        ),
        Action::RegisterNames => (
            "ipconfig.exe",
            vec!["/registerdns".into()],
            "register this machine's names".to_owned(),
        ),
        Action::SyncClock => (
            "w32tm.exe",
            vec!["/resync".into()],
            "set the clock".to_owned(),
        ),
        Action::ForgetCredential { target } => (
            "cmdkey.exe",
            vec![format!("/delete:{target}")],
            format!("forget the saved password of {target}"),
        ),
        Action::LogOff { session } => (
            "logoff.exe",
            vec![session.to_string()],
            format!("end session {session}"),
        ),
        other => {
            return Err(Error::NotHere {
                what: format!("{other:?}"),
            });
        }
    };
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    tool::run(&system(program), &arguments, &doing).map(drop)
}

/// This account may change what belongs to the whole machine.
pub fn is_administrator() -> bool {
    registry::may_write_the_machine()
}

/// Where what belongs to all users of the machine is kept.
pub fn common_folder() -> PathBuf {
    std::env::var_os("ProgramData").map_or_else(|| PathBuf::from(r"C:\ProgramData"), PathBuf::from)
}

/// Leaves a folder to the system and the administrators alone, when it is where all users keep things.
pub(crate) fn secure(folder: &Path) -> Result<(), Error> {
    let file = |source| Error::File {
        doing: "secure",
        path: folder.to_owned(),
        source,
    };
    let kind = std::fs::symlink_metadata(folder).map_err(file)?.file_type();
    if kind.is_symlink() {
        return Err(file(std::io::Error::other("it leads elsewhere")));
    }
    if !folder.starts_with(common_folder()) || !is_administrator() {
        return Ok(());
    }
    let name = folder.to_string_lossy();
    let doing = format!("keep {name} to administrators");
    let tool = system("icacls.exe");
    tool::run(&tool, &[&*name, "/setowner", ADMINISTRATORS, "/q"], &doing)?;
    let mut words = vec![&*name, "/inheritance:r", "/grant:r"];
    words.extend(OWN);
    tool::run(&tool, &words, &doing).map(drop)
}

/// A program of Windows by its full path: the search path may lead to another of that name.
fn system(program: &str) -> String {
    let root = std::env::var("SystemRoot").unwrap_or_else(|_| r"C:\Windows".to_owned());
    format!(r"{root}\System32\{program}")
}

fn binding(listener: &str) -> (String, &'static str) {
    (
        format!(r"SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\{listener}"),
        "SSLCertificateSHA1Hash",
    )
}

/// A binding as the digits of its fingerprint.
fn thumbprint(path: &str, value: Value) -> Result<Value, Error> {
    match value {
        Value::Absent => Ok(Value::Absent),
        Value::Registry(model::plan::RegistryValue::Binary(bytes)) => Ok(Value::Thumbprint(
            bytes.0.iter().map(|byte| format!("{byte:02x}")).collect(),
        )),
        _ => Err(Error::Action {
            doing: format!("read the binding of a certificate in {path}"),
            says: "it is not a fingerprint".to_owned(),
        }),
    }
}

fn bytes(digits: &str) -> Result<Bytes, Error> {
    let misfit = || Error::Action {
        doing: "bind a certificate".to_owned(),
        says: format!("{digits:?} is no fingerprint"),
    };
    if !digits.is_ascii() || digits.len() % 2 != 0 {
        return Err(misfit());
    }
    let pairs = digits.as_bytes().chunks_exact(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    bytes.map(Bytes).ok_or_else(misfit)
}
