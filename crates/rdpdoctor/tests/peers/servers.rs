//! Real servers, each on the port of the test's network.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use super::certificates::{self, Certificate};
use super::network::{Network, PATIENCE, PORT, Side};

/// How an xrdp is set up.
#[derive(Clone, Copy, Debug)]
pub struct Xrdp {
    /// `security_layer`: negotiate, tls or rdp.
    pub security: &'static str,
    /// `crypt_level`: none, low, high or fips.
    pub level: &'static str,
    /// `ssl_protocols`.
    pub versions: &'static str,
    /// `tls_ciphers`, in the words of OpenSSL.
    pub ciphers: &'static str,
    /// Its certificate.
    pub certificate: Certificate,
    /// What is the matter with its private key.
    pub key: Key,
}

impl Default for Xrdp {
    fn default() -> Self {
        Self {
            security: "negotiate",
            level: "none",
            versions: "TLSv1.2, TLSv1.3",
            ciphers: "HIGH",
            certificate: Certificate::HEALTHY,
            key: Key::Healthy,
        }
    }
}

/// The state of a server's private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// It can be used.
    Healthy,
    /// The server may not read it. Debian runs xrdp as a user that, until somebody adds it to the group
    /// ssl-cert, may not.
    Unreadable,
    /// It belongs to another certificate.
    OfAnother,
}

/// Starts an xrdp; returns its process.
pub fn xrdp(network: &mut Network, setup: Xrdp) -> u32 {
    let files = certificates::issue(network, setup.certificate);
    if setup.key == Key::OfAnother {
        certificates::swap_key(&files);
    }
    fs::set_permissions(network.folder(), fs::Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(&files.key, fs::Permissions::from_mode(0o600)).unwrap();
    let ini = network.write(
        "xrdp.ini",
        format!(
            "[Globals]\nini_version=1\nfork=true\nport={PORT}\ntcp_nodelay=true\ntcp_keepalive=true\n\
             security_layer={}\ncrypt_level={}\ncertificate={}\nkey_file={}\nssl_protocols={}\ntls_ciphers={}\n\
             allow_channels=true\n\
             [Logging]\nLogFile={}\nLogLevel=DEBUG\nEnableSyslog=false\n\
             [Channels]\n\
             [Xorg]\nname=Xorg\nlib=libxup.so\nusername=ask\npassword=ask\nip=127.0.0.1\nport=-1\ncode=20\n",
            setup.security,
            setup.level,
            files.certificate.display(),
            files.key.display(),
            setup.versions,
            setup.ciphers,
            network.folder().join("xrdp-own.log").display(),
        ),
    );
    let mut words = vec![
        "--nodaemon".to_owned(),
        "--config".to_owned(),
        ini.display().to_string(),
    ];
    let command = if setup.key == Key::Unreadable {
        words.insert(0, "xrdp".to_owned());
        let user = ["--reuid", "xrdp", "--regid", "xrdp", "--clear-groups"].map(str::to_owned);
        network.command(Side::Server, "setpriv", user.iter().chain(&words))
    } else {
        network.command(Side::Server, "xrdp", &words)
    };
    let process = network.start("xrdp", command);
    network.listening(PORT);
    process
}

/// Starts FreeRDP's shadow server with this `/sec:`; NLA knows one user.
pub fn shadow(network: &mut Network, security: &str, certificate: Certificate) -> u32 {
    let home = network.folder().to_path_buf();
    let files = certificates::issue(network, certificate);
    let store = home.join(".config/freerdp/shadow");
    fs::create_dir_all(&store).unwrap();
    fs::copy(&files.certificate, store.join("shadow.crt")).unwrap();
    fs::copy(&files.key, store.join("shadow.key")).unwrap();
    let accounts = home.join("sam");
    let hash = tool(&["winpr-hash", "winpr-hash3"]);
    let line = network.run(
        Side::Server,
        hash,
        ["-u", "lab", "-p", "Passw0rd!", "-f", "sam"],
    );
    fs::write(&accounts, line).unwrap();

    let display = screen(network);
    let mut command = network.command(
        Side::Server,
        tool(&["freerdp-shadow-cli", "freerdp-shadow-cli3"]),
        [
            format!("/port:{PORT}"),
            format!("/sec:{security}"),
            format!("/sam-file:{}", accounts.display()),
            if security == "nla" { "+auth" } else { "-auth" }.to_owned(),
        ],
    );
    command
        .env("HOME", &home)
        .env("DISPLAY", display)
        .env_remove("XDG_CONFIG_HOME");
    let process = network.start("shadow", command);
    network.listening(PORT);
    process
}

/// Starts an X server and returns its display. What it shows,
/// [`colours`] counts.
pub fn screen(network: &mut Network) -> String {
    let folder = network.folder().display().to_string();
    // Sockets of displays are files that all networks share; every test is a process of its own, so that its number
    // is nobody else's.
    let display = format!(":{}", 100 + std::process::id() % 50_000);
    let arguments = [
        &display,
        "-displayfd",
        "1",
        "-screen",
        "0",
        "800x600x24",
        "-fbdir",
        &folder,
        "-nolisten",
        "tcp",
        "-noreset",
    ];
    let mut command = network.command(Side::Server, "Xvfb", arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("cannot start Xvfb");
    let told = child.stdout.take().unwrap();
    network.adopt(child);
    let (sender, line) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(told).read_line(&mut line);
        sender.send(read.map(|_| line)).unwrap_or_default();
    });
    let line = line
        .recv_timeout(PATIENCE)
        .unwrap_or_else(|_| panic!("Xvfb opened no display within {PATIENCE:?}"))
        .unwrap();
    assert!(!line.trim().is_empty(), "Xvfb found no display");
    format!(":{}", line.trim())
}

