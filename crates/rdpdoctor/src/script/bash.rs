//! bash: a function for each step, and below them how they are done.

use std::fmt::Write as _;

use model::plan::{
    Action, Condition, Key, PacketFilter, PacketRule, PlannedStep, Start, Step, Value,
};

use super::quote::{bash as quoted, comment};
use super::{Job, Script, Unfit};
use crate::fix_command::words;
use wire::http::base64;

/// How steps are done, in parts.
const ENGINE: &str = include_str!("bash.sh");

/// A script for root's shell.
pub(super) fn script(job: &Job<'_>) -> Result<Script, Unfit> {
    Ok(Script {
        text: text(job)?,
        undo: None,
        notes: Vec::new(),
    })
}

/// The same for Run Command on a Linux machine.
pub(super) fn azure(job: &Job<'_>) -> Result<Script, Unfit> {
    Ok(Script {
        text: text(job)?,
        undo: None,
        notes: vec![
            "Run it: az vm run-command invoke -g GROUP -n NAME --command-id RunShellScript --scripts @FILE".to_owned(),
            "Take it back: the same with --parameters -- --undo, or sudo bash FILE --undo on the machine.".to_owned(),
        ],
    })
}

pub(super) fn text(job: &Job<'_>) -> Result<String, Unfit> {
    let plan = job.plan;
    let mut out = "#!/bin/bash\n".to_owned();
    for line in job.head() {
        let _ = writeln!(out, "{}", comment(&format!("# {line}")));
    }
    out.push_str("# Run it:        sudo bash THIS\n# Take it back:  sudo bash THIS --undo\nset -u -o pipefail\n\n");
    let word = |text: &str| quoted(&text.replace('\0', "")).unwrap_or_default();
    let (mut sets, mut acts, mut restarts, mut functions, mut labels, mut shown) = (
        Vec::new(),
        Vec::new(),
        Vec::new(),
        String::new(),
        String::new(),
        String::new(),
    );
    let mut parts = vec!["base", "main"];
    let mut needs_root = false;
    for (index, step) in job.mine() {
        let unfit = || {
            job.unfit(
                index,
                "Linux has no such thing, or a name in it holds a zero",
                "powershell",
            )
        };
        let _ = writeln!(labels, "    [{index}]={}", word(&words::step(&step.step)));
        needs_root |= is_of_machine(step);
        match &step.step {
            Step::Set { key, to } => {
                let Doing {
                    read,
                    wanted,
                    write,
                    restore,
                    part,
                    show,
                } = doing(index, key, to).ok_or_else(unfit)?;
                for part in part {
                    if !parts.contains(part) {
                        parts.push(part);
                    }
                }
                let mut conditions = Vec::new();
                for condition in &step.only_if {
                    let (test, other, data) = match condition {
                        Condition::Present(other) => ("present", other, String::new()),
                        Condition::Missing(other) => ("missing", other, String::new()),
                        Condition::Is { key: other, value } => {
                            ("is", other, state(value).ok_or_else(unfit)?)
                        }
                    };
                    if other != key {
                        return Err(unfit());
                    }
                    conditions.push(format!("holds {test} {} {index}", word(&data)));
                }
                if conditions.is_empty() {
                    conditions.push("true".to_owned());
                }
                let _ = write!(
                    functions,
                    "read_{index}() {{ {read}; }}\nwanted_{index}() {{ {wanted}; }}\nwrite_{index}() {{ {write}; }}\n\
                     restore_{index}() {{ {restore}; }}\nonly_if_{index}() {{ {}; }}\n\n",
                    conditions.join(" && ")
                );
                if show {
                    let _ = write!(shown, " [{index}]=yes");
                }
                sets.push(index.to_string());
            }
            Step::Act(action) => {
                let act = acted(action).ok_or_else(unfit)?;
                let _ = write!(functions, "act_{index}() {{ {act}; }}\n\n");
                acts.push(index.to_string());
                if matches!(action, Action::RestartService { .. }) {
                    restarts.push(index.to_string());
                }
            }
        }
    }
    let mut asks = Vec::new();
    for (index, says) in job.asked() {
        let _ = writeln!(labels, "    [{index}]={}", word(&says));
        asks.push(index.to_string());
    }
    let back: Vec<String> = sets.iter().rev().cloned().collect();
    let _ = write!(
        out,
        "plan={} cause={} remedy={}\nneeds_root={} expires={}\nproof={}\nsets='{}' sets_back='{}' acts='{}' restarts='{}' \
         asks='{}'\nwords=(\n{labels})\nshow=({shown} )\n\n{functions}",
        word(&plan.id),
        word(&plan.cause),
        word(&plan.remedy),
        if needs_root { "yes" } else { "no" },
        plan.expires_after.unwrap_or_default(),
        word(&job.proof()),
        sets.join(" "),
        back.join(" "),
        acts.join(" "),
        restarts.join(" "),
        asks.join(" "),
    );
    for part in ENGINE.split("#part ") {
        let (name, body) = part.split_once('\n').unwrap_or((part, ""));
        if parts.contains(&name) {
            out.push_str(body.trim_start_matches('\n'));
            out.push('\n');
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    Ok(out)
}

/// It belongs to the machine, not to the person who connects.
fn is_of_machine(step: &PlannedStep) -> bool {
    match &step.step {
        Step::Set { key, .. } => match key {
            Key::KeyPair {
                certificate: file, ..
            }
            | Key::Ini { file, .. }
            | Key::Mode { file }
            | Key::Owner { file }
            | Key::RdpFile { file, .. }
            | Key::Content { file } => ["/etc/", "/usr/", "/lib/", "/var/"]
                .iter()
                .any(|place| file.starts_with(place)),
            _ => true,
        },
        Step::Act(_) => true,
    }
}

/// How a value is read, recognised, written and put back.
struct Doing {
    read: String,
    wanted: String,
    write: String,
    restore: String,
    part: &'static [&'static str],
    /// What stood there may be shown.
    show: bool,
}

/// A file as a word; `~/` is the home of whoever runs the script.
fn path(file: &str) -> Option<String> {
    match file.strip_prefix("~/") {
        Some(rest) => Some(format!("\"$HOME\"/{}", quoted(rest)?)),
        None => quoted(file),
    }
}

/// A value as the state that is read, without the letter that says that it is there.
fn state(value: &Value) -> Option<String> {
    Some(match value {
        Value::Start(start) => match start {
            Start::Automatic | Start::Delayed => "automatic",
            Start::Manual => "manual",
            Start::Disabled => "disabled",
        }
        .to_owned(),
        Value::Switch(on) => if *on { "running" } else { "stopped" }.to_owned(),
        Value::Mode(mode) => format!("{mode:o}"),
        Value::Number(number) => number.to_string(),
        _ => return None,
    })
}

fn doing(index: usize, key: &Key, to: &Value) -> Option<Doing> {
    let was = format!("\"$kept/{index}.was\"");
    let is = |state: &str| format!("[ \"$(cat)\" = {state} ]");
    let put = |present: bool| if present { "yes" } else { "no" };
    Some(match (key, to) {
        (Key::Ini { file, section, key }, Value::Text(_) | Value::Absent) => {
            let file = path(file)?;
            let (text, put) = match to {
                Value::Text(text) => (text.as_str(), put(true)),
                _ => ("", put(false)),
            };
            let words = format!(
                "{file} {} {} {} {put}",
                quoted(section)?,
                quoted(key)?,
                quoted(text)?
            );
            Doing {
                read: format!("read_file {file}"),
                wanted: format!("ini_wanted {words}"),
                write: format!("ini_write {words}"),
                restore: format!("restore_file {file} {was}"),
                part: &["file", "ini"],
                show: false,
            }
        }
        (Key::RdpFile { file, name }, Value::Text(_) | Value::Absent) => {
            let file = path(file)?;
            let (text, put) = match to {
                Value::Text(text) => (text.as_str(), put(true)),
                _ => ("", put(false)),
            };
            let words = format!("{file} {} {} {put}", quoted(name)?, quoted(text)?);
            Doing {
                read: format!("read_file {file}"),
                wanted: format!("rdp_wanted {words}"),
                write: format!("rdp_write {words}"),
                restore: format!("restore_file {file} {was}"),
                part: &["file", "rdp-file"],
                show: false,
            }
        }
        (Key::Content { file }, Value::Content(bytes)) => {
            let file = path(file)?;
            let content = base64(&bytes.0);
            Doing {
                read: format!("read_file {file}"),
                wanted: is(&format!("'+{content}'")),
                write: format!("printf '%s' '{content}' | base64 -d | put_file {file}"),
                restore: format!("restore_file {file} {was}"),
                part: &["file"],
                show: false,
            }
        }
        (Key::Content { file }, Value::Absent) => {
            let file = path(file)?;
            Doing {
                read: format!("read_file {file}"),
                wanted: is("-"),
                write: format!("rm -f -- {file}"),
                restore: format!("restore_file {file} {was}"),
                part: &["file"],
                show: false,
            }
        }
        (Key::KeyPair { certificate, key }, Value::NewKeyPair { name, days }) => {
            let files = format!("{} {}", path(certificate)?, path(key)?);
            // The name goes into a distinguished name and an extension: letters that mean something there do not.
            let plain: String = name
                .chars()
                .filter(|c| c.is_ascii_alphanumeric() || ".-_:".contains(*c))
                .take(64)
                .collect();
            let plain = if plain.is_empty() {
                "localhost".to_owned()
            } else {
                plain
            };
            let kind = if plain.parse::<std::net::IpAddr>().is_ok() {
                "IP"
            } else {
                "DNS"
            };
            Doing {
                read: format!("pair_read {files}"),
                wanted: format!("pair_wanted {was}"),
                write: format!(
                    "local how=old; if [ \"$(head -c 1 -- {was})\" = - ]; then how=new; fi; pair_write {files} \"$how\" {days} {} {}",
                    quoted(&plain)?,
                    quoted(&format!("subjectAltName={kind}:{plain}"))?
                ),
                restore: format!("pair_restore {files} {was}"),
                part: &["file", "key-pair"],
                show: false,
            }
        }
        (Key::Mode { file }, Value::Mode(mode)) => {
            let file = path(file)?;
            Doing {
                read: format!("mode_read {file}"),
                wanted: is(&format!("'+{mode:o}'")),
                write: format!("chmod -- {mode:o} {file}"),
                restore: format!("mode_restore {file} {was}"),
                part: &["mode"],
                show: true,
            }
        }
        (Key::Owner { file }, Value::Owner { .. } | Value::OwnerNamed { .. }) => {
            let file = path(file)?;
            let (user, group) = match to {
                Value::Owner { user, group } => (user.to_string(), group.to_string()),
                Value::OwnerNamed { user, group } => (
                    user.clone().unwrap_or_default(),
                    group.clone().unwrap_or_default(),
                ),
                _ => return None,
            };
            let words = format!("{file} {} {}", quoted(&user)?, quoted(&group)?);
            Doing {
                read: format!("owner_read {file}"),
                wanted: format!("owner_wanted {words}"),
                write: format!("owner_write {words}"),
                restore: format!("owner_restore {file} {was}"),
                part: &["owner"],
                show: true,
            }
        }
        (Key::ServiceStart { service }, Value::Start(_)) => {
            let (service, state) = (quoted(service)?, state(to)?);
            Doing {
                read: format!("start_read {service}"),
                wanted: is(&format!("+{state}")),
                write: format!("start_write {service} {state}"),
                restore: format!("start_restore {service} {was}"),
                part: &["service-start"],
                show: true,
            }
        }
        (Key::ServiceState { service }, Value::Switch(_)) => {
            let (service, state) = (quoted(service)?, state(to)?);
            Doing {
                read: format!("state_read {service}"),
                wanted: is(&format!("+{state}")),
                write: format!("state_write {service} {state}"),
                restore: format!("state_restore {service} {was}"),
                part: &["service-state"],
                show: true,
            }
        }
        (Key::Member { user, group }, Value::Switch(on)) => {
            let words = format!("{} {}", quoted(user)?, quoted(group)?);
            Doing {
                read: format!("member_read {words}"),
                wanted: is(if *on { "+" } else { "-" }),
                write: format!("member_write {words} {}", put(*on)),
                restore: format!("member_restore {words} {was}"),
                part: &["member"],
                show: true,
            }
        }
        (Key::Mtu { interface }, Value::Number(mtu)) => {
            let interface = quoted(interface)?;
            Doing {
                read: format!("mtu_read {interface}"),
                wanted: is(&format!("+{mtu}")),
                write: format!("mtu_write {interface} {mtu}"),
                restore: format!("mtu_restore {interface} {was}"),
                part: &["mtu"],
                show: true,
            }
        }
        (
            Key::PacketRule {
                filter,
                rule: PacketRule::Accept { transport, port },
            },
            Value::Switch(on),
        ) => {
            let filter = match filter {
                PacketFilter::InUse => "in-use",
                PacketFilter::Firewalld => "firewalld",
                PacketFilter::Ufw => "ufw",
                PacketFilter::Nftables => "nftables",
                PacketFilter::Iptables => "iptables",
            };
            let words = format!("{filter} {} {port}", transport.small());
            Doing {
                read: format!("packet_read {words}"),
                wanted: is(if *on { "+" } else { "-" }),
                write: format!("packet_write {words} {}", put(*on)),
                restore: format!("packet_restore {words} {was}"),
                part: &["packets"],
                show: true,
            }
        }
        _ => return None,
    })
}

fn acted(action: &Action) -> Option<String> {
    Some(match action {
        Action::ForgetNames => "resolvectl flush-caches".to_owned(),
        Action::SyncClock => "timedatectl set-ntp true".to_owned(),
        Action::Unban { jail, address } => {
            format!(
                "fail2ban-client set {} unbanip {}",
                quoted(jail)?,
                quoted(address)?
            )
        }
        Action::RestartService { service } => format!("systemctl restart -- {}", quoted(service)?),
        Action::LogOff { session } => format!("loginctl terminate-session {session}"),
        Action::RegisterNames
        | Action::RefreshPolicy
        | Action::ForgetCredential { .. }
        | Action::LookAgain { .. }
        | Action::AskPerson { .. } => return None,
    })
}
