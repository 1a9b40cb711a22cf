//! The cause `authenticate.client-library-forbids`.

use crate::prelude::*;

cause! {
    /// The client's cryptography forbids what NTLM needs.
    ///
    /// # What the user sees
    ///
    /// The client ends when the logon begins; messages about MD4, RC4 or a legacy provider.
    ///
    /// # How to tell it from its neighbours
    ///
    /// NTLM needs MD4 and RC4. A library in FIPS mode, or OpenSSL 3 without its legacy provider, has neither.
    /// The server sees a client that goes away.
    ///
    /// # Who mends it, and how
    ///
    /// The user takes a build that brings its own, loads the legacy provider, or signs in by Kerberos.
    ///
    /// # Sources
    ///
    /// [MS-NLMP] 3.3; openssl: OSSL_PROVIDER-legacy.
    pub static CAUSE = {
        id: "authenticate.client-library-forbids",
        family: "ntlm-crypto-unavailable",
        phase: Phase::Authenticate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The client's cryptography forbids what NTLM needs",
        prior: -4,
        clues: &[
        ],
        asks: &[&asks::CLIENT_SETTINGS],
        remedies: &["client.update", "client.use-full-name-for-kerberos"],
        topics: &[Topic::Fips],
    };
}
