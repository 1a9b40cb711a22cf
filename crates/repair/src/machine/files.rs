//! Files: their content, values inside them, modes and owners.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use model::plan::Value;

use crate::error::{Error, file};
use crate::ini;
use crate::journal::sync_folder;

/// The largest file whose content is kept in a journal.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The value of a key of an ini file.
pub(super) fn ini_value(path: &Path, section: &str, key: &str) -> Result<Value, Error> {
    let Some(text) = text(path)? else {
        return Ok(Value::Absent);
    };
    Ok(
        ini::value(&text, section, key)
            .map_or(Value::Absent, |value| Value::Text(value.to_owned())),
    )
}

/// Sets the value of a key of an ini file, or removes the key.
pub(super) fn set_ini_value(
    path: &Path,
    section: &str,
    key: &str,
    to: Option<&str>,
) -> Result<(), Error> {
    let before = text(path)?;
    let after = ini::with_value(before.as_deref().unwrap_or_default(), section, key, to);
    if before.as_deref() == Some(after.as_str()) {
        return Ok(());
    }
    replace(path, after.as_bytes())
}

/// The file itself, behind links: its metadata and place are what must survive.
pub(super) fn real(path: &Path) -> Result<PathBuf, Error> {
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

pub(super) fn content(path: &Path) -> Result<Option<Vec<u8>>, Error> {
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

pub(super) fn text(path: &Path) -> Result<Option<String>, Error> {
    content(path)?
        .map(String::from_utf8)
        .transpose()
        .map_err(|_| Error::NotText {
            path: path.to_owned(),
        })
}

pub(super) fn remove(path: &Path) -> Result<(), Error> {
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
pub(super) fn clear_draft(path: &Path) -> Result<(), Error> {
    let draft = draft(&real(path)?);
    // A file system that is read-only refuses before it finds out that there is nothing to remove.
    if fs::symlink_metadata(&draft).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(());
    }
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
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
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

pub(super) use unix::{mode, owner, set_mode, set_owner};

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    use std::path::Path;

    use model::plan::Value;

    use crate::error::{Error, file};

    /// Permission bits, set-user-id and its like included.
    const PERMISSIONS: u32 = 0o7777;

    pub(in crate::machine) fn mode(path: &Path) -> Result<Value, Error> {
        let metadata = fs::metadata(path).map_err(file("look at", path))?;
        Ok(Value::Mode(metadata.permissions().mode() & PERMISSIONS))
    }

    pub(in crate::machine) fn set_mode(path: &Path, mode: u32) -> Result<(), Error> {
        let permissions = fs::Permissions::from_mode(mode & PERMISSIONS);
        fs::set_permissions(path, permissions).map_err(file("change the mode of", path))
    }

    pub(in crate::machine) fn owner(path: &Path) -> Result<Value, Error> {
        let metadata = fs::metadata(path).map_err(file("look at", path))?;
        Ok(Value::Owner {
            user: metadata.uid(),
            group: metadata.gid(),
        })
    }

    pub(in crate::machine) fn set_owner(path: &Path, user: u32, group: u32) -> Result<(), Error> {
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

    pub(in crate::machine) fn mode(path: &Path) -> Result<Value, Error> {
        Err(unsupported(path))
    }

    pub(in crate::machine) fn set_mode(path: &Path, _mode: u32) -> Result<(), Error> {
        Err(unsupported(path))
    }

    pub(in crate::machine) fn owner(path: &Path) -> Result<Value, Error> {
        Err(unsupported(path))
    }

    pub(in crate::machine) fn set_owner(path: &Path, _user: u32, _group: u32) -> Result<(), Error> {
        Err(unsupported(path))
    }

    /// A new file in a folder inherits its access list there.
    pub(super) fn copy_metadata(_from: &Path, _to: &Path) -> Result<(), Error> {
        Ok(())
    }
}
