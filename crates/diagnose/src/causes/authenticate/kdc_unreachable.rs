//! The cause `authenticate.kdc-unreachable`.

use crate::prelude::*;

cause! {
    /// No Kerberos server of the domain can be reached from here.
    ///
    /// # What the user sees
    ///
    /// Mostly nothing: the client takes NTLM instead. Where the domain or the user may not use NTLM (Protected
    /// Users, Remote Credential Guard, a policy), the logon fails with 0x80090311 or "the Local Security Authority
    /// cannot be contacted".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The name servers of this machine name no Kerberos server for the realm, or none that they name answers on
    /// its port (88). Outside the domain's network that is usual. When the server itself cannot reach a controller,
    /// it says so with its status.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever needs Kerberos brings up the VPN or goes through a gateway with a Kerberos proxy; the administrator of
    /// the network opens TCP and UDP 88 to the controllers, and has the name servers forward the domain's names.
    ///
    /// # Sources
    ///
    /// RFC 4120 section 7.2; [MS-KKDCP] 1.3; Microsoft Learn: how domain controllers are located.
    pub static CAUSE = {
        id: "authenticate.kdc-unreachable",
        family: "nla-kerberos-path",
        phase: Phase::Authenticate,
        side: Side::Network,
        severity: Severity::Note,
        title: "No Kerberos server of the domain can be reached from here",
        prior: -4,
        clues: &[
            Clue {
                says: "{met}",
                denies: "{met}",
                reads: &[FactKind::KdcAnswered, FactKind::TicketAnswered, FactKind::KdcUnanswered, FactKind::KdcsNamed],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.no_kerberos(),
            },
            logged!("klist", Strong, "KRB_NO_SERVER"),
        ],
        asks: &[&asks::VPN, &asks::CONTROLLERS],
        remedies: &["client.bring-up-vpn", "client.use-gateway"],
    };
}
