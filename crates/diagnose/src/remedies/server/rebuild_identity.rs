//! The remedy `server.rebuild-identity`.

use crate::prescription::*;

remedy! {
    /// Give the cloned host an identity of its own.
    ///
    /// # How
    ///
    /// Set the host up anew from an image that was generalized with Sysprep; joining it to the domain again
    /// comes after that. Changing the identifier of a machine in place is not supported by Microsoft.
    pub static REMEDY = {
        id: "server.rebuild-identity",
        side: Side::Server,
        title: "Give the cloned host an identity of its own",
        risk: Risk::High,
        draft: |_| ask(
            Machine::Server,
            "Set the host up anew from an image that was generalized with Sysprep, and join it to the domain again. Copy what it holds first.",
            "The host has an identifier of its own, and other machines believe it.",
        ),
    };
}
