//! The remedy `client.update`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Update the program that connects.
    ///
    /// # How
    ///
    /// Install the current version; keep the old one until the new one was seen to work.
    pub static REMEDY = {
        id: "client.update",
        side: Side::Client,
        title: "Update the program that connects",
        risk: Risk::Low,
    };
}
