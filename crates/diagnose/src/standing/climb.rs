//! One connection: how far it climbed, and how it failed.

use model::codes::error_info::ERRORINFO;
use model::codes::wire_results::{LICENSE_ERROR, LOGON_ERROR_DATA, MCS_DISCONNECT_ULTIMATUM};
use model::codes::{NegFailure, NegFlags, Protocols, TlsAlert, Topic, numbered};
use model::fact::{GatewayStep, GatewayWay, KdcQuestion};
use model::{Ending, Fact, Leg, Message, Micros, Observation, Phase, Source};

use crate::view::{answer, is_about_a_certificate, is_licensed};
use crate::words::{self, span};

/// ERROR_BAD_ARGUMENTS of a gateway: the host ended its connection without warning ([MS-TSGU] 2.2.6.1).
const HOST_ENDED: u32 = 0x0000_00A0;
/// rn-user-requested: the reason with which a server answers a user who takes leave (T.125 section 11.15).
const USER_REQUESTED: u8 = 3;
/// LOGON_FAILED_OTHER: what is behind it is a warning ([MS-RDPBCGR] 2.2.10.1.1.4.1.1).
const LOGON_FAILED_OTHER: u32 = 2;

/// What was seen of one connection, as far as it tells how high it climbed.
#[derive(Debug)]
pub(super) struct Climb<'e> {
    pub(super) seen: Vec<&'e Observation>,
    pub(super) chosen: Option<Protocols>,
    pub(super) passed: Vec<Phase>,
    pub(super) failed: Option<(Phase, String)>,
    /// A user's logon was tried on it.
    pub(super) tried_logon: bool,
}

/// The server took its leave of a look before it showed a desktop, though nobody asked it to; whether that may be because
/// it has a graphics pipeline and our looks have none. `None` where it did not.
///
/// Servers built on FreeRDP give "the user wants it" as the reason whenever they end a connection. In a recording, a
/// user may have wanted it.
pub(super) fn leaves_unasked(seen: &[&Observation]) -> Option<bool> {
    let left = |observation: &&Observation| {
        matches!(
            observation.fact,
            Fact::ServerDisconnected {
                reason: USER_REQUESTED,
                ..
            }
        ) && observation.source == Source::Probe
    };
    let shown = |fact: &Fact| matches!(fact, Fact::SessionRan { .. });
    let pipeline = |fact: &Fact| matches!(fact, Fact::NegotiationChosen { flags, .. } if flags.has(NegFlags::GRAPHICS_PIPELINE));
    let any = |judge: &dyn Fn(&Fact) -> bool| seen.iter().any(|seen| judge(&seen.fact));
    (seen.iter().any(left) && !any(&shown)).then(|| any(&pipeline))
}

/// A client whose logon failed may try once more without NLA. That this is refused is a consequence.
pub(super) fn forget_fall_backs(climbs: &mut Vec<Climb<'_>>) {
    let logon_failed = climbs
        .iter()
        .any(|climb| matches!(climb.failed, Some((Phase::Authenticate, _))));
    if logon_failed {
        climbs.retain(|climb| {
            !climb.seen.iter().any(|observation| {
                matches!(&observation.fact, Fact::NegotiationRefused { offered, code }
                    if *code == NegFailure::HYBRID_REQUIRED_BY_SERVER && !offered.is_some_and(Protocols::has_nla))
            })
        });
    }
}

/// A client that may not begin with a WebSocket falls back to RPC over HTTP. Where that fails, too, it is what ended the
/// way, and the first refusal is only why it was taken.
pub(super) fn forget_newer_ways(climbs: &mut Vec<Climb<'_>>) {
    if climbs
        .iter()
        .any(|climb| climb.failed.is_some() && is_by_rpc(&climb.seen))
    {
        climbs.retain(|climb| is_by_rpc(&climb.seen) || !is_by(&climb.seen, GatewayWay::WebSocket));
    }
}

