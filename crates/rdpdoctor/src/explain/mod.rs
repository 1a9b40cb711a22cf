//! What a number, a name or a pasted text means: in plain words, with what follows from it and its source.
//!
//! Everything is read from static tables; nothing is built before it is asked for.

pub mod answer;
pub mod behaviours;
pub mod catalogue;
pub mod context;
mod lines;
pub(crate) mod list;
mod lookup;
mod markdown;
mod number;
mod phrases;
mod scan;
mod stated;
mod suggest;
pub mod text;
pub mod together;

use std::io::{BufRead, BufReader, IsTerminal as _, Read};

use anyhow::Context as _;
use clap::Args;
use model::codes::{Code, Topic};

use crate::answer as out;
use crate::cli::{Format, OutputArguments};
use crate::failure::{Failure, Status};
use crate::guided;
use crate::report::page::Layout;
use crate::symptoms::{self, StatedArguments};

use answer::{Answer, Explanation, Kind, SCHEMA, Tool};
use context::{Context, Program};
use number::Number;
use scan::Scanner;
use together::Together;

pub use stated::{observation, spoken, stated, symptoms, told};

/// What to explain.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct ExplainArguments {
    /// A number, a pair, a name, an event, a page of the catalogue, or a text; '-' or nothing reads stdin.
    #[arg(value_name = "CODE|TEXT", num_args = 0.., allow_negative_numbers = true, trailing_var_arg = false)]
    pub words: Vec<String>,
    /// The client that showed it.
    #[arg(long, value_name = "CLIENT", ignore_case = true)]
    pub client: Option<Program>,
    /// What the user saw or says beside it.
    #[command(flatten)]
    pub stated: StatedArguments,
    /// List the namespaces, or the codes of one.
    #[arg(long, value_name = "NAMESPACE", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["words", "search"])]
    pub list: Option<String>,
    /// Search names and meanings.
    #[arg(long, value_name = "TEXT", conflicts_with = "words")]
    pub search: Option<String>,
}

/// The longest line that is kept in one piece while a text is read.
const LONGEST_LINE: u64 = 64 * 1024;

/// The longest text that is read for how a connection behaves.
const LONGEST_POST: usize = 4_000;

/// How much of what was asked is repeated in the answer.
const REPEATED: usize = 200;

/// Answers.
pub fn run(arguments: &ExplainArguments, output: &OutputArguments) -> Result<Status, Failure> {
    out::prepare(output)?;
    if let Some(namespace) = &arguments.list {
        return list::list(namespace, output);
    }
    if let Some(words) = &arguments.search {
        return list::search(words, output);
    }
    if arguments.stated.wants_the_list() {
        return symptoms::list(output);
    }
    guided::can_ask(&arguments.stated)?;
    let says_something = arguments.stated != StatedArguments::default();
    let from_stdin = match arguments.words.as_slice() {
        [] => !says_something,
        [word] => word == "-",
        _ => false,
    };
    if from_stdin {
        let stdin = std::io::stdin();
        if arguments.words.is_empty() && stdin.is_terminal() {
            return Err(Failure::usage(
                "nothing to explain was given; try rdpdoctor explain 0x904 0x7, or paste a text into it: rdpdoctor explain < log.txt",
            ));
        }
        let explanation = of_stream(stdin.lock(), arguments.client).context("cannot read stdin")?;
        return deliver(&explanation, output);
    }
    if says_something {
        return deliver(&of_statements(arguments)?, output);
    }
    if let [name] = arguments.words.as_slice()
        && let Some(page) = catalogue::page(name)
    {
        return list::page(name, &page, output);
    }
    let explanation = of_words(&arguments.words, arguments.client);
    deliver(&explanation, output)
}

