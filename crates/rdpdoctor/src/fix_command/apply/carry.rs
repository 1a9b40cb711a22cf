//! Carrying a plan out here: show, ask, change, look, keep or take back.

use std::cell::Cell;
use std::fmt::Write as _;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diagnose::{Severity, diagnose};
use model::plan::{Action, Condition, Hive, Key, Machine as Role, Plan, PlannedStep, Step, System};
use model::{Evidence, Target, UnixSeconds};
use repair::{Carried, Error, Hands, Left, Looked, Machine, Shelf};

use super::super::FixArguments;
use super::{ApplyArguments, Occasion, guard, look, receipts, state, words};
use crate::answer;
use crate::check::{self, now};
use crate::cli::OutputArguments;
use crate::failure::{Failure, Status};

/// When a plan is taken back that was not verified.
const UNDO_AFTER: Duration = Duration::from_secs(300);
/// The same for one that waits for a look from elsewhere.
const HELD_FOR: Duration = Duration::from_secs(600);
/// How long a service may take until it listens after its start.
const WARMS_UP: Duration = Duration::from_secs(15);

/// Shows the plan, asks, carries it out.
pub(super) fn apply(
    all: &FixArguments,
    plan: &Plan,
    occasion: &Occasion,
    output: &OutputArguments,
) -> Result<Status, Failure> {
    let arguments = &all.apply;
    let machine = state::machine(arguments);
    let plan = &machine.pinned(plan).map_err(|error| state::told(&error))?;
    let target = target_here(plan, occasion);
    let role = role(arguments, plan, &target);
    let ours = |planned: &PlannedStep| ours(planned, role);
    if !plan.steps.iter().any(|planned| ours(planned).is_ok()) {
        return Err(Failure::could_not_look(format!(
            "nothing of this plan can be carried out here: {}; --here says which machine this is, and --script \
             prints the plan as a script",
            plan.steps
                .iter()
                .find_map(|planned| ours(planned).err())
                .unwrap_or_else(|| "it has no steps".to_owned())
        )));
    }
    permitted(arguments, all.accept_risk, plan, &ours)?;
    show(plan, &machine, &ours)?;
    if arguments.dry_run {
        say("Nothing was changed.");
        return Ok(Status::Healthy);
    }
    let before = match &occasion.seen {
        Some(seen) => seen.clone(),
        None => {
            say("Looking at this machine as it is.");
            look::here(&target, output)?
        }
    };
    let judge = Judge::of(plan, &before, occasion);
    let elsewhere = arguments.hold || judge == Judge::Elsewhere;
    if judge == Judge::Nothing && !arguments.hold {
        answer::deliver(
            output,
            &format!(
                "A fresh look at this machine does not show {}. {} Nothing was changed.\n\
                 If it is seen from elsewhere, give the report of that look (rdpdoctor HOST -o report.json), or \
                 carry it out with --hold and keep it when a look from there has shown that it helped.\n",
                plan.cause,
                shown_instead(&before)
            ),
        )?;
        return Ok(Status::Healthy);
    }
    if !arguments.yes && !agreed("Carry this out?")? {
        say("Nothing was changed.");
        return Ok(Status::Healthy);
    }
    let shelf = state::shelf(arguments)?;
    let run = Run {
        arguments,
        output,
        shelf: &shelf,
        machine: &machine,
        target: &target,
        before: Some(&before),
        elsewhere,
        interrupted: signals()?,
    };
    let carried = run.with_hands(plan, &ours, |hands| repair::carry_out(&shelf, plan, hands));
    run.conclude(plan, carried)
}

/// Which machine of the connection this is.
pub(super) fn role(arguments: &ApplyArguments, plan: &Plan, target: &Target) -> Role {
    if let Some(here) = arguments.here {
        return here.into();
    }
    // Who connects is not who is connected to.
    if !target.host.0.is_empty() && target.host.0 != "localhost" {
        return if look::is_this_machine(target) {
            Role::Server
        } else {
            Role::Client
        };
    }
    let changes = |role: Role| {
        plan.steps
            .iter()
            .any(|planned| planned.on == role && !is_for_a_person(planned))
    };
    [
        Role::Server,
        Role::Client,
        Role::Gateway,
        Role::Network,
        Role::NameServer,
        Role::Controller,
    ]
    .into_iter()
    .find(|role| changes(*role))
    .unwrap_or_default()
}

