//! The JSON Schemas of plans, and of what scripts say they did.
//!
//! The nouns of a plan are data without a schema of their own; these shapes mirror them field by field, and a test
//! holds every plan that can be drafted against the schema. Long because the nouns are many.

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// The schema, as it is shipped in `docs/schema/plan-1.json`.
pub fn plan_schema() -> String {
    written(&schemars::schema_for!(Plan))
}

/// The schema of what scripts say they did, as it is shipped in `docs/schema/receipt-1.json`.
pub fn receipt_schema() -> String {
    written(&schemars::schema_for!(crate::script::receipt::Receipt))
}

fn written(schema: &schemars::Schema) -> String {
    // A schema is made of strings, numbers and maps with string keys: it always serializes.
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}

/// A list of changes that together mend a cause.
#[derive(JsonSchema)]
#[schemars(title = "rdpdoctor plan")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
struct Plan {
    /// The version of this format: `rdpdoctor/plan/1`.
    #[schemars(extend("const" = "rdpdoctor/plan/1"))]
    schema: String,
    /// Its name, unique on the machine it is carried out on.
    id: String,
    /// The cause it mends.
    cause: String,
    /// The remedy it carries out; empty in plans older than this field.
    #[serde(default)]
    remedy: String,
    /// What it does, as an imperative.
    #[serde(default)]
    title: String,
    /// The host whose connections it mends; empty when it was drafted for any.
    #[serde(default)]
    host: String,
    /// When it was drafted.
    drafted_at: i64,
    /// What to do, in order.
    steps: Vec<PlannedStep>,
    /// What shows that it worked.
    #[serde(default)]
    verify: Vec<Verification>,
    /// It weakens a protection and has to be taken back after this many seconds.
    #[serde(default)]
    expires_after: Option<u64>,
}

/// A look that shows whether a plan worked.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "a shape: only its schema is used")]
struct Verification {
    /// The machine the look is taken from.
    from: Machine,
    /// The command of the look.
    look: String,
    /// What it shows when the plan worked.
    shows: String,
    /// The cause that it no longer finds.
    gone: String,
}

/// One change, and what a person wants to know before it is made.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "a shape: only its schema is used")]
struct PlannedStep {
    /// The change.
    step: Step,
    /// What it is good for.
    why: String,
    /// The machine it is made on.
    #[serde(default)]
    on: Machine,
    /// The system of that machine; `None` when it does not matter.
    #[serde(default)]
    system: Option<System>,
    /// What it may break.
    #[serde(default)]
    risk: Risk,
    /// The protection it takes away, when it takes one away.
    #[serde(default)]
    weakens: Option<String>,
    /// Running sessions end.
    #[serde(default)]
    drops_sessions: bool,
    /// It is made only when all of these hold, and passed over otherwise.
    #[serde(default)]
    only_if: Vec<Condition>,
}

/// The machine on which a step is made.
#[derive(Default, JsonSchema, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Machine {
    /// The one that connects.
    Client,
    /// A device on the way: a router, firewall, forwarder or hypervisor.
    Network,
    /// The one connected to.
    #[default]
    Server,
    /// The RD Gateway.
    Gateway,
    /// A name server.
    NameServer,
    /// A domain controller, or where its policies are edited.
    Controller,
}

/// What a change may break.
#[derive(Default, JsonSchema, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Risk {
    /// Nothing changes for anybody else.
    #[default]
    Low,
    /// Sessions may drop, or others may notice.
    Medium,
    /// Done wrong, it locks people out or loses something.
    High,
}

/// Something that must hold before a step is made.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Condition {
    /// A value stands at the key, whichever it is.
    Present(Key),
    /// No value stands at the key.
    Missing(Key),
    /// This value stands at the key.
    Is {
        /// The key.
        key: Key,
        /// The value.
        value: Value,
    },
}

/// One change.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Step {
    /// A value becomes another. Its undo is the value it had.
    Set {
        /// Where the value stands.
        key: Key,
        /// What it becomes.
        to: Value,
    },
    /// Something is done that has no value to go back to.
    Act(Action),
}

