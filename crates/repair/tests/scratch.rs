//! A scratch folder with the files of a small server, and a picture of everything in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use model::UnixSeconds;
use model::plan::{Action, Key, Plan, PlannedStep, Step, Value};
use repair::{Armed, Carried, Error, Hands, Left, Looked, Machine, Services, Shelf};

pub const INI: &str = "; kept as it is\r\n[Globals]\r\nport = 3389\r\n#security_layer=rdp\r\nsecurity_layer=negotiate\r\n\r\n[Logging]\r\nLogLevel=INFO";

pub struct Scratch {
    pub folder: tempfile::TempDir,
    pub shelf: Shelf,
}

/// Content, mode, owner and attributes of every file, and the targets of links.
pub type Picture = BTreeMap<String, (Vec<u8>, Value, Value, Vec<(String, Vec<u8>)>)>;

impl Scratch {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("etc")).unwrap();
        fs::write(at("etc/xrdp.ini"), INI).unwrap();
        fs::write(at("etc/key.pem"), b"old key").unwrap();
        fs::write(at("etc/cert.pem"), b"old certificate").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt as _, symlink};
            fs::set_permissions(at("etc/key.pem"), fs::Permissions::from_mode(0o600)).unwrap();
            fs::set_permissions(at("etc/xrdp.ini"), fs::Permissions::from_mode(0o664)).unwrap();
            symlink("cert.pem", at("etc/link.pem")).unwrap();
            // Not every file system has attributes; where they are, they must survive.
            let _ = xattr::set(at("etc/xrdp.ini"), "user.note", b"mine");
        }
        let shelf = Shelf::open(&at("journals")).unwrap();
        Self { folder, shelf }
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    pub fn picture(&self) -> Picture {
        let etc = self.folder.path().join("etc");
        fs::read_dir(&etc)
            .unwrap()
            .map(|item| {
                let path = item.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                let key = path.to_string_lossy().into_owned();
                // Windows keeps neither bits nor numbers of owners.
                let read = |key| {
                    let read = machine().read(&key);
                    if cfg!(unix) {
                        read.unwrap()
                    } else {
                        Value::Absent
                    }
                };
                (
                    name,
                    (
                        fs::read(&path).unwrap(),
                        read(Key::Mode { file: key.clone() }),
                        read(Key::Owner { file: key }),
                        attributes(&path),
                    ),
                )
            })
            .collect()
    }

    /// A plan with every kind of step, two of them on one file.
    pub fn plan(&self, id: &str) -> Plan {
        let ini = |key: &str, to: &str| Step::Set {
            key: Key::Ini {
                file: self.path("etc/xrdp.ini"),
                section: "Globals".into(),
                key: key.into(),
            },
            to: Value::Text(to.into()),
        };
        let content = |name: &str, bytes: &[u8]| Step::Set {
            key: Key::Content {
                file: self.path(name),
            },
            to: Value::Content(model::Bytes(bytes.to_vec())),
        };
        let steps = vec![
            ini("security_layer", "tls"),
            ini("key_file", "/etc/new.pem"),
            content("etc/new.pem", b"new key"),
            content("etc/link.pem", b"new certificate"),
            #[cfg(unix)]
            Step::Set {
                key: Key::Mode {
                    file: self.path("etc/key.pem"),
                },
                to: Value::Mode(0o640),
            },
            Step::Act(Action::RestartService {
                service: "xrdp".into(),
            }),
        ];
        let steps = steps
            .into_iter()
            .map(|step| PlannedStep::new(step, "a test"))
            .collect();
        Plan::new(id, "secure.key-unreadable", UnixSeconds(0), steps)
    }
}

/// This machine with services that are always there and do nothing.
pub fn machine() -> Machine {
    let command: &[&str] = if cfg!(windows) {
        &["cmd", "/c", "rem"]
    } else {
        &["true"]
    };
    Machine::with(Services::Command(
        command.iter().map(|word| (*word).to_owned()).collect(),
    ))
}

fn attributes(path: &Path) -> Vec<(String, Vec<u8>)> {
    #[cfg(unix)]
    {
        let mut all: Vec<_> = xattr::list(path)
            .map(|names| {
                names
                    .map(|name| {
                        let value = xattr::get(path, &name).ok().flatten().unwrap_or_default();
                        (name.to_string_lossy().into_owned(), value)
                    })
                    .collect()
            })
            .unwrap_or_default();
        all.sort();
        all
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Vec::new()
    }
}

/// How the caller's part goes.
pub struct Course {
    /// The cord is pulled when this many changes have been announced.
    pub cord_after: usize,
    /// The look afterwards finds the cause gone.
    pub mended: bool,
    /// It cannot be told from here.
    pub elsewhere: bool,
    /// A process stands by.
    pub armed: Option<Armed>,
    /// The run is interrupted, as by Ctrl-C, when this many changes have been announced.
    pub interrupted_after: usize,
    /// Actions fail.
    pub action_fails: bool,
    /// Changes announced so far.
    pub announced: usize,
    /// Services restarted so far.
    pub restarts: usize,
}

impl Course {
    pub fn undisturbed() -> Self {
        Self {
            cord_after: usize::MAX,
            mended: true,
            elsewhere: false,
            armed: None,
            interrupted_after: usize::MAX,
            action_fails: false,
            announced: 0,
            restarts: 0,
        }
    }

    fn with<T>(&mut self, run: impl FnOnce(&mut Hands<'_>) -> T) -> T {
        let (mut announced, mut restarts) = (self.announced, self.restarts);
        let (cord_after, fails, armed) = (self.cord_after, self.action_fails, self.armed);
        let interrupted_after = self.interrupted_after;
        let looked = match (self.elsewhere, self.mended) {
            (true, _) => Looked::ElsewhereToTell,
            (false, true) => Looked::Mended,
            (false, false) => Looked::NotMended,
        };
        let outcome = run(&mut Hands {
            machine: &machine(),
            ours: &|_| Ok(()),
            arm: &mut || Ok(armed),
            act: &mut |_, _| {
                restarts += 1;
                if fails {
                    Err(Error::Action {
                        doing: "restart".into(),
                        says: "no".into(),
                    })
                } else {
                    Ok(())
                }
            },
            verify: &mut || looked,
            cord: &mut || {
                announced += 1;
                if announced > cord_after {
                    Err(Error::Stopped)
                } else if announced == interrupted_after {
                    Err(Error::Interrupted)
                } else {
                    Ok(())
                }
            },
            now: &mut || UnixSeconds(1),
        });
        (self.announced, self.restarts) = (announced, restarts);
        outcome
    }

    pub fn carry_out(&mut self, shelf: &Shelf, plan: &Plan) -> Result<Carried, Error> {
        self.with(|hands| repair::carry_out(shelf, plan, hands))
    }

    pub fn finish(&mut self, shelf: &Shelf, id: &str) -> Result<Carried, Error> {
        self.with(|hands| repair::finish(shelf, id, hands))
    }

    pub fn undo(&mut self, shelf: &Shelf, id: &str) -> Result<Vec<Left>, Error> {
        self.with(|hands| repair::undo(shelf, id, hands))
    }
}
