//! The remedy `server.repair-broker`.

use crate::prescription::*;

remedy! {
    /// Repair the connection broker or its farm.
    ///
    /// # How
    ///
    /// See that the broker's services run and reach their database, and that the farm's hosts are joined and
    /// accept connections (not in drain mode). Give users the farm's own connection file.
    pub static REMEDY = {
        id: "server.repair-broker",
        side: Side::Server,
        title: "Repair the connection broker or its farm",
        risk: Risk::Medium,
        draft: |_| ask(
            Machine::Server,
            "See that the broker's services run (Tssdis, RDMS) and reach their database, and that the hosts of the farm accept connections (chglogon /query). Give users the farm's own connection file.",
            "The broker sends people to hosts that do not take them.",
        ),
    };
}
