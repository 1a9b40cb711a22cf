//! The remedy `name-service.add-record`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Add the address record of the host.
    ///
    /// # How
    ///
    /// On a domain member, ipconfig /registerdns lets the host do it itself; otherwise add the A and AAAA
    /// records by hand.
    pub static REMEDY = {
        id: "name-service.add-record",
        side: Side::NameService,
        title: "Add the address record of the host",
        risk: Risk::Low,
    };
}
