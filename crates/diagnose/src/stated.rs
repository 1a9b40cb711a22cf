//! What people say they saw: codes and words, as a hint about causes.
//!
//! A dialog is shown for many causes and people copy it from memory, so what was stated weighs little beside
//! what was seen; it never proves anything. A code is about a topic, and families of causes name the topics
//! that speak for them.

use model::codes::Topic::{self, *};
use model::{Fact, FactKind, Observation, Phase};

use crate::behaviours;
use crate::cause::{Cause, Clue, Reading, Weight};
use crate::causes::CAUSES;

/// The topics that speak for the causes of a family.
static FAMILIES: &[(&str, &[Topic])] = &[
    ("dns-failure", &[NameNotResolved, BadAddress]),
    (
        "host-unhealthy",
        &[
            ConnectFailed,
            Timeout,
            Unreachable,
            ServerStall,
            ServerResources,
            ServerRestart,
        ],
    ),
    (
        "nic-or-ip-misconfig",
        &[ConnectFailed, Timeout, Unreachable],
    ),
    ("route-or-vpn-down", &[ConnectFailed, Timeout, Unreachable]),
    (
        "perimeter-firewall",
        &[ConnectFailed, Timeout, Unreachable, ConnectRefused],
    ),
    ("host-firewall", &[ConnectFailed, Timeout, ConnectRefused]),
    (
        "ip-banned",
        &[ConnectFailed, Timeout, ConnectRefused, SocketClosed],
    ),
    (
        "security-software",
        &[
            SocketClosed,
            SocketReset,
            ConnectFailed,
            Timeout,
            ConnectForbidden,
        ],
    ),
    (
        "client-os-network-permission",
        &[ConnectForbidden, ConnectFailed],
    ),
    ("mtu-blackhole", &[Timeout, TlsHandshake, SocketClosed]),
    (
        "middlebox-reset",
        &[
            SocketReset,
            SocketClosed,
            TlsHandshake,
            TlsCorruption,
            Interception,
        ],
    ),
    (
        "proxy-misroute",
        &[SocketClosed, SocketReset, NotRdp, WrongService],
    ),
    ("udp-transport-broken", &[UdpTransport]),
    (
        "rdp-disabled-or-edition",
        &[ConnectFailed, ConnectRefused, LogonsDisabled],
    ),
    (
        "termservice-down",
        &[
            ConnectFailed,
            ConnectRefused,
            Timeout,
            ServiceFault,
            Listener,
        ],
    ),
    (
        "listener-broken",
        &[
            ConnectFailed,
            ConnectRefused,
            Listener,
            ListenFailed,
            SocketClosed,
        ],
    ),
    (
        "port-changed-or-conflict",
        &[
            ConnectFailed,
            ConnectRefused,
            ListenFailed,
            NotRdp,
            WrongService,
        ],
    ),
    (
        "wrong-service-on-port",
        &[NotRdp, NotTls, WrongService, SocketClosed],
    ),
    ("connection-limit", &[ConnectionLimit, SocketClosed]),
    (
        "server-app-misconfig",
        &[SocketClosed, ServerDenied, ClientInformation],
    ),
    (
        "security-layer-mismatch",
        &[
            NegotiationRefused,
            TlsRequired,
            TlsNotAllowed,
            RdpSecurity,
            ListenerSecurity,
        ],
    ),
    (
        "nla-required-client-cannot",
        &[NlaRequired, NegotiationRefused],
    ),
    (
        "rdp-cert-stale",
        &[
            CertificateExpired,
            ListenerCertificate,
            CertificateBad,
            NoServerCertificate,
            ServerKey,
            SocketClosed,
            SocketReset,
        ],
    ),
    (
        "machinekeys-acl",
        &[
            ServerKey,
            NoServerCertificate,
            TlsInternal,
            SocketClosed,
            SocketReset,
        ],
    ),
    (
        "cert-key-unusable",
        &[
            ServerKey,
            NoServerCertificate,
            TlsInternal,
            TlsHandshake,
            SocketClosed,
            SocketReset,
        ],
    ),
    (
        "linux-tls-key-unreadable",
        &[ServerKey, ServerTlsSettings, SocketClosed],
    ),
    (
        "tls-version-cipher",
        &[
            TlsVersion,
            TlsCipher,
            TlsHandshake,
            CertificateBad,
            SocketReset,
        ],
    ),
    (
        "security-policy-hardening",
        &[
            TlsCredential,
            Fips,
            DelegationPolicy,
            TlsCipher,
            TlsVersion,
            TlsHandshake,
        ],
    ),
    (
        "cert-untrusted-or-mismatch",
        &[
            CertificateUntrusted,
            CertificateName,
            CertificateRevoked,
            Revocation,
            CertificateChanged,
            ClientRefused,
        ],
    ),
    (
        "client-cert-prompt-reconnect",
        &[TlsClosed, ClientRefused, SocketClosed],
    ),
    ("credssp-oracle", &[CredSspMismatch, AuthenticationFailed]),
    (
        "nla-kerberos-path",
        &[
            Kerberos,
            NoLogonServer,
            NtlmBlocked,
            TrustBroken,
            AuthenticationFailed,
            CredSspAborted,
        ],
    ),
    ("clock-skew", &[ClockSkew, CertificateExpired]),
    (
        "ntlm-crypto-unavailable",
        &[Fips, NtlmBlocked, AuthenticationFailed],
    ),
    ("duplicate-sid", &[AuthenticationFailed]),
    (
        "account-or-right-denied",
        &[
            WrongCredentials,
            AccountDisabled,
            AccountLocked,
            AccountExpired,
            AccountRestriction,
            LogonHours,
            PasswordExpired,
            LogonRight,
            LogonsDisabled,
            FreshCredentials,
            NoCredentials,
            SmartCard,
            DelegationPolicy,
            AuthenticationFailed,
        ],
    ),
    ("entra-auth", &[Entra, WrongCredentials]),
    (
        "rds-license-missing",
        &[LicenseServer, LicenseHost, LicenseProtocol],
    ),
    (
        "client-license-cache",
        &[LicenseClient, LicenseProtocol, ActivationStall],
    ),
    ("session-broker-redirect", &[Broker, BrokerTarget]),
    (
        "session-backend-failed",
        &[
            SessionStart,
            GraphicsDriver,
            GraphicsStream,
            ServerCrash,
            ActivationStall,
        ],
    ),
    ("gateway-cert", &[GatewayCertificate]),
    ("gateway-transport", &[GatewayFault, GatewaySession]),
    (
        "gateway-policy",
        &[GatewayPolicy, GatewayResource, GatewayLimit],
    ),
    ("gateway-target-unreachable", &[GatewayTarget]),
    (
        "client-bug",
        &[
            ClientFault,
            ClientData,
            GraphicsStream,
            TlsInternal,
            Channels,
            Capabilities,
        ],
    ),
    (
        "client-config",
        &[
            ClientSettings,
            SelfConnect,
            NoCredentials,
            BadAddress,
            MonitorLayout,
            RemoteApp,
        ],
    ),
    (
        "client-cache-stale",
        &[CertificateChanged, FreshCredentials],
    ),
    (
        "windows-update-regression",
        &[GraphicsDriver, AuthenticationFailed],
    ),
];

