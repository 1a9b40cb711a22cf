//! The cause `authenticate.ntlm-blocked`.

use crate::prelude::*;

cause! {
    /// The host or its domain does not accept NTLM.
    ///
    /// # What the user sees
    ///
    /// "An authentication error has occurred. The function requested is not supported", mostly when connecting
    /// by address.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status. Where NTLM is switched off, only Kerberos is left: it needs the
    /// host's full name and a controller in reach. A status about an account, given before the client has said
    /// who it is, can mean no account: it is NTLM that is not taken.
    ///
    /// # Who mends it, and how
    ///
    /// The user connects by the full name; the administrator of the policy may make an exception.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1; Microsoft Learn: Restrict NTLM.
    pub static CAUSE = {
        id: "authenticate.ntlm-blocked",
        family: "security-policy-hardening",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The host or its domain does not accept NTLM",
        prior: -5,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| match seen.refused_unnamed() {
                    Reading::Silent => seen.any_as_client(|fact| match fact { Fact::CredSspRefused { error, .. } => match error.meant().0 { 0xC000_0418 => Some(true), 0xC000_00BB | 0x8009_0302 | 0x8009_0305 => None, _ => Some(false) }, _ => None }),
                    _ => Reading::Silent,
                },
            },
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::CredSspRefused { error, .. } => matches!(error.meant().0, 0xC000_00BB | 0x8009_0302 | 0x8009_0305).then_some(true), _ => None }),
            },
            Clue {
                says: "the client spoke NTLM, and the server asked for its logon before it refused",
                denies: "NTLM was not spoken",
                reads: &[FactKind::NtlmChallenged, FactKind::CredSspRefused],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| match seen.any_as_client(|fact| match fact { Fact::CredSspRefused { error, .. } => matches!(error.meant().0, 0xC000_00BB | 0x8009_0302 | 0x8009_0305).then_some(true), _ => None }) {
                    Reading::For(_) => seen.any_as_client(|fact| match fact { Fact::NtlmChallenged { .. } => Some(true), _ => None }),
                    _ => Reading::Silent,
                },
            },
            clues::REFUSED_UNNAMED,
            Clue {
                says: "{setting} is set to {value}",
                denies: "the setting has its default",
                reads: &[FactKind::SettingFound],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.setting("MSV1_0", "RestrictReceivingNTLMTraffic", |value| Some(value > 0)),
            },
        ],
        asks: &[&asks::WITH_USER, &asks::FAILED_LOGONS, &asks::POLICY],
        remedies: &["client.use-full-name-for-kerberos", "domain.reach-controllers", "domain.allow-logon-protocol"],
    };
}
