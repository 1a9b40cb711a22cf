//! The remedy `server.unban`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Take this client's address off the ban list.
    ///
    /// # How
    ///
    /// fail2ban-client set JAIL unbanip ADDRESS, or the list of the product in use. Then find what guessed: a
    /// phone, script or service with an old password behind the same address.
    pub static REMEDY = {
        id: "server.unban",
        side: Side::Server,
        title: "Take this client's address off the ban list",
        risk: Risk::Low,
    };
}
