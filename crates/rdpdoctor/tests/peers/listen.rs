//! A recording tells what the machine told live: each look at a server of the lab is recorded beside it by tcpdump and
//! by `analyze --live`, and all of them have to lead to the same diagnosis.

use std::fs;
use std::process::{Child, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use super::doctor::look;
use super::network::{Network, SERVER, Side};

/// Every stage and every manner of ending: answers, refusals, ends, resets, alerts, silence, nonsense, other services.
const FAULTS: &[&str] = &[
    "healthy/windows-nla",
    "healthy/windows-nla-tls-1.2",
    "healthy/xrdp",
    "negotiate/answer-damaged",
    "negotiate/closes",
    "negotiate/closes-at-once",
    "negotiate/contradicts-itself",
    "negotiate/dead-backend",
    "negotiate/garbage",
    "negotiate/http",
    "negotiate/no-certificate",
    "negotiate/not-offered",
    "negotiate/plain-confirm",
    "negotiate/resets",
    "negotiate/resets-at-once",
    "negotiate/silent",
    "negotiate/truncated",
    "negotiate/unknown-failure",
    "negotiate/vnc",
    "secure/alert-handshake-failure",
    "secure/closes-at-hello",
    "secure/closes-late",
    "secure/expired",
    "secure/not-tls",
    "secure/reset-after-flight",
    "secure/reset-at-hello",
    "secure/rsa-512",
    "secure/silent-at-hello",
    "secure/tls-1.0",
    "secure/truncated-flight",
    "authenticate/clock-behind",
    "authenticate/closes",
    "authenticate/garbage",
    "authenticate/old-credssp",
    "authenticate/oracle",
    "authenticate/resets",
    "authenticate/silent",
    "authenticate/version-refused",
];

/// What stands in a capture before its first packet.
const HEADER: u64 = 24;

/// The first port; each fault has its own.
const FIRST: usize = 4000;

/// A client that stops to ask about the certificate ends its connection as a look does that has seen enough: only
/// whoever looks knows that nobody was asked.
const CLIENT_LEFT: [&str; 2] = [
    "secure.certificate-question",
    "secure.client-leaves-at-certificate",
];

/// The outcome, the rung, and the causes in order.
fn verdict(report: &Value) -> (String, String, Vec<String>) {
    let text = |key: &str| report[key].as_str().unwrap_or_default().to_owned();
    let causes = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["cause"].as_str())
        .filter(|cause| !CLIENT_LEFT.contains(cause))
        .map(str::to_owned)
        .collect();
    (text("outcome"), text("stopped_at"), causes)
}

/// Both name the same cause first, or each names what the other puts first: rivals that hardly differ.
fn agree(live: &Value, captured: &Value) -> bool {
    let (live, captured) = (verdict(live), verdict(captured));
    let leads =
        |one: &[String], other: &[String]| one.first().is_none_or(|first| other.contains(first));
    (&live.0, &live.1) == (&captured.0, &captured.1)
        && leads(&live.2, &captured.2)
        && leads(&captured.2, &live.2)
}

fn server(port: usize) -> String {
    format!("{SERVER}:{port}")
}

/// Starts every fault on its own port.
fn serve(network: &mut Network) {
    let keys = network.folder().join("keys").display().to_string();
    for (port, fault) in (FIRST..).zip(FAULTS) {
        let listen = server(port);
        let words = [
            "lab",
            fault,
            "--listen",
            &listen,
            "--open-to-others",
            "--keylog",
            &keys,
        ];
        let command = network.command(Side::Server, env!("CARGO_BIN_EXE_rdpdoctor"), words);
        network.start(&fault.replace('/', "-"), command);
    }
    for (port, _) in (FIRST..).zip(FAULTS) {
        network.listening(u16::try_from(port).unwrap());
    }
}

/// Something listens to packets on the client's side.
fn hears(network: &mut Network, ears: usize) {
    network.until("somebody who listens to packets", |network| {
        let list = network.run(Side::Client, "cat", ["/proc/net/packet"]);
        // A socket hears nothing while it is bound to its interface, which takes its time: Iface is not 0 then, and R
        // (it runs) is 1.
        let hears = |line: &&str| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            matches!(fields.as_slice(), [_, _, _, _, interface, "1", ..] if *interface != "0")
        };
        list.lines().filter(hears).count() >= ears
    });
}

