//! Facts in a few words, for the list of everything that was seen and for the picture of the conversation.

use model::{CertificateChange, Ending, Fact, Message, Trust};

use super::path_words;
use super::words::duration;
use super::{EvidenceReport, millis};

/// Which way the message went that told a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the client to the server.
    Sent,
    /// From the server to the client.
    Received,
    /// The connection ended.
    End,
    /// No message: something known beside the conversation.
    Beside,
}

/// The fact of a line of the report; `None` when this version does not know its kind.
pub fn fact(seen: &EvidenceReport) -> Option<Fact> {
    let mut tagged = serde_json::Map::new();
    tagged.insert("fact".to_owned(), seen.fact.clone().into());
    tagged.insert("value".to_owned(), seen.value.clone());
    serde_json::from_value(tagged.into()).ok()
}

/// The fact in a few words; of a kind that this version does not know, its values as they are.
pub fn words(seen: &EvidenceReport) -> String {
    match fact(seen) {
        Some(fact) => told(&fact).1,
        None => format!("{} {}", seen.fact, seen.value),
    }
}

/// Which way it went, and what it says.
pub fn told(fact: &Fact) -> (Way, String) {
    match fact {
        Fact::AddressGiven { address } => {
            (Way::Beside, format!("the host is the address {address}"))
        }
        Fact::NameResolved {
            name,
            addresses,
            via,
            took,
        } => {
            let by = path_words::asked(via);
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            let took = duration(millis(*took));
            (
                Way::Beside,
                format!(
                    "{name} is {}{by} (answer after {took})",
                    addresses.join(", ")
                ),
            )
        }
        Fact::NameNotResolved {
            name, via, took, ..
        } => (
            Way::Beside,
            format!(
                "no answer for the name {name}{} (after {})",
                path_words::asked(via),
                duration(millis(*took))
            ),
        ),
        Fact::TcpOpened { to, took } => (
            Way::Received,
            format!("TCP to {to} opened after {}", duration(millis(*took))),
        ),
        Fact::TcpRefused { to, took } => (
            Way::End,
            format!("TCP to {to} refused after {}", duration(millis(*took))),
        ),
        Fact::TcpSilent { to, waited } => (
            Way::End,
            format!("no answer from {to} in {}", duration(millis(*waited))),
        ),
        Fact::UdpAnswered {
            to,
            version,
            mtu,
            took,
        } => (
            Way::Beside,
            format!(
                "UDP to {to} was answered after {}{}{}",
                duration(millis(*took)),
                version.map_or_else(String::new, |version| match version {
                    0x0101 => ", version 3".to_owned(),
                    version => format!(", version {version}"),
                }),
                mtu.map_or_else(String::new, |mtu| format!(", datagrams of {mtu} bytes"))
            ),
        ),
        Fact::UdpSilent { to, sent, waited } => (
            Way::Beside,
            format!(
                "no answer to {} over UDP to {to} in {}",
                super::words::count(usize::try_from(*sent).unwrap_or(usize::MAX), "datagram"),
                duration(millis(*waited))
            ),
        ),
        Fact::UdpUnreachable { to, icmp } => (Way::Beside, format!("UDP to {to}: {}", icmp.says())),
        Fact::UdpSecured {
            to,
            version,
            suite,
            verified,
            name,
            alert,
            by_server,
            established,
        } => (
            Way::Beside,
            format!(
                "over UDP to {to}{}{}{}{}{}",
                version.map_or_else(String::new, |version| format!(
                    ": {version}{}",
                    suite.map_or_else(String::new, |suite| format!(", {suite}"))
                )),
                name.as_deref()
                    .map_or_else(String::new, |name| format!(", certificate {name}")),
                if *verified { ", after a cookie" } else { "" },
                alert.map_or_else(String::new, |alert| format!(
                    ", alert {alert} by the {}",
                    if *by_server { "server" } else { "client" }
                )),
                if *established {
                    ", both went on encrypted"
                } else {
                    ""
                }
            ),
        ),
        Fact::ProxyConnected { proxy, asked, took } => (
            Way::Received,
            format!(
                "the proxy {proxy} connected to {} after {}",
                asked.0,
                duration(millis(*took))
            ),
        ),
        Fact::ProxyRefused {
            proxy,
            asked,
            answer,
            wants,
            logon,
        } => (
            Way::Received,
            format!(
                "the proxy {proxy} refused to connect to {}: {answer}{}{}",
                asked.0,
                logon
                    .as_ref()
                    .map_or_else(String::new, |logon| format!(" to a logon with {logon}")),
                wants.as_ref().map_or_else(String::new, |wants| format!(
                    ", asks for a logon: {}",
                    wants.join(", ")
                ))
            ),
        ),
        Fact::GatewayAnswered {
            way,
            status,
            offers,
            server,
            logon,
            page,
            took,
        } => (
            Way::Received,
            format!(
                "{}{}: {}{} after {}{}{}",
                way.says(),
                logon
                    .as_ref()
                    .map_or_else(String::new, |logon| format!(", logon with {logon}")),
                diagnose::words::http_status(*status),
                page.as_ref().map_or_else(String::new, |title| format!(
                    " {}",
                    diagnose::words::web_page(title)
                )),
                duration(millis(*took)),
                if offers.is_empty() {
                    String::new()
                } else {
                    format!("; asks for {}", offers.join(", "))
                },
                if server.is_empty() {
                    String::new()
                } else {
                    format!("; {server}")
                },
            ),
        ),
        Fact::GatewayTakesNoPassword { offers } => (
            Way::Received,
            format!("takes no password to log on, but {}", offers.join(", ")),
        ),
        Fact::GatewayStepped { step, code, took } => (
            Way::Received,
            if *code == 0 {
                format!("{} passed after {}", step.says(), duration(millis(*took)))
            } else {
                format!(
                    "{} ended with {}",
                    step.says(),
                    diagnose::words::gateway_code(*code)
                )
            },
        ),
        Fact::GatewayTerms {
            consent,
            idle,
            redirection,
            udp_port,
        } => {
            let mut terms = Vec::new();
            terms.extend(
                consent
                    .as_ref()
                    .map(|text| format!("users agree to: {text}")),
            );
            terms.extend(
                idle.filter(|minutes| *minutes > 0)
                    .map(|minutes| format!("idle sessions end after {minutes} min")),
            );
            terms.extend(
                redirection
                    // HTTP_TUNNEL_REDIR_ENABLE_ALL
                    .filter(|flags| *flags != 0 && flags & 0x8000_0000 == 0)
                    .map(|flags| format!("device redirection is limited (0x{flags:08X})")),
            );
            terms.extend(udp_port.map(|port| format!("UDP on port {port}")));
            if terms.is_empty() {
                terms.push("the gateway sets no terms".to_owned());
            }
            (Way::Received, terms.join("; "))
        }
        Fact::DirectWay { to, opened } => (
            Way::Beside,
            if *opened {
                format!("{to} opens directly too, beside the gateway")
            } else {
                format!("{to} does not open directly from here")
            },
        ),
        Fact::LargeSegmentsLost {
            by_server,
            lost,
            times,
            passed,
            ..
        } => (
            Way::Beside,
            format!(
                "{} sent {lost} bytes {times} times again in vain; up to {passed} bytes went through",
                if *by_server {
                    "the server"
                } else {
                    "the client"
                }
            ),
        ),
        Fact::TcpUnreachable { to, icmp, .. } => {
            let why = icmp.map_or("cannot be reached", |icmp| icmp.says());
            (Way::End, format!("{to}: {why}"))
        }
        Fact::NegotiationOffered { offered } => (
            Way::Sent,
            match offered {
                Some(offered) => format!("connection request: {offered}"),
                None => "connection request without negotiation".to_owned(),
            },
        ),
        Fact::NegotiationChosen { chosen, .. } => {
            (Way::Received, format!("connection confirm: {chosen}"))
        }
        Fact::NegotiationRefused { code, .. } => (Way::Received, format!("refusal: {code}")),
        Fact::NegotiationPlain { .. } => (
            Way::Received,
            "connection confirm without negotiation".to_owned(),
        ),
        Fact::OtherServiceAnswered { service, .. } => {
            (Way::Received, format!("{} answered", service.says()))
        }
        Fact::Unreadable { message, .. } => (
            Way::Received,
            format!("an unreadable {}", message_words(*message)),
        ),
        Fact::TlsOffered {
            lowest,
            highest,
            size,
        } => (
            Way::Sent,
            format!("ClientHello: {lowest} to {highest}, {size} bytes"),
        ),
        Fact::TlsChosen { version, suite } => (
            Way::Received,
            format!("ServerHello: {version}, suite {suite}"),
        ),
        Fact::TlsAlerted { alert, after } => (
            Way::Received,
            format!("TLS alert {alert} after {}", message_words(*after)),
        ),
        Fact::TlsRejected { alert, reason } => (Way::Sent, format!("TLS alert {alert}: {reason}")),
        Fact::TlsEstablished {
            version,
            suite,
            took,
        } => (
            Way::Received,
            format!(
                "{version} with suite {suite}, {} after ClientHello",
                duration(millis(*took))
            ),
        ),
        Fact::NotTls { .. } => (Way::Received, "something that is not TLS".to_owned()),
        Fact::CertificateSeen { certificate, .. } => {
            let name = certificate
                .common_name
                .as_ref()
                .unwrap_or(&certificate.subject);
            (Way::Received, format!("certificate of {name}"))
        }
        Fact::CertificateTrust { trust } => {
            let says = match trust {
                Trust::Trusted => "the certificate leads to an authority trusted here".to_owned(),
                Trust::SelfSigned => "the certificate is signed by itself".to_owned(),
                Trust::UnknownIssuer => "the issuer of the certificate is unknown here".to_owned(),
                Trust::Other(why) => format!("the certificate is not trusted here: {why}"),
            };
            (Way::Beside, says)
        }
        Fact::CertificateRecalled { change, .. } => {
            let says = match change {
                CertificateChange::Same => "the certificate was seen from here before",
                CertificateChange::Renewed => {
                    "the certificate is another one than the last time, by the same issuer"
                }
                CertificateChange::OtherIssuer => {
                    "the certificate is another one than the last time, by another issuer"
                }
                CertificateChange::OtherName => {
                    "the certificate is another one than the last time, for another name"
                }
            };
            (Way::Beside, says.to_owned())
        }
        Fact::KdcsNamed { .. }
        | Fact::KdcAnswered { .. }
        | Fact::KdcUnanswered { .. }
        | Fact::TicketAnswered { .. } => (
            Way::Beside,
            super::kerberos::words(fact).unwrap_or_default(),
        ),
        Fact::CredSspOffered { version, mechanism } => {
            let of =
                mechanism.map_or_else(String::new, |mechanism| format!(" of {}", mechanism.says()));
            (
                Way::Sent,
                format!("CredSSP version {version}: the first token{of}, without a password"),
            )
        }
        Fact::LogonNegotiated {
            version,
            mechanism,
            rejected,
            error,
        } => (
            Way::Received,
            super::kerberos::negotiated(*version, *mechanism, *rejected, *error),
        ),
        Fact::NtlmChallenged {
            version, challenge, ..
        } => {
            let names = [&challenge.dns_computer, &challenge.netbios_computer];
            let mut told = names.into_iter().flatten();
            let name = told.find(|name| !name.0.is_empty());
            let of = name.map(|name| format!(" of {name}")).unwrap_or_default();
            (
                Way::Received,
                format!("NTLM challenge{of}, CredSSP version {version}"),
            )
        }
        Fact::CredSspAnswered { version, .. } => {
            (Way::Received, format!("CredSSP answer, version {version}"))
        }
        Fact::CredSspRefused {
            error,
            named: Some(false),
            ..
        } => (
            Way::Received,
            format!("CredSSP error {}, before a name was given", error.told()),
        ),
        Fact::CredSspRefused { error, .. } => {
            (Way::Received, format!("CredSSP error {}", error.told()))
        }
        Fact::LogonAccepted { version } => (
            Way::Received,
            format!("the logon was accepted, CredSSP version {version}"),
        ),
        Fact::LogonAuthorized { result: 0 } => (Way::Received, "the user may connect".to_owned()),
        Fact::LogonAuthorized { result } => (
            Way::Received,
            format!("the user may not connect (result {result})"),
        ),
        Fact::SettingsAnswered {
            result,
            encryption_method,
            encryption_level,
            channels,
            ..
        } => (
            Way::Received,
            format!(
                "MCS Connect Response: result {result}, {}, encryption method {encryption_method}, level \
                 {encryption_level}",
                super::words::count(usize::from(*channels), "virtual channel")
            ),
        ),
        Fact::ChannelsJoined { channels, took } => (
            Way::Received,
            format!(
                "{} joined in {}",
                super::words::count(usize::from(*channels), "channel"),
                duration(millis(*took))
            ),
        ),
        Fact::ClientInformed { logs_on } => (
            Way::Sent,
            if *logs_on {
                "Client Info, with user and password".to_owned()
            } else {
                "Client Info, without a logon".to_owned()
            },
        ),
        Fact::LicenseAnswered { message, error } => (
            Way::Received,
            match error {
                Some(7) => "licensing is over: no licence is asked for".to_owned(),
                Some(error) => format!("licensing ended with error {error}"),
                None => format!("a licence (message {message})"),
            },
        ),
        Fact::CapabilitiesOffered { took } => (
            Way::Received,
            format!(
                "Demand Active, {} after the client information",
                duration(millis(*took))
            ),
        ),
        Fact::SessionRan { took } => (
            Way::Received,
            format!(
                "data as only a session sends, {} after TCP",
                duration(millis(*took))
            ),
        ),
        Fact::ErrorInfoSent { code } => (Way::Received, format!("Set Error Info 0x{code:X}")),
        Fact::ServerDisconnected { reason, after } => (
            Way::End,
            format!(
                "MCS disconnect, reason {reason}, after {}",
                message_words(*after)
            ),
        ),
        Fact::Ended {
            how, after, waited, ..
        } => {
            let waited = duration(millis(*waited));
            let after = message_words(*after);
            let says = match how {
                Ending::Closed => format!("closed {waited} after {after}"),
                Ending::Reset => format!("reset {waited} after {after}"),
                Ending::Silence => format!("silence for {waited} after {after}"),
                Ending::Unreachable => format!("unreachable {waited} after {after}"),
            };
            (Way::End, says)
        }
        Fact::Trickled {
            after,
            bytes,
            over,
            idle,
        } => (
            Way::Received,
            format!(
                "{bytes} bytes over {} after {}, no whole message; the last {} before the end",
                duration(millis(*over)),
                message_words(*after),
                duration(millis(*idle)),
            ),
        ),
        Fact::AnswerTook {
            message,
            first,
            whole,
            pieces,
        } => {
            let pieces =
                super::words::count(usize::try_from(*pieces).unwrap_or(usize::MAX), "piece");
            (
                Way::Beside,
                format!(
                    "{} began after {}, was whole after {}, in {pieces}",
                    message_words(*message),
                    duration(millis(*first)),
                    duration(millis(*whole)),
                ),
            )
        }
        other => (Way::Beside, beside(other)),
    }
}

