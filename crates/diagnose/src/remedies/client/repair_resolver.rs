//! The remedy `client.repair-resolver`.

use crate::prescription::*;

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
        draft: |_| Draft::Steps(vec![
            act(
                Machine::Client,
                Action::ForgetNames,
                "Old and failed answers are forgotten, so that the name is asked for again.",
            ),
            person(
                Machine::Client,
                "If the name still has no answer: leave the network or VPN and join it again; name servers that were entered by hand go back to automatic.",
                "The network hands out name servers that answer.",
            ),
        ]),
    };
}
