//! The cause `session.broker-fails`.

use crate::prelude::*;

cause! {
    /// The connection broker does not find or hand over a session.
    ///
    /// # What the user sees
    ///
    /// The logon works and the connection ends; a single host works, the name of the farm does not.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The broker says that it could not redirect, or the client did not follow: a client without the farm's
    /// connection file, a broker whose database is away.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the farm; the user takes the farm's own connection file.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.13.1; Microsoft Learn: RD Connection Broker.
    pub static CAUSE = {
        id: "session.broker-fails",
        family: "session-broker-redirect",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The connection broker does not find or hand over a session",
        prior: -5,
        clues: &[
        ],
        remedies: &["server.repair-broker", "server.accept-logons"],
        topics: &[Topic::Broker, Topic::BrokerTarget],
    };
}
