//! Remote Desktop servers on Linux: xrdp. What their service's user can read is told from permission bits,
//! because asking as root would always say yes.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use model::{Fact, FileRole, Phase, Place, SettingValue, UnixSeconds};

/// The settings of xrdp.
pub const XRDP_INI: &str = "/etc/xrdp/xrdp.ini";
/// The unit of xrdp.
const XRDP_UNITS: &[&str] = &[
    "etc/systemd/system/xrdp.service",
    "lib/systemd/system/xrdp.service",
    "usr/lib/systemd/system/xrdp.service",
];
/// Certificate and key that xrdp uses when its settings name none.
const XRDP_CERTIFICATE: &str = "/etc/xrdp/cert.pem";
const XRDP_KEY: &str = "/etc/xrdp/key.pem";

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
];

/// The largest file that is read.
const LARGEST: u64 = 1024 * 1024;

/// Where to look, and when.
#[derive(Clone, Debug)]
pub struct Look {
    /// The root of the file system: `/`, or a folder that holds another machine's files.
    pub root: PathBuf,
    /// The settings of xrdp, when they are not in the usual place.
    pub settings: Option<PathBuf>,
    /// The user xrdp runs as, when it is not the one its unit names.
    pub user: Option<String>,
    /// Wall-clock time.
    pub now: UnixSeconds,
}

/// What is known about xrdp on this machine; empty when it is not installed.
pub fn xrdp(look: &Look) -> Vec<(Place, Fact)> {
    let mut facts = Facts::default();
    let settings = look
        .settings
        .clone()
        .unwrap_or_else(|| PathBuf::from(XRDP_INI));
    let unit = XRDP_UNITS
        .iter()
        .find_map(|unit| text(&look.root.join(unit)));
    let Some(ini) = text(&under(&look.root, &settings)) else {
        if unit.is_some() {
            let reader = reader(look, unit.as_deref());
            facts.add(
                Phase::Tcp,
                file(look, &settings, FileRole::Settings, &reader),
            );
        }
        return facts.0;
    };
    let key = format!("{} [Globals]", settings.display());
    for &name in SETTINGS {
        if let Some(value) = global(&ini, name) {
            facts.add(
                phase_of(name),
                Fact::SettingFound {
                    key: key.clone(),
                    name: name.to_owned(),
                    value: SettingValue::Text(value.to_owned()),
                    policy: false,
                },
            );
        }
    }
    let reader = reader(look, unit.as_deref());
    // Without TLS neither file is opened.
    if global(&ini, "security_layer").is_none_or(|layer| !layer.eq_ignore_ascii_case("rdp")) {
        let named = |name, usual: &str| {
            PathBuf::from(
                global(&ini, name)
                    .filter(|path| !path.is_empty())
                    .unwrap_or(usual),
            )
        };
        let certificate = named("certificate", XRDP_CERTIFICATE);
        let private_key = named("key_file", XRDP_KEY);
        facts.add(
            Phase::Secure,
            file(look, &certificate, FileRole::Certificate, &reader),
        );
        facts.add(
            Phase::Secure,
            file(look, &private_key, FileRole::Key, &reader),
        );
        pair(look, &certificate, &private_key, &mut facts);
    }
    for port in ports(&ini) {
        listeners(&look.root, port, &mut facts);
    }
    facts.0
}

#[derive(Default)]
struct Facts(Vec<(Place, Fact)>);

impl Facts {
    fn add(&mut self, phase: Phase, fact: Fact) {
        self.0.push((Place::host(phase), fact));
    }
}

fn phase_of(setting: &str) -> Phase {
    match setting {
        "port" | "max_connections" => Phase::Tcp,
        "security_layer" => Phase::Negotiate,
        _ => Phase::Secure,
    }
}

/// The last value of a key before the first session section; keys compare without case.
fn global<'i>(ini: &'i str, name: &str) -> Option<&'i str> {
    let mut inside = false;
    let mut found = None;
    for line in ini.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            inside = section.0.trim().eq_ignore_ascii_case("globals");
        } else if inside
            && !line.starts_with(['#', ';'])
            && let Some((key, value)) = line.split_once('=')
            && key.trim().eq_ignore_ascii_case(name)
        {
            found = Some(value.trim());
        }
    }
    found
}