/// Codes and words, how it behaves, and what a person answers, taken together.
fn of_statements(arguments: &ExplainArguments) -> Result<Explanation, Failure> {
    let client = arguments.client;
    let name = client.map(Program::name);
    let words: Vec<String> = arguments
        .words
        .iter()
        .chain(&arguments.stated.saw)
        .cloned()
        .collect();
    let mut explanation = of_words(&words, client);
    let mut evidence = spoken(&[words.join(" ")], name, None);
    let heard = StatedArguments {
        saw: Vec::new(),
        ..arguments.stated.clone()
    }
    .heard(name);
    let beside = arguments.stated.symptom.iter().map(String::as_str);
    evidence.seen.extend(told(beside));
    for observation in heard.seen {
        if !evidence
            .seen
            .iter()
            .any(|seen| seen.fact == observation.fact)
        {
            evidence.seen.push(observation);
        }
    }
    guided::ask(&arguments.stated, &mut evidence)?;
    explanation.together = Together::of(&evidence, &heard.damage);
    Ok(explanation)
}

fn deliver(explanation: &Explanation, output: &OutputArguments) -> Result<Status, Failure> {
    if explanation.answers.is_empty() && explanation.together.is_empty() {
        return Err(nothing(&explanation.input));
    }
    let answer = match out::format(output) {
        Format::Json => list::json(explanation, true)?,
        Format::Jsonl => list::json(explanation, false)?,
        Format::Markdown => markdown::markdown(explanation),
        _ => text::text(explanation, &out::layout(output)),
    };
    out::deliver(output, &answer)?;
    Ok(Status::Healthy)
}

/// The answer as text for a terminal of 80 columns, without colours.
pub fn plain(explanation: &Explanation) -> String {
    text::text(explanation, &Layout::default())
}

/// The sentence for what is no code.
pub fn nothing(input: &str) -> Failure {
    let input = input.trim();
    if input.is_empty() {
        return Failure::usage(
            "the text is empty; give a code, a name or a text, such as rdpdoctor explain 0x904 0x7",
        );
    }
    let meant = suggest::meant(input);
    let help = if meant.is_empty() {
        "rdpdoctor explain --search WORDS searches the tables, --list shows them".to_owned()
    } else {
        format!("did you mean {}?", meant.join(", or "))
    };
    Failure::usage(format!(
        "no code that is known was found in {input:?}; {help}"
    ))
}

/// Explains words as they stand on a command line: codes by themselves, or a text.
pub fn of_words(words: &[String], client: Option<Program>) -> Explanation {
    let mut explanation = explanation(&words.join(" "), answers_of(words, client), 0);
    // One word that is no code is a slip of the keyboard, not a description.
    if words.iter().any(|words| words.trim().contains(' ')) || words.len() > 1 {
        explanation.together = Together::of_words(&[words.join(" ")], client);
    }
    explanation
}

/// What the codes among the words say.
fn answers_of(words: &[String], client: Option<Program>) -> Vec<Answer> {
    let mut answers = of_codes(words, client).unwrap_or_else(|| {
        let input = words.join(" ");
        let client = client.or_else(|| mentioned(&input.to_lowercase()));
        let mut scanner = Scanner::new(client);
        input.lines().for_each(|line| scanner.line(line));
        of_scan(scanner).0
    });
    merge(&mut answers);
    answers
}

/// Explains a text of any length. Bytes that are no UTF-8 are passed over.
pub fn of_stream(mut reader: impl Read, client: Option<Program>) -> std::io::Result<Explanation> {
    let mut reader = BufReader::new(&mut reader);
    let mut scanner = Scanner::new(client);
    let mut input = String::new();
    let mut post = String::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        let text = decoded(&line);
        if input.len() < REPEATED {
            input.push_str(&text);
        }
        if post.len() <= LONGEST_POST {
            post.push_str(&text);
        }
        for line in text.lines() {
            scanner.line(line);
        }
    }
    // A text of a code or two and nothing else is the same as these on the command line.
    let short: Vec<String> = input.split_whitespace().map(str::to_owned).collect();
    if input.len() < REPEATED
        && let Some(answers) = of_codes(&short, client)
    {
        return Ok(explanation(&input, answers, 0));
    }
    let (answers, left_out) = of_scan(scanner);
    // What a person writes about a case is short; a log is not read for how it behaves.
    let is_log = answers.iter().any(|answer| answer.kind == Kind::LogLine);
    let mut explanation = explanation(&input, answers, left_out);
    if post.len() <= LONGEST_POST && !is_log {
        explanation.together = Together::of_words(&[post], client);
    }
    Ok(explanation)
}

