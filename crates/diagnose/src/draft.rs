//! From a remedy to steps: what every remedy drafts with. Pure: what is not in the evidence is not known.

use model::plan::{
    Action, Condition, Guarded, Hive, Key, Machine, PacketFilter, PacketRule, Plan, PlannedStep,
    RegistryValue, Risk, Start, Step, System, Transport, Value, Verification, WhichCertificate,
};
use model::{
    Certificate, Evidence, Fact, FactKind, FileRole, Phase, SettingValue, Target, UnixSeconds,
};

use crate::cause::Cause;
use crate::remedy::Remedy;

/// What a remedy comes to in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Draft {
    /// These steps.
    Steps(Vec<PlannedStep>),
    /// Too little is known to write steps down.
    Lacks {
        /// What would have to be known.
        facts: &'static [FactKind],
        /// How to find it out, as an imperative.
        says: &'static str,
    },
}

/// What steps are drafted from.
#[derive(Clone, Copy, Debug)]
pub struct Case<'e> {
    /// Everything that was seen.
    pub evidence: &'e Evidence,
    /// The system of the server.
    pub server: System,
    /// The system of the client.
    pub client: System,
}

/// For how long a weakening stays unless somebody says otherwise: a week.
pub const WEAK_FOR: u64 = 7 * 24 * 60 * 60;

/// The plan that carries out a remedy for a cause, or what is lacking.
pub fn plan(
    case: &Case<'_>,
    cause: &Cause,
    remedy: &Remedy,
    id: &str,
    now: UnixSeconds,
) -> Result<Plan, Draft> {
    let mut steps = match (remedy.draft)(case) {
        Draft::Steps(steps) => steps,
        lacks @ Draft::Lacks { .. } => return Err(lacks),
    };
    let sets = steps
        .iter()
        .any(|step| matches!(step.step, Step::Set { .. }));
    for step in &mut steps {
        // What a person is asked beside changes of values only completes them.
        let carries = match &step.step {
            Step::Set { .. } => true,
            Step::Act(action) => !sets && matches!(action, Action::AskPerson { .. }),
        };
        if carries {
            step.risk = step.risk.max(remedy.risk);
            step.weakens = step
                .weakens
                .take()
                .or_else(|| remedy.weakens.map(str::to_owned));
        }
    }
    // Equal ranks keep the order in which they were written.
    steps.sort_by_key(|step| step.step.rank());
    let mut plan = Plan::new(id, cause.id, now, steps);
    plan.remedy = remedy.id.to_owned();
    plan.title = remedy.title.to_owned();
    plan.host = case.host().to_owned();
    plan.verify = verification(case, cause);
    if remedy.weakens.is_some() {
        plan.expires_after = Some(WEAK_FOR);
    }
    Ok(plan)
}

fn verification(case: &Case<'_>, cause: &Cause) -> Vec<Verification> {
    let shows = match cause.phase {
        Phase::Resolve => "the name leads to the right address",
        Phase::Reach => "the host can be reached",
        Phase::Tcp => "the port opens",
        Phase::Negotiate => "the server answers the first message of Remote Desktop",
        Phase::Secure => "TLS comes up with the certificate that was meant",
        Phase::Authenticate => "the server asks for the logon",
        Phase::Tunnel => "the gateway lets the connection through",
        Phase::Settings | Phase::License | Phase::Activate | Phase::Session => {
            "a session opens and stays"
        }
    };
    vec![Verification {
        from: Machine::Client,
        look: format!("rdpdoctor {}", shown(&case.endpoint())),
        shows: shows.to_owned(),
        gone: cause.id.to_owned(),
    }]
}

