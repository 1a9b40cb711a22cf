//! What can be looked at, and at what cost: the list behind the documents and `--list-looks`.

use model::{FactKind, Phase, Trace};

use crate::{ask, kdc, load, path, side};

/// A kind of look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Its name in attempts.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub says: &'static str,
    /// Facts it can yield.
    pub yields: &'static [FactKind],
    /// The highest rung that must have been passed before it makes sense.
    pub needs: Option<Phase>,
    /// Connections it opens to the target.
    pub connections: u32,
    /// Datagrams it sends at most, to the target or to others.
    pub datagrams: u32,
    /// What has to be asked for, so that it is looked at.
    pub used: Used,
    /// What it leaves behind on the server at most.
    pub trace: Trace,
}

/// What has to be asked for, so that a look is taken. In the order of what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Used {
    /// Any check, also with `--quick`.
    Quick,
    /// A check.
    Check,
    /// A check with `--full`.
    Full,
    /// A check with this option.
    Option(&'static str),
    /// This command.
    Command(&'static str),
}

/// Every kind of look, in ladder order.
pub const PROBES: &[Probe] = &[
    RESOLVE,
    NAME_SERVER,
    TRACE,
    SIZES,
    KNOCK,
    ORIGIN,
    CLIMB,
    SIDE,
    GATEWAY,
    PASSAGE,
    DIRECT,
    GLANCE,
    OFFERS,
    CREDSSP,
    SUITES,
    HANDSHAKE,
    LOAD,
    TRUST,
    REALM,
    KDC,
    TICKET,
    LOGON,
    DESKTOP,
    SERVER,
    LISTENERS,
    FILTER,
    SERVER_LOG,
    NETWORK,
    CLIENT,
];

/// Asks for addresses.
pub const RESOLVE: Probe = Probe {
    name: "resolve",
    says: "Asks this machine's resolver for every address of the name, and reads its hosts file.",
    yields: &[
        FactKind::AddressGiven,
        FactKind::NameResolved,
        FactKind::NameNotResolved,
        FactKind::HostsFileSaid,
        FactKind::SettingFound,
    ],
    needs: None,
    connections: 0,
    datagrams: 0,
    used: Used::Quick,
    trace: Trace::Nothing,
};

/// Asks a name server.
pub const NAME_SERVER: Probe = Probe {
    name: "name-server",
    says: "Asks a name server directly for the addresses of the name, and the first one for the names of the \
           addresses; also those of this machine, when its resolver fails. Nothing goes to the host.",
    yields: &[
        FactKind::NameServerAnswered,
        FactKind::NameResolved,
        FactKind::NameNotResolved,
    ],
    needs: None,
    connections: 0,
    // An address of each family, asked for twice at most, in the usual way and without EDNS.
    datagrams: 2 * ask::SENT * 2,
    used: Used::Option("--resolver"),
    trace: Trace::Nothing,
};

/// Looks how far packets come.
pub const TRACE: Probe = Probe {
    name: "trace",
    says: "Sends the first packet of a connection as far as one hop, two hops and so on, to a port that does not answer, \
           and reads which routers say so (Linux); needs no privilege and opens nothing.",
    yields: &[FactKind::PathTraced],
    needs: Some(Phase::Resolve),
    connections: 0,
    // Each is sent again once within the time that is waited for it.
    datagrams: 2 * 24,
    used: Used::Full,
    trace: Trace::Nothing,
};

/// Looks how large packets may be.
pub const SIZES: Probe = Probe {
    name: "sizes",
    says: "Sends packets of several sizes that may not be cut into pieces to UDP ports nobody listens on, when TLS stalls, and \
           reads which came through (Linux).",
    yields: &[FactKind::PacketSizesTried],
    needs: Some(Phase::Negotiate),
    connections: 0,
    datagrams: 4 * path::SENT,
    used: Used::Check,
    trace: Trace::Nothing,
};

/// Connects to another port.
pub const KNOCK: Probe = Probe {
    name: "knock",
    says: "Connects to another port of a host that does not answer, to tell a host that is down from a \
           port that is filtered.",
    yields: &[FactKind::OtherPortAnswered],
    needs: Some(Phase::Resolve),
    connections: 1,
    datagrams: 0,
    used: Used::Check,
    trace: Trace::Nothing,
};

/// Reads where a reset comes from.
pub const ORIGIN: Probe = Probe {
    name: "origin",
    says: "Reads from how many hops away a reset came, which tells the host from a device on the way. On Linux, over IPv4, \
           as root or with CAP_NET_RAW.",
    yields: &[FactKind::ResetFromElsewhere],
    needs: Some(Phase::Tcp),
    connections: 0,
    datagrams: 0,
    used: Used::Quick,
    trace: Trace::Nothing,
};

/// Climbs the ladder.
pub const CLIMB: Probe = Probe {
    name: "climb",
    says: "Connects, negotiates, begins TLS and CredSSP as a client does, and stops before any name or \
           password is sent.",
    yields: &[
        FactKind::NoRoute,
        FactKind::LocallyForbidden,
        FactKind::SegmentsLimited,
        FactKind::TcpOpened,
        FactKind::TcpRefused,
        FactKind::TcpUnreachable,
        FactKind::TcpSilent,
        FactKind::NegotiationOffered,
        FactKind::NegotiationChosen,
        FactKind::NegotiationRefused,
        FactKind::NegotiationPlain,
        FactKind::OtherServiceAnswered,
        FactKind::Unreadable,
        FactKind::AnswerTook,
        FactKind::TlsOffered,
        FactKind::TlsChosen,
        FactKind::TlsAlerted,
        FactKind::TlsRejected,
        FactKind::TlsEstablished,
        FactKind::NotTls,
        FactKind::CertificateSeen,
        FactKind::CertificateUnreadable,
        FactKind::CredSspOffered,
        FactKind::NtlmChallenged,
        FactKind::LogonNegotiated,
        FactKind::CredSspAnswered,
        FactKind::CredSspRefused,
        FactKind::Trickled,
        FactKind::Ended,
        FactKind::PathMeasured,
        FactKind::Retransmitted,
        FactKind::SentBack,
        FactKind::ResetFromElsewhere,
        FactKind::ProxyConnected,
        FactKind::ProxyRefused,
    ],
    needs: Some(Phase::Resolve),
    connections: 1,
    datagrams: 0,
    used: Used::Quick,
    // Windows writes lines about connections that end early (TerminalServices-RemoteConnectionManager,
    // Schannel); no logon is attempted.
    trace: Trace::LogLine,
};

/// Asks for the side transport.
pub const SIDE: Probe = Probe {
    name: "side",
    says: "Sends the first datagram of RDP's side transport over UDP, at most three times, and reads whether \
           and how it is answered; of a gateway, the hello of DTLS. It opens no connection.",
    yields: &[
        FactKind::UdpAnswered,
        FactKind::UdpSilent,
        FactKind::UdpUnreachable,
    ],
    needs: Some(Phase::Tcp),
    connections: 0,
    datagrams: side::TRIES,
    used: Used::Check,
    // Windows writes that it was asked for a connection over UDP (RdpCoreTS, event 131).
    trace: Trace::LogLine,
};

/// Looks at a gateway.
pub const GATEWAY: Probe = Probe {
    name: "gateway",
    says: "Connects to an RD Gateway, shakes hands, and sends the request that begins one of the ways into it, \
           without a user. It does not reach the host.",
    yields: &[
        FactKind::NoRoute,
        FactKind::LocallyForbidden,
        FactKind::TcpOpened,
        FactKind::TcpRefused,
        FactKind::TcpUnreachable,
        FactKind::TcpSilent,
        FactKind::ProxyConnected,
        FactKind::ProxyRefused,
        FactKind::TlsOffered,
        FactKind::TlsChosen,
        FactKind::TlsAlerted,
        FactKind::TlsRejected,
        FactKind::TlsEstablished,
        FactKind::NotTls,
        FactKind::CertificateSeen,
        FactKind::CertificateUnreadable,
        FactKind::GatewayAnswered,
        FactKind::OtherServiceAnswered,
        FactKind::Ended,
    ],
    needs: Some(Phase::Resolve),
    connections: 1,
    datagrams: 0,
    used: Used::Option("--gateway"),
    // The web server writes every request down.
    trace: Trace::LogLine,
};

/// Goes through a gateway.
pub const PASSAGE: Probe = Probe {
    name: "passage",
    says: "Logs on to an RD Gateway with the user that was given, goes through it to the host, over a WebSocket, two HTTP \
           connections or, where it knows nothing newer, RPC over HTTP, and climbs on there as far as without a user. Each of \
           its connections, and RPC inside them, asks for the same password (one logon over a WebSocket, two over HTTP, three over \
           RPC): the next one follows only when the one before was accepted, so that a wrong password counts once.",
    yields: &[
        FactKind::TcpOpened,
        FactKind::TlsEstablished,
        FactKind::CertificateSeen,
        FactKind::GatewayAnswered,
        FactKind::GatewayTakesNoPassword,
        FactKind::GatewayStepped,
        FactKind::GatewayTerms,
        FactKind::NegotiationOffered,
        FactKind::NegotiationChosen,
        FactKind::NegotiationRefused,
        FactKind::NtlmChallenged,
        FactKind::Ended,
    ],
    needs: Some(Phase::Resolve),
    connections: 2,
    datagrams: 0,
    used: Used::Option("--gateway-user"),
    trace: Trace::FailedLogon,
};

/// Tries the host beside the gateway.
pub const DIRECT: Probe = Probe {
    name: "direct",
    says: "Looks the host up and connects to it beside the gateway, says nothing and closes.",
    yields: &[FactKind::DirectWay],
    needs: None,
    connections: 1,
    datagrams: 0,
    used: Used::Option("--gateway"),
    trace: Trace::LogLine,
};

/// Looks at one of many hosts.
pub const GLANCE: Probe = Probe {
    name: "glance",
    says: "Connects, negotiates, and reads the server's first TLS flight with its certificate, without \
           cryptography: what a scan does with each host.",
    yields: &[
        FactKind::NoRoute,
        FactKind::LocallyForbidden,
        FactKind::TcpOpened,
        FactKind::TcpRefused,
        FactKind::TcpUnreachable,
        FactKind::TcpSilent,
        FactKind::NegotiationOffered,
        FactKind::NegotiationChosen,
        FactKind::NegotiationRefused,
        FactKind::NegotiationPlain,
        FactKind::OtherServiceAnswered,
        FactKind::Unreadable,
        FactKind::AnswerTook,
        FactKind::TlsOffered,
        FactKind::TlsChosen,
        FactKind::TlsAlerted,
        FactKind::ServerFlightSeen,
        FactKind::NotTls,
        FactKind::CertificateSeen,
        FactKind::CertificateUnreadable,
        FactKind::Ended,
    ],
    needs: Some(Phase::Resolve),
    connections: 1,
    datagrams: 0,
    used: Used::Command("scan"),
    trace: Trace::LogLine,
};

/// Asks for security protocols.
pub const OFFERS: Probe = Probe {
    name: "offers",
    says: "Offers one set of security protocols, with a routing token or a correlation id where that is asked \
           for, and reads the answer; of Standard RDP Security also how the server would encrypt.",
    yields: &[
        FactKind::TcpOpened,
        FactKind::NegotiationOffered,
        FactKind::RequestExtended,
        FactKind::NegotiationChosen,
        FactKind::NegotiationRefused,
        FactKind::NegotiationPlain,
        FactKind::RdpSecuritySeen,
        FactKind::AnswerTook,
        FactKind::Unreadable,
        FactKind::Ended,
    ],
    needs: Some(Phase::Negotiate),
    connections: 1,
    datagrams: 0,
    used: Used::Full,
    trace: Trace::LogLine,
};

/// Asks about NLA.
pub const CREDSSP: Probe = Probe {
    name: "credssp",
    says: "Begins NLA as an older client does, in versions 2 to 5 of CredSSP, or asks whether Kerberos or NTLM is taken, and \
           stops at the answer. Nobody is named and no logon is counted.",
    yields: AFTER_TLS,
    needs: Some(Phase::Authenticate),
    connections: 1,
    datagrams: 0,
    used: Used::Full,
    trace: Trace::LogLine,
};

/// Asks for cipher suites.
pub const SUITES: Probe = Probe {
    name: "suites",
    says: "Offers one TLS version with some of the cipher suites, groups or signatures, and reads what the server \
           picks of them.",
    yields: &[
        FactKind::TcpOpened,
        FactKind::NegotiationOffered,
        FactKind::NegotiationChosen,
        FactKind::AnswerTook,
        FactKind::TlsOffered,
        FactKind::TlsChosen,
        FactKind::TlsTerms,
        FactKind::TlsKeyExchanged,
        FactKind::TlsVersionSurveyed,
        FactKind::TlsSurveyed,
        FactKind::TlsAlerted,
        FactKind::NotTls,
        FactKind::Ended,
    ],
    needs: Some(Phase::Negotiate),
    connections: 1,
    datagrams: 0,
    used: Used::Full,
    // Schannel logs each refusal (events 36871 and 36874).
    trace: Trace::LogLine,
};

/// Shakes hands as a whole, for what shows only then.
pub const HANDSHAKE: Probe = Probe {
    name: "handshake",
    says: "Shakes hands in one TLS version, of TLS 1.3 with the large key share of current browsers (post-quantum), keeps \
           the session, and in another look tries to take it up again.",
    yields: &[
        FactKind::TcpOpened,
        FactKind::NegotiationOffered,
        FactKind::NegotiationChosen,
        FactKind::AnswerTook,
        FactKind::TlsOffered,
        FactKind::TlsChosen,
        FactKind::TlsKeyExchanged,
        FactKind::TlsEstablished,
        FactKind::TlsResumption,
        FactKind::TlsAlerted,
        FactKind::TlsRejected,
        FactKind::NotTls,
        FactKind::Ended,
    ],
    needs: Some(Phase::Negotiate),
    connections: 1,
    datagrams: 0,
    used: Used::Full,
    trace: Trace::LogLine,
};

/// Looks how much the host takes.
pub const LOAD: Probe = Probe {
    name: "load",
    says: "Holds connections open at once until one is not taken: first such as ask as a client does, then such as \
           say nothing; and looks whether a single one gets an answer afterwards. It may meet a limit or a ban.",
    yields: &[FactKind::ConnectionsHeld, FactKind::AnsweredAfterLoad],
    needs: Some(Phase::Negotiate),
    connections: load::connections(load::USUAL),
    datagrams: 0,
    used: Used::Option("--load"),
    trace: Trace::LogLine,
};

/// Judges the certificate.
pub const TRUST: Probe = Probe {
    name: "trust",
    says: "Holds the certificate that was shown against the trust store of this machine and the authorities of \
           --trust, and against the one that was seen from here the last time.",
    yields: &[FactKind::CertificateTrust, FactKind::CertificateRecalled],
    needs: Some(Phase::Secure),
    connections: 0,
    datagrams: 0,
    used: Used::Quick,
    trace: Trace::Nothing,
};

/// Asks for the Kerberos servers.
pub const REALM: Probe = Probe {
    name: "realm",
    says: "Asks a name server for the Kerberos servers of a realm: the one of --realm, of a user such as NAME@REALM, and \
           with --full the domain of the host. Nothing goes to the host.",
    yields: &[FactKind::KdcsNamed],
    needs: None,
    connections: 0,
    // A question for each way, and two for the addresses of three servers, each twice at most with and without EDNS.
    datagrams: (2 + 2 * 3) * ask::SENT * 2,
    used: Used::Option("--realm"),
    trace: Trace::Nothing,
};

/// Asks Kerberos servers.
pub const KDC: Probe = Probe {
    name: "kdc",
    says: "Asks a Kerberos server of the realm, over UDP and TCP or through a proxy, for a ticket without any proof, and \
           reads why it gives none. No password is needed or sent, and no logon is counted. Nothing goes to the host.",
    yields: &[FactKind::KdcAnswered, FactKind::KdcUnanswered],
    needs: None,
    connections: 0,
    datagrams: kdc::SENT,
    used: Used::Option("--realm"),
    // A controller logs a request for a user it does not know (Security event 4768).
    trace: Trace::LogLine,
};

/// Gets a ticket.
pub const TICKET: Probe = Probe {
    name: "ticket",
    says: "Proves the password of --user to a Kerberos server of the user's domain, once, and asks for a ticket for \
           Remote Desktop on the host. The password is not sent. Nothing goes to the host.",
    yields: &[FactKind::TicketAnswered, FactKind::KdcUnanswered],
    needs: Some(Phase::Authenticate),
    connections: 0,
    // Three questions, where TCP is closed.
    datagrams: 3 * kdc::SENT,
    used: Used::Option("--user"),
    trace: Trace::FailedLogon,
};

/// Logs on.
pub const LOGON: Probe = Probe {
    name: "logon",
    says: "Logs on once with the user and password that were given, with a ticket of Kerberos where there is one and with \
           NTLM otherwise, and stops at the server's word on them; with \
           --to desktop it goes on until the first picture and disconnects.",
    yields: AFTER_TLS,
    needs: Some(Phase::Authenticate),
    connections: 1,
    datagrams: 0,
    used: Used::Option("--user"),
    // A wrong password counts towards a lock-out; behind a right one a session may be left disconnected.
    trace: Trace::FailedLogon,
};

/// Goes on to the desktop or logon screen.
pub const DESKTOP: Probe = Probe {
    name: "desktop",
    says: "Sets a session up without a user, where the server asks for the logon inside it, until the first picture, \
           and disconnects.",
    yields: AFTER_TLS,
    needs: Some(Phase::Secure),
    connections: 1,
    datagrams: 0,
    used: Used::Option("--to desktop"),
    trace: Trace::LogLine,
};

/// What is seen behind TLS.
const AFTER_TLS: &[FactKind] = &[
    FactKind::NtlmChallenged,
    FactKind::LogonNegotiated,
    FactKind::CredSspRefused,
    FactKind::LogonAccepted,
    FactKind::LogonAuthorized,
    FactKind::SettingsAnswered,
    FactKind::ChannelRefused,
    FactKind::ChannelsJoined,
    FactKind::ClientInformed,
    FactKind::LicenseAnswered,
    FactKind::CapabilitiesOffered,
    FactKind::ServerRedirected,
    FactKind::ErrorInfoSent,
    FactKind::LogonNotified,
    FactKind::SessionDeactivated,
    FactKind::ServerDisconnected,
    FactKind::SessionRan,
    FactKind::Ended,
];

/// Looks at the server programs of this machine.
pub const SERVER: Probe = local(
    "server",
    "Reads the settings of this machine's server, and whether its user can read certificate and key and they \
     belong together.",
    &[
        FactKind::ProgramFound,
        FactKind::ServiceFound,
        FactKind::SettingFound,
        FactKind::FileFound,
        FactKind::CertificateSeen,
        FactKind::CertificateUnreadable,
        FactKind::KeyCompared,
    ],
);

/// Looks at who listens.
pub const LISTENERS: Probe = local(
    "listeners",
    "Reads who listens on the server's port of this machine, from the kernel's tables.",
    &[FactKind::ListenerFound, FactKind::ListenerMissing],
);

/// Looks at packet filters.
pub const FILTER: Probe = local(
    "filter",
    "Reads the packet filters of this machine and follows a new connection from outside through their rules.",
    &[FactKind::FilterFound],
);

/// Looks at logs.
pub const SERVER_LOG: Probe = local(
    "server-log",
    "Reads the recent part of the logs of this machine's server, and what security policies denied it.",
    &[
        FactKind::LogSaid,
        FactKind::ConnectionsLogged,
        FactKind::EventLogged,
        FactKind::AccessDenied,
    ],
);

/// Looks at the machine's network.
pub const NETWORK: Probe = local(
    "network",
    "Reads the interfaces, the clock and the name servers of this machine.",
    &[
        FactKind::InterfaceFound,
        FactKind::ClockFound,
        FactKind::SettingFound,
    ],
);

/// Looks at the clients of this machine.
pub const CLIENT: Probe = local(
    "client",
    "Reads which clients this machine has, what they remember, and the TLS policies they obey; no passwords.",
    &[
        FactKind::ProgramFound,
        FactKind::HostRemembered,
        FactKind::SettingFound,
    ],
);

/// A look at this machine opens no connection and leaves nothing.
const fn local(name: &'static str, says: &'static str, yields: &'static [FactKind]) -> Probe {
    Probe {
        name,
        says,
        yields,
        needs: None,
        connections: 0,
        datagrams: 0,
        used: Used::Command("inspect"),
        trace: Trace::Nothing,
    }
}
