//! The remedy `client.update-credssp`.

use crate::prescription::*;

remedy! {
    /// Install the CredSSP update of 2018 on the side that lacks it.
    ///
    /// # How
    ///
    /// Any cumulative update of Windows since May 2018 holds it. On old relays and clients, take a current
    /// version.
    ///
    /// # Sources
    ///
    /// CVE-2018-0886; Microsoft Learn: CredSSP updates.
    pub static REMEDY = {
        id: "client.update-credssp",
        side: Side::Client,
        title: "Install the CredSSP update of 2018 on the side that lacks it",
        risk: Risk::Medium,
        draft: |_| Draft::Steps(vec![
            person(
                Machine::Client,
                "Install a cumulative update of Windows from May 2018 or later (winver shows the build), or a current version of the relay or client.",
                "Since then both sides refuse the old form of CredSSP (CVE-2018-0886).",
            ),
            person(
                Machine::Server,
                "The same on the host, when it is the older side: over its console, WinRM, or the hypervisor.",
                "The side without the update is the one that is refused.",
            ),
        ]),
    };
}
