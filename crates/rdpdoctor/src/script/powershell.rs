//! Windows PowerShell 5.1: the steps as a table, and below it how they are done.

use std::fmt::Write as _;

use model::plan::{
    Action, Condition, Guarded, Hive, Key, PlannedStep, RegistryValue, Rights, Start, Step, Value,
    WhichCertificate,
};

use wire::http::base64;

use super::quote::{comment, powershell as text};
use super::{Job, Script, Unfit};
use crate::fix_command::words;

/// How steps are done, in parts.
const ENGINE: &str = include_str!("powershell.ps1");

/// The parts that every script has.
const ALWAYS: &[&str] = &["base", "main"];

/// The most letters that Run Command gives back.
const AZURE_SAYS: usize = 4096;

/// A script for an administrator's PowerShell.
pub(super) fn script(job: &Job<'_>, name: &str) -> Result<Script, Unfit> {
    let mut notes = Vec::new();
    if of_user(job) {
        notes.push(
            "Run it as the person whose connection fails: it changes that person's settings."
                .to_owned(),
        );
    }
    Ok(Script {
        text: text_of(job, name)?,
        undo: None,
        notes,
    })
}

/// The same for Run Command: it runs as the system, and the last 4096 letters of what it says come back.
pub(super) fn azure(job: &Job<'_>) -> Result<Script, Unfit> {
    if let Some((step, _)) = job.mine().find(|(_, step)| is_of_user(step)) {
        return Err(job.unfit(
            step,
            "Run Command runs as the system, and this is a setting of a person",
            "powershell",
        ));
    }
    Ok(Script {
        text: text_of(job, "azure")?,
        undo: None,
        notes: vec![
            "Run it: az vm run-command invoke -g GROUP -n NAME --command-id RunPowerShellScript --scripts @FILE".to_owned(),
            "Take it back: the same with --parameters Undo=true. It may take minutes; only one runs at a time.".to_owned(),
            format!("Of what it says, Azure gives the last {AZURE_SAYS} letters back: the receipt is the last line."),
        ],
    })
}

fn text_of(job: &Job<'_>, name: &str) -> Result<String, Unfit> {
    let mut out = "#requires -Version 5.1\n#requires -PSEdition Desktop\n".to_owned();
    for line in job.head() {
        let _ = writeln!(out, "{}", comment(&format!("# {line}")));
    }
    if name == "powershell" {
        out.push_str(
            "# Run it:        powershell -NoProfile -ExecutionPolicy Bypass -File THIS\n\
             # Take it back:  powershell -NoProfile -ExecutionPolicy Bypass -File THIS -Undo\n",
        );
    }
    // Run Command hands parameters over as texts.
    out.push_str("param([object]$Undo = $false)\n");
    if name == "powershell" {
        out = out.replace("param([object]$Undo = $false)", "param([switch]$Undo)");
    }
    out.push_str("Set-StrictMode -Version 2.0\n$ErrorActionPreference = 'Stop'\n");
    if name != "powershell" {
        out.push_str("$Undo = [string]$Undo -eq 'true'\n");
    }
    let plan = job.plan;
    let mut parts: Vec<&str> = ALWAYS.to_vec();
    let mut steps = String::new();
    for (index, step) in job.mine() {
        steps.push_str(&row(job, index, step, &mut parts)?);
    }
    for (index, says) in job.asked() {
        let _ = writeln!(
            steps,
            "    @{{ N = {index}; Set = $false; Kind = 'act-person'; Show = $false; OnlyIf = @(); Says = {} }}",
            text(&says)
        );
    }
    let truth = |is: bool| if is { "$true" } else { "$false" };
    let _ = write!(
        out,
        "\n$Plan = @{{\n    Id = {}; Cause = {}; Remedy = {}; Script = '{name}'\n    NeedsAdministrator = {}; OfUser = {}; \
         ExpiresAfter = {}\n    Proof = @({})\n}}\n$Steps = @(\n{steps})\n",
        text(&plan.id),
        text(&plan.cause),
        text(&plan.remedy),
        truth(
            job.mine()
                .any(|(_, step)| !is_of_user(step) && needs_administrator(step))
        ),
        truth(of_user(job)),
        plan.expires_after.unwrap_or_default(),
        text(&job.proof()),
    );
    for part in ENGINE.split("#part ") {
        let (name, body) = part.split_once('\n').unwrap_or((part, ""));
        if parts.contains(&name) {
            out.push('\n');
            out.push_str(body.trim_start_matches('\n'));
        }
    }
    Ok(out)
}

fn of_user(job: &Job<'_>) -> bool {
    job.mine().any(|(_, step)| is_of_user(step))
}

/// It belongs to the person who connects, not to the machine.
fn is_of_user(step: &PlannedStep) -> bool {
    match &step.step {
        Step::Set { key, .. } => match key {
            Key::Registry { hive, .. }
            | Key::Policy { hive, .. }
            | Key::RegistryTree { hive, .. } => *hive == Hive::User,
            Key::RdpFile { .. } => true,
            Key::Content { file } => file.starts_with("~/"),
            _ => false,
        },
        Step::Act(action) => matches!(action, Action::ForgetCredential { .. }),
    }
}

