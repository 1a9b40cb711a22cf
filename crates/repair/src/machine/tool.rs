//! Programs of the system: run without a shell, in plain English, for a bounded time.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::error::Error;

/// How long a program of the system may take: stopping a service alone may take a minute and a half.
const PATIENCE: Duration = Duration::from_secs(120);
/// How much of what it says is read.
const MOST_SAID: u64 = 4 * 1024 * 1024;

/// What a program said and how it ended.
#[derive(Debug)]
pub(super) struct Said {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to stdout.
    pub out: String,
    /// What it wrote to stderr.
    pub err: String,
}

/// Runs a program to its end; success alone counts.
pub(super) fn run(program: &str, arguments: &[&str], doing: &str) -> Result<String, Error> {
    let said = ask(program, arguments, doing)?;
    if said.status.success() {
        return Ok(said.out);
    }
    let says = match (said.err.trim(), said.out.trim()) {
        ("", "") => format!("{program} ended with {}", said.status),
        ("", out) => last_lines(out),
        (err, _) => last_lines(err),
    };
    Err(Error::Action {
        doing: doing.to_owned(),
        says,
    })
}

/// Runs a program to its end, however it ends.
pub(super) fn ask(program: &str, arguments: &[&str], doing: &str) -> Result<Said, Error> {
    let failed = |says: String| Error::Action {
        doing: doing.to_owned(),
        says,
    };
    let broken = |error: std::io::Error| failed(format!("{program}: {error}"));
    // Into files, not pipes: a service that is started may keep them open, and must not die of a closed pipe.
    let mut out = tempfile::tempfile().map_err(broken)?;
    let mut err = tempfile::tempfile().map_err(broken)?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("LC_ALL", "C")
        .env("PATH", search_path())
        .stdin(Stdio::null())
        .stdout(out.try_clone().map_err(broken)?)
        .stderr(err.try_clone().map_err(broken)?);
    // Ctrl-C is ours to answer: what was begun is taken back, not cut off in the middle.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            failed(format!("{program} is not installed"))
        } else {
            broken(error)
        }
    })?;
    #[cfg(unix)]
    let group = child.id();
    let (ended, wait) = channel();
    std::thread::spawn(move || {
        // Nobody listens any more when time is up.
        let _ = ended.send(child.wait());
    });
    let status = match wait.recv_timeout(PATIENCE) {
        Ok(status) => status.map_err(broken)?,
        Err(_) => {
            #[cfg(unix)]
            end(group);
            return Err(failed(format!(
                "{program} did not end within {} seconds",
                PATIENCE.as_secs()
            )));
        }
    };
    Ok(Said {
        status,
        out: read(&mut out).map_err(broken)?,
        err: read(&mut err).map_err(broken)?,
    })
}

/// Ends a program and what it began.
#[cfg(unix)]
fn end(group: u32) {
    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;
    if let Ok(group) = i32::try_from(group) {
        // It may have ended this moment.
        let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
    }
}

fn read(file: &mut File) -> std::io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    file.take(MOST_SAID).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The last lines say why.
fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let from = lines.len().saturating_sub(3);
    lines.get(from..).unwrap_or_default().join("; ")
}

/// The search path with the folders of administration, which some shells leave out.
fn search_path() -> std::ffi::OsString {
    let mut path = std::env::var_os("PATH").unwrap_or_default();
    if cfg!(unix) {
        path.push(":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin");
    }
    path
}

/// The program is on the search path.
pub(super) fn installed(program: &str) -> bool {
    std::env::split_paths(&search_path()).any(|folder| folder.join(program).is_file())
}
