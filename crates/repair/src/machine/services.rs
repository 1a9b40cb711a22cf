//! Services: who starts and stops them differs from machine to machine.

use std::path::Path;

use model::plan::Start;

use super::tool;
#[cfg(windows)]
use super::windows;
use crate::error::Error;

/// Who looks after the services of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Services {
    /// systemd, as process 1.
    Systemd,
    /// OpenRC.
    OpenRc,
    /// Scripts in `/etc/init.d`, as in containers.
    Scripts,
    /// The service manager of Windows.
    #[cfg(windows)]
    Windows,
    /// Somebody else: a command that is called with an action (`start`, `stop`, `restart`, `status`) and the
    /// name of the service, as `supervisorctl` is, and whose `status` ends with 0 when the service runs and
    /// with 3 when it does not, as LSB demands of scripts.
    Command(Vec<String>),
}

impl Services {
    /// Who looks after the services here.
    pub fn here() -> Self {
        #[cfg(windows)]
        return Self::Windows;
        #[cfg(not(windows))]
        if Path::new("/run/systemd/system").is_dir() {
            Self::Systemd
        } else if Path::new("/run/openrc/softlevel").exists() {
            Self::OpenRc
        } else {
            Self::Scripts
        }
    }

    /// Fails when the name cannot be that of a service, or nobody knows it.
    pub fn knows(&self, service: &str) -> Result<(), Error> {
        self.runs(service).map(drop)
    }

    /// The service runs.
    pub fn runs(&self, service: &str) -> Result<bool, Error> {
        let doing = format!("ask whether {service} runs");
        let name = fit(service, &doing)?;
        #[cfg(windows)]
        if *self == Self::Windows {
            return windows::runs(name);
        }
        if *self == Self::Systemd {
            // A unit nobody knows is inactive too, so its file is asked for first.
            let shown = tool::run(
                "systemctl",
                &["show", "--property=LoadState,ActiveState", "--", name],
                &doing,
            )?;
            let says = |line: &str| shown.lines().any(|shown| shown.trim() == line);
            if says("LoadState=not-found") {
                return Err(unknown(service));
            }
            return Ok(says("ActiveState=active") || says("ActiveState=reloading"));
        }
        let said = self.call("status", name, &doing)?;
        match said.status.code() {
            Some(0) => Ok(true),
            // 1 and 2: dead, and something of it is left over.
            Some(1..=3) => Ok(false),
            _ => Err(unknown(service)),
        }
    }

    /// Starts or stops the service.
    pub fn run(&self, service: &str, on: bool) -> Result<(), Error> {
        if self.runs(service)? == on {
            return Ok(());
        }
        self.order(if on { "start" } else { "stop" }, service)
    }

    /// Restarts the service, so that it reads its settings.
    pub fn restart(&self, service: &str) -> Result<(), Error> {
        self.order("restart", service)
    }

    fn order(&self, action: &str, service: &str) -> Result<(), Error> {
        let doing = format!("{action} {service}");
        let name = fit(service, &doing)?;
        #[cfg(windows)]
        if *self == Self::Windows {
            return match action {
                "restart" => windows::restart(name),
                action => windows::run(name, action == "start"),
            };
        }
        let said = self.call(action, name, &doing)?;
        if said.status.success() {
            return Ok(());
        }
        let text = if said.err.trim().is_empty() {
            said.out
        } else {
            said.err
        };
        Err(Error::Action {
            doing,
            says: match text.trim() {
                "" => format!("it ended with {}", said.status),
                text => text.replace('\n', "; "),
            },
        })
    }

    fn call(&self, action: &str, name: &str, doing: &str) -> Result<tool::Said, Error> {
        match self {
            Self::Systemd => tool::ask("systemctl", &[action, "--", name], doing),
            Self::OpenRc => tool::ask("rc-service", &[name, action], doing),
            Self::Scripts => {
                let script = format!("/etc/init.d/{name}");
                if !Path::new(&script).exists() {
                    return Err(unknown(name));
                }
                if tool::installed("service") {
                    tool::ask("service", &[name, action], doing)
                } else {
                    tool::ask(&script, &[action], doing)
                }
            }
            #[cfg(windows)]
            Self::Windows => Err(elsewhere(doing.to_owned())),
            Self::Command(words) => {
                let mut words = words.iter().map(String::as_str);
                let program = words.next().unwrap_or_default();
                let arguments: Vec<&str> = words.chain([action, name]).collect();
                tool::ask(program, &arguments, doing)
            }
        }
    }

