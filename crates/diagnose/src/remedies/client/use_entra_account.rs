//! The remedy `client.use-entra-account`.

use crate::prescription::*;

remedy! {
    /// Sign in with the Entra account in the form the host expects.
    ///
    /// # How
    ///
    /// AzureAD\name@tenant.example as user name, or "Use a web account to sign in to the remote computer" under
    /// Advanced.
    pub static REMEDY = {
        id: "client.use-entra-account",
        side: Side::Client,
        title: "Sign in with the Entra account in the form the host expects",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Client,
            r#"Sign in as AzureAD\name@tenant.example, or tick "Use a web account to sign in to the remote computer" under Advanced."#,
            "The host takes accounts of Entra in this form only.",
        ),
    };
}
