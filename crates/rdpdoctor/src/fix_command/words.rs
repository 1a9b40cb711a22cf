//! Steps of a plan in words.

use model::plan::{
    Action, Condition, Guarded, Key, Machine, PacketFilter, PacketRule, Plan, PlannedStep,
    RegistryValue, Rights, Risk, Start, Step, System, Value, WhichCertificate,
};

/// The step as an imperative, without its machine.
pub fn step(step: &Step) -> String {
    match step {
        Step::Set { key, to } => set(key, to),
        Step::Act(action) => self::action(action),
    }
}

fn set(key: &Key, to: &Value) -> String {
    match (key, to) {
        (Key::ServiceState { service }, Value::Switch(true)) => format!("start {service}"),
        (Key::ServiceState { service }, Value::Switch(false)) => format!("stop {service}"),
        (Key::ServiceStart { service }, Value::Start(start)) => {
            format!("let {service} start {}", start_words(*start))
        }
        (Key::FirewallRule { rule }, Value::Switch(on)) => {
            format!("switch the firewall rule {rule} {}", on_off(*on))
        }
        (Key::FirewallGroup { group }, Value::Switch(on)) => {
            format!(
                "switch the firewall rules of the group {group} {}",
                on_off(*on)
            )
        }
        (
            Key::FirewallPort {
                rule,
                transport,
                port,
            },
            Value::Switch(true),
        ) => format!(
            "add the firewall rule {rule}, which lets {} {port} in",
            transport.name()
        ),
        (Key::FirewallPort { rule, .. }, _) => format!("remove the firewall rule {rule}"),
        (Key::PacketRule { filter, rule }, Value::Switch(on)) => {
            let verb = if *on { "let" } else { "no longer let" };
            let filter = match filter {
                PacketFilter::InUse => {
                    "the packet filter in use (firewalld, ufw, nftables or iptables)"
                }
                PacketFilter::Firewalld => "firewalld",
                PacketFilter::Ufw => "ufw",
                PacketFilter::Nftables => "nftables",
                PacketFilter::Iptables => "iptables",
            };
            match rule {
                PacketRule::Accept { transport, port } => {
                    format!("{verb} {filter} accept {} {port}", transport.name())
                }
                PacketRule::ClampSegments => {
                    format!("{verb} {filter} keep TCP segments as small as the path needs")
                }
            }
        }
        (Key::AccessEntry { of, sid }, Value::Access(rights)) => format!(
            "allow {} to {} {}",
            account(sid),
            match rights {
                Rights::Read => "read",
                Rights::ReadAndCreate => "read and make files in",
                Rights::Full => "do everything with",
            },
            guarded(of)
        ),
        (Key::AccessEntry { of, sid }, _) => {
            format!(
                "take what {} may do with {} back",
                account(sid),
                guarded(of)
            )
        }
        (Key::CertificateBinding { listener }, Value::Thumbprint(thumbprint)) => {
            format!("bind {listener} to the certificate {thumbprint}")
        }
        (Key::CertificateBinding { listener }, _) => {
            format!("remove the binding of {listener} to a certificate (SSLCertificateSHA1Hash)")
        }
        (Key::Mtu { interface }, Value::Number(mtu)) => {
            format!("set the MTU of {} to {mtu}", self::interface(interface))
        }
        (Key::Member { user, group }, Value::Switch(true)) => {
            format!("add {user} to the group {group}")
        }
        (Key::Member { user, group }, _) => format!("remove {user} from the group {group}"),
        (Key::KeyPair { certificate, key }, Value::NewKeyPair { name, days }) => format!(
            "make a new key ({key}) and a certificate for {name} ({certificate}), valid for {days} days"
        ),
        (Key::Mode { file }, Value::Mode(mode)) => format!("set the mode of {file} to {mode:04o}"),
        (Key::Owner { file }, Value::OwnerNamed { user, group }) => match (user, group) {
            (Some(user), Some(group)) => format!("give {file} to {user} and the group {group}"),
            (Some(user), None) => format!("give {file} to {user}"),
            (None, Some(group)) => format!("give {file} to the group {group}"),
            (None, None) => format!("leave the owner of {file} as it is"),
        },
        (Key::RegistryTree { .. }, Value::Absent) => {
            format!("remove the key {} with everything in it", place(key))
        }
        (Key::Content { file }, Value::Absent) => format!("remove {file}"),
        (_, Value::Absent) => format!("remove {}", place(key)),
        _ => format!("set {} to {}", place(key), value(to)),
    }
}

fn action(action: &Action) -> String {
    match action {
        Action::RefreshPolicy => "take the policies over again (gpupdate /force)".to_owned(),
        Action::ForgetNames => "forget old answers of name servers".to_owned(),
        Action::RegisterNames => "register the machine's addresses with its name server".to_owned(),
        Action::SyncClock => "set the clock by its time source".to_owned(),
        Action::ForgetCredential { target } => format!("forget the saved password for {target}"),
        Action::Unban { jail, address } => {
            format!("take {address} off the list {jail} of fail2ban")
        }
        Action::RestartService { service } => format!("restart {service}"),
        Action::LogOff { session } => format!("end session {session}"),
        Action::LookAgain { command } => format!("look again: {command}"),
        Action::AskPerson { says } => says.clone(),
    }
}

