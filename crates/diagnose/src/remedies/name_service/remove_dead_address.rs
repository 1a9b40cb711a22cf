//! The remedy `name-service.remove-dead-address`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Remove the dead address from the name.
    ///
    /// # How
    ///
    /// Write the record down, remove it, and see that the host does not register it again: the adapter's
    /// advanced DNS settings have "Register this connection's addresses".
    pub static REMEDY = {
        id: "name-service.remove-dead-address",
        side: Side::NameService,
        title: "Remove the dead address from the name",
        risk: Risk::Low,
    };
}
