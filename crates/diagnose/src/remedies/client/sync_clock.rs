//! The remedy `client.sync-clock`.

use crate::prescription::*;

remedy! {
    /// Set this machine's clock right.
    ///
    /// # How
    ///
    /// Windows: w32tm /resync. Linux: timedatectl set-ntp true. Look at the time zone too: a wrong zone with a
    /// right-looking clock is hours off.
    pub static REMEDY = {
        id: "client.sync-clock",
        side: Side::Client,
        title: "Set this machine's clock right",
        risk: Risk::Low,
        draft: |_| Draft::Steps(vec![act(
            Machine::Client,
            Action::SyncClock,
            "Kerberos and certificates need clocks that agree to within minutes.",
        )]),
    };
}
