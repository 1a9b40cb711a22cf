//! Clues that several causes read in the same way: look-alikes share them by name, so that they weigh the same
//! and are told in the same words. It is long because it is one list.

use crate::prelude::*;

/// The server says nothing when the logon begins.
pub(crate) const SILENT_AT_LOGON: Clue = Clue {
    says: "no answer came in {waited} after {after}",
    denies: "the connection was {how} after {after}",
    reads: &[FactKind::Ended],
    weight: Weight::Strong,
    against: Weight::Fair,
    look: |seen| seen.ended(|how, after| at_logon(after, how == Ending::Silence)),
};

/// The server says nothing, and not to the first words of a logon: it has what only a domain controller can judge.
pub(crate) const SILENT_ABOUT_AN_ACCOUNT: Clue = Clue {
    says: "no answer came in {waited} after {after}",
    denies: "the connection was {how} after {after}",
    reads: &[FactKind::Ended],
    weight: Weight::Strong,
    against: Weight::Fair,
    look: |seen| {
        seen.ended(|how, after| {
            at_logon(after, how == Ending::Silence)
                .filter(|silent| !silent || after != Message::CredSspNegotiate)
        })
    },
};

/// The server says nothing to the first words of a logon, which are short and which it answers by itself.
pub(crate) const SILENT_AT_FIRST_WORDS: Clue = Clue {
    says: "no answer came in {waited} after {after}",
    denies: "the first words of the logon were answered",
    reads: &[FactKind::Ended],
    weight: Weight::Fair,
    against: Weight::None,
    look: |seen| {
        seen.ended(|how, after| {
            (after == Message::CredSspNegotiate && how == Ending::Silence).then_some(true)
        })
    },
};

/// The server says nothing after a message of the logon that may need several packets, or whose packets were lost.
pub(crate) const SILENT_AT_LARGE_WORDS: Clue = Clue {
    says: "no answer came in {waited} after {after}",
    denies: "the connection was {how} after {after}",
    reads: &[
        FactKind::Ended,
        FactKind::CredSspOffered,
        FactKind::LargeSegmentsLost,
        FactKind::Retransmitted,
    ],
    weight: Weight::Strong,
    against: Weight::Fair,
    look: |seen| {
        let lost = seen.any_as_client(|fact| match fact {
            Fact::LargeSegmentsLost { .. } => Some(true),
            Fact::Retransmitted { by_client, .. } => (*by_client > 1).then_some(true),
            _ => None,
        });
        let large = seen.offered_a_ticket() || matches!(lost, crate::Reading::For(_));
        seen.ended(|how, after| {
            at_logon(after, how == Ending::Silence)
                .filter(|silent| !silent || large || after != Message::CredSspNegotiate)
        })
    },
};

/// A Kerberos server says that the account may not be used, and not why.
pub(crate) const REVOKED: Clue = Clue {
    says: "asked for a ticket, the Kerberos server {kdc} says: {said}",
    denies: "the Kerberos server {kdc} says: {said}",
    reads: &[FactKind::KdcAnswered, FactKind::TicketAnswered],
    weight: Weight::Fair,
    against: Weight::None,
    look: |seen| seen.kerberos(KerberosError::USER_REVOKED),
};

/// A server judges an account before anybody has named one: what it refuses is NTLM itself.
pub(crate) const REFUSED_UNNAMED: Clue = Clue {
    says: "the server refused with {error}{unnamed}, so that no name and no password can be what is wrong",
    denies: "the server refused once the client had said who it is",
    reads: &[FactKind::CredSspRefused],
    weight: Weight::Fair,
    against: Weight::None,
    look: |seen| seen.refused_unnamed(),
};

/// NLA never answered the client.
pub(crate) const NLA_NEVER_ANSWERED: Clue = Clue {
    says: "NLA never answered the client",
    denies: "NLA answered the client",
    reads: &[FactKind::NtlmChallenged],
    weight: Weight::None,
    against: Weight::Decisive,
    look: |seen| {
        seen.any_as_client(|fact| match fact {
            Fact::NtlmChallenged { .. } => Some(false),
            _ => None,
        })
    },
};

