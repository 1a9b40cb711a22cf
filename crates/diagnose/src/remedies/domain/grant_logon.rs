//! The remedy `domain.grant-logon`.

use crate::prescription::*;

remedy! {
    /// Allow the account to sign in over Remote Desktop.
    ///
    /// # How
    ///
    /// Add it to the group Remote Desktop Users of the host, and see that no policy denies it ("Deny log on
    /// through Remote Desktop Services", and with NLA also "Deny access to this computer from the network").
    pub static REMEDY = {
        id: "domain.grant-logon",
        side: Side::Domain,
        title: "Allow the account to sign in over Remote Desktop",
        risk: Risk::Medium,
        draft: |_| ask(
            Machine::Server,
            r"Add the account to the group Remote Desktop Users, by its identifier: Add-LocalGroupMember -SID S-1-5-32-555 -Member 'DOMAIN\NAME' (taken back with Remove-LocalGroupMember). Then see in gpresult /h that nothing denies it: Deny log on through Remote Desktop Services, and with NLA also Deny access to this computer from the network.",
            "A denial wins over every permission.",
        ),
    };
}
