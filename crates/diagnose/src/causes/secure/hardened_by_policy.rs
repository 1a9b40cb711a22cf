//! The cause `secure.hardened-by-policy`.

use crate::prelude::*;

cause! {
    /// A hardening policy leaves Remote Desktop no way to set up TLS.
    ///
    /// # What the user sees
    ///
    /// Several hosts fail since one date; "an internal error has occurred".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server ends TLS at its first message, by alert or reset. The same policy reached other hosts: compare
    /// one that works. FIPS mode, a cipher order without a suite for the certificate, and SCHANNEL values that
    /// disable every version do that.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the policy corrects the one value. Deleting whole registry keys makes it worse.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: TLS registry settings; FIPS mode.
    pub static CAUSE = {
        id: "secure.hardened-by-policy",
        family: "security-policy-hardening",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "A hardening policy leaves Remote Desktop no way to set up TLS",
        prior: -10,
        clues: &[
            Clue {
                says: "the server answered with alert {alert}",
                denies: "the server sent another alert",
                reads: &[FactKind::TlsAlerted],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::TlsAlerted { alert, .. } => matches!(*alert, TlsAlert::HANDSHAKE_FAILURE | TlsAlert::INSUFFICIENT_SECURITY | TlsAlert::PROTOCOL_VERSION | TlsAlert::INTERNAL_ERROR).then_some(true), _ => None }),
            },
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "the connection stayed open",
                reads: &[FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.ended(|how, after| (after == Message::ClientHello && how == Ending::Reset).then_some(true)),
            },
            Clue {
                says: "a policy sets {setting} to {value}",
                denies: "the setting has its default",
                reads: &[FactKind::SettingFound],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::SettingFound { name, policy: true, value, key } => { let zero = matches!(value, model::fact::SettingValue::Number(0)); let one = matches!(value, model::fact::SettingValue::Number(1)); (((name == "Functions") && key.contains("00010002")) || (key.ends_with("FipsAlgorithmPolicy") && name == "Enabled" && one) || (key.contains("SCHANNEL") && name == "Enabled" && zero)).then_some(true) } _ => None }),
            },
            clues::TLS_NEVER_UP_FOR_CLIENT,
        ],
        asks: &[&asks::POLICY, &asks::SCHANNEL],
        remedies: &["server.restore-cipher-suites", "server.enable-tls-versions", "server.usual-encryption-level"],
    };
}
