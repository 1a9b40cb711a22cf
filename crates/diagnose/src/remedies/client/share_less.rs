//! The remedy `client.share-less`.

use crate::prescription::*;

remedy! {
    /// Share less over the connection.
    ///
    /// # How
    ///
    /// In the client: Local Resources, More. Switch off drives, printers, ports and smart cards, then switch on
    /// one after the other what is needed.
    pub static REMEDY = {
        id: "client.share-less",
        side: Side::Client,
        title: "Share less over the connection",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Client,
            "In the client: Local Resources, More. Switch off drives, printers, ports and smart cards, then switch on one after the other what is needed.",
            "The client asks for no more channels than the server allows.",
        ),
    };
}
