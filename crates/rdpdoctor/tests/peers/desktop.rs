//! On to the desktop, and with a user, against servers that really show one.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use super::certificates::Certificate;
use super::doctor::{Expect, check_with, fails};
use super::network::{Network, SERVER, Side};
use super::servers::{Xrdp, shadow, xrdp};

/// The rungs behind the logon, as the report tells them.
pub(super) fn rungs(report: &Value) -> Vec<(&str, &str)> {
    let above = ["authenticate", "settings", "license", "activate", "session"];
    report["phases"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|rung| Some((rung["phase"].as_str()?, rung["outcome"].as_str()?)))
        .filter(|(phase, _)| above.contains(phase))
        .collect()
}

pub(super) const TO_THE_END: [(&str, &str); 4] = [
    ("settings", "passed"),
    ("license", "passed"),
    ("activate", "passed"),
    ("session", "passed"),
];

#[test]
fn xrdp_shows_its_logon_screen() {
    let mut network = Network::new();
    let setup = Xrdp {
        security: "tls",
        ..Xrdp::default()
    };
    xrdp(&mut network, setup);
    let report = check_with(&network, &["--to", "desktop", SERVER], Expect::HEALTHY);
    assert_eq!(rungs(&report)[1..], TO_THE_END, "{}", network.logs());
}

#[test]
fn xrdp_shows_its_logon_screen_without_tls() {
    let mut network = Network::new();
    let setup = Xrdp {
        security: "rdp",
        ..Xrdp::default()
    };
    xrdp(&mut network, setup);
    let arguments = ["--offer", "rdp", "--to", "desktop", SERVER];
    let report = check_with(&network, &arguments, Expect::HEALTHY);
    assert_eq!(rungs(&report)[1..], TO_THE_END, "{}", network.logs());
}

#[test]
fn a_check_stops_before_a_session() {
    let mut network = Network::new();
    let setup = Xrdp {
        security: "tls",
        ..Xrdp::default()
    };
    xrdp(&mut network, setup);
    let report = check_with(&network, &[SERVER], Expect::HEALTHY);
    assert_eq!(rungs(&report), [("authenticate", "skipped")]);
}

/// Logs on with this password, and goes so far.
pub(super) fn log_on(network: &Network, password: &str, to: &str) -> (Value, Option<i32>) {
    let arguments = [
        "--format",
        "json",
        "--no-progress",
        "--user",
        "lab",
        "--password-stdin",
        "--to",
        to,
        SERVER,
    ];
    let mut command = network.command(Side::Client, env!("CARGO_BIN_EXE_rdpdoctor"), arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!text.contains(password), "the password is in the report");
    let report = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("no report: {error}\n{text}\n{}", network.logs()));
    (report, output.status.code())
}

#[test]
fn shadow_accepts_the_right_password() {
    let mut network = Network::new();
    shadow(&mut network, "nla", Certificate::HEALTHY);
    let (report, status) = log_on(&network, "Passw0rd!", "logon");
    assert_eq!(status, Some(0), "{report:#}");
    assert_eq!(rungs(&report), [("authenticate", "passed")]);
    assert!(told(&report, "logon-accepted") && !told(&report, "settings-answered"));
}

#[test]
fn shadow_shows_its_desktop_to_its_user() {
    let mut network = Network::new();
    shadow(&mut network, "nla", Certificate::HEALTHY);
    let (report, status) = log_on(&network, "Passw0rd!", "desktop");
    assert_eq!(status, Some(0), "{report:#}");
    assert_eq!(rungs(&report)[1..], TO_THE_END);
}

#[test]
fn shadow_refuses_a_wrong_password_once() {
    let mut network = Network::new();
    shadow(&mut network, "nla", Certificate::HEALTHY);
    let (report, status) = log_on(&network, "wrong", "desktop");
    assert_eq!(status, Some(1), "{report:#}");
    assert_eq!(report["stopped_at"], "authenticate");
    assert_eq!(report["findings"][0]["family"], "account-or-right-denied");
    let logons = report["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|attempt| attempt["probe"] == "logon")
        .count();
    assert_eq!(logons, 1, "one logon, never a second");
}

fn told(report: &Value, fact: &str) -> bool {
    report["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .any(|seen| seen["fact"] == fact)
}

#[test]
fn a_server_that_refuses_tls_is_told_before_any_session() {
    let mut network = Network::new();
    shadow(&mut network, "rdp", Certificate::HEALTHY);
    check_with(
        &network,
        &["--to", "desktop", SERVER],
        fails("negotiate", &["security-layer-mismatch"]),
    );
}
