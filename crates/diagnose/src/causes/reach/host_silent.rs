//! The cause `reach.host-silent`.

use crate::prelude::*;

cause! {
    /// The host is off, asleep or hanging.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) after twenty seconds or more.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Nothing at all came back, from this port or from others. A machine that is on answers most closed ports
    /// with a reset; one that is off, asleep or frozen answers nothing. From outside that looks the same as a
    /// broken way or a firewall that drops everything.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host: power it on, wake it, or restart it from the console.
    ///
    /// # Sources
    ///
    /// RFC 9293 section 3.5.2.
    pub static CAUSE = {
        id: "reach.host-silent",
        family: "host-unhealthy",
        phase: Phase::Reach,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host is off, asleep or hanging",
        prior: -5,
        clues: &[
            clues::HOST_SILENT,
            clues::NOBODY_THERE,
            clues::NOBODY_ON_THE_SEGMENT,
            clues::OTHER_PORTS_SILENT,
            clues::DEAD_ELSEWHERE,
            clues::ORDINARY_ADDRESS,
        ],
        asks: &[&asks::CONSOLE, &asks::FROM_INSIDE],
        remedies: &["server.wake", "server.restart-host", "server.reset-from-outside"],
    };
}