/// Packets were sent again and again.
pub(crate) const SENT_AGAIN: Clue = Clue {
    says: "packets were sent again and again: {by_server} by the server, {by_client} by the client, of {of}",
    denies: "hardly a packet was sent again",
    reads: &[FactKind::Retransmitted],
    weight: Weight::Fair,
    against: Weight::None,
    look: |seen| {
        seen.any_as_client(|fact| match fact {
            Fact::Retransmitted {
                by_client,
                by_server,
                ..
            } => (by_client.saturating_add(by_server.unwrap_or_default()) > 1).then_some(true),
            _ => None,
        })
    },
};

/// Large packets do not get through while small ones do.
pub(crate) const LARGE_SEGMENTS_LOST: Clue = Clue {
    says: "{by} sent {lost} bytes {times} times again and never got them confirmed, while up to {passed} bytes went through{told}",
    denies: "large packets were confirmed",
    reads: &[FactKind::LargeSegmentsLost],
    weight: Weight::Strong,
    against: Weight::None,
    look: |seen| {
        seen.any_as_client(|fact| match fact {
            Fact::LargeSegmentsLost { .. } => Some(true),
            _ => None,
        })
    },
};

/// The connection is reset when the logon begins.
pub(crate) const RESET_AT_LOGON: Clue = Clue {
    says: "the connection was reset {waited} after {after}",
    denies: "the connection was {how}",
    reads: &[FactKind::Ended],
    weight: Weight::Strong,
    against: Weight::Slight,
    look: |seen| seen.ended(|how, after| at_logon(after, how == Ending::Reset)),
};

/// A reset came another way than the server's packets.
pub(crate) const RESET_FROM_ELSEWHERE: Clue = Clue {
    says: "the reset took another number of hops ({ttl} left) than the server's other packets ({usual})",
    denies: "the reset came the way the server's packets come",
    reads: &[FactKind::ResetFromElsewhere],
    weight: Weight::Strong,
    against: Weight::None,
    look: |seen| {
        seen.any_as_client(|fact| match fact {
            Fact::ResetFromElsewhere { .. } => Some(true),
            _ => None,
        })
    },
};

/// A reset came sooner than the host can answer.
pub(crate) const RESET_TOO_SOON: Clue = Clue {
    says: "the reset came in less than half the {took} that the host takes for an answer",
    denies: "the reset took as long as an answer of the host",
    reads: &[FactKind::Ended, FactKind::TcpOpened],
    weight: Weight::Fair,
    against: Weight::None,
    look: |seen| seen.reset_sooner_than_a_round_trip(),
};

/// The server says that it has no certificate.
pub(crate) const NO_CERTIFICATE: Clue = Clue {
    says: "the server refused {offered} with code {code}",
    denies: "the server answered {offered} with {chosen}",
    reads: &[
        FactKind::NegotiationRefused,
        FactKind::NegotiationChosen,
        FactKind::NegotiationPlain,
    ],
    weight: Weight::Decisive,
    against: Weight::Decisive,
    look: |seen| seen.refused(NegFailure::SSL_CERT_NOT_ON_SERVER),
};

/// No Remote Desktop server answered, neither yes nor no.
pub(crate) const NO_REMOTE_DESKTOP: Clue = Clue {
    says: "no Remote Desktop answered",
    denies: "a Remote Desktop server answers there",
    reads: &[
        FactKind::NegotiationChosen,
        FactKind::NegotiationRefused,
        FactKind::NegotiationPlain,
    ],
    weight: Weight::None,
    against: Weight::Decisive,
    look: |seen| seen.answered_negotiation(),
};

/// TLS was chosen on no connection.
pub(crate) const TLS_NEVER_CHOSEN: Clue = Clue {
    says: "TLS was never chosen",
    denies: "the server can do {chosen}",
    reads: &[FactKind::NegotiationChosen],
    weight: Weight::None,
    against: Weight::Decisive,
    look: |seen| {
        seen.any(|fact| match fact {
            Fact::NegotiationChosen { chosen, .. } => (*chosen != Protocols::RDP).then_some(false),
            _ => None,
        })
    },
};

