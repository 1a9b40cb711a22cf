//! Servers of Remote Desktop on Linux: which there are, and what the one that is meant is set up with.

use std::path::{Path, PathBuf};

use model::{Fact, FileRole, Phase, SettingValue};

use super::files::{self, Held, Reader};
use super::processes::{self, Process};
use super::units::{self, Unit};
use super::{Machine, packages::Packages};
use crate::local::{Inspection, Server};
use crate::probes::{LISTENERS, SERVER};

/// A kind of server.
#[derive(Debug)]
pub(super) struct Kind {
    /// What it is called.
    pub(super) name: &'static str,
    /// Its unit.
    unit: &'static str,
    /// Its packages.
    packages: &'static [&'static str],
    /// The programs that it is.
    programs: &'static [&'static str],
    /// Its settings, when it has a file of its own for them.
    settings: &'static [&'static str],
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "xrdp",
        unit: "xrdp",
        packages: &["xrdp"],
        programs: &["xrdp"],
        settings: &["/etc/xrdp/xrdp.ini"],
    },
    Kind {
        name: "gnome-remote-desktop",
        unit: "gnome-remote-desktop",
        packages: &["gnome-remote-desktop"],
        programs: &["gnome-remote-desktop-daemon"],
        settings: &[
            "/etc/gnome-remote-desktop/grd.conf",
            "/usr/share/gnome-remote-desktop/grd.conf",
        ],
    },
    Kind {
        name: "freerdp-shadow",
        unit: "freerdp-shadow",
        packages: &[
            "freerdp2-shadow-x11",
            "freerdp3-shadow-x11",
            "freerdp-shadow-x11",
        ],
        programs: &["freerdp-shadow-cli", "freerdp-shadow-cli3"],
        settings: &[],
    },
    Kind {
        name: "krdp",
        unit: "app-org.kde.krdpserver",
        packages: &["krdp"],
        programs: &["krdpserver"],
        settings: &[],
    },
];

/// Packages of which the version matters to a server.
pub(super) const PACKAGES: &[&str] = &[
    "xrdp",
    "xorgxrdp",
    "gnome-remote-desktop",
    "freerdp2-shadow-x11",
    "freerdp3-shadow-x11",
    "freerdp-shadow-x11",
    "krdp",
    "tigervnc-standalone-server",
];

/// A server on this machine.
#[derive(Debug)]
struct Candidate {
    kind: &'static Kind,
    unit: Option<Unit>,
    running: Option<bool>,
    processes: Vec<Process>,
    settings: PathBuf,
    /// Its settings were found.
    text: Option<String>,
    version: Option<String>,
    ports: Vec<u16>,
    listens: bool,
}

/// Looks at the servers of the machine.
pub(super) fn look(machine: &Machine<'_>, packages: &Packages, found: &mut Inspection) {
    let scope = machine.scope;
    let mut candidates: Vec<Candidate> = KINDS
        .iter()
        .filter_map(|kind| candidate(machine, packages, kind, found))
        .filter(|candidate| {
            scope
                .program
                .as_ref()
                .is_none_or(|wanted| wanted == candidate.kind.name)
        })
        .collect();
    // The one that listens, then one that runs, then one that would start by itself.
    candidates.sort_by_key(|candidate| {
        (
            !candidate.listens,
            candidate.running != Some(true),
            !candidate.starts(),
        )
    });
    for candidate in &candidates {
        found.servers.push(Server {
            name: candidate.kind.name.to_owned(),
            running: candidate.running,
            starts: candidate.starts(),
            port: candidate.port(),
            at: None,
        });
    }
    let mut candidates = candidates.into_iter();
    let Some(first) = candidates.next() else {
        found.ran(&SERVER, "servers of Remote Desktop: none is installed");
        return;
    };
    // Installed and never started is no server; whoever asks for servers alone, or for this one, means it.
    let meant = first.listens
        || first.running == Some(true)
        || first.starts()
        || !scope.client
        || scope.program.is_some()
        || scope.settings.is_some()
        || (!scope.live && first.text.is_some());
    if !meant {
        found.notes.push(format!(
            "{} is installed, does not run and does not start by itself: this machine is taken for a client alone. \
             To look at it all the same: rdpdoctor inspect --role server",
            first.kind.name
        ));
        found.servers.clear();
        return;
    }
    primary(machine, &first, packages, found);
    for other in candidates.filter(|other| other.listens || other.running == Some(true)) {
        found.notes.push(format!(
            "{0} runs here too, on port {1}; to look at it: rdpdoctor inspect --server {0}",
            other.kind.name,
            other.port()
        ));
    }
}

