//! This machine: where values stand and actions happen.

mod files;
mod link;
mod members;
mod packets;
mod pair;
mod rdpfile;
mod services;
mod tool;
#[cfg(windows)]
pub(crate) mod windows;

use std::path::{Path, PathBuf};

use model::Bytes;
use model::plan::{Action, Condition, Key, Plan, PlannedStep, Step, System, Value};

use crate::error::Error;

pub use services::Services;

/// This machine, and who looks after its services.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Who starts and stops services.
    pub services: Services,
    /// Where the files of accounts are: `/etc`.
    pub accounts: PathBuf,
}

/// In which direction a plan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is carried out.
    Forth,
    /// It is taken back.
    Back,
}

impl Machine {
    /// This machine as it runs.
    pub fn here() -> Self {
        Self::with(Services::here())
    }

    /// This machine, with its services in these hands.
    pub fn with(services: Services) -> Self {
        Self {
            services,
            accounts: PathBuf::from("/etc"),
        }
    }

    /// Reads the value at a key.
    pub fn read(&self, key: &Key) -> Result<Value, Error> {
        #[cfg(windows)]
        if let Some(value) = windows::read(key)? {
            return Ok(value);
        }
        match key {
            Key::Ini { file, section, key } => files::ini_value(Path::new(file), section, key),
            Key::RdpFile { file, name } => rdpfile::value(Path::new(file), name),
            Key::Content { file } => Ok(files::content(Path::new(file))?
                .map_or(Value::Absent, |bytes| Value::Content(Bytes(bytes)))),
            Key::Mode { file } => files::mode(Path::new(file)),
            Key::Owner { file } => files::owner(Path::new(file)),
            Key::KeyPair { certificate, key } => pair::read(Path::new(certificate), Path::new(key)),
            Key::ServiceState { service } => self.services.runs(service).map(Value::Switch),
            Key::ServiceStart { service } => self.services.start(service).map(Value::Start),
            Key::Member { user, group } => {
                members::is_member(&self.accounts, user, group).map(Value::Switch)
            }
            Key::PacketRule { filter, rule } => packets::stands(*filter, *rule).map(Value::Switch),
            Key::Mtu { interface } => link::mtu(interface).map(Value::Number),
            _ => Err(not_here(key)),
        }
    }

    /// Makes a value stand at a key. Either all of it happens or nothing.
    pub fn write(&self, key: &Key, to: &Value) -> Result<(), Error> {
        if !key.takes(to) {
            return Err(Error::Misfit { key: named(key) });
        }
        #[cfg(windows)]
        if windows::write(key, to)? {
            return Ok(());
        }
        match (key, to) {
            (Key::Ini { file, section, key }, to) => {
                files::set_ini_value(Path::new(file), section, key, line(to))
            }
            (Key::RdpFile { file, name }, to) => rdpfile::set(Path::new(file), name, line(to)),
            (Key::Content { file }, Value::Content(bytes)) => {
                files::replace(Path::new(file), &bytes.0)
            }
            (Key::Content { file }, Value::Absent) => files::remove(Path::new(file)),
            (Key::Mode { file }, Value::Mode(mode)) => files::set_mode(Path::new(file), *mode),
            (Key::Owner { file }, Value::Owner { user, group }) => {
                files::set_owner(Path::new(file), *user, *group)
            }
            (Key::Owner { file }, to @ Value::OwnerNamed { .. }) => {
                match self.numbered(Path::new(file), to)? {
                    Value::Owner { user, group } => files::set_owner(Path::new(file), user, group),
                    _ => Err(Error::Misfit { key: named(key) }),
                }
            }
            (Key::KeyPair { certificate, key }, to) => {
                pair::write(Path::new(certificate), Path::new(key), to)
            }
            (Key::ServiceState { service }, Value::Switch(on)) => self.services.run(service, *on),
            (Key::ServiceStart { service }, Value::Start(start)) => {
                self.services.set_start(service, *start)
            }
            (Key::Member { user, group }, Value::Switch(on)) => {
                members::set(&self.accounts, user, group, *on)
            }
            (Key::PacketRule { filter, rule }, Value::Switch(on)) => {
                packets::set(*filter, *rule, *on)
            }
            (Key::Mtu { interface }, Value::Number(mtu)) => link::set_mtu(interface, *mtu),
            _ => Err(not_here(key)),
        }
    }

