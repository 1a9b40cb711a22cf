//! The keys that decide about Remote Desktop.

use model::SettingValue;

/// A key of which values are read.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its path without the root, as Windows writes it.
    pub path: &'static str,
    /// How far below it.
    pub depth: Depth,
    /// The names of the values; empty for all.
    pub names: &'static [&'static str],
}

/// How far below a key values are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Its own values.
    Own,
    /// Its own and those of its subkeys.
    Below,
    /// Those of everything below.
    All,
}

const fn key(path: &'static str, depth: Depth, names: &'static [&'static str]) -> Key {
    Key { path, depth, names }
}

/// Every key, the more exact ones first.
pub const KEYS: &[Key] = &[
    key(
        r"SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations",
        Depth::Below,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\Terminal Server\RCM",
        Depth::Below,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\Terminal Server\Licensing Core",
        Depth::Own,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\Terminal Server\ClusterSettings",
        Depth::Own,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\Terminal Server",
        Depth::Own,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL",
        Depth::All,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\SecurityProviders",
        Depth::Own,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\Cryptography\Configuration\Local\SSL\00010002",
        Depth::Own,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\Lsa\FipsAlgorithmPolicy",
        Depth::Own,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0",
        Depth::Own,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\Lsa\Kerberos\Parameters",
        Depth::Own,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\Lsa",
        Depth::Own,
        &[
            "LmCompatibilityLevel",
            "DisableRestrictedAdmin",
            "DisableRestrictedAdminOutboundCreds",
            "FipsAlgorithmPolicy",
            "RestrictAnonymous",
            "DisableDomainCreds",
            "LimitBlankPasswordUse",
            "ForceGuest",
            "Security Packages",
            "RunAsPPL",
            "LsaCfgFlags",
        ],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Services\TermService",
        Depth::Below,
        &[
            "Start",
            "ImagePath",
            "ObjectName",
            "ServiceDll",
            "DependOnService",
        ],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Services\SessionEnv",
        Depth::Own,
        &["Start", "ObjectName"],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Services\UmRdpService",
        Depth::Own,
        &["Start", "ObjectName"],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Services\TermDD",
        Depth::Own,
        &["Start"],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Services\KeyIso",
        Depth::Own,
        &["Start"],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Services\TSGateway",
        Depth::Own,
        &["Start"],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Services\MpsSvc",
        Depth::Own,
        &["Start"],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Services\W32Time\Parameters",
        Depth::Own,
        &["Type", "NtpServer"],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy",
        Depth::Below,
        &[],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces",
        Depth::Below,
        &["IPAddress", "DhcpIPAddress", "EnableDHCP", "MTU"],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\Session Manager",
        Depth::Own,
        &["PendingFileRenameOperations"],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters",
        Depth::Own,
        &[
            "Hostname",
            "NV Hostname",
            "Domain",
            "NV Domain",
            "SearchList",
            "KeepAliveTime",
        ],
    ),
    key(
        r"SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName",
        Depth::Own,
        &["ComputerName"],
    ),
    key(
        r"SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services",
        Depth::All,
        &[],
    ),
    key(
        r"SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation",
        Depth::All,
        &[],
    ),
    key(
        r"SOFTWARE\Policies\Microsoft\Cryptography\Configuration\SSL\00010002",
        Depth::Own,
        &[],
    ),
    key(
        r"SOFTWARE\Policies\Microsoft\WindowsFirewall",
        Depth::All,
        &[],
    ),
    key(
        r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\CredSSP",
        Depth::All,
        &[],
    ),
    key(
        r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Kerberos",
        Depth::All,
        &[],
    ),
    key(
        r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
        Depth::Own,
        &[
            "LocalAccountTokenFilterPolicy",
            "scforceoption",
            "InactivityTimeoutSecs",
        ],
    ),
    key(
        r"SOFTWARE\Microsoft\Windows NT\CurrentVersion",
        Depth::Own,
        &[
            "ProductName",
            "CurrentBuild",
            "CurrentBuildNumber",
            "UBR",
            "DisplayVersion",
            "ReleaseId",
            "InstallationType",
            "EditionID",
        ],
    ),
    key(
        r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Terminal Server\TSAppAllowList",
        Depth::Below,
        &[],
    ),
    key(
        r"SOFTWARE\Microsoft\SystemCertificates\Remote Desktop\Certificates",
        Depth::Below,
        &["Blob"],
    ),
    key(
        r"SOFTWARE\Microsoft\SystemCertificates\MY\Certificates",
        Depth::Below,
        &["Blob"],
    ),
    key(
        r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending",
        Depth::Own,
        &[],
    ),
    key(
        r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired",
        Depth::Own,
        &[],
    ),
    key(
        r"SOFTWARE\Microsoft\Terminal Server Client\Servers",
        Depth::Below,
        &["UsernameHint"],
    ),
    key(
        r"SOFTWARE\Microsoft\Terminal Server Client\Default",
        Depth::Own,
        &[],
    ),
    key(
        r"SOFTWARE\Microsoft\Terminal Server Client",
        Depth::Own,
        &[],
    ),
    key(
        r"SOFTWARE\Microsoft\Terminal Server Gateway",
        Depth::Below,
        &[],
    ),
];

/// What is read of the key at this path (with its root), if anything is.
pub fn key_of(path: &str) -> Option<&'static Key> {
    let (_, rest) = path.split_once('\\')?;
    KEYS.iter().find(|key| {
        let Some(below) = rest
            .get(..key.path.len())
            .filter(|start| start.eq_ignore_ascii_case(key.path))
            .and_then(|_| rest.get(key.path.len()..))
        else {
            return false;
        };
        match key.depth {
            Depth::Own => below.is_empty(),
            Depth::Below => {
                below.is_empty() || (below.starts_with('\\') && below.matches('\\').count() == 1)
            }
            Depth::All => below.is_empty() || below.starts_with('\\'),
        }
    })
}

