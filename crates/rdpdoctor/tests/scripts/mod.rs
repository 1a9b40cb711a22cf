//! Plans as scripts: quoted so that nothing in them escapes, held against grammars, run where they can be run.

mod bash;
mod classics;
mod powershell;
mod schema;

use diagnose::{CAUSES, Case, REMEDIES};
use model::plan::{Plan, System};
use model::{ClientProfile, Evidence, HostName, Target, UnixSeconds};
use rdpdoctor::script::{Kind, script};

/// A case about a host of which nothing else is known.
pub fn case(host: &str) -> Evidence {
    Evidence::of(
        Target {
            input: String::new(),
            host: HostName(host.to_owned()),
            port: 3389,
            address: None,
            zone: None,
            gateway: None,
            proxy: None,
            client: ClientProfile::default(),
        },
        UnixSeconds(1_795_000_000),
    )
}

/// Every plan that is drafted for a host of which nothing else is known, with the system of the server.
pub fn plans(host: &str) -> Vec<(System, Plan)> {
    let evidence = case(host);
    let mut plans = Vec::new();
    for system in [System::Windows, System::Linux] {
        let case = Case {
            evidence: &evidence,
            server: system,
            client: system,
        };
        for remedy in REMEDIES {
            let cause = CAUSES
                .iter()
                .find(|cause| cause.remedies.contains(&remedy.id))
                .unwrap();
            if let Ok(plan) =
                diagnose::draft::plan(&case, cause, remedy, "a-plan-1", UnixSeconds(0))
            {
                plans.push((system, plan));
            }
        }
    }
    plans
}

const KINDS: &[Kind] = &[
    Kind::Powershell,
    Kind::Azure,
    Kind::Reg,
    Kind::Cmd,
    Kind::Bash,
    Kind::Ansible,
];

/// The names of groups, services, rules and columns that Windows translates, and tools whose output is translated.
const TRANSLATED: &[&str] = &[
    "Everyone:",
    "\"Everyone\"",
    "'Everyone'",
    "'Administrators'",
    "BUILTIN\\",
    "NT AUTHORITY\\",
    "'Remote Desktop Users'",
    "Remote Desktop Services'",
    "START_TYPE",
    "netsh advfirewall firewall show",
    "netsh interface ipv4 show",
    "DisplayGroup",
    "-DisplayName 'Remote Desktop",
    "net localgroup",
];

#[test]
fn every_script_is_ascii_and_speaks_every_language() {
    let nothing = case("");
    for (system, plan) in plans("srv01") {
        for &kind in KINDS {
            let Ok(written) = script(&plan, kind, system, &nothing) else {
                continue;
            };
            assert!(written.text.is_ascii(), "{} {kind:?}", plan.remedy);
            assert!(written.undo.is_none_or(|undo| undo.is_ascii()));
            for line in written.text.lines() {
                // Comments and sentences for people may name what they mean.
                let is_words = line.trim_start().starts_with(['#', ';'])
                    || line.trim_start().starts_with("rem ")
                    || line.contains("echo ")
                    || line.contains("Says = ")
                    || line.trim_start().starts_with('[');
                for word in TRANSLATED {
                    assert!(
                        is_words || !line.contains(word),
                        "{} {kind:?}: {line}",
                        plan.remedy
                    );
                }
            }
            if kind == Kind::Azure {
                assert!(written.text.len() < 48 * 1024, "{} is long", plan.remedy);
            }
        }
    }
}

#[test]
fn every_plan_with_work_is_a_script_in_the_language_of_its_system() {
    let nothing = case("");
    let mut written = 0;
    for (system, plan) in plans("srv01") {
        let fits = [Kind::Powershell, Kind::Bash]
            .into_iter()
            .any(|kind| script(&plan, kind, system, &nothing).is_ok());
        written += usize::from(fits);
        // Linux leaves its name to its name service.
        let by_hand = system == System::Linux && plan.remedy.starts_with("name-service.");
        assert!(
            fits || by_hand || !rdpdoctor::fix_command::plan::has_work(&plan),
            "{} on {system:?}",
            plan.remedy
        );
    }
    assert!(written >= 50, "{written}");
}

/// A registry file is read back by the reader of registry files of this program.
#[test]
fn registry_files_are_read_back() {
    use model::Fact;
    let nothing = case("");
    let mut read = 0;
    for (system, plan) in plans("srv01") {
        let Ok(written) = script(&plan, Kind::Reg, system, &nothing) else {
            continue;
        };
        let bytes: Vec<u8> = std::iter::once(0xfeff)
            .chain(written.text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let mut intake = intake::Intake::default();
        intake.take("mend.reg", &mut bytes.as_slice());
        let findings = intake.finish();
        assert!(
            findings.damage.is_empty(),
            "{}: {:?}",
            plan.remedy,
            findings.damage
        );
        let target = nothing.target.clone();
        read += findings
            .into_evidence(target, UnixSeconds(0))
            .seen
            .iter()
            .filter(|seen| matches!(seen.fact, Fact::SettingFound { .. }))
            .count();
    }
    assert!(read >= 10, "{read} values were read back");
}
