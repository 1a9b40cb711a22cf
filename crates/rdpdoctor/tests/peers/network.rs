//! Three network namespaces in a row: client, router, server.
//!
//! ```text
//! cli 10.99.1.2 ── 10.99.1.1 rtr 10.99.2.1 ── 10.99.2.2 srv
//!     fd99:1::2    fd99:1::1     fd99:2::1    fd99:2::2
//! ```

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The server's address.
pub const SERVER: &str = "10.99.2.2";
/// The port all servers listen on.
pub const PORT: u16 = 3389;
/// An address on the server's side that nothing has.
pub const NOBODY: &str = "10.99.2.9";
/// A name the client's hosts file gives to the server.
pub const NAME: &str = "desk.lab.test";

/// How long anything local may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A side of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Client,
    Router,
    Server,
}

/// The network of one test; dropping it ends every process in it and removes every trace.
#[derive(Debug)]
pub struct Network {
    prefix: String,
    folder: TempDir,
    children: Vec<Child>,
}

impl Network {
    /// Lays the three namespaces.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        sweep();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let prefix = format!("rdpt-{}-{number}", std::process::id());
        let network = Self {
            prefix,
            folder: tempfile::tempdir().unwrap(),
            children: Vec::new(),
        };
        let laid = Command::new("sh")
            .args(["-e", "-c", LAY])
            .env("PATH", path())
            .env("P", &network.prefix)
            .output()
            .expect("cannot start sh");
        assert!(
            laid.status.success(),
            "cannot make network namespaces: {}\nThese tests need root on Linux; `cargo xtask test` \
             installs what they need, or leaves them out and says so",
            String::from_utf8_lossy(&laid.stderr)
        );
        network.hosts(&[(SERVER, NAME)]);
        network.etc(
            "resolv.conf",
            &format!("nameserver {SERVER}\noptions timeout:1 attempts:1\n"),
        );
        network
    }

    /// A folder for this test's files, readable by servers that run as their own users.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the test's folder.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let file = self.folder().join(name);
        fs::write(&file, text).unwrap();
        file
    }

    /// The client's hosts file.
    pub fn hosts(&self, entries: &[(&str, &str)]) {
        let lines: String = entries
            .iter()
            .map(|(address, name)| format!("{address} {name}\n"))
            .collect();
        self.etc("hosts", &format!("127.0.0.1 localhost\n{lines}"));
    }

    /// Replaces a file of /etc for the client alone.
    fn etc(&self, name: &str, text: &str) {
        let folder = self.etc_folder();
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }

    /// A file of /etc for the client alone, also in a folder.
    pub fn client_etc(&self, name: &str, text: &str) {
        if let Some(folder) = Path::new(name).parent() {
            fs::create_dir_all(self.etc_folder().join(folder)).unwrap();
        }
        self.etc(name, text);
    }

    fn etc_folder(&self) -> PathBuf {
        Path::new("/etc/netns").join(self.namespace(Side::Client))
    }

    /// The name of a side's namespace.
    pub fn namespace(&self, side: Side) -> String {
        let side = match side {
            Side::Client => "cli",
            Side::Router => "rtr",
            Side::Server => "srv",
        };
        format!("{}-{side}", self.prefix)
    }

    /// A command that will run on one side.
    pub fn command<S: AsRef<OsStr>>(
        &self,
        side: Side,
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &self.namespace(side)])
            .arg(program)
            .args(arguments);
        // What is remembered of hosts stays within the test.
        command
            .env("PATH", path())
            .env("XDG_STATE_HOME", self.folder().join("state"))
            .stdin(Stdio::null());
        command
    }

    /// Runs a program on one side to its end; it must succeed.
    pub fn run<S: AsRef<OsStr>>(
        &self,
        side: Side,
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = S>,
    ) -> String {
        let mut command = self.command(side, program, arguments);
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        assert!(
            status.success(),
            "{command:?} ended with {status}: {}",
            String::from_utf8_lossy(&stderr)
        );
        String::from_utf8(stdout).unwrap()
    }

    /// Starts a server; it lives as long as the network does. What it writes goes to `name.log`.
    pub fn start(&mut self, name: &str, mut command: Command) -> u32 {
        let log = fs::File::create(self.folder().join(format!("{name}.log"))).unwrap();
        command.stdout(log.try_clone().unwrap()).stderr(log);
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let id = child.id();
        self.children.push(child);
        id
    }

    /// Ends a server that was started, and everything it started.
    pub fn end(&mut self, process: u32) {
        let at = self.children.iter().position(|child| child.id() == process);
        let mut child = self.children.remove(at.expect("no such server"));
        // It leads nobody: what it started is found by its namespace, in which the other servers are, too.
        let _ = Command::new("pkill")
            .args(["-KILL", "-P", &process.to_string()])
            .output();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Takes over a process that was started elsewhere.
    pub fn adopt(&mut self, child: Child) {
        self.children.push(child);
    }

    /// Adds a rule to what the router forwards; `@seen` is a set of addresses for rules that count.
    pub fn forward(&self, rule: &str) {
        self.nft(Side::Router, "forward", rule);
    }

    /// Adds a rule to what the server's host takes in.
    pub fn input(&self, rule: &str) {
        self.nft(Side::Server, "input", rule);
    }

    /// Adds a rule to what a side sends of its own.
    pub fn output(&self, side: Side, rule: &str) {
        self.nft(side, "output", rule);
    }

    fn nft(&self, side: Side, hook: &str, rule: &str) {
        let text = format!(
            "table inet lab {{\n set seen {{ type ipv4_addr; flags dynamic; }}\n chain on_{hook} {{\n type filter hook {hook} priority 0;\n {rule}\n }}\n}}\n"
        );
        let file = self.write("rules.nft", text);
        self.run(side, "nft", [OsStr::new("-f"), file.as_os_str()]);
    }

    /// Waits until something on the server's side listens on this TCP port.
    pub fn listening(&mut self, port: u16) {
        let filter = format!("sport = :{port}");
        self.until(&format!("a listener on port {port}"), |network| {
            !network
                .run(Side::Server, "ss", ["-ltnH", &filter])
                .is_empty()
        });
    }

    /// Asks until it is so; every question costs a process, which is pause enough.
    pub fn until(&mut self, what: &str, mut so: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        while !so(self) {
            for child in &mut self.children {
                if let Some(status) = child.try_wait().unwrap() {
                    panic!(
                        "waiting for {what}, a server ended with {status}\n{}",
                        self.logs()
                    );
                }
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "waited {PATIENCE:?} in vain for {what}\n{}",
                self.logs()
            );
        }
    }

    /// The same where a process that was started may end.
    pub fn until_quietly(&self, what: &str, mut so: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !so() {
            assert!(
                begun.elapsed() < PATIENCE,
                "waited {PATIENCE:?} in vain for {what}\n{}",
                self.logs()
            );
        }
    }

    /// Everything the servers wrote, for the message of a failing test.
    pub fn logs(&self) -> String {
        let mut logs = String::new();
        for entry in fs::read_dir(self.folder()).into_iter().flatten().flatten() {
            if entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "log")
            {
                let text = fs::read(entry.path()).unwrap_or_default();
                logs += &format!(
                    "--- {}\n{}\n",
                    entry.path().display(),
                    String::from_utf8_lossy(&text)
                );
            }
        }
        logs
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for side in [Side::Server, Side::Client, Side::Router] {
            remove(&self.namespace(side));
        }
        for child in &mut self.children {
            // It was killed with its namespace; this only collects it.
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = fs::remove_dir_all(self.etc_folder());
    }
}

