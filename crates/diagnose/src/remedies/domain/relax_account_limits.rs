//! The remedy `domain.relax-account-limits`.

use crate::prescription::*;

remedy! {
    /// Change the hours or workstations the account is limited to.
    ///
    /// # How
    ///
    /// In the account's properties: Logon Hours and Log On To. With NLA the client's name counts as a
    /// workstation too.
    pub static REMEDY = {
        id: "domain.relax-account-limits",
        side: Side::Domain,
        title: "Change the hours or workstations the account is limited to",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Controller,
            "In the account's properties: Logon Hours and Log On To. Note the present values; with NLA the client's name counts as a workstation too.",
            "The account may sign in at these hours and from these machines only.",
        ),
    };
}
