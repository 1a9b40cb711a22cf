//! The cause `authenticate.controller-silent`.

use crate::prelude::*;

cause! {
    /// The server waits for a domain controller that does not answer.
    ///
    /// # What the user sees
    ///
    /// A pause of half a minute or more after the logon was typed, then an error or 0x904.
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS comes up and NLA is not answered in time. The host asks its domain before it answers; when the
    /// controller is unreachable or Netlogon is stuck, it waits. Local accounts may be quicker.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host or the domain.
    ///
    /// # Sources
    ///
    /// [MS-CSSP] 3.1.5; Microsoft Learn: Netlogon events 5719, 3210.
    pub static CAUSE = {
        id: "authenticate.controller-silent",
        family: "nla-kerberos-path",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The server waits for a domain controller that does not answer",
        prior: -5,
        clues: &[
            clues::SILENT_AT_LOGON,
            Clue {
                says: "{computer} logged {event}, {times}: no domain controller",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("NETLOGON", 5719), ("NETLOGON", 5783)]),
            },
            clues::NLA_NEVER_ANSWERED,
            clues::STOPPED_COMING,
        ],
        asks: &[&asks::CONTROLLERS, &asks::LOAD],
        remedies: &["domain.reach-controllers", "server.restart-host"],
    };
}
