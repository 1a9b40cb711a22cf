//! Wrong usage: one clear sentence and the right exit status.

use assert_cmd::Command;

/// The program, in an environment that says nothing about terminals.
pub fn rdpdoctor() -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("rdpdoctor"));
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "LC_ALL",
        "LC_CTYPE",
        "LANG",
        "TERM",
    ] {
        command.env_remove(name);
    }
    command
}

/// The exit status and what stderr says.
fn refused(arguments: &[&str]) -> (i32, String) {
    let output = rdpdoctor().args(arguments).output().unwrap();
    assert!(output.stdout.is_empty(), "{arguments:?} wrote an answer");
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn the_version_tells_what_was_built() {
    let said = |arguments: &[&str]| {
        let output = rdpdoctor().args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let version = concat!("rdpdoctor ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(said(&["--version"]), version);
    assert_eq!(said(&["-V"]), version);
    for long in [["--version", "--verbose"], ["-v", "-V"]] {
        let long = said(&long);
        assert!(long.starts_with(version), "{long}");
        for word in ["TLS ", " causes, ", "rdpdoctor/report/1"] {
            assert!(long.contains(word), "{word}: {long}");
        }
    }
}

#[test]
fn completions_name_the_options() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = rdpdoctor().args(["completions", shell]).output().unwrap();
        assert!(output.status.success());
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(script.contains("no-progress"), "{shell}");
    }
}

#[test]
fn help_and_version_are_answers() {
    for option in ["--help", "-h", "--version", "-V"] {
        let output = rdpdoctor().arg(option).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{option}");
        assert!(output.stderr.is_empty(), "{option}");
        assert!(
            String::from_utf8(output.stdout)
                .unwrap()
                .contains("rdpdoctor")
        );
    }
}

#[test]
fn nothing_and_nonsense_are_wrong_usage() {
    for (arguments, says) in [
        (&[][..], "no target was given"),
        (&["--frobnicate"], "--frobnicate"),
        (&["--format", "yaml", "srv01"], "yaml"),
        (&["--timeout", "soon", "srv01"], "is not a time"),
        (&["--offer", "ssh", "srv01"], "not a security protocol"),
        (&["--client", "quake", "srv01"], "quake"),
        (&[""], "empty"),
        (&["my host"], "a space"),
        (&["my", "host"], "one target is looked at, and 2 were given"),
        (&["0x904", "0x7"], "rdpdoctor explain 0x904 0x7"),
        (&["srv01:99999"], "too large"),
        (&["http://srv01/"], "http://"),
        (&["[fe80::1]"], "link-local"),
        (&["nowhere/work.rdp"], "cannot read the connection file"),
        (&["check"], "no target was given"),
        (&["--load", "srv01"], "nobody to ask"),
        (&["--load=1", "srv01"], "2..=200"),
        (&["--yes", "srv01"], "--load"),
        (&["--repeat", "20", "srv01"], "--budget 20 allows"),
        (&["--repeat", "1", "srv01"], "2..=60"),
        (&["--resolver", "dns.example", "srv01"], "not the address"),
        (
            &["--quick", "completions", "bash"],
            "do not go with another command",
        ),
    ] {
        let (status, said) = refused(arguments);
        assert_eq!(status, 2, "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    for arguments in [&["completions", "zsh"][..], &["--help"], &["--version"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = std::process::Command::new(assert_cmd::cargo::cargo_bin!("rdpdoctor"))
            .args(arguments)
            .stdout(writer)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn every_look_is_listed_with_its_cost_and_its_trace() {
    let said = |arguments: &[&str]| {
        let output = rdpdoctor().args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let text = said(&["check", "--list-looks"]);
    let json = said(&["--list-looks", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["schema"], "rdpdoctor/looks/1");
    assert_eq!(json["connections"]["quick"], 1);
    assert_eq!(json["connections"]["default"], 8);
    assert_eq!(json["connections"]["full"], 80);
    let looks = json["looks"].as_array().unwrap();
    assert_eq!(looks.len(), probe::PROBES.len());
    for (look, probe) in looks.iter().zip(probe::PROBES) {
        assert_eq!(look["look"], probe.name);
        assert_eq!(look["connections"], probe.connections);
        assert_eq!(look["datagrams"], probe.datagrams);
        let row = text
            .lines()
            .find(|line| line.trim_start().starts_with(&format!("{} ", probe.name)));
        assert!(row.is_some(), "{} is not in\n{text}", probe.name);
    }
    let (status, _) = refused(&["--quick", "--full", "srv01"]);
    assert_eq!(status, 2);
}
