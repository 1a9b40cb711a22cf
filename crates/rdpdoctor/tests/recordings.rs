//! Own recordings of real clients: `analyze` tells of each what lies beside it in the list, with the keys of the
//! lab where there are some.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

#[test]
fn recordings_are_told_as_they_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let list = std::fs::read_to_string(folder.join("recordings.toml")).unwrap();
    let mut told = Vec::new();
    let mut expected = Vec::new();
    // A list this plain needs no library: names in brackets, then lines of key and text.
    for entry in list.split("\n[").skip(1) {
        let name = entry.split(']').next().unwrap();
        let text = |key: &str| {
            let line = entry
                .lines()
                .find(|line| line.starts_with(&format!("{key} = ")));
            line.unwrap().split('"').nth(1).unwrap().to_owned()
        };
        let mut command = Command::cargo_bin("rdpdoctor").unwrap();
        command.args(["analyze", "--format", "json"]);
        command.arg(folder.join(format!("{name}.pcap")));
        let keys = folder.join(format!("{name}.keys"));
        if keys.exists() {
            command.arg("--keylog").arg(keys);
        }
        let output = command.output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let ended = report["recorded"][0]["ended"].as_str().unwrap().to_owned();
        told.push(format!(
            "{name}: {} at {}, {}",
            report["outcome"].as_str().unwrap(),
            report["stopped_at"].as_str().unwrap_or_default(),
            if ended.contains(&text("ended")) {
                text("ended")
            } else {
                ended
            }
        ));
        expected.push(format!(
            "{name}: {} at {}, {}",
            text("outcome"),
            text("stopped_at"),
            text("ended")
        ));
    }
    assert!(expected.len() > 10);
    assert_eq!(told, expected);
}