/// Where a value stands, as people who look it up would write it.
pub fn place(key: &Key) -> String {
    match key {
        Key::Ini { file, section, key } => format!("{key} in [{section}] of {file}"),
        Key::RdpFile { file, name } => format!("{name} in {file}"),
        Key::Mode { file } | Key::Owner { file } | Key::Content { file } => file.clone(),
        Key::KeyPair { certificate, key } => format!("{certificate} and {key}"),
        Key::Registry { hive, path, name } | Key::Policy { hive, path, name } => {
            let name = if name.is_empty() { "(default)" } else { name };
            format!(r"{}\{path}\{name}", hive.short())
        }
        Key::RegistryTree { hive, path } => format!(r"{}\{path}", hive.short()),
        Key::ServiceStart { service } | Key::ServiceState { service } => service.clone(),
        Key::FirewallRule { rule } | Key::FirewallPort { rule, .. } => rule.clone(),
        Key::FirewallGroup { group } => group.clone(),
        Key::PacketRule { .. } => "the packet filter".to_owned(),
        Key::AccessEntry { of, .. } => guarded(of),
        Key::CertificateBinding { listener } => format!("the certificate of {listener}"),
        Key::Mtu { interface } => format!("the MTU of {}", self::interface(interface)),
        Key::Member { user, group } => format!("{user} in {group}"),
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Absent => "nothing".to_owned(),
        Value::Text(text) if text.is_empty() => "nothing".to_owned(),
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Registry(value) => match value {
            RegistryValue::Dword(number) => dword(*number),
            RegistryValue::Qword(number) => number.to_string(),
            RegistryValue::Text(text) | RegistryValue::Expand(text) => text.clone(),
            RegistryValue::Texts(texts) => texts.join(", "),
            RegistryValue::Binary(bytes) => bytes.to_string(),
        },
        Value::Content(bytes) => format!("{} bytes that the plan carries", bytes.0.len()),
        _ => "what the plan carries".to_owned(),
    }
}

fn dword(number: u32) -> String {
    if number == u32::MAX {
        "no limit (0xffffffff)".to_owned()
    } else {
        number.to_string()
    }
}

const fn start_words(start: Start) -> &'static str {
    match start {
        Start::Automatic => "with the system",
        Start::Delayed => "a while after the system",
        Start::Manual => "when it is asked for (Manual)",
        Start::Disabled => "never (Disabled)",
    }
}

const fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn account(sid: &str) -> String {
    let name = match sid {
        "S-1-5-20" => "NETWORK SERVICE",
        "S-1-5-18" => "SYSTEM",
        "S-1-5-32-544" => "Administrators",
        "S-1-1-0" => "Everyone",
        "S-1-5-32-555" => "Remote Desktop Users",
        _ => return sid.to_owned(),
    };
    format!("{name} ({sid})")
}

fn guarded(of: &Guarded) -> String {
    match of {
        Guarded::Path(path) => path.clone(),
        Guarded::PrivateKey(WhichCertificate::OfListener) => {
            "the private key of the listener's certificate".to_owned()
        }
        Guarded::PrivateKey(WhichCertificate::Thumbprint(thumbprint)) => {
            format!("the private key of the certificate {thumbprint}")
        }
    }
}

fn interface(interface: &str) -> String {
    match interface.strip_prefix("to:") {
        Some(host) => format!("the interface that leads to {host}"),
        None if interface == "default" => "the interface that leads to the world".to_owned(),
        None => interface.to_owned(),
    }
}

/// The condition under which a step is made, as a clause.
pub fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Present(Key::FirewallRule { .. }) => "the rule exists".to_owned(),
        Condition::Present(Key::Policy { .. }) => "a policy sets it".to_owned(),
        Condition::Present(_) => "it is there".to_owned(),
        Condition::Missing(_) => "there is none yet".to_owned(),
        Condition::Is {
            value: Value::Start(Start::Disabled),
            ..
        } => "it is disabled".to_owned(),
        Condition::Is { key, value } => format!("{} is {}", place(key), self::value(value)),
    }
}

/// The machine of a step.
pub fn machine(on: Machine, host: &str) -> String {
    match on {
        Machine::Client => "this client".to_owned(),
        Machine::Network => "the way".to_owned(),
        Machine::Server if host.is_empty() => "the host".to_owned(),
        Machine::Server => host.to_owned(),
        Machine::Gateway => "the gateway".to_owned(),
        Machine::NameServer => "the name server".to_owned(),
        Machine::Controller => "a domain controller".to_owned(),
    }
}

/// What an administrator should know before: the highest risk, and what it costs.
pub fn risk(plan: &Plan) -> String {
    let risk = plan
        .steps
        .iter()
        .map(|step| step.risk)
        .max()
        .unwrap_or_default();
    let mut words = match risk {
        Risk::Low => "Low risk.".to_owned(),
        Risk::Medium => "Medium risk.".to_owned(),
        Risk::High => "High risk: done wrong, it locks people out or loses something.".to_owned(),
    };
    if plan.steps.iter().any(|step| step.drops_sessions) {
        words.push_str(" Sessions are disconnected for a moment.");
    }
    let forever: Vec<&PlannedStep> = plan
        .steps
        .iter()
        .filter(|step| {
            matches!(
                step.step,
                Step::Act(Action::ForgetCredential { .. } | Action::LogOff { .. })
            )
        })
        .collect();
    if !forever.is_empty() {
        words.push_str(" Not everything can be taken back: see the steps.");
    } else if plan.steps.iter().any(PlannedStep::is_reversible) {
        words.push_str(" Every value is kept first and can be put back.");
    }
    words
}

/// A system by its name.
pub const fn system(system: System) -> &'static str {
    match system {
        System::Windows => "Windows",
        System::Linux => "Linux",
    }
}
