//! This machine: where values stand and actions happen.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use model::Bytes;
use model::plan::{Action, Key, Value};

use crate::error::{Error, file};
use crate::ini;
use crate::journal::sync_folder;

/// The largest file whose content is kept in a journal.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Reads the value at a key.
pub fn read(key: &Key) -> Result<Value, Error> {
    match key {
        Key::Ini {
            file: path,
            section,
            key,
        } => {
            let Some(text) = text(Path::new(path))? else {
                return Ok(Value::Absent);
            };
            Ok(ini::value(&text, section, key)
                .map_or(Value::Absent, |value| Value::Text(value.to_owned())))
        }
        Key::Content { file: path } => {
            Ok(content(Path::new(path))?
                .map_or(Value::Absent, |bytes| Value::Content(Bytes(bytes))))
        }
        Key::Mode { file: path } => unix::mode(Path::new(path)),
        Key::Owner { file: path } => unix::owner(Path::new(path)),
        _ => Err(not_here(key)),
    }
}

fn not_here(key: &Key) -> Error {
    Error::NotHere {
        what: format!("{key:?}"),
    }
}

/// Makes a value stand at a key. Either all of it happens or nothing.
pub fn write(key: &Key, to: &Value) -> Result<(), Error> {
    let misfit = || Error::Misfit {
        key: format!("{key:?}"),
    };
    match (key, to) {
        (
            Key::Ini {
                file: path,
                section,
                key,
            },
            Value::Text(_) | Value::Absent,
        ) => {
            let path = Path::new(path);
            let before = text(path)?;
            let to = match to {
                Value::Text(to) if to.contains(['\n', '\r']) => return Err(misfit()),
                Value::Text(to) => Some(to.as_str()),
                _ => None,
            };
            let after = ini::with_value(before.as_deref().unwrap_or_default(), section, key, to);
            if before.as_deref() == Some(after.as_str()) {
                return Ok(());
            }
            replace(path, after.as_bytes())
        }
        (Key::Content { file: path }, Value::Content(bytes)) => replace(Path::new(path), &bytes.0),
        (Key::Content { file: path }, Value::Absent) => remove(Path::new(path)),
        (Key::Mode { file: path }, Value::Mode(mode)) => unix::set_mode(Path::new(path), *mode),
        (Key::Owner { file: path }, Value::Owner { user, group }) => {
            unix::set_owner(Path::new(path), *user, *group)
        }
        _ if key.file().is_none() => Err(not_here(key)),
        _ => Err(misfit()),
    }
}

/// The content of the file a key stands in, when its value is part of the content.
pub fn image(key: &Key) -> Result<Option<Bytes>, Error> {
    match key {
        Key::Ini { file, .. } | Key::Content { file } => Ok(content(Path::new(file))?.map(Bytes)),
        _ => Ok(None),
    }
}

/// Does something that has no value to go back to.
pub fn act(action: &Action) -> Result<(), Error> {
    match action {
        Action::RestartService { service } => {
            let doing = format!("restart {service}");
            let fit = !service.is_empty()
                && !service.starts_with('-')
                && service
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_.@:".contains(c));
            if !fit {
                return Err(Error::Action {
                    doing,
                    says: "that is no name of a service".to_owned(),
                });
            }
            let said = Command::new("systemctl")
                .args(["restart", "--", service])
                .output()
                .map_err(|error| Error::Action {
                    doing: doing.clone(),
                    says: error.to_string(),
                })?;
            if said.status.success() {
                Ok(())
            } else {
                let says = String::from_utf8_lossy(&said.stderr).trim().to_owned();
                Err(Error::Action { doing, says })
            }
        }
        // The caller has asked; there is nothing for the machine to do.
        Action::AskPerson { .. } => Ok(()),
        _ => Err(Error::NotHere {
            what: format!("{action:?}"),
        }),
    }
}

/// The file itself, behind links: its metadata and place are what must survive.
fn real(path: &Path) -> Result<PathBuf, Error> {
    match fs::canonicalize(path) {
        Ok(real) => Ok(real),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(path.to_owned()),
        Err(source) => Err(Error::File {
            doing: "find",
            path: path.to_owned(),
            source,
        }),
    }
}

fn content(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.len() > LARGEST || !metadata.is_file() => Err(Error::File {
            doing: "keep a copy of",
            path: path.to_owned(),
            source: std::io::Error::other("it is no ordinary file, or larger than 16 MiB"),
        }),
        Ok(_) => fs::read(path).map(Some).map_err(file("read", path)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::File {
            doing: "read",
            path: path.to_owned(),
            source,
        }),
    }
}

fn text(path: &Path) -> Result<Option<String>, Error> {
    content(path)?
        .map(String::from_utf8)
        .transpose()
        .map_err(|_| Error::NotText {
            path: path.to_owned(),
        })
}

