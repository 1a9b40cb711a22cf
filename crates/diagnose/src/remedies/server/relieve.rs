//! The remedy `server.relieve`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::Server,
            "Find what takes the processor, the memory or the disk (Task Manager over the console; top), and stop or move it, or give the host more.",
            "A host that is out of something answers late or not at all.",
        ),
    };
}
