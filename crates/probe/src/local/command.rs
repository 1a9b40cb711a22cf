//! Programs of the system that are asked for what no file tells. They only read, and none may hang.

use std::io::{ErrorKind, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most that is read of what it writes.
const MOST: u64 = 4 * 1024 * 1024;
/// The most that is kept of what it complains of.
const COMPLAINT: usize = 200;

/// What became of a program.
#[derive(Debug)]
pub(super) enum Answer {
    /// It ended well and wrote this.
    Said(Vec<u8>),
    /// It is not installed.
    Missing,
    /// It failed, and why.
    Failed(String),
}

/// Folders in which programs of the system are, besides the search path.
const FOLDERS: &[&str] = &["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin"];

/// Runs a program to its end and takes what it writes to its standard output. Its words are in English or not
/// at all.
pub(super) fn ask(program: &str, arguments: &[&str]) -> Answer {
    let place = if cfg!(windows) {
        Some(PathBuf::from(program))
    } else {
        FOLDERS
            .iter()
            .map(|folder| PathBuf::from(folder).join(program))
            .find(|place| place.is_file())
    };
    let Some(place) = place else {
        return Answer::Missing;
    };
    let child = Command::new(place)
        .args(arguments)
        .env("LC_ALL", "C")
        .env("SYSTEMD_PAGER", "")
        .env("SYSTEMD_COLORS", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => return Answer::Missing,
        Err(error) => return Answer::Failed(format!("cannot start {program}: {error}")),
    };
    let (sender, answers) = mpsc::channel();
    let output = child
        .stdout
        .take()
        .map(|pipe| drain(pipe, 0, sender.clone()));
    let complaint = child.stderr.take().map(|pipe| drain(pipe, 1, sender));
    let (mut said, mut complained) = (Vec::new(), Vec::new());
    for _ in output.iter().chain(&complaint) {
        match answers.recv_timeout(PATIENCE) {
            Ok((0, bytes)) => said = bytes,
            Ok((_, bytes)) => complained = bytes,
            Err(_) => {
                // Whatever it waits for, nobody waits for it any longer.
                let _ = child.kill();
                let _ = child.wait();
                return Answer::Failed(format!(
                    "{program} did not answer within {} s",
                    PATIENCE.as_secs()
                ));
            }
        }
    }
    // Both ends are closed: it has ended, or will when it is told to.
    let status = match child.try_wait() {
        Ok(Some(status)) => Ok(status),
        Ok(None) => {
            if u64::try_from(said.len()).unwrap_or(MOST) >= MOST {
                let _ = child.kill();
            }
            child.wait()
        }
        Err(error) => Err(error),
    };
    match status {
        Ok(status) if status.success() => Answer::Said(said),
        Ok(status) => {
            let words = String::from_utf8_lossy(&complained);
            let first = words.lines().find(|line| !line.trim().is_empty());
            Answer::Failed(match first {
                Some(line) => {
                    let line: String = line.trim().chars().take(COMPLAINT).collect();
                    format!("{program} says: {line}")
                }
                None => format!("{program} ended with {status}"),
            })
        }
        Err(error) => Answer::Failed(format!("cannot wait for {program}: {error}")),
    }
}

fn drain(
    pipe: impl Read + Send + 'static,
    number: u8,
    sender: mpsc::Sender<(u8, Vec<u8>)>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What came before an error is kept.
        let _ = pipe.take(MOST).read_to_end(&mut bytes);
        let _ = sender.send((number, bytes));
    })
}
