//! The cause `authenticate.server-out-of-resources`.

use crate::prelude::*;

cause! {
    /// The host has no memory or resources left for a logon.
    ///
    /// # What the user sees
    ///
    /// "Not enough storage is available", or an error that comes and goes.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1.
    pub static CAUSE = {
        id: "authenticate.server-out-of-resources",
        family: "host-unhealthy",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host has no memory or resources left for a logon",
        prior: -7,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status(&[0xC000_0017, 0xC000_009A, 0x8009_0300, 0xC000_00D0, 0xC000_00B5]),
            },
        ],
        asks: &[&asks::LOAD],
        remedies: &["server.relieve", "server.restart-host"],
    };
}
