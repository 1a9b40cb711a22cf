//! The remedy `server.repair-key-store`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
