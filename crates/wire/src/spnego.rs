//! The tokens with which client and server agree on a way to log on ([RFC 4178], [MS-SPNG]), and the frame of those of
//! Kerberos inside ([RFC 4121] section 4.1).
//!
//! [RFC 4178]: https://www.rfc-editor.org/rfc/rfc4178
//! [RFC 4121]: https://www.rfc-editor.org/rfc/rfc4121

use model::LogonMechanism;

use crate::ber::{self, OCTET_STRING, SEQUENCE, context};
use crate::cursor::Cursor;

const OBJECT_IDENTIFIER: u8 = 0x06;
const ENUMERATED: u8 = 0x0A;
/// APPLICATION 0: a first token.
const FIRST: u8 = 0x60;
/// The contents of object identifiers.
const SPNEGO: &[u8] = &[0x2B, 6, 1, 5, 5, 2];
const KERBEROS: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 1, 2, 2];
/// The same with a digit lost in Windows 2000, which Windows still offers first.
const KERBEROS_OF_WINDOWS: &[u8] = &[0x2A, 0x86, 0x48, 0x82, 0xF7, 0x12, 1, 2, 2];
const USER_TO_USER: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 1, 2, 2, 3];
const NTLM: &[u8] = &[0x2B, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 0x0A];
const NEGOEX: &[u8] = &[0x2B, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 0x1E];
/// The most mechanisms that are read.
const MOST: usize = 16;

/// What is inside the frame of Kerberos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// A ticket (AP-REQ).
    Ticket,
    /// The host's proof (AP-REP).
    Proof,
    /// A refusal (KRB-ERROR).
    Refusal,
}

impl Inside {
    const fn id(self) -> [u8; 2] {
        match self {
            Self::Ticket => [1, 0],
            Self::Proof => [2, 0],
            Self::Refusal => [3, 0],
        }
    }
}

/// Puts a message of Kerberos into its frame.
pub fn framed(inside: Inside, message: &[u8]) -> Vec<u8> {
    let contents = [
        &ber::element(OBJECT_IDENTIFIER, KERBEROS)[..],
        &inside.id(),
        message,
    ];
    ber::element(FIRST, &contents.concat())
}

/// Takes a message of Kerberos out of its frame.
pub fn unframed(token: &[u8]) -> Option<(Inside, &[u8])> {
    let mut cursor = Cursor(ber::expect(&mut Cursor(token), FIRST)?);
    let name = ber::expect(&mut cursor, OBJECT_IDENTIFIER)?;
    if ![KERBEROS, KERBEROS_OF_WINDOWS, USER_TO_USER].contains(&name) {
        return None;
    }
    let id = cursor.take(2)?;
    let inside = [Inside::Ticket, Inside::Proof, Inside::Refusal]
        .into_iter()
        .find(|inside| inside.id() == id)?;
    Some((inside, cursor.0))
}

/// The list of ways that are offered: Kerberos under both names, then NTLM.
pub fn ways() -> Vec<u8> {
    let names = [KERBEROS_OF_WINDOWS, KERBEROS, NTLM];
    let names: Vec<u8> = names
        .iter()
        .flat_map(|name| ber::element(OBJECT_IDENTIFIER, name))
        .collect();
    ber::element(SEQUENCE, &names)
}

/// The first token: the ways that are offered, and one of the first of them.
pub fn first(token: &[u8]) -> Vec<u8> {
    let fields = [
        ber::element(context(0), &ways()),
        ber::element(context(2), &ber::element(OCTET_STRING, token)),
    ];
    let init = ber::element(context(0), &ber::element(SEQUENCE, &fields.concat()));
    let contents = [ber::element(OBJECT_IDENTIFIER, SPNEGO), init];
    ber::element(FIRST, &contents.concat())
}

/// The first token of a client that asks which way is taken, and begins none.
pub fn asks() -> Vec<u8> {
    let fields = ber::element(context(0), &ways());
    let init = ber::element(context(0), &ber::element(SEQUENCE, &fields));
    let contents = [ber::element(OBJECT_IDENTIFIER, SPNEGO), init];
    ber::element(FIRST, &contents.concat())
}

/// A later token with nothing but a signature over the list of ways.
pub fn signed(signature: &[u8]) -> Vec<u8> {
    let field = ber::element(context(3), &ber::element(OCTET_STRING, signature));
    ber::element(context(1), &ber::element(SEQUENCE, &field))
}

