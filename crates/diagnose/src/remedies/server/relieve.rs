//! The remedy `server.relieve`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Relieve the host.
    ///
    /// # How
    ///
    /// Find what takes the processor, memory or disk, and stop or move it; give the host more of what it lacks.
    pub static REMEDY = {
        id: "server.relieve",
        side: Side::Server,
        title: "Relieve the host",
        risk: Risk::Medium,
        reversible: false,
    };
}
