//! The scripts for PowerShell without a Windows machine: held against the grammar and what breaks in 5.1.

use model::Bytes;
use model::UnixSeconds;
use model::plan::{
    Action, Hive, Key, Plan, PlannedStep, RegistryValue, Step, System, Transport, Value,
};
use proptest::prelude::*;
use rdpdoctor::script::{Kind, script};

use super::{case, plans};
use crate::powershell::faults;

#[test]
fn every_script_is_powershell_5_1() {
    let nothing = case("");
    let mut seen = 0;
    for (system, plan) in plans("srv01.corp.example") {
        for kind in [Kind::Powershell, Kind::Azure] {
            let Ok(written) = script(&plan, kind, System::Windows, &nothing) else {
                continue;
            };
            if system != System::Windows || !written.text.starts_with("#requires") {
                continue;
            }
            seen += 1;
            let faults = faults(&written.text);
            assert_eq!(faults, Vec::<String>::new(), "{} {kind:?}", plan.remedy);
        }
    }
    assert!(seen >= 40, "{seen}");
}

/// Every function that a step of the table calls is in the script, whichever parts it was made of.
#[test]
fn every_part_that_is_called_is_there() {
    let nothing = case("");
    for (_, plan) in plans("srv01") {
        let Ok(written) = script(&plan, Kind::Powershell, System::Windows, &nothing) else {
            continue;
        };
        let defined: Vec<String> = written
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("function "))
            .filter_map(|rest| rest.split(['(', ' ']).next())
            .map(str::to_lowercase)
            .collect();
        for line in written
            .text
            .lines()
            .filter(|line| line.contains("; Says = "))
        {
            let kinds = line
                .split("Kind = '")
                .skip(1)
                .filter_map(|rest| rest.split('\'').next());
            for (place, kind) in kinds
                .filter(|kind| {
                    !kind.is_empty() && kind.chars().all(|c| c.is_ascii_lowercase() || c == '-')
                })
                .enumerate()
            {
                let name = kind.replace('-', "");
                let needed: &[&str] = match (place, kind.starts_with("act-")) {
                    (_, true) if kind == "act-person" => &[],
                    (_, true) => &["invoke-"],
                    _ => &["read-", "write-", "restore-"],
                };
                // The kind of a goal is a word of the registry or of the part itself.
                if ["start", "state", "rule", "group", "port", "mtu"].contains(&kind)
                    && line.contains(&format!("To = @{{ Here = $true; Kind = '{kind}'"))
                    && kind != "mtu"
                {
                    continue;
                }
                for verb in needed {
                    assert!(
                        defined.contains(&format!("{verb}{name}")),
                        "{}: no {verb}{name}",
                        plan.remedy
                    );
                }
            }
        }
    }
}

/// What PowerShell makes of an expression of literals, character numbers and `+`.
fn value_of(expression: &str) -> Option<String> {
    let mut out: Vec<u16> = Vec::new();
    let mut rest = expression.trim();
    if let Some(inner) = rest
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
    {
        rest = inner;
    }
    loop {
        rest = rest.trim_start();
        if let Some(quoted) = rest.strip_prefix('\'') {
            let mut letters = quoted.char_indices().peekable();
            let mut end = None;
            while let Some((at, c)) = letters.next() {
                if c != '\'' {
                    out.extend(c.encode_utf16(&mut [0; 2]).iter());
                } else if letters.peek().is_some_and(|(_, next)| *next == '\'') {
                    letters.next();
                    out.push(39);
                } else {
                    end = Some(at + 1);
                    break;
                }
            }
            rest = quoted.get(end?..)?;
        } else if let Some(number) = rest.strip_prefix("[char]0x") {
            out.push(u16::from_str_radix(number.get(..4)?, 16).ok()?);
            rest = number.get(4..)?;
        } else {
            return None;
        }
        rest = rest.trim_start();
        if rest.is_empty() {
            return String::from_utf16(&out).ok();
        }
        rest = rest.strip_prefix('+')?;
    }
}

