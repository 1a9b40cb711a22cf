//! A whole machine on the server's side: processes of its own, and changes to /etc, /var and /run that nobody else
//! sees. Services are started and stopped by the distribution's own scripts, as in a container.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::network::{Network, Side};

/// Lays the machine's own file systems over those of the host, says so, and then only collects its dead.
const BOOT: &str = r#"
set -e
mount -t tmpfs tmpfs "$1"
for part in etc var; do
  mkdir "$1/$part" "$1/$part.work"
  mount -t overlay overlay -o "lowerdir=/$part,upperdir=$1/$part,workdir=$1/$part.work" "/$part"
done
mount -t tmpfs tmpfs /run
mkdir -p /run/lock
: > "$2"
while :; do sleep 3600 & wait $!; done
"#;

/// What counts as the machine's own: everything a mend may touch.
const OWN: &[&str] = &[
    "etc/xrdp",
    "etc/ssl/private",
    "etc/group",
    "etc/gshadow",
    "etc/passwd",
    "etc/default",
    "etc/ufw",
];

/// Content, mode, owner and attributes of every file; the targets of links.
pub type Picture = BTreeMap<PathBuf, (Vec<u8>, u32, (u32, u32), Vec<(String, Vec<u8>)>)>;

/// The machine; it lives as long as the network does.
#[derive(Debug)]
pub struct Machine {
    first: u32,
}

impl Machine {
    /// Boots it.
    pub fn boot(network: &mut Network) -> Self {
        let layers = network.folder().join("layers");
        let ready = network.folder().join("ready");
        fs::create_dir(&layers).unwrap();
        let script = network.write("boot.sh", BOOT);
        let words = [
            "--mount",
            "--pid",
            "--fork",
            "--mount-proc",
            "--kill-child",
            "bash",
        ];
        let words: Vec<&OsStr> = words
            .iter()
            .map(OsStr::new)
            .chain([script.as_os_str(), layers.as_os_str(), ready.as_os_str()])
            .collect();
        let command = network.command(Side::Server, "unshare", words);
        let outer = network.start("machine", command);
        network.until("the machine", |_| ready.exists());
        let children = fs::read_to_string(format!("/proc/{outer}/task/{outer}/children")).unwrap();
        Self {
            first: children.trim().parse().unwrap(),
        }
    }

    /// A file of the machine as it is seen from outside.
    pub fn path(&self, file: &str) -> PathBuf {
        Path::new("/proc")
            .join(self.first.to_string())
            .join("root")
            .join(file.trim_start_matches('/'))
    }