/// Something is behind the port that speaks Remote Desktop: it answered a connection that varied something.
pub(crate) const NOBODY_WAS_ANSWERED: Clue = Clue {
    says: "no connection got an answer",
    denies: "a Remote Desktop server answered when {offered} was offered",
    reads: &[FactKind::NegotiationChosen, FactKind::NegotiationRefused],
    weight: Weight::None,
    against: Weight::Strong,
    look: |seen| {
        seen.any(|fact| match fact {
            Fact::NegotiationChosen { .. } | Fact::NegotiationRefused { .. } => Some(false),
            _ => None,
        })
    },
};

/// The user the server runs as cannot read key or certificate.
pub(crate) const KEY_FILE_UNREADABLE: Clue = Clue {
    says: "{reader} cannot read {path}: {state}",
    denies: "{reader} can read {path}",
    reads: &[FactKind::FileFound],
    weight: Weight::Decisive,
    against: Weight::Decisive,
    look: |seen| seen.key_closed(),
};

/// A security policy of the system kept the server from its key.
pub(crate) const KEY_FILE_DENIED: Clue = Clue {
    says: "{policy} kept {program} from {object}, {times}",
    denies: "no security policy kept it from its key",
    reads: &[FactKind::AccessDenied],
    weight: Weight::Strong,
    against: Weight::None,
    look: |seen| seen.key_denied(),
};

/// The log tells of a key or certificate that cannot be read.
pub(crate) const KEY_FILE_LOGGED: Clue = logged!(
    "its log",
    Strong,
    "CFG_KEY",
    "CFG_CERT",
    "NEG_NO_CERT",
    "TLS_KEY_LOAD",
    "TLS_CERT_LOAD"
);

/// No Remote Desktop server confirmed a connection.
pub(crate) const NO_REMOTE_DESKTOP_CONFIRMED: Clue = Clue {
    says: "no Remote Desktop answered",
    denies: "a Remote Desktop server answers there",
    reads: &[FactKind::NegotiationChosen, FactKind::NegotiationPlain],
    weight: Weight::None,
    against: Weight::Decisive,
    look: |seen| seen.answered_negotiation(),
};

/// Nothing comes back from the host.
pub(crate) const HOST_SILENT: Clue = Clue {
    says: "no answer came from {to} in {waited}",
    denies: "{to} answers",
    reads: &[
        FactKind::TcpSilent,
        FactKind::TcpOpened,
        FactKind::TcpRefused,
        FactKind::OtherPortAnswered,
    ],
    weight: Weight::Strong,
    against: Weight::Decisive,
    look: |seen| {
        seen.all(|fact| match fact {
            Fact::TcpSilent { .. } => Some(true),
            Fact::TcpOpened { .. } | Fact::TcpRefused { .. } | Fact::OtherPortAnswered { .. } => {
                Some(false)
            }
            _ => None,
        })
    },
};

/// The last router finds nobody at the address.
pub(crate) const NOBODY_THERE: Clue = Clue {
    says: "the last router, {from}, finds nobody at {to}",
    denies: "{from} says: {icmp}",
    reads: &[FactKind::TcpUnreachable],
    weight: Weight::Strong,
    against: Weight::Strong,
    look: |seen| {
        seen.icmp(|_, icmp| {
            Some(matches!(
                (icmp.v6, icmp.kind, icmp.code),
                (false, 3, 1) | (true, 1, 3)
            ))
        })
    },
};

/// Nobody on this machine's own segment has the address.
pub(crate) const NOBODY_ON_THE_SEGMENT: Clue = Clue {
    says: "nobody on this segment has the address {to}",
    denies: "{to} cannot be reached",
    reads: &[FactKind::TcpUnreachable],
    weight: Weight::Strong,
    against: Weight::None,
    look: |seen| {
        seen.any(|fact| match fact {
            Fact::TcpUnreachable { icmp: None, .. } => Some(true),
            _ => None,
        })
    },
};