/// The clue that stands for all that was stated.
pub(crate) static STATED: Clue = Clue {
    says: "somebody saw or said: {stated}",
    denies: "somebody saw or said: {stated}",
    reads: behaviours::READS,
    weight: Weight::Fair,
    against: Weight::None,
    look: |_| Reading::Silent,
};

/// The clue that stands for the words themselves, where words are all there is.
pub(crate) static WORDED: Clue = Clue {
    says: "reports of this kind are told in such words: {told}",
    denies: "reports of this kind are told in other words",
    reads: &[FactKind::WordsStated],
    weight: Weight::Slight,
    against: Weight::None,
    look: |_| Reading::Silent,
};

/// What was stated that bears on the cause, and what it weighs, in decibans.
///
/// The heaviest statement counts in full and every further one half of the one before it: people say the same
/// thing in several ways, and a code and its dialog are one sign. However much is said, it stays below what a
/// strong clue weighs.
pub(crate) fn cited<'e>(
    cause: &Cause,
    observations: impl Iterator<Item = &'e Observation>,
) -> Vec<(&'e Observation, i32)> {
    let mut cited: Vec<(&Observation, i32)> = Vec::new();
    for observation in observations {
        let weight = match &observation.fact {
            Fact::CodeStated { topic, .. } | Fact::SymptomStated { topic, .. }
                if speaks(*topic, cause) =>
            {
                telling(*topic).decibans()
            }
            fact => behaviours::weight(cause, fact),
        };
        let again = cited
            .iter()
            .any(|(known, _)| same(&known.fact, &observation.fact));
        if weight != 0 && !again {
            cited.push((observation, weight));
        }
    }
    cited.sort_by_key(|(_, weight)| -weight.abs());
    let (mut ways_for, mut ways_against) = (0_u32, 0_u32);
    for (_, weight) in &mut cited {
        let further = if *weight > 0 {
            &mut ways_for
        } else {
            &mut ways_against
        };
        *weight /= 2_i32.saturating_pow(*further);
        *further = further.saturating_add(1);
    }
    cited.retain(|(_, weight)| *weight != 0);
    cited
}

