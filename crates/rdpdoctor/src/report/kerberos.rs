//! What is known of Kerberos, as the lines of a short table: who answers for the realm, and what they say.

use model::codes::KerberosError;
use model::fact::{KdcQuestion, KdcWay};
use model::{AttemptOutcome, Evidence, Fact, HostName, LogonMechanism, NameFailure, UnixSeconds};

use super::words::{count, duration};
use super::{Line, millis};

/// The most that clocks may differ for Kerberos, in seconds (RFC 4120 section 5.9.1 leaves it to sites; all take this).
const TOLERANCE: u64 = 300;

/// The table; empty when Kerberos was not looked at.
pub fn table(evidence: &Evidence) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let facts = || evidence.seen.iter().map(|seen| &seen.fact);
    let mut line = |about: &str, says: String| {
        let told = lines.iter().any(|line| line.about == about);
        lines.push(Line {
            about: if told {
                String::new()
            } else {
                about.to_owned()
            },
            says,
        });
    };
    for fact in facts() {
        if let (Fact::KdcsNamed { realm, .. }, Some(says)) = (fact, words(fact)) {
            line("realm", format!("{realm}: {says}"));
        }
    }
    for fact in facts() {
        if let Fact::KdcAnswered {
            asked: KdcQuestion::User,
            ..
        }
        | Fact::KdcUnanswered { .. } = fact
            && let Some(says) = words(fact)
        {
            line("servers", says);
        }
    }
    if let Some(says) = facts().find_map(clock) {
        line("clock", says);
    }
    if let Some(says) = facts().find_map(user) {
        line("user", says);
    }
    if let Some(says) = service(evidence) {
        line("host", says);
    }
    for fact in facts() {
        if let (Fact::TicketAnswered { .. }, Some(says)) = (fact, words(fact)) {
            line("ticket", says);
        }
    }
    if let Some(says) = logon(evidence).filter(|_| told_of(evidence)) {
        line("logon", says);
    }
    lines
}

/// Something of Kerberos was looked at.
fn told_of(evidence: &Evidence) -> bool {
    evidence.seen.iter().any(|seen| {
        matches!(
            seen.fact,
            Fact::KdcsNamed { .. } | Fact::KdcAnswered { .. } | Fact::KdcUnanswered { .. }
        )
    })
}

/// In which way the logon was made, and why not with Kerberos.
fn logon(evidence: &Evidence) -> Option<String> {
    let facts = || evidence.seen.iter().map(|seen| &seen.fact);
    let tried = evidence
        .tried
        .iter()
        .filter(|attempt| attempt.probe == "logon" && attempt.outcome == AttemptOutcome::Ran)
        .count();
    let refused = facts().find_map(|fact| match fact {
        Fact::LogonNegotiated {
            mechanism,
            rejected,
            error,
            ..
        } if *rejected || error.is_some() || *mechanism == Some(LogonMechanism::Ntlm) => {
            Some(match error {
                Some(error) => error
                    .says()
                    .map_or_else(|| error.to_string(), |says| format!("{says} ({error})")),
                None => "the server takes no Kerberos".to_owned(),
            })
        }
        _ => None,
    });
    if let Some(why) = refused {
        return Some(format!(
            "with NTLM instead of Kerberos, as a client goes on: {why}"
        ));
    }
    let negotiated = facts().any(|fact| matches!(fact, Fact::LogonNegotiated { .. }));
    if negotiated {
        return Some("with Kerberos".to_owned());
    }
    if tried == 0 {
        return None;
    }
    let asked = |wanted: KdcQuestion| {
        facts().find_map(|fact| match fact {
            Fact::TicketAnswered { asked, error, .. } if *asked == wanted => Some(*error),
            _ => None,
        })
    };
    let ticket = asked(KdcQuestion::Service);
    if ticket == Some(None) && tried == 1 {
        return Some("with Kerberos".to_owned());
    }
    let why = if ticket == Some(None) {
        "the server does not take the message with the ticket"
    } else if evidence.target.address.is_some() {
        "the host was named by its address, and a domain gives tickets for names"
    } else if ticket.flatten().is_some() {
        "the domain gives no ticket for the host"
    } else if asked(KdcQuestion::User).flatten().is_some() {
        "the domain gives the user no ticket"
    } else if facts().any(|fact| matches!(fact, Fact::KdcAnswered { named: true, .. })) {
        "no ticket was got"
    } else {
        "no Kerberos server of the user\u{2019}s domain answered"
    };
    Some(format!(
        "with NTLM instead of Kerberos, as a client goes on: {why}"
    ))
}

/// What the server says of the way to log on.
pub fn negotiated(
    version: u32,
    mechanism: Option<LogonMechanism>,
    rejected: bool,
    error: Option<KerberosError>,
) -> String {
    let way = mechanism.map_or("the offered way", LogonMechanism::says);
    match (rejected, error) {
        (_, Some(error)) => format!("CredSSP version {version}: the ticket is refused, {error}"),
        (true, None) => format!("CredSSP version {version}: no way to log on is taken"),
        (false, None) => format!("CredSSP version {version}: {way} is taken"),
    }
}