/// The address is one that is reached over routers; one that a machine gives itself explains a silence by itself.
pub(crate) const ORDINARY_ADDRESS: Clue = Clue {
    says: "the address is an ordinary one",
    denies: "the address is one that a machine gives itself when it gets none, and no router carries it",
    reads: &[FactKind::NameResolved, FactKind::AddressGiven],
    weight: Weight::None,
    against: Weight::Fair,
    look: |seen| View::not(seen.gave_itself_an_address()),
};

/// Connections open at once, or not all of them late: who ends or forgets what is said in them has no part in how
/// long they take to open.
pub(crate) const OPENS_AT_ONCE: Clue = Clue {
    says: "connections open at once",
    denies: "every connection took long to open, this one {took}, before a word was said",
    reads: &[FactKind::TcpOpened, FactKind::PathMeasured],
    weight: Weight::None,
    against: Weight::Fair,
    look: |seen| View::not(seen.opens_late_always()),
};

/// Other ports are silent too.
pub(crate) const OTHER_PORTS_SILENT: Clue = Clue {
    says: "other ports are silent too: {to}",
    denies: "other ports answer",
    reads: &[FactKind::TcpSilent],
    weight: Weight::Fair,
    against: Weight::None,
    look: |seen| {
        let port = seen.target().port;
        seen.any(|fact| match fact {
            Fact::TcpSilent { to, .. } => (to.port() != port).then_some(true),
            _ => None,
        })
    },
};

/// No address of the name opens.
pub(crate) const NO_ADDRESS_OPENS: Clue = Clue {
    says: "no address opens",
    denies: "an address opens",
    reads: &[FactKind::TcpOpened],
    weight: Weight::None,
    against: Weight::Decisive,
    look: |seen| {
        seen.any(|fact| match fact {
            Fact::TcpOpened { .. } => Some(false),
            _ => None,
        })
    },
};

/// This machine itself refuses the connection.
pub(crate) const FORBIDDEN_HERE: Clue = Clue {
    says: "this machine refused the connection to {to} itself",
    denies: "this machine let the connection out",
    reads: &[
        FactKind::LocallyForbidden,
        FactKind::TcpOpened,
        FactKind::TcpRefused,
    ],
    weight: Weight::Strong,
    against: Weight::Decisive,
    look: |seen| {
        seen.all(|fact| match fact {
            Fact::LocallyForbidden { .. } => Some(true),
            Fact::TcpOpened { .. } | Fact::TcpRefused { .. } => Some(false),
            _ => None,
        })
    },
};

/// The connection is reset at the first TLS message.
pub(crate) const RESET_AT_HELLO: Clue = Clue {
    says: "the connection was {how} {waited} after {after}",
    denies: "the connection was not reset",
    reads: &[FactKind::Ended],
    weight: Weight::Strong,
    against: Weight::Slight,
    look: |seen| seen.ended(|how, after| at_hello(after, how == Ending::Reset)),
};

/// The connection is closed at the first TLS message.
pub(crate) const CLOSED_AT_HELLO: Clue = Clue {
    says: "the connection was closed {waited} after {after}",
    denies: "the connection was {how}",
    reads: &[FactKind::Ended, FactKind::TlsAlerted],
    weight: Weight::Fair,
    against: Weight::None,
    look: |seen| seen.closed_at_hello(),
};

/// Every kind of first TLS message ends the connection.
pub(crate) const EVERY_HELLO_ENDED: Clue = Clue {
    says: "other TLS versions and sizes fare the same",
    denies: "another kind of ClientHello gets an answer",
    reads: &[
        FactKind::TlsEstablished,
        FactKind::TlsChosen,
        FactKind::TlsAlerted,
        FactKind::Ended,
        FactKind::TlsOffered,
    ],
    weight: Weight::Fair,
    against: Weight::Strong,
    look: |seen| seen.every_hello_ended(),
};

