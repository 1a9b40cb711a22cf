//! Real clients against the lab: what each shows for each fault, written into `docs/lab.md`.

use std::io::{BufRead, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, command, root, run, target, which};

/// A fault for each stage and each manner in which a connection ends there.
const FAULTS: &[&str] = &[
    "healthy/windows-nla",
    "healthy/xrdp",
    "negotiate/closes-at-once",
    "negotiate/resets-at-once",
    "negotiate/closes",
    "negotiate/resets",
    "negotiate/silent",
    "negotiate/truncated",
    "negotiate/garbage",
    "negotiate/ssh",
    "negotiate/slow",
    "negotiate/nla-required",
    "negotiate/tls-required",
    "negotiate/tls-not-allowed",
    "negotiate/no-certificate",
    "negotiate/inconsistent-flags",
    "secure/closes-at-hello",
    "secure/reset-at-hello",
    "secure/silent-at-hello",
    "secure/alert-protocol-version",
    "secure/alert-handshake-failure",
    "secure/not-tls",
    "secure/reset-after-flight",
    "secure/stalls-in-flight",
    "secure/key-of-another",
    "secure/mtu",
    "secure/expired",
    "authenticate/closes-after-tls",
    "authenticate/resets-after-tls",
    "authenticate/closes",
    "authenticate/resets",
    "authenticate/silent",
    "authenticate/garbage",
    "authenticate/oracle",
    "authenticate/right-missing",
];

/// A fault for each way in which an RD Gateway can fail.
const GATEWAY_FAULTS: &[&str] = &[
    "gateway/healthy",
    "gateway/healthy-ntlm",
    "gateway/healthy-basic",
    "gateway/healthy-consent",
    "gateway/wrong-password",
    "gateway/only-smart-card",
    "gateway/forbidden",
    "gateway/forbidden-after-logon",
    "gateway/not-found",
    "gateway/method-not-allowed",
    "gateway/length-required",
    "gateway/proxy-wants-a-name",
    "gateway/unavailable",
    "gateway/web-page",
    "gateway/redirect",
    "gateway/websocket-refused",
    "gateway/in-channel-forbidden",
    "gateway/in-channel-reset",
    "gateway/in-channel-silent",
    "gateway/rpc-alone",
    "gateway/not-supported",
    "gateway/authentication-unsupported",
    "gateway/cookie-refused",
    "gateway/cookie-malformed",
    "gateway/no-certificate",
    "gateway/capability-mismatch",
    "gateway/gateway-fails-inside",
    "gateway/access-denied",
    "gateway/not-admitted",
    "gateway/not-admitted-early",
    "gateway/quarantined",
    "gateway/at-its-limit",
    "gateway/resource-denied",
    "gateway/resource-denied-2008",
    "gateway/target-unreachable",
    "gateway/target-unreachable-full-code",
    "gateway/target-without-policies",
    "gateway/session-timeout",
    "gateway/disconnected",
    "gateway/no-longer-admitted",
    "gateway/target-closes",
    "gateway/target-resets-at-hello",
    "gateway/certificate-expired",
    "gateway/resets-at-client-hello",
    "gateway/resets-at-request",
    "gateway/resets-at-handshake",
    "gateway/resets-at-tunnel",
    "gateway/resets-at-channel",
    "gateway/resets-at-data",
    "gateway/silent-at-accept",
    "gateway/silent-at-request",
    "gateway/silent-at-channel",
];

/// How long a client may take before it counts as one that waits without end.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest words of a client that fit a cell.
const LONGEST: usize = 64;
/// Where the table stands in the document.
const DOCUMENT: &str = "docs/lab.md";
const TABLE: Place = Place {
    begin: "<!-- what real clients show: `cargo xtask clients` -->",
    end: "<!-- until here -->",
};
const GATEWAY_TABLE: Place = Place {
    begin: "<!-- what real clients show of gateways: `cargo xtask clients` -->",
    end: "<!-- until here, of gateways -->",
};

/// Between these lines of the document stands a table.
struct Place {
    begin: &'static str,
    end: &'static str,
}

/// Asks aardwolf to connect, and prints how that ended.
const AARDWOLF: &str = "
import asyncio, sys
from aardwolf.commons.factory import RDPConnectionFactory
from aardwolf.commons.iosettings import RDPIOSettings
async def main():
    settings = RDPIOSettings()
    settings.channels = []
    settings.video_width, settings.video_height = 1024, 768
    settings.video_bpp_min, settings.video_bpp_max = 15, 32
    factory = RDPConnectionFactory.from_url(sys.argv[1], settings)
    connection = factory.get_connection(settings)
    _, error = await connection.connect()
    print('connected' if error is None else error)
asyncio.run(main())
";