/// What the kind of fact is, and its values as they are.
fn with_values(fact: &Fact) -> String {
    let says = fact.kind().says().trim_end_matches('.');
    let tagged = serde_json::to_value(fact).unwrap_or_default();
    let values = tagged.get("value").map(values).unwrap_or_default();
    let mut whole = match values.is_empty() {
        true => says.to_owned(),
        false => format!("{says} ({values})"),
    };
    if whole.chars().count() > LONGEST {
        whole = whole.chars().take(LONGEST).chain(['…']).collect();
    }
    whole
}

/// The most letters of a fact in the list.
const LONGEST: usize = 240;

fn values(value: &serde_json::Value) -> String {
    use serde_json::Value;
    let list = |parts: Vec<String>| {
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    };
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => list(items.iter().map(values).collect()),
        Value::Object(fields) => list(
            fields
                .iter()
                .map(|(name, value)| match values(value) {
                    told if told.is_empty() => told,
                    told => format!("{} {told}", name.replace('_', " ")),
                })
                .collect(),
        ),
        other => other.to_string(),
    }
}

/// What is known of a machine beside any conversation.
fn beside(fact: &Fact) -> String {
    match fact {
        Fact::AttemptLogged {
            computer,
            from,
            steps,
            ..
        } => {
            let from = from.map(|from| format!(" from {from}")).unwrap_or_default();
            let mut steps: Vec<&str> = steps.iter().map(String::as_str).collect();
            steps.dedup();
            format!("{computer} logged an attempt{from}: {}", steps.join(" → "))
        }
        Fact::SettingFound {
            key, name, value, ..
        } => format!("{key}: {name} is {}", value_words(value)),
        Fact::ServiceFound {
            name,
            running,
            starts,
        } => {
            let runs = match running {
                Some(true) => " runs",
                Some(false) => " does not run",
                None => "",
            };
            let starts = if starts.is_empty() {
                String::new()
            } else {
                format!(", start: {starts}")
            };
            format!("the service {name}{runs}{starts}")
        }
        Fact::ListenerFound {
            at,
            process,
            program,
        } => {
            let process = process
                .map(|id| format!(", process {id}"))
                .unwrap_or_default();
            let program = program.as_deref().unwrap_or("a program");
            format!("{program} listens at {at}{process}")
        }
        Fact::ListenerMissing { port } => format!("nothing listens on port {port}"),
        Fact::FileFound {
            path,
            exists,
            mode,
            owner,
            reader,
            readable,
            ..
        } => {
            if !exists {
                return format!("{path} is missing");
            }
            let mode = mode
                .map(|mode| format!(", mode {mode:04o}"))
                .unwrap_or_default();
            let owner = owner
                .map(|(user, group)| format!(", owner {user}:{group}"))
                .unwrap_or_default();
            let can = match readable {
                Some(true) => format!("{reader} can read it"),
                Some(false) => format!("{reader} cannot read it"),
                None => format!("whether {reader} can read it is not known"),
            };
            format!("{path}{mode}{owner}: {can}")
        }
        Fact::KeyCompared {
            certificate,
            key,
            belongs,
        } => match belongs {
            Some(true) => format!("the key {key} belongs to {certificate}"),
            Some(false) => format!("the key {key} does not belong to {certificate}"),
            None => format!("whether the key {key} belongs to {certificate} cannot be told"),
        },
        Fact::ProgramFound {
            name,
            path,
            version,
        } => {
            let version = version
                .as_deref()
                .map(|version| format!(" {version}"))
                .unwrap_or_default();
            match path {
                Some(path) => format!("{name}{version} at {path}"),
                None if !version.is_empty() => format!("{name}{version}"),
                None => format!("{name} is not installed"),
            }
        }
        Fact::FilterFound {
            filter,
            port,
            does,
            rule,
            some,
        } => {
            let does = match does {
                model::Filtering::Passes => "lets new connections to port",
                model::Filtering::Drops => "drops new connections to port",
                model::Filtering::Rejects => "refuses new connections to port",
            };
            let some = if *some { ", some of them" } else { "" };
            let rule = if rule.is_empty() {
                String::new()
            } else {
                format!(": {rule}")
            };
            format!("{filter} {does} {port}{some}{rule}")
        }
        Fact::AccessDenied {
            policy,
            program,
            object,
            times,
            ..
        } => format!("{policy} kept {program} from {object}, {times} times"),
        Fact::InterfaceFound {
            name,
            up,
            mtu,
            tunnel,
        } => {
            let mtu = mtu
                .map(|mtu| format!(", packets up to {mtu} bytes"))
                .unwrap_or_default();
            let tunnel = if *tunnel { ", a tunnel" } else { "" };
            let up = if *up == Some(false) { ", down" } else { "" };
            format!("interface {name}{tunnel}{mtu}{up}")
        }
        Fact::ClockFound { synchronised, by } => {
            let so = if *synchronised {
                "follows a time server"
            } else {
                "follows no time server"
            };
            format!("the clock {so}, says {by}")
        }
        Fact::HostRemembered {
            store, host, port, ..
        } => format!("{store} remembers the certificate of {host}:{port}"),
        Fact::LogSaid {
            program,
            line,
            times,
            ..
        } => format!("the log of {program} says, {times} times: {line}"),
        other => path_words::words(other).unwrap_or_else(|| with_values(other)),
    }
}