/// What one fact about Kerberos says.
pub fn words(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::KdcsNamed {
            way,
            kdcs,
            why,
            server,
            ..
        } => {
            let over = way.says();
            if kdcs.is_empty() {
                let why = match why {
                    Some(NameFailure::NoSuchName) => "no such name",
                    Some(NameFailure::NoAddress) => "no entry",
                    Some(NameFailure::Refused) => "it refuses to say",
                    Some(NameFailure::Timeout) => "no answer",
                    Some(NameFailure::NoServer) => "no name server is there",
                    _ => "it failed",
                };
                return Some(format!("{server} names no server {over}: {why}"));
            }
            let names: Vec<String> = kdcs
                .iter()
                .map(|named| match named.port {
                    88 => named.kdc.to_string(),
                    port => format!("{}:{port}", named.kdc),
                })
                .collect();
            format!("{server} names {} {over}", names.join(", "))
        }
        Fact::KdcAnswered {
            kdc,
            way,
            asked,
            took,
            error,
            ..
        } => {
            let about = match asked {
                KdcQuestion::User => "",
                KdcQuestion::Service => " about the host",
                KdcQuestion::NoSuchService => " about a host that does not exist",
            };
            let said = match (asked, error) {
                (KdcQuestion::User, _) => String::new(),
                (_, Some(error)) => format!(": {error}"),
                (_, None) => ": a ticket".to_owned(),
            };
            format!(
                "{} answers{about} {} after {}{said}",
                kdc,
                over(*way),
                duration(millis(*took))
            )
        }
        Fact::TicketAnswered {
            kdc,
            way,
            asked,
            service,
            error,
            other_realm,
            encryption,
            took,
            ..
        } => {
            let said = match (error, encryption) {
                (Some(error), _) => {
                    let elsewhere = other_realm
                        .as_ref()
                        .map(|HostName(realm)| format!("; it names {realm}"))
                        .unwrap_or_default();
                    format!(
                        "{}{elsewhere}",
                        error
                            .says()
                            .map_or_else(|| error.to_string(), |says| format!("{says} ({error})"))
                    )
                }
                (None, Some(kind)) => format!("given, with {kind}"),
                (None, None) => "given".to_owned(),
            };
            let about = match (asked, service) {
                (KdcQuestion::User, _) => "with the password".to_owned(),
                (_, Some(service)) => format!("for TERMSRV/{service}"),
                (_, None) => "for the host".to_owned(),
            };
            format!(
                "{about}, {kdc} {} after {}: {said}",
                over(*way),
                duration(millis(*took))
            )
        }
        Fact::KdcUnanswered { kdc, way, why, .. } => {
            format!("{kdc} {}, {}", why.says(), way.says())
        }
        _ => return None,
    })
}

const fn over(way: KdcWay) -> &'static str {
    way.says()
}

/// How far the clock of the servers is from this machine's.
fn clock(fact: &Fact) -> Option<String> {
    let Fact::KdcAnswered {
        clock: Some(UnixSeconds(clock)),
        seen_at,
        ..
    } = fact
    else {
        return None;
    };
    let apart = clock.abs_diff(seen_at.0);
    let seconds = usize::try_from(apart).unwrap_or(usize::MAX);
    Some(if apart > TOLERANCE {
        format!(
            "{} away from this machine\u{2019}s, more than Kerberos allows",
            count(seconds / 60, "minute")
        )
    } else {
        format!(
            "{} away from this machine\u{2019}s",
            count(seconds, "second")
        )
    })
}

/// What the domain says of the user who was named.
fn user(fact: &Fact) -> Option<String> {
    let Fact::KdcAnswered {
        asked: KdcQuestion::User,
        named: true,
        error,
        encryption,
        usual_salt,
        other_realm,
        ..
    } = fact
    else {
        return None;
    };
    let keys = if encryption.is_empty() {
        String::new()
    } else {
        let kinds: Vec<String> = encryption.iter().map(ToString::to_string).collect();
        format!("; it names keys for {}", kinds.join(", "))
    };
    let renamed = if *usual_salt == Some(false) {
        ", made with another name than the one that was asked for"
    } else {
        ""
    };
    let says = match error {
        None => "known, and a ticket is given without any proof of who asks: passwords can be guessed from it".to_owned(),
        Some(KerberosError::PREAUTH_REQUIRED) => "known; it asks for the password".to_owned(),
        Some(KerberosError::TOO_BIG) => return None,
        Some(error) => error
            .says()
            .map_or_else(|| error.to_string(), |says| format!("{says} ({error})")),
    };
    let elsewhere = other_realm
        .as_ref()
        .map(|HostName(realm)| format!("; it names {realm}"))
        .unwrap_or_default();
    Some(format!("{says}{keys}{renamed}{elsewhere}"))
}

/// Whether the domain knows Remote Desktop on the host, where that can be known.
fn service(evidence: &Evidence) -> Option<String> {
    let answer = |wanted| {
        evidence.seen.iter().find_map(|seen| match &seen.fact {
            Fact::KdcAnswered { asked, error, .. } if *asked == wanted => Some(*error),
            _ => None,
        })
    };
    let host = &evidence.target.host;
    let about = answer(KdcQuestion::Service)?;
    let control = answer(KdcQuestion::NoSuchService);
    Some(match about {
        Some(KerberosError::SERVICE_UNKNOWN) => {
            format!(
                "the domain knows no TERMSRV/{host}: the client takes NTLM, or fails where it may not"
            )
        }
        Some(KerberosError::NOT_UNIQUE) => format!("several accounts have the name TERMSRV/{host}"),
        None => format!("the domain knows TERMSRV/{host}"),
        Some(KerberosError::PREAUTH_REQUIRED)
            if control == Some(Some(KerberosError::SERVICE_UNKNOWN)) =>
        {
            format!("the domain knows TERMSRV/{host}")
        }
        Some(_) => format!("whether the domain knows TERMSRV/{host} shows only behind a password"),
    })
}
