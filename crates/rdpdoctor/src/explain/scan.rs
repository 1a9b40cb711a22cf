//! Finds codes in a text of any kind: a dialog, an event, a piece of a log.
//!
//! A text holds many numbers that are no codes: dates, ports, process ids. In hexadecimal a number is taken
//! for a code when it is one; in decimal only when the words before it call it one.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use model::codes::{self, Code};

use super::context::{Called, Context, PROVIDERS, Program, Provider};
use super::lines::Lines;
use super::lookup::{self, Known};
use super::number::{Form, Number};
use super::phrases::{PHRASES, Phrase};

/// Something found in a text.
#[derive(Clone, Debug)]
pub struct Find {
    /// What.
    pub what: What,
    /// What is known about where it stands.
    pub context: Context,
    /// The line on which it was found first, from 1.
    pub line: u64,
    /// How often it was found.
    pub times: u64,
}

/// Kinds of finds.
#[derive(Clone, Debug)]
pub enum What {
    /// Both numbers of a dialog.
    Pair(Number, Number),
    /// A number that is a code.
    Number(Number),
    /// A name of a code.
    Name(String),
    /// A known line of a log.
    Line(&'static Code),
    /// Words that say something.
    Phrase(&'static Phrase),
}

/// How many different things are kept from one text.
const MOST: usize = 400;

/// Letters of a line that are looked at together; longer lines are looked at in pieces.
const PIECE: usize = 4096;

/// Lines within which two numbers can be one pair, and a provider belongs to an event.
const NEAR_PAIR: u64 = 3;
const NEAR_PROVIDER: u64 = 8;

/// Looks for codes line by line, so that the size of the text does not matter.
pub struct Scanner {
    client: Option<Program>,
    lines: Option<Lines>,
    tables: Known,
    phrases: Option<AhoCorasick>,
    finds: Vec<Find>,
    known: BTreeMap<String, usize>,
    providers: Vec<(u64, Provider)>,
    first: Option<(Number, u64)>,
    line: u64,
    left_out: u64,
}

impl Scanner {
    /// Gets ready to look.
    pub fn new(client: Option<Program>) -> Self {
        let words = PHRASES.iter().map(|phrase| phrase.words);
        Self {
            client,
            lines: Lines::new(),
            tables: Known::new(),
            phrases: AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .match_kind(MatchKind::LeftmostLongest)
                .build(words)
                .ok(),
            finds: Vec::new(),
            known: BTreeMap::new(),
            providers: Vec::new(),
            first: None,
            line: 0,
            left_out: 0,
        }
    }

    /// Looks at a line.
    pub fn line(&mut self, text: &str) {
        self.line = self.line.saturating_add(1);
        let mut rest = text;
        while !rest.is_empty() {
            let mut end = rest.len().min(PIECE);
            while !rest.is_char_boundary(end) {
                end = end.saturating_sub(1);
            }
            let (piece, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            self.piece(piece);
            rest = after;
        }
    }

    /// What was found, in order of the text, and how many different things more there were.
    pub fn done(mut self) -> (Vec<Find>, u64) {
        // A provider may stand on another line of the same event.
        for find in &mut self.finds {
            if find.context.called == Called::Event && find.context.provider.is_none() {
                find.context.provider = self
                    .providers
                    .iter()
                    .map(|(line, provider)| (line.abs_diff(find.line), *provider))
                    .filter(|(distance, _)| *distance <= NEAR_PROVIDER)
                    .min_by_key(|(distance, _)| *distance)
                    .map(|(_, provider)| provider);
            }
        }
        (self.finds, self.left_out)
    }

    fn piece(&mut self, text: &str) {
        let lower = text.to_lowercase();
        let words = words(text);
        let provider = PROVIDERS
            .iter()
            .find(|provider| lower.contains(provider.word))
            .copied();
        if let Some(provider) = provider
            && self.providers.len() < MOST
        {
            self.providers.push((self.line, provider));
        }
        let mut before: Vec<&str> = Vec::new();
        for (index, word) in words.iter().enumerate() {
            let number = if word.in_a_row {
                None
            } else {
                Number::of(word.text)
            };
            match number {
                Some(number) => self.number(number, word, &before, provider),
                None if is_like_a_name(word.text, &lower) => self.name(word.text),
                None if word.text.eq_ignore_ascii_case("alert") => {
                    let after: Vec<&str> = words
                        .iter()
                        .skip(index + 1)
                        .take(4)
                        .map(|word| word.text)
                        .collect();
                    self.alert(&after);
                }
                None => {}
            }
            before.push(word.text);
        }
        if let Some(lines) = &self.lines {
            for code in lines.find(text) {
                // These lines only carry a code, which is found by itself.
                if !matches!(
                    code.name,
                    "LAST_ERROR" | "ERRINFO_RX" | "NEGO_FAIL_RX" | "NEGO_FAIL_CODE"
                ) {
                    self.keep(code.name.to_owned(), What::Line(code), Context::default());
                }
            }
        }
        let phrases: Vec<&'static Phrase> = match &self.phrases {
            Some(finder) => finder
                .find_iter(&lower)
                .filter_map(|found| PHRASES.get(found.pattern().as_usize()))
                .collect(),
            None => Vec::new(),
        };
        for phrase in phrases {
            self.keep(
                phrase.words.to_owned(),
                What::Phrase(phrase),
                Context::default(),
            );
        }
    }

    fn number(
        &mut self,
        number: Number,
        word: &Word<'_>,
        before: &[&str],
        provider: Option<Provider>,
    ) {
        // Dialogs do not fill up with zeros; flags and versions in logs do: 0x0003.
        let digits = number.text.get(2..).unwrap_or_default();
        if number.form == Form::Hex
            && digits.len() > 1
            && digits.len() < 8
            && digits.starts_with('0')
        {
            return;
        }
        let call = match (call(before), number.form) {
            // Only decimal numbers are ids of events.
            (Call::As(Called::Event), form) if form != Form::Decimal => Call::Code,
            // A status is a wide number; "status 3" is something else.
            (Call::As(Called::Status), Form::Decimal) if number.bits() <= 0xFFFF => Call::Not,
            (call, _) => call,
        };
        let context = Context {
            client: self.client,
            called: match call {
                Call::As(called) => called,
                Call::Code | Call::Not => Called::Nothing,
            },
            provider,
            second: false,
        };
        let may_pair = number.form == Form::Hex && number.text.len() <= 9
            || number.form == Form::Decimal && (call != Call::Not || word.after_slash);
        if may_pair && let Some((first, line)) = self.first.take() {
            let is_near = self.line.saturating_sub(line) <= NEAR_PAIR;
            let same_form = first.form == number.form;
            let follows =
                is_near && same_form && number.bits() <= 0x7FFF && self.tables.first(first.bits());
            if follows
                && (first.form == Form::Hex
                    || first.bits() > 0xFF && (call != Call::Not || word.after_slash))
            {
                self.forget(&first);
                let key = format!("{}/{}", first.bits(), number.bits());
                return self.keep(key, What::Pair(first, number), context);
            }
        }
        let has_readings = || self.tables.number(number.bits());
        let is_code = match number.form {
            Form::Hex => {
                number.bits() != 0 && has_readings()
                    || may_pair && number.bits() == 0 && before.is_empty()
            }
            Form::BareHex => is_status(number.bits()) && has_readings(),
            Form::Signed => (number.value < -1_000_000 || call != Call::Not) && has_readings(),
            Form::Decimal => (call != Call::Not || number.bits() > 0x0300_0000) && has_readings(),
        };
        if !is_code {
            return;
        }
        if may_pair && context.called != Called::Event && self.tables.first(number.bits()) {
            self.first = Some((number.clone(), self.line));
        }
        self.keep(number.bits().to_string(), What::Number(number), context);
    }

    fn name(&mut self, word: &str) {
        if self.tables.name(word) {
            self.keep(
                lookup::squashed(word),
                What::Name(word.to_owned()),
                Context::default(),
            );
        }
    }

    /// The words after "alert": `handshake failure`, as TLS libraries print them.
    fn alert(&mut self, after: &[&str]) {
        for length in (1..=after.len()).rev() {
            let name = after
                .get(..length)
                .unwrap_or_default()
                .join("_")
                .to_ascii_lowercase();
            if codes::TlsAlert::CODES.iter().any(|code| code.name == name) {
                return self.keep(
                    lookup::squashed(&name),
                    What::Name(name),
                    Context::default(),
                );
            }
        }
    }

    /// A number turned out to be the first of a pair.
    fn forget(&mut self, number: &Number) {
        let key = number.bits().to_string();
        let Some(&index) = self.known.get(&key) else {
            return;
        };
        let Some(find) = self.finds.get_mut(index) else {
            return;
        };
        find.times = find.times.saturating_sub(1);
    }

    fn keep(&mut self, key: String, what: What, context: Context) {
        if let Some(&index) = self.known.get(&key) {
            if let Some(find) = self.finds.get_mut(index) {
                find.times = find.times.saturating_add(1);
                if find.context.called == Called::Nothing {
                    find.context = context;
                }
            }
            return;
        }
        if self.finds.len() >= MOST {
            self.left_out = self.left_out.saturating_add(1);
            return;
        }
        self.known.insert(key, self.finds.len());
        self.finds.push(Find {
            what,
            context,
            line: self.line,
            times: 1,
        });
    }
}

/// Eight digits without `0x` are a status when their first digits are those of one.
fn is_status(value: i64) -> bool {
    matches!(value >> 16, 1 | 2)
        || matches!(value >> 28, 0xC | 0xD)
        || matches!(value >> 16, 0x8000 | 0x8007 | 0x8009 | 0x800B | 0x8010)
}

/// A word of a text.
#[derive(Clone, Copy, Debug)]
struct Word<'t> {
    text: &'t str,
    /// It is a part of something longer: an address, a date, a time, a version.
    in_a_row: bool,
    /// A slash stands before it.
    after_slash: bool,
}

/// The words of a line. A word is letters, digits and underscores, with a minus before a number.
fn words(line: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start: Option<usize> = None;
    let mut before = ' ';
    let mut last = ' ';
    let mut add = |from: usize, to: usize| {
        let Some(text) = line.get(from..to) else {
            return;
        };
        let ahead = line.get(to..).unwrap_or_default();
        let behind = line.get(..from).unwrap_or_default();
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let mut behind_letters = behind.chars().rev();
        let (near, far) = (behind_letters.next(), behind_letters.next());
        let mut ahead_letters = ahead.chars();
        let (next, after) = (ahead_letters.next(), ahead_letters.next());
        let joins = |c: Option<char>| matches!(c, Some('.' | ':' | '-'));
        let minus = text.starts_with('-');
        words.push(Word {
            text,
            in_a_row: (joins(near) && digit(far) && !minus) || (joins(next) && digit(after)),
            after_slash: near == Some('/'),
        });
    };
    for (at, c) in line.char_indices() {
        let inside = c.is_alphanumeric() || c == '_';
        match (inside, start) {
            (true, None) => {
                let signed = c.is_ascii_digit() && last == '-' && !before.is_alphanumeric();
                start = Some(if signed { at.saturating_sub(1) } else { at });
            }
            (false, Some(from)) => {
                add(from, at);
                start = None;
            }
            _ => {}
        }
        before = last;
        last = c;
    }
    if let Some(from) = start {
        add(from, line.len());
    }
    words
}

/// What the words before a number call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    /// Something in particular.
    As(Called),
    /// A code of some kind.
    Code,
    /// Nothing: it need not be a code.
    Not,
}

