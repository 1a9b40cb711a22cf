//! The remedy `domain.grant-logon`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
