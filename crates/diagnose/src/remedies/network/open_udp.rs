//! The remedy `network.open-udp`.

use crate::prescription::*;

remedy! {
    /// Let UDP 3389 through, or switch the side transport off.
    ///
    /// # How
    ///
    /// Allow UDP 3389 beside TCP 3389. Where that cannot be: the policy "Select RDP transport protocols" on the
    /// host set to TCP only, after noting its value.
    pub static REMEDY = {
        id: "network.open-udp",
        side: Side::Network,
        title: "Let UDP 3389 through, or switch the side transport off",
        risk: Risk::Low,
        draft: |case| {
            let port = case.target().port;
            let mut steps = let_in(case, port);
            steps.retain(|step| matches!(&step.step, model::plan::Step::Set { key: Key::FirewallRule { rule }, .. } if rule.ends_with("UDP")));
            steps.push(person(
                Machine::Network,
                format!("On the filters on the way: allow UDP {port} beside TCP {port}, from the same networks."),
                "Over UDP sessions stay smooth on lossy lines.",
            ));
            Draft::Steps(steps)
        },
    };
}
