//! `analyze`: the verdict from files.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::usage::rdpdoctor;

/// The exit status and the report.
fn analyzed(paths: &[PathBuf]) -> (i32, Value) {
    let output = rdpdoctor()
        .args(["--format", "json", "analyze"])
        .args(paths)
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), report)
}

fn causes(report: &Value) -> Vec<&str> {
    report["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|finding| finding["cause"].as_str())
        .collect()
}

const XML: &str = "<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
    <Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>4825</EventID>\
    <TimeCreated SystemTime='2026-11-21T08:00:00Z'/><Computer>srv.example</Computer></System>\
    <EventData><Data Name='AccountName'>anna</Data><Data Name='ClientAddress'>192.0.2.7</Data></EventData></Event></Events>";

#[test]
fn an_event_that_says_it_all_proves_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whatever.bin");
    fs::write(&path, XML).unwrap();
    let (status, report) = analyzed(&[path]);
    assert_eq!((status, report["outcome"].as_str()), (1, Some("failing")));
    assert_eq!(report["target"]["host"], "srv.example");
    assert_eq!(causes(&report), ["authenticate.right-missing"]);
    assert_eq!(report["findings"][0]["verdict"], "proven");
}

#[test]
fn a_key_log_among_the_files_opens_the_capture() {
    let recordings = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("z.txt");
    let capture = folder.path().join("a.pcap");
    fs::copy(recordings.join("logon-refused.keys"), &keys).unwrap();
    fs::copy(recordings.join("logon-refused.pcap"), &capture).unwrap();
    let facts = |report: &Value| -> Vec<String> {
        let seen = report["evidence"].as_array().unwrap();
        seen.iter().map(|one| one["fact"].to_string()).collect()
    };
    let (_, closed) = analyzed(std::slice::from_ref(&capture));
    let (_, opened) = analyzed(&[capture, keys.clone()]);
    let (_, together) = analyzed(&[folder.path().to_owned()]);
    assert!(facts(&opened).len() > facts(&closed).len());
    assert_eq!(facts(&opened), facts(&together));
    // The connection took less than the second in which it was recorded.
    let took = opened["took_ms"].as_f64().unwrap();
    let first = opened["attempts"][0]["took_ms"].as_f64().unwrap();
    assert!((took - first).abs() < 1.0, "{took} {first}");

    let alone = rdpdoctor().arg("analyze").arg(&keys).output().unwrap();
    assert_eq!(alone.status.code(), Some(2));
    let said = String::from_utf8(alone.stderr).unwrap();
    assert!(said.contains("the capture of those sessions"), "{said}");
}

#[test]
fn files_of_one_folder_are_one_case() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("logs")).unwrap();
    fs::write(folder.path().join("logs/events.xml"), XML).unwrap();
    fs::write(folder.path().join("junk"), [0, 159, 146, 150]).unwrap();
    fs::write(folder.path().join("empty"), "").unwrap();
    fs::write(
        folder.path().join("work.rdp"),
        "full address:s:srv.example:3390\r\nenablecredsspsupport:i:0\r\n",
    )
    .unwrap();
    let (status, report) = analyzed(&[folder.path().to_owned()]);
    assert_eq!(status, 1);
    assert_eq!(
        report["target"]["port"], 3390,
        "the connection file names it"
    );
    assert_eq!(causes(&report)[0], "authenticate.right-missing");
    let notes = report["notes"].to_string();
    assert!(notes.contains("NLA is not offered"), "{notes}");
    assert!(notes.contains("junk"), "what was not read is said: {notes}");
}

