//! The journal of a plan: one JSON entry a line, on disk before the world is touched.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use model::UnixSeconds;
use model::plan::{Entry, Plan, Value};

use crate::error::{Error, file};

/// What the entries of a way back take up at most, with room to spare.
const RESERVE: usize = 64 * 1024;

/// A folder of journals.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
}

/// Holds everybody else off while a plan is carried out.
#[derive(Debug)]
pub struct Lock {
    held: File,
}

/// The file that says who is at it.
const SIGNED: &str = if cfg!(windows) { "holder" } else { "lock" };

impl Lock {
    /// Tells whoever waits who is at it.
    fn sign(&mut self, folder: &Path, doing: &str) {
        let says = format!("process {} {doing}\n", std::process::id());
        // It is a courtesy; without it the lock holds all the same. Nobody can read a file that Windows has
        // locked, so that there it stands beside it.
        let _ = if cfg!(windows) {
            fs::write(folder.join(SIGNED), says)
        } else {
            self.held
                .set_len(0)
                .and_then(|()| self.held.write_all(says.as_bytes()))
        };
    }
}

/// What a journal says about its plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The plan.
    pub plan: Plan,
    /// When it was begun.
    pub begun_at: UnixSeconds,
    /// Everything after the first line, in order.
    pub entries: Vec<Entry>,
    /// The last line was torn: the program died while writing it.
    pub torn: bool,
}

/// How a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was begun and neither kept nor taken back: the program died, or is at it.
    Open,
    /// All of it was made, and it waits for somebody to keep it.
    Held,
    /// It was carried out and verified.
    Kept,
    /// It was taken back.
    RolledBack,
}

impl Receipt {
    /// How the plan stands.
    pub fn standing(&self) -> Standing {
        self.entries
            .iter()
            .rev()
            .find_map(|entry| match entry {
                Entry::Held { .. } => Some(Standing::Held),
                Entry::Kept { .. } => Some(Standing::Kept),
                Entry::RolledBack { .. } => Some(Standing::RolledBack),
                _ => None,
            })
            .unwrap_or(Standing::Open)
    }

    /// When the plan is taken back by itself unless it is kept, by the last process that stands by.
    pub fn armed_until(&self) -> Option<UnixSeconds> {
        self.entries.iter().rev().find_map(|entry| match entry {
            Entry::Armed { until, .. } => Some(*until),
            _ => None,
        })
    }

    /// When it was last kept.
    pub fn kept_at(&self) -> Option<UnixSeconds> {
        self.entries.iter().rev().find_map(|entry| match entry {
            Entry::Kept { at } => Some(*at),
            _ => None,
        })
    }

    /// When it has to be taken back because it weakens a protection.
    pub fn expires_at(&self) -> Option<UnixSeconds> {
        let after = i64::try_from(self.plan.expires_after?).ok()?;
        Some(UnixSeconds(self.kept_at()?.0.saturating_add(after)))
    }

    /// When the last thing happened to it, as far as the journal tells.
    pub fn last_at(&self) -> UnixSeconds {
        self.entries
            .iter()
            .rev()
            .find_map(|entry| match entry {
                Entry::Held { at } | Entry::Kept { at } | Entry::RolledBack { at } => Some(*at),
                _ => None,
            })
            .unwrap_or(self.begun_at)
    }

    /// What came to stand at the key of a step, when only carrying it out could tell.
    pub fn made(&self, step: usize) -> Option<&Value> {
        self.entries.iter().rev().find_map(|entry| match entry {
            Entry::Done { step: done, made } if *done == step => made.as_ref(),
            _ => None,
        })
    }

    /// The steps that were begun and not taken back, in the order in which they were begun.
    pub fn in_force(&self) -> Vec<usize> {
        let mut steps: Vec<usize> = Vec::new();
        for entry in &self.entries {
            match entry {
                Entry::About { step, .. } if !steps.contains(step) => steps.push(*step),
                Entry::Undone { step } => steps.retain(|begun| begun != step),
                _ => {}
            }
        }
        steps
    }

    /// The step was made, or passed over, and not taken back since.
    pub fn is_done(&self, step: usize) -> bool {
        self.entries
            .iter()
            .rev()
            .find_map(|entry| match entry {
                Entry::Done { step: of, .. } | Entry::Passed { step: of, .. } if *of == step => {
                    Some(true)
                }
                Entry::Undone { step: of } if *of == step => Some(false),
                _ => None,
            })
            .unwrap_or(false)
    }

    /// What is needed to take `step` back: the first entry about it, made before the world was touched.
    pub fn about(&self, step: usize) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| matches!(entry, Entry::About { step: begun, .. } if *begun == step))
    }
}

