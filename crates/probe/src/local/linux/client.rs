//! What connects to others from this machine: programs, what they remember, and the policies they obey.
//!
//! Of saved connections names alone are told; passwords are not even looked for.

use std::path::{Path, PathBuf};

use model::{Fact, HostName, SettingValue, Source};

use super::packages::Packages;
use super::{Machine, files, name_of};
use crate::local::Inspection;
use crate::probes::CLIENT;

/// Clients of Remote Desktop, and the packages they come in.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("xfreerdp", &["freerdp2-x11", "freerdp-x11", "freerdp"]),
    ("xfreerdp3", &["freerdp3-x11"]),
    ("wlfreerdp", &["freerdp2-wayland", "freerdp-wayland"]),
    ("wlfreerdp3", &["freerdp3-wayland"]),
    ("sdl-freerdp", &["freerdp-sdl"]),
    ("sdl-freerdp3", &["freerdp3-sdl"]),
    ("remmina", &["remmina"]),
    ("gnome-connections", &["gnome-connections"]),
    ("krdc", &["krdc"]),
    ("rdesktop", &["rdesktop"]),
];

/// Packages of which the version matters to a client.
pub(super) const PACKAGES: &[&str] = &[
    "freerdp2-x11",
    "freerdp-x11",
    "freerdp",
    "freerdp3-x11",
    "freerdp2-wayland",
    "freerdp-wayland",
    "freerdp3-wayland",
    "freerdp-sdl",
    "freerdp3-sdl",
    "remmina",
    "gnome-connections",
    "krdc",
    "rdesktop",
];

/// Settings of a saved connection that decide how it is made.
const PROFILE: &[&str] = &[
    "server",
    "gateway_server",
    "gateway_usage",
    "security",
    "tls-seclevel",
];
/// Variables that send programs through a proxy.
const PROXIES: &[&str] = &[
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
];
/// Of lists that a user makes, this many entries are told.
const MOST: usize = 200;

/// Looks at the clients of the machine.
pub(super) fn look(machine: &Machine<'_>, packages: &Packages, found: &mut Inspection) {
    for (name, of) in PROGRAMS {
        if let Some(path) = machine.program(name) {
            found.tell(
                Source::Registry,
                None,
                Fact::ProgramFound {
                    name: (*name).to_owned(),
                    path: Some(path),
                    version: packages.version(of),
                },
            );
        }
    }
    for home in homes(machine) {
        remembered(machine, &home, found);
        profiles(machine, &home, found);
    }
    library(machine, found);
    for (name, value) in &machine.scope.environment {
        if PROXIES.contains(&name.as_str()) && !value.is_empty() {
            setting(found, "environment", name, &without_secrets(value));
        }
    }
}

fn setting(found: &mut Inspection, key: &str, name: &str, value: &str) {
    found.tell(
        Source::Registry,
        None,
        Fact::SettingFound {
            key: key.to_owned(),
            name: name.to_owned(),
            value: SettingValue::Text(value.chars().take(500).collect()),
            policy: false,
        },
    );
}

/// The folders of the users that are meant: who asks, and whom `sudo` speaks for; of another machine, all.
fn homes(machine: &Machine<'_>) -> Vec<PathBuf> {
    let scope = machine.scope;
    if !scope.live {
        let mut homes = vec![PathBuf::from("/root")];
        homes.extend(
            files::names(&scope.root, "/home")
                .into_iter()
                .take(MOST)
                .map(|name| Path::new("/home").join(name)),
        );
        return homes;
    }
    let mut homes: Vec<PathBuf> = scope
        .variable("HOME")
        .map(PathBuf::from)
        .into_iter()
        .collect();
    if let Some(user) = scope.variable("SUDO_USER")
        && let Some(home) = files::home(&scope.root, user)
        && !homes.contains(&home)
    {
        homes.push(home);
    }
    homes
}