#[test]
fn standard_input_is_a_file() {
    let output = rdpdoctor()
        .args(["--format", "json", "analyze", "-"])
        .write_stdin("ComputerName : srv\nRemotePort : 3389\nTcpTestSucceeded : False\n")
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["target"]["host"], "srv");
    assert!(!causes(&report).is_empty(), "{report}");
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let junk = [0, 159, 146, 150];
    for (path, says) in [
        (file("junk", &junk), "of a kind that is read here"),
        (file("empty.evtx", b""), "is empty"),
        (
            file("Security.EVTX", &junk),
            "named like an event log and does not begin like one",
        ),
        (file("trace.etl", &junk), "pktmon etl2pcap"),
        (folder.path().join("absent"), "cannot read"),
    ] {
        let output = rdpdoctor().arg("analyze").arg(&path).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{path:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(says), "{said}");
        assert!(output.stdout.is_empty());
    }
}

/// What a label's root cause is called in the catalogue. Of the other labels none may lead to an accusation.
const SAME: &[(&str, &str)] = &[
    ("tls_no_shared_cipher", "secure.no-common-cipher"),
    ("bad_credentials", "authenticate.wrong-credentials"),
    (
        "user_lacks_remote_logon_right",
        "authenticate.right-missing",
    ),
    (
        "domain_controller_unreachable_spn_registration",
        "authenticate.no-controller",
    ),
    ("listener_port_changed", "tcp.port-changed"),
    ("ntlm_blocked_by_server_policy", "authenticate.ntlm-blocked"),
    ("nla_required_by_server", "negotiate.nla-required"),
    ("udp_no_answer", "session.udp-broken"),
    ("port_closed_rst", "tcp.service-stopped"),
    ("connect_timeout_via_nat", "reach.host-silent"),
    ("tls_alert_handshake_failure", "secure.no-common-cipher"),
    ("tls_alert_protocol_version", "secure.no-common-version"),
    ("server_certificate_expired", "secure.certificate-expired"),
    (
        "target_number_not_expanded_then_port_unreachable",
        "tcp.filtered-on-the-host",
    ),
];

#[test]
fn labelled_verdicts_agree() {
    for kind in ["captures", "evtx", "logs", "registry", "rdpfiles"] {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared/data")
            .join(kind);
        let Ok(labels) = fs::read_to_string(folder.join("labels.jsonl")) else {
            println!("no labelled files of kind {kind} beside the project: nothing compared");
            continue;
        };
        let (mut agreed, mut all) = (0, 0);
        for label in labels.lines() {
            let label: Value = serde_json::from_str(label).unwrap();
            let name = label["file"].as_str().unwrap();
            // What is no connection file is refused as of no kind, with a status of its own.
            if label["truth"]["valid"] == false {
                continue;
            }
            let (_, report) = analyzed(&[folder.join(name)]);
            let found = causes(&report);
            let cause = label["truth"]["root_cause"].as_str().unwrap_or("none");
            let agrees = match SAME.iter().find(|(theirs, _)| *theirs == cause) {
                Some((_, ours)) => found.contains(ours),
                None => report["findings"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|finding| finding["severity"] != "blocking"),
            };
            all += 1;
            if agrees {
                agreed += 1;
            } else {
                println!(
                    "{name}: {cause}, and we say {} {found:?}",
                    report["outcome"]
                );
                // Its label says that the cause is known from elsewhere: the log holds connections and no refusal.
                assert_eq!(name, "guessing-131-only.evtx");
            }
        }
        println!("{kind}: {agreed} of {all} verdicts agree");
    }
}

/// The families of the causes that a card's root cause can be called.
const CARDS: &[(&str, &[&str])] = &[
    ("client_crypto_policy", &["tls-version-cipher"]),
    ("nla_required_by_server", &["nla-required-client-cannot"]),
    (
        "server_private_key_unreadable",
        &["linux-tls-key-unreadable"],
    ),
    (
        "server_certificate_unacceptable",
        &["rdp-cert-stale", "cert-untrusted-or-mismatch"],
    ),
    ("no_common_signature_algorithm", &["tls-version-cipher"]),
    ("tls_no_shared_cipher", &["tls-version-cipher"]),
    ("credssp_patch_level_mismatch", &["credssp-oracle"]),
    (
        "host_certificate_or_cipher_suites",
        &["tls-version-cipher", "machinekeys-acl"],
    ),
];

