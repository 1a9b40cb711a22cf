//! The check from the outside, against sockets on loopback.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::scan::Lab;
use crate::usage::rdpdoctor;

/// A port on loopback on which nothing listens: it was ours a moment ago.
fn closed_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// A listener that does the same with every connection, for as long as the test runs.
fn serve(each: impl Fn(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            each(stream);
        }
    });
    port
}

/// Reads what the client says first, and answers with a greeting.
fn greets(greeting: &'static [u8]) -> u16 {
    serve(move |mut stream| {
        let _ = stream.write_all(greeting);
        let _ = stream.read(&mut [0; 64]);
    })
}

fn report(arguments: &[&str]) -> (i32, serde_json::Value) {
    let output = rdpdoctor()
        .args(["--format", "json"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (
        output.status.code().unwrap(),
        serde_json::from_slice(&output.stdout).unwrap(),
    )
}

#[test]
fn a_closed_port_is_refused() {
    let port = closed_port();
    let (status, report) = report(&[&format!("127.0.0.1:{port}")]);
    assert_eq!(status, 1);
    assert_eq!(report["schema"], "rdpdoctor/report/1");
    assert_eq!(report["outcome"], "failing");
    assert_eq!(report["stopped_at"], "tcp");
    assert_eq!(report["connections"], 0);
    assert_eq!(report["shown_as"]["code"], "0x204");
    assert_eq!(report["target"]["port"], port);
    assert!(!report["findings"].as_array().unwrap().is_empty());
}

#[test]
fn an_ssh_server_is_no_rdp_server() {
    let port = greets(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
    let (status, report) = report(&["check", &format!("127.0.0.1:{port}"), "--timeout", "1s"]);
    assert_eq!(status, 1);
    assert_eq!(report["stopped_at"], "negotiate");
    let seen = report["evidence"].as_array().unwrap();
    assert!(
        seen.iter()
            .any(|seen| seen["fact"] == "other-service-answered"
                && seen["value"]["service"] == "ssh")
    );
}

#[test]
fn what_the_client_showed_is_weighed_and_makes_no_trouble_of_its_own() {
    let port = greets(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
    let target = format!("127.0.0.1:{port}");
    let (status, plain) = report(&[&target]);
    let (status_said, said) = report(&[&target, "--saw", "0x904 0x7"]);
    assert_eq!(status, status_said);
    assert_eq!(plain["findings"][0]["cause"], said["findings"][0]["cause"]);
    let causes = |report: &serde_json::Value| report["findings"].as_array().unwrap().len();
    assert_eq!(causes(&plain), causes(&said), "{said}");
    let seen = said["evidence"].as_array().unwrap();
    assert!(
        seen.iter()
            .any(|seen| seen["fact"] == "code-stated" && seen["source"] == "stated")
    );
}

#[test]
fn what_is_stated_and_not_understood_is_said_back() {
    let port = greets(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
    let target = format!("127.0.0.1:{port}");
    let (status, said) = report(&[&target, "--saw", "7", "--symptom", "the moon is full"]);
    assert_eq!(status, 1);
    let damage = said["damage"].as_array().unwrap();
    assert_eq!(damage.len(), 2, "{said}");
    assert!(
        damage[1]["says"]
            .as_str()
            .unwrap()
            .contains("the moon is full")
    );
}

#[test]
fn how_it_behaves_is_weighed_by_name_and_in_words() {
    let target = format!("127.0.0.1:{}", closed_port());
    let share = |arguments: &[&str], cause: &str| {
        let (_, report) = report(arguments);
        let found = report["findings"].as_array().unwrap().clone();
        let finding = found.iter().find(|found| found["cause"] == cause);
        finding
            .and_then(|found| found["probability"].as_f64())
            .unwrap_or(0.0)
    };
    let stopped = "tcp.service-stopped";
    let plain = share(&[&target], stopped);
    let named = share(&[&target, "--symptom", "names-service"], stopped);
    let told = share(
        &[&target, "--symptom", "the service does not start"],
        stopped,
    );
    assert!(named > plain + 0.1, "{plain} {named}");
    assert!((named - told).abs() < 0.001, "{named} {told}");
    let against = share(&[&target, "--symptom", "only-over-vpn"], stopped);
    assert!(against < plain, "{plain} {against}");
}

#[test]
fn nobody_is_asked_where_nobody_sits() {
    for arguments in [
        &["127.0.0.1:1", "--guided"][..],
        &["explain", "0x904", "--guided"],
        &["analyze", "/dev/null", "--guided"],
    ] {
        let output = rdpdoctor().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let says = String::from_utf8(output.stderr).unwrap();
        assert!(says.contains("--symptom"), "{says}");
    }
}

#[test]
fn symptoms_are_listed() {
    for arguments in [
        &["--symptom", "list"][..],
        &["analyze", "--symptom", "list"],
        &["explain", "--symptom", "list"],
    ] {
        let output = rdpdoctor().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        let says = String::from_utf8(output.stdout).unwrap();
        assert!(says.contains("works-by-address"), "{says}");
    }
}

#[test]
fn a_quick_look_opens_one_connection() {
    let port = serve(|mut stream| {
        let _ = stream.read(&mut [0; 64]);
    });
    let (_, quick) = report(&["--quick", &format!("127.0.0.1:{port}")]);
    assert_eq!(quick["connections"], 1);
    let (_, usual) = report(&[&format!("127.0.0.1:{port}")]);
    assert!(usual["connections"].as_u64().unwrap() <= 8, "{usual}");
}

#[test]
fn the_report_goes_to_a_file_in_the_form_of_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let target = format!("127.0.0.1:{}", closed_port());
    for (name, begins) in [
        ("report.json", "{\n"),
        ("report.jsonl", "{\"schema\""),
        ("report.md", "## Remote Desktop check of"),
        ("report.html", "<!doctype html>"),
        ("report.txt", "127.0.0.1:"),
    ] {
        let path = folder.path().join(name);
        let output = rdpdoctor()
            .arg(&target)
            .arg("-o")
            .arg(&path)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(output.stdout.is_empty(), "{name}");
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(written.starts_with(begins), "{name}: {written}");
        assert!(!written.contains('\u{1b}'), "{name}");
    }
}

#[test]
fn a_place_that_cannot_be_written_is_told_before_the_look() {
    let folder = tempfile::tempdir().unwrap();
    let target = format!("127.0.0.1:{}", closed_port());
    let path = |name: &str| folder.path().join(name);
    for (path, status) in [(path(""), 2), (path("no/such/folder/report.json"), 3)] {
        let output = rdpdoctor()
            .arg(&target)
            .arg("-o")
            .arg(&path)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{said}");
        assert!(
            said.starts_with("rdpdoctor: cannot write the report to"),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn colours_are_for_terminals_and_for_who_wants_them() {
    let target = format!("127.0.0.1:{}", closed_port());
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = rdpdoctor();
        command
            .arg(&target)
            .args(arguments)
            .envs(variables.iter().copied());
        command.output().unwrap().stdout.contains(&0x1b)
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn the_locale_decides_the_letters() {
    let target = format!("127.0.0.1:{}", closed_port());
    let output = rdpdoctor().arg(&target).output().unwrap();
    assert!(
        output.stdout.is_ascii(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let output = rdpdoctor()
        .arg(&target)
        .env("LANG", "C.UTF-8")
        .output()
        .unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains('✖'));
}

#[test]
fn quiet_says_the_verdict_alone() {
    let target = format!("127.0.0.1:{}", closed_port());
    let output = rdpdoctor().args(["-q", &target]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!((1..=4).contains(&said.lines().count()), "{said}");
}

#[cfg(unix)]
#[test]
fn an_interrupted_look_says_what_it_knows() {
    use std::process::Stdio;

    // The listener tells when the client has said its first words: by then the look waits for an answer.
    let (said, heard) = std::sync::mpsc::channel();
    let port = serve(move |mut stream| {
        let said = said.clone();
        thread::spawn(move || {
            let _ = stream.read(&mut [0; 64]);
            let _ = said.send(());
            // Silence, until the client leaves.
            let _ = stream.read(&mut [0; 64]);
        });
    });
    let child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("rdpdoctor"))
        .args([
            "--format",
            "json",
            "--timeout",
            "60s",
            &format!("127.0.0.1:{port}"),
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    heard.recv().unwrap();
    // What it has said, it hears of itself a moment later; the next connection comes only when this one stalls.
    let _ = heard.recv_timeout(std::time::Duration::from_millis(100));
    let killed = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["interrupted"], true);
    assert_eq!(report["reached"], "tcp");
    assert!(report["summary"].as_str().unwrap().contains("interrupted"));
}

#[cfg(feature = "lab")]
#[test]
fn the_demonstration_needs_nothing_and_says_what_it_is() {
    let (status, shown) = report(&["demo"]);
    assert_eq!(status, 1);
    assert_eq!(shown["outcome"], "failing");
    assert!(
        shown["notes"][0]
            .as_str()
            .unwrap()
            .starts_with("A demonstration")
    );
    let (status, list) = report(&["demo", "--list"]);
    assert_eq!(status, 0);
    let list = list.as_array().unwrap();
    assert!(list.len() >= 30);
    let healthy = list.iter().find(|line| line["cause"].is_null()).unwrap();
    let (status, shown) = report(&["demo", healthy["name"].as_str().unwrap()]);
    assert_eq!((status, &shown["outcome"]), (0, &"healthy".into()));
    let output = rdpdoctor()
        .args(["demo", "no-such-fault"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_side_transport_answers_in_the_version_that_both_speak() {
    for (id, version) in [("healthy/udp", 2), ("healthy/udp-first", 1)] {
        let lab = Lab::named(&[id]);
        let (_, report) = report(&[&lab.at(0)]);
        let answered = report["evidence"]
            .as_array()
            .unwrap()
            .iter()
            .find(|seen| seen["fact"] == "udp-answered")
            .unwrap_or_else(|| panic!("{id}: nobody answered"));
        assert_eq!(answered["value"]["version"], version, "{id}");
        assert_eq!(answered["value"]["mtu"], 1232, "{id}");
    }
}
