//! The recent part of the logs that servers and the kernel keep. They are handed on as they are.
//!
//! What was logged before the settings or the key last changed tells of another state, and is left out.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use model::{Fact, FileRole};

use super::{Machine, files};
use crate::local::command::{Answer, ask};
use crate::local::{Inspection, Text};
use crate::probes::SERVER_LOG;

/// Older lines are no news.
const RECENT: i64 = 24 * 3600;
/// The most that is read of one log, from its end.
const MOST: u64 = 2 * 1024 * 1024;
/// The largest log that is opened.
const LARGEST: u64 = 4 * 1024 * 1024 * 1024;

/// Units whose lines are asked of the journal.
const UNITS: &[&str] = &[
    "--unit=xrdp",
    "--unit=xrdp-sesman",
    "--unit=gnome-remote-desktop",
];

/// Looks at the logs of the server and of the security policies.
pub(super) fn look(machine: &Machine<'_>, found: &mut Inspection) {
    let since = since(machine, found);
    let zone = TimeZone::system();
    for path in log_files(machine) {
        let says = path.display().to_string();
        match tail(&machine.scope.root, &path) {
            Ok(Some(bytes)) => {
                let bytes = recent(&bytes, since, &zone);
                if !bytes.is_empty() {
                    found.texts.push(Text {
                        name: says.clone(),
                        bytes,
                    });
                }
                found.ran(&SERVER_LOG, says);
            }
            Ok(None) => {}
            Err(why) => found.broke(
                &SERVER_LOG,
                says,
                format!("{why}; as root it would be read"),
            ),
        }
    }
    if machine.scope.live && Path::new("/run/systemd/system").is_dir() {
        let since = format!("--since=@{since}");
        for (name, more) in [
            ("the journal of the servers", UNITS),
            (
                "the journal of the kernel",
                &["--dmesg", "--grep=apparmor=\"DENIED\"|avc: *denied"],
            ),
        ] {
            let mut words = vec![
                "--no-pager",
                "--quiet",
                "--output=short-iso",
                &since,
                "--lines=20000",
            ];
            words.extend(more);
            match ask("journalctl", &words) {
                Answer::Said(bytes) if bytes.is_empty() => found.ran(&SERVER_LOG, name),
                Answer::Said(bytes) => {
                    found.ran(&SERVER_LOG, name);
                    found.texts.push(Text {
                        name: name.to_owned(),
                        bytes,
                    });
                }
                Answer::Missing => {}
                // With a pattern, it fails when nothing fits.
                Answer::Failed(why) if why.starts_with("journalctl ended") => {
                    found.ran(&SERVER_LOG, name);
                }
                Answer::Failed(why) => found.broke(&SERVER_LOG, name, why),
            }
        }
    }
}

/// From when on lines tell of the present state.
fn since(machine: &Machine<'_>, found: &Inspection) -> i64 {
    let changed = found.seen.iter().filter_map(|told| match &told.fact {
        Fact::FileFound {
            path,
            role: FileRole::Key | FileRole::Certificate,
            exists: true,
            ..
        } => files::changed(&machine.scope.root, Path::new(path)),
        Fact::SettingFound { key, .. } => {
            files::changed(&machine.scope.root, Path::new(key.split(" [").next()?))
        }
        _ => None,
    });
    let day_ago = machine.scope.now.0.saturating_sub(RECENT);
    changed
        .filter(|at| *at <= machine.scope.now.0)
        .max()
        .map_or(day_ago, |at| at.max(day_ago))
}

