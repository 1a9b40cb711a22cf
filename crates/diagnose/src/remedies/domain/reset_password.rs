//! The remedy `domain.reset-password`.

use crate::prescription::*;

remedy! {
    /// Set a new password for the account.
    ///
    /// # How
    ///
    /// At a machine of the domain with Ctrl+Alt+Del, at the company's password page, or by the help desk. Saved
    /// passwords on other devices must follow, or they lock the account.
    pub static REMEDY = {
        id: "domain.reset-password",
        side: Side::Domain,
        title: "Set a new password for the account",
        risk: Risk::Low,
        reversible: false,
        draft: |_| ask(
            Machine::Controller,
            "Set a new password: with Ctrl+Alt+Del at a machine of the domain, at the company's password page, or by the help desk. Saved passwords on other devices must follow, or they lock the account.",
            "The old one no longer counts.",
        ),
    };
}
