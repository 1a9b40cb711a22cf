//! Which events a diagnosis can use, by provider and number, and which of their values tell one from another.
//! Never by text: logs come in every language.

/// Which events of a provider are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All.
    All,
    /// Those of these numbers, in order.
    These(&'static [u32]),
}

impl Wanted {
    /// The event of this number is wanted.
    pub fn has(self, id: u32) -> bool {
        match self {
            Self::All => true,
            Self::These(ids) => ids.binary_search(&id).is_ok(),
        }
    }
}

/// Providers that log nothing but Remote Desktop, or so little else that all of it may matter.
const WHOLE: &[&str] = &[
    "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS",
    "Microsoft-Windows-RemoteDesktopServices-RemoteFX-Manager",
    "Microsoft-Windows-RemoteDesktopServices-SessionServices",
    "Microsoft-Windows-TerminalServices-ClientActiveXCore",
    "Microsoft-Windows-TerminalServices-Gateway",
    "Microsoft-Windows-TerminalServices-Licensing",
    "Microsoft-Windows-TerminalServices-LocalSessionManager",
    "Microsoft-Windows-TerminalServices-RDPClient",
    "Microsoft-Windows-TerminalServices-RemoteConnectionManager",
    "Microsoft-Windows-TerminalServices-SessionBroker",
    "Microsoft-Windows-TerminalServices-SessionBroker-Client",
    "Schannel",
    "Microsoft-Windows-Schannel-Events",
    "TermDD",
    "TermService",
];

/// Providers of which some events matter.
const SOME: &[(&str, &[u32])] = &[
    (
        "Microsoft-Windows-Security-Auditing",
        &[
            4624, 4625, 4648, 4771, 4776, 4778, 4779, 4825, 5152, 5156, 5157, 6273,
        ],
    ),
    ("Microsoft-Windows-Sysmon", &[13]),
    ("Microsoft-Windows-WindowsUpdateClient", &[19]),
    (
        "Service Control Manager",
        &[
            7000, 7001, 7009, 7011, 7023, 7024, 7031, 7034, 7036, 7038, 7040,
        ],
    ),
    (
        "Microsoft-Windows-Kerberos-Key-Distribution-Center",
        &[7, 11, 14, 16, 27],
    ),
    ("Microsoft-Windows-Security-Kerberos", &[4, 14]),
    ("LsaSrv", &[6037, 6038, 6167, 40960, 40961]),
    ("LSA", &[6037, 6038, 6167, 40960, 40961]),
    ("NETLOGON", &[3210, 5719, 5721, 5722, 5805]),
];

/// What is wanted of a provider.
pub fn of(provider: &str) -> Option<Wanted> {
    if WHOLE.contains(&provider) {
        return Some(Wanted::All);
    }
    SOME.iter()
        .find(|(name, _)| *name == provider)
        .map(|(_, ids)| Wanted::These(ids))
}

/// The values of an event that tell it from others of its number. The first `always` are kept even when
/// there are too many different ones; `None` where all values are kept.
pub fn telling(provider: &str, id: u32) -> Option<(&'static [&'static str], usize)> {
    let kept: (&[&str], usize) = match (provider, id) {
        ("Microsoft-Windows-Security-Auditing", 4624) => (&["LogonType", "IpAddress"], 1),
        ("Microsoft-Windows-Security-Auditing", 4625) => (
            &[
                "LogonType",
                "Status",
                "SubStatus",
                "IpAddress",
                "TargetUserName",
            ],
            3,
        ),
        ("Microsoft-Windows-Security-Auditing", 4648) => {
            (&["TargetServerName", "TargetInfo", "ProcessName"], 0)
        }
        ("Microsoft-Windows-Security-Auditing", 4771) => {
            (&["Status", "IpAddress", "TargetUserName"], 1)
        }
        ("Microsoft-Windows-Security-Auditing", 4776) => {
            (&["Status", "Workstation", "TargetUserName"], 1)
        }
        ("Microsoft-Windows-Security-Auditing", 4778 | 4779) => {
            (&["AccountName", "ClientName", "ClientAddress"], 0)
        }
        ("Microsoft-Windows-Security-Auditing", 5152 | 5156 | 5157) => (
            &[
                "Direction",
                "Protocol",
                "DestPort",
                "SourceAddress",
                "DestAddress",
                "Application",
                "FilterOrigin",
            ],
            3,
        ),
        ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 131) => {
            (&["ConnType", "ClientIP"], 1)
        }
        ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 132 | 148) => (&["ChannelName"], 1),
        ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 133) => (&[], 0),
        ("Microsoft-Windows-TerminalServices-ClientActiveXCore", 1029) => (&[], 0),
        ("Microsoft-Windows-Sysmon", 13) => (&["TargetObject", "Details", "Image"], 1),
        _ => return None,
    };
    Some(kept)
}