/// How many colours the screen of this test shows.
pub fn colours(network: &Network) -> usize {
    // XWD: numbers of four bytes, the first the size of the header, the twentieth the number of colours, each
    // with twelve bytes between header and pixels.
    let file = fs::read(network.folder().join("Xvfb_screen0")).unwrap_or_default();
    let number = |index: usize| {
        let bytes = file.get(index * 4..).and_then(|rest| rest.first_chunk());
        usize::try_from(u32::from_be_bytes(bytes.copied().unwrap_or_default())).unwrap()
    };
    let pixels = file.get(number(0) + number(19) * 12..).unwrap_or_default();
    let shown: BTreeSet<&[u8]> = pixels.chunks_exact(4).collect();
    shown.len()
}

/// Starts an OpenSSH server on the port of Remote Desktop.
pub fn sshd(network: &mut Network) {
    fs::create_dir_all("/run/sshd").unwrap();
    let key = network.folder().join("host_key");
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&key)
        .output()
        .expect("cannot start ssh-keygen");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let arguments = [
        "-D",
        "-e",
        "-f",
        "/dev/null",
        "-p",
        &PORT.to_string(),
        "-h",
        &key.display().to_string(),
    ]
    .map(str::to_owned);
    // sshd insists on being called by its full path.
    let program = ["/usr/sbin/sshd", "/usr/bin/sshd"]
        .into_iter()
        .find(|file| fs::exists(file).unwrap_or(false));
    let command = network.command(Side::Server, program.unwrap_or("sshd"), arguments);
    network.start("sshd", command);
    network.listening(PORT);
}

/// Starts an nginx on the port of Remote Desktop, in clear or with TLS from the first byte.
pub fn nginx(network: &mut Network, tls: bool) {
    let files = certificates::issue(network, Certificate::HEALTHY);
    let folder = network.folder().display().to_string();
    let listen = if tls {
        format!(
            "listen {PORT} ssl; ssl_certificate {}; ssl_certificate_key {};",
            files.certificate.display(),
            files.key.display()
        )
    } else {
        format!("listen {PORT};")
    };
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {folder}/{kind};"))
        .concat();
    let file = network.write(
        "nginx.conf",
        format!(
            "daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;\n\
             events {{}}\nhttp {{ access_log off; {temporary} server {{ {listen} return 200 'hello'; }} }}\n"
        ),
    );
    let command = network.command(
        Side::Server,
        "nginx",
        ["-c".to_owned(), file.display().to_string()],
    );
    network.start("nginx", command);
    network.listening(PORT);
}

/// Starts a name server that knows these names.
pub fn dnsmasq(network: &mut Network, names: &[(&str, &str)]) {
    let records: Vec<String> = names
        .iter()
        .map(|(name, address)| format!("--host-record={name},{address}"))
        .collect();
    dnsmasq_with(network, 53, &records);
}

/// Starts a name server on this port that knows these records, in dnsmasq's own words, and asks nobody.
pub fn dnsmasq_with(network: &mut Network, port: u16, records: &[String]) {
    let mut arguments: Vec<String> = [
        "--keep-in-foreground",
        "--no-resolv",
        "--no-hosts",
        "--conf-file=/dev/null",
        "--local=/lab.test/",
    ]
    .map(str::to_owned)
    .to_vec();
    let name = format!("dnsmasq-{port}");
    let pid = network.folder().join(format!("{name}.pid"));
    arguments.push(format!("--pid-file={}", pid.display()));
    arguments.push(format!("--port={port}"));
    arguments.extend_from_slice(records);
    let command = network.command(Side::Server, "dnsmasq", arguments);
    network.start(&name, command);
    let filter = format!("sport = :{port}");
    network.until("a name server", |network| {
        !network
            .run(Side::Server, "ss", ["-lunH", &filter])
            .is_empty()
    });
}

/// The first of these programs that is installed.
fn tool(names: &[&'static str]) -> &'static str {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there =
        |name: &&&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    names
        .iter()
        .find(there)
        .copied()
        .unwrap_or_else(|| panic!("none of {names:?} is installed: run `cargo xtask setup`"))
}