/// A word of a command line, in quotation marks where it needs them.
fn shown(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

impl<'e> Case<'e> {
    /// A case of which the systems are told by what was seen; a machine of which nothing tells is a Windows one.
    pub fn of(evidence: &'e Evidence) -> Self {
        let mut server = System::Windows;
        for observation in &evidence.seen {
            match &observation.fact {
                Fact::FileFound { .. } | Fact::KeyCompared { .. } => server = System::Linux,
                Fact::SettingFound { key, .. } if key.starts_with('/') => server = System::Linux,
                Fact::LogSaid { program, .. }
                    if program.starts_with("xrdp") || program.starts_with("gnome") =>
                {
                    server = System::Linux;
                }
                _ => {}
            }
        }
        let client = match evidence.target.client.program.as_deref() {
            Some("freerdp" | "remmina" | "guacd" | "rdesktop") => System::Linux,
            _ => System::Windows,
        };
        Self {
            evidence,
            server,
            client,
        }
    }

    /// What someone tries to reach.
    pub fn target(&self) -> &'e Target {
        &self.evidence.target
    }

    /// The name or address of the host; empty when the case is about any.
    pub fn host(&self) -> &'e str {
        &self.target().host.0
    }

    /// Host and port as they are typed.
    pub fn endpoint(&self) -> String {
        let host = match self.host() {
            "" => "HOST",
            host => host,
        };
        match (self.target().port, host.contains(':')) {
            (model::target::RDP_PORT, _) => host.to_owned(),
            (port, true) => format!("[{host}]:{port}"),
            (port, false) => format!("{host}:{port}"),
        }
    }

    /// The server runs Windows.
    pub fn windows(&self) -> bool {
        self.server == System::Windows
    }

    /// Every fact that was seen.
    pub fn facts(&self) -> impl Iterator<Item = &'e Fact> {
        self.evidence
            .seen
            .iter()
            .map(|observation| &observation.fact)
    }

    /// A setting by the end of its key and its name; a policy counts before a local value.
    pub fn setting(&self, end: &str, name: &str) -> Option<&'e SettingValue> {
        let end = end.to_ascii_lowercase();
        let found = |wanted: bool| {
            self.facts().find_map(|fact| match fact {
                Fact::SettingFound {
                    key,
                    name: called,
                    value,
                    policy,
                } if *policy == wanted
                    && called.eq_ignore_ascii_case(name)
                    && key.to_ascii_lowercase().ends_with(&end) =>
                {
                    Some(value)
                }
                _ => None,
            })
        };
        found(true).or_else(|| found(false))
    }

    /// The port on which the listener was told to listen, when it is known.
    pub fn listener_port(&self) -> Option<u16> {
        match self.setting("", "PortNumber")? {
            SettingValue::Number(number) => u16::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The file that plays this part for the server, its permissions, and who reads it.
    pub fn file(&self, wanted: FileRole) -> Option<(&'e str, Option<u32>, &'e str, Option<bool>)> {
        self.facts().find_map(|fact| match fact {
            Fact::FileFound {
                path,
                role,
                mode,
                reader,
                readable,
                ..
            } if *role == wanted => Some((path.as_str(), *mode, reader.as_str(), *readable)),
            _ => None,
        })
    }

    /// The certificate that the server showed.
    pub fn certificate(&self) -> Option<&'e Certificate> {
        self.facts().find_map(|fact| match fact {
            Fact::CertificateSeen { certificate, .. } => Some(certificate.as_ref()),
            _ => None,
        })
    }

    /// The connection file that was given as target.
    pub fn connection_file(&self) -> Option<&'e str> {
        let input = self.target().input.as_str();
        let is_file = input.to_ascii_lowercase().ends_with(".rdp");
        is_file.then_some(input)
    }

    /// The settings of xrdp.
    fn xrdp_ini(&self) -> String {
        self.facts()
            .find_map(|fact| match fact {
                Fact::SettingFound { key, .. } => key
                    .strip_suffix(" [Globals]")
                    .filter(|file| file.starts_with('/'))
                    .map(str::to_owned),
                _ => None,
            })
            .unwrap_or_else(|| "/etc/xrdp/xrdp.ini".to_owned())
    }
}

/// The key of all settings of Remote Desktop.
pub(crate) const TERMINAL: &str = r"SYSTEM\CurrentControlSet\Control\Terminal Server";
/// The key of its listener.
pub(crate) const LISTENER: &str =
    r"SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp";
/// The key of its policies.
pub(crate) const POLICY: &str = r"SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services";
/// The settings of the Windows client.
pub(crate) const CLIENT: &str = r"Software\Microsoft\Terminal Server Client";
/// The account under which Remote Desktop runs, NETWORK SERVICE.
pub(crate) const NETWORK_SERVICE: &str = "S-1-5-20";

/// A value becomes another.
pub(crate) fn set(key: Key, to: Value, why: &str) -> PlannedStep {
    PlannedStep::new(Step::Set { key, to }, why)
}

/// A step made on the machine that connects.
pub(crate) fn on_client(step: PlannedStep) -> PlannedStep {
    PlannedStep {
        on: Machine::Client,
        ..step
    }
}

/// A step made only when the value it changes is there.
pub(crate) fn if_present(step: PlannedStep) -> PlannedStep {
    match &step.step {
        Step::Set { key, .. } => PlannedStep {
            only_if: vec![Condition::Present(key.clone())],
            ..step
        },
        Step::Act(_) => step,
    }
}