fn needs_administrator(step: &PlannedStep) -> bool {
    !matches!(step.step, Step::Act(Action::ForgetNames))
}

/// A step as a row of the table.
fn row(
    job: &Job<'_>,
    index: usize,
    planned: &PlannedStep,
    parts: &mut Vec<&'static str>,
) -> Result<String, Unfit> {
    let unfit = || job.unfit(index, "Windows has no such thing", "bash");
    let says = text(&words::step(&planned.step));
    let fields = match &planned.step {
        Step::Set { key, to } => {
            let Place {
                kind,
                part,
                fields,
                show,
            } = place(key).ok_or_else(unfit)?;
            let (more, to) = goal(key, to).ok_or_else(unfit)?;
            for part in part {
                if !parts.contains(part) {
                    parts.push(part);
                }
            }
            let mut conditions = Vec::new();
            for condition in &planned.only_if {
                let (test, key, data) = match condition {
                    Condition::Present(key) => ("present", key, None),
                    Condition::Missing(key) => ("missing", key, None),
                    Condition::Is { key, value } => {
                        ("is", key, Some(data(key, value).ok_or_else(unfit)?))
                    }
                };
                let Place {
                    kind, part, fields, ..
                } = place(key).ok_or_else(unfit)?;
                for part in part {
                    if !parts.contains(part) {
                        parts.push(part);
                    }
                }
                let data = data.map_or_else(String::new, |(_, _, data)| {
                    format!("; Data = {}", text(&data))
                });
                conditions.push(format!(
                    "@{{ Test = '{test}'; Kind = '{kind}'; {fields}{data} }}"
                ));
            }
            format!(
                "Set = $true; Kind = '{kind}'; Show = {}; {fields}{more}{to}; OnlyIf = @({})",
                if show { "$true" } else { "$false" },
                conditions.join(", ")
            )
        }
        Step::Act(action) => {
            if !parts.contains(&"actions") {
                parts.push("actions");
            }
            let fields = match action {
                Action::RefreshPolicy => "Kind = 'act-policy'".to_owned(),
                Action::ForgetNames => "Kind = 'act-names'".to_owned(),
                Action::RegisterNames => "Kind = 'act-register'".to_owned(),
                Action::SyncClock => "Kind = 'act-clock'".to_owned(),
                Action::ForgetCredential { target } => {
                    format!("Kind = 'act-forget'; Target = {}", text(target))
                }
                Action::RestartService { service } => {
                    format!("Kind = 'act-restart'; Service = {}", text(service))
                }
                Action::LogOff { session } => format!("Kind = 'act-logoff'; Session = {session}"),
                Action::LookAgain { command } => {
                    format!("Kind = 'act-look'; Command = {}", text(command))
                }
                Action::Unban { .. } | Action::AskPerson { .. } => return Err(unfit()),
            };
            format!("Set = $false; Show = $false; {fields}; OnlyIf = @()")
        }
    };
    Ok(format!("    @{{ N = {index}; {fields}; Says = {says} }}\n"))
}

/// Where something stands, for the table.
struct Place {
    kind: &'static str,
    part: &'static [&'static str],
    fields: String,
    /// What stood there may be shown.
    show: bool,
}

/// The value of the listener that binds a certificate.
fn binding(listener: &str) -> String {
    format!(r"SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\{listener}")
}

