//! The remedy `client.repair-resolver`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Let this machine ask name servers that answer.
    ///
    /// # How
    ///
    /// Leave the network or VPN and join it again. If name servers were entered by hand, write them down and set
    /// the adapter to take them from the network. ipconfig /flushdns forgets old answers.
    pub static REMEDY = {
        id: "client.repair-resolver",
        side: Side::Client,
        title: "Let this machine ask name servers that answer",
        risk: Risk::Low,
    };
}
