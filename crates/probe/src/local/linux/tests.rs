//! Whole machines as folders, looked at.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use model::{AttemptOutcome, Fact, FileRole, SettingValue, UnixSeconds};

use super::super::{Inspection, Scope};
use super::inspect;

const INI: &str = "[Globals]\n; a comment\nport=3390\nsecurity_layer=tls\ncertificate=\nkey_file=/etc/keys/key.pem\n\n[Xorg]\nlib=libxup.so\nport=-1\n";

struct Machine {
    root: tempfile::TempDir,
}

impl Machine {
    fn with(ini: &str) -> Self {
        let machine = Self {
            root: tempfile::tempdir().unwrap(),
        };
        machine.write("etc/xrdp/xrdp.ini", ini, 0o644);
        machine.write(
            "lib/systemd/system/xrdp.service",
            "[Service]\nUser=xrdp\n",
            0o644,
        );
        machine.write(
            "etc/passwd",
            "root:x:0:0::/root:/bin/sh\nxrdp:x:4000000:4000001::/:/bin/false\n",
            0o644,
        );
        machine.write(
            "etc/group",
            "xrdp:x:4000001:\nssl-cert:x:4000002:xrdp\n",
            0o644,
        );
        machine
    }

    fn write(&self, name: &str, text: &str, mode: u32) {
        let path = self.root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn look(&self) -> Inspection {
        inspect(&scope(self.root.path()))
    }

    fn facts(&self) -> Vec<Fact> {
        self.look().seen.into_iter().map(|told| told.fact).collect()
    }

    fn key(&self) -> (String, bool, Option<bool>) {
        self.facts()
            .into_iter()
            .find_map(|fact| match fact {
                Fact::FileFound {
                    role: FileRole::Key,
                    path,
                    exists,
                    readable,
                    ..
                } => Some((path, exists, readable)),
                _ => None,
            })
            .unwrap()
    }
}

fn scope(root: &Path) -> Scope {
    Scope {
        root: root.to_owned(),
        live: false,
        ..Scope::live(UnixSeconds(1_795_255_200))
    }
}

#[test]
fn a_machine_without_a_server_tells_of_none() {
    let root = tempfile::tempdir().unwrap();
    let found = inspect(&scope(root.path()));
    assert_eq!(found.servers, []);
    assert_eq!(found.seen, []);
}

#[test]
fn settings_are_told() {
    let facts = Machine::with(INI).facts();
    let setting = |wanted: &str| {
        facts.iter().find_map(|fact| match fact {
            Fact::SettingFound {
                name,
                value: SettingValue::Text(text),
                ..
            } if name == wanted => Some(text.as_str()),
            _ => None,
        })
    };
    assert_eq!(setting("port"), Some("3390"));
    assert_eq!(setting("security_layer"), Some("tls"));
    assert!(
        !facts.iter().any(|fact| matches!(
            fact,
            Fact::ListenerMissing { .. } | Fact::ListenerFound { .. }
        )),
        "a folder has no listeners: {facts:?}"
    );
}

#[test]
fn what_the_service_can_read_follows_the_bits_of_files_and_folders() {
    let machine = Machine::with(INI);
    assert_eq!(
        machine.key(),
        ("/etc/keys/key.pem".into(), false, None),
        "it is missing"
    );
    machine.write("etc/keys/key.pem", "", 0o600);
    assert_eq!(machine.key().2, Some(false));
    machine.write("etc/keys/key.pem", "", 0o604);
    assert_eq!(machine.key().2, Some(true));
    let folder = machine.root.path().join("etc/keys");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(machine.key().2, Some(false), "the folder is closed");
    machine.write(
        "etc/systemd/system/xrdp.service.d/user.conf",
        "[Service]\nUser=root\n",
        0o644,
    );
    assert_eq!(machine.key().2, Some(true), "root passes");
}

#[test]
fn links_lead_to_the_file_that_counts() {
    let machine = Machine::with(&INI.replace("key_file=/etc/keys/key.pem", "key_file="));
    machine.write("etc/ssl/private/real.key", "", 0o640);
    symlink(
        "../ssl/private/real.key",
        machine.root.path().join("etc/xrdp/key.pem"),
    )
    .unwrap();
    assert_eq!(
        machine.key(),
        ("/etc/ssl/private/real.key".into(), true, Some(false))
    );
    fs::remove_file(machine.root.path().join("etc/xrdp/key.pem")).unwrap();
    // An absolute link means the looked-at machine, not this one.
    symlink(
        "/etc/ssl/private/real.key",
        machine.root.path().join("etc/xrdp/key.pem"),
    )
    .unwrap();
    assert_eq!(
        machine.key(),
        ("/etc/ssl/private/real.key".into(), true, Some(false))
    );
}

#[test]
fn a_link_to_itself_is_no_end() {
    let machine = Machine::with(INI);
    fs::create_dir_all(machine.root.path().join("etc/keys")).unwrap();
    symlink("key.pem", machine.root.path().join("etc/keys/key.pem")).unwrap();
    let _ = machine.key();
}

#[test]
fn what_a_session_needs_is_looked_for() {
    let machine = Machine::with(INI);
    let missing = |name: &str| {
        machine.facts().iter().find_map(|fact| match fact {
            Fact::ProgramFound {
                name: called, path, ..
            } if called == name => Some(path.is_none()),
            _ => None,
        })
    };
    assert_eq!(
        (missing("Xorg"), missing("xorgxrdp"), missing("Xvnc")),
        (Some(true), Some(true), None)
    );
    machine.write("usr/lib/xorg/Xorg", "", 0o755);
    machine.write("usr/lib/xorg/modules/drivers/xrdpdev_drv.so", "", 0o644);
    assert_eq!(
        (missing("Xorg"), missing("xorgxrdp")),
        (Some(false), Some(false))
    );
}

#[test]
fn what_clients_remember_is_told_without_secrets() {
    let machine = Machine::with(INI);
    machine.write(
        "home/ann/.config/freerdp/known_hosts2",
        "srv01.corp.example 3389 AA:bb:0c c3Vi aXNz\nbroken\n",
        0o600,
    );
    machine.write(
        "home/ann/.local/share/remmina/group_rdp_work.remmina",
        "[remmina]\nprotocol=RDP\nserver=srv01.corp.example\npassword=c2VjcmV0\ngateway_password=x\n",
        0o600,
    );
    machine.write(
        "home/ann/.local/share/remmina/group_vnc.remmina",
        "[remmina]\nprotocol=VNC\nserver=other\n",
        0o600,
    );
    let facts = machine.facts();
    assert!(facts.contains(&Fact::HostRemembered {
        store: "/home/ann/.config/freerdp/known_hosts2".to_owned(),
        host: "srv01.corp.example".into(),
        port: 3389,
        fingerprint: "aabb0c".to_owned(),
    }));
    let told = format!("{facts:?}");
    assert!(told.contains("saved connection group_rdp_work.remmina"));
    assert!(
        !told.contains("c2VjcmV0") && !told.contains("group_vnc"),
        "{told}"
    );
}

#[test]
fn the_policy_of_the_library_is_told() {
    let machine = Machine::with(INI);
    machine.write(
        "etc/ssl/openssl.cnf",
        "openssl_conf = default_conf\n[default_conf]\nssl_conf = ssl_sect\n[system_default_sect]\nMinProtocol = TLSv1.2\nCipherString = DEFAULT@SECLEVEL=2\n",
        0o644,
    );
    assert!(machine.facts().contains(&Fact::SettingFound {
        key: "/etc/ssl/openssl.cnf [system_default_sect]".to_owned(),
        name: "MinProtocol".to_owned(),
        value: SettingValue::Text("TLSv1.2".to_owned()),
        policy: false,
    }));
}

#[test]
fn what_a_folder_cannot_tell_is_skipped_and_no_evidence() {
    let found = Machine::with(INI).look();
    let skipped: Vec<&str> = found
        .tried
        .iter()
        .filter(|tried| matches!(tried.outcome, AttemptOutcome::Skipped(_)))
        .map(|tried| tried.says.as_str())
        .collect();
    assert_eq!(
        skipped,
        ["listeners", "packet filters", "interfaces and clock"]
    );
}

#[test]
fn logs_of_another_state_are_left_out() {
    let machine = Machine::with(INI);
    machine.write(
        "var/log/xrdp.log",
        "[20200101-10:00:00] [ERROR] Cannot read private key file /etc/keys/key.pem: Permission denied\n",
        0o644,
    );
    assert_eq!(machine.look().texts, []);
}
