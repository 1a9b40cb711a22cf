//! The remedy `server.repair-key-store`.

use crate::prescription::*;

remedy! {
    /// Restore the permissions of the machine's key store.
    ///
    /// # How
    ///
    /// Save the present permissions (icacls C:\ProgramData\Microsoft\Crypto\RSA\MachineKeys /save FILE /t), then
    /// give back the defaults by SID: Everyone (S-1-1-0) write and read on the folder, Administrators
    /// (S-1-5-32-544) full control, and NETWORK SERVICE (S-1-5-20) read on the key of Remote Desktop. Restart
    /// the service.
    ///
    /// # What may go wrong
    ///
    /// Renaming or emptying the folder, as often advised, loses the keys of every other program.
    pub static REMEDY = {
        id: "server.repair-key-store",
        side: Side::Server,
        title: "Restore the permissions of the machine's key store",
        risk: Risk::High,
        draft: |case| {
            if !case.windows() {
                return Draft::Lacks {
                    facts: &[FactKind::FileFound],
                    says: "This is for Windows; for xrdp use the remedy server.let-server-read-key.",
                };
            }
            let folder = |sid: &str, rights, why: &str| {
                set(
                    Key::AccessEntry {
                        of: Guarded::Path(r"%ProgramData%\Microsoft\Crypto\RSA\MachineKeys".to_owned()),
                        sid: sid.to_owned(),
                    },
                    Value::Access(rights),
                    why,
                )
            };
            Draft::Steps(vec![
                folder("S-1-5-32-544", Rights::Full, "Administrators (S-1-5-32-544) have everything, and the system with them, as it is delivered."),
                folder(
                    "S-1-1-0",
                    Rights::ReadAndCreate,
                    "Everyone (S-1-1-0) may read and make files in this folder, as it is delivered; what is in it has rights of its own. Nothing is renamed or deleted.",
                ),
                key_access(),
                restart("SessionEnv", "Remote Desktop Configuration makes a certificate when there is none."),
                restart_server(case),
            ])
        },
    };
}
