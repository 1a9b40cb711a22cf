//! IronRDP's own server: the only one at hand that offers NLA with early authorization, and that closes instead of
//! saying why it refuses what is offered.

use std::path::Path;

use serde_json::{Value, json};

use super::certificates::{self, Certificate};
use super::desktop::{TO_THE_END, log_on, rungs};
use super::doctor::{Expect, check_with, degraded_by_one_of, facts};
use super::network::{NAME, Network, PORT, Side};

/// Starts IronRDP's server for one user, with `tls`, `hybrid` (NLA) or `none`. `cargo xtask test` builds it beside the
/// program.
fn server(network: &mut Network, security: &str) {
    let files = certificates::issue(network, Certificate::HEALTHY);
    let program = Path::new(env!("CARGO_BIN_EXE_rdpdoctor")).with_file_name("ironrdp-peer");
    assert!(
        program.is_file(),
        "{} is missing: `cargo xtask test` builds it",
        program.display()
    );
    let mut command = network.command(
        Side::Server,
        program,
        [format!("0.0.0.0:{PORT}"), security.to_owned()],
    );
    command
        .args([&files.certificate, &files.key])
        .args(["lab", "Passw0rd!"]);
    network.start("ironrdp", command);
    network.listening(PORT);
}

const RIGHT: &str = "Passw0rd!";
const WRONG: &str = "Other0ne!";

/// What the ladder says of a rung.
fn says<'r>(report: &'r Value, phase: &str) -> &'r str {
    let rungs = report["phases"].as_array().unwrap();
    let rung = rungs.iter().find(|rung| rung["phase"] == phase);
    rung.and_then(|rung| rung["says"].as_str()).unwrap_or("")
}

#[test]
fn with_nla_it_is_healthy_and_no_windows() {
    let mut network = Network::new();
    server(&mut network, "hybrid");
    let report = check_with(&network, &[NAME], Expect::HEALTHY);
    // It says that it is build 17763, and gives no name.
    assert_eq!(says(&report, "authenticate"), "NLA, asks for a logon");
}

#[test]
fn a_survey_tells_what_it_takes() {
    let mut network = Network::new();
    server(&mut network, "hybrid");
    let report = check_with(&network, &[NAME, "--full"], Expect::HEALTHY);
    let survey = &report["survey"];
    assert_eq!(
        survey["supported"],
        json!(["NLA", "NLA with early authorization"])
    );
    assert_eq!(survey["required"], "NLA");
    let closes: Vec<&str> = survey["offers"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|offer| offer["selected"].is_null())
        .filter_map(|offer| offer["offered"].as_str())
        .collect();
    assert!(closes.contains(&"TLS"), "{closes:?}");
    let versions: Vec<&str> = survey["tls"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|own| own["suites"].as_array().is_some_and(|all| !all.is_empty()))
        .filter_map(|own| own["version"].as_str())
        .collect();
    assert_eq!(versions, ["TLS 1.3", "TLS 1.2"]);
}

#[test]
fn its_user_logs_on_and_sees_the_desktop() {
    let mut network = Network::new();
    server(&mut network, "hybrid");
    let (report, status) = log_on(&network, RIGHT, "desktop");
    assert_eq!(status, Some(0), "{report:#}\n{}", network.logs());
    assert_eq!(rungs(&report)[0], ("authenticate", "passed"));
    assert_eq!(rungs(&report)[1..], TO_THE_END);
    assert_eq!(facts(&report, "logon-authorized").len(), 1, "{report:#}");
}

#[test]
fn a_wrong_password_is_told_as_one() {
    let mut network = Network::new();
    server(&mut network, "hybrid");
    let (report, status) = log_on(&network, WRONG, "logon");
    assert_eq!(status, Some(1), "{report:#}");
    let first = &report["findings"][0];
    assert_eq!(first["cause"], "authenticate.wrong-credentials");
    assert_eq!(first["verdict"], "proven");
}

#[test]
fn without_nla_a_wrong_password_is_the_first_thing_named() {
    let mut network = Network::new();
    server(&mut network, "tls");
    let (report, status) = log_on(&network, WRONG, "desktop");
    assert_eq!(status, Some(1), "{report:#}");
    assert_eq!(report["stopped_at"], "settings");
    let first = &report["findings"][0];
    assert_eq!(first["cause"], "authenticate.wrong-credentials");
    // It closes without a word.
    assert_ne!(first["verdict"], "proven");
    let (report, status) = log_on(&network, RIGHT, "desktop");
    assert_eq!(status, Some(0), "{report:#}");
    assert_eq!(rungs(&report)[1..], TO_THE_END);
}

#[test]
fn a_user_without_nla_is_told_what_would_try_the_logon() {
    let mut network = Network::new();
    server(&mut network, "tls");
    let (report, status) = log_on(&network, RIGHT, "logon");
    assert_eq!(status, Some(0), "{report:#}");
    let left = &report["not_checked"][0];
    assert_eq!(left["what"], "logon");
    assert!(
        left["why"].as_str().unwrap().contains("--to desktop"),
        "{left}"
    );
}

#[test]
fn without_tls_it_works_and_should_be_mended() {
    let mut network = Network::new();
    server(&mut network, "none");
    check_with(
        &network,
        &[NAME],
        degraded_by_one_of(&["security-layer-mismatch", "linux-tls-key-unreadable"]),
    );
}
