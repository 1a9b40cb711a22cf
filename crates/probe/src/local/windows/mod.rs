//! A Windows machine as client and server of Remote Desktop.
//!
//! What the registry holds is read from the registry, services from the service manager; what has no safe
//! interface is asked of programs of the system, by words that are the same in every language.

mod registry;
mod services;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::{Fact, FileRole, HostName, Phase, SettingValue, Source};

use super::command::{Answer, ask};
use super::{Inspection, RegistryValue, Scope, Server, Text, access, outputs};
use crate::probes::{CLIENT, FILTER, LISTENERS, NETWORK, SERVER, SERVER_LOG};

const TERMINAL_SERVER: &str = r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server";
const LISTENER: &str = r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp";
const POLICIES: &str = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services";

/// The beginning of the name of the file that holds the key of the listener's own certificate: the container
/// TSSecKeySet1, as the key store of old (CAPI) names its file.
const KEY_FILE: &str = "f686aace6942fb7f7ceb231212eef4a4_";

/// Channels, and which of their events of a day are asked for.
const CHANNELS: &[(&str, &str)] = &[
    (
        "System",
        "*[System[Provider[@Name='Schannel' or @Name='TermService' or @Name='TermDD' or \
         @Name='Microsoft-Windows-TerminalServices-RemoteConnectionManager' or @Name='Service Control Manager' \
         or @Name='NETLOGON' or @Name='LsaSrv'] and TimeCreated[timediff(@SystemTime) <= 86400000]]]",
    ),
    (
        "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
        "*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]",
    ),
    (
        "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
        "*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]",
    ),
    (
        "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational",
        "*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]",
    ),
    (
        "Microsoft-Windows-TerminalServices-RDPClient/Operational",
        "*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]",
    ),
];
/// Of each channel at most so many events.
const EVENTS: &str = "/c:2000";

/// How long a domain controller may take to take a connection.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks at the machine.
pub(super) fn inspect(scope: &Scope) -> Inspection {
    let mut found = Inspection {
        host: scope
            .variable("COMPUTERNAME")
            .unwrap_or_default()
            .to_owned(),
        ..Inspection::default()
    };
    if !scope.live {
        found.skipped(
            &SERVER,
            "another Windows below a folder",
            "its registry and logs are files: rdpdoctor analyze reads them",
        );
        return found;
    }
    registry::read(scope, &mut found);
    if scope.server {
        server(scope, &mut found);
    }
    let mut asked = if scope.server && !found.servers.is_empty() {
        CHANNELS.to_vec()
    } else {
        Vec::new()
    };
    if scope.client {
        client(scope, &mut found);
        asked.extend(CHANNELS.last().filter(|_| asked.is_empty()));
    }
    for (channel, query) in asked {
        events(channel, query, &mut found);
    }
    network(&mut found);
    found
}

/// A number in the registry, by key and name.
fn number(values: &[RegistryValue], key: &str, name: &str) -> Option<u32> {
    values
        .iter()
        .find(|value| value.key.eq_ignore_ascii_case(key) && value.name.eq_ignore_ascii_case(name))
        .and_then(|value| {
            value
                .data
                .first_chunk()
                .map(|four| u32::from_le_bytes(*four))
        })
}

fn server(scope: &Scope, found: &mut Inspection) {
    let denied = number(&found.registry, POLICIES, "fDenyTSConnections")
        .or_else(|| number(&found.registry, TERMINAL_SERVER, "fDenyTSConnections"));
    let port = number(&found.registry, LISTENER, "PortNumber")
        .and_then(|port| u16::try_from(port).ok())
        .unwrap_or(model::target::RDP_PORT);
    let states = services::read(found);
    let running = states
        .iter()
        .find(|(name, _)| *name == "TermService")
        .map(|(_, running)| *running);
    // Windows has it switched off unless somebody switched it on.
    let on = denied == Some(0);
    if !on && scope.client {
        found.notes.push(
            "Remote Desktop is switched off on this machine: it is taken for a client alone. To look at it all the \
             same: rdpdoctor inspect --role server"
                .to_owned(),
        );
        return;
    }
    for (name, running) in &states {
        // Whether others run matters only for what the listener needs.
        if *name == "TermService" {
            found.see(
                Phase::Tcp,
                Fact::ServiceFound {
                    name: (*name).to_owned(),
                    running: Some(*running),
                    starts: String::new(),
                },
            );
        }
    }
    found.ran(&SERVER, "settings of Remote Desktop");
    let at = listeners(port, found);
    found.servers.push(Server {
        name: "TermService".to_owned(),
        running,
        starts: on,
        port,
        at,
    });
    keys(scope, found);
    match ask("qwinsta", &[]) {
        Answer::Said(bytes) => found.texts.push(Text {
            name: "qwinsta".to_owned(),
            bytes: outputs::text(&bytes).into_bytes(),
        }),
        Answer::Missing => found.skipped(
            &SERVER,
            "sessions",
            "this edition of Windows has no qwinsta",
        ),
        Answer::Failed(why) => found.broke(&SERVER, "sessions", why),
    }
    found.ran(&FILTER, "rules of the firewall, from the registry");
}

