//! The remedy `server.unban`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::Server,
            "Find the list the address is on (fail2ban-client banned; IPBan; RdpGuard; the firewall), take it off (fail2ban-client set JAIL unbanip ADDRESS), and find what guessed: a telephone, script or service with an old password behind the same address.",
            "Otherwise it is banned again within the hour.",
        ),
    };
}