    /// How the service starts.
    pub fn start(&self, service: &str) -> Result<Start, Error> {
        let doing = format!("ask how {service} starts");
        let name = fit(service, &doing)?;
        match self {
            Self::Systemd => {
                let said = tool::ask("systemctl", &["is-enabled", "--", name], &doing)?;
                match said.out.trim() {
                    "enabled" => Ok(Start::Automatic),
                    "disabled" => Ok(Start::Manual),
                    "masked" => Ok(Start::Disabled),
                    "" => Err(unknown(service)),
                    other => Err(Error::Action {
                        doing,
                        says: format!("systemd calls it {other}, which is not changed here"),
                    }),
                }
            }
            Self::OpenRc => {
                let shown = tool::run("rc-update", &["show", "default"], &doing)?;
                let there = shown
                    .lines()
                    .any(|line| line.split('|').next().unwrap_or_default().trim() == name);
                Ok(if there {
                    Start::Automatic
                } else {
                    Start::Manual
                })
            }
            Self::Scripts => {
                let script = format!("/etc/init.d/{name}");
                if !Path::new(&script).exists() {
                    return Err(unknown(service));
                }
                Ok(if starts_by_link(name) {
                    Start::Automatic
                } else {
                    Start::Manual
                })
            }
            #[cfg(windows)]
            Self::Windows => windows::start(name),
            Self::Command(_) => Err(elsewhere(doing)),
        }
    }

    /// Changes how the service starts.
    pub fn set_start(&self, service: &str, start: Start) -> Result<(), Error> {
        let doing = format!("change how {service} starts");
        let name = fit(service, &doing)?;
        let was = self.start(service)?;
        if was == start {
            return Ok(());
        }
        match (self, start) {
            (Self::Systemd, Start::Automatic | Start::Delayed | Start::Manual) => {
                if was == Start::Disabled {
                    tool::run("systemctl", &["unmask", "--", name], &doing)?;
                }
                let action = if start == Start::Manual {
                    "disable"
                } else {
                    "enable"
                };
                tool::run("systemctl", &[action, "--", name], &doing).map(drop)
            }
            (Self::Systemd, Start::Disabled) => {
                tool::run("systemctl", &["mask", "--", name], &doing).map(drop)
            }
            (Self::OpenRc, Start::Automatic | Start::Delayed) => {
                tool::run("rc-update", &["add", name, "default"], &doing).map(drop)
            }
            (Self::OpenRc, Start::Manual | Start::Disabled) => {
                tool::run("rc-update", &["del", name, "default"], &doing).map(drop)
            }
            (Self::Scripts, Start::Automatic | Start::Delayed) => {
                tool::run("update-rc.d", &[name, "enable"], &doing).map(drop)
            }
            (Self::Scripts, Start::Manual | Start::Disabled) => {
                tool::run("update-rc.d", &[name, "disable"], &doing).map(drop)
            }
            #[cfg(windows)]
            (Self::Windows, start) => windows::set_start(name, start),
            (Self::Command(_), _) => Err(elsewhere(doing)),
        }
    }
}

/// A link in a folder of a run level starts the script.
fn starts_by_link(name: &str) -> bool {
    (2..=5).any(|level| {
        std::fs::read_dir(format!("/etc/rc{level}.d"))
            .into_iter()
            .flatten()
            .flatten()
            .any(|link| {
                let link = link.file_name().to_string_lossy().into_owned();
                link.strip_prefix('S').is_some_and(|rest| {
                    rest.trim_start_matches(|c: char| c.is_ascii_digit()) == name
                })
            })
    })
}

/// The name, when it can be that of a service and nothing else.
fn fit<'s>(service: &'s str, doing: &str) -> Result<&'s str, Error> {
    let fit = !service.is_empty()
        && !service.starts_with(['-', '.'])
        && service
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.@:".contains(c));
    if fit {
        Ok(service)
    } else {
        Err(Error::Action {
            doing: doing.to_owned(),
            says: "that is no name of a service".to_owned(),
        })
    }
}

fn unknown(service: &str) -> Error {
    Error::NoSuchService {
        service: service.to_owned(),
    }
}

fn elsewhere(doing: String) -> Error {
    Error::Action {
        doing,
        says: "the given service command cannot tell or change that".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_options_or_paths_are_refused() {
        for name in ["", "-x", "../x", "a b", "a;b", "a/b"] {
            assert!(fit(name, "").is_err(), "{name}");
        }
        assert!(fit("user@1000.service", "").is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn the_status_of_a_command_is_read_as_lsb_says() {
        let asked = |script: &str| {
            Services::Command(vec!["sh".into(), "-c".into(), script.into(), "sh".into()]).runs("x")
        };
        assert!(matches!(asked("exit 0"), Ok(true)));
        assert!(matches!(asked("exit 3"), Ok(false)));
        assert!(matches!(asked("exit 4"), Err(Error::NoSuchService { .. })));
        assert!(matches!(asked("test $1$2 = statusx"), Ok(true)));
    }
}
