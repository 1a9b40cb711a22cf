//! Where values stand, and the values themselves.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::Bytes;

/// A place where a value stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
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

impl Key {
    /// The file it stands in, when it stands in one file that is text or bytes of ours to keep.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Ini { file, .. }
            | Self::Mode { file }
            | Self::Owner { file }
            | Self::Content { file }
            | Self::RdpFile { file, .. } => Some(file),
            _ => None,
        }
    }

    /// The system it belongs to; `None` for what every system has.
    pub fn system(&self) -> Option<System> {
        match self {
            Self::Registry { .. }
            | Self::Policy { .. }
            | Self::RegistryTree { .. }
            | Self::FirewallRule { .. }
            | Self::FirewallGroup { .. }
            | Self::FirewallPort { .. }
            | Self::AccessEntry { .. }
            | Self::CertificateBinding { .. } => Some(System::Windows),
            Self::Ini { .. }
            | Self::Mode { .. }
            | Self::Owner { .. }
            | Self::KeyPair { .. }
            | Self::PacketRule { .. } => Some(System::Linux),
            Self::Content { .. }
            | Self::RdpFile { .. }
            | Self::ServiceStart { .. }
            | Self::ServiceState { .. }
            | Self::Mtu { .. }
            | Self::Member { .. } => None,
        }
    }

    /// A wrong value here can cut the way by which the change was made.
    pub fn may_cut_off(&self) -> bool {
        match self {
            Self::FirewallRule { .. }
            | Self::FirewallGroup { .. }
            | Self::FirewallPort { .. }
            | Self::PacketRule { .. }
            | Self::Mtu { .. }
            | Self::ServiceState { .. } => true,
            Self::Registry { name, .. } => name == "PortNumber" || name == "fDenyTSConnections",
            Self::Ini { key, .. } => key == "port",
            _ => false,
        }
    }

    /// A value of this kind can stand here, or be what stood here.
    pub fn takes(&self, value: &Value) -> bool {
        match self {
            Self::Ini { .. } | Self::RdpFile { .. } => match value {
                Value::Text(text) => !text.contains(['\n', '\r', '\0']),
                Value::Absent => true,
                _ => false,
            },
            Self::Mode { .. } => matches!(value, Value::Mode(_)),
            Self::Owner { .. } => {
                matches!(value, Value::Owner { .. } | Value::OwnerNamed { .. })
            }
            Self::Content { .. } => matches!(value, Value::Content(_) | Value::Absent),
            Self::KeyPair { .. } => {
                matches!(value, Value::NewKeyPair { .. } | Value::KeyPair { .. })
            }
            Self::Registry { .. } | Self::Policy { .. } => {
                matches!(value, Value::Registry(_) | Value::Absent)
            }
            Self::RegistryTree { .. } => matches!(value, Value::Tree(_) | Value::Absent),
            Self::ServiceStart { .. } => matches!(value, Value::Start(_)),
            Self::FirewallGroup { .. } => matches!(value, Value::Switch(_) | Value::Each(_)),
            Self::FirewallRule { .. } => matches!(value, Value::Switch(_)),
            Self::FirewallPort { .. } => matches!(value, Value::Switch(true) | Value::Absent),
            Self::ServiceState { .. } | Self::PacketRule { .. } | Self::Member { .. } => {
                matches!(value, Value::Switch(_))
            }
            Self::AccessEntry { .. } => {
                matches!(value, Value::Access(_) | Value::Sddl(_) | Value::Absent)
            }
            Self::CertificateBinding { .. } => {
                matches!(value, Value::Thumbprint(_) | Value::Absent)
            }
            Self::Mtu { .. } => matches!(value, Value::Number(_)),
        }
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
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
    Content(Bytes),
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
        certificate: Option<Bytes>,
        /// The key.
        key: Option<Bytes>,
    },
}

/// A value of the registry with its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegistryValue {
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
    Binary(Bytes),
}

/// A root of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hive {
    /// `HKEY_LOCAL_MACHINE`.
    Machine,
    /// `HKEY_CURRENT_USER`: that of the person who signs in, not of an administrator who helps.
    User,
}

impl Hive {
    /// Its short name.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Machine => "HKLM",
            Self::User => "HKCU",
        }
    }

    /// Its full name.
    pub const fn long(self) -> &'static str {
        match self {
            Self::Machine => "HKEY_LOCAL_MACHINE",
            Self::User => "HKEY_CURRENT_USER",
        }
    }
}

/// How a service starts. In systemd an enabled unit is automatic, a disabled one manual, a masked one disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guarded {
    /// A file or folder. Names in percent signs are those of the machine: `%ProgramData%`.
    Path(String),
    /// The private key of a certificate of this machine, wherever it is kept.
    PrivateKey(WhichCertificate),
}

/// A certificate of a Windows machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhichCertificate {
    /// The one the Remote Desktop listener presents: the bound one, or the one Windows made for it.
    OfListener,
    /// The one with this SHA-1 fingerprint.
    Thumbprint(String),
}

/// What an account may do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rights {
    /// Read it.
    Read,
    /// Read it and make new files in it: what everybody has on the folder of machine keys, for this folder alone.
    ReadAndCreate,
    /// Everything, with this one thing.
    Full,
}

/// A transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Transport {
    /// Its name, in capitals.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
        }
    }

    /// Its name, in small letters.
    pub const fn small(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// A program that keeps the rules of Linux's packet filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PacketFilter {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PacketRule {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// Windows.
    Windows,
    /// Linux.
    Linux,
}
