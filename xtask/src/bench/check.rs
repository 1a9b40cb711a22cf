//! How long a check takes in round trips, and beside its limits.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::link::{FAR, Link, NOBODY};
use crate::shell::{cargo, output, root, run, which};

/// Round-trip times of the links.
const ROUND_TRIPS: &[Duration] = &[
    Duration::from_millis(1),
    Duration::from_millis(20),
    Duration::from_millis(100),
];

/// What a full check of a healthy host may take beside its round trips.
const FIXED: Duration = Duration::from_millis(150);
/// The round trips it may take.
const TRIPS: u32 = 8;
/// What a check of a silent host may take.
const SILENT: Duration = Duration::from_secs(6);

/// One way of running the main job, and what came of it.
struct Timed {
    total: Duration,
    report: Value,
}

/// Times checks of real servers over links of several round-trip times.
pub fn check(runs: usize) -> Result<()> {
    ensure!(
        nix::unistd::geteuid().is_root(),
        "this benchmark makes network namespaces, which needs root"
    );
    run(&mut cargo(["build", "--release", "--package", "rdpdoctor"]))?;
    let doctor = target_folder()?.join("release/rdpdoctor");
    let scratch = scratch()?;
    let link = Link::lay()?;
    let servers = servers(&link, scratch.path())?;

    println!(
        "\nA check of a healthy host: limit {TRIPS} r + {} ms",
        FIXED.as_millis()
    );
    println!(
        "{:<22}{:>8}{:>11}{:>11}{:>9}{:>8}{:>13}",
        "server", "r ms", "total ms", "limit ms", "of limit", "trips", "connections"
    );
    for server in &servers {
        for &round_trip in ROUND_TRIPS {
            link.set_round_trip(round_trip);
            let target = format!("{FAR}:{}", server.port);
            let timed = median(runs, || time(&link, &doctor, &target))?;
            let limit = round_trip * TRIPS + FIXED;
            println!(
                "{:<22}{:>8}{:>11.1}{:>11.1}{:>8.0}%{:>8.1}{:>13}",
                server.name,
                round_trip.as_millis(),
                millis(timed.total),
                millis(limit),
                100.0 * millis(timed.total) / millis(limit),
                ladder_end(&timed.report) / millis(round_trip),
                connections(&timed.report),
            );
            if timed.report.get("outcome").and_then(Value::as_str) != Some("healthy") {
                println!("  (not healthy: {})", first_finding(&timed.report));
            }
        }
    }

    println!("\nA check of a silent host: limit {} s", SILENT.as_secs());
    link.set_round_trip(Duration::from_millis(20));
    let timed = median(runs.min(3), || time(&link, &doctor, NOBODY))?;
    println!(
        "{:<22}{:>8}{:>11.1}{:>11.1}{:>8.0}%   {}",
        "nobody",
        20,
        millis(timed.total),
        millis(SILENT),
        100.0 * millis(timed.total) / millis(SILENT),
        first_finding(&timed.report),
    );
    peers(&link, &servers)
}

/// The same hosts asked by others, at 20 ms.
fn peers(link: &Link, servers: &[Server]) -> Result<()> {
    println!("\nOthers at r = 20 ms, beside a check of the same server");
    for server in servers {
        let port = server.port.to_string();
        let target = format!("{FAR}:{port}");
        let nmap = [
            "-Pn",
            "-n",
            "-p",
            &port,
            "--script",
            "rdp-enum-encryption,rdp-ntlm-info",
            FAR,
        ];
        let all: [(&str, &[&str]); 2] = [("nmap", &nmap), ("sslscan", &["--rdp", &target])];
        for (program, arguments) in all {
            if which(program).is_none() {
                println!("{:<22}{program} is not installed", server.name);
                continue;
            }
            let start = Instant::now();
            let ended = link
                .near("timeout")
                .arg("120")
                .arg(program)
                .args(arguments)
                .stdin(Stdio::null())
                .output()
                .with_context(|| format!("cannot start {program}"))?;
            let took = start.elapsed();
            println!(
                "{:<22}{program:<10}{:>9.1} ms   {}",
                server.name,
                millis(took),
                ended.status
            );
        }
    }
    Ok(())
}

/// Runs the main job once.
fn time(link: &Link, doctor: &Path, target: &str) -> Result<Timed> {
    let start = Instant::now();
    let said = link
        .near(doctor)
        .args([target, "--format", "json", "--no-progress"])
        .stdin(Stdio::null())
        .output()
        .context("cannot start rdpdoctor")?;
    let total = start.elapsed();
    let report = serde_json::from_slice(&said.stdout).with_context(|| {
        format!(
            "rdpdoctor wrote no report: {}",
            String::from_utf8_lossy(&said.stderr)
        )
    })?;
    Ok(Timed { total, report })
}

fn median(runs: usize, mut one: impl FnMut() -> Result<Timed>) -> Result<Timed> {
    let mut all = (0..runs.max(1))
        .map(|_| one())
        .collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|timed| timed.total);
    let middle = all.len() / 2;
    Ok(all.swap_remove(middle))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// When the last rung the client climbs was passed, in milliseconds since the case was opened.
fn ladder_end(report: &Value) -> f64 {
    let phases = report.get("phases").and_then(Value::as_array);
    let end = |phase: &Value| {
        let number = |key| phase.get(key).and_then(Value::as_f64);
        Some(number("started_ms")? + number("took_ms")?)
    };
    phases
        .into_iter()
        .flatten()
        .filter_map(end)
        .fold(0.0, f64::max)
}