impl Shelf {
    /// The journals in `folder`, which is made when it is missing; only its owner can look inside,
    /// because journals hold the contents of key files.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(file("make", folder))?;
        // Where all users keep things, anybody may make a folder; what an undo reads must be nobody else's.
        #[cfg(windows)]
        crate::machine::windows::secure(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Holds everybody else off, or says that somebody is at it.
    pub fn lock(&self, doing: &str) -> Result<Lock, Error> {
        let path = self.folder.join("lock");
        let held = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(file("open", &path))?;
        match held.try_lock() {
            Ok(()) => {
                let mut lock = Lock { held };
                lock.sign(&self.folder, doing);
                Ok(lock)
            }
            Err(fs::TryLockError::WouldBlock) => Err(Error::Busy {
                holder: fs::read_to_string(self.folder.join(SIGNED))
                    .ok()
                    .map(|holder| holder.trim().to_owned())
                    .filter(|holder| !holder.is_empty()),
            }),
            Err(fs::TryLockError::Error(source)) => Err(Error::File {
                doing: "lock",
                path,
                source,
            }),
        }
    }

    fn path(&self, id: &str) -> Result<PathBuf, Error> {
        let fit = !id.is_empty()
            && id.len() <= 100
            && id
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            && !id.starts_with('.');
        if fit {
            Ok(self.folder.join(format!("{id}.journal")))
        } else {
            Err(Error::BadName { id: id.to_owned() })
        }
    }

    /// The names of all plans that were begun, sorted.
    pub fn list(&self) -> Result<Vec<String>, Error> {
        let mut ids = Vec::new();
        for item in fs::read_dir(&self.folder).map_err(file("list", &self.folder))? {
            let item = item.map_err(file("list", &self.folder))?;
            let name = item.file_name().to_string_lossy().into_owned();
            if let Some(id) = name.strip_suffix(".journal") {
                ids.push(id.to_owned());
            }
        }
        ids.sort();
        Ok(ids)
    }

    /// Reads the journal of a plan. A torn last line is normal: the program died while writing it.
    pub fn receipt(&self, id: &str) -> Result<Receipt, Error> {
        let path = self.path(id)?;
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::NoSuchPlan { id: id.to_owned() });
            }
            Err(source) => {
                return Err(Error::File {
                    doing: "read",
                    path,
                    source,
                });
            }
        };
        let torn = text.last().is_some_and(|byte| *byte != b'\n');
        let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        // After the last line end stands nothing, or the torn line.
        lines.pop();
        let mut entries = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let entry = serde_json::from_slice(line).map_err(|error| Error::Journal {
                path: path.clone(),
                line: index + 1,
                says: error.to_string(),
            })?;
            entries.push(entry);
        }
        let mut entries = entries.into_iter();
        match entries.next() {
            Some(Entry::Begun { plan, at }) => Ok(Receipt {
                plan,
                begun_at: at,
                entries: entries.collect(),
                torn,
            }),
            // Nothing was touched before the first line was whole.
            None => Err(Error::NoSuchPlan { id: id.to_owned() }),
            Some(_) => Err(Error::Journal {
                path,
                line: 1,
                says: "it does not begin with its plan".to_owned(),
            }),
        }
    }

    /// Opens the journal of a plan for more entries, cutting off a torn last line.
    pub(crate) fn append(&self, id: &str) -> Result<Journal, Error> {
        let path = self.path(id)?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(source) => {
                return Err(Error::File {
                    doing: "read",
                    path,
                    source,
                });
            }
        };
        let whole = text
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let journal = options.open(&path).map_err(file("open", &path))?;
        if whole < text.len() {
            let length = u64::try_from(whole).unwrap_or(u64::MAX);
            journal.set_len(length).map_err(file("mend", &path))?;
        }
        if text.is_empty() {
            sync_folder(&self.folder)?;
        }
        Ok(Journal {
            path,
            file: journal,
        })
    }

    /// Removes a journal that holds nothing: its first line could not be written.
    pub(crate) fn forget_empty(&self, id: &str) {
        if let Ok(path) = self.path(id)
            && fs::metadata(&path).is_ok_and(|metadata| metadata.len() == 0)
        {
            // An empty journal says nothing, so that it may as well stay.
            let _ = fs::remove_file(path);
        }
    }

    /// A journal of that name exists and holds a plan.
    pub(crate) fn has(&self, id: &str) -> Result<bool, Error> {
        match self.receipt(id) {
            Ok(_) => Ok(true),
            Err(Error::NoSuchPlan { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// An open journal.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Writes an entry and waits until it is on disk.
    pub(crate) fn write(&mut self, entry: &Entry) -> Result<(), Error> {
        let mut line = serde_json::to_vec(entry).map_err(|error| Error::Journal {
            path: self.path.clone(),
            line: 0,
            says: error.to_string(),
        })?;
        line.push(b'\n');
        let end = std::io::Seek::seek(&mut self.file, std::io::SeekFrom::End(0))
            .map_err(file("write", &self.path))?;
        self.file
            .write_all(&line)
            .and_then(|()| self.file.sync_data())
            .map_err(|source| {
                // Half a line must not stand before a whole one.
                let _ = self.file.set_len(end);
                Error::File {
                    doing: "write",
                    path: self.path.clone(),
                    source,
                }
            })
    }

    /// Takes up room for the entries of a way back, which must not fail because the disk is full.
    pub(crate) fn reserve(&self) -> Result<(), Error> {
        let path = self.reserve_path();
        // Windows saves only what was opened for writing.
        File::create(&path)
            .and_then(|mut room| {
                room.write_all(&vec![0_u8; RESERVE])?;
                room.sync_all()
            })
            .map_err(|source| {
                let _ = fs::remove_file(&path);
                Error::File {
                    doing: "keep room beside",
                    path: self.path.clone(),
                    source,
                }
            })
    }

    /// Gives the room free again.
    pub(crate) fn release(&self) {
        // Without it there is nothing to give free.
        let _ = fs::remove_file(self.reserve_path());
    }

    fn reserve_path(&self) -> PathBuf {
        self.path.with_extension("reserve")
    }
}

/// Makes sure that the names in a folder are on disk.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(file("save", folder))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
