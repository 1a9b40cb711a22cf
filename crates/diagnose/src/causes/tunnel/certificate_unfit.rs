//! The cause `tunnel.certificate-unfit`.

use model::fact::GatewayStep;

use crate::prelude::*;

cause! {
    /// The RD Gateway's certificate does not fit.
    ///
    /// # What the user sees
    ///
    /// "This computer can't verify the identity of the RD Gateway"; there is no way to go on.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Clients are stricter with a gateway than with a host: its certificate must be trusted, in time and for
    /// the name that is entered.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the gateway.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Certificates for RD Gateway.
    pub static CAUSE = {
        id: "tunnel.certificate-unfit",
        family: "gateway-cert",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "The RD Gateway's certificate does not fit",
        prior: -5,
        clues: &[
            Clue {
                says: "{gateway} was asked for and its certificate is for {names}",
                denies: "its certificate is for {names}",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.gateway_misnamed(),
            },
            Clue {
                says: "the certificate {name} is out of its time: it ends on {expires}",
                denies: "the certificate {name} is valid until {expires}",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.gateway_out_of_time(),
            },
            Clue {
                says: "the certificate {name} is for {usage}, and not for servers",
                denies: "the certificate {name} may be a server's",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.gateway_of_other_use(),
            },
            Clue {
                says: "{gateway} ended {step} with {code}",
                denies: "{gateway} passed {step}",
                reads: &[FactKind::GatewayStepped],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.gateway_refused(GatewayStep::Tunnel, Topic::GatewayCertificate),
            },
            Clue {
                says: "the certificate is {trust}",
                denies: "the certificate is {trust}",
                reads: &[FactKind::CertificateTrust],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.gateway_untrusted(),
            },
        ],
        remedies: &["gateway.renew-certificate"],
        topics: &[Topic::GatewayCertificate],
    };
}
