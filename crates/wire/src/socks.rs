//! SOCKS 5 (RFC 1928) with a user name and a password (RFC 1929): what a client sends, and what it reads.

use crate::cursor::Read;

/// The version in every message but those of the sub-negotiation.
const VERSION: u8 = 5;
/// The version of the sub-negotiation with a password.
const PASSWORD_VERSION: u8 = 1;

/// NO AUTHENTICATION REQUIRED.
pub const NO_LOGON: u8 = 0;
/// USERNAME/PASSWORD.
pub const PASSWORD: u8 = 2;
/// NO ACCEPTABLE METHODS.
pub const NONE_ACCEPTED: u8 = 0xFF;

/// The client's first message: which ways to log on it knows.
pub fn greeting(with_password: bool) -> Vec<u8> {
    if with_password {
        vec![VERSION, 2, NO_LOGON, PASSWORD]
    } else {
        vec![VERSION, 1, NO_LOGON]
    }
}

/// The way to log on that the server chose.
pub fn read_method(bytes: &[u8]) -> Read<u8> {
    match bytes {
        [VERSION, method, ..] => Read::Whole {
            value: *method,
            used: 2,
        },
        [] | [VERSION] => Read::Partial,
        _ => Read::Not,
    }
}

/// User name and password; `None` when one of them is too long to be sent.
pub fn password(user: &str, password: &str) -> Option<Vec<u8>> {
    let mut message = vec![PASSWORD_VERSION];
    for text in [user, password] {
        message.push(u8::try_from(text.len()).ok()?);
        message.extend(text.as_bytes());
    }
    Some(message)
}

/// The status of the logon: 0 when it was accepted.
pub fn read_password_status(bytes: &[u8]) -> Read<u8> {
    match bytes {
        [PASSWORD_VERSION | VERSION, status, ..] => Read::Whole {
            value: *status,
            used: 2,
        },
        [] | [PASSWORD_VERSION | VERSION] => Read::Partial,
        _ => Read::Not,
    }
}

/// Asks for a connection to a name, which the server resolves, or to an address; `None` for a name that is too
/// long.
pub fn connect(host: &str, port: u16) -> Option<Vec<u8>> {
    let mut message = vec![VERSION, 1, 0];
    match host.parse() {
        Ok(std::net::IpAddr::V4(address)) => {
            message.push(1);
            message.extend(address.octets());
        }
        Ok(std::net::IpAddr::V6(address)) => {
            message.push(4);
            message.extend(address.octets());
        }
        Err(_) => {
            message.push(3);
            message.push(u8::try_from(host.len()).ok()?);
            message.extend(host.as_bytes());
        }
    }
    message.extend(port.to_be_bytes());
    Some(message)
}

/// The reply to [`connect`]: 0 when the connection is open.
pub fn read_reply(bytes: &[u8]) -> Read<u8> {
    let (reply, kind, rest) = match bytes {
        [VERSION, reply, _, kind, rest @ ..] => (*reply, *kind, rest),
        [] | [VERSION] | [VERSION, _] | [VERSION, _, _] => return Read::Partial,
        _ => return Read::Not,
    };
    let address = match (kind, rest) {
        (1, _) => 4,
        (4, _) => 16,
        (3, [length, ..]) => usize::from(*length).saturating_add(1),
        (3, []) => return Read::Partial,
        // Some servers leave the rest of a refusal empty.
        _ if reply != 0 => {
            return Read::Whole {
                value: reply,
                used: 4,
            };
        }
        _ => return Read::Not,
    };
    let used = address.saturating_add(4 + 2);
    if bytes.len() < used {
        return Read::Partial;
    }
    Read::Whole { value: reply, used }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    use proptest::prelude::*;

    #[test]
    fn requests_are_those_of_the_standard() {
        assert_eq!(greeting(false), hex!("05 01 00"));
        assert_eq!(greeting(true), hex!("05 02 00 02"));
        assert_eq!(password("me", "pw").unwrap(), hex!("01 02 6d65 02 7077"));
        assert_eq!(
            connect("10.0.0.7", 3389).unwrap(),
            hex!("05 01 00 01 0a000007 0d3d")
        );
        assert_eq!(
            connect("pc", 3389).unwrap(),
            hex!("05 01 00 03 02 7063 0d3d")
        );
        assert_eq!(connect(&"x".repeat(256), 3389), None);
        let six = connect("::1", 3389).unwrap();
        assert_eq!((six.len(), six.get(3)), (22, Some(&4)));
    }

    #[test]
    fn replies_are_read_however_they_arrive() {
        let whole = hex!("05 02 00 01 00000000 0000");
        for length in 0..whole.len() {
            assert_eq!(
                read_reply(whole.get(..length).unwrap()),
                Read::Partial,
                "{length}"
            );
        }
        assert_eq!(read_reply(&whole), Read::Whole { value: 2, used: 10 });
        assert_eq!(
            read_reply(&hex!("05 00 00 03 02 7063 0d3d ff")),
            Read::Whole { value: 0, used: 9 }
        );
        assert_eq!(read_reply(b"HTTP/1.1 400"), Read::Not);
        assert_eq!(
            read_method(&hex!("05 ff")),
            Read::Whole {
                value: NONE_ACCEPTED,
                used: 2
            }
        );
        assert_eq!(read_method(b"HT"), Read::Not);
        assert_eq!(
            read_password_status(&hex!("01 01")),
            Read::Whole { value: 1, used: 2 }
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_calm(bytes: Vec<u8>) {
            let _ = (read_method(&bytes), read_password_status(&bytes), read_reply(&bytes));
        }
    }
}
