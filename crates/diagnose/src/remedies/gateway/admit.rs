//! The remedy `gateway.admit`.

use crate::prescription::*;

remedy! {
    /// Let the gateway's policies admit this user and this host.
    ///
    /// # How
    ///
    /// Add the user to the group of the connection policy and the host to the group of the resource policy, by
    /// the name that users enter. Events 200 and 300 show when they are met.
    pub static REMEDY = {
        id: "gateway.admit",
        side: Side::Gateway,
        title: "Let the gateway's policies admit this user and this host",
        risk: Risk::Medium,
        draft: |_| ask(
            Machine::Gateway,
            "Add the user to a group of the connection policy (CAP), and the host, by the name that users enter, to a group of the resource policy (RAP). Events 200 and 300 show when they are met.",
            "The policies decide by group and by name.",
        ),
    };
}
