//! Numbers and names as people read them, and sentences filled in with what a fact says.

use std::net::SocketAddr;

use model::codes::error_info::ERRORINFO;
use model::codes::wire_results::{
    EARLY_USER_AUTH, LICENSE_ERROR, LOGON_ERROR_DATA, MCS_DISCONNECT_ULTIMATUM,
};
use model::codes::{Code, numbered};
use model::{
    Certificate, CertificateChange, Ending, Fact, Message, Micros, Observation, Resolver, Target,
    UnixSeconds,
};

/// A page of the catalogue without the space that a doc comment leaves at the start of each line.
pub(crate) fn page(doc: &str) -> String {
    let mut text = String::new();
    for line in doc.lines() {
        text.push_str(line.strip_prefix(' ').unwrap_or(line));
        text.push('\n');
    }
    text
}

/// A span of time: `0.6 ms`, `24 ms`, `4.0 s`, `2 min`.
pub fn span(time: Micros) -> String {
    match time.0 {
        0..10_000 => format!("{}.{} ms", time.0 / 1000, time.0 % 1000 / 100),
        10_000..1_000_000 => format!("{} ms", time.0 / 1000),
        1_000_000..120_000_000 => {
            format!("{}.{} s", time.0 / 1_000_000, time.0 % 1_000_000 / 100_000)
        }
        _ => format!("{} min", time.0 / 60_000_000),
    }
}

/// A day in the calendar of UTC: `2027-01-03`.
pub fn date(moment: UnixSeconds) -> String {
    // Days counted from 0000-03-01, so that the leap day is the last of a year (proleptic Gregorian).
    let days = moment.0.div_euclid(86_400).saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era.saturating_mul(400) + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A number of days: `6 days`, `1 day`.
pub(crate) fn days(number: i64) -> String {
    let number = number.unsigned_abs();
    match number {
        1 => "1 day".to_owned(),
        0..1000 => format!("{number} days"),
        _ => format!("{} years", number / 365),
    }
}

/// A difference of clocks: `45 s`, `12 min`, `3 h`, `400 days`.
pub(crate) fn apart(seconds: i64) -> String {
    match seconds.unsigned_abs() {
        s @ 0..120 => format!("{s} s"),
        s @ 120..7200 => format!("{} min", s / 60),
        s @ 7200..172_800 => format!("{} h", s / 3600),
        s => format!("{} days", s / 86_400),
    }
}

/// An address, with its port only when it is not the target's.
pub(crate) fn address(to: SocketAddr, target: &Target) -> String {
    if to.port() == target.port {
        to.ip().to_string()
    } else {
        to.to_string()
    }
}

/// What a person calls a message, as "after …" says it.
pub fn message(message: Message) -> &'static str {
    match message {
        Message::TcpHandshake => "the TCP connection opened",
        Message::ProxyRequest => "asking the proxy for the host",
        Message::GatewayRequest => "our request to the gateway",
        Message::GatewayPacket => "our packet to the gateway",
        Message::ConnectionRequest => "our connection request",
        Message::ConnectionConfirm => "its connection confirm",
        Message::ClientHello => "our ClientHello",
        Message::ServerHello => "its ServerHello",
        Message::Certificate => "its certificate",
        Message::ServerHelloDone => "its TLS flight",
        Message::ClientFinished => "our last TLS message",
        Message::ServerFinished => "the TLS handshake",
        Message::CredSspNegotiate => "our first NLA message",
        Message::CredSspChallenge => "its NLA challenge",
        Message::CredSspAuthenticate => "our logon",
        Message::CredSspAccepted => "it accepted the logon",
        Message::CredSspCredentials => "our credentials",
        Message::LogonAuthorization => "its word on the user",
        Message::McsConnectInitial => "our session request",
        Message::McsConnectResponse => "its session answer",
        Message::ChannelJoin => "we asked for a channel",
        Message::ChannelJoined => "the channels were joined",
        Message::ClientInformation => "our client information",
        Message::LicenseRequest => "its licence request",
        Message::LicenseResponse => "our licence answer",
        Message::LicenseDone => "licensing",
        Message::DemandActive => "its capabilities",
        Message::ConfirmActive => "our capabilities",
        Message::FontMap => "the set-up",
        Message::SessionData => "data of the session",
    }
}

