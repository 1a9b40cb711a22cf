//! What a Linux machine tells of its Remote Desktop servers and clients: settings, logs, versions and the answers of a
//! few commands. Reads only.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Settings of servers, clients, names and Kerberos.
const SETTINGS: &[&str] = &[
    "etc/xrdp/xrdp.ini",
    "etc/xrdp/sesman.ini",
    "etc/xrdp/startwm.sh",
    "etc/X11/Xwrapper.config",
    "etc/gnome-remote-desktop/grd.conf",
    "etc/guacamole/guacd.conf",
    "etc/krb5.conf",
    "etc/resolv.conf",
    "etc/hosts",
    "etc/nsswitch.conf",
    "etc/os-release",
];
/// Logs of which everything is about Remote Desktop.
const LOGS: &[&str] = &[
    "var/log/xrdp.log",
    "var/log/xrdp-sesman.log",
    "var/log/guacd.log",
];
/// Logs of which some lines are.
const COMMON_LOGS: &[&str] = &["var/log/syslog", "var/log/messages", "var/log/daemon.log"];
/// What lies in the folders of users, below it and by the beginning and end of its name.
const OF_USERS: &[(&str, &str, &str)] = &[
    ("", ".xorgxrdp.", ".log"),
    ("", ".xsession-errors", ""),
    (".local/share/xorg", "Xorg.", ".log"),
    (".config/freerdp", "known_hosts", ""),
    (".local/share/remmina", "", ".remmina"),
    (".remmina", "", ".remmina"),
];
/// Programs whose lines in common logs and in the journal are taken.
const PROGRAMS: &[&str] = &[
    "xrdp",
    "xrdp-sesman",
    "xrdp-sesexec",
    "xrdp-chansrv",
    "guacd",
    "gnome-remote-desktop-daemon",
    "gnome-remote-de",
    "xfreerdp",
    "remmina",
];
/// Packages whose versions matter.
const PACKAGES: &[&str] = &[
    "xrdp",
    "xorgxrdp",
    "freerdp",
    "remmina",
    "guacd",
    "gnome-remote-desktop",
    "libssl",
    "openssl",
];
/// So much of the end of a log is taken.
const TAIL: u64 = 8 * 1024 * 1024;
/// So much of the end of a common log is searched.
const COMMON_TAIL: u64 = 64 * 1024 * 1024;
/// Files of users that are taken.
const MOST_OF_USERS: usize = 60;
/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A piece of text for the bundle.
#[derive(Debug)]
pub struct Piece {
    /// Its name in the bundle.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// Everything this machine tells; with another root than `/`, what that folder tells, and no commands.
pub fn gather(root: &Path, days: u32) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut add = |name: String, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            pieces.push(Piece { name, text });
        }
    };
    for path in SETTINGS {
        add(format!("settings/{path}"), tail(&root.join(path), TAIL));
    }
    for path in LOGS {
        add(format!("logs/{path}"), tail(&root.join(path), TAIL));
    }
    for path in COMMON_LOGS {
        let lines = tail(&root.join(path), COMMON_TAIL).map(|text| ours(&text));
        add(format!("logs/{path}"), lines);
    }
    let mut taken = 0;
    for (home, user) in homes(root) {
        for (folder, begins, ends) in OF_USERS {
            let Ok(inside) = fs::read_dir(home.join(folder)) else {
                continue;
            };
            let mut names: Vec<String> = inside
                .flatten()
                .filter_map(|entry| entry.file_name().into_string().ok())
                .filter(|name| name.starts_with(begins) && name.ends_with(ends))
                .collect();
            names.sort();
            for name in names {
                if taken >= MOST_OF_USERS {
                    break;
                }
                taken += 1;
                let place = Path::new(folder).join(&name);
                add(
                    format!("users/{user}/{}", place.display()),
                    tail(&home.join(&place), TAIL / 8),
                );
            }
        }
    }
    add("versions.txt".to_owned(), Some(versions(root)));
    if root == Path::new("/") {
        for (name, program, arguments) in commands(days) {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            add(format!("commands/{name}"), answer(program, &arguments));
        }
    }
    pieces
}

