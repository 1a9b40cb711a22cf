//! Who is in a group: `group(5)` and `gshadow(5)`, edited one member at a time under the lock that the
//! system's own tools take, so that every other byte stays and an undo leaves no trace.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::files;
use crate::error::{Error, file};

/// The user is in the group, by a line of the group or as the group of the account.
pub(super) fn is_member(accounts: &Path, user: &str, group: &str) -> Result<bool, Error> {
    let groups = text(accounts, "group")?;
    let Some(line) = line_of(&groups, group) else {
        return Err(unknown(user, group, "group", group));
    };
    let users = text(accounts, "passwd")?;
    let Some(account) = line_of(&users, user) else {
        return Err(unknown(user, group, "user", user));
    };
    Ok(members(line).any(|member| member == user)
        || account.split(':').nth(3) == line.split(':').nth(2))
}

/// Puts the user into the group, or takes him out.
pub(super) fn set(accounts: &Path, user: &str, group: &str, on: bool) -> Result<(), Error> {
    // Unknown names are told before anything is locked.
    is_member(accounts, user, group)?;
    let _groups = Held::of(&accounts.join("group"))?;
    let _shadows = Held::of(&accounts.join("gshadow"))?;
    // `group` decides, so it is last on the way in and first on the way out.
    let mut names = ["gshadow", "group"];
    if !on {
        names.reverse();
    }
    for name in names {
        let path = accounts.join(name);
        let Some(before) = files::text(&path)? else {
            continue;
        };
        if let Some(after) = with_member(&before, user, group, on)
            && after != before
        {
            files::replace(&path, after.as_bytes())?;
        }
    }
    if is_member(accounts, user, group)? == on {
        Ok(())
    } else {
        Err(Error::Action {
            doing: format!("take {user} out of the group {group}"),
            says: "it is the group of the account itself".to_owned(),
        })
    }
}

/// The number of a user (`passwd`) or a group (`group`); a number stands for itself.
pub(super) fn number(accounts: &Path, kind: &str, name: &str) -> Result<u32, Error> {
    if let Ok(number) = name.parse() {
        return Ok(number);
    }
    let text = text(accounts, kind)?;
    line_of(&text, name)
        .and_then(|line| line.split(':').nth(2)?.parse().ok())
        .ok_or_else(|| Error::Action {
            doing: format!("find {name}"),
            says: format!("there is no such line in {}", accounts.join(kind).display()),
        })
}

