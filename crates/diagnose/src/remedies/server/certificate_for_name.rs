//! The remedy `server.certificate-for-name`.

use crate::prescription::*;

remedy! {
    /// Give the host a certificate for the name that people use.
    ///
    /// # How
    ///
    /// Issue it for every name and alias in its subject alternative names, and bind it to the listener. Or let
    /// people use the name that the certificate already has.
    pub static REMEDY = {
        id: "server.certificate-for-name",
        side: Side::Server,
        title: "Give the host a certificate for the name that people use",
        risk: Risk::Low,
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(new_key_pair(case));
            }
            ask(
                Machine::Server,
                "Get a certificate (RSA, server authentication) with every name and alias of the host among its alternative names from your authority, put it into the computer's own store, and bind it: Get-CimInstance -Namespace root\\cimv2\\TerminalServices -ClassName Win32_TSGeneralSetting -Filter \"TerminalName='RDP-tcp'\" | Set-CimInstance -Property @{SSLCertificateSHA1Hash='THUMBPRINT'}. Note the thumbprint that was there.",
                "Clients compare the name they were given with those in the certificate.",
            )
        },
    };
}
