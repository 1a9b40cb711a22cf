//! The cause `resolve.malformed-name`.

use crate::prelude::*;

cause! {
    /// The text given as the host cannot be a name.
    ///
    /// # What the user sees
    ///
    /// "Remote Desktop can't find the computer" at once, before anything is sent.
    ///
    /// # How to tell it from its neighbours
    ///
    /// No name server was asked: the text itself is the fault (a blank, two dots in a row, a label longer than
    /// 63 letters, a path or a user name in place of the host).
    ///
    /// # Who mends it, and how
    ///
    /// Whoever typed it, or made the connection file. Give the bare host name or address, with :port behind it
    /// if it is not 3389.
    ///
    /// # Sources
    ///
    /// RFC 1035 section 2.3.4; RFC 1123 section 2.1.
    pub static CAUSE = {
        id: "resolve.malformed-name",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The text given as the host cannot be a name",
        prior: -12,
        clues: &[
            Clue {
                says: "\"{name}\" cannot be a name",
                denies: "{name} is a name and has addresses",
                reads: &[FactKind::NameNotResolved, FactKind::NameResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NameNotResolved { why, .. } => Some(*why == NameFailure::Malformed), Fact::NameResolved { .. } => Some(false), _ => None }),
            },
        ],
        remedies: &["client.use-right-name"],
    };
}
