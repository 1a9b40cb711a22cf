//! Asking rdpdoctor on the client's side, and comparing what it says with what is known to be so.

use std::process::Output;

use serde_json::Value;

use super::network::{Network, SERVER, Side};

/// What rdpdoctor should say.
#[derive(Clone, Copy, Debug)]
pub struct Expect<'e> {
    /// The exit status.
    pub exit: i32,
    /// The outcome in one word.
    pub outcome: &'e str,
    /// The rung on which the connection stops.
    pub stopped_at: Option<&'e str>,
    /// The family of the first finding; where it is one of several, each that is right. Empty: there must be
    /// no finding.
    pub families: &'e [&'e str],
    /// Nobody outside could tell the families apart: each must be named, and none called proven.
    pub rivals: bool,
}

impl Expect<'_> {
    /// Nothing is wrong.
    pub const HEALTHY: Self = Self {
        exit: 0,
        outcome: "healthy",
        stopped_at: None,
        families: &[],
        rivals: false,
    };
}

/// The connection fails at this rung for this reason.
pub const fn fails<'e>(stopped_at: &'e str, families: &'e [&'e str]) -> Expect<'e> {
    Expect {
        exit: 1,
        outcome: "failing",
        stopped_at: Some(stopped_at),
        families,
        rivals: false,
    }
}

/// A session would open, and yet something should be mended.
pub const fn degraded<'e>(families: &'e [&'e str]) -> Expect<'e> {
    Expect {
        exit: 1,
        outcome: "degraded",
        stopped_at: None,
        families,
        rivals: false,
    }
}

/// It works worse than it should, and from outside several reasons look the same.
pub const fn degraded_by_one_of<'e>(families: &'e [&'e str]) -> Expect<'e> {
    Expect {
        rivals: true,
        ..degraded(families)
    }
}

/// Notes down what was found, for the measure (`cargo xtask eval`), and what other tools find at the same server.
fn note(network: &Network, report: &Value, families: &[&str], expect: &Expect) {
    let Some(path) = std::env::var_os("RDPDOCTOR_NOTES") else {
        return;
    };
    let note = serde_json::json!({
        "test": std::thread::current().name().unwrap_or_default(),
        "expected": expect.families,
        "expected_outcome": expect.outcome,
        "outcome": report["outcome"],
        "found": families,
        "peers": super::others::ask(network, expect.families),
    });
    let mut notes = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .unwrap();
    std::io::Write::write_all(&mut notes, format!("{note}\n").as_bytes()).unwrap();
}

/// Asks with these arguments, whatever the verdict is.
pub fn look(network: &Network, arguments: &[&str]) -> Value {
    let fixed = ["--format", "json", "--no-progress"];
    let mut command = network.command(
        Side::Client,
        env!("CARGO_BIN_EXE_rdpdoctor"),
        fixed.iter().chain(arguments),
    );
    let Output { stdout, stderr, .. } = command.output().unwrap();
    serde_json::from_slice(&stdout).unwrap_or_else(|error| {
        panic!(
            "no report: {error}\n{command:?}\n{}\n{}\n{}",
            String::from_utf8_lossy(&stdout),
            String::from_utf8_lossy(&stderr),
            network.logs()
        )
    })
}

/// The values of every fact of this kind in a report.
pub fn facts<'r>(report: &'r Value, kind: &str) -> Vec<&'r Value> {
    report["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|seen| seen["fact"] == kind)
        .map(|seen| &seen["value"])
        .collect()
}

/// Asks about the server by its address.
pub fn check(network: &Network, expect: Expect) -> Value {
    check_with(network, &[SERVER], expect)
}

/// Asks with these arguments.
pub fn check_with(network: &Network, arguments: &[&str], expect: Expect) -> Value {
    let fixed = ["--format", "json", "--no-progress"];
    let mut command = network.command(
        Side::Client,
        env!("CARGO_BIN_EXE_rdpdoctor"),
        fixed.iter().chain(arguments),
    );
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = String::from_utf8_lossy(&stdout);
    let story = || {
        format!(
            "\n{command:?} ended with {status}\n{text}\n{}\n{}",
            String::from_utf8_lossy(&stderr),
            network.logs()
        )
    };
    let report: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("no report: {error}{}", story()));
    assert_eq!(report["schema"], "rdpdoctor/report/1", "{}", story());
    let families: Vec<&str> = report["findings"]
        .as_array()
        .unwrap_or_else(|| panic!("no findings{}", story()))
        .iter()
        .map(|finding| {
            finding["family"]
                .as_str()
                .unwrap_or_else(|| panic!("no family{}", story()))
        })
        .collect();
    note(network, &report, &families, &expect);
    match families.first() {
        None => assert!(
            expect.families.is_empty(),
            "nothing found, {:?} expected{}",
            expect.families,
            story()
        ),
        Some(first) => assert!(
            expect.families.contains(first),
            "{families:?} found, one of {:?} expected first{}",
            expect.families,
            story()
        ),
    }
    if expect.rivals {
        let all = expect
            .families
            .iter()
            .all(|family| families.contains(family));
        assert!(
            all,
            "{families:?} found, each of {:?} expected{}",
            expect.families,
            story()
        );
        assert_ne!(
            report["findings"][0]["verdict"],
            "proven",
            "a rival called proven{}",
            story()
        );
    }
    assert_eq!(report["outcome"], expect.outcome, "outcome{}", story());
    assert_eq!(
        report["stopped_at"].as_str(),
        expect.stopped_at,
        "stopped at{}",
        story()
    );
    assert_eq!(status.code(), Some(expect.exit), "exit status{}", story());
    report
}
