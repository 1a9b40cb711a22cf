//! The remedy `server.repair-broker`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
