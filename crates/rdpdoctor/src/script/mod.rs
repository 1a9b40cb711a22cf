//! Plans as scripts for the way in that is left: each keeps what was there first, can be run again, takes itself back,
//! works in every display language, and says what it did as a receipt that this program reads.

mod ansible;
mod bash;
mod cmd;
mod powershell;
mod quote;
pub mod receipt;
mod reg;

use clap::ValueEnum;
use model::Evidence;
use model::plan::{Action, Machine, Plan, PlannedStep, Step, System};

use crate::fix_command::words;

/// Kinds of scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Windows PowerShell 5.1.
    #[value(alias = "ps1", alias = "ps")]
    Powershell,
    /// A registry file, with a second one that takes it back.
    Reg,
    /// A batch file, for consoles without PowerShell.
    #[value(alias = "bat")]
    Cmd,
    /// A bash script, for Linux.
    #[value(alias = "sh")]
    Bash,
    /// PowerShell for Azure's Run Command (bash for a Linux machine).
    Azure,
    /// A playbook of Ansible.
    Ansible,
}

impl Kind {
    /// The system it is for; `None` when it is for both.
    pub const fn system(self) -> Option<System> {
        match self {
            Self::Powershell | Self::Reg | Self::Cmd => Some(System::Windows),
            Self::Bash => Some(System::Linux),
            Self::Azure | Self::Ansible => None,
        }
    }
}

/// A plan as a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The script.
    pub text: String,
    /// What takes it back, where that is a file of its own.
    pub undo: Option<String>,
    /// What whoever runs it should know beside what it says itself.
    pub notes: Vec<String>,
}

/// Why a plan is no script of this kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is for another system.
    #[error("the plan is for {} and the script for {}; use --script {instead}", words::system(*.plan), words::system(*.script))]
    System {
        /// The system of the plan.
        plan: System,
        /// The system of the script.
        script: System,
        /// A kind of script that fits.
        instead: &'static str,
    },
    /// A step cannot be written in this language.
    #[error("step {} ({says}) cannot be done in such a script: {why}; use --script {instead}", .step + 1)]
    Step {
        /// Its index.
        step: usize,
        /// It, in words.
        says: String,
        /// Why not.
        why: &'static str,
        /// A kind of script that can.
        instead: &'static str,
    },
    /// There is nothing for a program to do.
    #[error("every step of this plan is done by a person; print it as text")]
    Nothing,
}

/// Writes the plan as a script. `system` is that of the server; `seen` tells values that a script cannot read itself.
pub fn script(plan: &Plan, kind: Kind, system: System, seen: &Evidence) -> Result<Script, Unfit> {
    let job = Job::of(plan).ok_or(Unfit::Nothing)?;
    let system = job.system(system);
    if let Some(script) = kind.system()
        && script != system
    {
        return Err(Unfit::System {
            plan: system,
            script,
            instead: match system {
                System::Windows => "powershell",
                System::Linux => "bash",
            },
        });
    }
    let mut written = match (kind, system) {
        (Kind::Powershell, _) => powershell::script(&job, "powershell"),
        (Kind::Azure, System::Windows) => powershell::azure(&job),
        (Kind::Azure, System::Linux) => bash::azure(&job),
        (Kind::Bash, _) => bash::script(&job),
        (Kind::Reg, _) => reg::script(&job, seen),
        (Kind::Cmd, _) => cmd::script(&job),
        (Kind::Ansible, System::Windows) => ansible::windows(&job),
        (Kind::Ansible, System::Linux) => ansible::linux(&job),
    }?;
    if plan.expires_after.is_some() && matches!(kind, Kind::Reg | Kind::Cmd) {
        written.notes.push(
            "It weakens security, and such a script cannot expire by itself: take it back by hand."
                .to_owned(),
        );
    }
    Ok(written)
}

/// The part of a plan that is done on one machine. What is done elsewhere is told to the person who runs it.
#[derive(Clone, Debug)]
struct Job<'p> {
    plan: &'p Plan,
    on: Machine,
}

impl<'p> Job<'p> {
    /// The machine of the first step that a program makes.
    fn of(plan: &'p Plan) -> Option<Self> {
        let first = plan.steps.iter().find(|step| Self::is_work(step))?;
        Some(Self { plan, on: first.on })
    }

    fn is_work(step: &PlannedStep) -> bool {
        !matches!(
            step.step,
            Step::Act(Action::AskPerson { .. } | Action::LookAgain { .. })
        )
    }

    /// The system of its machine: as its steps say, else that of the server.
    fn system(&self, server: System) -> System {
        self.mine()
            .find_map(|(_, step)| step.system)
            .unwrap_or(server)
    }

    /// The steps that are made by the script, with their indices in the plan.
    fn mine(&self) -> impl Iterator<Item = (usize, &'p PlannedStep)> + use<'p> {
        let on = self.on;
        self.plan
            .steps
            .iter()
            .enumerate()
            .filter(move |(_, step)| step.on == on && Self::is_work(step))
    }

    /// The steps that a person makes, with their indices and what to do.
    fn asked(&self) -> impl Iterator<Item = (usize, String)> + use<'_, 'p> {
        self.plan
            .steps
            .iter()
            .enumerate()
            .filter(|(_, step)| step.on != self.on || !Self::is_work(step))
            .map(|(index, step)| {
                let says = words::step(&step.step);
                if step.on == self.on {
                    (index, says)
                } else {
                    let place = words::machine(step.on, &self.plan.host);
                    (index, format!("on {place}: {says}"))
                }
            })
    }

    fn unfit(&self, step: usize, why: &'static str, instead: &'static str) -> Unfit {
        let says = self
            .plan
            .steps
            .get(step)
            .map(|step| words::step(&step.step))
            .unwrap_or_default();
        Unfit::Step {
            step,
            says,
            why,
            instead,
        }
    }

    /// What the comments at the top of every script say: what it does, to what, and how it is taken back.
    fn head(&self) -> Vec<String> {
        let plan = self.plan;
        let host = match plan.host.as_str() {
            "" => "the host",
            host => host,
        };
        let mut lines = vec![
            format!("{}.", plan.title),
            format!("It mends {} on {host}.", plan.cause),
            format!(
                "Plan {}, written by rdpdoctor {}.",
                plan.id,
                env!("CARGO_PKG_VERSION")
            ),
            words::risk(plan),
        ];
        for step in &plan.steps {
            if let Some(protection) = &step.weakens {
                lines.push(format!("IT WEAKENS SECURITY: {protection}"));
                break;
            }
        }
        lines.push(String::new());
        lines.push(format!("To be run on {}:", words::machine(self.on, host)));
        for (index, step) in self.mine() {
            let mut line = format!("  {}. {}", index + 1, words::step(&step.step));
            for condition in &step.only_if {
                line.push_str(", if ");
                line.push_str(&words::condition(condition));
            }
            lines.push(line);
        }
        for (index, says) in self.asked() {
            lines.push(format!("  {}. By hand: {says}", index + 1));
        }
        lines.push(String::new());
        lines
    }

    fn proof(&self) -> String {
        let looks: Vec<String> = self
            .plan
            .verify
            .iter()
            .map(|look| format!("{} shows: {}", look.look, look.shows))
            .collect();
        looks.join("; ")
    }
}
