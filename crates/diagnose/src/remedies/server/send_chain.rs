//! The remedy `server.send-chain`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
