//! Files of the machine that is looked at, and who may read them.
//!
//! Whether a service can read its key is told from permission bits and access lists, because asking as root
//! would always say yes. Links are followed inside the root, so that another machine's files can be looked at.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use model::{Fact, FileRole};

/// The largest file that is read.
const LARGEST: u64 = 1024 * 1024;
/// Links that are followed on the way to one file.
const MOST_LINKS: usize = 40;

/// What became of reading a file.
#[derive(Debug)]
pub(super) enum Held {
    /// It holds this.
    Bytes(Vec<u8>),
    /// It is not there.
    Missing,
    /// It may be there, and why it cannot be read.
    Closed(String),
}

/// A path of the looked-at machine as a path here.
pub(super) fn under(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").unwrap_or(path))
}

/// Reads a file of the machine, behind its links.
pub(super) fn read(root: &Path, path: &Path) -> Held {
    read_most(root, path, LARGEST)
}

/// The same up to another size; of a larger file nothing is read.
pub(super) fn read_most(root: &Path, path: &Path, most: u64) -> Held {
    let path = match resolve(root, path, &Reader::root()) {
        Resolved {
            found: Found::There { .. },
            path,
            ..
        } => path,
        Resolved {
            found: Found::Missing,
            ..
        } => return Held::Missing,
        Resolved {
            found: Found::Closed(why),
            ..
        } => return Held::Closed(why),
    };
    let here = under(root, &path);
    let closed = |why: String| Held::Closed(format!("cannot read {}: {why}", path.display()));
    match fs::metadata(&here) {
        Ok(metadata) if metadata.len() > most => return closed("it is too large".to_owned()),
        // A pipe might never end.
        Ok(metadata) if !metadata.is_file() => return closed("it is no file".to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Held::Missing,
        Err(error) => return closed(error.to_string()),
    }
    let mut bytes = Vec::new();
    match fs::File::open(&here).and_then(|file| file.take(most).read_to_end(&mut bytes)) {
        Ok(_) => Held::Bytes(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => Held::Missing,
        Err(error) => closed(error.to_string()),
    }
}

/// The text of a file that is there and can be read.
pub(super) fn text(root: &Path, path: impl AsRef<Path>) -> Option<String> {
    match read(root, path.as_ref()) {
        Held::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Held::Missing | Held::Closed(_) => None,
    }
}

/// The names in a folder, sorted; nothing when it cannot be read.
pub(super) fn names(root: &Path, path: impl AsRef<Path>) -> Vec<String> {
    let path = resolve(root, path.as_ref(), &Reader::root()).path;
    let mut names: Vec<String> = fs::read_dir(under(root, &path))
        .into_iter()
        .flatten()
        .flatten()
        .take(10_000)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A file of this path is there.
pub(super) fn exists(root: &Path, path: impl AsRef<Path>) -> bool {
    matches!(
        resolve(root, path.as_ref(), &Reader::root()).found,
        Found::There { .. }
    )
}

/// A user, with the numbers permission bits are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reader {
    /// The name of the user.
    pub(super) name: String,
    /// User and groups; `None` when the machine knows no such user.
    pub(super) numbers: Option<(u32, Vec<u32>)>,
    /// Permission bits do not hold it back (CAP_DAC_READ_SEARCH, capabilities(7)).
    pub(super) overrides: bool,
}

impl Reader {
    fn root() -> Self {
        Self {
            name: "root".to_owned(),
            numbers: Some((0, vec![0])),
            overrides: true,
        }
    }

    /// The user of this name, with the groups that passwd(5) and group(5) of the machine give it.
    pub(super) fn named(root: &Path, name: &str) -> Self {
        let passwd = text(root, "/etc/passwd").unwrap_or_default();
        let group = text(root, "/etc/group").unwrap_or_default();
        let number = name.parse::<u32>().ok();
        let numbers = passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            let called = fields.next()?;
            let user: u32 = fields.nth(1)?.parse().ok()?;
            (called == name || number == Some(user)).then_some(())?;
            let own: u32 = fields.next()?.parse().ok()?;
            let mut groups = vec![own];
            groups.extend(group.lines().filter_map(|line| {
                let mut fields = line.split(':').skip(2);
                let number: u32 = fields.next()?.parse().ok()?;
                fields
                    .next()?
                    .split(',')
                    .any(|one| one == called)
                    .then_some(number)
            }));
            Some((user, groups))
        });
        Self {
            name: name.to_owned(),
            overrides: numbers.as_ref().is_some_and(|(user, _)| *user == 0),
            numbers,
        }
    }

    /// The same with one more group, given by name or number.
    pub(super) fn in_group(mut self, root: &Path, group: &str) -> Self {
        if let (Some((_, groups)), Some(number)) = (&mut self.numbers, group_number(root, group)) {
            groups.push(number);
        }
        self
    }
}