/// The text of a line. Windows writes many files in UTF-16: its zeros are passed over.
fn decoded(line: &[u8]) -> String {
    let zeros = line.iter().filter(|byte| **byte == 0).count();
    if zeros > 0 && zeros.saturating_mul(3) >= line.len() {
        let plain: Vec<u8> = line.iter().copied().filter(|byte| *byte != 0).collect();
        return String::from_utf8_lossy(&plain).into_owned();
    }
    String::from_utf8_lossy(line).into_owned()
}

fn explanation(input: &str, mut answers: Vec<Answer>, left_out: u64) -> Explanation {
    merge(&mut answers);
    let input: String = input.trim().chars().take(REPEATED).collect();
    let mut notes = Vec::new();
    if let Some(note) = how_far(&answers) {
        notes.push(note);
    }
    Explanation {
        schema: SCHEMA,
        tool: Tool::THIS,
        input,
        answers,
        notes,
        together: Together::default(),
        left_out,
    }
}

/// The client that a text mentions.
fn mentioned(lower: &str) -> Option<Program> {
    if lower.contains("freerdp") {
        Some(Program::Freerdp)
    } else if lower.contains("remmina") {
        Some(Program::Remmina)
    } else if lower.contains("mstsc") || lower.contains("mremoteng") {
        Some(Program::Mstsc)
    } else {
        None
    }
}

/// Answers when every word is a code by itself; `None` when the words are a text.
fn of_codes(words: &[String], client: Option<Program>) -> Option<Vec<Answer>> {
    let tokens: Vec<&str> = words
        .iter()
        .flat_map(|word| word.split([' ', ',', ';', '/', '|', '\n', '\t']))
        .map(|word| {
            word.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '.' | ':' | '"' | '\''))
        })
        .filter(|word| !word.is_empty())
        .collect();
    if tokens.is_empty() || tokens.len() > 16 {
        return None;
    }
    let context = Context {
        client,
        ..Context::default()
    };
    let numbers: Vec<Number> = tokens
        .iter()
        .filter_map(|token| Number::of(token))
        .collect();
    if let [first, second] = numbers.as_slice()
        && tokens.len() == 2
        && (0..=0x7FFF).contains(&second.bits())
        && lookup::Known::new().first(first.bits())
    {
        return Some(vec![answer::pair(first, second, &context)]);
    }
    tokens
        .iter()
        .map(|token| match Number::of(token) {
            Some(number) => answer::number(&number, &context).or_else(|| answer::name(token)),
            None => answer::name(token),
        })
        .collect()
}

/// How many answers are given about one text.
const MOST_ANSWERS: usize = 40;

/// How many sentences without a number are told about one text.
const MOST_WORDS: usize = 4;

/// What was found in a text, most telling first.
fn of_scan(scanner: Scanner) -> (Vec<Answer>, u64) {
    let (finds, mut left_out) = scanner.done();
    let mut answers: Vec<Answer> = finds
        .iter()
        .filter(|find| find.times > 0)
        .filter_map(answer::of)
        .collect();
    answers.sort_by_key(rank);
    // Words that say what a code says already, or nothing beside a code, are not told.
    let told: Vec<Topic> = answers
        .iter()
        .filter_map(|answer| answer.leader)
        .map(|code| code.topic)
        .collect();
    let mut words: Vec<Topic> = Vec::new();
    answers.retain(|answer| {
        let Some(topic) = answer.topic else {
            return true;
        };
        let is_new = !told.contains(&topic) && !words.contains(&topic);
        words.push(topic);
        is_new && words.len() <= MOST_WORDS && (topic != Topic::Unknown || told.is_empty())
    });
    if answers.len() > MOST_ANSWERS {
        let more = answers.len().saturating_sub(MOST_ANSWERS);
        left_out = left_out.saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
        answers.truncate(MOST_ANSWERS);
    }
    (answers, left_out)
}

