//! The remedy `server.send-chain`.

use crate::prescription::*;

remedy! {
    /// Let the server send the certificates between its own and the authority.
    ///
    /// # How
    ///
    /// Windows: put the intermediate authority's certificate into the computer's Intermediate store. Linux:
    /// append it to the certificate file.
    pub static REMEDY = {
        id: "server.send-chain",
        side: Side::Server,
        title: "Let the server send the certificates between its own and the authority",
        risk: Risk::Low,
        draft: |case| ask(
            Machine::Server,
            if case.windows() {
                "Put the certificate of the intermediate authority into the computer's store of intermediate authorities: certutil -addstore CA FILE (taken back with certutil -delstore CA SERIAL)."
            } else {
                "Append the certificate of the intermediate authority to the file named by certificate in xrdp.ini, after keeping a copy, and restart xrdp."
            },
            "A client that does not know the intermediate cannot find the way to the authority.",
        ),
    };
}
