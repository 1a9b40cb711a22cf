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

/// What the server's registry says beside its head.
const OFF: &str = "Terminal Server]\n\"fDenyTSConnections\"=dword:00000001\n";
const MOVED: &str = "Terminal Server\\WinStations\\RDP-Tcp]\n\"PortNumber\"=dword:00000d3e\n";

fn planned(arguments: &[&str]) -> Value {
    let output = rdpdoctor()
        .arg("fix")
        .args(arguments)
        .args(["--format", "json"])
        .output()
        .unwrap();
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.stdout.is_empty(),
        "no plan from {arguments:?}: {says}"
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_the_server_says_of_itself_decides_the_cause() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let recording = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/closed-port.pcap");
    let report = path("report.json");
    let looked = rdpdoctor()
        .args(["analyze", "-q", "--format", "json", "-o", &report])
        .arg(&recording)
        .output()
        .unwrap();
    assert_eq!(looked.status.code(), Some(1));
    let export = |name: &str, holds: &str| {
        let head = "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\";
        std::fs::write(path(name), format!("{head}{holds}")).unwrap();
        path(name)
    };
    let (off, moved) = (export("off.reg", OFF), export("moved.reg", MOVED));

    // From outside, a port that refuses has many causes; what the server says of itself leaves one.
    let cause = |with: &[&str]| {
        let words = [&[report.as_str()], with].concat();
        planned(&words)["cause"].as_str().unwrap().to_owned()
    };
    assert_eq!(cause(&["--with", &off]), "tcp.remote-desktop-off");
    assert_eq!(cause(&["--with", &moved]), "tcp.port-changed");
    let alone = cause(&[]);
    assert!(!["tcp.remote-desktop-off", "tcp.port-changed"].contains(&alone.as_str()));

    // A cause that a person names, with what the server says: no file is taken for the host.
    let named = planned(&["tcp.port-changed", "--with", &moved]);
    assert_eq!(named["host"], "", "{named:#}");
    let steps = named["steps"].to_string();
    assert!(
        steps.contains("NAME:3390") && !steps.contains("moved.reg"),
        "{named:#}"
    );
    let for_host = planned(&["tcp.port-changed", "--with", &moved, "--for", "srv07"]);
    assert!(
        for_host["steps"].to_string().contains("srv07:3390"),
        "{for_host:#}"
    );

    for refused in [
        &["-", "--with", &off][..],
        &[&report, "--with", &path("nothing.evtx")],
    ] {
        let output = rdpdoctor().arg("fix").args(refused).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{refused:?}");
    }
}