/// Who listens on the port, and where it can be reached.
fn listeners(port: u16, found: &mut Inspection) -> Option<SocketAddr> {
    let said = match ask("netstat", &["-ano", "-p", "TCP"]) {
        Answer::Said(said) => outputs::text(&said),
        Answer::Missing => {
            found.broke(&LISTENERS, "listeners", "netstat is missing");
            return None;
        }
        Answer::Failed(why) => {
            found.broke(&LISTENERS, "listeners", why);
            return None;
        }
    };
    let all = outputs::listeners(&said);
    if all.is_empty() {
        found.broke(
            &LISTENERS,
            "listeners",
            "netstat names none, which cannot be",
        );
        return None;
    }
    found.ran(&LISTENERS, "listeners");
    let names = match ask("tasklist", &["/fo", "csv", "/nh"]) {
        Answer::Said(said) => outputs::processes(&outputs::text(&said)),
        Answer::Missing | Answer::Failed(_) => Default::default(),
    };
    let mut reachable = None;
    for (at, process) in all.iter().filter(|(at, _)| at.port() == port) {
        found.see(
            Phase::Tcp,
            Fact::ListenerFound {
                at: *at,
                process: Some(*process),
                program: names.get(process).cloned(),
            },
        );
        let mut here = *at;
        if here.ip().is_unspecified() {
            here.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        reachable.get_or_insert(here);
    }
    if reachable.is_none() {
        found.see(Phase::Tcp, Fact::ListenerMissing { port });
    }
    reachable
}

/// The file of the listener's key, and whether its service may read it.
fn keys(scope: &Scope, found: &mut Inspection) {
    let folder = PathBuf::from(scope.variable("ProgramData").unwrap_or(r"C:\ProgramData"))
        .join(r"Microsoft\Crypto\RSA\MachineKeys");
    let names = match std::fs::read_dir(&folder) {
        Ok(entries) => entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.to_ascii_lowercase().starts_with(KEY_FILE))
            .collect::<Vec<String>>(),
        Err(error) => {
            found.broke(
                &SERVER,
                "the key store",
                format!(
                    "cannot look into {}: {error}; as administrator the key would be seen",
                    folder.display()
                ),
            );
            return;
        }
    };
    if names.is_empty() {
        // A certificate of somebody else's making has its key under another name.
        found.skipped(
            &SERVER,
            "the listener's own key",
            "there is none; the certificate in use has another",
        );
    }
    for name in names {
        let path = folder.join(&name);
        match list_of(scope, &path) {
            Ok(readable) => found.see(
                Phase::Secure,
                Fact::FileFound {
                    path: path.to_string_lossy().into_owned(),
                    role: FileRole::Key,
                    exists: true,
                    mode: None,
                    owner: None,
                    reader: "NETWORK SERVICE".to_owned(),
                    readable,
                },
            ),
            Err(why) => found.broke(
                &SERVER,
                format!("the access list of {}", path.display()),
                format!("{why}; as administrator it would be read"),
            ),
        }
    }
}