impl Candidate {
    fn starts(&self) -> bool {
        self.unit
            .as_ref()
            .is_some_and(|unit| unit.enabled && !unit.masked)
    }

    fn port(&self) -> u16 {
        self.ports
            .first()
            .copied()
            .unwrap_or(model::target::RDP_PORT)
    }
}

fn candidate(
    machine: &Machine<'_>,
    packages: &Packages,
    kind: &'static Kind,
    found: &mut Inspection,
) -> Option<Candidate> {
    let scope = machine.scope;
    let root = &scope.root;
    let unit = units::unit(root, kind.unit);
    let all = if scope.live {
        processes::running(kind.programs)
    } else {
        processes::Running::default()
    };
    let runs = all.any();
    let processes = all.ours;
    let is_given = scope.settings.is_some()
        && scope
            .program
            .as_ref()
            .map_or(kind.name == "xrdp", |wanted| wanted == kind.name);
    let settings = scope
        .settings
        .clone()
        .filter(|_| is_given)
        .or_else(|| settings_of(kind, &processes))
        .or_else(|| {
            let usual = kind.settings.iter().map(PathBuf::from);
            usual
                .clone()
                .find(|path| files::exists(root, path))
                .or(usual.clone().next())
        })
        .or_else(|| home_settings(machine, kind, &processes))
        .unwrap_or_default();
    let version = packages.version(kind.packages);
    let text = match files::read(root, &settings) {
        _ if settings.as_os_str().is_empty() => None,
        Held::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Held::Missing => None,
        Held::Closed(why) => {
            found.broke(
                &SERVER,
                format!("settings of {}", kind.name),
                format!("{why}; as root the settings would be read"),
            );
            None
        }
    };
    let known = version.is_some()
        || unit.is_some()
        || !processes.is_empty()
        || (kind.name == "xrdp" && text.is_some())
        || is_given;
    known.then_some(())?;
    let mut ports = text
        .as_deref()
        .map(|text| ports(kind, text))
        .unwrap_or_default();
    let own: Vec<u16> = machine
        .listening
        .iter()
        .filter(|(_, owner)| {
            owner
                .as_ref()
                .is_some_and(|(_, name)| kind.programs.contains(&name.as_str()))
        })
        .map(|(listening, _)| listening.at.port())
        .collect();
    // A server that keeps its port elsewhere than in a file shows it.
    if text.is_none() || kind.settings.is_empty() {
        ports.extend(&own);
    }
    if ports.is_empty() {
        ports.push(model::target::RDP_PORT);
    }
    let listens = ports.iter().any(|port| own.contains(port));
    let running = if processes.is_empty() && scope.live {
        units::runs(kind.unit).or(runs)
    } else {
        runs.filter(|_| scope.live)
    };
    Some(Candidate {
        kind,
        unit,
        running,
        processes,
        settings,
        text,
        version,
        ports,
        listens,
    })
}

/// The file of settings that a running server was told on its command line.
fn settings_of(kind: &Kind, processes: &[Process]) -> Option<PathBuf> {
    (kind.name == "xrdp").then_some(())?;
    processes.iter().find_map(|process| {
        let mut words = process.words.iter();
        words.find(|word| *word == "-c" || *word == "--config")?;
        words.next().map(PathBuf::from)
    })
}

