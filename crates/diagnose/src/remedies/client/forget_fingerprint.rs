//! The remedy `client.forget-fingerprint`.

use crate::prescription::*;

remedy! {
    /// Remove the remembered certificate of this one host.
    ///
    /// # How
    ///
    /// FreeRDP: the line of the host in ~/.config/freerdp/known_hosts2 (or server/*.pem), after keeping a copy.
    /// mstsc: the key of the host under HKCU\SOFTWARE\Microsoft\Terminal Server Client\Servers, after exporting
    /// it. Only after the fingerprint was compared.
    pub static REMEDY = {
        id: "client.forget-fingerprint",
        side: Side::Client,
        title: "Remove the remembered certificate of this one host",
        risk: Risk::Low,
        draft: |case| {
            let host = case.host();
            if host.is_empty() || host.contains(['\\', '/']) {
                return Draft::Lacks {
                    facts: &[],
                    says: "Give the host as well: rdpdoctor fix secure.certificate-remembered-otherwise --for HOST.",
                };
            }
            let step = if case.client == System::Windows {
                set(
                    of_user(&format!(r"{CLIENT}\Servers\{host}"), "CertHash"),
                    Value::Absent,
                    "The Windows client keeps the fingerprint it was told to accept for this host here.",
                )
            } else {
                set(
                    Key::Content {
                        file: format!("~/.config/freerdp/server/{host}_{}.pem", case.target().port),
                    },
                    Value::Absent,
                    "FreeRDP keeps the certificate it was told to accept for this host here.",
                )
            };
            Draft::Steps(vec![
                on_client(if_present(step)),
                person(
                    Machine::Client,
                    "Connect again, and accept the certificate only when its fingerprint is the host's.",
                    "The client asks once and remembers the answer.",
                ),
            ])
        },
    };
}
