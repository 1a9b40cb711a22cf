//! The remedy `name-service.correct-record`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Correct the address record of the name.
    ///
    /// # How
    ///
    /// Compare the record with the host's address (ipconfig), change it, and wait for its lifetime or flush the
    /// caches. Scavenging keeps old records from coming back.
    pub static REMEDY = {
        id: "name-service.correct-record",
        side: Side::NameService,
        title: "Correct the address record of the name",
        risk: Risk::Low,
    };
}