/// A page for people where none was expected.
pub fn web_page(title: &str) -> String {
    if title.is_empty() {
        "with a web page".to_owned()
    } else {
        format!("with a web page (\"{title}\")")
    }
}

/// An HTTP status with what people call it.
pub fn http_status(status: u16) -> String {
    let name = match status {
        101 => "Switching Protocols",
        200 => "OK",
        301 | 308 => "Moved Permanently",
        302 | 303 | 307 => "Found elsewhere",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        407 => "Proxy Authentication Required",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => return status.to_string(),
    };
    format!("{status} {name}")
}

/// A code of a gateway with its name and meaning, where they are known.
pub fn gateway_code(code: u32) -> String {
    let known = model::codes::gateway::find(code);
    known.map_or_else(
        || format!("0x{code:08X}"),
        |known| format!("0x{code:08X} {}: {}", known.name, known.says),
    )
}

/// A number with its name and what it says.
pub(crate) fn coded(table: &'static [Code], number: u32) -> String {
    match numbered(table, number) {
        Some(code) => format!("{} {}: {}", code.written(), code.name, code.says),
        None => format!("0x{number:X}"),
    }
}

/// The name a certificate goes by.
pub(crate) fn certificate_name(certificate: &Certificate) -> &str {
    certificate
        .common_name
        .as_deref()
        .or(certificate.dns_names.first().map(String::as_str))
        .unwrap_or(if certificate.subject.is_empty() {
            "(no name)"
        } else {
            &certificate.subject
        })
}

/// Every name and address a certificate is for, in words.
fn certificate_names(certificate: &Certificate) -> String {
    let mut names: Vec<String> = Vec::new();
    let all = certificate
        .dns_names
        .iter()
        .cloned()
        .chain(certificate.addresses.iter().map(ToString::to_string))
        .chain(
            certificate
                .common_name
                .iter()
                .filter(|_| certificate.dns_names.is_empty())
                .cloned(),
        );
    for name in all {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.len() {
        0 => "no name".to_owned(),
        1..=4 => names.join(", "),
        more => {
            names.truncate(3);
            format!("{} and {} more", names.join(", "), more - 3)
        }
    }
}

/// Fills `{name}` in `template` with what the observation or the target says.
pub(crate) fn fill(template: &str, target: &Target, observation: Option<&Observation>) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        let value = observation
            .and_then(|observation| of_fact(name, &observation.fact, target))
            .or_else(|| of_target(name, target));
        text.push_str(value.as_deref().unwrap_or("?"));
        rest = tail;
    }
    text.push_str(rest);
    text
}

/// Somebody's words as they are repeated.
pub(crate) fn quoted(words: &str) -> String {
    format!("\u{201c}{words}\u{201d}")
}