/// What was seen of a connection that asked for this way into a gateway.
fn is_by(seen: &[&Observation], by: GatewayWay) -> bool {
    seen.iter()
        .any(|seen| matches!(seen.fact, Fact::GatewayAnswered { way, .. } if way == by))
}

/// What was seen of a connection that went over RPC over HTTP, and did not begin with anything newer.
pub(crate) fn is_by_rpc(seen: &[&Observation]) -> bool {
    is_by(seen, GatewayWay::Rpc) && !is_by(seen, GatewayWay::WebSocket)
}

/// How far this connection got, and how it failed.
pub(super) fn climb<'e>(seen: &[&'e Observation]) -> Climb<'e> {
    let mut climb = Climb {
        seen: seen.to_vec(),
        chosen: None,
        passed: Vec::new(),
        failed: None,
        tried_logon: false,
    };
    let mut challenged = false;
    let mut ending = None;
    let mut trickled = None;
    let mut refused_inside = false;
    for observation in seen {
        match &observation.fact {
            Fact::NegotiationChosen {
                offered, chosen, ..
            } => {
                climb.chosen = Some(*chosen);
                // An answer without its request, as where a capture begins late, contradicts nothing.
                if offered.is_none_or(|offered| offered.has(*chosen)) {
                    climb.pass(Phase::Negotiate);
                } else {
                    climb.fail(
                        Phase::Negotiate,
                        format!("chose {chosen}, which was not offered"),
                    );
                }
            }
            Fact::NegotiationPlain { .. } => {
                climb.chosen = Some(Protocols::RDP);
                climb.pass(Phase::Negotiate);
            }
            Fact::NegotiationRefused { code, .. } => climb.fail(
                Phase::Negotiate,
                format!(
                    "refused: {}",
                    code.says()
                        .map_or_else(|| format!("code {code}"), str::to_owned)
                ),
            ),
            Fact::OtherServiceAnswered { service, .. } => {
                // Where a gateway was expected, there is no negotiation.
                let gateway = observation
                    .place
                    .is_some_and(|place| place.leg == Leg::Gateway);
                let phase = if gateway {
                    Phase::Tunnel
                } else {
                    Phase::Negotiate
                };
                climb.fail(phase, format!("{} answered", service.says()));
            }
            Fact::ProxyConnected { .. } => climb.pass(Phase::Negotiate),
            Fact::GatewayAnswered { .. } => gateway_answered(&mut climb, &observation.fact),
            Fact::GatewayTakesNoPassword { offers } => {
                climb.passed.retain(|phase| *phase != Phase::Authenticate);
                climb.fail(
                    Phase::Authenticate,
                    format!("takes no password to log on, but {}", offers.join(", ")),
                );
            }
            Fact::GatewayStepped {
                step: GatewayStep::Channel,
                code: 0,
                ..
            } => climb.pass(Phase::Tunnel),
            Fact::GatewayStepped { code: 0, .. } => {}
            // The host ended the connection behind the gateway: its own rungs tell how far it came.
            Fact::GatewayStepped {
                step: GatewayStep::Close,
                code: HOST_ENDED,
                ..
            } => {}
            Fact::GatewayStepped { step, code, .. } => {
                // What ends a session that was open is told where it was.
                let phase = observation.place.map_or(Phase::Tunnel, |place| place.phase);
                climb.passed.retain(|passed| *passed != phase);
                climb.fail(
                    phase,
                    format!("{} ended with {}", step.says(), words::gateway_code(*code)),
                );
            }
            Fact::ProxyRefused { asked, answer, .. } => climb.fail(
                Phase::Negotiate,
                format!("the proxy refused to connect to {} ({answer})", asked.0),
            ),
            // What the client said is no answer of the server.
            Fact::Unreadable {
                message: Message::ConnectionRequest,
                ..
            } => {}
            Fact::Unreadable { message, .. } => climb.fail(
                phase_of(*message),
                "an answer that is no RDP message".to_owned(),
            ),
            Fact::TlsEstablished { .. } | Fact::ServerFlightSeen { .. } => {
                climb.pass(Phase::Secure);
            }
            Fact::TlsAlerted { alert, after } if *alert != TlsAlert::CLOSE_NOTIFY => {
                let phase = tls_ended_phase(observation, *after, &climb);
                climb.fail(
                    phase,
                    format!("TLS alert {alert} after {}", words::message(*after)),
                );
            }
            Fact::TlsRejected { alert, .. } => {
                let phase = tls_ended_phase(observation, Message::ClientHello, &climb);
                let refused = is_about_a_certificate(*alert) && observation.source != Source::Probe;
                climb.fail(
                    phase,
                    if refused {
                        format!("the client refused the certificate (alert {alert})")
                    } else {
                        format!("its TLS cannot be accepted (alert {alert})")
                    },
                );
            }
            Fact::NotTls { .. } => climb.fail(
                Phase::Secure,
                "agreed to TLS and sent something else".to_owned(),
            ),
            Fact::NtlmChallenged { .. } | Fact::CredSspAnswered { .. } => {
                challenged = true;
                climb.pass(Phase::Authenticate);
            }
            // A ticket that the server does not take leads on to NTLM, in a look of its own.
            Fact::LogonNegotiated {
                rejected: false,
                error: None,
                ..
            } => {
                challenged = true;
                climb.pass(Phase::Authenticate);
            }
            Fact::TicketAnswered {
                asked: KdcQuestion::User,
                error: Some(error),
                ..
            } if error.ends_logon() => {
                climb.tried_logon = true;
                let why = error.says().unwrap_or("no ticket is given");
                climb.fail(
                    Phase::Authenticate,
                    format!("the domain refused the logon: {why}"),
                );
            }
            Fact::LogonAccepted { .. } => {
                climb.tried_logon = true;
                climb.pass(Phase::Authenticate);
            }
            Fact::LogonAuthorized { result } if *result != 0 => {
                climb.passed.retain(|phase| *phase != Phase::Authenticate);
                climb.fail(
                    Phase::Authenticate,
                    "the password is right, and the user may not connect".to_owned(),
                );
            }
            Fact::SettingsAnswered { result, .. } if *result != 0 => climb.fail(
                Phase::Settings,
                format!("the settings were refused with MCS result {result}"),
            ),
            Fact::SettingsAnswered {
                encryption_method, ..
            } if *encryption_method != 0 => climb.pass(Phase::Settings),
            Fact::ChannelRefused { channel, result } => {
                let what = channel.map_or_else(
                    || "the user".to_owned(),
                    |channel| format!("channel {channel}"),
                );
                climb.fail(
                    Phase::Settings,
                    format!("{what} was refused with MCS result {result}"),
                );
            }
            Fact::ChannelsJoined { .. } => climb.pass(Phase::Settings),
            Fact::LicenseAnswered { error, .. } if is_licensed(*error) => {
                climb.pass(Phase::License);
            }
            Fact::LicenseAnswered { error, .. } => climb.fail(
                Phase::License,
                format!(
                    "refused: {}",
                    words::coded(LICENSE_ERROR, error.unwrap_or_default())
                ),
            ),
            Fact::CapabilitiesOffered { .. } => climb.pass(Phase::License),
            Fact::ServerRedirected { .. } => {
                for phase in [Phase::Settings, Phase::Session] {
                    climb.pass(phase);
                }
            }
            Fact::ErrorInfoSent { code } => climb.ended_with(*code),
            Fact::LogonNotified {
                kind: Some(_),
                about,
            } if *about <= LOGON_FAILED_OTHER => {
                climb.passed.retain(|phase| *phase != Phase::Session);
                climb.fail(
                    Phase::Session,
                    format!(
                        "the logon inside the session failed: {}",
                        words::coded(LOGON_ERROR_DATA, *about)
                    ),
                );
            }
            Fact::ServerDisconnected { reason, after }
                if *reason != USER_REQUESTED || leaves_unasked(seen) == Some(false) =>
            {
                let phase = ending_phase(observation, *after, &climb);
                climb.fail(
                    phase,
                    format!(
                        "the server left {}: {}",
                        format_args!("after {}", words::message(*after)),
                        words::coded(MCS_DISCONNECT_ULTIMATUM, u32::from(*reason))
                    ),
                );
            }
            Fact::CredSspRefused { error, named, .. } => {
                // That the server asked for a logon was only half of it; a ticket says at once who it is.
                climb.tried_logon |= challenged || *named == Some(true);
                climb.passed.retain(|phase| *phase != Phase::Authenticate);
                climb.fail(
                    Phase::Authenticate,
                    format!("refused with {}", error.told()),
                );
            }
            Fact::CredSspAnswerTooSmall { .. } => refused_inside = true,
            Fact::SessionRan { .. } => {
                for phase in [
                    Phase::Negotiate,
                    Phase::Secure,
                    Phase::Settings,
                    Phase::Session,
                ] {
                    climb.pass(phase);
                }
                if climb.passed.contains(&Phase::License) {
                    climb.pass(Phase::Activate);
                }
            }
            Fact::Trickled { bytes, over, .. } => trickled = Some((*bytes, *over)),
            Fact::Ended { .. } => ending = ending.or(Some(*observation)),
            _ => {}
        }
    }
    if refused_inside && climb.failed.is_none() && !climb.passed.contains(&Phase::Session) {
        climb.failed = Some((
            Phase::Authenticate,
            "the logon was refused; the reason is encrypted".to_owned(),
        ));
        climb.passed.retain(|phase| *phase != Phase::Authenticate);
    }
    // The end of a connection that failed for a reason of its own says nothing more.
    if let Some(observation) = ending
        && let Fact::Ended {
            how,
            after,
            waited,
            partial,
        } = &observation.fact
        && climb.failed.is_none()
    {
        // The answer to a logon is due, so this is how the logon ended.
        if *after == Message::CredSspAuthenticate {
            climb.tried_logon = true;
            climb.passed.retain(|phase| *phase != Phase::Authenticate);
        }
        // A channel through a gateway that broke led nowhere.
        if *after == Message::GatewayPacket {
            climb.passed.retain(|phase| *phase != Phase::Tunnel);
        }
        // So is the answer to the client's information, which is a part of the settings.
        if *after == Message::ClientInformation {
            climb.passed.retain(|phase| *phase != Phase::Settings);
        }
        let phase = ending_phase(observation, *after, &climb);
        if !climb.passed.contains(&phase) {
            let says = match trickled {
                Some((bytes, over)) if *how == Ending::Silence => format!(
                    "only {bytes} bytes in {} after {}, and no whole answer",
                    span(over),
                    words::message(*after)
                ),
                _ => ending_words(*how, *after, *waited, *partial),
            };
            climb.failed = Some((phase, says));
        }
    }
    climb
}