/// The value of a setting.
pub fn value_words(value: &model::SettingValue) -> String {
    match value {
        model::SettingValue::Number(number) => number.to_string(),
        model::SettingValue::Text(text) if text.is_empty() => "empty".to_owned(),
        model::SettingValue::Text(text) => text.clone(),
        model::SettingValue::Texts(texts) => texts.join(", "),
        model::SettingValue::Bytes(bytes) => bytes.to_string(),
        model::SettingValue::Removed => "removed".to_owned(),
    }
}

/// A message as people who read captures call it.
const fn message_words(message: Message) -> &'static str {
    match message {
        Message::TcpHandshake => "the TCP handshake",
        Message::ProxyRequest => "the request to the proxy",
        Message::GatewayRequest => "the request to the gateway",
        Message::GatewayPacket => "a packet to the gateway",
        Message::ConnectionRequest => "the connection request",
        Message::ConnectionConfirm => "the connection confirm",
        Message::ClientHello => "ClientHello",
        Message::ServerHello => "ServerHello",
        Message::Certificate => "the certificate",
        Message::ServerHelloDone => "the server's flight",
        Message::ClientFinished => "the client's Finished",
        Message::ServerFinished => "the server's Finished",
        Message::CredSspNegotiate => "NTLM NEGOTIATE",
        Message::CredSspChallenge => "NTLM CHALLENGE",
        Message::CredSspAuthenticate => "NTLM AUTHENTICATE",
        Message::CredSspAccepted => "the server's proof",
        Message::CredSspCredentials => "the credentials",
        Message::LogonAuthorization => "Early User Authorization Result",
        Message::McsConnectInitial => "MCS Connect Initial",
        Message::McsConnectResponse => "MCS Connect Response",
        Message::ChannelJoin => "Channel Join Request",
        Message::ChannelJoined => "Channel Join Confirm",
        Message::ClientInformation => "Client Info",
        Message::LicenseRequest => "the server's licensing message",
        Message::LicenseResponse => "the client's licensing message",
        Message::LicenseDone => "the end of licensing",
        Message::DemandActive => "Demand Active",
        Message::ConfirmActive => "Confirm Active",
        Message::FontMap => "Font Map",
        Message::SessionData => "data of the session",
    }
}
