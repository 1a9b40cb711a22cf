//! The remedy `client.forget-saved-password`.

use crate::prescription::*;

remedy! {
    /// Forget the saved password for this host.
    ///
    /// # How
    ///
    /// cmdkey /list shows the names (never the passwords), cmdkey /delete:TERMSRV/HOST forgets one. Nobody can
    /// read a saved password, so nobody can put it back: the owner has to know it.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: cmdkey.
    pub static REMEDY = {
        id: "client.forget-saved-password",
        side: Side::Client,
        title: "Forget the saved password for this host",
        risk: Risk::Low,
        reversible: false,
        draft: |case| {
            let host = case.host();
            if host.is_empty() {
                return Draft::Lacks {
                    facts: &[],
                    says: "Give the host as well: rdpdoctor fix authenticate.wrong-credentials --remedy client.forget-saved-password --for HOST.",
                };
            }
            if case.client == System::Linux {
                return ask(
                    Machine::Client,
                    "Remove the saved password from the entry of the host in Remmina, or from the keyring (seahorse).",
                    "The client sends the saved one before it asks.",
                );
            }
            Draft::Steps(vec![
                act(
                    Machine::Client,
                    Action::ForgetCredential { target: format!("TERMSRV/{host}") },
                    "The client sends the saved password before it asks, and each wrong one counts towards a lock-out. It cannot be put back: know the right one first.",
                ),
                person(
                    Machine::Client,
                    "Connect once and type the password.",
                    "The client asks now.",
                ),
            ])
        },
    };
}
