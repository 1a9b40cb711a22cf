//! Plans from what both ends saw: a report of the client, and what the server tells beside it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::usage::rdpdoctor;

/// What a Windows server writes when it cannot use the key of its certificate.
const SCHANNEL: &str = "<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
    <Provider Name='Schannel'/><EventID>36870</EventID><TimeCreated SystemTime='2026-11-21T08:00:00Z'/>\
    <Computer>srv01.corp.test</Computer></System><EventData><Data Name='Type'>server</Data>\
    <Data Name='ErrorCode'>0x8009030d</Data><Data Name='ErrorStatus'>10001</Data></EventData></Event></Events>";

/// What xrdp writes when its account may not read the key.
const XRDP: &str = "[20261121-13:45:06] [ERROR] Cannot read private key file /etc/xrdp/key.pem: Permission denied\n";

/// The report of a client whose connection was reset at its ClientHello.
fn client(folder: &Path) -> String {
    let report = folder.join("client.json");
    let output = rdpdoctor()
        .args(["analyze", "-o"])
        .arg(&report)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/recordings/reset-at-hello.pcap"
        ))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    report.to_str().unwrap().to_owned()
}

/// The plan for that report with what the server told.
fn plan(report: &str, with: Option<(&Path, &str)>) -> Value {
    let mut command = rdpdoctor();
    command.args(["--format", "json", "fix", report]);
    if let Some((file, text)) = with {
        fs::write(file, text).unwrap();
        command.arg("--with").arg(file);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Every machine on which the plan does something.
fn machines(plan: &Value) -> Vec<&str> {
    let steps = plan["steps"].as_array().unwrap();
    let mut machines: Vec<&str> = steps
        .iter()
        .map(|step| step["on"].as_str().unwrap())
        .collect();
    machines.dedup();
    machines
}

#[test]
fn what_the_server_tells_decides_for_which_system_the_plan_is() {
    let folder = tempfile::tempdir().unwrap();
    let report = client(folder.path());
    let file = folder.path().join("told");
    let alone = plan(&report, None);
    let windows = plan(&report, Some((&file, SCHANNEL)));
    let linux = plan(&report, Some((&file, XRDP)));
    assert_eq!(alone["remedy"], "server.grant-key-access");
    assert_eq!(windows["remedy"], "server.grant-key-access");
    assert_eq!(linux["remedy"], "server.grant-key-access");
    for plan in [&alone, &windows, &linux] {
        assert_eq!(machines(plan), ["server"], "{plan}");
        // The host is the one the client reached, whatever the server calls itself.
        assert_eq!(plan["host"], "10.9.9.9", "{plan}");
    }
    assert_ne!(windows["steps"], linux["steps"]);
}

#[test]
fn what_cannot_be_joined_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let report = client(folder.path());
    for (words, says) in [
        (
            vec!["fix", &report, "--with", "/nowhere/at/all"],
            "/nowhere/at/all",
        ),
        (vec!["fix", "-", "--with", &report], "standard input"),
    ] {
        let output = rdpdoctor().args(&words).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}: {said}");
        assert!(said.contains(says), "{words:?}: {said}");
        assert!(output.stdout.is_empty());
    }
}
