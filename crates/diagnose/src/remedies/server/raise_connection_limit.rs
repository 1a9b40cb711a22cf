//! The remedy `server.raise-connection-limit`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Raise the limit of connections.
    ///
    /// # How
    ///
    /// Windows: the policy "Limit number of connections" or MaxInstanceCount of the listener; xrdp: MaxSessions
    /// in sesman.ini. Note the present value. Keep scanners away with a firewall first: a higher limit alone
    /// feeds them.
    pub static REMEDY = {
        id: "server.raise-connection-limit",
        side: Side::Server,
        title: "Raise the limit of connections",
        risk: Risk::Medium,
    };
}
