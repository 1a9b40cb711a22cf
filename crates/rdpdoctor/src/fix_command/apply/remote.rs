//! `rdpdoctor fix --for HOST --ssh DESTINATION`: looked at from here, mended there, and judged from here again. The
//! way in is the system's own ssh with the user's keys; passwords are never asked for.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use diagnose::{Severity, diagnose};
use model::Evidence;

use super::super::FixArguments;
use super::carry::{agreed, say};
use super::look;
use crate::answer;
use crate::check::conclude;
use crate::cli::OutputArguments;
use crate::failure::{Failure, Status};
use crate::report::json;
use crate::target::{Asked, wanted};

/// What a shell answers when a program is not there.
const NOT_FOUND: i32 = 127;
/// What ssh answers when it did not get through.
const NO_WAY: i32 = 255;

/// Takes the report over, has the plan made there, and keeps it when a look from here shows that it helped.
pub(super) fn run(
    arguments: &FixArguments,
    destination: &str,
    output: &OutputArguments,
) -> Result<Status, Failure> {
    let host = arguments.host.as_deref().ok_or_else(|| {
        Failure::usage("--ssh is the way to the host; --for HOST says which host fails from here")
    })?;
    if destination.starts_with('-') || destination.is_empty() {
        return Err(Failure::usage("--ssh wants [USER@]HOST"));
    }
    let target = wanted(host, Asked::default())?.target;
    say(&format!("Looking at {host} from here."));
    let before = look::here(&target, output)?;
    let diagnosis = diagnose(&before);
    let Some(cause) = arguments
        .what
        .as_deref()
        .and_then(diagnose::cause)
        .or_else(|| diagnosis.findings.first().map(|finding| finding.cause))
    else {
        answer::deliver(
            output,
            &format!("From here nothing is wrong with {host}.\n"),
        )?;
        return Ok(Status::Healthy);
    };
    let mut report = conclude(&before, Vec::new());
    if arguments.what.is_some() {
        // The cause that was named is meant, and no other.
        report.findings.retain(|finding| finding.cause == cause.id);
    }
    if report.findings.is_empty() {
        return Err(Failure::usage(format!(
            "a look at {host} from here does not show {}; leave it out to mend what it shows",
            cause.id
        )));
    }
    say(&format!("From here it shows {}.", cause.id));
    let report = json::document(&report)
        .map_err(|error| Failure::could_not_look(format!("cannot write the report: {error}")))?;
    let program = arguments.apply.remote_program.as_deref();
    let there = There {
        destination,
        program: program.unwrap_or("rdpdoctor"),
        is_windows: is_windows(destination)?,
    };
    let mut shared = Vec::new();
    if arguments.accept_risk {
        shared.push("--accept-risk".to_owned());
    }
    if let Some(remedy) = &arguments.remedy {
        shared.push(format!("--remedy={remedy}"));
    }
    // What it would change there, with the values that stand there.
    let dry = [shared.clone(), vec!["--dry-run".to_owned()]].concat();
    there.fix(Some(&report), &dry)?.succeeded(destination)?;
    if !arguments.apply.apply {
        answer::deliver(
            output,
            &format!("Nothing was changed. Add --apply to carry it out on {destination}.\n"),
        )?;
        return Ok(Status::Healthy);
    }
    if !arguments.apply.yes && !agreed(&format!("Carry this out on {destination}?"))? {
        say("Nothing was changed.");
        return Ok(Status::Healthy);
    }
    let make = ["--apply", "--yes", "--hold", "--format=json"].map(str::to_owned);
    let made = there.fix(Some(&report), &[shared, make.to_vec()].concat())?;
    let receipt: serde_json::Value =
        serde_json::from_str(&made.out).map_err(|_| made.failure(destination))?;
    let text = |field: &str| {
        receipt
            .get(field)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (id, state, mended) = (text("id"), text("state"), text("cause"));
    if state != "held" {
        return Err(Failure::could_not_look(format!(
            "the plan {id} could not be made on {destination} (it is {state} there)"
        )));
    }
    say(&format!("Looking at {host} from here again."));
    let after = look::here(&target, output)?;
    let helped = !after.interrupted && helped(&before, &after, &mended);
    let settle = if helped { "--keep" } else { "--undo" };
    let settled = there.fix(None, &[format!("{settle}={id}")])?;
    let mut answer = String::new();
    let _ = if helped {
        writeln!(
            answer,
            "Mended: a look from here no longer shows {mended}.\n\
             To undo it, on {destination}: rdpdoctor fix --undo {id}"
        )
    } else {
        writeln!(
            answer,
            "A look from here still shows {mended}, or something worse. Everything was taken back on {destination}."
        )
    };
    // What is not settled by us is taken back there in time.
    settled.succeeded(destination)?;
    answer::deliver(output, &answer)?;
    Ok(if helped {
        Status::Healthy
    } else {
        Status::Finding
    })
}

/// The cause is gone, and nothing blocks that did not block before.
fn helped(before: &Evidence, after: &Evidence, cause: &str) -> bool {
    let blocks = |evidence: &Evidence| -> Vec<&'static str> {
        diagnose(evidence)
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Blocking)
            .map(|finding| finding.cause.id)
            .collect()
    };
    let blocked = blocks(before);
    let gone = diagnose(after)
        .findings
        .iter()
        .all(|finding| finding.cause.id != cause);
    gone && blocks(after).iter().all(|cause| blocked.contains(cause))
}