/// The TCP ports xrdp is told to listen on: `3389`, `tcp://:3389`, `tcp://10.0.0.1:3389`, several of them
/// separated by blanks or commas; other transports have none.
fn ports(ini: &str) -> Vec<u16> {
    let value = global(ini, "port").unwrap_or("3389");
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

/// A user, with the numbers permission bits are compared with.
#[derive(Clone, Debug)]
struct Reader {
    name: String,
    /// `None` when the machine knows no such user.
    numbers: Option<(u32, Vec<u32>)>,
}

/// The user the service runs as: as given, as its unit says, else root.
fn reader(look: &Look, unit: Option<&str>) -> Reader {
    let in_unit = || {
        let lines = unit?.lines().map(str::trim);
        lines
            .filter_map(|line| line.strip_prefix("User="))
            .next_back()
    };
    let name = look
        .user
        .as_deref()
        .or_else(in_unit)
        .unwrap_or("root")
        .to_owned();
    let passwd = text(&look.root.join("etc/passwd")).unwrap_or_default();
    let numbers = passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        let user: u32 = fields.nth(1)?.parse().ok()?;
        let own: u32 = fields.next()?.parse().ok()?;
        let mut groups = vec![own];
        for line in text(&look.root.join("etc/group"))
            .unwrap_or_default()
            .lines()
        {
            let mut fields = line.split(':').skip(2);
            let number = fields.next().and_then(|number| number.parse().ok());
            let member = fields
                .next()
                .is_some_and(|members| members.split(',').any(|one| one == name));
            if let (Some(number), true) = (number, member) {
                groups.push(number);
            }
        }
        Some((user, groups))
    });
    Reader { name, numbers }
}

/// A path of the looked-at machine as a path here.
fn under(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").unwrap_or(path))
}

fn file(look: &Look, path: &Path, role: FileRole, reader: &Reader) -> Fact {
    let Resolved {
        path,
        metadata,
        searchable,
    } = resolve(&look.root, path, reader);
    let readable = metadata.as_ref().and_then(|metadata| {
        let own = allowed(metadata, reader, 0o4)?;
        Some(own && searchable?)
    });
    Fact::FileFound {
        path: path.to_string_lossy().into_owned(),
        role,
        exists: metadata.is_some(),
        mode: metadata.as_ref().map(|metadata| metadata.mode() & 0o7777),
        owner: metadata
            .as_ref()
            .map(|metadata| (metadata.uid(), metadata.gid())),
        reader: reader.name.clone(),
        readable,
    }
}

struct Resolved {
    path: PathBuf,
    metadata: Option<fs::Metadata>,
    /// The reader may pass every folder on the way; `None` when that cannot be told.
    searchable: Option<bool>,
}

/// Follows links inside the root, folder by folder, and notes whether the reader may pass.
fn resolve(root: &Path, path: &Path, reader: &Reader) -> Resolved {
    let mut done = PathBuf::from("/");
    let mut to_do: Vec<String> = parts(path);
    to_do.reverse();
    let mut searchable = Some(true);
    let mut links = 0;
    while let Some(part) = to_do.pop() {
        if part == ".." {
            done.pop();
            continue;
        }
        match fs::metadata(under(root, &done)) {
            Ok(folder) => {
                searchable = match (searchable, allowed(&folder, reader, 0o1)) {
                    (Some(before), Some(here)) => Some(before && here),
                    _ => None,
                };
            }
            Err(_) => {
                return Resolved {
                    path: done.join(part),
                    metadata: None,
                    searchable,
                };
            }
        }
        let next = done.join(&part);
        match fs::read_link(under(root, &next)) {
            Ok(target) if links < 40 => {
                links += 1;
                if target.is_absolute() {
                    done = PathBuf::from("/");
                }
                to_do.extend(parts(&target).into_iter().rev());
            }
            _ => done = next,
        }
    }
    let metadata = fs::symlink_metadata(under(root, &done)).ok();
    Resolved {
        path: done,
        metadata,
        searchable,
    }
}

fn parts(path: &Path) -> Vec<String> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            Component::ParentDir => Some("..".to_owned()),
            _ => None,
        })
        .collect()
}

