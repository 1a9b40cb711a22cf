//! The remedy `client.sync-clock`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