/// What the web server of a gateway says is about a logon, or about what stands there.
fn gateway_answered(climb: &mut Climb<'_>, fact: &Fact) {
    if let Fact::GatewayAnswered {
        way: GatewayWay::HttpIn | GatewayWay::RpcIn,
        status,
        logon,
        ..
    } = fact
        && (*status, logon.is_some()) != (401, true)
    {
        if !matches!(status, 200 | 401) {
            climb.fail(
                Phase::Tunnel,
                format!(
                    "answered the second channel with {}",
                    words::http_status(*status)
                ),
            );
        }
        return;
    }
    let Some(answer) = answer(fact) else { return };
    match (answer.status, answer.logon) {
        (200, _) if answer.page => climb.fail(
            Phase::Tunnel,
            "answered with a web page, as no gateway does".to_owned(),
        ),
        (101 | 200, _) => climb.pass(Phase::Authenticate),
        (401, None) if answer.is_gateways() => climb.pass(Phase::Authenticate),
        (401, Some(logon)) => {
            // That it asked for a logon was only half of it.
            climb.passed.retain(|phase| *phase != Phase::Authenticate);
            climb.fail(
                Phase::Authenticate,
                format!("refused the logon with {logon} (401)"),
            );
        }
        (status, _) => climb.fail(
            Phase::Tunnel,
            format!("answered {}", words::http_status(status)),
        ),
    }
}