fn place(key: &Key) -> Option<Place> {
    let show = |kind, part, fields| {
        Some(Place {
            kind,
            part,
            fields,
            show: true,
        })
    };
    match key {
        Key::Registry { hive, path, name } | Key::Policy { hive, path, name } => show(
            "registry",
            &["registry"],
            format!(
                "Hive = '{}'; Path = {}; Name = {}",
                hive.short(),
                text(path),
                text(name)
            ),
        ),
        Key::CertificateBinding { listener } => show(
            "registry",
            &["registry"],
            format!(
                "Hive = 'HKLM'; Path = {}; Name = 'SSLCertificateSHA1Hash'",
                text(&binding(listener))
            ),
        ),
        Key::RegistryTree { hive, path } => Some(Place {
            kind: "tree",
            part: &["registry", "tree"],
            fields: format!("Hive = '{}'; Path = {}", hive.short(), text(path)),
            show: false,
        }),
        Key::ServiceStart { service } => show(
            "service-start",
            &["service-start"],
            format!("Service = {}", text(service)),
        ),
        Key::ServiceState { service } => show(
            "service-state",
            &["service-state"],
            format!("Service = {}", text(service)),
        ),
        Key::FirewallRule { rule } => show(
            "firewall-rule",
            &["firewall-rule"],
            format!("Rule = {}", text(rule)),
        ),
        Key::FirewallGroup { group } => show(
            "firewall-group",
            &["firewall-group"],
            format!("Group = {}", text(group)),
        ),
        Key::FirewallPort {
            rule,
            transport,
            port,
        } => show(
            "firewall-port",
            &["firewall-port"],
            format!(
                "Rule = {}; Transport = '{}'; Port = {port}",
                text(rule),
                transport.name()
            ),
        ),
        Key::AccessEntry { of, sid } => {
            let (of, path) = match of {
                Guarded::Path(path) => ("path", path.as_str()),
                Guarded::PrivateKey(WhichCertificate::OfListener) => ("listener", ""),
                Guarded::PrivateKey(WhichCertificate::Thumbprint(thumbprint)) => {
                    ("thumbprint", thumbprint.as_str())
                }
            };
            show(
                "access",
                &["access"],
                format!("Of = '{of}'; Path = {}; Sid = {}", text(path), text(sid)),
            )
        }
        Key::Mtu { interface } => show("mtu", &["mtu"], format!("Interface = {}", text(interface))),
        Key::Member { user, group } if group.starts_with("S-1-") => show(
            "member",
            &["member"],
            format!("User = {}; Group = {}", text(user), text(group)),
        ),
        Key::Content { file } => Some(Place {
            kind: "file",
            part: &["file"],
            fields: format!("File = {}", text(file)),
            show: false,
        }),
        Key::RdpFile { file, name } => Some(Place {
            kind: "rdp-file",
            part: &["file", "rdp-file"],
            fields: format!("File = {}; Name = {}", text(file), text(name)),
            show: false,
        }),
        Key::Ini { .. }
        | Key::Mode { .. }
        | Key::Owner { .. }
        | Key::KeyPair { .. }
        | Key::PacketRule { .. }
        | Key::Member { .. } => None,
    }
}

/// More fields that a goal needs, and the goal itself.
fn goal(key: &Key, to: &Value) -> Option<(String, String)> {
    if let (Key::AccessEntry { .. }, Value::Access(rights)) = (key, to) {
        // FILE_GENERIC_READ; the same with FILE_GENERIC_WRITE; FILE_ALL_ACCESS ([MS-DTYP] 2.4.3).
        let mask = match rights {
            Rights::Read => 0x12_0089,
            Rights::ReadAndCreate => 0x12_019f,
            Rights::Full => 0x1f_01ff,
        };
        return Some((format!("; Mask = 0x{mask:x}"), String::new()));
    }
    let (here, kind, data) = data(key, to)?;
    let here = if here { "$true" } else { "$false" };
    Some((
        String::new(),
        format!(
            "; To = @{{ Here = {here}; Kind = '{kind}'; Data = {} }}",
            text(&data)
        ),
    ))
}

/// A value as the state that stands there: whether it is there, its kind, its data.
fn data(key: &Key, value: &Value) -> Option<(bool, &'static str, String)> {
    let switch = |on: bool| if on { "True" } else { "False" };
    Some(match (key, value) {
        (_, Value::Absent) => (false, "", String::new()),
        (Key::CertificateBinding { .. }, Value::Thumbprint(thumbprint)) => {
            (true, "Binary", base64(&hexadecimal(thumbprint)?))
        }
        (_, Value::Registry(value)) => match value {
            RegistryValue::Dword(number) => (true, "DWord", number.cast_signed().to_string()),
            RegistryValue::Qword(number) => (true, "QWord", number.cast_signed().to_string()),
            RegistryValue::Text(text) => (true, "String", text.clone()),
            RegistryValue::Expand(text) => (true, "ExpandString", text.clone()),
            RegistryValue::Texts(texts) => {
                let wide: Vec<u8> = texts
                    .join("\0")
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect();
                (true, "MultiString", base64(&wide))
            }
            RegistryValue::Binary(bytes) => (true, "Binary", base64(&bytes.0)),
        },
        (Key::ServiceStart { .. }, Value::Start(start)) => (
            true,
            "start",
            match start {
                Start::Automatic => "Automatic",
                Start::Delayed => "Delayed",
                Start::Manual => "Manual",
                Start::Disabled => "Disabled",
            }
            .to_owned(),
        ),
        (Key::ServiceState { .. }, Value::Switch(on)) => (
            true,
            "state",
            if *on { "Running" } else { "Stopped" }.to_owned(),
        ),
        (Key::FirewallRule { .. }, Value::Switch(on)) => (true, "rule", switch(*on).to_owned()),
        (Key::FirewallGroup { .. }, Value::Switch(on)) => (true, "group", switch(*on).to_owned()),
        (
            Key::FirewallPort {
                transport, port, ..
            },
            Value::Switch(true),
        ) => (true, "port", format!("{}/{port}", transport.name())),
        (Key::Member { .. }, Value::Switch(on)) => (*on, "", String::new()),
        (Key::Mtu { .. }, Value::Number(mtu)) => (true, "mtu", mtu.to_string()),
        (Key::Content { .. }, Value::Content(bytes)) => (true, "", base64(&bytes.0)),
        (Key::RdpFile { .. }, Value::Text(text)) => (true, "", text.clone()),
        _ => return None,
    })
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