impl Key {
    /// A value of this key is kept.
    pub fn wants(&self, name: &str, value: &SettingValue) -> bool {
        // A firewall has hundreds of rules; those of Remote Desktop name it or its port.
        if self.path.ends_with("FirewallPolicy") || self.path.ends_with("WindowsFirewall") {
            if let SettingValue::Text(text) = value
                && text.contains("|Action=")
            {
                return name.starts_with("RemoteDesktop")
                    || text.contains("LPort=3389|")
                    || text.contains("|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice");
            }
            return true;
        }
        self.names.is_empty()
            || self
                .names
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// The path as it is always written: short root, the first control set as the current one.
pub fn written(path: &str) -> String {
    let path = path.trim().trim_end_matches('\\');
    let (root, rest) = path.split_once('\\').unwrap_or((path, ""));
    let root = match root.to_ascii_uppercase().as_str() {
        "HKEY_LOCAL_MACHINE" | "MACHINE" | "HKLM" => "HKLM",
        "HKEY_CURRENT_USER" | "USER" | "HKCU" => "HKCU",
        "HKEY_USERS" => "HKU",
        "HKEY_CLASSES_ROOT" => "HKCR",
        _ => root,
    };
    let mut parts: Vec<&str> = rest.split('\\').filter(|part| !part.is_empty()).collect();
    // A user's branch below HKEY_USERS is that user's current one.
    let mut root = root;
    if root == "HKU" && parts.first().is_some_and(|part| part.starts_with("S-1-")) {
        root = "HKCU";
        parts.remove(0);
    }
    if let Some(set) = parts.get_mut(1)
        && set.eq_ignore_ascii_case("ControlSet001")
    {
        *set = "CurrentControlSet";
    }
    let mut path = root.to_owned();
    for part in parts {
        path.push('\\');
        path.push_str(part);
    }
    path
}