/// A step made only when there is no value yet.
pub(crate) fn if_missing(step: PlannedStep) -> PlannedStep {
    match &step.step {
        Step::Set { key, .. } => PlannedStep {
            only_if: vec![Condition::Missing(key.clone())],
            ..step
        },
        Step::Act(_) => step,
    }
}

/// A number of the registry.
pub(crate) fn dword(number: u32) -> Value {
    Value::Registry(RegistryValue::Dword(number))
}

/// A text of the registry.
pub(crate) fn sz(text: &str) -> Value {
    Value::Registry(RegistryValue::Text(text.to_owned()))
}

/// A value of this machine's registry.
pub(crate) fn registry(path: &str, name: &str) -> Key {
    Key::Registry {
        hive: Hive::Machine,
        path: path.to_owned(),
        name: name.to_owned(),
    }
}

/// A value of the registry of whoever connects.
pub(crate) fn of_user(path: &str, name: &str) -> Key {
    Key::Registry {
        hive: Hive::User,
        path: path.to_owned(),
        name: name.to_owned(),
    }
}

/// A value set by policy.
pub(crate) fn policy(path: &str, name: &str) -> Key {
    Key::Policy {
        hive: Hive::Machine,
        path: path.to_owned(),
        name: name.to_owned(),
    }
}

/// Everything in a key of the registry goes away.
pub(crate) fn remove_tree(hive: Hive, path: &str, why: &str) -> PlannedStep {
    let key = Key::RegistryTree {
        hive,
        path: path.to_owned(),
    };
    if_present(set(key, Value::Absent, why))
}

/// A setting of Remote Desktop that a policy may set too: both, the policy only where there is one.
pub(crate) fn local_and_policy(path: &str, name: &str, number: u32, why: &str) -> Vec<PlannedStep> {
    vec![
        set(registry(path, name), dword(number), why),
        if_present(set(
            policy(POLICY, name),
            dword(number),
            "A policy sets the same value and wins. If the policy is the domain's, it comes back with its next \
             refresh: change it there too.",
        )),
    ]
}

/// A setting of `[Globals]` of xrdp.ini.
pub(crate) fn xrdp(case: &Case<'_>, key: &str, to: Option<&str>, why: &str) -> PlannedStep {
    let key = Key::Ini {
        file: case.xrdp_ini(),
        section: "Globals".to_owned(),
        key: key.to_owned(),
    };
    let to = to.map_or(Value::Absent, |to| Value::Text(to.to_owned()));
    set(key, to, why)
}

/// A disabled service may start again when something asks for it.
pub(crate) fn not_disabled(service: &str, to: Start, why: &str) -> PlannedStep {
    let key = Key::ServiceStart {
        service: service.to_owned(),
    };
    PlannedStep {
        only_if: vec![Condition::Is {
            key: key.clone(),
            value: Value::Start(Start::Disabled),
        }],
        ..set(key, Value::Start(to), why)
    }
}

/// A service starts with the system.
pub(crate) fn with_system(service: &str, why: &str) -> PlannedStep {
    let key = Key::ServiceStart {
        service: service.to_owned(),
    };
    set(key, Value::Start(Start::Automatic), why)
}

/// A service runs.
pub(crate) fn running(service: &str, why: &str) -> PlannedStep {
    let key = Key::ServiceState {
        service: service.to_owned(),
    };
    set(key, Value::Switch(true), why)
}

/// A rule of Windows' firewall is on, where it exists.
pub(crate) fn rule_on(rule: &str, why: &str) -> PlannedStep {
    let key = Key::FirewallRule {
        rule: rule.to_owned(),
    };
    if_present(set(key, Value::Switch(true), why))
}

/// Remote Desktop is let in by the host's firewall, whichever it is.
pub(crate) fn let_in(case: &Case<'_>, port: u16) -> Vec<PlannedStep> {
    if !case.windows() {
        return vec![set(
            Key::PacketRule {
                filter: PacketFilter::InUse,
                rule: PacketRule::Accept {
                    transport: Transport::Tcp,
                    port,
                },
            },
            Value::Switch(true),
            "The packet filter lets the port in.",
        )];
    }
    let mut steps = vec![
        rule_on(
            "RemoteDesktop-UserMode-In-TCP",
            "Windows' own rule lets Remote Desktop in over TCP. Its name is the same in every language.",
        ),
        rule_on(
            "RemoteDesktop-UserMode-In-UDP",
            "The same for UDP, which makes sessions smoother.",
        ),
        rule_on(
            "RemoteDesktop-In-TCP",
            "The name of the rule before Windows 8 and Server 2012.",
        ),
    ];
    if port != model::target::RDP_PORT {
        steps.push(set(
            Key::FirewallPort {
                rule: format!("rdpdoctor-RemoteDesktop-{port}-In-TCP"),
                transport: Transport::Tcp,
                port,
            },
            Value::Switch(true),
            "Windows' own rules are for port 3389 alone; this one is for the port in use.",
        ));
    }
    steps
}