    /// An owner by number, when it is given by name; who is not named stays.
    pub(crate) fn numbered(&self, file: &Path, value: &Value) -> Result<Value, Error> {
        let Value::OwnerNamed { user, group } = value else {
            return Ok(value.clone());
        };
        let Value::Owner {
            user: own,
            group: its,
        } = files::owner(file)?
        else {
            return Ok(value.clone());
        };
        let number = |name: &Option<String>, kind, usual| match name {
            Some(name) => members::number(&self.accounts, kind, name),
            None => Ok(usual),
        };
        Ok(Value::Owner {
            user: number(user, "passwd", own)?,
            group: number(group, "group", its)?,
        })
    }

    /// Does something that has no value to go back to. On the way back a service is restarted only when it
    /// runs, so that one that was stopped before stays stopped.
    pub fn act(&self, action: &Action, way: Way) -> Result<(), Error> {
        match action {
            Action::RestartService { service } => {
                if way == Way::Forth || self.services.runs(service)? {
                    self.services.restart(service)
                } else {
                    Ok(())
                }
            }
            // What these did cannot be taken back, and their entries do no harm.
            _ if way == Way::Back => Ok(()),
            // The caller has asked, or looks; there is nothing for the machine to do.
            Action::AskPerson { .. } | Action::LookAgain { .. } => Ok(()),
            #[cfg(windows)]
            other => windows::act(other),
            #[cfg(not(windows))]
            Action::Unban { jail, address } => tool::run(
                "fail2ban-client",
                &["set", jail, "unbanip", address],
                &format!("lift the ban of {address}"),
            )
            .map(drop),
            #[cfg(not(windows))]
            Action::ForgetNames => {
                tool::run("resolvectl", &["flush-caches"], "forget old names").map(drop)
            }
            #[cfg(not(windows))]
            Action::LogOff { session } => tool::run(
                "loginctl",
                &["terminate-session", &session.to_string()],
                &format!("end session {session}"),
            )
            .map(drop),
            #[cfg(not(windows))]
            Action::RefreshPolicy
            | Action::RegisterNames
            | Action::SyncClock
            | Action::ForgetCredential { .. } => Err(Error::NotHere {
                what: format!("{action:?}"),
            }),
        }
    }

    /// The plan with what only this machine can tell filled in: the interface that leads somewhere, the numbers
    /// of users and groups whose names it gives. An undo then finds the same things again.
    pub fn pinned(&self, plan: &Plan) -> Result<Plan, Error> {
        let mut plan = plan.clone();
        for planned in &mut plan.steps {
            if let Step::Set {
                key: Key::Mtu { interface },
                ..
            } = &mut planned.step
                && planned.system != Some(System::Windows)
                && (interface == "default" || interface.starts_with("to:"))
            {
                *interface = link::named(interface)?;
            }
        }
        Ok(plan)
    }

    /// A condition holds.
    pub fn holds(&self, condition: &Condition) -> Result<bool, Error> {
        Ok(match condition {
            Condition::Present(key) => present(&self.read(key)?),
            Condition::Missing(key) => !present(&self.read(key)?),
            Condition::Is { key, value } => self.read(key)? == *value,
        })
    }

    /// Finds out whether a step can be made here, without making it.
    pub fn can(&self, step: &PlannedStep) -> Result<(), Error> {
        match &step.step {
            Step::Set { key, to } => {
                if !key.takes(to) {
                    return Err(Error::Misfit { key: named(key) });
                }
                match (key, self.read(key)) {
                    // An earlier step may make the file.
                    (Key::Mode { .. } | Key::Owner { .. }, Err(Error::File { source, .. }))
                        if source.kind() == std::io::ErrorKind::NotFound =>
                    {
                        Ok(())
                    }
                    (_, read) => read.map(drop),
                }
            }
            Step::Act(Action::RestartService { service }) => self.services.knows(service),
            #[cfg(not(windows))]
            Step::Act(
                action @ (Action::RefreshPolicy
                | Action::RegisterNames
                | Action::SyncClock
                | Action::ForgetCredential { .. }),
            ) => Err(Error::NotHere {
                what: format!("{action:?}"),
            }),
            #[cfg(windows)]
            Step::Act(action @ Action::Unban { .. }) => Err(Error::NotHere {
                what: format!("{action:?}"),
            }),
            Step::Act(_) => Ok(()),
        }
    }

