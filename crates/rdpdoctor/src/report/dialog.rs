//! What the dialog of the Windows client shows for a connection that ends like this one.

use model::{Ending, Evidence, Fact, Message};

use super::{ShownAs, as_client};
use model::codes::NegFailure;

/// The numbers of the dialog, where the way the connection ended decides them.
///
/// Only looks that behave as the client does are asked, and only ends of the kind the published tables
/// name: a close of the socket, a failed connect, a name without an answer, a time-out.
pub fn shown_as(evidence: &Evidence) -> Option<ShownAs> {
    // Another client shows other numbers.
    let program = evidence.target.client.program.as_deref();
    if program.is_some_and(|program| program != "mstsc") {
        return None;
    }
    // What the dialog says of a logon that was refused, the reason decides, not the way of the end.
    let logon_refused = as_client(evidence).any(|fact| {
        matches!(
            fact,
            Fact::CredSspRefused { .. } | Fact::CredSspAnswerTooSmall { .. }
        )
    });
    if logon_refused {
        return None;
    }
    let opened = as_client(evidence).any(|fact| matches!(fact, Fact::TcpOpened { .. }));
    as_client(evidence).find_map(|fact| match fact {
        Fact::NameNotResolved { .. } => {
            Some(shows("0x104", None, "the name could not be resolved"))
        }
        Fact::TcpRefused { .. } | Fact::TcpUnreachable { .. } | Fact::TcpSilent { .. }
            if !opened =>
        {
            Some(shows("0x204", None, "the connection could not be opened"))
        }
        Fact::NegotiationRefused { code, .. } if *code == NegFailure::HYBRID_REQUIRED_BY_SERVER => {
            Some(shows("0xB09", None, "the server requires NLA"))
        }
        Fact::Ended {
            how: Ending::Closed | Ending::Reset,
            after,
            ..
        } if *after > Message::TcpHandshake => {
            Some(shows("0x904", Some("0x7"), "the socket was closed"))
        }
        Fact::Ended {
            how: Ending::Silence,
            after,
            ..
        } if *after > Message::TcpHandshake => {
            Some(shows("0x108", None, "the connection timed out"))
        }
        _ => None,
    })
}

fn shows(code: &str, extended: Option<&str>, says: &str) -> ShownAs {
    ShownAs {
        client: "mstsc".to_owned(),
        code: code.to_owned(),
        extended: extended.map(str::to_owned),
        says: says.to_owned(),
    }
}