/// This machine has something to do in the plan.
pub(super) fn has_work_here(arguments: &ApplyArguments, plan: &Plan, target: &Target) -> bool {
    let role = role(arguments, plan, target);
    plan.steps.iter().any(|planned| ours(planned, role).is_ok())
}

fn is_for_a_person(planned: &PlannedStep) -> bool {
    matches!(
        planned.step,
        Step::Act(Action::AskPerson { .. } | Action::LookAgain { .. })
    )
}

/// The step is made here; otherwise why not.
pub(super) fn ours(planned: &PlannedStep, role: Role) -> Result<(), String> {
    if is_for_a_person(planned) {
        return Err("a person does it".to_owned());
    }
    if planned.on != role {
        return Err(format!("it is made on {}", named(planned.on)));
    }
    match planned.system {
        Some(System::Windows) if !cfg!(windows) => Err("it is for Windows".to_owned()),
        Some(System::Linux) if !cfg!(target_os = "linux") => Err("it is for Linux".to_owned()),
        _ => Ok(()),
    }
}

/// A machine of the connection, in words.
fn named(machine: Role) -> &'static str {
    match machine {
        Role::Client => "the client",
        Role::Network => "a device on the way",
        Role::Server => "the server",
        Role::Gateway => "the gateway",
        Role::NameServer => "a name server",
        Role::Controller => "a domain controller",
    }
}

/// Fails when this user may not do it, or has not agreed to what it weakens.
pub(super) fn permitted(
    arguments: &ApplyArguments,
    accept_risk: bool,
    plan: &Plan,
    ours: &dyn Fn(&PlannedStep) -> Result<(), String>,
) -> Result<(), Failure> {
    let mine = || plan.steps.iter().filter(|planned| ours(planned).is_ok());
    let weakened: Vec<&str> = mine()
        .filter_map(|planned| planned.weakens.as_deref())
        .collect();
    if let (Some(weakened), false, true) = (weakened.first(), accept_risk, arguments.apply) {
        return Err(Failure::usage(format!(
            "this plan takes a protection away: {weakened}; when that is meant, add --accept-risk"
        )));
    }
    let needs_root = mine().find(|planned| match &planned.step {
        Step::Set { key, .. } => match key {
            Key::ServiceState { .. } | Key::ServiceStart { .. } => {
                arguments.service_command.is_none()
            }
            Key::Registry { hive, .. }
            | Key::Policy { hive, .. }
            | Key::RegistryTree { hive, .. } => *hive == Hive::Machine,
            Key::Member { .. }
            | Key::PacketRule { .. }
            | Key::Mtu { .. }
            | Key::Owner { .. }
            | Key::CertificateBinding { .. } => true,
            Key::KeyPair { certificate, key } => {
                !state::can_replace(certificate) || !state::can_replace(key)
            }
            key => key.file().is_some_and(|file| !state::can_replace(file)),
        },
        // A password is saved for the one who runs this, and names are forgotten for all by anybody.
        Step::Act(Action::ForgetCredential { .. } | Action::ForgetNames) if cfg!(windows) => false,
        Step::Act(_) => arguments.service_command.is_none(),
    });
    match needs_root {
        Some(planned) if !state::is_root() && arguments.apply => {
            let (who, how) = if cfg!(windows) {
                ("an administrator", "in a terminal started as administrator")
            } else {
                ("root", "with sudo")
            };
            Err(Failure::could_not_look(format!(
                "this plan needs {who}, to {}; run the same command {how}. Nothing was changed",
                words::step(planned)
            )))
        }
        _ => Ok(()),
    }
}

