//! The remedy `client.use-entra-account`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