/// The settings of a server that runs in a user's session.
fn home_settings(machine: &Machine<'_>, kind: &Kind, processes: &[Process]) -> Option<PathBuf> {
    let home = home_of(machine, processes)?;
    (kind.name == "krdp").then(|| home.join(".config/krdpserverrc"))
}

/// The folder of the user a server runs as.
fn home_of(machine: &Machine<'_>, processes: &[Process]) -> Option<PathBuf> {
    let root = &machine.scope.root;
    let by_environment = processes.first().and_then(|process| {
        let environment = std::fs::read(format!("/proc/{}/environ", process.id)).ok()?;
        environment.split(|byte| *byte == 0).find_map(|variable| {
            let variable = std::str::from_utf8(variable).ok()?;
            variable.strip_prefix("HOME=").map(PathBuf::from)
        })
    });
    by_environment.or_else(|| {
        let user = machine
            .scope
            .user
            .clone()
            .or_else(|| Some(processes::reader(root, processes.first()?.id)?.name))?;
        files::home(root, &user)
    })
}

/// The TCP ports that settings name.
fn ports(kind: &Kind, text: &str) -> Vec<u16> {
    match kind.name {
        "xrdp" => xrdp_ports(text),
        "gnome-remote-desktop" => model::ini::value(text, "RDP", "port")
            .and_then(|port| port.parse().ok())
            .into_iter()
            .collect(),
        "krdp" => model::ini::value(text, "General", "ListenPort")
            .and_then(|port| port.parse().ok())
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// The TCP ports xrdp is told to listen on: `3389`, `tcp://:3389`, `tcp://10.0.0.1:3389`, several of them
/// separated by blanks or commas; other transports have none.
fn xrdp_ports(ini: &str) -> Vec<u16> {
    let value = model::ini::value(ini, "Globals", "port").unwrap_or("3389");
    value
        .split([',', ' ', '\t'])
        .filter(|word| !word.is_empty())
        .filter_map(|word| {
            let end = match word.strip_prefix("tcp") {
                Some(address) => address.rsplit(':').next()?,
                None => word,
            };
            end.parse().ok()
        })
        .collect()
}

/// Everything about the server that is meant.
fn primary(machine: &Machine<'_>, server: &Candidate, packages: &Packages, found: &mut Inspection) {
    let kind = server.kind;
    found.ran(&SERVER, format!("settings and files of {}", kind.name));
    let program = server
        .kind
        .programs
        .iter()
        .find_map(|program| machine.program(program));
    found.see(
        Phase::Tcp,
        Fact::ProgramFound {
            name: kind.name.to_owned(),
            path: program,
            version: server.version.clone(),
        },
    );
    if server.running.is_some() || server.unit.is_some() {
        found.see(
            Phase::Tcp,
            Fact::ServiceFound {
                name: kind.name.to_owned(),
                running: server.running,
                starts: server.unit.as_ref().map_or("", Unit::starts).to_owned(),
            },
        );
    }
    listeners(machine, server, found);
    let reader = reader(machine, server);
    match kind.name {
        "xrdp" => super::xrdp::look(
            machine,
            &server.settings,
            server.text.as_deref(),
            &reader,
            found,
        ),
        "gnome-remote-desktop" => {
            if let Some(text) = server.text.as_deref() {
                let key = format!("{} [RDP]", server.settings.display());
                let names = ["enabled", "port", "tls-cert", "tls-key"];
                settings(text, "RDP", &key, &names, |_| Phase::Secure, found);
                let named = |name| model::ini::value(text, "RDP", name).map(PathBuf::from);
                if let (Some(certificate), Some(key)) = (named("tls-cert"), named("tls-key")) {
                    key_pair(machine, &certificate, &key, &reader, found);
                }
            } else {
                found.skipped(
                    &SERVER,
                    "settings of gnome-remote-desktop",
                    "a user's settings are in that user's session: grdctl status shows them there",
                );
            }
        }
        "freerdp-shadow" => {
            if let Some(home) = home_of(machine, &server.processes) {
                let store = home.join(".config/freerdp/shadow");
                key_pair(
                    machine,
                    &store.join("shadow.crt"),
                    &store.join("shadow.key"),
                    &reader,
                    found,
                );
            }
        }
        _ => {
            if let Some(text) = server.text.as_deref() {
                let key = format!("{} [General]", server.settings.display());
                let names = [
                    "ListenAddress",
                    "ListenPort",
                    "Certificate",
                    "CertificateKey",
                ];
                settings(text, "General", &key, &names, |_| Phase::Secure, found);
                let named = |name| model::ini::value(text, "General", name).map(PathBuf::from);
                if let (Some(certificate), Some(key)) =
                    (named("Certificate"), named("CertificateKey"))
                {
                    key_pair(machine, &certificate, &key, &reader, found);
                }
            }
        }
    }
    if kind.name == "xrdp" {
        super::xrdp::session(machine, server.text.as_deref(), packages, found);
    }
}

/// Who opens the files of the server: the running process, else whom settings and unit name.
fn reader(machine: &Machine<'_>, server: &Candidate) -> Reader {
    let root = &machine.scope.root;
    if let Some(user) = &machine.scope.user {
        return Reader::named(root, user);
    }
    // The one that listens opens the files when a connection comes.
    let owner = machine.listening.iter().find_map(|(listening, owner)| {
        let (id, _) = owner.as_ref()?;
        (server.ports.contains(&listening.at.port())
            && server.processes.iter().any(|process| process.id == *id))
        .then_some(*id)
    });
    let running = owner.or_else(|| Some(server.processes.first()?.id));
    if let Some(reader) = running.and_then(|id| processes::reader(root, id)) {
        return reader;
    }
    let named = server
        .text
        .as_deref()
        .and_then(|text| model::ini::value(text, "Globals", "runtime_user"))
        .filter(|user| !user.is_empty() && server.kind.name == "xrdp");
    if let Some(user) = named {
        return Reader::named(root, user);
    }
    server
        .unit
        .as_ref()
        .map_or_else(|| Reader::named(root, "root"), |unit| unit.reader(root))
}

/// Who listens on the ports of the server.
fn listeners(machine: &Machine<'_>, server: &Candidate, found: &mut Inspection) {
    if !machine.scope.live {
        return;
    }
    if !machine.tables {
        found.broke(&LISTENERS, "listeners", "cannot read /proc/net/tcp");
        return;
    }
    found.ran(&LISTENERS, "listeners");
    let Some(&port) = server.ports.first() else {
        return;
    };
    let here = machine
        .listening
        .iter()
        .filter(|(listening, _)| listening.at.port() == port);
    let mut any = false;
    for (listening, owner) in here {
        any = true;
        let (process, program) = owner.clone().unzip();
        if process.is_none() {
            found.broke(
                &LISTENERS,
                format!("the program behind port {port}"),
                "processes of other users keep their sockets to themselves; as root the program would be named",
            );
        }
        found.see(
            Phase::Tcp,
            Fact::ListenerFound {
                at: listening.at,
                process,
                program,
            },
        );
        if let Some(first) = found.servers.first_mut() {
            first.at.get_or_insert(reachable(listening.at));
        }
    }
    if !any {
        found.see(Phase::Tcp, Fact::ListenerMissing { port });
    }
}

/// Where a listener can be reached from its own machine.
fn reachable(at: std::net::SocketAddr) -> std::net::SocketAddr {
    use std::net::{IpAddr, Ipv4Addr};
    let mut at = at;
    // A listener on every address of IPv6 takes IPv4 too, unless it was told otherwise.
    if at.ip().is_unspecified() {
        at.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    at
}

/// Settings of a section, as facts.
pub(super) fn settings(
    text: &str,
    section: &str,
    key: &str,
    names: &[&str],
    phase: impl Fn(&str) -> Phase,
    found: &mut Inspection,
) {
    for &name in names {
        if let Some(value) = model::ini::value(text, section, name) {
            found.see(
                phase(name),
                Fact::SettingFound {
                    key: key.to_owned(),
                    name: name.to_owned(),
                    value: SettingValue::Text(value.to_owned()),
                    policy: false,
                },
            );
        }
    }
}

/// Certificate and key: there, readable, of one pair.
pub(super) fn key_pair(
    machine: &Machine<'_>,
    certificate: &Path,
    key: &Path,
    reader: &Reader,
    found: &mut Inspection,
) {
    let root = &machine.scope.root;
    for (path, role, says) in [
        (certificate, FileRole::Certificate, "the certificate"),
        (key, FileRole::Key, "the private key"),
    ] {
        match files::file(root, path, role, reader) {
            Ok(fact) => found.see(Phase::Secure, fact),
            // It will not be read either, and is named then.
            Err(_) if role == FileRole::Key => {}
            Err(why) => found.broke(
                &SERVER,
                format!("{says} {}", path.display()),
                format!("{why}; as root its permissions would be seen"),
            ),
        }
    }
    let (certificate, key) = (
        files::behind_links(root, certificate),
        files::behind_links(root, key),
    );
    let chain = match files::read(root, &certificate) {
        Held::Bytes(chain) => chain,
        Held::Missing => return,
        Held::Closed(why) => {
            found.broke(
                &SERVER,
                "the certificate",
                format!("{why}; as root it would be read"),
            );
            return;
        }
    };
    let encoded = tls::pem::certificates(&chain);
    let fact = match encoded.split_first() {
        Some((own, further)) => {
            let count = u32::try_from(further.len()).unwrap_or(u32::MAX);
            match wire::certificate::read(own, count) {
                Some(certificate) => Fact::CertificateSeen {
                    certificate: Box::new(certificate),
                    seen_at: machine.scope.now,
                },
                None => Fact::CertificateUnreadable {
                    first_bytes: model::Bytes::first_of(own),
                },
            }
        }
        None => Fact::CertificateUnreadable {
            first_bytes: model::Bytes::first_of(&chain),
        },
    };
    found.see(Phase::Secure, fact);
    match files::read(root, &key) {
        Held::Bytes(private) => found.see(
            Phase::Secure,
            Fact::KeyCompared {
                certificate: certificate.to_string_lossy().into_owned(),
                key: key.to_string_lossy().into_owned(),
                belongs: tls::pem::belongs(&chain, &private),
            },
        ),
        Held::Missing => {}
        Held::Closed(why) => found.broke(
            &SERVER,
            "the private key",
            format!("{why}; as root its permissions would be seen and it would be compared with the certificate"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_every_form_are_read() {
        let of = |value: &str| xrdp_ports(&format!("[Globals]\nport={value}\n"));
        assert_eq!(of("3389"), [3389]);
        assert_eq!(of("tcp://:3390 tcp6://{::}:3391"), [3390, 3391]);
        assert_eq!(of("tcp://10.0.0.1:3392, vsock://1:3"), [3392]);
        assert_eq!(xrdp_ports("[Globals]\n"), [3389]);
    }

    #[test]
    fn a_listener_is_reached_where_it_listens() {
        let of = |at: &str| reachable(at.parse().unwrap()).to_string();
        assert_eq!(of("0.0.0.0:3389"), "127.0.0.1:3389");
        assert_eq!(of("[::]:3390"), "127.0.0.1:3390");
        assert_eq!(of("10.0.0.7:3389"), "10.0.0.7:3389");
        assert_eq!(of("[::1]:3389"), "[::1]:3389");
    }
}
