//! `--guided`: asks a person at the keyboard the few questions whose answers tell the causes apart best.
//!
//! The dialogue knows no terminal: it is handed a way to ask and a way to get a line. Whoever has had enough
//! leaves with q, the end of the input or Ctrl-C, and what is known is told.

use std::future::poll_fn;
use std::io::{BufRead as _, IsTerminal as _, Write};
use std::sync::mpsc;
use std::task::Poll;
use std::thread;

use anyhow::Context as _;
use diagnose::Question;
use model::Evidence;

use crate::check::{interrupted, runtime};
use crate::failure::Failure;
use crate::report::wrap::harmless;
use crate::symptoms::{StatedArguments, named};

/// The most questions of one case.
const MOST: usize = 6;
/// How often an answer that is none is asked for again.
const AGAIN: usize = 2;

/// What a person answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    Unknown,
    Leave,
}

/// Refuses where nobody can be asked, before anything is looked at.
pub fn can_ask(arguments: &StatedArguments) -> Result<(), Failure> {
    if arguments.guided && !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Err(Failure::usage(
            "--guided asks questions at a terminal, and there is none here; say what is known with --symptom instead \
             (rdpdoctor --symptom list shows how)",
        ));
    }
    Ok(())
}

/// Asks at the terminal, when that is wanted, and adds the answers to the evidence.
pub fn ask(arguments: &StatedArguments, evidence: &mut Evidence) -> Result<(), Failure> {
    if !arguments.guided || evidence.interrupted {
        return Ok(());
    }
    let runtime = runtime()?;
    let (wants, wanted) = mpsc::channel::<()>();
    let (sends, mut lines) = tokio::sync::mpsc::channel::<Option<String>>(1);
    // A thread that waits for the keyboard cannot be called back; it ends with the process.
    thread::Builder::new()
        .name("keyboard".to_owned())
        .spawn(move || {
            while wanted.recv().is_ok() {
                let mut line = String::new();
                let read = std::io::stdin().lock().read_line(&mut line);
                let line = matches!(read, Ok(1..)).then_some(line);
                if sends.blocking_send(line).is_err() {
                    break;
                }
            }
        })
        .context("cannot listen to the keyboard")?;
    // Ctrl-C counts from before the first question on: what is pressed while one is written is heard.
    let mut stop = Box::pin(interrupted());
    let pressed = runtime.block_on(poll_fn(|context| Poll::Ready(stop.as_mut().poll(context))));
    if pressed.is_ready() {
        return Ok(());
    }
    let mut line = || {
        wants.send(()).ok()?;
        runtime.block_on(async {
            tokio::select! {
                () = &mut stop => None,
                line = lines.recv() => line.flatten(),
            }
        })
    };
    converse(evidence, &mut line, &mut std::io::stderr().lock());
    runtime.shutdown_background();
    Ok(())
}

/// Asks until nothing is left to tell apart, or the person leaves. `line` gives a line of theirs, or nothing when
/// they left.
pub fn converse(
    evidence: &mut Evidence,
    line: &mut dyn FnMut() -> Option<String>,
    out: &mut dyn Write,
) {
    let mut asked: Vec<&'static str> = Vec::new();
    while asked.len() < MOST {
        let questions = diagnose::questions(evidence);
        let Some(question) = questions
            .iter()
            .find(|question| !asked.contains(&question.symptom.name))
        else {
            break;
        };
        if asked.is_empty() {
            say(
                out,
                "\nA few questions. y for yes, n for no, Enter when you do not know, q to stop.\n",
            );
        }
        asked.push(question.symptom.name);
        match answer(question, line, out) {
            Answer::Yes => evidence.seen.push(stated(question, true)),
            Answer::No => evidence.seen.push(stated(question, false)),
            Answer::Unknown => {}
            Answer::Leave => {
                say(out, "\n");
                break;
            }
        }
    }
}

fn stated(question: &Question, holds: bool) -> model::Observation {
    named(model::codes::Symptom::of(question.symptom.name), holds)
}

fn answer(
    question: &Question,
    line: &mut dyn FnMut() -> Option<String>,
    out: &mut dyn Write,
) -> Answer {
    for _ in 0..=AGAIN {
        say(out, &format!("{} [y/n/Enter/q] ", question.symptom.asks));
        let Some(words) = line() else {
            return Answer::Leave;
        };
        match understood(&words) {
            Some(answer) => return answer,
            None => say(
                out,
                &format!(
                    "\"{}\" is no answer: y, n, Enter when you do not know, q to stop.\n",
                    harmless(words.trim())
                ),
            ),
        }
    }
    Answer::Unknown
}