/// Shows on stderr what the plan changes here, with the values of today.
pub(super) fn show(
    plan: &Plan,
    machine: &Machine,
    ours: &dyn Fn(&PlannedStep) -> Result<(), String>,
) -> Result<(), Failure> {
    let mut text = String::new();
    let title = match plan.title.trim_end_matches('.') {
        "" => "Plan",
        title => title,
    };
    let _ = writeln!(text, "{title} (for {}).", plan.cause);
    for (number, planned) in plan.steps.iter().enumerate() {
        let number = number + 1;
        let _ = writeln!(text, "  {number}. {}", words::step(planned));
        if let Err(why) = ours(planned) {
            let _ = writeln!(text, "     Not done here: {why}.");
            continue;
        }
        let mut passed = false;
        for condition in &planned.only_if {
            passed |= match machine.holds(condition) {
                Ok(holds) => !holds,
                // What asks about a service that is not here has nothing to do here.
                Err(Error::NoSuchService { .. }) => true,
                Err(error) => return Err(state::told(&error)),
            };
        }
        if passed {
            let why = planned.only_if.first().map(condition).unwrap_or_default();
            let _ = writeln!(text, "     Passed over: {why}.");
            continue;
        }
        match &planned.step {
            Step::Set { key, to } => match machine.read(key) {
                Ok(was) if was == *to => {
                    let _ = writeln!(text, "     It is so already.");
                }
                Ok(was) => {
                    let _ = writeln!(
                        text,
                        "     It was: {}. It can be undone.",
                        receipts::value(&was)
                    );
                }
                Err(error @ Error::NoSuchService { .. }) => {
                    let _ = writeln!(text, "     Passed over: {error}.");
                }
                // A file that an earlier step makes is not there yet.
                Err(_) => {}
            },
            Step::Act(_) => {
                let _ = writeln!(text, "     Done again when the plan is taken back.");
            }
        }
        if let Some(weakens) = &planned.weakens {
            let _ = writeln!(text, "     Takes a protection away: {weakens}");
        }
        if planned.drops_sessions {
            let _ = writeln!(text, "     Connections drop.");
        }
    }
    say(text.trim_end());
    Ok(())
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Present(key) => format!("{} is not there", words::place(key)),
        Condition::Missing(key) => format!("{} is there", words::place(key)),
        Condition::Is { key, value } => {
            format!("{} is not: {}", words::place(key), words::value(value))
        }
    }
}

/// The target as it is looked at from here: the host's name and port, on this machine.
fn target_here(plan: &Plan, occasion: &Occasion) -> Target {
    let mut target = occasion.target.clone();
    if target.host.0.is_empty() {
        plan.host.clone_into(&mut target.host.0);
    }
    if target.host.0.is_empty() {
        "localhost".clone_into(&mut target.host.0);
    }
    target
}

/// Who can tell whether a plan helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judge {
    /// A fresh look here shows the cause, so its absence will show too.
    Here,
    /// The cause was seen from elsewhere and not here.
    Elsewhere,
    /// The cause was seen nowhere.
    Nothing,
}

impl Judge {
    fn of(plan: &Plan, before: &Evidence, occasion: &Occasion) -> Self {
        if supports(before, &plan.cause) {
            Self::Here
        } else if occasion.reported {
            Self::Elsewhere
        } else {
            Self::Nothing
        }
    }
}

/// What a look shows, when it is not what the plan mends.
fn shown_instead(evidence: &Evidence) -> String {
    let diagnosis = diagnose(evidence);
    let causes: Vec<&str> = diagnosis
        .findings
        .iter()
        .take(3)
        .map(|finding| finding.cause.id)
        .collect();
    match (causes.as_slice(), diagnosis.outcome) {
        ([], diagnose::Outcome::Healthy) => "It shows nothing wrong.".to_owned(),
        ([], _) => "It shows too little to say what is wrong.".to_owned(),
        (causes, _) => format!("It shows {}.", causes.join(", ")),
    }
}

/// The evidence supports the cause.
fn supports(evidence: &Evidence, cause: &str) -> bool {
    diagnose(evidence)
        .findings
        .iter()
        .any(|finding| finding.cause.id == cause)
}

/// What is needed while a plan is carried out.
pub(super) struct Run<'r> {
    pub(super) arguments: &'r ApplyArguments,
    pub(super) output: &'r OutputArguments,
    pub(super) shelf: &'r Shelf,
    pub(super) machine: &'r Machine,
    pub(super) target: &'r Target,
    pub(super) before: Option<&'r Evidence>,
    pub(super) elsewhere: bool,
    pub(super) interrupted: Arc<AtomicBool>,
}