/// Permission bits let the reader do it (POSIX file access permissions). Access lists are not read: with
/// one, the group bits are its mask, so that a refusal here may be wrong; it is then not told.
fn allowed(metadata: &fs::Metadata, reader: &Reader, bit: u32) -> Option<bool> {
    let (user, groups) = reader.numbers.as_ref()?;
    let mode = metadata.mode();
    Some(if *user == 0 {
        bit == 0o4 || mode & 0o111 != 0
    } else if metadata.uid() == *user {
        mode >> 6 & bit != 0
    } else if groups.contains(&metadata.gid()) {
        mode >> 3 & bit != 0
    } else {
        mode & bit != 0
    })
}

fn pair(look: &Look, certificate: &Path, key: &Path, facts: &mut Facts) {
    let root = Reader {
        name: "root".to_owned(),
        numbers: Some((0, vec![0])),
    };
    let find = |path: &Path| resolve(&look.root, path, &root).path;
    let (certificate, key) = (find(certificate), find(key));
    let Some(chain) = bytes(&under(&look.root, &certificate)) else {
        return;
    };
    let encoded = tls::pem::certificates(&chain);
    if let Some((own, further)) = encoded.split_first() {
        let count = u32::try_from(further.len()).unwrap_or(u32::MAX);
        facts.add(
            Phase::Secure,
            match wire::certificate::read(own, count) {
                Some(certificate) => Fact::CertificateSeen {
                    certificate: Box::new(certificate),
                    seen_at: look.now,
                },
                None => Fact::CertificateUnreadable {
                    first_bytes: model::Bytes::first_of(own),
                },
            },
        );
    } else {
        facts.add(
            Phase::Secure,
            Fact::CertificateUnreadable {
                first_bytes: model::Bytes::first_of(&chain),
            },
        );
    }
    if let Some(private) = bytes(&under(&look.root, &key)) {
        facts.add(
            Phase::Secure,
            Fact::KeyCompared {
                certificate: certificate.to_string_lossy().into_owned(),
                key: key.to_string_lossy().into_owned(),
                belongs: tls::pem::belongs(&chain, &private),
            },
        );
    }
}

/// Who listens on a TCP port, by the kernel's own tables; nothing when those cannot be read.
fn listeners(root: &Path, port: u16, facts: &mut Facts) {
    let tables = ["proc/net/tcp", "proc/net/tcp6"].map(|table| text(&root.join(table)));
    if tables.iter().all(Option::is_none) {
        return;
    }
    let mut found = false;
    for at in tables
        .iter()
        .flatten()
        .flat_map(|table| table.lines())
        .filter_map(listening)
    {
        if at.port() == port {
            found = true;
            facts.add(Phase::Tcp, Fact::ListenerFound { at, process: None });
        }
    }
    if !found {
        facts.add(Phase::Tcp, Fact::ListenerMissing { port });
    }
}

/// The local address of a line of `/proc/net/tcp` or `tcp6` (proc(5)) whose socket listens.
fn listening(line: &str) -> Option<SocketAddr> {
    const LISTEN: &str = "0A";
    let mut fields = line.split_ascii_whitespace();
    let (address, port) = fields.nth(1)?.split_once(':')?;
    if fields.nth(1)? != LISTEN {
        return None;
    }
    let port = u16::from_str_radix(port, 16).ok()?;
    // Each 32-bit word of the address is printed as a number of this machine.
    let mut words = address.as_bytes().chunks(8).map(|digits| {
        let digits = std::str::from_utf8(digits).ok()?;
        u32::from_str_radix(digits, 16).ok().map(u32::to_ne_bytes)
    });
    let address = match address.len() {
        8 => IpAddr::V4(Ipv4Addr::from(words.next()??)),
        32 => {
            let mut bytes = [0; 16];
            for (place, word) in bytes.chunks_mut(4).zip(words) {
                place.copy_from_slice(&word?);
            }
            IpAddr::V6(Ipv6Addr::from(bytes))
        }
        _ => return None,
    };
    Some(SocketAddr::new(address, port))
}

fn bytes(path: &Path) -> Option<Vec<u8>> {
    let metadata = fs::metadata(path).ok()?;
    if !metadata.is_file() && !path.starts_with("/proc") || metadata.len() > LARGEST {
        return None;
    }
    fs::read(path).ok()
}