/// Pairs and codes before lines, faults before progress, a sentence last.
fn rank(answer: &Answer) -> (u8, Option<u64>) {
    let harmless = answer.leader.is_some_and(|code| {
        matches!(
            code.topic,
            Topic::Progress | Topic::Success | Topic::BrokerProgress
        )
    });
    let group = match (answer.kind, harmless) {
        (Kind::Pair, _) => 0,
        (Kind::Number | Kind::Name | Kind::Event, false) => 1,
        (Kind::LogLine, false) => 2,
        (Kind::Words, _) => 3,
        (_, true) => 4,
    };
    (group, answer.line)
}

/// The same code given twice, by name and by number, is answered once.
fn merge(answers: &mut Vec<Answer>) {
    let mut kept: Vec<Answer> = Vec::new();
    for answer in answers.drain(..) {
        let same = kept.iter_mut().find(|known| {
            known.leader.is_some()
                && same_code(known.leader, answer.leader)
                && known.kind != Kind::Pair
                && answer.kind != Kind::Pair
        });
        match same {
            Some(known) if known.given != answer.given && !known.given.contains(&answer.given) => {
                known.given = format!("{} {}", known.given, answer.given);
            }
            Some(_) => {}
            None => kept.push(answer),
        }
    }
    *answers = kept;
}

/// Both are the same code, or carry the same name: a gateway's result is in the tables in two widths.
fn same_code(one: Option<&'static Code>, other: Option<&'static Code>) -> bool {
    one == other
        || one.zip(other).is_some_and(|(one, other)| {
            one.space == other.space
                && !other.name.is_empty()
                && lookup::inner(one.name) == lookup::inner(other.name)
        })
}

