//! The remedy `client.use-right-name`.

use crate::prescription::*;

remedy! {
    /// Use the host's right name or address.
    ///
    /// # How
    ///
    /// Compare the name with the one colleagues use, letter by letter; give the full name (srv01.corp.example)
    /// rather than the short one. Saved connections keep old names: open the connection file and look.
    pub static REMEDY = {
        id: "client.use-right-name",
        side: Side::Client,
        title: "Use the host's right name or address",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Client,
            "Compare the name letter by letter with the one colleagues use, and give the full one (srv01.corp.example). Open saved connections: they keep old names.",
            "The name leads elsewhere, or nowhere.",
        ),
    };
}