fn remove(path: &Path) -> Result<(), Error> {
    let path = &real(path)?;
    match fs::remove_file(path) {
        Ok(()) => path.parent().map_or(Ok(()), sync_folder),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(Error::File {
            doing: "remove",
            path: path.to_owned(),
            source,
        }),
    }
}

/// Where the next content of a file is written before it takes the file's place.
fn draft(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.rdpdoctor"))
}

/// Removes what a run left behind that died while writing the next content of a file.
pub fn clear_draft(key: &Key) -> Result<(), Error> {
    let Some(file) = key.file() else {
        return Ok(());
    };
    let draft = draft(&real(Path::new(file))?);
    match fs::remove_file(&draft) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(Error::File {
            doing: "remove",
            path: draft,
            source,
        }),
    }
}

/// Puts a whole new file with the old one's owner, mode and extended attributes in its place.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let path = &real(path)?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let draft = &draft(path);
    let written = (|| {
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).write(true);
        // Nobody else may look into a draft of a key file.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut new: File = options.open(draft).map_err(file("write", draft))?;
        new.write_all(bytes).map_err(file("write", draft))?;
        if path.exists() {
            unix::copy_metadata(path, draft)?;
        }
        new.sync_all().map_err(file("save", draft))?;
        fs::rename(draft, path).map_err(file("replace", path))
    })();
    if written.is_err() {
        // The draft may be missing, and the first error is the one to tell.
        let _ = fs::remove_file(draft);
    }
    written?;
    sync_folder(folder)
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    use std::path::Path;

    use model::plan::Value;

    use crate::error::{Error, file};

    /// Permission bits, set-user-id and its like included.
    const PERMISSIONS: u32 = 0o7777;

    pub(super) fn mode(path: &Path) -> Result<Value, Error> {
        let metadata = fs::metadata(path).map_err(file("look at", path))?;
        Ok(Value::Mode(metadata.permissions().mode() & PERMISSIONS))
    }

    pub(super) fn set_mode(path: &Path, mode: u32) -> Result<(), Error> {
        let permissions = fs::Permissions::from_mode(mode & PERMISSIONS);
        fs::set_permissions(path, permissions).map_err(file("change the mode of", path))
    }

    pub(super) fn owner(path: &Path) -> Result<Value, Error> {
        let metadata = fs::metadata(path).map_err(file("look at", path))?;
        Ok(Value::Owner {
            user: metadata.uid(),
            group: metadata.gid(),
        })
    }

    pub(super) fn set_owner(path: &Path, user: u32, group: u32) -> Result<(), Error> {
        // Changing the owner clears set-user-id and its like, which must survive.
        let was = mode(path)?;
        chown(path, Some(user), Some(group)).map_err(file("change the owner of", path))?;
        match was {
            Value::Mode(was) => set_mode(path, was),
            _ => Ok(()),
        }
    }

    pub(super) fn copy_metadata(from: &Path, to: &Path) -> Result<(), Error> {
        let metadata = fs::metadata(from).map_err(file("look at", from))?;
        let there = fs::metadata(to).map_err(file("look at", to))?;
        if (metadata.uid(), metadata.gid()) != (there.uid(), there.gid()) {
            chown(to, Some(metadata.uid()), Some(metadata.gid()))
                .map_err(file("keep the owner of", from))?;
        }
        set_mode(to, metadata.permissions().mode())?;
        let names = match xattr::list(from) {
            Ok(names) => names,
            // A file system without extended attributes has none to keep.
            Err(error) if error.kind() == std::io::ErrorKind::Unsupported => return Ok(()),
            Err(source) => {
                return Err(Error::File {
                    doing: "read the attributes of",
                    path: from.to_owned(),
                    source,
                });
            }
        };
        for name in names {
            let value = xattr::get(from, &name).map_err(file("read the attributes of", from))?;
            if xattr::get(to, &name).ok().flatten() != value {
                xattr::set(to, &name, &value.unwrap_or_default())
                    .map_err(file("keep the attributes of", from))?;
            }
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod unix {
    use std::path::Path;

    use model::plan::Value;

    use crate::error::Error;

    fn unsupported(path: &Path) -> Error {
        Error::File {
            doing: "change owner or mode of",
            path: path.to_owned(),
            source: std::io::ErrorKind::Unsupported.into(),
        }
    }

    pub(super) fn mode(path: &Path) -> Result<Value, Error> {
        Err(unsupported(path))
    }

    pub(super) fn set_mode(path: &Path, _mode: u32) -> Result<(), Error> {
        Err(unsupported(path))
    }

    pub(super) fn owner(path: &Path) -> Result<Value, Error> {
        Err(unsupported(path))
    }

    pub(super) fn set_owner(path: &Path, _user: u32, _group: u32) -> Result<(), Error> {
        Err(unsupported(path))
    }

    /// A new file in a folder inherits its access list there.
    pub(super) fn copy_metadata(_from: &Path, _to: &Path) -> Result<(), Error> {
        Ok(())
    }
}
