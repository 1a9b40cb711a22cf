//! The cause `settings.client-information-refused`.

use crate::prelude::*;

cause! {
    /// The server does not accept what the client tells of its user.
    ///
    /// # What the user sees
    ///
    /// The connection ends right after the certificate was accepted, before any logon screen.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The log of the server says that the client information was refused, or that it insists on a user and
    /// password with it. The settings before it were accepted; TLS is up.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server lets clients come without credentials (require_credentials of xrdp), or
    /// the user gives them in the client.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.11; xrdp.ini(5).
    pub static CAUSE = {
        id: "settings.client-information-refused",
        family: "server-app-misconfig",
        phase: Phase::Settings,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server does not accept what the client tells of its user",
        prior: -8,
        clues: &[
            logged!("its log", Strong, "INFO_FAIL", "INFO_REQUIRE_CREDS", "INFO_FLAGS"),
        ],
        topics: &[Topic::ClientInformation],
        asks: &[&asks::SERVER_LOG, &asks::CLIENT_SETTINGS],
        remedies: &["server.complete-setup", "client.use-other-credentials"],
    };
}
