//! The remedy `domain.reset-password`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
