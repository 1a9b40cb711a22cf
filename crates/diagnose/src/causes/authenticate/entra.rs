//! The cause `authenticate.entra`.

use crate::prelude::*;

cause! {
    /// The host is joined to Microsoft Entra, and the logon was not made for that.
    ///
    /// # What the user sees
    ///
    /// "Your credentials did not work" with a right password, on a machine joined to Entra.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The logon failed in the part for Entra. The name must be written AzureAD\ and the full address of the
    /// user, and the client machine joined or registered in the same tenant, or "use a web account" chosen.
    ///
    /// # Who mends it, and how
    ///
    /// The user; the administrator of the tenant.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 5.4.5.4; Microsoft Learn: Connect to remote Microsoft Entra joined device.
    pub static CAUSE = {
        id: "authenticate.entra",
        family: "entra-auth",
        phase: Phase::Authenticate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The host is joined to Microsoft Entra, and the logon was not made for that",
        prior: -5,
        clues: &[
            logged!("the client's log", Strong, "AAD_BEGIN", "AAD_RESULT"),
        ],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["client.use-entra-account"],
        topics: &[Topic::Entra],
    };
}
