//! The first datagrams of DTLS (RFC 6347 section 4), with which the side transport to an RD Gateway begins
//! ([MS-TSGU] 1.3.3).
//!
//! [MS-TSGU]: https://learn.microsoft.com/openspecs/windows_protocols/ms-tsgu/

use model::codes::{TlsAlert, TlsVersion};

use crate::cursor::{Cursor, low8, low16, put_run16};
use crate::tls::{Hello, handshake};

/// DTLS 1.0, which the records of a first hello name.
const DTLS_1_0: u16 = 0xFEFF;
/// DTLS 1.2.
const DTLS_1_2: u16 = 0xFEFD;
/// HelloVerifyRequest: the server asks for the hello once more, with a cookie.
const HELLO_VERIFY: u8 = 3;
/// ServerHello.
const SERVER_HELLO: u8 = 2;
/// Nothing is derived from it, so it need not be secret.
const RANDOM: [u8; 32] = *b"rdpdoctor asks, and derives none";

/// What a server answers to the first datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It asks for the hello once more, with a cookie: somebody speaks DTLS there.
    HelloVerify,
    /// It goes on at once.
    ServerHello,
    /// It refuses.
    Alert(TlsAlert),
}

/// The first datagram of a client: a ClientHello without a cookie that offers DTLS 1.0 and 1.2.
pub fn client_hello() -> Vec<u8> {
    let hello = Hello::classic(TlsVersion::TLS1_0, TlsVersion::TLS1_2);
    let mut body = DTLS_1_2.to_be_bytes().to_vec();
    body.extend(RANDOM);
    body.push(0); // session_id
    body.push(0); // cookie
    // Without RC4, which no DTLS has (RFC 6347 section 4.1.2.2), and with
    // TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746).
    let suites = hello.suites.iter().map(|suite| suite.0);
    let suites: Vec<u8> = suites
        .filter(|suite| !matches!(suite, 0x0004 | 0x0005))
        .chain([0x00FF])
        .flat_map(u16::to_be_bytes)
        .collect();
    put_run16(&mut body, &suites);
    body.extend([1, 0]); // compression_methods
    put_run16(&mut body, &hello.extensions());

    let length = [0, low8(body.len() >> 8), low8(body.len())];
    let mut message = vec![handshake::CLIENT_HELLO];
    message.extend(length);
    message.extend([0, 0]); // message_seq
    message.extend([0, 0, 0]); // fragment_offset
    message.extend(length); // fragment_length
    message.extend(body);

    let mut datagram = vec![HANDSHAKE];
    datagram.extend(DTLS_1_0.to_be_bytes());
    datagram.extend([0, 0]); // epoch
    datagram.extend([0; 6]); // sequence_number
    datagram.extend(low16(message.len()).to_be_bytes());
    datagram.extend(message);
    datagram
}

/// A datagram begins a handshake.
pub const fn is_client_hello(datagram: &[u8]) -> bool {
    matches!(
        datagram,
        [
            HANDSHAKE,
            0xFE,
            0xFF | 0xFD,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            handshake::CLIENT_HELLO,
            ..
        ]
    )
}

/// `ContentType` of handshake messages.
const HANDSHAKE: u8 = 22;
/// `ContentType` of alerts.
const ALERT: u8 = 21;

/// Reads what came back; `None` for what is no answer to a hello.
pub fn read_answer(datagram: &[u8]) -> Option<Answer> {
    let mut cursor = Cursor(datagram);
    let content = cursor.u8()?;
    let version = cursor.u16()?;
    // Versions count downwards from 0xFEFF; an answer comes in the clear, in the first epoch.
    if !matches!(version, 0xFEFC..=DTLS_1_0) || cursor.u16()? != 0 {
        return None;
    }
    cursor.take(6)?; // sequence_number
    let body = cursor.run16()?;
    match (content, body.first()?) {
        (HANDSHAKE, &HELLO_VERIFY) => Some(Answer::HelloVerify),
        (HANDSHAKE, &SERVER_HELLO) => Some(Answer::ServerHello),
        (ALERT, _) => body.get(1).map(|alert| Answer::Alert(TlsAlert(*alert))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart_from_what_is_none() {
        let answer = |content: u8, body: &[u8]| {
            let mut datagram = vec![content, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0];
            put_run16(&mut datagram, body);
            read_answer(&datagram)
        };
        assert_eq!(answer(22, &[3, 0, 0, 23]), Some(Answer::HelloVerify));
        assert_eq!(answer(22, &[2, 0, 0, 70]), Some(Answer::ServerHello));
        assert_eq!(
            answer(21, &[2, 40]),
            Some(Answer::Alert(TlsAlert::HANDSHAKE_FAILURE))
        );
        assert_eq!(answer(22, &[1]), None);
        assert_eq!(answer(23, &[3]), None);
        assert_eq!(answer(22, &[]), None);
        // Our own hello is no answer, nor is one cut off.
        let hello = client_hello();
        assert_eq!(read_answer(&hello), None);
        assert!(is_client_hello(&hello) && !is_client_hello(&hello[..13]));
        assert!(hello.len() < 500);
        for length in 0..14 {
            assert_eq!(read_answer(&[22; 14][..length]), None);
        }
    }
}