fn interrupt(child: &Child) {
    kill(
        Pid::from_raw(i32::try_from(child.id()).unwrap()),
        Signal::SIGINT,
    )
    .unwrap();
}

#[test]
fn recordings_tell_what_was_told_live() {
    let mut network = Network::new();
    serve(&mut network);
    let capture = network.folder().join("all.pcap").display().to_string();
    let words = [
        "--immediate-mode",
        "-i",
        "c0",
        "-s",
        "0",
        "-U",
        "-Z",
        "root",
        "-w",
        &capture,
    ];
    let mut recorder = network
        .command(Side::Client, "tcpdump", words)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    hears(&mut network, 1);
    // The socket is there before it hears; a packet to a port of nobody proves that it does.
    let knock = format!("(: < /dev/tcp/{SERVER}/{}) 2>/dev/null || true", FIRST - 1);
    network.until("the first packet", |network| {
        network.run(Side::Client, "bash", ["-c", &knock]);
        fs::metadata(&capture).is_ok_and(|file| file.len() > HEADER)
    });
    let live: Vec<Value> = (FIRST..)
        .zip(FAULTS)
        .map(|(port, _)| look(&network, &["--quick", &server(port)]))
        .collect();
    let mut size = 0;
    network.until("the last packet", |network| {
        network.run(Side::Client, "true", [""; 0]);
        let before = std::mem::replace(&mut size, fs::metadata(&capture).unwrap().len());
        before == size && size > 0
    });
    interrupt(&recorder);
    recorder.wait().unwrap();
    let keys = network.folder().join("keys").display().to_string();
    let mut differ = Vec::new();
    for ((port, fault), live) in (FIRST..).zip(FAULTS).zip(&live) {
        let host = server(port);
        let words = ["analyze", &capture, "--keylog", &keys, "--host", &host];
        let captured = look(&network, &words);
        if !agree(live, &captured) {
            let (live, captured) = (verdict(live), verdict(&captured));
            differ.push(format!(
                "{fault}:\n  live     {live:?}\n  captured {captured:?}"
            ));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn listening_ends_with_a_verdict_when_it_is_interrupted() {
    let mut network = Network::new();
    let listen = server(FIRST);
    let words = [
        "lab",
        "secure/reset-at-hello",
        "--listen",
        &listen,
        "--open-to-others",
    ];
    let command = network.command(Side::Server, env!("CARGO_BIN_EXE_rdpdoctor"), words);
    network.start("lab", command);
    network.listening(u16::try_from(FIRST).unwrap());
    let filter = format!("host {SERVER} and port {FIRST}");
    let words = [
        "--format",
        "json",
        "--no-progress",
        "analyze",
        "--live",
        "c0",
        "--filter",
        &filter,
    ];
    let ear = network
        .command(Side::Client, env!("CARGO_BIN_EXE_rdpdoctor"), words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    hears(&mut network, 1);
    let live = look(&network, &["--quick", &listen]);
    interrupt(&ear);
    let heard = ear.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&heard.stderr).into_owned();
    let told = String::from_utf8_lossy(&heard.stdout).into_owned();
    assert_eq!(heard.status.code(), Some(1), "{said}\n{told}\n{live:#}");
    let heard: Value = serde_json::from_slice(&heard.stdout).unwrap();
    assert!(
        agree(&live, &heard),
        "{:?}\n{:?}",
        verdict(&live),
        verdict(&heard)
    );
    assert_eq!(
        heard["recorded"].as_array().unwrap().len(),
        1,
        "the filter keeps the rest out"
    );
    // Nobody listens any more, and nothing was left where it was started.
    let ears = network.run(Side::Client, "cat", ["/proc/net/packet"]);
    assert_eq!(ears.lines().count(), 1, "{ears}");
}

#[test]
fn listening_to_nothing_ends_in_time_and_says_so() {
    let network = Network::new();
    let out = network.folder().join("report.json");
    let mut command = network.command(
        Side::Client,
        env!("CARGO_BIN_EXE_rdpdoctor"),
        ["--format", "json", "-o"],
    );
    command
        .arg(&out)
        .args(["analyze", "--live", "c0", "--for", "1s"]);
    let status = command.stderr(Stdio::null()).status().unwrap();
    let report: Value = serde_json::from_slice(&fs::read(&out).unwrap()).unwrap();
    assert_eq!(report["outcome"], "unknown", "{status}");
    assert_eq!(report["findings"], Value::Array(Vec::new()));
}