fn connections(report: &Value) -> usize {
    report
        .get("attempts")
        .and_then(Value::as_array)
        .map_or(0, Vec::len)
}

fn first_finding(report: &Value) -> String {
    report
        .pointer("/findings/0/cause")
        .and_then(Value::as_str)
        .unwrap_or("no finding")
        .to_owned()
}

fn target_folder() -> Result<PathBuf> {
    let mut metadata = cargo(["metadata", "--format-version", "1", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&output(metadata.current_dir(root()))?)?;
    metadata
        .get("target_directory")
        .and_then(Value::as_str)
        .map(PathBuf::from)
        .context("cargo does not say where it builds")
}

/// A folder for the servers' files, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn scratch() -> Result<Scratch> {
    let path = std::env::temp_dir().join(format!("rdpdoctor-bench-{}", std::process::id()));
    fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
    Ok(Scratch(path))
}

/// A real server on the far end, ended with this value.
struct Server {
    name: &'static str,
    port: u16,
    children: Vec<Child>,
}

impl Drop for Server {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn servers(link: &Link, scratch: &Path) -> Result<Vec<Server>> {
    let mut servers = Vec::new();
    if which("xrdp").is_some() {
        servers.push(xrdp(link, scratch)?);
    }
    if which("freerdp-shadow-cli").is_some() && which("Xvfb").is_some() {
        servers.push(shadow(link, scratch)?);
    }
    ensure!(
        !servers.is_empty(),
        "neither xrdp nor FreeRDP's shadow server is installed: cargo xtask setup"
    );
    Ok(servers)
}

/// xrdp with TLS, without network level authentication, which it does not have.
fn xrdp(link: &Link, scratch: &Path) -> Result<Server> {
    let at = |name: &str| scratch.join(name).to_string_lossy().into_owned();
    let (key, certificate) = (at("key.pem"), at("cert.pem"));
    output(Command::new("openssl").args([
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=bench",
        "-addext",
        &format!("subjectAltName=IP:{FAR}"),
        "-keyout",
        &key,
        "-out",
        &certificate,
    ]))?;
    let stock =
        fs::read_to_string("/etc/xrdp/xrdp.ini").context("cannot read /etc/xrdp/xrdp.ini")?;
    let mut port_set = false;
    let own: Vec<String> = stock
        .lines()
        .map(
            |line| match line.split_once('=').map(|(key, _)| key.trim()) {
                // Sections below have ports of their own.
                Some("port") if !port_set => {
                    port_set = true;
                    "port=3389".to_owned()
                }
                Some("certificate") => format!("certificate={certificate}"),
                Some("key_file") => format!("key_file={key}"),
                Some("LogFile") => format!("LogFile={}", at("xrdp.log")),
                Some("EnableSyslog") => "EnableSyslog=false".to_owned(),
                Some("security_layer") => "security_layer=tls".to_owned(),
                _ => line.to_owned(),
            },
        )
        .collect();
    fs::write(at("xrdp.ini"), own.join("\n"))?;
    let child = quiet(
        link.far("xrdp")
            .args(["--nodaemon", "--config", &at("xrdp.ini")]),
    )?;
    let server = Server {
        name: "xrdp (TLS)",
        port: 3389,
        children: vec![child],
    };
    wait_for(link, server.port)?;
    Ok(server)
}

/// FreeRDP's shadow server with network level authentication.
fn shadow(link: &Link, scratch: &Path) -> Result<Server> {
    let at = |name: &str| scratch.join(name).to_string_lossy().into_owned();
    let sam = output(Command::new("winpr-hash").args(["-u", "bench", "-p", "bench", "-f", "sam"]))?;
    fs::write(at("sam"), sam)?;
    let display = format!(":{}", 200 + std::process::id() % 500);
    let screen = quiet(Command::new("Xvfb").args([
        &display,
        "-screen",
        "0",
        "640x480x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]))?;
    let mut children = vec![screen];
    let socket = PathBuf::from(format!(
        "/tmp/.X11-unix/X{}",
        display.trim_start_matches(':')
    ));
    until("the X server", || socket.exists())?;
    children.push(quiet(
        link.far("freerdp-shadow-cli")
            .args([
                "/port:3390",
                "/sec:nla",
                &format!("/sam-file:{}", at("sam")),
                "+auth",
            ])
            .env("HOME", scratch)
            .env("DISPLAY", &display),
    )?);
    let server = Server {
        name: "FreeRDP shadow (NLA)",
        port: 3390,
        children,
    };
    wait_for(link, server.port)?;
    Ok(server)
}

fn quiet(command: &mut Command) -> Result<Child> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start a server")
}

/// Waits until something listens on a port of the far end.
fn wait_for(link: &Link, port: u16) -> Result<()> {
    let address: SocketAddr = format!("{FAR}:{port}").parse()?;
    until(&format!("the server on {address}"), || {
        output(link.far("ss").args(["-Hltn", &format!("sport = :{port}")]))
            .is_ok_and(|listening| !listening.trim().is_empty())
    })
}

/// Asks until it is so, for ten seconds at the most.
fn until(what: &str, mut so: impl FnMut() -> bool) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        if so() {
            return Ok(());
        }
        std::thread::yield_now();
    }
    bail!("{what} did not come up within 10 s")
}