/// Cards of public threads: what people saw, and what it was. Every word of theirs is understood, and the cause is among
/// those that are named for it.
#[test]
fn labelled_cards_agree() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/logs/issue_cards.jsonl");
    let Ok(cards) = fs::read_to_string(path) else {
        println!("no cards beside the project: nothing compared");
        return;
    };
    let (mut words, mut understood, mut agreed, mut all) = (0, 0, 0, 0);
    for card in cards.lines() {
        let card: Value = serde_json::from_str(card).unwrap();
        let seen: Vec<&str> = card["signature"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let output = rdpdoctor()
            .args(["explain", "--format", "json", &seen.join("\n")])
            .output()
            .unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let told = answer.to_string().to_lowercase();
        for one in &seen {
            words += 1;
            let alone = rdpdoctor().args(["explain", one]).output().unwrap();
            if alone.status.code() == Some(0) {
                understood += 1;
            } else {
                println!("{one:?} is not understood");
            }
        }
        let cause = card["root_cause"].as_str().unwrap();
        let families = CARDS
            .iter()
            .find(|(begins, _)| cause.starts_with(begins))
            .map(|(_, families)| *families);
        // What the card names by its log line alone is held against the labels of logs.
        let Some(families) = families else {
            println!("{cause} is no cause of the catalogue");
            continue;
        };
        all += 1;
        let agrees = diagnose::CAUSES
            .iter()
            .filter(|cause| families.contains(&cause.family))
            .any(|cause| told.contains(&format!("\"{}\"", cause.id)));
        agreed += usize::from(agrees);
        assert!(agrees, "{cause}: {seen:?} names none of {families:?}");
    }
    println!("cards: {understood} of {words} words understood, {agreed} of {all} causes named");
    assert!(understood * 10 >= words * 9);
}

#[test]
fn a_policy_counts_and_the_local_value_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.reg");
    let said = |local: u8, policy: u8| {
        let text = format!(
            "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\\
             Terminal Server]\r\n\"fDenyTSConnections\"=dword:0000000{local}\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\\
             Policies\\Microsoft\\Windows NT\\Terminal Services]\r\n\"fDenyTSConnections\"=dword:0000000{policy}\r\n"
        );
        fs::write(&path, text).unwrap();
        let (_, report) = analyzed(std::slice::from_ref(&path));
        assert!(report["notes"].to_string().contains("the policy counts"));
        // A file that names no host is no host.
        assert_eq!(report["target"]["host"], "the server");
        assert!(!report["leads"].to_string().contains("server.reg"));
        causes(&report).contains(&"tcp.remote-desktop-off")
    };
    assert_eq!((said(1, 0), said(0, 1)), (false, true));
}

fn reread(text: &str) -> (i32, serde_json::Value) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    std::fs::write(&path, text).unwrap();
    let output = assert_cmd::Command::cargo_bin("rdpdoctor")
        .unwrap()
        .args(["analyze", "--format", "json"])
        .arg(&path)
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), report)
}