fn of_target(name: &str, target: &Target) -> Option<String> {
    match name {
        "host" => Some(target.host.to_string()),
        "port" => Some(target.port.to_string()),
        "endpoint" if target.port == model::target::RDP_PORT => Some(target.host.to_string()),
        "endpoint" if target.host.0.contains(':') => {
            Some(format!("[{}]:{}", target.host, target.port))
        }
        "endpoint" => Some(format!("{}:{}", target.host, target.port)),
        "offers" => Some(target.client.offers.to_string()),
        _ => None,
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "one arm for each field of each fact, in one place"
)]
fn of_fact(name: &str, fact: &Fact, target: &Target) -> Option<String> {
    let value = match (name, fact) {
        ("address", Fact::AddressGiven { address }) => address.to_string(),
        ("stated", Fact::CodeStated { words, says, .. }) => format!("{words}: {says}"),
        ("stated", Fact::SymptomStated { words, .. }) => quoted(words),
        (
            "stated",
            Fact::BehaviourStated {
                words,
                symptom,
                holds,
            },
        ) => crate::behaviours::told(words, symptom, *holds),
        (
            "name",
            Fact::NameResolved { name, .. }
            | Fact::NameNotResolved { name, .. }
            | Fact::HostsFileSaid { name, .. },
        ) => name.to_string(),
        (
            "server",
            Fact::NameResolved {
                via: Resolver::Server(server),
                ..
            }
            | Fact::NameNotResolved {
                via: Resolver::Server(server),
                ..
            },
        ) => crate::rung_words::name_server(*server),
        ("why", Fact::NameNotResolved { why, .. }) => {
            crate::rung_words::name_failure(*why).to_owned()
        }
        ("file", Fact::HostsFileSaid { file, .. }) => file.clone(),
        ("names", Fact::NameServerAnswered { names, .. }) => names
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
        (
            "addresses",
            Fact::NameResolved { addresses, .. } | Fact::HostsFileSaid { addresses, .. },
        ) => addresses
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
        (
            "took",
            Fact::NameResolved { took, .. }
            | Fact::NameNotResolved { took, .. }
            | Fact::TcpOpened { took, .. }
            | Fact::TcpRefused { took, .. }
            | Fact::TcpUnreachable { took, .. }
            | Fact::TlsEstablished { took, .. },
        ) => span(*took),
        (
            "to",
            Fact::NoRoute { to, .. }
            | Fact::LocallyForbidden { to, .. }
            | Fact::TcpOpened { to, .. }
            | Fact::TcpRefused { to, .. }
            | Fact::TcpUnreachable { to, .. }
            | Fact::TcpSilent { to, .. },
        ) => address(*to, target),
        (
            "to",
            Fact::OtherPortAnswered { to, .. }
            | Fact::UdpAnswered { to, .. }
            | Fact::UdpSilent { to, .. }
            | Fact::UdpUnreachable { to, .. },
        ) => to.to_string(),
        ("icmp", Fact::UdpUnreachable { icmp, .. }) => icmp.says().to_owned(),
        ("sent", Fact::UdpSilent { sent, .. }) => match sent {
            1 => "the only datagram".to_owned(),
            sent => format!("{sent} datagrams"),
        },
        ("asked", Fact::ProxyRefused { asked, .. }) => asked.0.clone(),
        ("proxy", Fact::ProxyRefused { proxy, .. }) => proxy.to_string(),
        ("status", Fact::ProxyRefused { answer, .. }) => match answer {
            254 => "that user and password do not fit".to_owned(),
            255 => "that it takes none of the ways to log on that it was offered".to_owned(),
            status => status.to_string(),
        },
        ("logon", Fact::ProxyRefused { logon, .. }) => logon.clone()?,
        ("wants", Fact::ProxyRefused { wants, .. }) => match wants.as_deref() {
            None | Some([]) => String::new(),
            Some(wants) => format!(", and takes these ways to log on: {}", wants.join(", ")),
        },
        ("gateway", _) => target
            .gateway
            .as_ref()
            .map_or_else(|| "the gateway".to_owned(), ToString::to_string),
        ("way", Fact::GatewayAnswered { way, .. }) => way.says().to_owned(),
        (
            "status",
            Fact::GatewayAnswered {
                page: Some(title), ..
            },
        ) => web_page(title),
        ("status", Fact::GatewayAnswered { status, .. }) => http_status(*status),
        ("server", Fact::GatewayAnswered { server, .. }) => {
            if server.is_empty() {
                "a server that does not say what it is".to_owned()
            } else {
                server.clone()
            }
        }
        ("ways", Fact::GatewayTakesNoPassword { offers }) => offers.join(", "),
        ("schemes", Fact::GatewayAnswered { offers, .. }) => offers.join(", "),
        ("logon", Fact::GatewayAnswered { logon, .. }) => logon.clone().unwrap_or_default(),
        ("step", Fact::GatewayStepped { step, .. }) => step.says().to_owned(),
        ("code", Fact::GatewayStepped { code, .. }) => gateway_code(*code),
        ("by", Fact::LargeSegmentsLost { by_server, .. }) => if *by_server {
            "the server"
        } else {
            "the client"
        }
        .to_owned(),
        ("lost", Fact::LargeSegmentsLost { lost, .. }) => lost.to_string(),
        ("passed", Fact::LargeSegmentsLost { passed, .. }) => passed.to_string(),
        ("times", Fact::LargeSegmentsLost { times, .. }) => times.to_string(),
        ("told", Fact::LargeSegmentsLost { told, .. }) => told.map_or_else(
            || ", and no router said why".to_owned(),
            |told| format!(", and a router said that it takes {told} bytes"),
        ),
        ("answer", Fact::OtherPortAnswered { opened, .. }) => {
            if *opened { "opened" } else { "was refused" }.to_owned()
        }
        ("icmp", Fact::TcpUnreachable { icmp, .. }) => icmp.map_or_else(
            || "the host cannot be reached".to_owned(),
            |icmp| icmp.says().to_owned(),
        ),
        ("from", Fact::TcpUnreachable { icmp, .. }) => icmp.and_then(|icmp| icmp.from).map_or_else(
            || "something on the way".to_owned(),
            |from| from.to_string(),
        ),
        (
            "waited",
            Fact::TcpSilent { waited, .. }
            | Fact::UdpSilent { waited, .. }
            | Fact::Ended { waited, .. }
            | Fact::ClientEnded { waited, .. },
        ) => span(*waited),
        (
            "after",
            Fact::Ended { after, .. }
            | Fact::ClientEnded { after, .. }
            | Fact::ServerDisconnected { after, .. }
            | Fact::SessionDeactivated { after }
            | Fact::TlsAlerted { after, .. }
            | Fact::Trickled { after, .. },
        ) => message(*after).to_owned(),
        ("came", Fact::Trickled { bytes, over, .. }) => {
            format!("{bytes} bytes over {}", span(*over))
        }
        ("idle", Fact::Trickled { idle, .. }) => span(*idle),
        ("how", Fact::Ended { how, .. }) => match how {
            Ending::Closed => "closed",
            Ending::Reset => "reset",
            Ending::Silence => "silent",
            Ending::Unreachable => "cut off",
        }
        .to_owned(),
        (
            "offered",
            Fact::NegotiationOffered { offered }
            | Fact::NegotiationChosen { offered, .. }
            | Fact::NegotiationRefused { offered, .. }
            | Fact::NegotiationPlain { offered },
        ) => offered.map_or_else(
            || "no protocol at all".to_owned(),
            |offered| offered.to_string(),
        ),
        ("chosen", Fact::NegotiationChosen { chosen, .. }) => chosen.to_string(),
        ("chosen", Fact::NegotiationPlain { .. }) => "RDP security".to_owned(),
        ("code", Fact::NegotiationRefused { code, .. }) => code.to_string(),
        ("service", Fact::OtherServiceAnswered { service, .. }) => service.says().to_owned(),
        (
            "bytes",
            Fact::OtherServiceAnswered { first_bytes, .. }
            | Fact::Unreadable { first_bytes, .. }
            | Fact::NotTls { first_bytes }
            | Fact::CertificateUnreadable { first_bytes },
        ) => beginning(&first_bytes.0),
        ("first", Fact::AnswerTook { first, .. }) => span(*first),
        ("whole", Fact::AnswerTook { whole, .. }) => span(*whole),
        ("pieces", Fact::AnswerTook { pieces, .. }) => pieces.to_string(),
        ("message", Fact::AnswerTook { message, .. } | Fact::Unreadable { message, .. }) => {
            self::message(*message).to_owned()
        }
        ("size", Fact::TlsOffered { size, .. }) => size.to_string(),
        ("highest", Fact::TlsOffered { highest, .. }) => highest.to_string(),
        ("version", Fact::TlsChosen { version, .. } | Fact::TlsEstablished { version, .. }) => {
            version.to_string()
        }
        ("suite", Fact::TlsChosen { suite, .. } | Fact::TlsEstablished { suite, .. }) => {
            suite.to_string()
        }
        ("alert", Fact::TlsAlerted { alert, .. } | Fact::TlsRejected { alert, .. }) => {
            alert.to_string()
        }
        ("reason", Fact::TlsRejected { reason, .. }) => reason.clone(),
        ("trust", Fact::CertificateTrust { trust }) => match trust {
            model::Trust::Trusted => "trusted".to_owned(),
            model::Trust::SelfSigned => "signed by itself".to_owned(),
            model::Trust::UnknownIssuer => "from an issuer unknown here".to_owned(),
            model::Trust::Other(words) => words.clone(),
        },
        (
            "kdc",
            Fact::KdcAnswered { kdc, .. }
            | Fact::KdcUnanswered { kdc, .. }
            | Fact::TicketAnswered { kdc, .. },
        ) => kdc.to_string(),
        (
            "realm",
            Fact::KdcAnswered { realm, .. }
            | Fact::KdcUnanswered { realm, .. }
            | Fact::TicketAnswered { realm, .. }
            | Fact::KdcsNamed { realm, .. },
        ) => realm.to_string(),
        ("said", Fact::KdcAnswered { error, .. } | Fact::TicketAnswered { error, .. }) => {
            match error {
                Some(error) => error
                    .says()
                    .map_or_else(|| error.to_string(), |says| format!("{says} ({error})")),
                None => "a ticket".to_owned(),
            }
        }
        ("apart", Fact::KdcAnswered { clock, seen_at, .. }) => {
            apart((*clock)?.0.saturating_sub(seen_at.0))
        }
        (
            "met",
            Fact::KdcUnanswered {
                kdc,
                realm,
                way,
                why,
                ..
            },
        ) => format!(
            "{kdc}, a Kerberos server of {realm}, {} ({})",
            why.says(),
            way.says()
        ),
        ("met", Fact::KdcsNamed { realm, server, .. }) => {
            format!("the name server {server} names no Kerberos server for {realm}")
        }
        ("met", Fact::KdcAnswered { kdc, way, .. } | Fact::TicketAnswered { kdc, way, .. }) => {
            format!("the Kerberos server {kdc} answers {}", way.says())
        }
        (
            "change",
            Fact::CertificateRecalled {
                change,
                sha1,
                issuer,
                first,
                last,
                ..
            },
        ) => {
            let until = if date(*first) == date(*last) {
                format!("on {}", date(*first))
            } else {
                format!("from {} to {}", date(*first), date(*last))
            };
            match change {
                CertificateChange::Same => {
                    format!("it is the one that was seen from here before ({until})")
                }
                CertificateChange::Renewed => format!(
                    "{until} it showed another one, for the same name and by the same issuer, as a renewal is \
                     (thumbprint {sha1})"
                ),
                CertificateChange::OtherIssuer => {
                    format!("{until} it showed one by another issuer, {issuer} (thumbprint {sha1})")
                }
                CertificateChange::OtherName => format!(
                    "{until} it showed one for another name, by {issuer} (thumbprint {sha1})"
                ),
            }
        }
        (
            _,
            Fact::CertificateSeen {
                certificate,
                seen_at,
            },
        ) => return of_certificate(name, certificate, *seen_at),
        (
            "credssp",
            Fact::NtlmChallenged { version, .. }
            | Fact::CredSspAnswered { version, .. }
            | Fact::LogonNegotiated { version, .. }
            | Fact::CredSspRefused { version, .. }
            | Fact::CredSspOffered { version, .. },
        ) => version.to_string(),
        ("ticket", Fact::LogonNegotiated { error, .. }) => {
            let error = (*error)?;
            error
                .says()
                .map_or_else(|| error.to_string(), |says| format!("{says} ({error})"))
        }
        ("unnamed", Fact::CredSspRefused { named, .. }) => match named {
            Some(false) => ", before the client had said who it is".to_owned(),
            _ => String::new(),
        },
        ("error", Fact::CredSspRefused { error, .. }) => error
            .meant()
            .says()
            .map_or_else(|| error.told(), |says| format!("{}: {says}", error.told())),
        (
            "apart",
            Fact::NtlmChallenged {
                challenge, seen_at, ..
            },
        ) => apart(challenge.clock?.0.saturating_sub(seen_at.0)),
        ("computer", Fact::NtlmChallenged { challenge, .. }) => challenge
            .dns_computer
            .as_ref()
            .or(challenge.netbios_computer.as_ref())?
            .to_string(),
        ("told", Fact::ErrorInfoSent { code }) => coded(ERRORINFO, *code),
        ("result", Fact::SettingsAnswered { result, .. } | Fact::ChannelRefused { result, .. }) => {
            result.to_string()
        }
        ("channel", Fact::ChannelRefused { channel, .. }) => channel.map_or_else(
            || "the user".to_owned(),
            |channel| format!("channel {channel}"),
        ),
        ("license", Fact::LicenseAnswered { error, .. }) => error.map_or_else(
            || "a licence".to_owned(),
            |error| coded(LICENSE_ERROR, error),
        ),
        ("authorization", Fact::LogonAuthorized { result }) => match result {
            0 => "the user may connect".to_owned(),
            result => coded(EARLY_USER_AUTH, *result),
        },
        ("notice", Fact::LogonNotified { about, .. }) => coded(LOGON_ERROR_DATA, *about),
        ("reason", Fact::ServerDisconnected { reason, .. }) => {
            coded(MCS_DISCONNECT_ULTIMATUM, u32::from(*reason))
        }
        ("ttl", Fact::ResetFromElsewhere { ttl, .. }) => ttl.to_string(),
        ("usual", Fact::ResetFromElsewhere { usual, .. }) => usual.to_string(),
        ("returned", Fact::SentBack { why, .. }) => why.says().to_owned(),
        ("by_client", Fact::Retransmitted { by_client, .. }) => by_client.to_string(),
        (
            "again",
            Fact::Retransmitted {
                by_client,
                by_server,
                ..
            },
        ) => by_client
            .saturating_add(by_server.unwrap_or_default())
            .to_string(),
        ("by_server", Fact::Retransmitted { by_server, .. }) => {
            by_server.map_or("an unknown number".to_owned(), |number| number.to_string())
        }
        ("lost", Fact::PacketSizesTried { lost, .. }) => lost.unwrap_or_default().to_string(),
        ("passed", Fact::PacketSizesTried { passed, .. }) => passed.unwrap_or_default().to_string(),
        // What a client loses with an address that does not open, before it goes on to the next.
        ("lost_time", Fact::TcpSilent { waited, .. }) => {
            format!("{} and more", span(*waited))
        }
        ("lost_time", Fact::TcpRefused { took, .. } | Fact::TcpUnreachable { took, .. }) => {
            span(*took)
        }
        ("held", Fact::ConnectionsHeld { held, .. }) => held.to_string(),
        ("asked", Fact::ConnectionsHeld { asked, .. }) => asked.to_string(),
        ("limit", Fact::ConnectionsHeld { limit, .. }) => limit
            .map_or("was taken, too", model::Limit::says)
            .to_owned(),
        ("waited", Fact::AnsweredAfterLoad { waited, .. }) => span(*waited),
        ("after_a_gap", Fact::PathMeasured { after_a_gap, .. }) => {
            match after_a_gap.unwrap_or_default() {
                1 => "1 packet".to_owned(),
                number => format!("{number} packets"),
            }
        }
        ("of", Fact::Retransmitted { of, .. }) => of.to_string(),
        ("event", Fact::EventLogged { provider, id, .. }) => format!("event {id} of {provider}"),
        ("computer", Fact::EventLogged { computer, .. }) => computer.to_string(),
        (
            "times",
            Fact::EventLogged { times, .. }
            | Fact::LogSaid { times, .. }
            | Fact::AccessDenied { times, .. },
        ) => {
            if *times == 1 {
                "once".to_owned()
            } else {
                format!("{times} times")
            }
        }
        ("line", Fact::LogSaid { line, .. }) => line.chars().take(160).collect(),
        ("told", Fact::LogSaid { values, .. }) => values.first()?.clone(),
        ("program", Fact::LogSaid { program, .. }) => program.clone(),
        ("key", Fact::SettingFound { key, .. }) => key.clone(),
        ("setting", Fact::SettingFound { name, .. }) => name.clone(),
        ("value", Fact::SettingFound { value, .. }) => match value {
            model::fact::SettingValue::Number(number) => number.to_string(),
            model::fact::SettingValue::Text(text) => text.clone(),
            model::fact::SettingValue::Texts(texts) => texts.join(", "),
            model::fact::SettingValue::Bytes(bytes) => bytes.to_string(),
            model::fact::SettingValue::Removed => "removed".to_owned(),
        },
        ("service", Fact::ServiceFound { name, .. }) => name.clone(),
        ("starts", Fact::ServiceFound { starts, .. }) => starts.clone(),
        ("at", Fact::ListenerFound { at, .. }) => at.to_string(),
        ("port", Fact::ListenerMissing { port } | Fact::PortTested { port, .. }) => {
            port.to_string()
        }
        ("path", Fact::FileFound { path, .. }) => path.clone(),
        ("reader", Fact::FileFound { reader, .. }) => reader.clone(),
        (
            "state",
            Fact::FileFound {
                exists,
                mode,
                owner,
                ..
            },
        ) => match (exists, mode, owner) {
            (false, ..) => "there is no such file".to_owned(),
            (true, Some(mode), Some((user, group))) => {
                format!("it has mode {mode:04o}, owner {user}, group {group}")
            }
            (true, ..) => "its access list does not let it".to_owned(),
        },
        ("program", Fact::ProgramFound { name, .. }) => name.clone(),
        ("program", Fact::ListenerFound { program, .. }) => program.clone()?,
        ("filter", Fact::FilterFound { filter, .. }) => filter.clone(),
        ("port", Fact::FilterFound { port, .. }) => port.to_string(),
        ("rule", Fact::FilterFound { rule, .. }) => rule.chars().take(160).collect(),
        ("policy", Fact::AccessDenied { policy, .. }) => policy.clone(),
        ("program", Fact::AccessDenied { program, .. }) => program.clone(),
        ("object", Fact::AccessDenied { object, .. }) => object.clone(),
        ("store", Fact::HostRemembered { store, .. }) => store.clone(),
        ("name", Fact::HostRemembered { host, .. }) => host.to_string(),
        ("certificate", Fact::KeyCompared { certificate, .. }) => certificate.clone(),
        ("key", Fact::KeyCompared { key, .. }) => key.clone(),
        ("seen", Fact::ConnectionsLogged { seen, .. }) => seen.to_string(),
        (
            "reached",
            Fact::ConnectionsLogged {
                reached_session, ..
            },
        ) => reached_session.to_string(),
        (
            "ended",
            Fact::ConnectionsLogged {
                ended_at_security, ..
            },
        ) => ended_at_security.to_string(),
        _ => return None,
    };
    Some(value)
}

