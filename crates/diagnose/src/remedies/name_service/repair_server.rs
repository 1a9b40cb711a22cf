//! The remedy `name-service.repair-server`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Repair the name server.
    ///
    /// # How
    ///
    /// Look whether it runs, reaches its forwarders and root servers, and whether the zone is loaded; its own
    /// log says which.
    pub static REMEDY = {
        id: "name-service.repair-server",
        side: Side::NameService,
        title: "Repair the name server",
        risk: Risk::Medium,
    };
}
