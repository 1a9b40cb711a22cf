//! TLS and DTLS inside the side transport over UDP, as far as they go in clear: RDP-UDP carries TLS where it is reliable
//! and DTLS where it is not ([MS-RDPEUDP] 1.3.2), and a gateway speaks DTLS by itself ([MS-TSGU] 3.8).
//!
//! Records are looked for behind headers of any form, by what a record of a handshake must look like, so that every
//! version of RDP-UDP is read alike. What is cut over several datagrams is read as far as the first.

use model::codes::{CipherSuite, TlsAlert, TlsVersion};
use wire::tls::{self, handshake};

/// The headers in front of a record are no longer.
const LONGEST_HEADERS: usize = 64;
/// So many datagrams are looked into; a handshake takes fewer.
const MOST_LOOKED_INTO: u32 = 60;
/// The random of a hello, and its version, stand in front of everything else.
const LEAST_HELLO: usize = 38;

/// What was seen of one handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Secured {
    looked: u32,
    /// The client began.
    pub began: bool,
    pub version: Option<TlsVersion>,
    pub suite: Option<CipherSuite>,
    /// The server asked for a cookie first (HelloVerifyRequest, RFC 6347 section 4.2.1).
    pub verified: bool,
    /// The name in the server's certificate, where it came in one piece.
    pub name: Option<String>,
    /// An alert in clear, and whether the server sent it.
    pub alert: Option<(TlsAlert, bool)>,
    /// Client and server sent something encrypted.
    pub encrypted: [bool; 2],
}

/// A record, and what is told of it.
struct Record<'d> {
    kind: u8,
    is_datagram: bool,
    /// Of DTLS; what comes later than the first is encrypted.
    epoch: u16,
    body: &'d [u8],
}

impl Secured {
    /// Takes in a datagram.
    pub fn datagram(&mut self, by_server: bool, payload: &[u8]) {
        if self.looked >= MOST_LOOKED_INTO {
            return;
        }
        self.looked += 1;
        let Some(at) = (0..=LONGEST_HEADERS.min(payload.len()))
            .find(|&at| payload.get(at..).is_some_and(begins))
        else {
            return;
        };
        let mut rest = payload.get(at..).unwrap_or_default();
        while let Some((record, length)) = record(rest) {
            self.record(by_server, &record);
            rest = rest.get(length..).unwrap_or_default();
        }
    }

    fn record(&mut self, by_server: bool, record: &Record<'_>) {
        let side = usize::from(by_server);
        // What follows ChangeCipherSpec, or what is of the application, cannot be read.
        let was_encrypted = self.encrypted.get(side).copied().unwrap_or_default();
        let is_encrypted = record.epoch > 0 || matches!(record.kind, 20 | 23);
        if let Some(encrypted) = self.encrypted.get_mut(side) {
            *encrypted |= is_encrypted;
        }
        if is_encrypted || was_encrypted {
            return;
        }
        match record.kind {
            21 => {
                if let Some((_, alert)) = tls::read_alert(record.body) {
                    self.alert.get_or_insert((alert, by_server));
                }
            }
            22 => self.handshakes(by_server, record),
            _ => {}
        }
    }

    fn handshakes(&mut self, by_server: bool, record: &Record<'_>) {
        let mut rest = record.body;
        while let Some((kind, body, length)) = message(rest, record.is_datagram) {
            rest = rest.get(length..).unwrap_or_default();
            match (kind, by_server) {
                (handshake::CLIENT_HELLO, false) => self.began = true,
                (3, true) => self.verified = true,
                (handshake::SERVER_HELLO, true) => {
                    if let Some(hello) = tls::read_server_hello(body) {
                        self.version = Some(hello.version);
                        self.suite = Some(hello.suite);
                    }
                }
                (handshake::CERTIFICATE, true) => {
                    let name = tls::read_certificates(body)
                        .and_then(|list| wire::certificate::read(list.first()?, 1))
                        .and_then(|certificate| certificate.common_name);
                    self.name = self.name.take().or(name);
                }
                _ => {}
            }
        }
    }
}

/// Whether a record of a handshake begins here: every byte of its head must fit.
fn begins(bytes: &[u8]) -> bool {
    let Some((record, length)) = record(bytes) else {
        return false;
    };
    let rest = bytes.get(length..).unwrap_or_default();
    // Datagrams hold whole records; what TLS sends may be cut.
    let whole = rest.is_empty() || self::record(rest).is_some();
    let plausible = match (record.kind, record.epoch, record.body) {
        (22, 0, [kind, high, ..]) => matches!(kind, 1..=4 | 11..=16 | 20) && *high == 0,
        (21, 0, [1 | 2, _]) | (20, 0, [1]) => true,
        (20..=23, 1.., _) => record.is_datagram,
        (23, 0, body) => !record.is_datagram && body.len() > 16,
        _ => false,
    };
    whole && plausible
}

