//! A record of the catalogue: why connections fail, and what speaks for and against it.

use model::codes::Topic;
use model::{FactKind, Leg, Observation, Phase};
use serde::Serialize;

use crate::index::Index;
use crate::view::View;

/// Why connections fail.
#[derive(Debug)]
pub struct Cause {
    /// `phase.name`; the same as its path in `causes/`. Retired ids are never reused.
    pub id: &'static str,
    /// The family of root causes it belongs to.
    pub family: &'static str,
    /// The rung on which it shows first.
    pub phase: Phase,
    /// Where it has to be mended.
    pub side: Side,
    /// What it does to a connection.
    pub severity: Severity,
    /// A sentence that is true when the cause is.
    pub title: &'static str,
    /// The page, in Markdown.
    pub page: &'static str,
    /// How common it is among the causes of its rung before anything was seen, in decibans
    /// (10·log₁₀ of the odds); never positive.
    pub prior: i32,
    /// It explains what was seen, so that others that explain the same observation are less probable for it.
    /// Causes that end connections always do; of the others, those that are themselves what was seen (an
    /// expired certificate) stand beside each other.
    pub explains: bool,
    /// What speaks for and against it.
    pub clues: &'static [Clue],
    /// What codes and words of people are about when they speak for it, beside what its family says.
    pub topics: &'static [Topic],
    /// Looks that would tell it from its rivals.
    pub asks: &'static [&'static Ask],
    /// Deeper causes it may come from, with clues of their own.
    pub roots: &'static [&'static str],
    /// What mends it, best first.
    pub remedies: &'static [&'static str],
}

/// What a record says unless it says otherwise.
pub(crate) const BLANK: Cause = Cause {
    id: "",
    family: "",
    phase: Phase::Resolve,
    side: Side::Server,
    severity: Severity::Blocking,
    title: "",
    page: "",
    prior: -10,
    explains: false,
    clues: &[],
    topics: &[],
    asks: &[],
    roots: &[],
    remedies: &[],
};

/// Declares the record of a cause; its doc comment is its page.
macro_rules! cause {
    ($(#[doc = $doc:literal])+ pub static CAUSE = { $($field:ident: $value:expr),+ $(,)? };) => {
        $(#[doc = $doc])+
        pub static CAUSE: Cause = Cause {
            page: concat!($($doc, "\n"),+),
            $($field: $value,)+
            ..BLANK
        };
    };
}

pub(crate) use cause;

/// The clue that somebody's log or command says it: a line of one of these kinds (`model::codes::log_lines`).
macro_rules! logged {
    ($who:literal, $weight:ident, $($kind:literal),+) => {
        $crate::cause::Clue {
            says: concat!($who, " says: {line}"),
            denies: concat!($who, " says nothing of it"),
            reads: &[::model::FactKind::LogSaid],
            weight: $crate::cause::Weight::$weight,
            against: $crate::cause::Weight::None,
            look: |seen| seen.logged(&[$($kind),+]),
        }
    };
}

pub(crate) use logged;

impl Cause {
    /// The page without the space that a doc comment leaves at the start of each line.
    pub fn page_text(&self) -> String {
        crate::words::page(self.page)
    }
}

/// A look that somebody could take, to tell causes apart or to prove one.
#[derive(Debug)]
pub struct Ask {
    /// What to do or look at. `{host}`, `{port}` and `{address}` are filled in.
    pub look: &'static str,
    /// What it would tell.
    pub why: &'static str,
    /// A command that does it.
    pub command: Option<&'static str>,
    /// What it costs: 1 for a command at hand, 3 for a place to look at on the server, 5 for another machine or network.
    pub cost: u32,
}

/// One sentence that can be true or false, and how to find out.
#[derive(Debug)]
pub struct Clue {
    /// Follows "because": what was seen, in plain words. Names in braces, such as `{waited}`, are filled in
    /// with what the cited fact says.
    pub says: &'static str,
    /// Follows "despite": the opposite, in plain words.
    pub denies: &'static str,
    /// The kinds of facts it reads; it is shown no others.
    pub reads: &'static [FactKind],
    /// What it weighs when true.
    pub weight: Weight,
    /// What it weighs against the cause when false.
    pub against: Weight,
    /// How to look.
    pub look: for<'e> fn(&View<'e>) -> Reading<'e>,
}

impl Clue {
    /// What it reads on one leg; nothing, where nothing of its kinds was seen.
    pub(crate) fn read<'e>(&'e self, index: &'e Index<'e>, leg: Leg) -> Reading<'e> {
        if index.shows(self.reads) {
            (self.look)(&View::new(index, leg, self.reads))
        } else {
            Reading::Silent
        }
    }
}

/// How much a clue tells, in decibans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing.
    None = 0,
    /// A hint: twice as likely.
    Slight = 3,
    /// Ten times as likely.
    Fair = 10,
    /// A hundred times as likely.
    Strong = 20,
    /// The fact admits no other reading.
    Decisive = 40,
}

/// What a clue reads in the evidence. Neither yes nor no is an answer of its own.
#[derive(Clone, Copy, Debug)]
pub enum Reading<'e> {
    /// It is so, by this observation.
    For(&'e Observation),
    /// It is not so, by this observation.
    Against(&'e Observation),
    /// Nothing is known about it.
    Silent,
}

/// Where a cause has to be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// On the machine that connects.
    Client,
    /// On the way between them.
    Network,
    /// On the machine connected to.
    Server,
    /// On the RD Gateway.
    Gateway,
    /// In the name service.
    NameService,
    /// In the domain: controllers, accounts, policies.
    Domain,
}

/// What a cause does to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The connection fails.
    Blocking,
    /// It works, for some or for now, or worse than it should.
    Degrading,
    /// Good to know.
    Note,
}
