//! The journal of a plan: one JSON entry a line, on disk before the world is touched.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use model::plan::{Entry, Plan};

use crate::error::{Error, file};

/// A folder of journals.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
}

/// Holds everybody else off while a plan is carried out.
#[derive(Debug)]
pub struct Lock {
    _held: File,
}

/// What a journal says about its plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The plan.
    pub plan: Plan,
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
                Entry::Kept { .. } => Some(Standing::Kept),
                Entry::RolledBack { .. } => Some(Standing::RolledBack),
                _ => None,
            })
            .unwrap_or(Standing::Open)
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
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// Holds everybody else off, or says that somebody is at it.
    pub fn lock(&self) -> Result<Lock, Error> {
        let path = self.folder.join("lock");
        let held = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(file("open", &path))?;
        match held.try_lock() {
            Ok(()) => Ok(Lock { _held: held }),
            Err(fs::TryLockError::WouldBlock) => Err(Error::Busy),
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
            Some(Entry::Begun { plan, .. }) => Ok(Receipt {
                plan,
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
        std::io::Seek::seek(&mut self.file, std::io::SeekFrom::End(0))
            .and_then(|_| self.file.write_all(&line))
            .and_then(|()| self.file.sync_data())
            .map_err(file("write", &self.path))
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