/// Bytes of the answer kept coming: whoever sends has not stopped.
pub(crate) const STOPPED_COMING: Clue = Clue {
    says: "{came} came after {after}, and then nothing for {idle}",
    denies: "bytes of the answer kept coming, {came}: what sends it has not stopped",
    reads: &[FactKind::Trickled, FactKind::AnswerTook],
    weight: Weight::None,
    against: Weight::Strong,
    look: |seen| View::not(seen.keeps_coming()),
};

/// Answers take longer the more was asked: it is the bytes that are slow, and nobody keeps them or stalls.
pub(crate) const NOT_BY_THE_BYTE: Clue = Clue {
    says: "small and large messages are answered as quickly",
    denies: "a smaller ClientHello was answered in {first}, longer than the request before it by as much as it is larger",
    reads: &[
        FactKind::AnswerTook,
        FactKind::TlsOffered,
        FactKind::TcpOpened,
        FactKind::Ended,
    ],
    weight: Weight::None,
    against: Weight::Strong,
    look: |seen| View::not(seen.answered_by_the_byte()),
};

/// What the first TLS message offers makes the difference: who minds TLS itself minds every one.
pub(crate) const EVERY_VERSION_FARES_THE_SAME: Clue = Clue {
    says: "with the newest version left out of the offer it fares the same",
    denies: "with the newest version left out of the offer the server answers with {version}: it is the offer that is minded",
    reads: &[
        FactKind::TlsEstablished,
        FactKind::TlsChosen,
        FactKind::TlsAlerted,
        FactKind::Ended,
        FactKind::TlsOffered,
        FactKind::SegmentsLimited,
    ],
    weight: Weight::None,
    against: Weight::Strong,
    look: |seen| View::not(seen.newest_not_borne()),
};

/// What came for TLS is RDP without it.
pub(crate) const RDP_WITHOUT_TLS: Clue = Clue {
    says: "after agreeing to TLS the server went on with RDP in clear: {bytes}",
    denies: "the server sent TLS",
    reads: &[FactKind::NotTls],
    weight: Weight::Strong,
    against: Weight::None,
    look: |seen| seen.not_tls(true),
};

/// What came for TLS is neither TLS nor RDP.
pub(crate) const NEITHER_TLS_NOR_RDP: Clue = Clue {
    says: "after agreeing to TLS the server sent {bytes}, which is neither TLS nor RDP",
    denies: "the server sent TLS",
    reads: &[FactKind::NotTls],
    weight: Weight::Strong,
    against: Weight::None,
    look: |seen| seen.not_tls(false),
};

/// TLS came up on no connection.
pub(crate) const TLS_NEVER_UP: Clue = Clue {
    says: "TLS never came up",
    denies: "TLS came up on another connection, with the server's key",
    reads: &[FactKind::TlsEstablished],
    weight: Weight::None,
    against: Weight::Decisive,
    look: |seen| {
        seen.any(|fact| match fact {
            Fact::TlsEstablished { .. } => Some(false),
            _ => None,
        })
    },
};

/// The server chose as a Windows host does.
pub(crate) const WINDOWS_CHOICE: Clue = Clue {
    says: "{offered} was offered and the server chose {chosen}, as a Windows host does",
    denies: "{offered} was offered and the server chose {chosen}, as a Windows host does only with NLA switched off",
    reads: &[FactKind::NegotiationChosen],
    weight: Weight::None,
    against: Weight::Fair,
    look: |seen| View::not(seen.is_no_windows_host()),
};