/// The number of a group.
fn group_number(root: &Path, name: &str) -> Option<u32> {
    name.parse().ok().or_else(|| {
        text(root, "/etc/group")?.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next()? == name).then_some(())?;
            fields.nth(1)?.parse().ok()
        })
    })
}

/// The name of the user with this number, else the number.
pub(super) fn user_name(root: &Path, number: u32) -> String {
    text(root, "/etc/passwd")
        .and_then(|passwd| {
            passwd.lines().find_map(|line| {
                let mut fields = line.split(':');
                let name = fields.next()?;
                (fields.nth(1)?.parse() == Ok(number)).then(|| name.to_owned())
            })
        })
        .unwrap_or_else(|| number.to_string())
}

/// The folder of the user of this name or number.
pub(super) fn home(root: &Path, user: &str) -> Option<PathBuf> {
    text(root, "/etc/passwd")?.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        match fields.as_slice() {
            [name, _, number, _, _, home, ..] if *name == user || *number == user => {
                Some(PathBuf::from(home))
            }
            _ => None,
        }
    })
}

/// What the service finds at this path; an error when that cannot be seen from here.
pub(super) fn file(
    root: &Path,
    path: &Path,
    role: FileRole,
    reader: &Reader,
) -> Result<Fact, String> {
    let Resolved {
        path,
        found,
        searchable,
    } = resolve(root, path, reader);
    let (metadata, here) = match found {
        Found::There { metadata, here } => (Some(metadata), Some(here)),
        Found::Missing => (None, None),
        Found::Closed(why) => return Err(why),
    };
    let readable = metadata.as_ref().zip(here).and_then(|(metadata, here)| {
        let own = allowed(&here, metadata, reader, 0o4)?;
        Some(own && searchable?)
    });
    Ok(Fact::FileFound {
        path: path.to_string_lossy().into_owned(),
        role,
        exists: metadata.is_some(),
        mode: metadata.as_ref().map(|metadata| metadata.mode() & 0o7777),
        owner: metadata
            .as_ref()
            .map(|metadata| (metadata.uid(), metadata.gid())),
        reader: reader.name.clone(),
        readable,
    })
}

/// When the file behind this path, or its permissions, last changed.
pub(super) fn changed(root: &Path, path: &Path) -> Option<i64> {
    match resolve(root, path, &Reader::root()).found {
        Found::There { metadata, .. } => Some(metadata.ctime().max(metadata.mtime())),
        Found::Missing | Found::Closed(_) => None,
    }
}

/// The path behind its links.
pub(super) fn behind_links(root: &Path, path: &Path) -> PathBuf {
    resolve(root, path, &Reader::root()).path
}

#[derive(Debug)]
enum Found {
    There {
        metadata: fs::Metadata,
        here: PathBuf,
    },
    Missing,
    /// We may not look.
    Closed(String),
}

#[derive(Debug)]
struct Resolved {
    path: PathBuf,
    found: Found,
    /// The reader may pass every folder on the way; `None` when that cannot be told.
    searchable: Option<bool>,
}

/// Follows links inside the root, folder by folder, and notes whether the reader may pass.
fn resolve(root: &Path, path: &Path, reader: &Reader) -> Resolved {
    let mut done = PathBuf::from("/");
    let mut to_do: Vec<String> = parts(path);
    to_do.reverse();
    let mut searchable = Some(true);
    let mut links = 0;
    let looked = |path: &Path| match fs::symlink_metadata(under(root, path)) {
        Ok(metadata) => Found::There {
            metadata,
            here: under(root, path),
        },
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Found::Missing
        }
        Err(error) => Found::Closed(format!("cannot look at {}: {error}", path.display())),
    };
    while let Some(part) = to_do.pop() {
        if part == ".." {
            done.pop();
            continue;
        }
        match looked(&done) {
            Found::There { metadata, here } => {
                searchable = match (searchable, allowed(&here, &metadata, reader, 0o1)) {
                    (Some(before), Some(after)) => Some(before && after),
                    _ => None,
                };
            }
            found => {
                return Resolved {
                    path: done.join(part),
                    found,
                    searchable,
                };
            }
        }
        let next = done.join(&part);
        match fs::read_link(under(root, &next)) {
            Ok(target) if links < MOST_LINKS => {
                links += 1;
                if target.is_absolute() {
                    done = PathBuf::from("/");
                }
                to_do.extend(parts(&target).into_iter().rev());
            }
            _ => done = next,
        }
    }
    Resolved {
        found: looked(&done),
        path: done,
        searchable,
    }
}

