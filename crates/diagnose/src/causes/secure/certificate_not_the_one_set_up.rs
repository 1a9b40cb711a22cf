//! The cause `secure.certificate-not-the-one-set-up`.

use crate::prelude::*;

cause! {
    /// The server shows another certificate than the one it is set up with.
    ///
    /// # What the user sees
    ///
    /// A new certificate that was put in place changes nothing: clients still see the old one, with its old name
    /// or its end.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The certificate in the server's settings and the one it shows on a connection to itself differ. Most often
    /// the server was not restarted since; else another program answers on the port, or the settings that were
    /// changed are not the ones in use.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server restarts the service, or finds out which settings it reads.
    ///
    /// # Sources
    ///
    /// xrdp.ini(5), certificate; Microsoft Learn: Win32_TSGeneralSetting, SSLCertificateSHA1Hash.
    pub static CAUSE = {
        id: "secure.certificate-not-the-one-set-up",
        family: "rdp-cert-stale",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server shows another certificate than the one it is set up with",
        prior: -4,
        clues: &[
            Clue {
                says: "it shows a certificate {name} until {expires} that is not the one in its settings",
                denies: "it shows the certificate {name} of its settings",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.not_the_one_set_up(),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["server.restart-service", "server.rebind-certificate"],
    };
}