/// The server's own log tells of an error in its security layer.
pub(crate) const SECURITY_LAYER_DROPPED: Clue = Clue {
    says: "the security layer of {computer} dropped clients ({event}, {times})",
    denies: "no such event is in the log",
    reads: &[FactKind::EventLogged],
    weight: Weight::Fair,
    against: Weight::None,
    look: |seen| seen.event(&[("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 139)]),
};

/// TLS never came up for the client.
pub(crate) const TLS_NEVER_UP_FOR_CLIENT: Clue = Clue {
    says: "TLS never came up for the client",
    denies: "TLS came up for the client",
    reads: &[FactKind::TlsEstablished],
    weight: Weight::None,
    against: Weight::Decisive,
    look: |seen| {
        seen.any_as_client(|fact| match fact {
            Fact::TlsEstablished { .. } => Some(false),
            _ => None,
        })
    },
};

/// TLS was up on both sides: an end right behind the client's last message of the handshake may be the server's word on
/// it.
pub(crate) const TLS_NEVER_UP_FOR_BOTH: Clue = Clue {
    says: "TLS never came up for the client",
    denies: "TLS came up on both sides",
    reads: &[FactKind::TlsEstablished, FactKind::Ended],
    weight: Weight::None,
    against: Weight::Decisive,
    look: |seen| {
        let behind = seen.ended(|how, after| {
            (after == Message::ClientFinished && how != Ending::Silence).then_some(true)
        });
        match behind {
            Reading::For(_) => Reading::Silent,
            _ => (TLS_NEVER_UP_FOR_CLIENT.look)(seen),
        }
    },
};

/// The server says nothing in the middle of TLS.
pub(crate) const SILENT_IN_HANDSHAKE: Clue = Clue {
    says: "no answer came in {waited} after {after}",
    denies: "the connection was {how}",
    reads: &[FactKind::Ended],
    weight: Weight::Strong,
    against: Weight::Fair,
    look: |seen| seen.ended(|how, after| in_handshake(after, how == Ending::Silence)),
};

/// Nothing comes back from this port.
pub(crate) const PORT_SILENT: Clue = Clue {
    says: "no answer came on this port from {to} in {waited}",
    denies: "{to} answers on this port",
    reads: &[
        FactKind::TcpSilent,
        FactKind::TcpOpened,
        FactKind::TcpRefused,
    ],
    weight: Weight::Strong,
    against: Weight::Decisive,
    look: |seen| {
        seen.all(|fact| match fact {
            Fact::TcpSilent { .. } => Some(true),
            // What the machine says to itself passes no filter.
            Fact::TcpOpened { to, .. } | Fact::TcpRefused { to, .. } => {
                (!to.ip().is_loopback()).then_some(false)
            }
            _ => None,
        })
    },
};

/// Another port of the host answers.
pub(crate) const HOST_IS_UP: Clue = Clue {
    says: "the host is up: {to} {answer}",
    denies: "the host answers nowhere",
    reads: &[FactKind::OtherPortAnswered],
    weight: Weight::Fair,
    against: Weight::None,
    look: |seen| {
        seen.any(|fact| match fact {
            Fact::OtherPortAnswered { .. } => Some(true),
            _ => None,
        })
    },
};

/// Somebody else's test of the port fared the same.
pub(crate) const PORT_TESTED: Clue = Clue {
    says: "a test of port {port} failed elsewhere too",
    denies: "a test of port {port} succeeded elsewhere",
    reads: &[FactKind::PortTested],
    weight: Weight::Fair,
    against: Weight::Fair,
    look: |seen| seen.port_tested(),
};

/// The port refuses.
pub(crate) const PORT_REFUSED: Clue = Clue {
    says: "{to} refused the connection in {took}",
    denies: "{to} opens",
    reads: &[FactKind::TcpRefused, FactKind::TcpOpened],
    weight: Weight::Strong,
    against: Weight::Decisive,
    look: |seen| {
        seen.all(|fact| match fact {
            Fact::TcpRefused { .. } => Some(true),
            Fact::TcpOpened { .. } => Some(false),
            _ => None,
        })
    },
};

/// A test from elsewhere opened the port: the host serves it, and something in between makes the difference.
pub(crate) const OPEN_ELSEWHERE: Clue = Clue {
    says: "a test of port {port} succeeded elsewhere",
    denies: "a test of port {port} failed elsewhere too",
    reads: &[FactKind::PortTested],
    weight: Weight::Fair,
    against: Weight::Slight,
    look: |seen| View::not(seen.port_tested()),
};

/// A test from elsewhere opened the port: the host is no dead one.
pub(crate) const DEAD_ELSEWHERE: Clue = Clue {
    says: "a test of port {port} failed elsewhere too",
    denies: "a test of port {port} succeeded elsewhere",
    reads: &[FactKind::PortTested],
    weight: Weight::Slight,
    against: Weight::Strong,
    look: |seen| seen.port_tested(),
};

/// By the host's own list of listeners nothing serves the port.
pub(crate) const NOTHING_LISTENS: Clue = Clue {
    says: "by the host's own list nothing listens on port {port}",
    denies: "by the host's own list something listens there: {at}",
    reads: &[FactKind::ListenerMissing, FactKind::ListenerFound],
    weight: Weight::Fair,
    against: Weight::Strong,
    look: |seen| View::not(seen.listens()),
};

/// By the host's own list of listeners something serves the port.
pub(crate) const SOMETHING_LISTENS: Clue = Clue {
    says: "by the host's own list something listens there: {at}",
    denies: "by the host's own list nothing listens on port {port}",
    reads: &[
        FactKind::ListenerMissing,
        FactKind::ListenerFound,
        FactKind::TcpOpened,
    ],
    weight: Weight::Fair,
    against: Weight::Strong,
    // Where the port opens, nothing keeps its listener from the client.
    look: |seen| match seen.any(|fact| matches!(fact, Fact::TcpOpened { .. }).then_some(true)) {
        Reading::For(_) => Reading::Silent,
        _ => seen.listens(),
    },
};

/// Security software is among the services of the host.
pub(crate) const SECURITY_SERVICE: Clue = Clue {
    says: "security software runs on the host: the service {service}",
    denies: "no security software is known to run there",
    reads: &[FactKind::ServiceFound],
    weight: Weight::Slight,
    against: Weight::None,
    look: |seen| seen.security_service(),
};

/// The client's packets were sent again and again: the other side does not even take them.
pub(crate) const SENT_IN_VAIN: Clue = Clue {
    says: "the client's packets were not even taken: {by_client} of {of} were sent again",
    denies: "the client's packets were taken, none was sent again",
    reads: &[FactKind::Retransmitted],
    weight: Weight::Strong,
    // What was taken may be kept by a relay, and what is lost may be the answer.
    against: Weight::Slight,
    look: |seen| seen.sent_in_vain(),
};

/// Somebody between here and the host will not let the packets of an open connection pass.
pub(crate) const SENT_BACK: Clue = Clue {
    says: "what was sent on the open connection came back with an ICMP error: {returned}",
    denies: "nothing that was sent came back with an ICMP error",
    reads: &[FactKind::SentBack],
    weight: Weight::Strong,
    against: Weight::None,
    look: |seen| seen.any_as_client(|fact| matches!(fact, Fact::SentBack { .. }).then_some(true)),
};

/// What fails now and then fails for another reason than that packets get lost by chance.
pub(crate) const NOTHING_LOST: Clue = Clue {
    says: "hardly a packet had to be sent again on connections that went on",
    denies: "packets get lost by chance: {again} of {of} of a connection came through only when sent again",
    reads: &[
        FactKind::Retransmitted,
        FactKind::TcpOpened,
        FactKind::Ended,
    ],
    weight: Weight::None,
    against: Weight::Strong,
    look: |seen| View::not(seen.came_when_sent_again()),
};

/// Who swallows a message does so each time, and lets connections open at once.
pub(crate) const NOT_BY_CHANCE: Clue = Clue {
    says: "connections open at once, each time",
    denies: "{by_client} of {of} packets were sent again in vain, and another connection opened late or not at all: they get lost by chance",
    reads: &[
        FactKind::Retransmitted,
        FactKind::TcpOpened,
        FactKind::TcpSilent,
        FactKind::Ended,
    ],
    weight: Weight::None,
    against: Weight::Strong,
    look: |seen| View::not(seen.lost_here_and_there()),
};

/// Packets of the server are missing: later ones came.
pub(crate) const SERVER_PACKETS_MISSING: Clue = Clue {
    says: "packets of the server were lost on the way: {after_a_gap} came while an earlier one was missing",
    denies: "no packet of the server is missing",
    reads: &[FactKind::PathMeasured, FactKind::Ended],
    weight: Weight::Fair,
    against: Weight::None,
    look: |seen| seen.server_packets_missing(),
};

/// The client's packets were taken: the other side is there, and its program says nothing.
pub(crate) const TAKEN: Clue = Clue {
    says: "the client's packets were taken, none was sent again",
    denies: "the client's packets were not even taken: {by_client} of {of} were sent again",
    reads: &[FactKind::Retransmitted],
    // It is so on every sound connection, and before a relay, whatever becomes of what it took.
    weight: Weight::Slight,
    against: Weight::Strong,
    look: |seen| View::not(seen.sent_in_vain()),
};

/// Windows waited in vain for one of its services.
pub(crate) const SERVICE_TIMED_OUT: Clue = Clue {
    says: "{computer} logged {event}, {times}: a service did not answer in time",
    denies: "no such event is in the log",
    reads: &[FactKind::EventLogged],
    weight: Weight::Strong,
    against: Weight::None,
    look: |seen| seen.event(&[("Service Control Manager", 7011)]),
};

/// A log tells that addresses were banned.
pub(crate) const BAN_LOGGED: Clue = logged!("its log", Strong, "BAN");

/// A large first TLS message fails and a small one gets an answer, on whatever connections.
pub(crate) const ONLY_SMALL_HELLOS: Clue = Clue {
    says: "a small ClientHello gets an answer, a large one does not",
    denies: "a large ClientHello gets an answer too",
    reads: &[
        FactKind::TlsOffered,
        FactKind::TlsEstablished,
        FactKind::TlsChosen,
        FactKind::TlsAlerted,
        FactKind::Ended,
    ],
    weight: Weight::Strong,
    against: Weight::Strong,
    look: |seen| seen.only_small_hellos(),
};

/// The filter of Windows dropped connections that came to the port.
pub(crate) const FILTERED_BY_WINDOWS: Clue = Clue {
    says: "{computer} logged {event}, {times}: its own filter dropped connections to the port",
    denies: "no such event is in the log",
    reads: &[FactKind::EventLogged],
    weight: Weight::Strong,
    against: Weight::None,
    look: |seen| seen.dropped_by_windows("%%14592"),
};

/// TLS handshakes complete by the host's own log: its key and certificate serve.
pub(crate) const HANDSHAKES_LOGGED: Clue = Clue {
    says: "no handshake completed by the log of the host",
    denies: "{computer} logged {event}, {times}: handshakes complete, with the key and the certificate",
    reads: &[FactKind::EventLogged],
    weight: Weight::None,
    against: Weight::Strong,
    look: |seen| View::not(seen.event(&[("Schannel", 36880)])),
};

/// The connection is reset at the first TLS message, at once.
pub(crate) const RESET_AT_HELLO_AT_ONCE: Clue = Clue {
    says: "the connection was {how} {waited} after {after}",
    denies: "the connection was not reset",
    reads: &[FactKind::Ended],
    weight: Weight::Strong,
    against: Weight::Slight,
    look: |seen| seen.reset_at_hello_at_once(),
};

/// The connection is ended only seconds after the first TLS message.
pub(crate) const HELLO_TIMED_OUT: Clue = Clue {
    says: "the connection was {how} only {waited} after {after}: somebody's time ran out",
    denies: "the connection was {how} {waited} after {after}",
    reads: &[FactKind::Ended],
    weight: Weight::Strong,
    against: Weight::None,
    look: |seen| seen.hello_timed_out(),
};

/// A Kerberos server that was asked for a ticket answers with the error that `look` finds.
pub(crate) const fn kdc_says(look: for<'e> fn(&View<'e>) -> Reading<'e>) -> Clue {
    Clue {
        says: "asked for a ticket, the Kerberos server {kdc} says: {said}",
        denies: "the Kerberos server {kdc} says: {said}",
        reads: &[FactKind::KdcAnswered, FactKind::TicketAnswered],
        weight: Weight::Strong,
        against: Weight::None,
        look,
    }
}