fn of_certificate(name: &str, certificate: &Certificate, seen_at: UnixSeconds) -> Option<String> {
    Some(match name {
        "name" => certificate_name(certificate).to_owned(),
        "names" => certificate_names(certificate),
        "subject" => certificate.subject.clone(),
        "issuer" => certificate.issuer.clone(),
        "expires" => date(certificate.not_after),
        "begins" => date(certificate.not_before),
        "left" => days(seen_at.days_until(certificate.not_after)),
        "until" => days(seen_at.days_until(certificate.not_before)),
        "bits" => certificate.key_bits.to_string(),
        "signature" => certificate.signature.clone(),
        "usage" => certificate.extended_key_usage.join(", "),
        _ => return None,
    })
}

/// The beginning of an answer, as text where it is text.
fn beginning(bytes: &[u8]) -> String {
    let shown: Vec<u8> = bytes
        .iter()
        .copied()
        .take_while(|&byte| byte != b'\r' && byte != b'\n')
        .take(40)
        .collect();
    match std::str::from_utf8(&shown) {
        Ok(text) if !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() || c == ' ') => {
            format!("\"{text}\"")
        }
        _ if bytes.is_empty() => "nothing".to_owned(),
        _ => {
            let digits: Vec<String> = bytes
                .iter()
                .take(12)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            digits.join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        for (moment, expect) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_798_934_400, "2027-01-03"),
            (-1, "1969-12-31"),
        ] {
            assert_eq!(date(UnixSeconds(moment)), expect);
        }
        assert!(!date(UnixSeconds(i64::MAX)).is_empty() && !date(UnixSeconds(i64::MIN)).is_empty());
    }

    #[test]
    fn spans_are_short() {
        for (micros, expect) in [
            (600, "0.6 ms"),
            (24_300, "24 ms"),
            (4_000_000, "4.0 s"),
            (300_000_000, "5 min"),
        ] {
            assert_eq!(span(Micros(micros)), expect);
        }
    }
}
