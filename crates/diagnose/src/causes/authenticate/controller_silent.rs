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
    /// TLS comes up and NLA is not answered in time. The challenge is the host's own; it asks its domain when it has to
    /// judge what the client answers to that, and when the controller is unreachable or Netlogon is stuck, it waits.
    /// Local accounts may be quicker. A host that is silent from the first word on has mostly another trouble.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host or the domain.
    ///
    /// # Sources
    ///
    /// [MS-CSSP] 3.1.5; [MS-NLMP] 3.2.5; [MS-APDS] 3.1; Microsoft Learn: Netlogon events 5719, 3210.
    pub static CAUSE = {
        id: "authenticate.controller-silent",
        family: "nla-kerberos-path",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The server waits for a domain controller that does not answer",
        prior: -5,
        clues: &[
            clues::SILENT_ABOUT_AN_ACCOUNT,
            clues::SILENT_AT_FIRST_WORDS,
            Clue {
                says: "{computer} logged {event}, {times}: no domain controller",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("NETLOGON", 5719), ("NETLOGON", 5783)]),
            },
            Clue {
                says: "NLA never answered the client",
                denies: "NLA answered the client",
                reads: &[FactKind::NtlmChallenged, FactKind::LogonAccepted, FactKind::Ended],
                weight: Weight::None,
                against: Weight::Decisive,
                // The challenge is no answer to the proof of a password.
                look: |seen| {
                    let waits = seen.any_as_client(|fact| match fact { Fact::Ended { how: Ending::Silence, after: Message::CredSspAuthenticate, .. } => Some(true), _ => None });
                    let waits = matches!(waits, crate::Reading::For(_));
                    seen.any_as_client(|fact| match fact { Fact::NtlmChallenged { .. } if !waits => Some(false), Fact::LogonAccepted { .. } => Some(false), _ => None })
                },
            },
            clues::STOPPED_COMING,
        ],
        asks: &[&asks::CONTROLLERS, &asks::LOAD],
        remedies: &["domain.reach-controllers", "server.restart-host"],
    };
}