/// Ends every process in a namespace, then the namespace itself.
fn remove(namespace: &str) {
    let ip = |arguments: &[&str]| {
        Command::new("ip")
            .env("PATH", path())
            .args(arguments)
            .output()
    };
    // A server may be forking while it is killed.
    for _ in 0..5 {
        let Ok(pids) = ip(&["netns", "pids", namespace]) else {
            break;
        };
        let pids = String::from_utf8_lossy(&pids.stdout).into_owned();
        if pids.trim().is_empty() {
            break;
        }
        let _ = Command::new("kill")
            .arg("-KILL")
            .args(pids.split_whitespace())
            .output();
    }
    let _ = ip(&["netns", "del", namespace]);
}

/// Removes what tests left behind that were killed before they could tidy up.
fn sweep() {
    let Ok(list) = Command::new("ip")
        .env("PATH", path())
        .args(["netns", "list"])
        .output()
    else {
        return;
    };
    for line in String::from_utf8_lossy(&list.stdout).lines() {
        let name = line.split_whitespace().next().unwrap_or_default();
        let mut parts = name.split('-');
        if parts.next() == Some("rdpt")
            && let Some(pid) = parts.next()
            && !Path::new("/proc").join(pid).exists()
        {
            remove(name);
            let _ = fs::remove_dir_all(Path::new("/etc/netns").join(name));
        }
    }
}

/// The search path, with the folders of administration that some shells leave out.
fn path() -> String {
    format!(
        "{}:/usr/sbin:/sbin",
        std::env::var("PATH").unwrap_or_default()
    )
}

/// Offloads are switched off, or rules on sizes would see what no wire ever carries.
const LAY: &str = r#"
for n in cli rtr srv; do ip netns add $P-$n; ip -n $P-$n link set lo up; done
ip link add c0 netns $P-cli type veth peer name r0 netns $P-rtr
ip link add s0 netns $P-srv type veth peer name r1 netns $P-rtr
ip -n $P-cli addr add 10.99.1.2/24 dev c0
ip -n $P-rtr addr add 10.99.1.1/24 dev r0
ip -n $P-rtr addr add 10.99.2.1/24 dev r1
ip -n $P-srv addr add 10.99.2.2/24 dev s0
for x in "cli c0" "rtr r0" "rtr r1" "srv s0"; do
  set -- $x
  ip -n $P-$1 link set $2 up
  ip netns exec $P-$1 ethtool -K $2 tso off gso off gro off tx off >/dev/null 2>&1 || true
done
ip -n $P-cli route add default via 10.99.1.1
ip -n $P-srv route add default via 10.99.2.1
ip netns exec $P-rtr sysctl -qw net.ipv4.ip_forward=1
if [ -e /proc/sys/net/ipv6 ]; then
  ip -n $P-cli addr add fd99:1::2/64 dev c0 nodad
  ip -n $P-rtr addr add fd99:1::1/64 dev r0 nodad
  ip -n $P-rtr addr add fd99:2::1/64 dev r1 nodad
  ip -n $P-srv addr add fd99:2::2/64 dev s0 nodad
  ip -n $P-cli -6 route add default via fd99:1::1
  ip -n $P-srv -6 route add default via fd99:2::1
  ip netns exec $P-rtr sysctl -qw net.ipv6.conf.all.forwarding=1
fi
"#;