/// Something done that has no value to go back to. It comes after all changes of values.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Action {
    /// The policies of the domain are taken over again (`gpupdate /force`).
    RefreshPolicy,
    /// Old answers of name servers are forgotten.
    ForgetNames,
    /// The machine registers its addresses with its name server (`ipconfig /registerdns`).
    RegisterNames,
    /// The clock is set by its time source.
    SyncClock,
    /// A saved password is forgotten. Nobody can read it, so nobody can put it back.
    ForgetCredential {
        /// The name under which it is saved: `TERMSRV/srv01`.
        target: String,
    },
    /// An address is taken off a ban list of fail2ban.
    Unban {
        /// The jail.
        jail: String,
        /// The address.
        address: String,
    },
    /// A service is restarted, so that it reads what was changed.
    RestartService {
        /// Its name: a systemd unit or a Windows service.
        service: String,
    },
    /// A session is ended; what was not saved in it is lost.
    LogOff {
        /// Its number, as `qwinsta` or `loginctl` shows it.
        session: u32,
    },
    /// The same look is taken again.
    LookAgain {
        /// The command.
        command: String,
    },
    /// A person does something that a program cannot or should not do.
    AskPerson {
        /// What, as an imperative.
        says: String,
    },
}

/// A place where a value stands.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(
    clippy::enum_variant_names,
    reason = "the names are those of the format"
)]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Key {
    /// A key of an ini file, such as `security_layer` in `[Globals]` of `xrdp.ini`.
    Ini {
        /// The file.
        file: String,
        /// The section, without brackets.
        section: String,
        /// The key.
        key: String,
    },
    /// The permission bits of a file.
    Mode {
        /// The file.
        file: String,
    },
    /// The owner and group of a file, by number.
    Owner {
        /// The file.
        file: String,
    },
    /// The whole content of a file.
    Content {
        /// The file; `~/` at its start is the home of whoever connects.
        file: String,
    },
    /// A setting of a connection file, such as `enablecredsspsupport`. Its value is a text with its type: `i:1`.
    RdpFile {
        /// The file.
        file: String,
        /// The setting.
        name: String,
    },
    /// A private key and the certificate that belongs to it, in two files.
    KeyPair {
        /// The file of the certificate.
        certificate: String,
        /// The file of the key.
        key: String,
    },
    /// A value of the Windows registry.
    Registry {
        /// The root.
        hive: Hive,
        /// The key below it, with backslashes and without one at either end.
        path: String,
        /// The name of the value; empty for the default value.
        name: String,
    },
    /// A value that a policy sets. A policy of the domain sets it again at its next refresh.
    Policy {
        /// The root.
        hive: Hive,
        /// The key below it.
        path: String,
        /// The name of the value.
        name: String,
    },
    /// A key of the Windows registry with everything in it.
    RegistryTree {
        /// The root.
        hive: Hive,
        /// The key below it.
        path: String,
    },
    /// How a service starts.
    ServiceStart {
        /// Its short name: a Windows service or a systemd unit.
        service: String,
    },
    /// Whether a service runs.
    ServiceState {
        /// Its short name.
        service: String,
    },
    /// Whether a rule of Windows' firewall is on.
    FirewallRule {
        /// Its name (not its title, which is translated): `RemoteDesktop-UserMode-In-TCP`.
        rule: String,
    },
    /// Whether the rules of a group of Windows' firewall are on.
    FirewallGroup {
        /// The group as the rules carry it, untranslated: `@FirewallAPI.dll,-28752`.
        group: String,
    },
    /// A rule of Windows' firewall of our own that lets a port in.
    FirewallPort {
        /// Its name.
        rule: String,
        /// The transport.
        transport: Transport,
        /// The port.
        port: u16,
    },
    /// A rule of a packet filter of Linux.
    PacketRule {
        /// The program that keeps the rules.
        filter: PacketFilter,
        /// The rule.
        rule: PacketRule,
    },
    /// What one account may do with a file or a private key.
    AccessEntry {
        /// The thing.
        of: Guarded,
        /// The account, by its security identifier: `S-1-5-20`.
        sid: String,
    },
    /// The certificate that the Remote Desktop listener is bound to.
    CertificateBinding {
        /// The listener: `RDP-Tcp`.
        listener: String,
    },
    /// The MTU of an interface.
    Mtu {
        /// Its name; `default` for the one that leads to the world, `to:HOST` for the one that leads to a host.
        interface: String,
    },
    /// Whether a user is in a group.
    Member {
        /// The user, by name or security identifier.
        user: String,
        /// The group, by name or security identifier.
        group: String,
    },
}

