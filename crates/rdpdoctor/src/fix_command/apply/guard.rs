//! The process that stands by to take a plan back: in a session of its own, so that it outlives the program
//! that began it, the terminal and the connection over which it was begun.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;
use model::UnixSeconds;
use repair::{Error, Hands, Looked, Machine, Shelf, Standing};

use super::{ApplyArguments, state};
use crate::check::{self, now};
use crate::failure::{Failure, Status};

/// How often it looks whether it is needed.
const PACE: Duration = Duration::from_millis(200);
/// How long it may take to get ready.
const READY: Duration = Duration::from_secs(10);
/// How often it tries to take a plan back of which something could not be taken back.
const TRIES: usize = 5;
/// The pause between two tries.
const PAUSE: Duration = Duration::from_secs(10);

/// What to stand by for.
#[derive(Args, Clone, Debug)]
pub struct GuardArguments {
    /// The plan.
    pub id: String,
    /// When to take it back, in seconds since 1970.
    #[arg(long)]
    pub until: i64,
    /// The process that carries it out.
    #[arg(long)]
    pub parent: u32,
    /// Where the receipts are.
    #[arg(long)]
    pub state_dir: PathBuf,
    /// Who looks after services.
    #[arg(long)]
    pub service_command: Option<String>,
}

/// Has a process stand by for a plan; comes back when it is ready.
pub(super) fn arm(
    arguments: &ApplyArguments,
    shelf: &Shelf,
    id: &str,
    until: UnixSeconds,
) -> Result<repair::Armed, Error> {
    let failed = |says: String| Error::Action {
        doing: "have an undo stand by".to_owned(),
        says,
    };
    let program = std::env::current_exe().map_err(|error| failed(error.to_string()))?;
    let mut words: Vec<String> = vec![
        "fix-guard".to_owned(),
        id.to_owned(),
        format!("--until={}", until.0),
        format!("--parent={}", std::process::id()),
        format!("--state-dir={}", absolute(shelf.folder()).display()),
    ];
    if let Some(command) = &arguments.service_command {
        words.push(format!("--service-command={command}"));
    }
    let sign = sign(shelf, id);
    // What an earlier one left must not be taken for this one's.
    let _ = std::fs::remove_file(&sign);
    begin(&program, &words, id).map_err(failed)?;
    let begun = Instant::now();
    let runtime = check::runtime().map_err(|failure| failed(failure.says))?;
    loop {
        if let Some(process) = std::fs::read_to_string(&sign)
            .ok()
            .and_then(|text| text.trim().parse().ok())
        {
            return Ok(repair::Armed { process, until });
        }
        if begun.elapsed() > READY {
            return Err(failed(format!(
                "it did not get ready within {} seconds; nothing was changed",
                READY.as_secs()
            )));
        }
        runtime.block_on(async { tokio::time::sleep(Duration::from_millis(5)).await });
    }
}

/// Begins the process: under systemd as a unit of its own, which the end of a session does not reach, else in
/// a session of its own.
#[cfg(unix)]
fn begin(program: &Path, words: &[String], id: &str) -> Result<(), String> {
    if state::is_root() && Path::new("/run/systemd/system").is_dir() {
        let begun = Command::new("systemd-run")
            .args(["--quiet", "--collect", "--no-block"])
            .arg(format!("--unit=rdpdoctor-undo-{id}"))
            .arg("--")
            .arg(program)
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if begun.is_ok_and(|status| status.success()) {
            return Ok(());
        }
    }
    let mut command = Command::new(program);
    command
        .args(words)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // Nobody waits for it: it is there for when we are not.
    command.spawn().map(drop).map_err(|error| error.to_string())
}

/// Begins the process without a console, in a group of its own, which no Ctrl-C reaches, and with nothing of ours
/// in its hands: whoever reads what we print would wait for it, too. Where that is allowed it also leaves the job
/// of a remote shell, which ends with the connection.
#[cfg(windows)]
fn begin(program: &Path, words: &[String], _id: &str) -> Result<(), String> {
    use winsafe::{CreateProcess, STARTUPINFO, co::CREATE};
    let line = line(program, words)?;
    // The folder we were begun in may go away.
    let apart = program.parent().map(|folder| folder.display().to_string());
    let apart = apart.as_deref();
    let begin = |flags| {
        let mut settings = STARTUPINFO::default();
        CreateProcess(
            None,
            Some(&line),
            None,
            None,
            false,
            flags,
            &[],
            apart,
            &mut settings,
        )
    };
    let own = CREATE::DETACHED_PROCESS | CREATE::NEW_PROCESS_GROUP;
    begin(own | CREATE::BREAKAWAY_FROM_JOB)
        .or_else(|_| begin(own))
        .map(drop)
        .map_err(|error| error.to_string())
}