/// A plan whose every text is the one given.
fn plan_of(text: &str) -> Plan {
    let set = |key, to| PlannedStep::new(Step::Set { key, to }, text);
    let registry = |name: &str| Key::Registry {
        hive: Hive::Machine,
        path: text.to_owned(),
        name: name.to_owned(),
    };
    let mut plan = Plan::new(
        "a-plan-1",
        "secure.key-unusable",
        UnixSeconds(0),
        vec![
            set(
                registry(text),
                Value::Registry(RegistryValue::Text(text.to_owned())),
            ),
            set(
                registry("b"),
                Value::Registry(RegistryValue::Binary(Bytes(text.as_bytes().to_vec()))),
            ),
            set(
                Key::ServiceState {
                    service: text.to_owned(),
                },
                Value::Switch(true),
            ),
            set(
                Key::FirewallPort {
                    rule: text.to_owned(),
                    transport: Transport::Tcp,
                    port: 3389,
                },
                Value::Switch(true),
            ),
            set(
                Key::Content {
                    file: text.to_owned(),
                },
                Value::Absent,
            ),
            PlannedStep::new(
                Step::Act(Action::RestartService {
                    service: text.to_owned(),
                }),
                text,
            ),
            PlannedStep::new(
                Step::Act(Action::AskPerson {
                    says: text.to_owned(),
                }),
                text,
            ),
        ],
    );
    plan.title = text.to_owned();
    plan.host = text.to_owned();
    plan
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a text holds, it stays one text: the script parses, and the text comes out of it again.
    #[test]
    fn nothing_escapes_from_powershell(text in "[a-z'\"`$%&|;(){}\\[\\]#@<>!^,\\\\ \n\r\t\u{2018}\u{2019}\u{201c}\u{e9}\u{1f600}]{0,24}|.{0,24}") {
        let written = script(&plan_of(&text), Kind::Powershell, System::Windows, &case("")).unwrap();
        prop_assert!(written.text.is_ascii());
        prop_assert_eq!(faults(&written.text).into_iter().filter(|fault| !fault.contains("letters beyond")).collect::<Vec<_>>(), Vec::<String>::new());
        let row = written.text.lines().find(|line| line.contains("Kind = 'act-restart'")).unwrap();
        let service = row.split("Service = ").nth(1).and_then(|rest| rest.rsplit_once("; OnlyIf")).map(|(text, _)| text).unwrap();
        let service = service.split("; OnlyIf = @(); Says").next().unwrap();
        prop_assert_eq!(value_of(service), Some(text.clone()), "{}", service);
        // A text never begins a line, so nothing in it can be a statement.
        let lines = |text: &str| text.lines().count();
        let usual = script(&plan_of("a"), Kind::Powershell, System::Windows, &case("")).unwrap();
        prop_assert_eq!(lines(&written.text), lines(&usual.text));
    }

    /// The same for registry files and batch files, which refuse what they cannot hold.
    #[test]
    fn nothing_escapes_from_other_scripts(text in "[a-z'\"`$%&|;(){}\\[\\]#@<>!^,\\\\ \n\r\t\u{2018}\u{e9}]{0,24}|.{0,24}") {
        let mut plan = plan_of(&text);
        plan.steps.truncate(1);
        let usual = plan_of("a");
        for kind in [Kind::Reg, Kind::Cmd] {
            let Ok(written) = script(&plan, kind, System::Windows, &case("")) else { continue };
            prop_assert!(written.text.is_ascii() || kind == Kind::Reg);
            let mut short = usual.clone();
            short.steps.truncate(1);
            let usual = script(&short, kind, System::Windows, &case("")).unwrap();
            prop_assert_eq!(written.text.lines().count(), usual.text.lines().count());
            if kind == Kind::Cmd {
                prop_assert!(!text.contains(['"', '\n', '\r']));
            }
        }
    }
}