impl Run<'_> {
    pub(super) fn with_hands(
        &self,
        plan: &Plan,
        ours: &dyn Fn(&PlannedStep) -> Result<(), String>,
        carry: impl FnOnce(&mut Hands<'_>) -> Result<Carried, Error>,
    ) -> Result<Carried, Error> {
        let usual = if self.elsewhere { HELD_FOR } else { UNDO_AFTER };
        let patience = self.arguments.undo_after.unwrap_or(usual);
        let seconds = i64::try_from(patience.as_secs()).unwrap_or(i64::MAX);
        let until = UnixSeconds(now().0.saturating_add(seconds));
        // Only the way forth is turned round; on the way back the answer stays the same.
        let turned = Cell::new(false);
        let turn = |error: Error| {
            if turned.replace(true) {
                Ok(())
            } else {
                Err(error)
            }
        };
        let mut hands = Hands {
            machine: self.machine,
            ours,
            act: &mut |action, way| self.machine.act(action, way),
            arm: &mut || guard::arm(self.arguments, self.shelf, &plan.id, until).map(Some),
            verify: &mut || self.verify(plan),
            cord: &mut || {
                if self.interrupted.load(Ordering::Relaxed) {
                    turn(Error::Interrupted)
                } else if now() >= until {
                    turn(Error::Overdue)
                } else {
                    Ok(())
                }
            },
            now: &mut now,
        };
        carry(&mut hands)
    }

    /// Looks again, and gives a service the time that it takes to listen.
    fn verify(&self, plan: &Plan) -> Looked {
        if self.elsewhere {
            return Looked::ElsewhereToTell;
        }
        say("Looking again.");
        let begun = Instant::now();
        let Ok(runtime) = check::runtime() else {
            return Looked::NotMended;
        };
        loop {
            let mended = look::here(self.target, self.output)
                .is_ok_and(|after| !after.interrupted && self.mended(plan, &after));
            if mended {
                return Looked::Mended;
            }
            if begun.elapsed() > WARMS_UP || self.interrupted.load(Ordering::Relaxed) {
                return Looked::NotMended;
            }
            runtime.block_on(async { tokio::time::sleep(Duration::from_millis(500)).await });
        }
    }

    /// The cause is gone, and nothing blocks that did not block before.
    fn mended(&self, plan: &Plan, after: &Evidence) -> bool {
        let blocks = |evidence: &Evidence| -> Vec<&'static str> {
            diagnose(evidence)
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Blocking)
                .map(|finding| finding.cause.id)
                .collect()
        };
        let blocked = self.before.map(blocks).unwrap_or_default();
        !supports(after, &plan.cause) && blocks(after).iter().all(|cause| blocked.contains(cause))
    }

    /// Says how it ended.
    pub(super) fn conclude(
        &self,
        plan: &Plan,
        carried: Result<Carried, Error>,
    ) -> Result<Status, Failure> {
        let id = &plan.id;
        let mut says = Vec::new();
        let mut text = String::new();
        let status = match carried {
            Ok(Carried::Kept) => {
                let _ = writeln!(
                    text,
                    "Mended: a fresh look no longer shows {}.\nTo undo it: rdpdoctor fix --undo {id}",
                    plan.cause
                );
                self.for_people(plan, &mut text);
                Status::Healthy
            }
            Ok(Carried::Held) => {
                let until = self
                    .shelf
                    .receipt(id)
                    .ok()
                    .and_then(|receipt| receipt.armed_until())
                    .map(receipts::local)
                    .unwrap_or_default();
                let _ = writeln!(
                    text,
                    "Made, and not proved: from this machine it cannot be told whether it helped.\n\
                     Look from where it failed ({}), then keep it here: rdpdoctor fix --keep {id}\n\
                     Without that it is taken back at {until}.",
                    look_command(plan, self.target)
                );
                self.for_people(plan, &mut text);
                Status::Healthy
            }
            Ok(Carried::RolledBack { failed, left }) => {
                let interrupted = matches!(failed, Some(Error::Interrupted));
                let why = match &failed {
                    Some(Error::Interrupted) => "It was interrupted.".to_owned(),
                    Some(error) => format!("It failed: {}.", state::chain(error)),
                    None => format!(
                        "A fresh look still shows {}, or something worse.",
                        plan.cause
                    ),
                };
                says.push(why.clone());
                let _ = writeln!(text, "{why}");
                if left.is_empty() {
                    let _ = writeln!(
                        text,
                        "Everything was taken back; this machine is as it was."
                    );
                }
                says.extend(told_left(&mut text, id, plan, &left));
                match (left.is_empty(), interrupted) {
                    (false, _) => Status::CouldNotLook,
                    (true, true) => Status::Interrupted,
                    (true, false) => Status::Finding,
                }
            }
            Err(error) => return Err(not_begun(&error)),
        };
        receipts::report(self.shelf, id, says, &text, self.output)?;
        Ok(status)
    }

    /// What is left to do for people.
    fn for_people(&self, plan: &Plan, text: &mut String) {
        for planned in &plan.steps {
            if let Step::Act(Action::AskPerson { says }) = &planned.step {
                let _ = writeln!(text, "Left to do on {}: {says}", named(planned.on));
            }
        }
        if let Ok(receipt) = self.shelf.receipt(&plan.id)
            && let Some(end) = receipt.expires_at()
        {
            let _ = writeln!(
                text,
                "It weakens a protection and is taken back at {}.",
                receipts::local(end)
            );
        }
    }
}

