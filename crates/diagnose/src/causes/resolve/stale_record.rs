//! The cause `resolve.stale-record`.

use crate::prelude::*;

cause! {
    /// The name leads to another machine.
    ///
    /// # What the user sees
    ///
    /// The certificate warning shows another name; the logon is refused with a right password, or an unfamiliar
    /// desktop appears.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The machine that answered says its own name in the NLA challenge, and often in its certificate. Neither
    /// is the name that was asked for. An alias on purpose looks the same, so ask before changing it. A short
    /// name and the full name of one machine are the same machine.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the name service corrects the record, or the host registers its new address.
    ///
    /// # Sources
    ///
    /// [MS-NLMP] 2.2.2.1; RFC 2136.
    pub static CAUSE = {
        id: "resolve.stale-record",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::NameService,
        severity: Severity::Degrading,
        title: "The name leads to another machine",
        prior: -8,
        clues: &[
            Clue {
                says: "the machine that answered calls itself {computer}",
                denies: "the machine that answered calls itself {computer}",
                reads: &[FactKind::NtlmChallenged],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| { let asked = names::asked_by_name(seen.target()); seen.any(|fact| match (fact, &asked) { (Fact::NtlmChallenged { challenge, .. }, Some(asked)) => names::answers_to(challenge, asked).map(|it| !it), _ => None }) },
            },
            Clue {
                says: "its certificate is for {names}",
                denies: "its certificate is for {names}",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Slight,
                against: Weight::Decisive,
                look: |seen| { let asked = names::asked_by_name(seen.target()); seen.certificate(|certificate, _| names::covers(certificate, asked.as_deref()?).map(|it| !it)) },
            },
            Clue {
                says: "another name server gives other addresses: {addresses}",
                denies: "every name server gives the same addresses",
                reads: &[FactKind::NameResolved],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.other_addresses_elsewhere(),
            },
            Clue {
                says: "the name service gives its address another name",
                denies: "the name service gives its address the name {names}",
                reads: &[FactKind::NameServerAnswered],
                weight: Weight::None,
                against: Weight::Fair,
                look: |seen| { let asked = names::asked_by_name(seen.target()); seen.any(|fact| match (fact, &asked) { (Fact::NameServerAnswered { names, .. }, Some(asked)) => names.iter().any(|name| names::same_machine(&name.folded(), asked)).then_some(false), _ => None }) },
            },
        ],
        asks: &[&asks::LOOK_UP, &asks::CONSOLE],
        remedies: &["name-service.correct-record", "client.use-right-name", "client.forget-saved-connection"],
    };
}
