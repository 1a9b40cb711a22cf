//! What xrdp is set up with, and what it starts for a session.

use std::path::{Path, PathBuf};

use model::{Fact, FileRole, Phase};

use super::Machine;
use super::files::{self, Reader};
use super::packages::Packages;
use super::servers::{key_pair, settings};
use super::{processes, units};
use crate::local::Inspection;
use crate::probes::SERVER;

/// Certificate and key that xrdp uses when its settings name none.
const CERTIFICATE: &str = "/etc/xrdp/cert.pem";
const KEY: &str = "/etc/xrdp/key.pem";
/// Settings of the session manager.
const SESMAN: &str = "/etc/xrdp/sesman.ini";

/// The settings that decide whether a client gets in.
const SETTINGS: &[&str] = &[
    "port",
    "security_layer",
    "crypt_level",
    "certificate",
    "key_file",
    "ssl_protocols",
    "tls_ciphers",
    "max_connections",
    "runtime_user",
    "runtime_group",
];
/// The settings that decide what a session is.
const SESSION_SETTINGS: &[(&str, &str)] = &[
    ("Globals", "DefaultWindowManager"),
    ("Globals", "EnableUserWindowManager"),
    ("Globals", "UserWindowManager"),
    ("Security", "AllowRootLogin"),
    ("Security", "AlwaysGroupCheck"),
    ("Security", "TerminalServerUsers"),
    ("Sessions", "MaxSessions"),
    ("Sessions", "KillDisconnected"),
    ("Sessions", "DisconnectedTimeLimit"),
    ("Sessions", "IdleTimeLimit"),
];

/// Settings, certificate and key.
pub(super) fn look(
    machine: &Machine<'_>,
    path: &Path,
    text: Option<&str>,
    reader: &Reader,
    found: &mut Inspection,
) {
    let Some(ini) = text else {
        match files::file(&machine.scope.root, path, FileRole::Settings, reader) {
            Ok(fact) => found.see(Phase::Tcp, fact),
            Err(why) => found.broke(
                &SERVER,
                "settings of xrdp",
                format!("{why}; as root they would be read"),
            ),
        }
        return;
    };
    let key = format!("{} [Globals]", path.display());
    settings(ini, "Globals", &key, SETTINGS, phase_of, found);
    let global = |name| model::ini::value(ini, "Globals", name);
    // Without TLS neither file is opened.
    if global("security_layer").is_some_and(|layer| layer.eq_ignore_ascii_case("rdp")) {
        return;
    }
    let named = |name, usual: &str| {
        PathBuf::from(
            global(name)
                .filter(|path| !path.is_empty())
                .unwrap_or(usual),
        )
    };
    key_pair(
        machine,
        &named("certificate", CERTIFICATE),
        &named("key_file", KEY),
        reader,
        found,
    );
}

fn phase_of(setting: &str) -> Phase {
    match setting {
        "port" | "max_connections" => Phase::Tcp,
        "security_layer" => Phase::Negotiate,
        _ => Phase::Secure,
    }
}

/// What is started for a session: the session manager, X servers, the window manager.
pub(super) fn session(
    machine: &Machine<'_>,
    ini: Option<&str>,
    packages: &Packages,
    found: &mut Inspection,
) {
    let scope = machine.scope;
    let root = &scope.root;
    let unit = units::unit(root, "xrdp-sesman");
    let running = if scope.live {
        match processes::running(&["xrdp-sesman"]).any() {
            Some(true) => Some(true),
            unsure => units::runs("xrdp-sesman").or(unsure),
        }
    } else {
        None
    };
    if unit.is_some() || running.is_some() {
        found.see(
            Phase::Session,
            Fact::ServiceFound {
                name: "xrdp-sesman".to_owned(),
                running,
                starts: unit.as_ref().map_or("", units::Unit::starts).to_owned(),
            },
        );
    }
    let sesman = files::text(root, SESMAN).unwrap_or_default();
    for (section, name) in SESSION_SETTINGS {
        let key = format!("{SESMAN} [{section}]");
        settings(&sesman, section, &key, &[name], |_| Phase::Session, found);
    }
    let Some(ini) = ini else { return };
    let mut told: Vec<&str> = Vec::new();
    for section in model::ini::sections(ini) {
        let library = model::ini::value(ini, section, "lib").unwrap_or_default();
        // A session with a port of its own is somebody else's server.
        let own = model::ini::value(ini, section, "port").is_none_or(|port| port == "-1");
        match library {
            "libxup.so" if !told.contains(&"Xorg") => {
                told.push("Xorg");
                let server = first_word(&sesman, "Xorg").unwrap_or_else(|| "Xorg".to_owned());
                let path = machine
                    .program(&server)
                    .or_else(|| machine.program("/usr/lib/xorg/Xorg"));
                found.see(
                    Phase::Session,
                    Fact::ProgramFound {
                        name: "Xorg".to_owned(),
                        path,
                        version: None,
                    },
                );
                let module = [
                    "/usr/lib/xorg/modules/drivers/xrdpdev_drv.so",
                    "/usr/lib64/xorg/modules/drivers/xrdpdev_drv.so",
                ]
                .into_iter()
                .find(|module| files::exists(root, module));
                found.see(
                    Phase::Session,
                    Fact::ProgramFound {
                        name: "xorgxrdp".to_owned(),
                        path: module.map(str::to_owned),
                        version: packages.version(&["xorgxrdp"]),
                    },
                );
            }
            "libvnc.so" if own && !told.contains(&"Xvnc") => {
                told.push("Xvnc");
                let server = first_word(&sesman, "Xvnc").unwrap_or_else(|| "Xvnc".to_owned());
                found.see(
                    Phase::Session,
                    Fact::ProgramFound {
                        name: "Xvnc".to_owned(),
                        path: machine.program(&server),
                        version: packages.version(&["tigervnc-standalone-server"]),
                    },
                );
            }
            _ => {}
        }
    }
    let manager =
        model::ini::value(&sesman, "Globals", "DefaultWindowManager").unwrap_or("startwm.sh");
    let manager = if manager.starts_with('/') {
        PathBuf::from(manager)
    } else {
        Path::new("/etc/xrdp").join(manager)
    };
    if !sesman.is_empty() {
        // Every user starts it; nobody is what all of them are at least.
        match files::file(
            root,
            &manager,
            FileRole::Session,
            &Reader::named(root, "nobody"),
        ) {
            Ok(fact) => found.see(Phase::Session, fact),
            Err(why) => found.broke(&SERVER, "what starts a session", why),
        }
    }
}

/// The program that the session manager starts: the first parameter of its section.
fn first_word(sesman: &str, section: &str) -> Option<String> {
    let (_, value) =
        model::ini::pairs(sesman, section).find(|(key, _)| key.eq_ignore_ascii_case("param"))?;
    (!value.is_empty()).then(|| value.to_owned())
}
