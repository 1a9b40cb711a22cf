//! The cause `secure.name-not-served`.

use crate::prelude::*;

cause! {
    /// A relay in front of the host serves other names than the one asked for.
    ///
    /// # What the user sees
    ///
    /// The connection ends after "Securing remote connection", by one name of the host and not by another.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server answered with the alert unrecognized name: it chooses by the name in the first TLS message and
    /// knows no such name.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the relay adds the name, or the user takes the one that is served.
    ///
    /// # Sources
    ///
    /// RFC 6066 section 3.
    pub static CAUSE = {
        id: "secure.name-not-served",
        family: "proxy-misroute",
        phase: Phase::Secure,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "A relay in front of the host serves other names than the one asked for",
        prior: -6,
        clues: &[
            Clue {
                says: "the server answered with alert {alert}",
                denies: "the server sent another alert",
                reads: &[FactKind::TlsAlerted],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::TlsAlerted { alert, .. } => matches!(*alert, TlsAlert::UNRECOGNIZED_NAME | TlsAlert::NO_APPLICATION_PROTOCOL).then_some(true), _ => None }),
            },
        ],
        asks: &[&asks::FORWARDER],
        remedies: &["client.use-right-name", "network.repair-forwarder"],
    };
}
