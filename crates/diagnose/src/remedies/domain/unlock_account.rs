//! The remedy `domain.unlock-account`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::Controller,
            "Find first what locked it (event 4740 on a controller names the machine), then unlock or enable the account (Unlock-ADAccount, Enable-ADAccount).",
            "Otherwise it locks again within minutes.",
        ),
    };
}