/// What Windows calls itself in a variable of every process.
const WINDOWS: &str = "Windows_NT";

/// A shell of Windows answers on the other side. Its `cmd` fills in the second of these words, its PowerShell the
/// first, and a POSIX shell neither.
fn is_windows(destination: &str) -> Result<bool, Failure> {
    let said = ssh(destination, "echo $env:OS%OS%", "")?;
    if said.code == Some(NO_WAY) {
        return Err(said.failure(destination));
    }
    Ok(said.out.contains(WINDOWS))
}

/// Runs a line on the other side. What it tells people comes through on stderr.
fn ssh(destination: &str, line: &str, input: &str) -> Result<Said, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::could_not_look(format!("cannot run ssh: {error}; is it installed"))
    };
    let mut child = Command::new("ssh")
        .args(["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20"])
        .args(["-o", "ServerAliveInterval=10", "--"])
        .arg(destination)
        .arg(line)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(cannot)?;
    if let Some(mut stdin) = child.stdin.take() {
        // When it ends before it has read all, its status says why.
        let _ = stdin.write_all(input.as_bytes());
    }
    let out = child.wait_with_output().map_err(cannot)?;
    Ok(Said {
        code: out.status.code(),
        out: String::from_utf8_lossy(&out.stdout).into_owned(),
    })
}

/// The program on the other side of ssh.
struct There<'t> {
    destination: &'t str,
    program: &'t str,
    is_windows: bool,
}

/// What it said there.
struct Said {
    code: Option<i32>,
    out: String,
}

impl There<'_> {
    /// Runs `rdpdoctor fix` there, on a report that goes over first.
    fn fix(&self, report: Option<&str>, arguments: &[String]) -> Result<Said, Failure> {
        let line = if self.is_windows {
            windows_line(self.program, report.is_some(), arguments)?
        } else {
            posix_line(self.program, report.is_some(), arguments)
        };
        ssh(self.destination, &line, report.unwrap_or_default())
    }
}

/// The line for a POSIX shell, whatever the user's own shell is: as root, or with the help of sudo.
fn posix_line(program: &str, has_report: bool, arguments: &[String]) -> String {
    let words: String = arguments
        .iter()
        .map(|word| format!(" {}", quoted(word)))
        .collect();
    let program = quoted(program);
    let script = if has_report {
        format!(
            "r=; [ \"$(id -u)\" = 0 ] || r='sudo -n'; f=$(mktemp) && cat > \"$f\" && \
             $r {program} fix \"$f\"{words}; s=$?; rm -f \"$f\"; exit $s"
        )
    } else {
        format!("r=; [ \"$(id -u)\" = 0 ] || r='sudo -n'; $r {program} fix{words}")
    };
    format!("sh -c {}", quoted(&script))
}

/// The line for either shell of Windows. They quote differently, so that every word has to stand without quotes.
fn windows_line(program: &str, has_report: bool, arguments: &[String]) -> Result<String, Failure> {
    let mut line = format!("{program} fix");
    if has_report {
        line.push_str(" -");
    }
    for word in arguments {
        line.push(' ');
        line.push_str(word);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || " -_.=:/\\".contains(c);
    if program.contains(' ') || !line.chars().all(plain) {
        return Err(Failure::usage(
            "the program's place on Windows has to be named without spaces and quotes (--remote-program); \
             on the search path its name is enough",
        ));
    }
    Ok(line)
}

impl Said {
    fn succeeded(&self, destination: &str) -> Result<(), Failure> {
        if self.code == Some(0) {
            Ok(())
        } else {
            Err(self.failure(destination))
        }
    }

    fn failure(&self, destination: &str) -> Failure {
        Failure::could_not_look(match self.code {
            Some(NO_WAY) => format!(
                "ssh did not get through to {destination}: it has to let this user in without asking for a password"
            ),
            Some(NOT_FOUND) => format!(
                "rdpdoctor is not installed on {destination}; put it there, or name its place with --remote-program"
            ),
            _ => {
                format!("the plan could not be carried out on {destination}; what it said is above")
            }
        })
    }
}

/// A word for a POSIX shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_reach_the_shell_as_they_are() {
        assert_eq!(quoted("a'b; c"), r"'a'\''b; c'");
    }

    #[test]
    fn either_shell_of_windows_takes_the_line() {
        let words = [
            "--apply".to_owned(),
            "--remedy=server.renew-certificate".to_owned(),
        ];
        let line = windows_line(r"C:\tools\rdpdoctor.exe", true, &words).unwrap();
        assert_eq!(
            line,
            r"C:\tools\rdpdoctor.exe fix - --apply --remedy=server.renew-certificate"
        );
        for program in [r"C:\Program Files\rdpdoctor.exe", "a&b", "a|b", "%x%", "$x"] {
            assert!(windows_line(program, false, &[]).is_err(), "{program}");
        }
    }
}