/// Runs every client that is installed against every fault, and writes down what it shows.
///
/// With `gateways`, what they show of gateways alone.
pub fn clients(gateways: bool) -> Result<()> {
    run(&mut cargo(["build", "--package", "rdpdoctor"]))?;
    let clients = Clients::find();
    if clients.columns().is_empty() {
        bail!(
            "no client is installed: xfreerdp, rdesktop, aardwolf in the Python of AARDWOLF_PYTHON, or IronRDP's example \
             `screenshot` at IRONRDP_SCREENSHOT"
        );
    }
    let screen = clients
        .freerdp
        .as_ref()
        .map(|_| Screen::open())
        .transpose()?;
    if !gateways {
        let columns = clients.columns();
        write(&TABLE, &columns, FAULTS, |fault| {
            clients.against(fault, screen.as_ref())
        })?;
    }
    let (Some(client), Some(screen)) = (&clients.freerdp, &screen) else {
        return Ok(());
    };
    write(&GATEWAY_TABLE, &["xfreerdp"], GATEWAY_FAULTS, |fault| {
        Ok(vec![through(client, fault, screen)?])
    })
}

/// Writes a table down anew.
fn write(
    place: &Place,
    columns: &[&str],
    faults: &[&str],
    against: impl Fn(&str) -> Result<Vec<String>>,
) -> Result<()> {
    let mut table = format!("| fault | {} |\n", columns.join(" | "));
    table += &format!("|---|{}\n", "---|".repeat(columns.len()));
    for fault in faults {
        let cells = against(fault)?;
        println!("{fault}: {}", cells.join(" | "));
        table += &format!("| `{fault}` | {} |\n", cells.join(" | "));
    }
    let path = root().join(DOCUMENT);
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {DOCUMENT}"))?;
    let Place { begin, end } = place;
    let (before, rest) = text
        .split_once(begin)
        .with_context(|| format!("{DOCUMENT} has no place for the table"))?;
    let (_, after) = rest
        .split_once(end)
        .with_context(|| format!("{DOCUMENT} has no end of the table"))?;
    std::fs::write(&path, format!("{before}{begin}\n{table}{end}{after}"))
        .with_context(|| format!("cannot write {DOCUMENT}"))
}

/// What FreeRDP's client shows that goes through a gateway with this fault: the gateway's own word, where it
/// tells one.
fn through(client: &Path, fault: &str, screen: &Screen) -> Result<String> {
    let lab = Lab::serve(fault)?;
    let ended = watch(
        Command::new(client)
            .args(["/v:pc-17.lab.test", "/gt:http", "/gu:lab", "/gp:Passw0rd!"])
            .arg(format!("/g:{}", lab.address))
            .args(["/u:lena", "/p:nothing", "/cert:ignore", "+auth-only"])
            .arg("/log-level:DEBUG")
            .env("DISPLAY", &screen.display),
    )?;
    Ok(ended.told(|text| {
        let words = |text: &str, beginning: &str| {
            text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .rfind(|word| word.starts_with(beginning))
                .map(str::to_owned)
        };
        let status = text
            .lines()
            .filter_map(|line| line.split_once("HTTP status: "))
            .map(|(_, status)| format!("HTTP {}", status.trim()))
            .next_back();
        let said = words(text, "E_PROXY_").or(status);
        let last = words(text, "ERRCONNECT_")
            .map(|last| last.trim_start_matches("ERRCONNECT_").to_owned());
        let both: Vec<String> = last.into_iter().chain(said).collect();
        (!both.is_empty()).then(|| both.join(", "))
    }))
}

/// The clients that are installed.
struct Clients {
    freerdp: Option<PathBuf>,
    rdesktop: Option<PathBuf>,
    /// A Python that has aardwolf.
    aardwolf: Option<PathBuf>,
    /// The client that comes with IronRDP as its example.
    ironrdp: Option<PathBuf>,
}

impl Clients {
    fn find() -> Self {
        Self {
            freerdp: which("xfreerdp").or_else(|| which("xfreerdp3")),
            rdesktop: which("rdesktop"),
            aardwolf: std::env::var_os("AARDWOLF_PYTHON").map(PathBuf::from),
            ironrdp: std::env::var_os("IRONRDP_SCREENSHOT").map(PathBuf::from),
        }
    }

    fn columns(&self) -> Vec<&'static str> {
        [
            (&self.freerdp, "xfreerdp"),
            (&self.rdesktop, "rdesktop"),
            (&self.aardwolf, "aardwolf"),
            (&self.ironrdp, "IronRDP"),
        ]
        .into_iter()
        .filter(|(client, _)| client.is_some())
        .map(|(_, name)| name)
        .collect()
    }

    /// What each shows. Every client meets a server of its own, that has served nobody.
    fn against(&self, fault: &str, screen: Option<&Screen>) -> Result<Vec<String>> {
        let mut cells = Vec::new();
        if let (Some(client), Some(screen)) = (&self.freerdp, screen) {
            let lab = Lab::serve(fault)?;
            let ended = watch(
                Command::new(client)
                    .arg(format!("/v:{}", lab.address))
                    .args(["/u:lena", "/p:nothing", "/cert:ignore", "+auth-only"])
                    .env("DISPLAY", &screen.display),
            )?;
            cells.push(ended.told(|text| {
                let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                let last = words.rfind(|word| word.starts_with("ERRCONNECT_"))?;
                Some(last.trim_start_matches("ERRCONNECT_").to_owned())
            }));
        }
        if let Some(client) = &self.rdesktop {
            let lab = Lab::serve(fault)?;
            let ended = watch(
                Command::new(client)
                    .args(["-u", "lena", "-p", "nothing"])
                    .arg(&lab.address)
                    .envs(screen.map(|screen| ("DISPLAY", &screen.display))),
            )?;
            cells.push(ended.told(last_line));
        }
        if let Some(python) = &self.aardwolf {
            let lab = Lab::serve(fault)?;
            let place = format!("rdp+ntlm-password://LAB\\lena:nothing@{}", lab.address);
            let ended = watch(Command::new(python).args(["-c", AARDWOLF, &place]))?;
            cells.push(ended.told(last_line));
        }
        if let Some(client) = &self.ironrdp {
            let lab = Lab::serve(fault)?;
            let (host, port) = lab.address.rsplit_once(':').unwrap_or((&lab.address, ""));
            let ended = watch(
                Command::new(client)
                    .args(["--host", host, "--port", port])
                    .args(["-u", "lena", "-p", "nothing", "-o", "/dev/null"])
                    .envs([("RUST_BACKTRACE", "0"), ("IRONRDP_LOG", "off")]),
            )?;
            cells.push(ended.told(deepest_cause));
        }
        Ok(cells)
    }
}