fn text(path: &Path) -> Option<String> {
    bytes(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    const INI: &str = "[Globals]\n; a comment\nport=3390\nsecurity_layer=tls\ncertificate=\nkey_file=/etc/keys/key.pem\n\n[Xorg]\nport=-1\n";
    /// A listener on 0.0.0.0:3390 and a connection from another port.
    const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue\n   0: 00000000:0D3E 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1\n   1: 0100007F:0D3D 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 2 1\n";

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
                "root:x:0:0::/:/bin/sh\nxrdp:x:4000000:4000001::/:/bin/false\n",
                0o644,
            );
            machine.write(
                "etc/group",
                "xrdp:x:4000001:\nssl-cert:x:4000002:xrdp\n",
                0o644,
            );
            machine.write("proc/net/tcp", TABLE, 0o444);
            machine
        }

        fn write(&self, name: &str, text: &str, mode: u32) {
            let path = self.root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }

        fn facts(&self) -> Vec<Fact> {
            let look = Look {
                root: self.root.path().to_owned(),
                settings: None,
                user: None,
                now: UnixSeconds(0),
            };
            xrdp(&look).into_iter().map(|(_, fact)| fact).collect()
        }

        fn key_readable(&self) -> Option<bool> {
            self.facts().iter().find_map(|fact| match fact {
                Fact::FileFound {
                    role: FileRole::Key,
                    readable,
                    ..
                } => *readable,
                _ => None,
            })
        }
    }

    #[test]
    fn a_machine_without_xrdp_says_nothing() {
        let root = tempfile::tempdir().unwrap();
        let look = Look {
            root: root.path().to_owned(),
            settings: None,
            user: None,
            now: UnixSeconds(0),
        };
        assert_eq!(xrdp(&look), []);
    }

    #[test]
    fn settings_and_listeners_are_told() {
        let machine = Machine::with(INI);
        let facts = machine.facts();
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
        let at = "0.0.0.0:3390".parse().unwrap();
        assert!(facts.contains(&Fact::ListenerFound { at, process: None }));
        let other = Machine::with(&INI.replace("3390", "3391"));
        assert!(
            other
                .facts()
                .contains(&Fact::ListenerMissing { port: 3391 })
        );
    }

    #[test]
    fn what_the_service_can_read_follows_the_bits_of_files_and_folders() {
        let machine = Machine::with(INI);
        assert_eq!(machine.key_readable(), None, "it is missing");
        machine.write("etc/keys/key.pem", "", 0o600);
        assert_eq!(machine.key_readable(), Some(false));
        machine.write("etc/keys/key.pem", "", 0o604);
        assert_eq!(machine.key_readable(), Some(true));
        let folder = machine.root.path().join("etc/keys");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(machine.key_readable(), Some(false), "the folder is closed");
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
        let found = machine.facts().into_iter().find_map(|fact| match fact {
            Fact::FileFound {
                role: FileRole::Key,
                path,
                exists,
                readable,
                ..
            } => Some((path, exists, readable)),
            _ => None,
        });
        assert_eq!(
            found,
            Some(("/etc/ssl/private/real.key".into(), true, Some(false)))
        );
    }

    #[test]
    fn a_link_to_itself_is_no_end() {
        let machine = Machine::with(INI);
        fs::create_dir_all(machine.root.path().join("etc/keys")).unwrap();
        symlink("key.pem", machine.root.path().join("etc/keys/key.pem")).unwrap();
        assert!(machine.facts().iter().any(|fact| matches!(
            fact,
            Fact::FileFound {
                role: FileRole::Key,
                ..
            }
        )));
    }

    #[test]
    fn ports_of_every_form_are_read() {
        let of = |value: &str| ports(&format!("[Globals]\nport={value}\n"));
        assert_eq!(of("3389"), [3389]);
        assert_eq!(of("tcp://:3390 tcp6://{::}:3391"), [3390, 3391]);
        assert_eq!(of("tcp://10.0.0.1:3392, vsock://1:3"), [3392]);
        assert_eq!(ports("[Globals]\n"), [3389]);
    }

    #[test]
    fn addresses_of_the_kernel_are_read() {
        let line = "   0: 00000000000000000000000001000000:0D3D 00000000000000000000000000000000:0000 0A 0:0";
        if cfg!(target_endian = "little") {
            assert_eq!(listening(line), Some("[::1]:3389".parse().unwrap()));
        }
        assert_eq!(listening("  sl  local_address"), None);
        assert_eq!(listening("0: zz:0D3D 0:0 0A"), None);
    }
}
