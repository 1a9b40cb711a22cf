//! The remedy `client.use-right-port`.

use crate::prescription::*;

remedy! {
    /// Use the port on which Remote Desktop listens.
    ///
    /// # How
    ///
    /// Write it behind the name with a colon (srv01:3390), or leave it out if it is 3389. The administrator of
    /// the host knows the port.
    pub static REMEDY = {
        id: "client.use-right-port",
        side: Side::Client,
        title: "Use the port on which Remote Desktop listens",
        risk: Risk::Low,
        draft: |case| {
            let port = case.listener_port().filter(|port| *port != case.target().port);
            ask(
                Machine::Client,
                match port {
                    Some(port) if case.host().is_empty() => format!("Write the port behind the name of the host: NAME:{port}."),
                    Some(port) => format!("Connect to {}:{port}.", case.host()),
                    None => "Ask the administrator of the host for the port, and write it behind the name: srv01:3390. Without a number it is 3389.".to_owned(),
                },
                "Remote Desktop of this host listens elsewhere.",
            )
        },
    };
}