fn parts(path: &Path) -> Vec<String> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            Component::ParentDir => Some("..".to_owned()),
            _ => None,
        })
        .collect()
}

/// Permission bits and access lists let the reader do it (acl(5), access check algorithm).
fn allowed(here: &Path, metadata: &fs::Metadata, reader: &Reader, bit: u32) -> Option<bool> {
    let (user, groups) = reader.numbers.as_ref()?;
    if reader.overrides {
        return Some(true);
    }
    let mode = metadata.mode();
    let list = match xattr::get(here, "system.posix_acl_access") {
        Ok(Some(bytes)) => entries(&bytes)?,
        // No list, or a file system without any.
        Ok(None) => Vec::new(),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return None,
        Err(_) => Vec::new(),
    };
    let granted = |bits: u32| bits & bit != 0;
    if metadata.uid() == *user {
        return Some(granted(mode >> 6));
    }
    if list.is_empty() {
        return Some(granted(if groups.contains(&metadata.gid()) {
            mode >> 3
        } else {
            mode
        }));
    }
    let mask = list
        .iter()
        .find(|entry| entry.tag == MASK)
        .map_or(0o7, |entry| entry.bits);
    if let Some(named) = list
        .iter()
        .find(|entry| entry.tag == USER && entry.number == *user)
    {
        return Some(granted(named.bits & mask));
    }
    let mut ours = list
        .iter()
        .filter(|entry| match entry.tag {
            GROUP_OBJECT => groups.contains(&metadata.gid()),
            GROUP => groups.contains(&entry.number),
            _ => false,
        })
        .peekable();
    if ours.peek().is_some() {
        return Some(ours.any(|entry| granted(entry.bits & mask)));
    }
    Some(granted(mode))
}

const USER: u16 = 0x02;
const GROUP_OBJECT: u16 = 0x04;
const GROUP: u16 = 0x08;
const MASK: u16 = 0x10;

/// An entry of an access list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    tag: u16,
    bits: u32,
    number: u32,
}

/// An access list as the kernel hands it out: a version, then tag, bits and number of each entry.
fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    const VERSION: [u8; 4] = [2, 0, 0, 0];
    let rest = bytes.strip_prefix(&VERSION)?;
    rest.chunks(8)
        .map(|entry| match entry {
            [t0, t1, b0, b1, n0, n1, n2, n3] => Some(Entry {
                tag: u16::from_le_bytes([*t0, *t1]),
                bits: u32::from(u16::from_le_bytes([*b0, *b1])),
                number: u32::from_le_bytes([*n0, *n1, *n2, *n3]),
            }),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_lists_are_read() {
        // getfacl: user::rw-, user:1000:r--, group::---, mask::r--, other::---
        let bytes = [
            2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 0xE8, 3, 0, 0, 4, 0, 0, 0, 255,
            255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
        ];
        let list = entries(&bytes).unwrap();
        assert_eq!(list.len(), 5);
        assert_eq!(
            list[1],
            Entry {
                tag: USER,
                bits: 4,
                number: 1000
            }
        );
        assert_eq!(entries(&bytes[..7]), None, "cut off");
        assert_eq!(entries(&[3, 0, 0, 0]), None, "another version");
    }

    #[test]
    fn an_access_list_grants_what_the_bits_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        fs::write(&file, "").unwrap();
        // The number 4000000 is nobody's here.
        let list = [
            2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 0x00, 0x09, 0x3D, 0, 4, 0, 0,
            0, 255, 255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255,
            255,
        ];
        let reader = Reader {
            name: "xrdp".to_owned(),
            numbers: Some((4_000_000, vec![4_000_000])),
            overrides: false,
        };
        let readable = |mode| {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            allowed(&file, &fs::metadata(&file).unwrap(), &reader, 0o4)
        };
        assert_eq!(readable(0o600), Some(false));
        match xattr::set(&file, "system.posix_acl_access", &list) {
            Ok(()) => {
                assert_eq!(
                    allowed(&file, &fs::metadata(&file).unwrap(), &reader, 0o4),
                    Some(true)
                );
                assert_eq!(readable(0o600), Some(false), "its mask was closed by chmod");
            }
            // A file system without access lists decides by bits alone, as was shown.
            Err(error) => assert_eq!(error.raw_os_error(), Some(95), "{error}"),
        }
    }
}
