//! The remedy `client.update`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::Client,
            "Install the current version of the program that connects. Keep the old one until the new one was seen to work.",
            "The fault, or the missing protocol, is in the version that is installed.",
        ),
    };
}