/// Names that are known here and stand in no log: this machine's, and its people's.
pub fn names(root: &Path) -> (Vec<String>, Vec<String>) {
    let hosts = ["etc/hostname", "proc/sys/kernel/hostname"]
        .iter()
        .filter_map(|path| fs::read_to_string(root.join(path)).ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let passwords = fs::read_to_string(root.join("etc/passwd")).unwrap_or_default();
    let mut users = Vec::new();
    for line in passwords.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        if let [name, _, number, _, says, ..] = fields.as_slice()
            && number
                .parse::<u32>()
                .is_ok_and(|number| (1000..65_534).contains(&number))
        {
            users.push((*name).to_owned());
            let whole = says.split(',').next().unwrap_or("").trim();
            if whole.len() > 3 {
                users.push(whole.to_owned());
            }
        }
    }
    (hosts, users)
}

/// The folders of users, with their names.
fn homes(root: &Path) -> Vec<(PathBuf, String)> {
    let mut homes: Vec<(PathBuf, String)> = fs::read_dir(root.join("home"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.path(), entry.file_name().into_string().ok()?)))
        .collect();
    homes.push((root.join("root"), "root".to_owned()));
    homes.sort();
    homes
}

/// The end of a file, from the beginning of a line on.
pub fn tail(path: &Path, most: u64) -> Option<String> {
    let mut file = fs::File::open(path).ok()?;
    let kind = file.metadata().ok()?;
    if !kind.is_file() {
        return None;
    }
    let skip = kind.len().saturating_sub(most);
    file.seek(SeekFrom::Start(skip)).ok()?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).ok()?;
    let (_, text, _) = intake::encoding::text_of(&bytes);
    let text = text.into_owned();
    if skip == 0 {
        return Some(text);
    }
    text.split_once('\n').map(|(_, rest)| rest.to_owned())
}

/// The lines of a common log that programs of Remote Desktop wrote.
fn ours(text: &str) -> String {
    text.lines()
        .filter(|line| {
            PROGRAMS.iter().any(|program| {
                line.split_once(program)
                    .is_some_and(|(_, rest)| rest.starts_with(['[', ':']))
            })
        })
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// Versions of this program, the system and the packages.
fn versions(root: &Path) -> String {
    let mut said = format!("rdpdoctor {}\n", env!("CARGO_PKG_VERSION"));
    if let Ok(kernel) = fs::read_to_string(root.join("proc/sys/kernel/osrelease")) {
        said += &format!("kernel {}", kernel);
    }
    let mut package = "";
    let status = tail(&root.join("var/lib/dpkg/status"), COMMON_TAIL).unwrap_or_default();
    for line in status.lines() {
        if let Some(name) = line.strip_prefix("Package: ") {
            package = name;
        } else if let Some(version) = line.strip_prefix("Version: ")
            && PACKAGES.iter().any(|known| package.contains(known))
        {
            said += &format!("package {package} {version}\n");
        }
    }
    said
}

/// Commands that only look.
fn commands(days: u32) -> Vec<(&'static str, &'static str, Vec<String>)> {
    let words = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let mut journal = words("-o json --no-pager -q -n 20000 --since");
    journal.push(format!("-{days}d"));
    for (at, program) in PROGRAMS.iter().enumerate() {
        if at > 0 {
            journal.push("+".to_owned());
        }
        journal.push(format!(
            "_COMM={}",
            program.chars().take(15).collect::<String>()
        ));
    }
    vec![
        ("listeners.txt", "ss", words("-ltnp")),
        ("addresses.txt", "ip", words("addr")),
        ("routes.txt", "ip", words("route")),
        (
            "services.txt",
            "systemctl",
            words("status --no-pager -n 0 xrdp xrdp-sesman gnome-remote-desktop guacd"),
        ),
        ("journal.json", "journalctl", journal),
    ]
}

/// What a command answers, when it does so in time.
fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut out = child.stdout.take()?;
    let (told, answered) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What came before an error is still an answer.
        let _ = std::io::Read::take(&mut out, COMMON_TAIL).read_to_end(&mut bytes);
        let _ = told.send(bytes);
    });
    let bytes = answered.recv_timeout(PATIENCE);
    if bytes.is_err() {
        let _ = child.kill();
    }
    let _ = child.wait();
    Some(String::from_utf8_lossy(&bytes.ok()?).into_owned())
}
