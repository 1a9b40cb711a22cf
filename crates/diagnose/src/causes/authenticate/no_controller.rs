//! The cause `authenticate.no-controller`.

use crate::prelude::*;

cause! {
    /// The host cannot reach a domain controller.
    ///
    /// # What the user sees
    ///
    /// "The Local Security Authority cannot be contacted", or "there are currently no logon servers available".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status. Local accounts of the host still work.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host or the domain.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1.
    pub static CAUSE = {
        id: "authenticate.no-controller",
        family: "nla-kerberos-path",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The host cannot reach a domain controller",
        prior: -5,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status(&[0xC000_005E, 0xC000_00DC, 0xC000_00DF, 0xC000_0192, 0xC000_0233, 0x8009_0304, 0x8009_0311]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: no domain controller",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("NETLOGON", 5719)]),
            },
            logged!("nltest on the host", Strong, "NLTEST_NO_SERVER"),
        ],
        asks: &[&asks::CONTROLLERS],
        remedies: &["domain.reach-controllers"],
    };
}