    /// A command that will run on the machine.
    pub fn command<S: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut command = Command::new("nsenter");
        command
            .args(["-t", &self.first.to_string(), "-m", "-p", "-n", "--"])
            .arg(program)
            .args(arguments)
            .env_remove("XDG_STATE_HOME")
            .stdin(Stdio::null());
        command
    }

    /// Runs a program there to its end; it must succeed.
    pub fn run<S: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = S>,
    ) -> String {
        let mut command = self.command(program, arguments);
        let out = command.output().unwrap();
        assert!(
            out.status.success(),
            "{command:?} ended with {}: {}{}",
            out.status,
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
        String::from_utf8(out.stdout).unwrap()
    }

    /// Runs `rdpdoctor fix` there.
    pub fn fix<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Output {
        let words: Vec<_> = [OsStr::new("fix").to_owned()]
            .into_iter()
            .chain(arguments.into_iter().map(|word| word.as_ref().to_owned()))
            .collect();
        self.command(env!("CARGO_BIN_EXE_rdpdoctor"), words)
            .output()
            .unwrap()
    }

    /// Runs `rdpdoctor fix` there and reads the receipt it writes.
    pub fn receipt<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Value {
        let words: Vec<_> = arguments
            .into_iter()
            .map(|word| word.as_ref().to_owned())
            .chain(["--format", "json"].map(|word| OsStr::new(word).to_owned()))
            .collect();
        let out = self.fix(&words);
        serde_json::from_slice(&out.stdout).unwrap_or_else(|_| {
            panic!(
                "no receipt from fix {words:?}: {}\n{}\n{}",
                out.status,
                String::from_utf8_lossy(&out.stdout),
                String::from_utf8_lossy(&out.stderr)
            )
        })
    }

    /// Sets a key of `[Globals]` of xrdp's settings, where it stands already, if only as a comment.
    pub fn setting(&self, key: &str, to: &str) {
        let file = self.path("etc/xrdp/xrdp.ini");
        let text = fs::read_to_string(&file).unwrap();
        let mut found = false;
        let lines: Vec<String> = text
            .lines()
            .map(|line| {
                if !found && line.trim_start_matches('#').starts_with(&format!("{key}=")) {
                    found = true;
                    format!("{key}={to}")
                } else {
                    line.to_owned()
                }
            })
            .collect();
        assert!(found, "no {key} in xrdp.ini");
        fs::write(&file, lines.join("\n") + "\n").unwrap();
    }

    /// Lets xrdp read its key, as an administrator of Debian does.
    pub fn let_xrdp_read_its_key(&self) {
        self.run("adduser", ["--quiet", "xrdp", "ssl-cert"]);
    }

    /// Lets the client in over ssh, with a key and without a password.
    pub fn let_in_over_ssh(&self, network: &mut Network) {
        let folder = network.folder().to_owned();
        for (name, kind) in [("host_key", "ed25519"), ("user_key", "ed25519")] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", kind, "-N", "", "-f"])
                .arg(folder.join(name))
                .output()
                .unwrap();
            assert!(made.status.success());
        }
        let at = |name: &str| folder.join(name).display().to_string();
        network.client_etc(
            "ssh/ssh_config",
            &format!(
                "Host *\n IdentityFile {}\n StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n LogLevel ERROR\n",
                at("user_key")
            ),
        );
        self.run("mkdir", ["-p", "/run/sshd"]);
        let keys = format!("AuthorizedKeysFile={}", at("user_key.pub"));
        let host_key = at("host_key");
        let words = [
            "-D",
            "-e",
            "-f",
            "/dev/null",
            "-p",
            "22",
            "-h",
            &host_key,
            "-o",
            &keys,
            "-o",
            "StrictModes=no",
            "-o",
            "PasswordAuthentication=no",
        ];
        let command = self.command("/usr/sbin/sshd", words);
        network.start("sshd", command);
        network.listening(22);
    }

    /// Starts xrdp and waits until it listens.
    pub fn start(&self, network: &mut Network, port: u16) {
        self.run("service", ["xrdp", "start"]);
        network.listening(port);
    }

    /// Everything a mend may touch.
    pub fn picture(&self) -> Picture {
        let mut picture = Picture::new();
        for own in OWN {
            self.take(&self.path(own), &mut picture);
        }
        picture
    }

    fn take(&self, path: &Path, picture: &mut Picture) {
        let Ok(metadata) = fs::symlink_metadata(path) else {
            return;
        };
        let content = if metadata.is_dir() {
            for item in fs::read_dir(path).unwrap() {
                self.take(&item.unwrap().path(), picture);
            }
            Vec::new()
        } else if metadata.is_symlink() {
            fs::read_link(path)
                .unwrap()
                .into_os_string()
                .into_encoded_bytes()
        } else {
            fs::read(path).unwrap()
        };
        let mut attributes: Vec<(String, Vec<u8>)> = xattr::list(path)
            .into_iter()
            .flatten()
            .filter_map(|name| {
                let value = xattr::get(path, &name).ok()??;
                Some((name.to_string_lossy().into_owned(), value))
            })
            .collect();
        attributes.sort();
        picture.insert(
            path.to_owned(),
            (
                content,
                metadata.mode(),
                (metadata.uid(), metadata.gid()),
                attributes,
            ),
        );
    }
}

/// What differs between two pictures, for the message of a failing test.
pub fn difference(before: &Picture, after: &Picture) -> Vec<String> {
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| {
            let told = |picture: &Picture| {
                picture.get(name).map(|(content, mode, owner, attributes)| {
                    format!(
                        "{mode:o} {owner:?} {attributes:?}\n{}",
                        String::from_utf8_lossy(content)
                    )
                })
            };
            format!("{}:\n{:?}\n{:?}", name.display(), told(before), told(after))
        })
        .collect()
}
