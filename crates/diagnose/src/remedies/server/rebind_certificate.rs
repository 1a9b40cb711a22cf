//! The remedy `server.rebind-certificate`.

use crate::prescription::*;

remedy! {
    /// Bind a certificate that the listener can use.
    ///
    /// # How
    ///
    /// Note the present thumbprint (SSLCertificateSHA1Hash of the listener). Set the thumbprint of a certificate
    /// with an RSA key, server authentication and a key that the service may read, or remove the value to go
    /// back to the automatic one. Restart the service.
    pub static REMEDY = {
        id: "server.rebind-certificate",
        side: Side::Server,
        title: "Bind a certificate that the listener can use",
        risk: Risk::Medium,
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(new_key_pair(case));
            }
            Draft::Steps(vec![
                if_present(set(
                    Key::CertificateBinding { listener: "RDP-Tcp".to_owned() },
                    Value::Absent,
                    "The listener is bound to a certificate it cannot use. Without the binding it takes the one Windows makes for it. The thumbprint is kept for the way back.",
                )),
                restart("SessionEnv", "Remote Desktop Configuration makes that certificate when there is none."),
                restart_server(case),
                person(
                    Machine::Server,
                    "When clients should trust the host without asking: get a certificate (RSA, server authentication, key in the computer's own store) from your authority and bind that.",
                    "The one that Windows makes is signed by itself.",
                ),
            ])
        },
    };
}