/// A value of this name is looked at, if only to see whether the event matters.
pub fn looks_at(provider: &str, id: u32, name: &str) -> bool {
    match telling(provider, id) {
        // What an explicit logon was for stands in any of its values.
        Some(_) if id == 4648 => true,
        Some((names, _)) => {
            names.contains(&name) || matches!(name, "SourcePort" | "DestPort" | "TargetObject")
        }
        None => !is_passing(name),
    }
}

/// Values that differ with every event and tell nothing.
pub fn is_passing(name: &str) -> bool {
    matches!(
        name,
        "ActivityId"
            | "ConnectionName"
            | "CorrelationID"
            | "InstanceID"
            | "LogonGuid"
            | "LogonID"
            | "ProcessId"
            | "ProcessID"
            | "RemoteMachineID"
            | "Session"
            | "SessionID"
            | "SubjectLogonId"
            | "TargetLogonId"
            | "TargetLogonGuid"
            | "ThreadId"
            | "TraceMessage"
            | "TunnelID"
            | "UtcTime"
            | "RuleName"
            | "ProcessGuid"
            | "EventType"
    )
}

/// The names of the values of an event in the order in which it carries them, where exports leave the names
/// out; empty where they are not known here.
pub fn in_order(provider: &str, id: u32) -> &'static [&'static str] {
    match (provider, id) {
        ("Microsoft-Windows-Security-Auditing", 4625) => &[
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "TargetUserSid",
            "TargetUserName",
            "TargetDomainName",
            "Status",
            "FailureReason",
            "SubStatus",
            "LogonType",
            "LogonProcessName",
            "AuthenticationPackageName",
            "WorkstationName",
            "TransmittedServices",
            "LmPackageName",
            "KeyLength",
            "ProcessId",
            "ProcessName",
            "IpAddress",
            "IpPort",
        ],
        ("Microsoft-Windows-Security-Auditing", 4624) => &[
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "TargetUserSid",
            "TargetUserName",
            "TargetDomainName",
            "TargetLogonId",
            "LogonType",
            "LogonProcessName",
            "AuthenticationPackageName",
            "WorkstationName",
            "LogonGuid",
            "TransmittedServices",
            "LmPackageName",
            "KeyLength",
            "ProcessId",
            "ProcessName",
            "IpAddress",
            "IpPort",
        ],
        ("Microsoft-Windows-Security-Auditing", 4776) => {
            &["PackageName", "TargetUserName", "Workstation", "Status"]
        }
        ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 131) => &["ConnType", "ClientIP"],
        ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 140) => &["IPString"],
        ("Microsoft-Windows-TerminalServices-ClientActiveXCore", 1024) => &["Name", "Value"],
        ("Microsoft-Windows-TerminalServices-ClientActiveXCore", 1026) => &["Name", "Value"],
        ("Schannel", 36870) => &["Type", "ErrorCode", "ErrorStatus"],
        ("Schannel", 36871) => &["Type", "ErrorState"],
        ("Schannel", 36874) => &["Protocol"],
        ("Schannel", 36887) => &["AlertDesc"],
        ("Schannel", 36888) => &["AlertDesc", "ErrorState"],
        _ => &[],
    }
}