/// What `icacls` saves of a file, which it writes with identifiers in place of names.
fn list_of(scope: &Scope, path: &Path) -> Result<Option<bool>, String> {
    let temporary = scope
        .variable("TEMP")
        .map_or_else(std::env::temp_dir, PathBuf::from)
        .join(format!("rdpdoctor-{}.acl", std::process::id()));
    let (from, to) = (path.to_string_lossy(), temporary.to_string_lossy());
    let answer = ask("icacls", &[&from, "/save", &to, "/q"]);
    let saved = std::fs::read(&temporary);
    // It was made for this alone.
    let _ = std::fs::remove_file(&temporary);
    match answer {
        Answer::Said(_) => {
            let text =
                outputs::text(&saved.map_err(|error| format!("icacls saved nothing: {error}"))?);
            Ok(access::saved(&text).first().and_then(|one| one.readable))
        }
        Answer::Missing => Err("icacls is missing".to_owned()),
        Answer::Failed(why) => Err(why),
    }
}

fn client(_scope: &Scope, found: &mut Inspection) {
    found.ran(&CLIENT, "saved connections and policies, from the registry");
    match ask("cmdkey", &["/list"]) {
        Answer::Said(said) => {
            for host in outputs::stored(&outputs::text(&said)) {
                found.tell(
                    Source::Registry,
                    None,
                    Fact::SettingFound {
                        key: "stored credential".to_owned(),
                        name: "server".to_owned(),
                        value: SettingValue::Text(host),
                        policy: false,
                    },
                );
            }
        }
        Answer::Missing => found.skipped(&CLIENT, "stored credentials", "cmdkey is missing"),
        Answer::Failed(why) => found.broke(&CLIENT, "stored credentials", why),
    }
}

/// The recent events of a channel, as XML.
fn events(channel: &str, query: &str, found: &mut Inspection) {
    let query = format!("/q:{query}");
    match ask(
        "wevtutil",
        &[
            "qe",
            channel,
            &query,
            EVENTS,
            "/rd:true",
            "/f:xml",
            "/uni:true",
        ],
    ) {
        Answer::Said(said) => {
            let text = outputs::text(&said);
            found.ran(&SERVER_LOG, channel);
            if text.contains("<Event") {
                found.texts.push(Text {
                    name: channel.to_owned(),
                    bytes: format!("<Events>{text}</Events>").into_bytes(),
                });
            }
        }
        Answer::Missing => found.broke(&SERVER_LOG, channel, "wevtutil is missing"),
        Answer::Failed(why) => found.broke(
            &SERVER_LOG,
            channel,
            format!("{why}; as administrator every channel would be read"),
        ),
    }
}

/// Interfaces, clock, domain.
fn network(found: &mut Inspection) {
    let mut told = false;
    if let Answer::Said(said) = ask("netsh", &["interface", "ipv4", "show", "interfaces"]) {
        for (name, mtu, up) in outputs::interfaces(&outputs::text(&said)) {
            told = true;
            found.tell(
                Source::Registry,
                None,
                Fact::InterfaceFound {
                    // Whether it is a tunnel only its driver knows; a name that says so is believed.
                    tunnel: name.to_ascii_lowercase().contains("vpn"),
                    name,
                    up,
                    mtu: Some(mtu),
                },
            );
        }
    }
    if told {
        found.ran(&NETWORK, "interfaces");
    } else {
        found.broke(&NETWORK, "interfaces", "netsh names none");
    }
    let domain = found
        .registry
        .iter()
        .find(|value| {
            value.name.eq_ignore_ascii_case("Domain")
                && value.key.eq_ignore_ascii_case(
                    r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters",
                )
        })
        .map(|value| outputs::text(&value.data).trim_matches('\0').to_owned())
        .filter(|domain| !domain.is_empty());
    if let Some(domain) = domain {
        controllers(domain, found);
    }
}

/// Whether a controller of the domain takes connections for Kerberos.
fn controllers(domain: String, found: &mut Inspection) {
    const KERBEROS: u16 = 88;
    let addresses: Vec<SocketAddr> = match (domain.as_str(), KERBEROS).to_socket_addrs() {
        Ok(addresses) => addresses.take(4).collect(),
        Err(error) => {
            found.broke(
                &NETWORK,
                format!("controllers of {domain}"),
                error.to_string(),
            );
            return;
        }
    };
    let opened = addresses
        .iter()
        .any(|address| TcpStream::connect_timeout(address, PATIENCE).is_ok());
    found.ran(&NETWORK, format!("controllers of {domain}"));
    found.tell(
        Source::Registry,
        None,
        Fact::PortTested {
            host: HostName(domain),
            port: KERBEROS,
            opened,
            times: 1,
        },
    );
}
