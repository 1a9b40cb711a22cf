//! The cause `secure.security-software`.

use crate::prelude::*;

cause! {
    /// Security software on the server ends TLS inside Remote Desktop.
    ///
    /// # What the user sees
    ///
    /// 0x904 or "an internal error has occurred", since an update or since the software came.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The negotiation passes and the first TLS message is answered with a reset from the host itself. From
    /// outside it looks like a key that cannot be used; Schannel's log is silent, the product's is not.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server makes an exception in the product.
    ///
    /// # Sources
    ///
    /// Vendors' documents on network inspection.
    pub static CAUSE = {
        id: "secure.security-software",
        family: "security-software",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Security software on the server ends TLS inside Remote Desktop",
        prior: -8,
        clues: &[
            clues::RESET_AT_HELLO,
            clues::CLOSED_AT_HELLO,
            clues::SECURITY_SERVICE,
            clues::TLS_NEVER_UP_FOR_CLIENT,
            clues::EVERY_VERSION_FARES_THE_SAME,
        ],
        asks: &[&asks::SECURITY_LOG, &asks::SCHANNEL, &asks::FROM_INSIDE],
        remedies: &["server.exempt-security-software"],
    };
}