impl Climb<'_> {
    fn pass(&mut self, phase: Phase) {
        if !self.passed.contains(&phase) {
            self.passed.push(phase);
        }
    }

    /// The server said why it ends the connection. A session that a user ended did not fail.
    fn ended_with(&mut self, code: u32) {
        let known = numbered(ERRORINFO, code);
        if known.is_some_and(|code| matches!(code.topic, Topic::UserAction | Topic::Success)) {
            return;
        }
        // What the code is about, not the moment at which it came, is the rung that fails.
        let phase = known
            .and_then(|code| code.place)
            .filter(|place| place.leg == Leg::Host && place.phase >= Phase::Settings)
            .map_or(Phase::Session, |place| place.phase);
        self.passed.retain(|passed| *passed != phase);
        self.fail(
            phase,
            format!("the server ended it: {}", words::coded(ERRORINFO, code)),
        );
    }

    fn fail(&mut self, phase: Phase, says: String) {
        if self.failed.is_none() && !self.passed.contains(&phase) {
            self.failed = Some((phase, says));
        }
    }
}

/// The rung on which a connection ended after a message, when nothing else says it.
fn ending_phase(observation: &Observation, after: Message, climb: &Climb<'_>) -> Phase {
    let by_message = phase_of(after);
    let by_place = observation
        .place
        .map_or(by_message, |place| place.phase.max(Phase::Negotiate));
    if !climb.passed.contains(&by_place) {
        return by_place;
    }
    match by_place {
        Phase::Negotiate if climb.chosen == Some(Protocols::RDP) => Phase::Settings,
        Phase::Negotiate => Phase::Secure,
        Phase::Secure if climb.chosen.is_some_and(Protocols::has_nla) => Phase::Authenticate,
        Phase::Secure | Phase::Authenticate => Phase::Settings,
        other => other,
    }
}

