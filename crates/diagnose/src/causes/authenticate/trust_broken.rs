//! The cause `authenticate.trust-broken`.

use crate::prelude::*;

cause! {
    /// The host's membership in its domain is broken.
    ///
    /// # What the user sees
    ///
    /// "The trust relationship between this workstation and the primary domain failed".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status. A host restored from an old copy, or a computer account that was
    /// reset, does that. Local accounts of the host still work. The host logs it as Netlogon event 3210; what a
    /// domain controller logs (5722, 5805) is about the machine it names, not about itself.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host repairs the membership.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1; Microsoft Learn: Test-ComputerSecureChannel.
    pub static CAUSE = {
        id: "authenticate.trust-broken",
        family: "nla-kerberos-path",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The host's membership in its domain is broken",
        prior: -6,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status(&[0xC000_018A, 0xC000_018B, 0xC000_018C, 0xC000_018D, 0xC000_0190, 0xC000_019B]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: the secure channel is broken",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("NETLOGON", 3210), ("NETLOGON", 5721)]),
            },
            Clue {
                says: "{computer}, a controller of the domain, logged {event}, {times}: this host's secure channel is broken",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.named_by_its_controller(),
            },
            logged!("nltest on the host", Strong, "NLTEST_TRUST"),
        ],
        asks: &[&asks::CONTROLLERS],
        remedies: &["domain.repair-trust"],
    };
}
