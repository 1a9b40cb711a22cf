//! The remedy `gateway.reach-target`.

use crate::prescription::*;

remedy! {
    /// Let the gateway reach the host.
    ///
    /// # How
    ///
    /// On the gateway: does the name resolve, does port 3389 open (Test-NetConnection)? Then mend name, power or
    /// filter.
    pub static REMEDY = {
        id: "gateway.reach-target",
        side: Side::Gateway,
        title: "Let the gateway reach the host",
        risk: Risk::Medium,
        draft: |case| ask(
            Machine::Gateway,
            format!("On the gateway: Test-NetConnection {} -Port {}. Then mend the name, the power or the filter that it shows.", if case.host().is_empty() { "HOST" } else { case.host() }, case.target().port),
            "The gateway connects on behalf of the client: what it cannot reach, nobody reaches through it.",
        ),
    };
}
