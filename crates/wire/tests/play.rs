//! Plays: a machine, what happens to it, and what it is to say, in the order in which it happens.

#![expect(clippy::panic, reason = "a play that goes wrong is a failed test")]

use std::collections::VecDeque;

use model::codes::{CipherSuite, TlsVersion};
use model::{Ending, Fact, Micros, Phase, UnixSeconds};
use wire::climb::{Climb, Wish};
use wire::machine::{Output, Seen, TlsUp};

/// The wall clock at the beginning of every play.
pub const OPENED_AT: UnixSeconds = UnixSeconds(1_800_000_000);

pub fn ms(millis: u64) -> Micros {
    Micros::from_millis(millis)
}

pub fn unhex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_hexdigit).collect();
    let value =
        |digit: u8| u8::try_from(char::from(digit).to_digit(16).expect("digit")).expect("small");
    digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |sum, &digit| sum << 4 | value(digit)))
        .collect()
}

/// One thing that happens, owned.
#[derive(Clone, Debug)]
pub enum Event {
    Opened,
    Sent(Vec<u8>),
    Received(Vec<u8>),
    PlainSent(Vec<u8>),
    PlainReceived(Vec<u8>),
    Up(TlsUp),
}

impl Event {
    pub fn seen(&self) -> Seen<'_> {
        match self {
            Self::Opened => Seen::Opened,
            Self::Sent(bytes) => Seen::Sent(bytes),
            Self::Received(bytes) => Seen::Received(bytes),
            Self::PlainSent(bytes) => Seen::PlainSent(bytes),
            Self::PlainReceived(bytes) => Seen::PlainReceived(bytes),
            Self::Up(up) => Seen::TlsUp(up.clone()),
        }
    }

    pub fn bytes(&mut self) -> Option<&mut Vec<u8>> {
        match self {
            Self::Sent(bytes)
            | Self::Received(bytes)
            | Self::PlainSent(bytes)
            | Self::PlainReceived(bytes) => Some(bytes),
            Self::Opened | Self::Up(_) => None,
        }
    }
}

/// A transcript of `tests/files`, as both sides of it would be seen.
pub fn transcript(text: &str, version: TlsVersion, suite: u16) -> Vec<Event> {
    let certificates = vec![include_bytes!("files/rsa-san-eku.der").to_vec()];
    let mut events = vec![Event::Opened];
    for line in text.lines() {
        let (kind, digits) = line.split_once(' ').unwrap_or((line, ""));
        let bytes = unhex(digits);
        events.push(match kind {
            ">" => Event::Sent(bytes),
            "<" => Event::Received(bytes),
            ">>" => Event::PlainSent(bytes),
            "<<" => Event::PlainReceived(bytes),
            "up" => {
                let (suite, certificates) = (CipherSuite(suite), certificates.clone());
                Event::Up(TlsUp {
                    version,
                    suite,
                    certificates,
                })
            }
            other => panic!("unknown line {other}"),
        });
    }
    events
}

/// A client on stage.
pub struct Play {
    climb: Climb,
    now: Micros,
    out: VecDeque<Output>,
}

/// Raises the curtain: the connection opens at once.
pub fn play(wish: Wish) -> Play {
    let mut play = Play {
        climb: Climb::new(wish, OPENED_AT),
        now: ms(0),
        out: VecDeque::new(),
    };
    play.happens(Seen::Opened);
    play
}

impl Play {
    fn happens(&mut self, seen: Seen<'_>) {
        let mut out = Vec::new();
        self.climb.on(self.now, seen, &mut out);
        self.out.extend(
            out.into_iter()
                .filter(|output| !matches!(output, Output::Wake(_))),
        );
    }

    #[track_caller]
    fn next(&mut self) -> Output {
        self.out
            .pop_front()
            .expect("the machine has nothing to say")
    }

    #[track_caller]
    pub fn sends(mut self, bytes: &[u8]) -> Self {
        assert_eq!(self.next(), Output::Send(bytes.to_vec()));
        self.happens(Seen::Sent(bytes));
        self
    }

    #[track_caller]
    pub fn sends_plain(mut self, bytes: &[u8]) -> Self {
        assert_eq!(self.next(), Output::SendPlain(bytes.to_vec()));
        self.happens(Seen::PlainSent(bytes));
        self
    }

    #[track_caller]
    pub fn starts_tls(mut self) -> Self {
        assert_eq!(self.next(), Output::StartTls);
        self
    }

    #[track_caller]
    pub fn notes(mut self, phase: Phase, fact: Fact) -> Self {
        match self.next() {
            Output::Fact(place, noted) => assert_eq!((place.phase, noted), (phase, fact)),
            other => panic!("{other:?} instead of a fact"),
        }
        self
    }

    /// Facts that are not looked at, by the names of their kinds.
    #[track_caller]
    pub fn notes_kinds(mut self, kinds: &[model::FactKind]) -> Self {
        for kind in kinds {
            match self.next() {
                Output::Fact(_, noted) => assert_eq!(noted.kind(), *kind, "{noted:?}"),
                other => panic!("{other:?} instead of {kind:?}"),
            }
        }
        self
    }

    #[track_caller]
    pub fn quiet(self) -> Self {
        assert!(self.out.is_empty(), "{:?}", self.out);
        self
    }

    pub fn at(mut self, millis: u64) -> Self {
        self.now = ms(millis);
        self
    }

    /// The driver says that this happened.
    #[track_caller]
    pub fn sees(mut self, seen: Seen<'_>) -> Self {
        assert!(self.out.is_empty(), "{:?} was not expected", self.out);
        self.happens(seen);
        self
    }

    #[track_caller]
    pub fn gets(self, bytes: &[u8]) -> Self {
        self.sees(Seen::Received(bytes))
    }

    #[track_caller]
    pub fn ends(self, how: Ending) -> Self {
        self.sees(Seen::Ended(how))
    }

    #[track_caller]
    pub fn done(mut self) {
        assert_eq!(self.next(), Output::Done);
        assert!(self.out.is_empty(), "{:?} after the end", self.out);
    }
}