/// The record at the front, and its length.
fn record(bytes: &[u8]) -> Option<(Record<'_>, usize)> {
    match *bytes {
        [
            kind @ 20..=23,
            0xFE,
            0xFF | 0xFD,
            high,
            low,
            _,
            _,
            _,
            _,
            _,
            _,
            size,
            small,
            ..,
        ] => {
            let length = usize::from(u16::from_be_bytes([size, small]));
            let body = bytes.get(13..13_usize.checked_add(length)?)?;
            Some((
                Record {
                    kind,
                    is_datagram: true,
                    epoch: u16::from_be_bytes([high, low]),
                    body,
                },
                length.checked_add(13)?,
            ))
        }
        [kind @ 20..=23, 0x03, 0x01..=0x03, size, small, ..] => {
            let length = usize::from(u16::from_be_bytes([size, small]));
            let rest = bytes.get(5..)?;
            if length == 0 || length > tls::LARGEST_RECORD {
                return None;
            }
            // The rest of it may come with the next datagram.
            let body = rest.get(..length.min(rest.len()))?;
            Some((
                Record {
                    kind,
                    is_datagram: false,
                    epoch: 0,
                    body,
                },
                body.len().checked_add(5)?,
            ))
        }
        _ => None,
    }
}

/// The handshake message at the front: its kind, its body as far as it is here, and the length of both. Of a message
/// that is sent in pieces only the first one is read, and of that only a hello, which says enough at its beginning.
fn message(bytes: &[u8], is_datagram: bool) -> Option<(u8, &[u8], usize)> {
    let [kind, high, middle, low, ..] = *bytes else {
        return None;
    };
    let length = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
    let (head, piece) = if is_datagram {
        let [_, _, offset @ .., a, b, c] = *bytes.get(4..12)?.first_chunk::<8>()?;
        if offset != [0, 0, 0] {
            return None;
        }
        let piece = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
        (12_usize, piece.min(length))
    } else {
        (4, length)
    };
    let rest = bytes.get(head..)?;
    let body = rest.get(..piece.min(rest.len()))?;
    let is_whole = body.len() == length;
    let says_enough = kind == handshake::SERVER_HELLO && body.len() >= LEAST_HELLO;
    (is_whole || says_enough).then_some((kind, body, body.len().checked_add(head)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A record of DTLS with one message of a handshake.
    fn dtls(epoch: u8, kind: u8, body: &[u8]) -> Vec<u8> {
        let size = u8::try_from(body.len()).unwrap();
        let message = [&[kind, 0, 0, size, 0, 0, 0, 0, 0, 0, 0, size], body].concat();
        let length = u8::try_from(message.len()).unwrap();
        let head = [22, 0xFE, 0xFD, 0, epoch, 0, 0, 0, 0, 0, 7, 0, length];
        [&head[..], &message].concat()
    }

    fn server_hello() -> Vec<u8> {
        [&[0xFE, 0xFD][..], &[7; 32], &[0, 0xC0, 0x2F, 0]].concat()
    }

    #[test]
    fn a_handshake_is_told_behind_headers_of_any_form() {
        for headers in [&[][..], &[0, 0, 0, 9, 0, 64, 0, 12, 0, 0, 0, 9, 0, 0, 0, 9]] {
            let mut secured = Secured::default();
            let mut hear = |by_server, record: &[u8]| {
                secured.datagram(by_server, &[headers, record].concat());
            };
            hear(false, &dtls(0, 1, &[1; 60]));
            hear(true, &dtls(0, 3, &[0xFE, 0xFF, 4, 1, 2, 3, 4]));
            hear(false, &dtls(0, 1, &[1; 64]));
            hear(true, &dtls(0, 2, &server_hello()));
            hear(true, &dtls(1, 20, &[9; 40]));
            let expected = Secured {
                looked: 5,
                began: true,
                version: Some(TlsVersion(0xFEFD)),
                suite: Some(CipherSuite(0xC02F)),
                verified: true,
                name: None,
                alert: None,
                encrypted: [false, true],
            };
            assert_eq!(secured, expected);
        }
    }

    #[test]
    fn an_alert_names_who_sent_it() {
        let alert = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 40];
        for by_server in [false, true] {
            let mut secured = Secured::default();
            secured.datagram(by_server, &alert);
            assert_eq!(secured.alert, Some((TlsAlert(40), by_server)));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_calm(bytes in proptest::collection::vec(any::<u8>(), 0..200), end in 0_usize..200) {
            let mut secured = Secured::default();
            secured.datagram(true, &bytes);
            let known = [dtls(0, 2, &server_hello()), bytes].concat();
            secured.datagram(true, &known[..end.min(known.len())]);
            secured.datagram(false, &known);
        }
    }
}