#[test]
fn a_report_read_again_leads_to_the_same_verdict() {
    let scenario = lab::scenario::find("secure/reset-at-hello").unwrap();
    let evidence =
        rdpdoctor::rehearse::play(&scenario, &rdpdoctor::rehearse::Settings::default()).unwrap();
    let first = rdpdoctor::check::conclude(&evidence, Vec::new());
    let (_, of_report) = reread(&serde_json::to_string(&first).unwrap());
    let (_, of_evidence) = reread(&serde_json::to_string(&evidence).unwrap());
    for again in [&of_report, &of_evidence] {
        assert_eq!(again["outcome"], "failing");
        assert_eq!(again["target"]["host"], "pc-17.lab.test");
        let found: Vec<&str> = again["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["cause"].as_str().unwrap())
            .collect();
        let before: Vec<&str> = first
            .findings
            .iter()
            .map(|found| found.cause.as_str())
            .collect();
        assert_eq!(found, before);
        assert_eq!(again["damage"].as_array().unwrap().len(), 0, "{again}");
    }
}

#[test]
fn what_a_newer_version_wrote_is_read_as_far_as_it_is_known() {
    let (status, report) = reread(
        r#"{"schema":"rdpdoctor/evidence/9","mood":"sunny","target":{"input":"srv","host":"srv","port":3389,"client":{"offers":11}},
            "opened_at":1780272000,"tried":[{"look":1,"new":true}],
            "seen":[{"source":"probe","place":{"leg":"host","phase":"tcp"},"fact":"tcp-refused","value":{"to":"10.0.0.1:3389","took":900},"weather":1},
                    {"source":"telepathy","fact":"aura-read","value":{}}]}"#,
    );
    assert_eq!(status, 1, "{report}");
    assert_eq!(report["stopped_at"], "tcp", "{report}");
    let damage = report["damage"].to_string();
    assert!(
        damage.contains("newer") && damage.contains("left out"),
        "{damage}"
    );
}

/// The client says that the server reset, the capture at the server that the client did: something between them ended it.
#[test]
fn an_end_that_each_side_blames_on_the_other_accuses_neither() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../intake/recordings/joined");
    let (_, report) = analyzed(&[folder]);
    // One of the three attempts ended because the client refused the certificate; its log says so.
    assert_eq!(report["outcome"], "degraded", "{report:#}");
    assert!(
        report
            .to_string()
            .contains("between the place of that capture and the client"),
        "{report:#}"
    );
    for finding in report["findings"].as_array().unwrap() {
        let of_the_certificate = [
            "secure.client-refuses-certificate",
            "secure.certificate-for-another-name",
        ];
        if !of_the_certificate.contains(&finding["cause"].as_str().unwrap()) {
            assert_eq!(finding["severity"], "note", "{finding:#}");
        }
    }
}

#[test]
fn nothing_and_contradictions_make_no_verdict() {
    let (status, report) = reread(
        r#"{"schema":"rdpdoctor/evidence/2","target":{},"opened_at":"never","seen":[{"fact":1},"x",null,[]],"tried":7}"#,
    );
    assert_eq!(report["findings"].as_array().unwrap().len(), 0, "{report}");
    assert_eq!(report["outcome"], "unknown");
    assert_eq!(status, 3);
    assert_ne!(report["damage"].as_array().unwrap().len(), 0);
    // The same port at the same moment open and closed, the same certificate good and expired: said by two.
    let (_, torn) = reread(
        r#"{"schema":"rdpdoctor/evidence/1","target":{"input":"srv","host":"srv","port":3389},"opened_at":1780272000,"tried":[],
            "seen":[{"at":1,"source":"probe","place":{"leg":"host","phase":"tcp"},"fact":"tcp-refused","value":{"to":"10.0.0.1:3389","took":900}},
                    {"at":1,"source":"probe","place":{"leg":"host","phase":"tcp"},"fact":"tcp-opened","value":{"to":"10.0.0.1:3389","took":900}},
                    {"at":1,"source":"probe","place":{"leg":"host","phase":"tcp"},"fact":"tcp-silent","value":{"to":"10.0.0.1:3389","waited":900}}]}"#,
    );
    for finding in torn["findings"].as_array().unwrap() {
        assert_ne!(finding["verdict"], "proven", "{torn}");
    }
}

#[test]
fn a_document_that_breaks_off_says_where() {
    let (_, report) = reread(r#"{"schema":"rdpdoctor/report/1","evidence":[{"fact":"tcp-ref"#);
    assert_eq!(report["outcome"], "unknown", "{report}");
    assert!(report["damage"].to_string().contains("line 1"), "{report}");
}
