//! The cause `authenticate.security-software`.

use crate::prelude::*;

cause! {
    /// Security software on the server cuts the connection when the logon begins.
    ///
    /// # What the user sees
    ///
    /// 0x904 after the certificate question, since an update or since the software came.
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS comes up and the connection ends with the first NLA message, from the host itself. Products that
    /// guard Remote Desktop decide there.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server looks in the product's log.
    ///
    /// # Sources
    ///
    /// Vendors' documents on Remote Desktop protection.
    pub static CAUSE = {
        id: "authenticate.security-software",
        family: "security-software",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Security software on the server cuts the connection when the logon begins",
        prior: -6,
        clues: &[
            clues::RESET_AT_LOGON,
            Clue {
                says: "the connection was closed {waited} after {after}",
                denies: "the connection was {how}",
                reads: &[FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.ended(|how, after| (at_logon(after, true).is_some() && how == Ending::Closed).then_some(true)),
            },
            clues::NLA_NEVER_ANSWERED,
            clues::SECURITY_SERVICE,
        ],
        asks: &[&asks::SECURITY_LOG, &asks::SERVER_LOG],
        remedies: &["server.exempt-security-software"],
    };
}