fn look_command(plan: &Plan, target: &Target) -> String {
    plan.verify.first().map_or_else(
        || format!("rdpdoctor {}", target.host.0),
        |verification| verification.look.clone(),
    )
}

pub(super) fn told_left(text: &mut String, id: &str, plan: &Plan, left: &[Left]) -> Vec<String> {
    let mut says = Vec::new();
    for Left { step, error } in left {
        let what = plan
            .steps
            .get(*step)
            .map_or_else(|| format!("step {step}"), words::step);
        says.push(format!("not taken back: {what}: {}", state::chain(error)));
    }
    for line in &says {
        let _ = writeln!(text, "{line}");
    }
    if !says.is_empty() {
        let _ = writeln!(
            text,
            "When what stands in the way is gone: rdpdoctor fix --undo {id}"
        );
    }
    says
}

/// An error before anything was changed.
pub(super) fn not_begun(error: &Error) -> Failure {
    let text = state::chain(error);
    match error {
        Error::Busy { .. } => Failure::could_not_look(format!(
            "{text}; wait until it is done. Nothing was changed"
        )),
        Error::BegunBefore { .. } | Error::NoSuchPlan { .. } | Error::BadName { .. } => {
            Failure::usage(text)
        }
        Error::Stopped => Failure::could_not_look(text),
        _ => Failure::could_not_look(format!("{text}. Nothing was changed")),
    }
}

/// Becomes true when a person or the system wants the work to end. What was begun is then taken back; a second
/// signal changes nothing.
pub(super) fn signals() -> Result<Arc<AtomicBool>, Failure> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&interrupted);
    let (ready, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let Ok(runtime) = check::runtime() else {
            return;
        };
        runtime.block_on(async {
            #[cfg(unix)]
            {
                use tokio::signal::unix::{SignalKind, signal};
                let (Ok(mut hang_up), Ok(mut interrupt), Ok(mut terminate)) = (
                    signal(SignalKind::hangup()),
                    signal(SignalKind::interrupt()),
                    signal(SignalKind::terminate()),
                ) else {
                    return;
                };
                let _ = ready.send(());
                loop {
                    tokio::select! {
                        _ = hang_up.recv() => {}
                        _ = interrupt.recv() => {}
                        _ = terminate.recv() => {}
                    }
                    seen.store(true, Ordering::Relaxed);
                }
            }
            #[cfg(windows)]
            {
                use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
                let (Ok(mut key), Ok(mut pause), Ok(mut window), Ok(mut end)) =
                    (ctrl_c(), ctrl_break(), ctrl_close(), ctrl_shutdown())
                else {
                    return;
                };
                let _ = ready.send(());
                loop {
                    tokio::select! {
                        _ = key.recv() => {}
                        _ = pause.recv() => {}
                        _ = window.recv() => {}
                        _ = end.recv() => {}
                    }
                    seen.store(true, Ordering::Relaxed);
                }
            }
        });
    });
    wait.recv_timeout(Duration::from_secs(10)).map_err(|_| {
        Failure::could_not_look("cannot listen for Ctrl-C, so nothing was changed".to_owned())
    })?;
    Ok(interrupted)
}

/// Asks for yes or no; without a terminal nobody can answer.
pub(super) fn agreed(question: &str) -> Result<bool, Failure> {
    let answer = asked(&format!("{question} [y/N]"))?;
    Ok(matches!(answer.as_str(), "y" | "yes"))
}

pub(super) fn asked(question: &str) -> Result<String, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(
            "nobody is there to answer; add --yes when the plan was read and is meant".to_owned(),
        ));
    }
    let mut err = anstream::stderr();
    // Without stderr the question is not seen, and the answer is no.
    let _ = write!(err, "{question} ").and_then(|()| err.flush());
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Failure::could_not_look(format!("cannot read the answer: {error}")))?;
    Ok(line.trim().to_ascii_lowercase())
}

/// A line of progress on stderr.
pub(super) fn say(text: &str) {
    // Without stderr there is nobody to tell.
    let _ = writeln!(anstream::stderr(), "{text}");
}
