//! A plan for a person: what is done, where, why, at what risk, how it is proven, and how it is carried out.

use std::fmt::Write as _;

use anyhow::Result;
use model::plan::{Action, Machine, PlannedStep, Step, System};

use super::plan::{Planned, has_work};
use super::words;
use crate::report::page::{Layout, Letters};
use crate::report::words::sentence_of;
use crate::report::wrap::{ascii, harmless, padded, width, wrap};
use crate::script::{Kind, script};

/// Writes the plan.
pub fn text(planned: &Planned, layout: &Layout) -> String {
    let mut page = Page {
        columns: layout.width,
        text: String::new(),
    };
    // Writing to memory cannot fail.
    let _ = page.write(planned);
    match layout.letters {
        Letters::Unicode => page.text,
        Letters::Ascii => ascii(&page.text),
    }
}

struct Page {
    columns: usize,
    text: String,
}

impl Page {
    fn write(&mut self, planned: &Planned) -> Result<()> {
        let plan = &planned.plan;
        let host = if plan.host.is_empty() {
            "the host"
        } else {
            &plan.host
        };
        self.paragraph(&format!("Plan: {}", plan.title));
        self.paragraph(&format!(
            "It mends {} ({}) on {host}.",
            planned.cause.id, planned.cause.title
        ));
        let (system, told) = planned.system;
        if !told && plan.steps.iter().any(|step| step.system.is_some()) {
            let other = match system {
                System::Windows => "linux",
                System::Linux => "windows",
            };
            self.paragraph(&format!(
                "Nothing tells the system of the host: this plan is for {}. For the other: --system {other}.",
                words::system(system)
            ));
        }
        writeln!(self.text)?;
        if let Some(protection) = planned.remedy.weakens {
            self.paragraph(&format!(
                "▲ This weakens security: {protection} Take it back as soon as you can; after {} days it expires.",
                plan.expires_after.unwrap_or_default() / 86_400
            ));
        }
        self.paragraph(&words::risk(plan));
        writeln!(self.text, "\nSteps")?;
        let mut on = None;
        for (index, step) in plan.steps.iter().enumerate() {
            self.step(index, step, host, &mut on)?;
        }
        if !plan.verify.is_empty() {
            writeln!(self.text, "\nProof")?;
            for look in &plan.verify {
                self.hanging(
                    "  ",
                    &format!(
                        "{} shows: {}, and {} is gone.",
                        look.look, look.shows, look.gone
                    ),
                );
            }
        }
        if has_work(plan) {
            writeln!(self.text, "\nCarry it out")?;
            for line in carry_out(planned) {
                // A command that wraps cannot be pasted: it stays on one line, however long.
                self.text.push_str(&format!("  {}\n", harmless(&line)));
            }
        }
        if !planned.others.is_empty() {
            writeln!(self.text, "\nOther ways")?;
            for (remedy, lacks) in &planned.others {
                let mut words = remedy.title.to_owned();
                if remedy.weakens.is_some() {
                    words.push_str(" (weakens security)");
                }
                if let Some(lacks) = lacks {
                    let _ = write!(words, ". Not planned: {lacks}");
                }
                self.hanging(&format!("  --remedy {}  ", remedy.id), &words);
            }
        }
        Ok(())
    }

    fn step(
        &mut self,
        index: usize,
        step: &PlannedStep,
        host: &str,
        on: &mut Option<Machine>,
    ) -> Result<()> {
        if *on != Some(step.on) {
            let place = words::machine(step.on, host);
            writeln!(self.text, "  On {}", harmless(&place))?;
            *on = Some(step.on);
        }
        let mut says = sentence_of(&words::step(&step.step));
        let conditions: Vec<String> = step.only_if.iter().map(words::condition).collect();
        if !conditions.is_empty() {
            let stop = says.pop().unwrap_or('.');
            let _ = write!(says, ", if {}{stop}", conditions.join(" and "));
        }
        self.hanging(&format!("  {:>2}. ", index + 1), &says);
        let mut why = step.why.clone();
        if matches!(step.step, Step::Act(Action::ForgetCredential { .. })) {
            why.push_str(" This cannot be taken back.");
        }
        self.hanging("      ", &why);
        Ok(())
    }

    fn paragraph(&mut self, words: &str) {
        for line in wrap(&harmless(words), self.columns) {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    fn hanging(&mut self, head: &str, words: &str) {
        let mut head = head.to_owned();
        // A long head gets a line of its own.
        if width(&head) * 2 > self.columns {
            self.text.push_str(head.trim_end());
            self.text.push('\n');
            head = "      ".to_owned();
        }
        let columns = self.columns.saturating_sub(width(&head));
        for (index, line) in wrap(&harmless(words), columns).iter().enumerate() {
            if index > 0 {
                head = padded("", width(&head));
            }
            self.text.push_str(&head);
            self.text.push_str(line);
            self.text.push('\n');
        }
    }
}

/// The commands that carry the plan out, for the ways in that there are.
fn carry_out(planned: &Planned) -> Vec<String> {
    let remedy = match planned.cause.remedies.first() {
        Some(first) if *first == planned.remedy.id => String::new(),
        _ => format!(" --remedy {}", planned.remedy.id),
    };
    let host = match planned.plan.host.as_str() {
        "" => String::new(),
        _ if planned.given.ends_with(".json") => String::new(),
        host => format!(" --for {}", word(host)),
    };
    let risk = if planned.remedy.weakens.is_some() {
        " --accept-risk"
    } else {
        ""
    };
    let fix = format!("rdpdoctor fix {}{host}{remedy}{risk}", word(&planned.given));
    let system = planned
        .plan
        .steps
        .iter()
        .find_map(|step| step.system)
        .unwrap_or(planned.system.0);
    let others: Vec<&str> = [
        (Kind::Reg, "reg"),
        (Kind::Cmd, "cmd"),
        (Kind::Azure, "azure (Run Command)"),
        (Kind::Ansible, "ansible"),
    ]
    .into_iter()
    .filter(|(kind, _)| script(&planned.plan, *kind, planned.system.0, &planned.evidence).is_ok())
    .map(|(_, name)| name)
    .collect();
    let kinds = format!("Other kinds: {}.", others.join(", "));
    match system {
        System::Windows => vec![
            format!("{fix} --script powershell -o mend.ps1"),
            "The script keeps what is there first; with -Undo it takes itself back.".to_owned(),
            kinds,
        ],
        System::Linux => vec![
            format!("{fix} --script bash -o mend.sh"),
            "The script keeps what is there first; with --undo it takes itself back.".to_owned(),
            format!("{kinds} On the host itself: --apply."),
        ],
    }
}

/// A word of a command line, in quotation marks where it needs them.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:/".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