fn understood(words: &str) -> Option<Answer> {
    match words.trim().to_lowercase().as_str() {
        "y" | "yes" | "j" | "ja" | "o" | "oui" | "s" | "si" | "s\u{ed}" => Some(Answer::Yes),
        "n" | "no" | "nein" | "non" => Some(Answer::No),
        "" | "?" | "d" | "dk" | "don't know" | "dont know" | "unknown" => Some(Answer::Unknown),
        "q" | "quit" | "exit" => Some(Answer::Leave),
        _ => None,
    }
}

/// A question that cannot be shown is not answered, and the dialogue ends by itself.
fn say(out: &mut dyn Write, words: &str) {
    let _ = out.write_all(words.as_bytes());
    let _ = out.flush();
}

#[cfg(test)]
mod tests {
    use model::Fact;

    use super::*;
    use crate::explain;

    fn case(words: &str) -> Evidence {
        explain::spoken(&[words.to_owned()], None, None)
    }

    /// Plays a dialogue: what was asked, and what the evidence holds then.
    fn play(evidence: &mut Evidence, answers: &[&str]) -> (String, usize) {
        let before = evidence.seen.len();
        let mut answers = answers.iter();
        let mut out = Vec::new();
        converse(
            evidence,
            &mut || answers.next().map(|answer| (*answer).to_owned()),
            &mut out,
        );
        (
            String::from_utf8_lossy(&out).into_owned(),
            evidence.seen.len() - before,
        )
    }

    #[test]
    fn answers_become_evidence_and_move_the_verdict() {
        let mut yes = case("0x904 0x7");
        let (asked, stated) = play(&mut yes, &["y", "y", "y", "y", "y", "y"]);
        assert!(asked.contains('?'), "{asked}");
        assert!((1..=MOST).contains(&stated));
        let mut no = case("0x904 0x7");
        play(&mut no, &["n"; 6]);
        let first = |evidence: &Evidence| {
            diagnose::diagnose(evidence)
                .findings
                .first()
                .map(|finding| (finding.cause.id, finding.probability.to_bits()))
        };
        assert_ne!(first(&yes), first(&no));
    }

    #[test]
    fn it_can_be_left_at_any_time() {
        for answers in [&["q"][..], &[], &["quit"]] {
            let mut evidence = case("0x904 0x7");
            let (asked, stated) = play(&mut evidence, answers);
            assert_eq!(stated, 0, "{asked}");
            assert_eq!(asked.matches("[y/n/Enter/q]").count(), 1, "{asked}");
        }
        let mut evidence = case("0x904 0x7");
        assert_eq!(play(&mut evidence, &["y", "q", "y"]).1, 1);
    }

    #[test]
    fn what_is_no_answer_is_asked_again_and_then_left_open() {
        let mut evidence = case("0x904 0x7");
        let (asked, stated) = play(&mut evidence, &["maybe\u{1b}[31m", "perhaps", "hm", "q"]);
        assert!(asked.contains("is no answer"), "{asked}");
        assert!(!asked.contains('\u{1b}'));
        assert_eq!(stated, 0);
    }

    #[test]
    fn a_host_given_by_its_address_has_no_trouble_with_its_name() {
        let mut evidence = case("0x904 0x7");
        evidence.target.address = Some([10, 20, 1, 15].into());
        let (asked, _) = play(&mut evidence, &[""; 6]);
        assert!(!asked.contains("instead of the name"), "{asked}");
        let closes = lab::scenario::find("negotiate/closes").unwrap();
        let mut evidence = crate::rehearse::play(&closes, &Default::default()).unwrap();
        evidence.target.address = Some([10, 20, 1, 15].into());
        evidence
            .seen
            .push(named(model::codes::Symptom::of("works-by-address"), true));
        let found = diagnose::diagnose(&evidence).findings;
        assert!(
            found
                .iter()
                .all(|finding| finding.cause.phase != model::Phase::Resolve)
        );
    }

    #[test]
    fn no_question_is_asked_twice_or_about_what_was_said() {
        let mut evidence = case("it works by IP address");
        play(&mut evidence, &[""; 6]);
        play(&mut evidence, &["n"; 6]);
        let mut names: Vec<&str> = evidence
            .seen
            .iter()
            .filter_map(|seen| match &seen.fact {
                Fact::BehaviourStated { symptom, .. } => Some(symptom.0.as_ref()),
                _ => None,
            })
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
