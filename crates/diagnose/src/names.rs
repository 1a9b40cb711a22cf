//! Whether two names are the same machine's, as certificates and NTLM write them.

use std::net::IpAddr;

use model::{Certificate, NtlmChallenge, Target};

/// The host was asked for by a name that means a machine, not by an address or as this machine itself.
pub(crate) fn asked_by_name(target: &Target) -> Option<String> {
    let name = target.host.folded();
    let is_address = target.address.is_some() || name.parse::<IpAddr>().is_ok();
    let is_here = name == "localhost" || name.ends_with(".localhost") || name.is_empty();
    (!is_address && !is_here).then_some(name)
}

/// The name is one that machines answer for themselves, on their own link (RFC 6762 section 3).
pub(crate) fn is_link_local(name: &model::HostName) -> bool {
    name.folded().ends_with(".local")
}

/// A program of this name is a server of Remote Desktop; `None` for one that may hold the port for a server.
pub(crate) fn serves_rdp(program: &str) -> Option<bool> {
    /// Programs that hand on what they take in.
    const RELAYS: &[&str] = &[
        "systemd",
        "init",
        "docker-proxy",
        "rootlessport",
        "pasta",
        "slirp4netns",
        "conmon",
        "haproxy",
        "nginx",
        "socat",
        "sslh",
        "stunnel",
        "stunnel4",
        "xinetd",
        "inetd",
        "sshd",
        "ssh",
        "qemu-system-x86_64",
        "wslrelay.exe",
        "svchost.exe",
        "system",
        "containerd-shim",
        "traefik",
        "envoy",
        "rinetd",
    ];
    const SERVERS: &[&str] = &[
        "xrdp",
        "gnome-remote-desktop-daemon",
        "freerdp-shadow-cli",
        "freerdp-shadow-cli3",
        "freerdp-proxy",
        "freerdp-proxy3",
        "krdpserver",
        "weston",
        "vboxheadless",
        "virtualboxvm",
        "rdpdoctor",
    ];
    let program = program.to_ascii_lowercase();
    // Linux keeps fifteen letters of a name, and lsof shows nine of them.
    let is_one_of = |known: &[&str]| {
        known.iter().any(|known| {
            *known == program
                || (matches!(program.len(), 9 | 15) && known.starts_with(program.as_str()))
        })
    };
    if is_one_of(RELAYS) {
        return None;
    }
    Some(is_one_of(SERVERS))
}

/// The names and addresses a certificate is for, in lower case: its alternative names, or else its common name.
fn names_of(certificate: &Certificate) -> Vec<String> {
    let fold = |name: &String| name.trim_end_matches('.').to_lowercase();
    let mut names: Vec<String> = certificate.dns_names.iter().map(fold).collect();
    names.extend(certificate.common_name.iter().map(fold));
    names
}

/// The certificate is for the name; `None` when it carries no name to compare.
pub(crate) fn covers(certificate: &Certificate, asked: &str) -> Option<bool> {
    let names = names_of(certificate);
    if names.is_empty() && certificate.addresses.is_empty() {
        return None;
    }
    if let Ok(address) = asked.parse::<IpAddr>() {
        return Some(certificate.addresses.contains(&address));
    }
    if names.is_empty() {
        return None;
    }
    Some(names.iter().any(|name| pattern_covers(name, asked)))
}

/// The pattern of a certificate covers the name: letter by letter, by a wildcard for one label (RFC 6125
/// section 6.4.3), or because one is the short form of the other.
fn pattern_covers(pattern: &str, asked: &str) -> bool {
    if same_machine(pattern, asked) {
        return true;
    }
    match (pattern.strip_prefix("*."), asked.split_once('.')) {
        (Some(domain), Some((_, of))) => domain == of,
        _ => false,
    }
}

/// Two names are the same, or one is the first label of the other.
pub(crate) fn same_machine(one: &str, other: &str) -> bool {
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    if one == other {
        return true;
    }
    let one_short = !one.contains('.');
    let other_short = !other.contains('.');
    // NetBIOS cuts names at 15 characters ([MS-NBTE] 1.8).
    let cut = |short: &str, long: &str| {
        let long = first(long);
        short == long || (short.len() == 15 && long.starts_with(short))
    };
    (one_short && cut(one, other)) || (other_short && cut(other, one))
}

/// The challenge says the name is this machine's; `None` when it carries no name.
pub(crate) fn answers_to(challenge: &NtlmChallenge, asked: &str) -> Option<bool> {
    let names: Vec<String> = challenge
        .dns_computer
        .iter()
        .chain(challenge.netbios_computer.iter())
        .map(model::HostName::folded)
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() {
        return None;
    }
    Some(names.iter().any(|name| same_machine(name, asked)))
}

/// The certificate's extended key usages, by name or by object identifier, allow it to be a server's.
pub(crate) fn may_serve(certificate: &Certificate) -> bool {
    const SERVES: &[&str] = &[
        "serverauth",
        "serverauthentication",
        "tlswebserverauthentication",
        "remotedesktop",
        "remotedesktopauthentication",
        "any",
        "anyextendedkeyusage",
        "1.3.6.1.5.5.7.3.1",
        "1.3.6.1.4.1.311.54.1.2",
        "2.5.29.37.0",
    ];
    let plain = |usage: &String| -> String {
        usage
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '.')
            .flat_map(char::to_lowercase)
            .collect()
    };
    certificate.extended_key_usage.is_empty()
        || certificate
            .extended_key_usage
            .iter()
            .map(plain)
            .any(|usage| SERVES.contains(&usage.as_str()))
}

/// Addresses that never lead out of a private network.
pub(crate) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || {
                let [first, second, ..] = v4.octets();
                first == 100 && (64..128).contains(&second)
            }
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_names_are_one_machine() {
        for (one, other, same) in [
            ("srv01", "srv01.corp.example", true),
            ("srv01.corp.example", "srv01", true),
            ("srv01.corp.example", "srv02.corp.example", false),
            ("srv01.a.example", "srv01.b.example", false),
            ("averylongmachin", "averylongmachinename.corp.example", true),
            ("averylong", "averylongmachinename.corp.example", false),
        ] {
            assert_eq!(same_machine(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn wildcards_cover_one_label() {
        assert!(pattern_covers("*.corp.example", "srv01.corp.example"));
        assert!(!pattern_covers("*.corp.example", "a.srv01.corp.example"));
        assert!(!pattern_covers("*.corp.example", "corp.example"));
        assert!(!pattern_covers("*.corp.example", "srv01"));
    }
}