    /// What is needed beside the old value to put a key back to the letter: the content of the file in which the
    /// value is a part; of a key of the registry that is not there, the nearest one above that is.
    pub(crate) fn image(&self, key: &Key) -> Result<Option<Bytes>, Error> {
        match key {
            Key::Ini { file, .. } | Key::Content { file } | Key::RdpFile { file, .. } => {
                Ok(files::content(Path::new(file))?.map(Bytes))
            }
            #[cfg(windows)]
            key => windows::ground(key),
            #[cfg(not(windows))]
            _ => Ok(None),
        }
    }

    /// The content that the file of a key has after a change, when nobody else had a hand in it.
    pub(crate) fn image_after(
        &self,
        key: &Key,
        before: Option<&Bytes>,
        to: &Value,
    ) -> Option<Bytes> {
        match key {
            Key::Ini { section, key, .. } => {
                let text = before.map_or(Some(""), |bytes| std::str::from_utf8(&bytes.0).ok())?;
                Some(Bytes(
                    crate::ini::with_value(text, section, key, line(to)).into_bytes(),
                ))
            }
            Key::RdpFile { name, .. } => {
                let bytes = before.map_or(&[][..], |bytes| &bytes.0);
                rdpfile::with_value(bytes, name, line(to)).map(Bytes)
            }
            _ => match to {
                Value::Content(bytes) => Some(bytes.clone()),
                _ => None,
            },
        }
    }

    /// Removes what was made to hold a value that is gone again, when nothing else is in it.
    pub(crate) fn clear_ground(&self, key: &Key, before: Option<&Bytes>) -> Result<(), Error> {
        #[cfg(windows)]
        windows::clear(key, before)?;
        #[cfg(not(windows))]
        let _ = (key, before);
        Ok(())
    }

    /// Removes what a run left behind that died while writing the next content of a file.
    pub(crate) fn clear_drafts(&self, key: &Key) -> Result<(), Error> {
        match key {
            Key::KeyPair { certificate, key } => {
                files::clear_draft(Path::new(certificate))?;
                files::clear_draft(Path::new(key))
            }
            Key::Member { .. } => members::clear_drafts(&self.accounts),
            _ => key
                .file()
                .map_or(Ok(()), |file| files::clear_draft(Path::new(file))),
        }
    }
}

fn present(value: &Value) -> bool {
    match value {
        Value::Absent => false,
        Value::KeyPair { certificate, key } => certificate.is_some() || key.is_some(),
        _ => true,
    }
}

fn line(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn not_here(key: &Key) -> Error {
    Error::NotHere { what: named(key) }
}

/// A key in words that fit into a message.
pub(crate) fn named(key: &Key) -> String {
    match key {
        Key::Ini { file, section, key } => format!("{key} in [{section}] of {file}"),
        Key::RdpFile { file, name } => format!("{name} in {file}"),
        Key::Mtu { interface } => format!("the MTU of {interface}"),
        Key::Registry { hive, path, name } | Key::Policy { hive, path, name } => {
            format!("{name} in {}\\{path}", hive.short())
        }
        Key::RegistryTree { hive, path } => format!("{}\\{path}", hive.short()),
        Key::CertificateBinding { listener } => format!("the certificate of {listener}"),
        Key::FirewallRule { rule } | Key::FirewallPort { rule, .. } => {
            format!("the firewall's rule {rule}")
        }
        Key::FirewallGroup { group } => format!("the firewall's rules of {group}"),
        Key::AccessEntry { sid, .. } => format!("what {sid} may do"),
        Key::ServiceState { service } | Key::ServiceStart { service } => {
            format!("the service {service}")
        }
        _ => key
            .file()
            .map_or_else(|| format!("{key:?}"), ToOwned::to_owned),
    }
}