fn last_line(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty())?;
    Some(line.to_owned())
}

/// The last of numbered causes, without the place in the source where it came up.
fn deepest_cause(text: &str) -> Option<String> {
    let line = last_line(text)?;
    let words = match line.split_once(": ") {
        Some((number, words)) if number.parse::<u32>().is_ok() => words,
        _ => &line,
    };
    Some(
        match words
            .strip_prefix('[')
            .and_then(|words| words.split_once(']'))
        {
            Some((place, words)) => {
                let what = place.split(" @ ").next().unwrap_or_default();
                format!("{what}: {}", words.trim())
            }
            None => words.to_owned(),
        },
    )
}

/// How a client ended.
struct Ended {
    status: Option<i32>,
    text: String,
}

impl Ended {
    /// The status and the telling words, as a cell of the table.
    fn told(&self, telling: impl Fn(&str) -> Option<String>) -> String {
        let Some(status) = self.status else {
            return "waits without end".to_owned();
        };
        match telling(&self.text) {
            Some(words) => {
                let words: String = words
                    .replace('|', "/")
                    .replace(['\u{0}', '`'], "")
                    .chars()
                    .take(LONGEST)
                    .collect();
                format!("{status}: {}", words.trim())
            }
            None => status.to_string(),
        }
    }
}

/// Runs a client until it ends or has had its time.
fn watch(client: &mut Command) -> Result<Ended> {
    let mut child = client
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start a client")?;
    if let Some(mut answers) = child.stdin.take() {
        // rdesktop asks about the certificate; a client that asks nothing may have gone already.
        let _ = answers.write_all(b"yes\n");
    }
    let (tell, told) = mpsc::channel();
    if let Some(out) = child.stdout.take() {
        read(out, tell.clone());
    }
    if let Some(out) = child.stderr.take() {
        read(out, tell.clone());
    }
    drop(tell);
    // A client that has ended has closed what it writes to.
    let begun = Instant::now();
    let mut text = String::new();
    let mut waits = false;
    loop {
        match told.recv_timeout(PATIENCE.saturating_sub(begun.elapsed())) {
            Ok(part) => text += &part,
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                end(&mut child);
                waits = true;
                break;
            }
        }
    }
    let status = child.wait().context("cannot wait for a client")?;
    let status = (!waits).then(|| status.code().unwrap_or(-1));
    Ok(Ended { status, text })
}

/// Reads to the end on a thread of its own.
fn read(mut out: impl Read + Send + 'static, tell: mpsc::Sender<String>) {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        // What was written before an error is what there is, and nobody listens to a client that was ended.
        let _ = out.read_to_end(&mut text);
        let _ = tell.send(String::from_utf8_lossy(&text).into_owned());
    });
}

/// A server of the lab, until it is dropped.
struct Lab {
    child: Child,
    address: String,
}

impl Lab {
    fn serve(fault: &str) -> Result<Self> {
        let program = target().join("debug/rdpdoctor");
        let mut child = command(&program.to_string_lossy(), ["lab", fault])
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the lab")?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out)
                .read_line(&mut line)
                .context("the lab says nothing")?;
        }
        let address = line
            .split([' ', ','])
            .find(|word| word.starts_with("127.0.0.1:"))
            .map(|word| word.trim_end_matches(':').to_owned());
        match address {
            Some(address) => Ok(Self { child, address }),
            None => {
                end(&mut child);
                bail!("the lab does not serve {fault}: {line}")
            }
        }
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// A screen for clients that want one.
struct Screen {
    child: Child,
    display: String,
}

impl Screen {
    fn open() -> Result<Self> {
        let mut child = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1024x768x24"])
            .args(["-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb")?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out)
                .read_line(&mut line)
                .context("Xvfb says nothing")?;
        }
        let display = format!(":{}", line.trim());
        Ok(Self { child, display })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Ends a program of ours and waits until it is gone.
fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