/// The rung on which TLS ended the connection: its own until it came up, the one it carried afterwards.
fn tls_ended_phase(observation: &Observation, after: Message, climb: &Climb<'_>) -> Phase {
    if climb.passed.contains(&Phase::Secure) {
        ending_phase(observation, after, climb)
    } else {
        Phase::Secure
    }
}

/// The rung to which a message belongs.
fn phase_of(message: Message) -> Phase {
    match message {
        Message::TcpHandshake
        | Message::ProxyRequest
        | Message::ConnectionRequest
        | Message::ConnectionConfirm => Phase::Negotiate,
        Message::GatewayRequest | Message::GatewayPacket => Phase::Tunnel,
        Message::ClientHello
        | Message::ServerHello
        | Message::Certificate
        | Message::ServerHelloDone
        | Message::ClientFinished
        | Message::ServerFinished => Phase::Secure,
        Message::CredSspNegotiate
        | Message::CredSspChallenge
        | Message::CredSspAuthenticate
        | Message::CredSspAccepted
        | Message::CredSspCredentials
        | Message::LogonAuthorization => Phase::Authenticate,
        Message::McsConnectInitial
        | Message::McsConnectResponse
        | Message::ChannelJoin
        | Message::ChannelJoined
        | Message::ClientInformation => Phase::Settings,
        Message::LicenseRequest | Message::LicenseResponse => Phase::License,
        Message::LicenseDone
        | Message::DemandActive
        | Message::ConfirmActive
        | Message::FontMap => Phase::Activate,
        Message::SessionData => Phase::Session,
    }
}

fn ending_words(how: Ending, after: Message, waited: Micros, partial: u32) -> String {
    let begun = if partial > 0 {
        format!(", {partial} bytes into its answer")
    } else {
        String::new()
    };
    let after = words::message(after);
    let waited = span(waited);
    match how {
        Ending::Closed => format!("closed {waited} after {after}{begun}"),
        Ending::Reset => format!("reset {waited} after {after}{begun}"),
        Ending::Silence => format!("no answer in {waited} after {after}{begun}"),
        Ending::Unreachable => format!("cut off {waited} after {after}{begun}"),
    }
}