/// The service reads what was changed. Sessions end for the time being.
pub(crate) fn restart(service: &str, why: &str) -> PlannedStep {
    PlannedStep {
        drops_sessions: true,
        risk: Risk::Medium,
        ..PlannedStep::new(
            Step::Act(Action::RestartService {
                service: service.to_owned(),
            }),
            why,
        )
    }
}

/// The Remote Desktop service of the case's server is restarted.
pub(crate) fn restart_server(case: &Case<'_>) -> PlannedStep {
    if case.windows() {
        restart(
            "TermService",
            "Remote Desktop reads the new values. Sessions are disconnected and can be taken up again.",
        )
    } else {
        restart(
            "xrdp",
            "xrdp reads the new values. Connections drop; sessions stay and can be taken up again.",
        )
    }
}

/// Something is done that has no value to go back to.
pub(crate) fn act(on: Machine, action: Action, why: &str) -> PlannedStep {
    PlannedStep {
        on,
        ..PlannedStep::new(Step::Act(action), why)
    }
}

/// A person does something that a program cannot or should not do.
pub(crate) fn person(on: Machine, says: impl Into<String>, why: &str) -> PlannedStep {
    act(on, Action::AskPerson { says: says.into() }, why)
}

/// One person, one thing to do.
pub(crate) fn ask(on: Machine, says: impl Into<String>, why: &str) -> Draft {
    Draft::Steps(vec![person(on, says, why)])
}

/// A host whose settings are changed last: the whole machine has to start again.
pub(crate) fn restart_windows(why: &str) -> PlannedStep {
    person(
        Machine::Server,
        "Restart the host when its users can spare it.",
        why,
    )
}

/// Remote Desktop may read the private key that its listener uses.
pub(crate) fn key_access() -> PlannedStep {
    set(
        Key::AccessEntry {
            of: Guarded::PrivateKey(WhichCertificate::OfListener),
            sid: NETWORK_SERVICE.to_owned(),
        },
        Value::Access(model::plan::Rights::Read),
        "Remote Desktop runs as NETWORK SERVICE (S-1-5-20) and has to read the key of its certificate.",
    )
}

/// The certificate that Windows made itself goes, so that Windows makes a new one.
pub(crate) fn make_windows_certificate_again(case: &Case<'_>) -> Vec<PlannedStep> {
    let store = r"SOFTWARE\Microsoft\SystemCertificates\Remote Desktop\Certificates";
    let thumbprint = case
        .certificate()
        .filter(|certificate| certificate.self_signed)
        .map(|certificate| certificate.sha1.to_ascii_uppercase())
        .filter(|sha1| sha1.len() == 40 && sha1.chars().all(|c| c.is_ascii_hexdigit()));
    let own = thumbprint.is_some();
    let path = match thumbprint {
        Some(thumbprint) => format!(r"{store}\{thumbprint}"),
        None => store.to_owned(),
    };
    let mut steps = vec![
        remove_tree(
            Hive::Machine,
            &path,
            "The certificate that Windows made for Remote Desktop is taken out of its store. Its key stays, so it can \
             be put back beside the new one.",
        ),
        restart(
            "SessionEnv",
            "Remote Desktop Configuration makes a new certificate when it starts.",
        ),
        restart_server(case),
    ];
    if !own {
        steps.push(person(
            Machine::Server,
            "If the listener shows the old certificate still: it is bound to one of your authority. Renew that one there \
             and bind it again.",
            "Windows makes only its own certificate anew.",
        ));
    }
    steps
}

/// The account, and its group, under which the packages of Debian, Ubuntu and Fedora run xrdp. One that runs as root
/// reads what is the group's all the same.
const XRDP_ACCOUNT: &str = "xrdp";