/// Words that call a number a code, in the languages of dialogs.
const CODE_WORDS: &[&str] = &[
    "code",
    "codes",
    "error",
    "fehler",
    "fehlercode",
    "erreur",
    "errore",
    "codice",
    "código",
    "codigo",
    "kod",
    "kód",
    "код",
    "ошибка",
    "ошибки",
    "fout",
    "foutcode",
    "felkod",
    "fejlkode",
    "feilkode",
    "virhekoodi",
    "błędu",
    "erro",
];

/// How many words before a number are looked at; numbers in between do not count.
const LOOK_BACK: usize = 4;

fn call(before: &[&str]) -> Call {
    let mut looked = 0;
    let mut generic = Call::Not;
    let is_win32 = |word: &&str| {
        ["win32", "winerror", "getlasterror"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name))
    };
    if before.iter().rev().take(LOOK_BACK).any(is_win32) {
        return Call::As(Called::Win32);
    }
    for word in before.iter().rev().take(16) {
        if word.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let word = word.to_lowercase();
        let word = word.as_str();
        let in_particular = match word {
            _ if word.starts_with("event")
                || word.starts_with("ereignis")
                || word.starts_with("événement")
                || word.starts_with("событи")
                || word.contains("イベント")
                || word.contains("事件") =>
            {
                Some(Called::Event)
            }
            _ if PROVIDERS.iter().any(|provider| provider.word == word) => Some(Called::Event),
            "exit" | "exitcode" | "exitstatus" | "rc" => Some(Called::Exit),
            "exited" if generic == Call::Code => Some(Called::Exit),
            "alert" => Some(Called::Alert),
            "failurecode" | "rdp_neg_failure" | "neg_failure" | "negotiation" => {
                Some(Called::Negotiation)
            }
            "discreason" | "disconnectreason" | "reason" | "disconnected" | "grund" => {
                Some(Called::Disconnect)
            }
            "errno" | "oserror" => Some(Called::Errno),
            "os" | "system" if generic == Call::Code => Some(Called::Errno),
            "ntstatus" | "status" | "substatus" | "hresult" => Some(Called::Status),
            "errinfo" | "errorinfo" => Some(Called::ErrorInfo),
            "licensing" | "license" | "licence" => Some(Called::License),
            _ => None,
        };
        match in_particular {
            // "exit status 131" is an exit status, not a status.
            Some(Called::Status) => generic = Call::As(Called::Status),
            Some(called) => return Call::As(called),
            None if is_code_word(word) && generic == Call::Not => generic = Call::Code,
            None => {}
        }
        looked += 1;
        if looked >= LOOK_BACK {
            break;
        }
    }
    generic
}