/// Both say the same thing.
fn same(one: &Fact, other: &Fact) -> bool {
    let topic = |fact: &Fact| match fact {
        Fact::CodeStated { topic, .. } | Fact::SymptomStated { topic, .. } => Some(*topic),
        _ => None,
    };
    match (one, other) {
        (
            Fact::BehaviourStated { symptom: one, .. },
            Fact::BehaviourStated { symptom: other, .. },
        ) => one == other,
        _ => topic(one).is_some() && topic(one) == topic(other),
    }
}

/// The causes for which a topic speaks: those with the fewest other topics first, then the commonest.
pub fn speaking_for(topic: Topic) -> Vec<&'static Cause> {
    let mut causes: Vec<(usize, i32, &'static Cause)> = CAUSES
        .iter()
        .copied()
        .filter(|cause| speaks(topic, cause))
        .map(|cause| (rank(topic, cause), -cause.prior, cause))
        .collect();
    causes.sort_by_key(|(rank, prior, cause)| (*rank, *prior, cause.id));
    causes.into_iter().map(|(_, _, cause)| cause).collect()
}

/// How far down a topic stands among those of the cause.
fn rank(topic: Topic, cause: &Cause) -> usize {
    if cause.topics.contains(&topic) {
        return 0;
    }
    of_family(cause.family)
        .iter()
        .position(|own| *own == topic)
        .map_or(usize::MAX, |at| at.saturating_add(1))
}

fn speaks(topic: Topic, cause: &Cause) -> bool {
    cause.topics.contains(&topic)
        || (of_family(cause.family).contains(&topic) && fits(topic, cause.phase))
}

fn of_family(family: &str) -> &'static [Topic] {
    FAMILIES
        .iter()
        .find(|(name, _)| *name == family)
        .map_or(&[], |(_, topics)| topics)
}

/// A cause that shows on this rung can bring what the topic says. A family spans rungs; what ends a
/// connection before it opens does not speak for a cause that shows after.
fn fits(topic: Topic, phase: Phase) -> bool {
    match topic {
        NameNotResolved => phase == Phase::Resolve,
        ConnectFailed | ConnectRefused | ConnectForbidden | Unreachable => phase <= Phase::Tcp,
        SocketClosed | SocketReset | NotRdp | WrongService => phase >= Phase::Tcp,
        Timeout => phase >= Phase::Reach,
        NlaRequired | TlsRequired | TlsNotAllowed | NegotiationRefused => phase == Phase::Negotiate,
        TlsVersion | TlsCipher | TlsHandshake | CertificateExpired | CertificateUntrusted
        | CertificateName => phase >= Phase::Negotiate,
        _ => true,
    }
}

/// How much it tells that someone saw this.
const fn telling(topic: Topic) -> Weight {
    match topic {
        Success | Progress | BrokerProgress | NoInfo | Unknown | UserAction | ProtocolOffer
        | SequenceFailed => Weight::None,
        // These come from so many causes that they hardly tell them apart.
        SocketClosed | SocketReset | SocketIo | Timeout | ConnectFailed | TlsHandshake
        | TlsClosed | AuthenticationFailed | ServerEnded | ServerDenied | ClientFault
        | AccessDenied | NegotiationRefused | CertificateUntrusted | GatewayFault
        | CredSspAborted => Weight::Slight,
        _ => Weight::Fair,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_socket_speaks_for_many_and_little() {
        assert!(speaking_for(SocketClosed).len() > 3);
        assert_eq!(telling(SocketClosed), Weight::Slight);
        assert!(
            speaking_for(SocketClosed)
                .iter()
                .all(|cause| cause.phase >= Phase::Tcp)
        );
    }

    #[test]
    fn a_name_without_an_answer_speaks_for_names_alone() {
        let causes = speaking_for(NameNotResolved);
        assert!(!causes.is_empty());
        assert!(causes.iter().all(|cause| cause.phase == Phase::Resolve));
    }

    #[test]
    fn progress_speaks_for_nothing() {
        assert!(speaking_for(Progress).is_empty());
        assert!(speaking_for(Success).is_empty());
    }
}
