//! The remedy `server.allow-without-nla`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Accept connections without NLA, for a while.
    ///
    /// # How
    ///
    /// UserAuthentication = 0 on the listener, or the policy "Require user authentication by using NLA" off.
    /// Note the value and put it back once the client was replaced.
    pub static REMEDY = {
        id: "server.allow-without-nla",
        side: Side::Server,
        title: "Accept connections without NLA, for a while",
        risk: Risk::Medium,
        weakens: Some("The logon screen opens to everybody who reaches the port, before any password is asked."),
    };
}
