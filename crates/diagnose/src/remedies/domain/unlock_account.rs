//! The remedy `domain.unlock-account`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Unlock or enable the account.
    ///
    /// # How
    ///
    /// Find first what locked it (event 4740 names the machine), or it locks again. Unlock-ADAccount,
    /// Enable-ADAccount, Set-ADAccountExpiration.
    pub static REMEDY = {
        id: "domain.unlock-account",
        side: Side::Domain,
        title: "Unlock or enable the account",
        risk: Risk::Low,
    };
}