/// A value.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Value {
    /// There is none.
    Absent,
    /// A line of text.
    Text(String),
    /// Permission bits.
    Mode(u32),
    /// Owner and group.
    Owner {
        /// User number.
        user: u32,
        /// Group number.
        group: u32,
    },
    /// Owner and group by name, looked up when the step is made; `None` where it stays as it is.
    OwnerNamed {
        /// User name.
        user: Option<String>,
        /// Group name.
        group: Option<String>,
    },
    /// The content of a file.
    Content(Hexadecimal),
    /// A number.
    Number(u32),
    /// On or off: a rule that is enabled or there, a service that runs, a user who is a member.
    Switch(bool),
    /// On or off for each of several, by name.
    Each(BTreeMap<String, bool>),
    /// A typed value of the registry.
    Registry(RegistryValue),
    /// The values of a key of the registry and of those below it; the path of the key itself is empty.
    Tree(BTreeMap<String, BTreeMap<String, RegistryValue>>),
    /// How a service starts.
    Start(Start),
    /// What an account may do.
    Access(Rights),
    /// A whole list of who may do what, as Windows writes it (SDDL).
    Sddl(String),
    /// The SHA-1 fingerprint of a certificate, in hexadecimal digits.
    Thumbprint(String),
    /// A key pair that is made when the step is carried out.
    NewKeyPair {
        /// The name in the certificate.
        name: String,
        /// For how long it is valid.
        days: u32,
    },
    /// The files of a certificate and its key; `None` where there is no file.
    KeyPair {
        /// The certificate.
        certificate: Option<Hexadecimal>,
        /// The key.
        key: Option<Hexadecimal>,
    },
}

/// A value of the registry with its type.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum RegistryValue {
    /// `REG_DWORD`.
    Dword(u32),
    /// `REG_QWORD`.
    Qword(u64),
    /// `REG_SZ`.
    Text(String),
    /// `REG_EXPAND_SZ`: names in percent signs are filled in by whoever reads it.
    Expand(String),
    /// `REG_MULTI_SZ`.
    Texts(Vec<String>),
    /// `REG_BINARY`.
    Binary(Hexadecimal),
}

/// A root of the registry.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Hive {
    /// `HKEY_LOCAL_MACHINE`.
    Machine,
    /// `HKEY_CURRENT_USER`: that of the person who signs in, not of an administrator who helps.
    User,
}

/// How a service starts. In systemd an enabled unit is automatic, a disabled one manual, a masked one disabled.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Start {
    /// With the system.
    Automatic,
    /// A while after the system.
    Delayed,
    /// When something asks for it.
    Manual,
    /// Never.
    Disabled,
}

/// A thing with a list of who may do what.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Guarded {
    /// A file or folder. Names in percent signs are those of the machine: `%ProgramData%`.
    Path(String),
    /// The private key of a certificate of this machine, wherever it is kept.
    PrivateKey(WhichCertificate),
}

/// A certificate of a Windows machine.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum WhichCertificate {
    /// The one the Remote Desktop listener presents: the bound one, or the one Windows made for it.
    OfListener,
    /// The one with this SHA-1 fingerprint.
    Thumbprint(String),
}

/// What an account may do with a file.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Rights {
    /// Read it.
    Read,
    /// Read it and make new files in it: what everybody has on the folder of machine keys, for this folder alone.
    ReadAndCreate,
    /// Everything, here and below.
    Full,
}

/// A transport.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// A program that keeps the rules of Linux's packet filter.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum PacketFilter {
    /// Whichever of them is in use: firewalld, ufw, nftables, iptables, in that order.
    InUse,
    /// firewalld.
    Firewalld,
    /// ufw.
    Ufw,
    /// nftables.
    Nftables,
    /// iptables and ip6tables.
    Iptables,
}

/// A rule of a packet filter.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum PacketRule {
    /// Lets a port in.
    Accept {
        /// The transport.
        transport: Transport,
        /// The port.
        port: u16,
    },
    /// Keeps the segments of TCP connections as small as the path needs.
    ClampSegments,
}

/// An operating system.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "a shape: only its schema is used")]
enum System {
    /// Windows.
    Windows,
    /// Linux.
    Linux,
}

/// Bytes as hexadecimal digits.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "a shape: only its schema is used")]
struct Hexadecimal(#[schemars(regex(pattern = r"^([0-9a-f]{2})*$"))] String);
