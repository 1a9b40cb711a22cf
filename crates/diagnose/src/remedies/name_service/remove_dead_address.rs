//! The remedy `name-service.remove-dead-address`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::NameServer,
            r#"Write down the record with the dead address and remove it. On the host: untick "Register this connection's addresses in DNS" for the adapter it came from."#,
            "Otherwise the host enters it again.",
        ),
    };
}
