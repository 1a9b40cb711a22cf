//! The remedy `server.grant-key-access`.

use crate::prescription::*;

remedy! {
    /// Give the Remote Desktop service read access to the certificate's key.
    ///
    /// # How
    ///
    /// certlm.msc, the certificate, All Tasks, Manage Private Keys: add NETWORK SERVICE with Read. The key must
    /// be stored with the machine and marked as persistent; a key imported for a user or lost is imported again
    /// with its .pfx file. Restart the service. For xrdp it is what server.let-server-read-key does.
    pub static REMEDY = {
        id: "server.grant-key-access",
        side: Side::Server,
        title: "Give the Remote Desktop service read access to the certificate's key",
        risk: Risk::Medium,
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(server_reads_key(case));
            }
            Draft::Steps(vec![
                key_access(),
                restart_server(case),
                person(
                    Machine::Server,
                    "If the script says that the certificate has no private key: import it again with its .pfx file into the computer's own store (certutil -importPFX), not the user's.",
                    "A key that was imported for a user, or lost, cannot be given to anybody.",
                ),
            ])
        },
    };
}