/// For a piece of a log: the last step that worked, and the first line that tells of a fault after it.
fn how_far(answers: &[Answer]) -> Option<String> {
    let lines = || answers.iter().filter(|answer| answer.kind == Kind::LogLine);
    let is_step = |answer: &&Answer| {
        answer
            .leader
            .is_some_and(|code| code.topic == model::codes::Topic::Progress && code.place.is_some())
    };
    let last = lines().filter(is_step).max_by_key(|answer| answer.line)?;
    let fault = lines()
        .filter(|answer| {
            answer
                .leader
                .is_some_and(|code| code.topic != model::codes::Topic::Progress)
        })
        .min_by_key(|answer| answer.line);
    let fault = fault.map_or_else(String::new, |fault| {
        format!(
            " The first line that tells of a fault is line {}: {}.",
            fault.line.unwrap_or_default(),
            fault.says
        )
    });
    Some(format!(
        "The last step that is known to have worked: {} (line {}).{fault}",
        last.says,
        last.line.unwrap_or_default()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explain(words: &[&str]) -> Explanation {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        of_words(&words, None)
    }

    fn leader(words: &[&str]) -> Option<&'static str> {
        explain(words).answers.first()?.leader.map(|code| code.name)
    }

    #[test]
    fn numbers_are_read_in_every_form() {
        for word in ["0x904", "2308"] {
            assert_eq!(
                leader(&[word]),
                Some("disconnectReasonAtClientWinsockFDCLOSE"),
                "{word}"
            );
        }
        for word in ["-2146893022", "0x80090322", "80090322h", "2148074274"] {
            assert_eq!(leader(&[word]), Some("SEC_E_WRONG_PRINCIPAL"), "{word}");
        }
        for word in ["0xC0000224", "0xD0000224", "C0000224", "-1073741276"] {
            assert_eq!(
                leader(&[word]),
                Some("STATUS_PASSWORD_MUST_CHANGE"),
                "{word}"
            );
        }
        for word in ["0x80070005", "-2147024891"] {
            assert!(matches!(leader(&[word]), Some("E_ACCESSDENIED")), "{word}");
        }
        assert_eq!(leader(&["0x8007274C"]), Some("WSAETIMEDOUT"));
        assert_eq!(
            leader(&["0x00010005"]),
            Some("ERRINFO_DISCONNECTED_BY_OTHERCONNECTION")
        );
        assert_eq!(
            leader(&["516"]),
            Some("disconnectReasonSocketConnectFailed")
        );
    }

    #[test]
    fn seven_alone_has_no_single_meaning() {
        for word in ["7", "0x7", "0x00000007"] {
            let explanation = explain(&[word]);
            let [answer] = explanation.answers.as_slice() else {
                panic!("one answer");
            };
            assert_eq!(answer.leader, None);
            let spaces: Vec<&str> = answer
                .readings
                .iter()
                .map(|reading| reading.namespace)
                .collect();
            for space in [
                "ext-disc-reason",
                "errorinfo",
                "mstscax-fatal-error",
                "xfreerdp-exit",
                "freerdp-connect-error",
                "license-error",
            ] {
                assert!(spaces.contains(&space), "{space}");
            }
        }
    }

    #[test]
    fn the_pair_is_a_pair_and_says_little() {
        for words in [
            &["0x904", "0x7"][..],
            &["2308/7"],
            &["0x904/0x7"],
            &["2308", "7"],
            &["Error code: 0x904 Extended error code: 0x7"],
        ] {
            let explanation = explain(words);
            let first = explanation.answers.first().unwrap();
            assert_eq!(first.kind, Kind::Pair, "{words:?}");
            assert!(first.says.contains("closed") && first.says.contains("carries nothing"));
            assert_eq!(first.claims.len(), 27);
        }
    }

    #[test]
    fn the_client_decides_between_namespaces() {
        let of = |client, word: &str| {
            of_words(&[word.to_owned()], Some(client))
                .answers
                .first()
                .and_then(|answer| answer.leader)
                .map(|code| code.space.slug)
        };
        assert_eq!(of(Program::Mac, "0x207"), Some("macos-client"));
        assert_eq!(of(Program::Freerdp, "131"), Some("xfreerdp-exit"));
        assert_eq!(of(Program::Mstsc, "0x104"), Some("mstsc-disc-reason"));
    }

    #[test]
    fn events_names_and_log_pieces_are_texts() {
        assert_eq!(
            explain(&["event 36870"])
                .answers
                .first()
                .map(|answer| answer.says.as_str()),
            Some("the private key of the server's certificate could not be reached")
        );
        assert_eq!(
            leader(&["ERRCONNECT_TLS_CONNECT_FAILED [0x00020008]"]),
            Some("ERRCONNECT_TLS_CONNECT_FAILED")
        );
        assert_eq!(
            explain(&["ERRCONNECT_TLS_CONNECT_FAILED [0x00020008]"])
                .answers
                .len(),
            1
        );
        assert_eq!(
            leader(&["ERRINFO_LICENSE_NO_LICENSE_SERVER"]),
            Some("ERRINFO_LICENSE_NO_LICENSE_SERVER")
        );
        assert_eq!(
            leader(&["errinfo_decrypt_failed"]),
            Some("ERRINFO_DECRYPTFAILED")
        );
        assert!(leader(&["0x3000008"]).is_some() && leader(&["50331657"]).is_some());
        assert_eq!(
            leader(&["xfreerdp exit status 131"]),
            Some("XF_EXIT_CONN_FAILED")
        );
    }

    #[test]
    fn what_is_no_code_has_no_answer() {
        for words in ["", " ", "hello", "xyzzy 12", "0xZZ"] {
            assert!(explain(&[words]).answers.is_empty(), "{words}");
        }
    }
}
