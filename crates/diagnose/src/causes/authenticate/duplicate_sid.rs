//! The cause `authenticate.duplicate-sid`.

use crate::prelude::*;

cause! {
    /// The host is a clone: it shares its security identifier with another machine, and Windows refuses that.
    ///
    /// # What the user sees
    ///
    /// The logon is refused again and again although name and password are right, after an update of late 2025;
    /// between machines made from the same image.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host logs event 6167 of LsaSrv. A wrong password is refused with a status and logged as event 4625;
    /// here the machine itself is not believed. Only machines that were copied without Sysprep are hit, and
    /// only from one another.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host sets it up anew with Sysprep. A policy can bring back the old behaviour
    /// for a while; it is a stopgap.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Kerberos and NTLM authentication failures due to duplicate SIDs; Sysprep (Generalize).
    pub static CAUSE = {
        id: "authenticate.duplicate-sid",
        family: "duplicate-sid",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host is a clone: it shares its security identifier with another machine, and Windows refuses that",
        prior: -8,
        clues: &[
            Clue {
                says: "{computer} logged {event}, {times}: the identifier of the machine does not match the ticket",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("LsaSrv", 6167), ("LSA", 6167)]),
            },
        ],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["server.rebuild-identity"],
    };
}
