//! A record of the catalogue: what to change, on which side, and at what risk.

use crate::cause::Side;
use crate::draft::{Case, Draft};

pub use model::plan::Risk;

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
    /// What was seen shows that it mends nothing here.
    pub moot: for<'c> fn(&Case<'c>) -> bool,
    /// The page, in Markdown.
    pub page: &'static str,
    /// The steps it comes to in a case, or what would have to be known first.
    pub draft: for<'c> fn(&Case<'c>) -> Draft,
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
    moot: |_| false,
    page: "",
    draft: |_| Draft::Steps(Vec::new()),
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