/// How far the agreement is (negState).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is made.
    Completed,
    /// More has to be said.
    Incomplete,
    /// None of the ways is taken.
    Rejected,
    /// More has to be said, and the list has to be signed.
    WantsSignature,
}

/// What a server answers (NegTokenResp).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// How far the agreement is.
    pub stage: Option<Stage>,
    /// The way that the server takes.
    pub mechanism: Option<LogonMechanism>,
    /// What it says in that way.
    pub token: Option<Vec<u8>>,
    /// It signed the list of ways.
    pub signs: bool,
}

/// Reads an answer of a server.
pub fn read_response(token: &[u8]) -> Option<Response> {
    let contents = ber::expect(&mut Cursor(token), context(1))?;
    let mut cursor = Cursor(ber::expect(&mut Cursor(contents), SEQUENCE)?);
    let mut response = Response::default();
    while let Some((tag, field)) = ber::take(&mut cursor) {
        match tag {
            0xA0 => {
                let state = ber::expect(&mut Cursor(field), ENUMERATED);
                response.stage = match state {
                    Some([0]) => Some(Stage::Completed),
                    Some([1]) => Some(Stage::Incomplete),
                    Some([2]) => Some(Stage::Rejected),
                    Some([3]) => Some(Stage::WantsSignature),
                    _ => None,
                };
            }
            0xA1 => {
                response.mechanism = ber::expect(&mut Cursor(field), OBJECT_IDENTIFIER).map(named);
            }
            0xA2 => {
                response.token = ber::expect(&mut Cursor(field), OCTET_STRING).map(<[u8]>::to_vec);
            }
            0xA3 => response.signs = true,
            _ => {}
        }
    }
    Some(response)
}

/// The first token of a client holds a ticket, which says who it is.
pub fn shows_ticket(token: &[u8]) -> bool {
    let inside = || {
        let mut cursor = Cursor(ber::expect(&mut Cursor(token), FIRST)?);
        ber::expect(&mut cursor, OBJECT_IDENTIFIER)?;
        let init = ber::expect(&mut cursor, context(0))?;
        let mut init = Cursor(ber::expect(&mut Cursor(init), SEQUENCE)?);
        while let Some((tag, field)) = ber::take(&mut init) {
            if tag == 0xA2 {
                return ber::expect(&mut Cursor(field), OCTET_STRING);
            }
        }
        None
    };
    matches!(
        inside().and_then(unframed).or_else(|| unframed(token)),
        Some((Inside::Ticket, _))
    )
}

/// The ways that a first token of a server offers (NegTokenInit2), when it is one.
pub fn read_offer(token: &[u8]) -> Option<Vec<LogonMechanism>> {
    let mut cursor = Cursor(ber::expect(&mut Cursor(token), FIRST)?);
    if ber::expect(&mut cursor, OBJECT_IDENTIFIER)? != SPNEGO {
        return None;
    }
    let init = ber::expect(&mut cursor, context(0))?;
    let mut init = Cursor(ber::expect(&mut Cursor(init), SEQUENCE)?);
    let ways = ber::expect(&mut init, context(0))?;
    let mut ways = Cursor(ber::expect(&mut Cursor(ways), SEQUENCE)?);
    let mut offered = Vec::new();
    while let Some(name) = ber::expect(&mut ways, OBJECT_IDENTIFIER)
        && offered.len() < MOST
    {
        offered.push(named(name));
    }
    Some(offered)
}

fn named(contents: &[u8]) -> LogonMechanism {
    match contents {
        KERBEROS | KERBEROS_OF_WINDOWS => LogonMechanism::Kerberos,
        USER_TO_USER => LogonMechanism::UserToUser,
        NTLM => LogonMechanism::Ntlm,
        NEGOEX => LogonMechanism::NegoEx,
        _ => LogonMechanism::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let token = first(&framed(Inside::Ticket, b"message"));
        assert_eq!(
            read_offer(&token),
            Some(vec![
                LogonMechanism::Kerberos,
                LogonMechanism::Kerberos,
                LogonMechanism::Ntlm
            ])
        );
        assert!(shows_ticket(&token) && !shows_ticket(&asks()));
        assert_eq!(read_offer(&asks()), read_offer(&token));
        let inside = framed(Inside::Refusal, b"no");
        assert_eq!(unframed(&inside), Some((Inside::Refusal, &b"no"[..])));
        assert_eq!(unframed(&token), None);
        let read = read_response(&signed(b"signature")).unwrap();
        assert!(read.signs && read.stage.is_none() && read.token.is_none());
    }
}