/// A server program of Linux may read its certificate and key.
pub(crate) fn server_reads_key(case: &Case<'_>) -> Vec<PlannedStep> {
    let mut steps = Vec::new();
    for role in [FileRole::Certificate, FileRole::Key] {
        let Some((file, mode, reader, readable)) = case.file(role) else {
            continue;
        };
        if readable == Some(true) || reader == "root" {
            continue;
        }
        if file.starts_with("/etc/ssl/private/") {
            steps.push(set(
                Key::Member {
                    user: reader.to_owned(),
                    group: "ssl-cert".to_owned(),
                },
                Value::Switch(true),
                "Members of ssl-cert may read the keys in /etc/ssl/private: that is what the group is for.",
            ));
        } else {
            steps.push(set(
                Key::Owner {
                    file: file.to_owned(),
                },
                Value::OwnerNamed {
                    user: None,
                    group: Some(reader.to_owned()),
                },
                "The file goes to the group of the server's account.",
            ));
            steps.push(set(
                Key::Mode {
                    file: file.to_owned(),
                },
                Value::Mode(mode.unwrap_or(0o600) | 0o040),
                "The group may read it; nobody else gets more than before.",
            ));
        }
    }
    if steps.is_empty() {
        steps.push(set(
            Key::Member {
                user: XRDP_ACCOUNT.to_owned(),
                group: "ssl-cert".to_owned(),
            },
            Value::Switch(true),
            "On Debian and Ubuntu the key of xrdp is the one of the system, and members of ssl-cert may read it.",
        ));
    }
    steps.push(restart_server(case));
    steps
}

/// A new key and certificate for a server program of Linux, kept apart from those that other programs use.
pub(crate) fn new_key_pair(case: &Case<'_>) -> Vec<PlannedStep> {
    let own = |role| {
        case.file(role)
            .map(|(path, ..)| path)
            .filter(|path| path.starts_with("/etc/xrdp/"))
    };
    let name = match case.host() {
        "" => "localhost",
        host => host,
    };
    let reader = case
        .file(FileRole::Key)
        .map_or(XRDP_ACCOUNT, |(_, _, reader, _)| reader);
    let in_place = own(FileRole::Certificate).zip(own(FileRole::Key));
    let (certificate, key) = in_place.unwrap_or((
        "/etc/xrdp/rdpdoctor-cert.pem",
        "/etc/xrdp/rdpdoctor-key.pem",
    ));
    let mut steps = vec![
        set(
            Key::KeyPair {
                certificate: certificate.to_owned(),
                key: key.to_owned(),
            },
            Value::NewKeyPair {
                name: name.to_owned(),
                days: 825,
            },
            "A new key and a certificate that belongs to it. Clients that remember the old one will ask once.",
        ),
        set(
            Key::Owner {
                file: key.to_owned(),
            },
            Value::OwnerNamed {
                user: Some("root".to_owned()),
                group: Some(reader.to_owned()),
            },
            "The account of the server program may read the key.",
        ),
        set(
            Key::Mode {
                file: key.to_owned(),
            },
            Value::Mode(0o640),
            "Nobody else may.",
        ),
    ];
    if in_place.is_none() {
        steps.push(xrdp(
            case,
            "certificate",
            Some(certificate),
            "xrdp takes the new certificate; the old files stay as they are.",
        ));
        steps.push(xrdp(case, "key_file", Some(key), "And the new key."));
    }
    steps.push(restart_server(case));
    steps
}

/// A protocol version of Schannel is no longer switched off.
pub(crate) fn schannel_default(version: &str) -> Vec<PlannedStep> {
    let path = format!(
        r"SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\{version}\Server"
    );
    let why = format!("What Windows does by itself with {version} counts again.");
    ["Enabled", "DisabledByDefault"]
        .into_iter()
        .map(|name| if_present(set(registry(&path, name), Value::Absent, &why)))
        .collect()
}

/// A protocol version of Schannel is switched on for servers.
pub(crate) fn schannel_on(version: &str, why: &str) -> Vec<PlannedStep> {
    let path = format!(
        r"SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\{version}\Server"
    );
    vec![
        set(registry(&path, "Enabled"), dword(1), why),
        set(registry(&path, "DisabledByDefault"), dword(0), why),
    ]
}

/// The MTU of an interface is lowered to what every path carries.
pub(crate) fn lower_mtu(interface: String, on: Machine) -> PlannedStep {
    PlannedStep {
        on,
        ..set(
            Key::Mtu { interface },
            Value::Number(1280),
            "Packets of 1280 bytes fit through every path that carries IPv6 and through nearly every VPN. It costs a \
             little speed.",
        )
    }
}