fn is_code_word(word: &str) -> bool {
    CODE_WORDS.contains(&word)
        || [
            "コード",
            "エラー",
            "代码",
            "代碼",
            "错误",
            "錯誤",
            "코드",
            "오류",
        ]
        .iter()
        .any(|known| word.contains(known))
}

/// The word can be the name of a code: capitals with underscores, or the long names of the mstsc control.
fn is_like_a_name(word: &str, line: &str) -> bool {
    if word.len() < 5 || !word.is_ascii() {
        return false;
    }
    let has_capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    let has_small = word.bytes().any(|b| b.is_ascii_lowercase());
    if word.contains('_') {
        return has_capitals >= 2 && !has_small
            || word.starts_with("SEC_E_")
            || line.contains("alert") && has_capitals == 0;
    }
    !has_small && has_capitals >= 5
        || word.starts_with("disconnectReason")
        || word.starts_with("exDiscReason")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut scanner = Scanner::new(None);
        text.lines().for_each(|line| scanner.line(line));
        let (finds, _) = scanner.done();
        finds
            .into_iter()
            .filter(|find| find.times > 0)
            .filter_map(|find| match find.what {
                What::Pair(first, second) => Some(format!("{}/{}", first.text, second.text)),
                What::Number(number) => Some(number.text),
                What::Name(name) => Some(name),
                What::Line(_) | What::Phrase(_) => None,
            })
            .collect()
    }

    #[test]
    fn dialogs_hold_pairs_in_any_language() {
        for text in [
            "Error code: 0x904\nExtended error code: 0x7",
            "Fehlercode: 0x904\nErweiterter Fehlercode: 0x7",
            "Code d'erreur : 0x904\nCode d'erreur étendu : 0x7",
            "エラー コード: 0x904\n拡張エラー コード: 0x7\nタイムスタンプ (UTC): 07/30/24 09:20:29 AM",
            "0x904 / 0x7",
        ] {
            assert_eq!(found(text), ["0x904/0x7"], "{text}");
        }
        assert_eq!(found("error code 2308, extended error code 7"), ["2308/7"]);
        assert_eq!(found("2308/7 all day, code 2308/7"), ["2308/7"]);
    }

    #[test]
    fn dates_ports_and_addresses_are_no_codes() {
        assert_eq!(
            found("2026-04-17 22:52:24 10.0.0.7:3389 pid 4625 port 60259"),
            [""; 0]
        );
        assert_eq!(
            found("took 36870 ms, session 5, version 10.0.19041.516"),
            [""; 0]
        );
    }

    #[test]
    fn events_are_events() {
        assert_eq!(found("Event ID: 36870"), ["36870"]);
        assert_eq!(
            found("events 1057, 1058 and 36870"),
            ["1057", "1058", "36870"]
        );
        assert_eq!(found("Schannel 36874 and TermDD 56"), ["36874", "56"]);
    }

    #[test]
    fn logs_hold_names_and_wide_numbers() {
        assert_eq!(
            found("freerdp_set_last_error_ex ERRCONNECT_TLS_CONNECT_FAILED [0x00020008]"),
            ["ERRCONNECT_TLS_CONNECT_FAILED", "0x00020008"]
        );
        assert_eq!(
            found("0000: 00000000 002c0000 00000000 c00a0038 D00000B5"),
            ["c00a0038", "D00000B5"]
        );
        assert_eq!(
            found("error:0A000438:SSL routines::tlsv1 alert internal error"),
            ["internal_error"]
        );
        assert_eq!(found("exit code 131085"), ["131085"]);
        assert_eq!(
            found("Authentication error (Code: 0x80080005)"),
            ["0x80080005"]
        );
        assert_eq!(found("result -2146893022"), ["-2146893022"]);
    }

    #[test]
    fn memory_of_a_long_text_is_bounded() {
        let mut scanner = Scanner::new(None);
        for number in 0..20_000_u32 {
            scanner.line(&format!(
                "error code 0x{number:X} STATUS_LOGON_FAILURE event {number}"
            ));
        }
        let (finds, _) = scanner.done();
        assert!(finds.len() <= MOST);
    }
}
