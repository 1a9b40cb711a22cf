//! The remedy `server.grant-key-access`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Give the Remote Desktop service read access to the certificate's key.
    ///
    /// # How
    ///
    /// certlm.msc, the certificate, All Tasks, Manage Private Keys: add NETWORK SERVICE with Read. The key must
    /// be stored with the machine and marked as persistent; a key imported for a user or lost is imported again
    /// with its .pfx file. Restart the service.
    pub static REMEDY = {
        id: "server.grant-key-access",
        side: Side::Server,
        title: "Give the Remote Desktop service read access to the certificate's key",
        risk: Risk::Medium,
    };
}