/// The logs there may be.
fn log_files(machine: &Machine<'_>) -> Vec<PathBuf> {
    let root = &machine.scope.root;
    let ini = machine
        .scope
        .settings
        .clone()
        .unwrap_or_else(|| PathBuf::from("/etc/xrdp/xrdp.ini"));
    let mut logs = Vec::new();
    for (ini, usual) in [
        (ini, "xrdp.log"),
        (PathBuf::from("/etc/xrdp/sesman.ini"), "xrdp-sesman.log"),
    ] {
        let text = files::text(root, &ini).unwrap_or_default();
        let named = model::ini::value(&text, "Logging", "LogFile").filter(|name| !name.is_empty());
        logs.push(Path::new("/var/log").join(named.unwrap_or(usual)));
    }
    logs.push(PathBuf::from("/var/log/audit/audit.log"));
    if !machine.scope.live || !Path::new("/run/systemd/system").is_dir() {
        logs.push(PathBuf::from("/var/log/kern.log"));
    }
    logs
}

/// The last part of a log, from the beginning of a line on.
fn tail(root: &Path, path: &Path) -> Result<Option<Vec<u8>>, String> {
    use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
    let here = files::under(root, &files::behind_links(root, path));
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let mut file = match std::fs::metadata(&here) {
        Ok(metadata) if !metadata.is_file() || metadata.len() > LARGEST => return Ok(None),
        Ok(_) => std::fs::File::open(&here).map_err(failed)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let length = file.metadata().map_err(failed)?.len();
    let start = length.saturating_sub(MOST);
    file.seek(SeekFrom::Start(start)).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes).map_err(failed)?;
    if start > 0 {
        let line = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
        bytes.drain(..=line);
    }
    Ok(Some(bytes))
}

/// The lines from that moment on. Lines without a moment belong to the one before.
fn recent(bytes: &[u8], since: i64, zone: &TimeZone) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut kept = String::new();
    let mut keeps = false;
    for line in text.split_inclusive('\n') {
        if let Some(at) = moment(line, zone) {
            keeps = at >= since;
        }
        if keeps {
            kept.push_str(line);
        }
    }
    kept.into_bytes()
}

/// The moment of a line: `[20261121-13:22:57]` and `2026-11-21T13:22:57` in the machine's zone, or seconds as
/// the audit log has them.
fn moment(line: &str, zone: &TimeZone) -> Option<i64> {
    if let Some((_, rest)) = line.split_once("msg=audit(") {
        return rest.split(['.', ':']).next()?.parse().ok();
    }
    if let Some(rest) = line.strip_prefix('[') {
        let (stamp, _) = rest.split_once(']')?;
        let at = jiff::civil::DateTime::strptime("%Y%m%d-%H:%M:%S", stamp).ok()?;
        return Some(at.to_zoned(zone.clone()).ok()?.timestamp().as_second());
    }
    let (stamp, _) = line.split_once(' ')?;
    stamp
        .parse::<jiff::Timestamp>()
        .map(|at| at.as_second())
        .ok()
        .or_else(|| {
            let at: jiff::civil::DateTime = stamp.parse().ok()?;
            Some(at.to_zoned(zone.clone()).ok()?.timestamp().as_second())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_recent_lines_are_kept() {
        let log = "[20261120-10:00:00] [INFO ] old\n[20261121-10:00:00] [ERROR] new\nits second line\n\
                   [20261121-10:00:01] [INFO ] newer\n";
        // 2026-11-21 09:59:59 UTC.
        let kept = recent(log.as_bytes(), 1_795_255_199, &TimeZone::UTC);
        assert_eq!(
            String::from_utf8(kept).unwrap(),
            "[20261121-10:00:00] [ERROR] new\nits second line\n[20261121-10:00:01] [INFO ] newer\n"
        );
    }

    #[test]
    fn moments_of_every_form_are_read() {
        let of = |line: &str| moment(line, &TimeZone::UTC);
        assert_eq!(of("[20261121-10:00:00] [INFO ] x"), Some(1_795_255_200));
        assert_eq!(
            of("2026-11-21T10:00:00+00:00 host kernel: x"),
            Some(1_795_255_200)
        );
        assert_eq!(
            of("2026-11-21T10:00:00.123456 host kernel: x"),
            Some(1_795_255_200)
        );
        assert_eq!(
            of("type=AVC msg=audit(1795255200.123:45): avc:  denied"),
            Some(1_795_255_200)
        );
        assert_eq!(of("no moment"), None);
    }
}
