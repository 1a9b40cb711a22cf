//! The example in the README is what the program says.

use std::path::Path;

use crate::usage::rdpdoctor;

/// The words with every number as `#`, and without the line breaks: times, ports and the width they take
/// differ from run to run.
fn without_numbers(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        let c = if c.is_ascii_digit() { '#' } else { c };
        let c = if c == '\n' { ' ' } else { c };
        // A number may have a fraction, and blanks only lay out.
        if matches!(
            (c, plain.chars().last()),
            ('#' | '.', Some('#')) | (' ', Some(' '))
        ) {
            continue;
        }
        plain.push(c);
    }
    // A busy machine takes seconds where another takes milliseconds.
    plain.replace("# ms", "# s")
}

#[test]
fn the_example_is_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let (_, block) = readme.split_once("```\n$ rdpdoctor demo\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let output = rdpdoctor()
        .arg("demo")
        .envs([("LANG", "C.UTF-8"), ("TZ", "UTC")])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(without_numbers(block).trim(), without_numbers(&said).trim());
}

/// The words of a command as a shell takes them: what stands in single quotes is one.
fn words_of(command: &str) -> Vec<String> {
    command
        .split('\'')
        .enumerate()
        .flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
fn the_commands_in_the_readme_are_commands() {
    use clap::CommandFactory as _;

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let lines = readme
        .lines()
        .filter(|line| line.starts_with("| `rdpdoctor "));
    let mut checked = 0;
    for line in lines {
        let command = line.split('`').nth(1).unwrap();
        let words = words_of(command);
        let parsed = rdpdoctor::cli::Arguments::command().try_get_matches_from(&words);
        assert!(parsed.is_ok(), "{command}: {}", parsed.unwrap_err());
        checked += 1;
    }
    assert!(checked >= 4);
}

/// Every command that a report offers can be typed as it is printed.
#[cfg(feature = "lab")]
#[test]
fn the_commands_in_reports_are_commands() {
    use clap::CommandFactory as _;
    use rdpdoctor::rehearse::{Settings, play};

    let mut checked = 0;
    for scenario in lab::scenario::all().unwrap() {
        let evidence = play(&scenario, &Settings::default()).unwrap();
        let report = rdpdoctor::check::conclude(&evidence, Vec::new());
        for command in report
            .leads
            .iter()
            .filter_map(|lead| lead.command.as_deref())
        {
            let words = words_of(command);
            assert_eq!(
                words.first().map(String::as_str),
                Some("rdpdoctor"),
                "{}: {command}",
                scenario.id
            );
            let parsed = rdpdoctor::cli::Arguments::command().try_get_matches_from(&words);
            assert!(
                parsed.is_ok(),
                "{}: {command}: {}",
                scenario.id,
                parsed.unwrap_err()
            );
            checked += 1;
        }
    }
    assert!(checked > 10);
}