/// Certificates that FreeRDP remembers: a line each in version 2, a file each in version 3.
fn remembered(machine: &Machine<'_>, home: &Path, found: &mut Inspection) {
    let root = &machine.scope.root;
    let folder = home.join(".config/freerdp");
    let store = folder.join("known_hosts2");
    let lines = files::text(root, &store).unwrap_or_default();
    for line in lines.lines().take(MOST) {
        let mut words = line.split_ascii_whitespace();
        if let (Some(host), Some(port), Some(fingerprint)) = (
            words.next(),
            words.next().and_then(|port| port.parse().ok()),
            words.next(),
        ) {
            found.tell(
                Source::Registry,
                None,
                Fact::HostRemembered {
                    store: store.display().to_string(),
                    host: HostName(host.to_owned()),
                    port,
                    fingerprint: fingerprint.replace(':', "").to_ascii_lowercase(),
                },
            );
        }
    }
    let store = folder.join("server");
    for name in files::names(root, &store).into_iter().take(MOST) {
        // HOST_PORT.pem
        let Some((host, port)) = name
            .strip_suffix(".pem")
            .and_then(|name| name.rsplit_once('_'))
            .and_then(|(host, port)| Some((host, port.parse().ok()?)))
        else {
            continue;
        };
        let text = files::text(root, store.join(&name)).unwrap_or_default();
        let certificate = tls::pem::certificates(text.as_bytes())
            .first()
            .and_then(|encoded| wire::certificate::read(encoded, 0));
        found.tell(
            Source::Registry,
            None,
            Fact::HostRemembered {
                store: store.join(&name).display().to_string(),
                host: HostName(host.to_owned()),
                port,
                fingerprint: certificate
                    .map(|certificate| certificate.sha256.to_string())
                    .unwrap_or_default(),
            },
        );
    }
}

/// Saved connections of Remmina.
fn profiles(machine: &Machine<'_>, home: &Path, found: &mut Inspection) {
    let root = &machine.scope.root;
    let folder = home.join(".local/share/remmina");
    let profiles = files::names(root, &folder);
    for name in profiles
        .iter()
        .filter(|name| name.ends_with(".remmina"))
        .take(MOST)
    {
        let path = folder.join(name);
        let Some(text) = files::text(root, &path) else {
            continue;
        };
        let value =
            |name| model::ini::value(&text, "remmina", name).filter(|value| !value.is_empty());
        if value("protocol") != Some("RDP") {
            continue;
        }
        let key = format!("saved connection {}", name_of(&path));
        for name in PROFILE {
            if let Some(value) = value(name) {
                setting(found, &key, name, value);
            }
        }
    }
}

/// What the machine allows of TLS: OpenSSL, system-wide policies, FIPS.
fn library(machine: &Machine<'_>, found: &mut Inspection) {
    let root = &machine.scope.root;
    for path in [
        "/etc/ssl/openssl.cnf",
        "/etc/pki/tls/openssl.cnf",
        "/etc/crypto-policies/back-ends/opensslcnf.config",
    ] {
        let Some(text) = files::text(root, path) else {
            continue;
        };
        for section in std::iter::once("").chain(model::ini::sections(&text)) {
            let names: &[&str] = match section {
                "legacy_sect" | "fips_sect" | "default_sect" => &["activate"],
                _ => &[
                    "MinProtocol",
                    "MaxProtocol",
                    "CipherString",
                    "TLS.MinProtocol",
                ],
            };
            for name in names {
                if let Some(value) = model::ini::value(&text, section, name) {
                    setting(found, &format!("{path} [{section}]"), name, value);
                }
            }
        }
    }
    if let Some(policy) = files::text(root, "/etc/crypto-policies/config") {
        let policy = policy
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty() && !line.starts_with('#'));
        if let Some(policy) = policy {
            setting(found, "/etc/crypto-policies/config", "policy", policy);
        }
    }
    if machine.scope.live {
        match std::fs::read_to_string("/proc/sys/crypto/fips_enabled") {
            Ok(fips) => setting(found, "/proc/sys/crypto", "fips_enabled", fips.trim()),
            // A kernel without it has no such mode.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => found.broke(&CLIENT, "the FIPS mode of the kernel", error.to_string()),
        }
    }
}

/// An address of a proxy without user and password.
fn without_secrets(value: &str) -> String {
    let (scheme, rest) = value.split_once("://").unwrap_or(("", value));
    let Some((_, host)) = rest.rsplit_once('@') else {
        return value.to_owned();
    };
    if scheme.is_empty() {
        format!("…@{host}")
    } else {
        format!("{scheme}://…@{host}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_a_proxy_stay_where_they_are() {
        for (value, expect) in [
            ("http://proxy:8080", "http://proxy:8080"),
            ("http://me:p@ss@proxy:8080/", "http://…@proxy:8080/"),
            ("me:secret@proxy", "…@proxy"),
            ("localhost,.corp.example", "localhost,.corp.example"),
        ] {
            assert_eq!(without_secrets(value), expect);
        }
    }
}
