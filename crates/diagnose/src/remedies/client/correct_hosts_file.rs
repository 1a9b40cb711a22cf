//! The remedy `client.correct-hosts-file`.

use crate::prescription::*;

remedy! {
    /// Take the line out of the hosts file of this machine, or correct it.
    ///
    /// # How
    ///
    /// Windows: C:\Windows\System32\drivers\etc\hosts, opened as administrator; Linux and macOS: /etc/hosts as root. Keep
    /// a copy. Ask who wrote the line first: a test, a move or a tunnel may still need it.
    pub static REMEDY = {
        id: "client.correct-hosts-file",
        side: Side::Client,
        title: "Take the line out of the hosts file of this machine, or correct it",
        risk: Risk::Low,
        draft: |case| {
            let said = case.facts().find_map(|fact| match fact {
                Fact::HostsFileSaid { file, name, .. } => Some((file, name)),
                _ => None,
            });
            let Some((file, name)) = said else {
                return Draft::Lacks {
                    facts: &[FactKind::HostsFileSaid],
                    says: "Look at the name on this machine: rdpdoctor and the name read its hosts file.",
                };
            };
            ask(
                Machine::Client,
                format!("Ask who wrote the line for {name} in {file}, keep a copy of the file, and take the line out or correct it."),
                "The line comes before every name server, and leads elsewhere.",
            )
        },
    };
}
