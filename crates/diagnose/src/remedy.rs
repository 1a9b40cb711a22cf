//! A record of the catalogue: what to change, on which side, and at what risk.

use serde::Serialize;

use crate::cause::Side;

/// What mends a cause.
#[derive(Debug)]
pub struct Remedy {
    /// `side.name`; the same as its path in `remedies/`. Retired ids are never reused.
    pub id: &'static str,
    /// Where it is done.
    pub side: Side,
    /// What to do, as an imperative.
    pub title: &'static str,
    /// What it may break.
    pub risk: Risk,
    /// The protection it takes away, when it does. Such a remedy is never the first of a cause.
    pub weakens: Option<&'static str>,
    /// It can be undone to the letter.
    pub reversible: bool,
    /// The page, in Markdown.
    pub page: &'static str,
}

/// What a change may break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Nothing changes for anybody else.
    Low,
    /// Sessions may drop, or others may notice.
    Medium,
    /// Done wrong, it locks people out or loses something.
    High,
}

impl Remedy {
    /// The page without the space that a doc comment leaves at the start of each line.
    pub fn page_text(&self) -> String {
        crate::words::page(self.page)
    }
}

/// What a record says unless it says otherwise.
pub(crate) const BLANK: Remedy = Remedy {
    id: "",
    side: Side::Server,
    title: "",
    risk: Risk::Low,
    weakens: None,
    reversible: true,
    page: "",
};

/// Declares the record of a remedy; its doc comment is its page.
macro_rules! remedy {
    ($(#[doc = $doc:literal])+ pub static REMEDY = { $($field:ident: $value:expr),+ $(,)? };) => {
        $(#[doc = $doc])+
        pub static REMEDY: Remedy = Remedy {
            page: concat!($($doc, "\n"),+),
            $($field: $value,)+
            ..BLANK
        };
    };
}

pub(crate) use remedy;