/// A line of words in quotes, as programs of Windows take theirs apart. Of backslashes only those before a quote
/// have another meaning.
#[cfg(windows)]
fn line(program: &Path, words: &[String]) -> Result<String, String> {
    let program = program.display().to_string();
    let mut line = String::new();
    for word in std::iter::once(&program).chain(words) {
        if word.contains('"') {
            return Err(format!("{word} cannot be handed on with its quotes"));
        }
        let bare = word.trim_end_matches('\\');
        let slashes = word.len().saturating_sub(bare.len());
        let doubled = "\\".repeat(slashes.saturating_mul(2));
        line.push_str(&format!("\"{bare}{doubled}\" "));
    }
    Ok(line)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The file that says that the process is ready, and its number.
fn sign(shelf: &Shelf, id: &str) -> PathBuf {
    shelf.folder().join(format!("{id}.guard"))
}

/// Stands by.
pub fn run(arguments: &GuardArguments) -> Result<Status, Failure> {
    // A session of its own: no terminal, so no hang-up. Somebody may have given it one already.
    #[cfg(unix)]
    let _ = nix::unistd::setsid();
    let shelf = Shelf::open(&arguments.state_dir).map_err(|error| state::told(&error))?;
    let machine = state::machine(&ApplyArguments {
        service_command: arguments.service_command.clone(),
        ..ApplyArguments::default()
    });
    let runtime = check::runtime()?;
    let sign = sign(&shelf, &arguments.id);
    let draft = sign.with_extension("guard-draft");
    std::fs::write(&draft, format!("{}\n", std::process::id()))
        .and_then(|()| std::fs::rename(&draft, &sign))
        .map_err(|error| {
            Failure::could_not_look(format!("cannot write {}: {error}", sign.display()))
        })?;
    let settled = runtime.block_on(stand_by(arguments, &shelf, &machine));
    // It says that somebody stands by, and nobody does any more.
    let _ = std::fs::remove_file(&sign);
    settled
}

async fn stand_by(
    arguments: &GuardArguments,
    shelf: &Shelf,
    machine: &Machine,
) -> Result<Status, Failure> {
    let id = &arguments.id;
    let until = UnixSeconds(arguments.until);
    let mut tries = 0;
    loop {
        let receipt = shelf.receipt(id).ok();
        let standing = receipt.as_ref().map(repair::Receipt::standing);
        let due = match standing {
            Some(Standing::RolledBack) => return Ok(Status::Healthy),
            Some(Standing::Kept) => match receipt.and_then(|receipt| receipt.expires_at()) {
                Some(end) => now() >= end,
                None => return Ok(Status::Healthy),
            },
            Some(Standing::Held) => now() >= until,
            // The lock is free when whoever carries it out is gone.
            Some(Standing::Open) | None => {
                if now() >= until {
                    end_parent(shelf, arguments.parent);
                }
                true
            }
        };
        if due {
            match shelf.lock(&format!("takes back {id}")) {
                Ok(lock) => match shelf.receipt(id) {
                    // It settled, or came to be held, since we looked.
                    Ok(receipt) if Some(receipt.standing()) != standing => {}
                    Ok(_) => {
                        tries += 1;
                        let left = take_back(&lock, shelf, id, machine);
                        if left.is_ok_and(|left| left.is_empty()) {
                            return Ok(Status::Healthy);
                        }
                        if tries >= TRIES {
                            return Ok(Status::CouldNotLook);
                        }
                        drop(lock);
                        tokio::time::sleep(PAUSE).await;
                    }
                    // Nothing was begun, and nobody is there any more to begin it.
                    Err(_) => return Ok(Status::Healthy),
                },
                Err(Error::Busy { .. }) => {}
                Err(error) => return Err(state::told(&error)),
            }
        }
        tokio::time::sleep(PACE).await;
    }
}

/// Ends the process that carries the plan out and did not come to an end in time: only while it holds the lock.
fn end_parent(shelf: &Shelf, parent: u32) {
    if let Err(Error::Busy {
        holder: Some(holder),
    }) = shelf.lock("takes a plan back")
        && holder.starts_with(&format!("process {parent} "))
    {
        #[cfg(unix)]
        if let Ok(parent) = i32::try_from(parent) {
            use nix::sys::signal::{Signal, kill};
            // It may have ended this moment.
            let _ = kill(nix::unistd::Pid::from_raw(parent), Signal::SIGKILL);
        }
        #[cfg(windows)]
        // The same; what it says is for nobody.
        let _ = Command::new("taskkill")
            .args(["/F", "/PID", &parent.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// Takes a plan back; on the way back nobody is asked and nothing is looked at.
pub(super) fn take_back(
    lock: &repair::Lock,
    shelf: &Shelf,
    id: &str,
    machine: &Machine,
) -> Result<Vec<repair::Left>, Error> {
    let mut hands = Hands {
        machine,
        ours: &|_| Ok(()),
        act: &mut |action, way| machine.act(action, way),
        arm: &mut || Ok(None),
        verify: &mut || Looked::NotMended,
        cord: &mut || Ok(()),
        now: &mut now,
    };
    repair::undo_under(lock, shelf, id, &mut hands)
}