pub(super) fn clear_drafts(accounts: &Path) -> Result<(), Error> {
    files::clear_draft(&accounts.join("group"))?;
    match files::clear_draft(&accounts.join("gshadow")) {
        Err(Error::File { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(()),
        cleared => cleared,
    }
}

fn text(accounts: &Path, name: &str) -> Result<String, Error> {
    let path = accounts.join(name);
    files::text(&path)?.ok_or_else(|| Error::File {
        doing: "read",
        path,
        source: ErrorKind::NotFound.into(),
    })
}

/// The line of an account or a group.
fn line_of<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines().find(|line| {
        line.split_once(':')
            .is_some_and(|(first, _)| !name.is_empty() && first == name)
    })
}

/// The last field of a line of either file.
fn members(line: &str) -> impl Iterator<Item = &str> {
    let list = line.rsplit_once(':').map_or("", |(_, list)| list);
    list.split(',').filter(|member| !member.is_empty())
}

/// The text with one member more or less; `None` when the group has no line.
fn with_member(text: &str, user: &str, group: &str, on: bool) -> Option<String> {
    let line = line_of(text, group)?;
    let (front, list) = line.rsplit_once(':')?;
    let has = members(line).any(|member| member == user);
    let list = match (has, on) {
        (true, true) | (false, false) => return Some(text.to_owned()),
        (false, true) if list.is_empty() => user.to_owned(),
        (false, true) => format!("{list},{user}"),
        (true, false) => list
            .split(',')
            .filter(|member| *member != user)
            .collect::<Vec<_>>()
            .join(","),
    };
    let mut after = String::with_capacity(text.len() + user.len() + 1);
    for whole in text.split_inclusive('\n') {
        match whole.strip_prefix(line) {
            Some(end) if end.trim().is_empty() => {
                after.push_str(front);
                after.push(':');
                after.push_str(&list);
                after.push_str(end);
            }
            _ => after.push_str(whole),
        }
    }
    Some(after)
}

fn unknown(user: &str, group: &str, kind: &str, name: &str) -> Error {
    Error::Action {
        doing: format!("look at {user} in the group {group}"),
        says: format!("this machine knows no {kind} named {name} in its own files"),
    }
}

/// The lock that shadow's tools take on a file: a hard link `FILE.lock` to a file with the holder's number.
struct Held(PathBuf);

impl Held {
    fn of(path: &Path) -> Result<Self, Error> {
        let number = std::process::id();
        let own = beside(path, &number.to_string());
        let lock = beside(path, "lock");
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(&own)
            // A C string, as its readers expect.
            .and_then(|mut own| own.write_all(format!("{number}\0").as_bytes()))
            .map_err(file("lock", path))?;
        let held = fs::hard_link(&own, &lock).or_else(|error| {
            if error.kind() == ErrorKind::AlreadyExists && !alive(&lock) {
                fs::remove_file(&lock)?;
                fs::hard_link(&own, &lock)
            } else {
                Err(error)
            }
        });
        let _ = fs::remove_file(&own);
        held.map_err(|source| Error::File {
            doing: "lock",
            path: path.to_owned(),
            source: if source.kind() == ErrorKind::AlreadyExists {
                std::io::Error::new(
                    ErrorKind::ResourceBusy,
                    "another program is changing users and groups; try again when it is done",
                )
            } else {
                source
            },
        })?;
        Ok(Self(lock))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // When it cannot be removed, our number in it goes stale with us.
        let _ = fs::remove_file(&self.0);
    }
}

/// The process whose number stands in a lock lives.
fn alive(lock: &Path) -> bool {
    let number = fs::read_to_string(lock).unwrap_or_default();
    let number = number.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    number.parse::<u32>().is_ok_and(|number| {
        number != std::process::id() && Path::new("/proc").join(number.to_string()).exists()
    })
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: &str = "root:x:0:\nssl-cert:x:103:postgres\nempty:x:104:\nlast:x:105:a,xrdp";
    const PASSWD: &str = "root:x:0:0::/root:/bin/sh\nxrdp:x:103:105::/run/xrdp:/bin/false\n";

    #[test]
    fn one_member_more_and_less_is_the_same_again() {
        for group in ["ssl-cert", "empty", "root"] {
            let more = with_member(GROUP, "xrdp", group, true).unwrap();
            assert_ne!(more, GROUP);
            assert_eq!(with_member(&more, "xrdp", group, false).unwrap(), GROUP);
        }
        assert_eq!(with_member(GROUP, "xrdp", "last", true).unwrap(), GROUP);
        assert_eq!(with_member(GROUP, "xrdp", "none", true), None);
        assert!(
            with_member(GROUP, "xrdp", "ssl-cert", true)
                .unwrap()
                .contains("ssl-cert:x:103:postgres,xrdp\n")
        );
    }

    #[test]
    fn both_files_change_and_change_back() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        write("group", GROUP);
        write("passwd", PASSWD);
        write("gshadow", "ssl-cert:!::postgres\n");
        let at = folder.path();
        assert!(!is_member(at, "xrdp", "ssl-cert").unwrap());
        set(at, "xrdp", "ssl-cert", true).unwrap();
        assert!(is_member(at, "xrdp", "ssl-cert").unwrap());
        assert_eq!(read("gshadow"), "ssl-cert:!::postgres,xrdp\n");
        set(at, "xrdp", "ssl-cert", false).unwrap();
        assert_eq!(read("group"), GROUP);
        assert_eq!(read("gshadow"), "ssl-cert:!::postgres\n");
        assert_eq!(fs::read_dir(at).unwrap().count(), 3, "locks are gone");
        assert!(is_member(at, "xrdp", "last").unwrap(), "by the account");
        assert!(is_member(at, "nobody", "last").is_err());
        assert!(is_member(at, "xrdp", "nothing").is_err());
    }

    #[test]
    fn a_lock_of_the_dead_is_taken_over_and_one_of_the_living_respected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("group");
        fs::write(beside(&path, "lock"), "4000000000\0").unwrap();
        drop(Held::of(&path).unwrap());
        // Process 1 always lives.
        fs::write(beside(&path, "lock"), "1\0").unwrap();
        if Path::new("/proc/1").exists() {
            assert!(Held::of(&path).is_err());
        }
    }
}
