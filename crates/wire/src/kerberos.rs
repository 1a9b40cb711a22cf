//! The first exchange of Kerberos ([RFC 4120] sections 5.4, 5.9 and 7.2): a request for a ticket that proves nothing,
//! and what a Kerberos server (KDC) says to it; alone, on a stream, and inside a KDC proxy message ([MS-KKDCP] 2.2.2).
//!
//! [RFC 4120]: https://www.rfc-editor.org/rfc/rfc4120

pub mod ticket;

use model::UnixSeconds;
use model::codes::{KerberosEncryption, KerberosError};

use crate::ber::{self, INTEGER, OCTET_STRING, SEQUENCE, context};
use crate::cursor::{Cursor, Read};

/// The largest message that is waited for on a stream; tickets with many groups have tens of kilobytes.
pub const LARGEST: usize = 128 * 1024;

const BIT_STRING: u8 = 0x03;
const GENERALIZED_TIME: u8 = 0x18;
const GENERAL_STRING: u8 = 0x1B;
/// APPLICATION 10, 11 and 30: AS-REQ, AS-REP and KRB-ERROR.
const AS_REQ: u8 = 0x6A;
const AS_REP: u8 = 0x6B;
const KRB_ERROR: u8 = 0x7E;
/// NT-PRINCIPAL and NT-SRV-INST.
const NT_PRINCIPAL: u32 = 1;
const NT_SRV_INST: u32 = 2;
/// PA-ETYPE-INFO and PA-ETYPE-INFO2 (section 7.5.2).
const ETYPE_INFO: u32 = 11;
const ETYPE_INFO2: u32 = 19;
/// The most elements of a list that are read.
const MOST: usize = 32;
/// The kinds of encryption that are offered: those of Windows, the strong ones first.
const OFFERED: [KerberosEncryption; 5] = [
    KerberosEncryption::AES256,
    KerberosEncryption::AES128,
    KerberosEncryption::AES256_SHA384,
    KerberosEncryption::AES128_SHA256,
    KerberosEncryption::RC4,
];

/// A request for a ticket, without any proof of who asks (AS-REQ without pre-authentication).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsRequest<'a> {
    /// The realm that is asked.
    pub realm: &'a str,
    /// The user for whom a ticket is asked.
    pub user: &'a str,
    /// The service the ticket is for, part by part: `TERMSRV`, `host`.
    pub service: &'a [&'a str],
    /// A number that the ticket repeats.
    pub nonce: u32,
}

impl AsRequest<'_> {
    /// Writes it. Text outside ASCII is written as UTF-8, as all servers of today read it.
    pub fn encode(&self) -> Vec<u8> {
        self.encode_with(None)
    }

    fn encode_with(&self, proof: Option<(u32, &[u8])>) -> Vec<u8> {
        let field = |number, contents: &[u8]| ber::element(context(number), contents);
        // No unused bits, and none of 32 options set but canonicalize (15): then the server may say which name is meant.
        let options = ber::element(BIT_STRING, &[0, 0x00, 0x01, 0x00, 0x00]);
        let body = [
            field(0, &options),
            field(1, &principal(NT_PRINCIPAL, &[self.user])),
            field(2, &ber::element(GENERAL_STRING, self.realm.as_bytes())),
            field(3, &principal(NT_SRV_INST, self.service)),
            field(5, &till()),
            field(7, &ber::unsigned(self.nonce & 0x7FFF_FFFF)),
            field(8, &offered()),
        ]
        .concat();
        let proof = proof.map(|proof| field(3, &ticket::method(proof)));
        let request = [
            field(1, &ber::unsigned(5)),
            field(2, &ber::unsigned(10)),
            proof.unwrap_or_default(),
            field(4, &ber::element(SEQUENCE, &body)),
        ]
        .concat();
        ber::element(AS_REQ, &ber::element(SEQUENCE, &request))
    }
}

/// Until when a ticket is asked for: as long as it is given.
fn till() -> Vec<u8> {
    ber::element(GENERALIZED_TIME, b"20370913024805Z")
}

/// The kinds of encryption that are offered.
fn offered() -> Vec<u8> {
    let kinds: Vec<u8> = OFFERED
        .iter()
        .flat_map(|kind| ber::unsigned(kind.0.unsigned_abs()))
        .collect();
    ber::element(SEQUENCE, &kinds)
}

fn principal(kind: u32, parts: &[&str]) -> Vec<u8> {
    let parts: Vec<u8> = parts
        .iter()
        .flat_map(|part| ber::element(GENERAL_STRING, part.as_bytes()))
        .collect();
    let name = [
        ber::element(context(0), &ber::unsigned(kind)),
        ber::element(context(1), &ber::element(SEQUENCE, &parts)),
    ]
    .concat();
    ber::element(SEQUENCE, &name)
}

/// What a Kerberos server says to a request, as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Why there is no ticket; `None` when there is one.
    pub error: Option<KerberosError>,
    /// The server's clock.
    pub clock: Option<UnixSeconds>,
    /// The realm that the answer names: for a wrong realm the right one.
    pub realm: Option<String>,
    /// The kinds of encryption for which it names keys of the user: all, or the best alone.
    pub kinds: Vec<KerberosEncryption>,
    /// What the user's password is mixed with to make a key, the first one that is told.
    pub salt: Option<String>,
    /// The kinds of `kinds` whose keys are made with other parameters than usual (RFC 3962 section 4).
    pub unusual: Vec<KerberosEncryption>,
}

/// Reads an answer; `None` when the bytes are none.
pub fn read_answer(bytes: &[u8]) -> Option<Answer> {
    let (tag, contents) = ber::take(&mut Cursor(bytes))?;
    let fields = ber::expect(&mut Cursor(contents), SEQUENCE)?;
    match tag {
        KRB_ERROR => read_error(fields),
        AS_REP => read_ticket(fields),
        _ => None,
    }
}

fn read_error(fields: &[u8]) -> Option<Answer> {
    let mut answer = Answer::default();
    let mut cursor = Cursor(fields);
    let mut users_realm = None;
    while let Some((tag, field)) = ber::take(&mut cursor) {
        match tag {
            0xA4 => answer.clock = moment(field),
            0xA6 => answer.error = number(field).map(KerberosError),
            0xA7 => users_realm = text(field),
            0xA9 => answer.realm = text(field),
            0xAC => {
                if let Some(data) = ber::expect(&mut Cursor(field), OCTET_STRING) {
                    read_methods(data, &mut answer);
                }
            }
            _ => {}
        }
    }
    // Another realm is named as that of the user (section 3.1.3, and RFC 6806 section 4).
    if answer.error == Some(KerberosError::WRONG_REALM) && users_realm.is_some() {
        answer.realm = users_realm;
    }
    answer.error.is_some().then_some(answer)
}

fn read_ticket(fields: &[u8]) -> Option<Answer> {
    let mut answer = Answer::default();
    let mut cursor = Cursor(fields);
    let mut is_one = false;
    while let Some((tag, field)) = ber::take(&mut cursor) {
        match tag {
            0xA2 => read_methods(field, &mut answer),
            0xA3 => answer.realm = text(field),
            0xA6 => {
                let part = ber::expect(&mut Cursor(field), SEQUENCE)?;
                let kind = number(ber::expect(&mut Cursor(part), context(0))?)?;
                is_one = true;
                if answer.kinds.is_empty() {
                    answer.kinds.push(encryption(kind));
                }
            }
            _ => {}
        }
    }
    is_one.then_some(answer)
}

/// METHOD-DATA: which ways of proof there are, and with which keys.
fn read_methods(data: &[u8], answer: &mut Answer) {
    let Some(methods) = ber::expect(&mut Cursor(data), SEQUENCE) else {
        return;
    };
    let mut methods = Cursor(methods);
    for _ in 0..MOST {
        let Some(method) = ber::expect(&mut methods, SEQUENCE) else {
            break;
        };
        let mut method = Cursor(method);
        let kind = ber::expect(&mut method, context(1)).and_then(number);
        let value = ber::expect(&mut method, context(2))
            .and_then(|field| ber::expect(&mut Cursor(field), OCTET_STRING));
        if let (Some(ETYPE_INFO | ETYPE_INFO2), Some(value)) = (kind, value) {
            read_kinds(value, answer);
        }
    }
}

/// How often a password is mixed for a key of AES where nothing else is said: 4,096 times.
const USUAL_ITERATIONS: &[u8] = &[0, 0, 0x10, 0];

/// ETYPE-INFO and ETYPE-INFO2.
fn read_kinds(value: &[u8], answer: &mut Answer) {
    let Some(entries) = ber::expect(&mut Cursor(value), SEQUENCE) else {
        return;
    };
    let mut entries = Cursor(entries);
    for _ in 0..MOST {
        let Some(entry) = ber::expect(&mut entries, SEQUENCE) else {
            break;
        };
        let mut entry = Cursor(entry);
        let Some(kind) = ber::expect(&mut entry, context(0)).and_then(number) else {
            continue;
        };
        let kind = encryption(kind);
        if !answer.kinds.contains(&kind) && answer.kinds.len() < MOST {
            answer.kinds.push(kind);
        }
        // A string in the one, bytes in the other.
        let salt = ber::expect(&mut entry, context(1)).and_then(text);
        if answer.salt.is_none() {
            answer.salt = salt;
        }
        let parameters = ber::expect(&mut entry, context(2))
            .and_then(|field| ber::expect(&mut Cursor(field), OCTET_STRING));
        if parameters.is_some_and(|parameters| parameters != USUAL_ITERATIONS)
            && !answer.unusual.contains(&kind)
            && answer.unusual.len() < MOST
        {
            answer.unusual.push(kind);
        }
    }
}

const fn encryption(number: u32) -> KerberosEncryption {
    KerberosEncryption(i32::from_ne_bytes(number.to_ne_bytes()))
}

fn number(field: &[u8]) -> Option<u32> {
    ber::expect(&mut Cursor(field), INTEGER).and_then(ber::integer)
}

/// A string of any kind.
fn text(field: &[u8]) -> Option<String> {
    let (_, contents) = ber::take(&mut Cursor(field))?;
    Some(String::from_utf8_lossy(contents).into_owned())
}

/// KerberosTime: `YYYYMMDDHHMMSSZ`.
fn moment(field: &[u8]) -> Option<UnixSeconds> {
    let digits = ber::expect(&mut Cursor(field), GENERALIZED_TIME)?;
    let (digits, zone) = digits.split_at_checked(14)?;
    if zone != b"Z" || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let part = |from: usize, length: usize| {
        let digits = digits.get(from..from.checked_add(length)?)?;
        Some(
            digits
                .iter()
                .fold(0_i64, |sum, &digit| sum * 10 + i64::from(digit - b'0')),
        )
    };
    let (year, month, day) = (part(0, 4)?, part(4, 2)?, part(6, 2)?);
    let (hour, minute, second) = (part(8, 2)?, part(10, 2)?, part(12, 2)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days since 1970 in a calendar whose years begin in March, so that the leap day comes last.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let days =
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
            - 719_468;
    Some(UnixSeconds(
        days * 86_400 + hour * 3_600 + minute * 60 + second,
    ))
}

/// A message as a stream carries it: behind its length (section 7.2.2).
pub fn framed(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], message].concat()
}

/// Reads a message behind its length from the front of a stream.
pub fn read_framed(stream: &[u8]) -> Read<&[u8]> {
    let Some((length, rest)) = stream.split_first_chunk::<4>() else {
        return Read::Partial;
    };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    if length > LARGEST {
        return Read::Not;
    }
    match rest.get(..length) {
        Some(value) => Read::Whole {
            value,
            used: length.saturating_add(4),
        },
        None => Read::Partial,
    }
}

/// A message for the servers of a realm, as a proxy takes it ([MS-KKDCP] 2.2.2, KDC-PROXY-MESSAGE).
pub fn for_proxy(message: &[u8], realm: &str) -> Vec<u8> {
    let fields = [
        ber::element(context(0), &ber::element(OCTET_STRING, &framed(message))),
        ber::element(context(1), &ber::element(GENERAL_STRING, realm.as_bytes())),
    ]
    .concat();
    ber::element(SEQUENCE, &fields)
}

/// The message in a proxy's answer; `None` when it holds none.
pub fn from_proxy(bytes: &[u8]) -> Option<&[u8]> {
    let fields = ber::expect(&mut Cursor(bytes), SEQUENCE)?;
    let message = ber::expect(&mut Cursor(fields), context(0))?;
    let message = ber::expect(&mut Cursor(message), OCTET_STRING)?;
    // Some proxies leave the length out.
    Some(read_framed(message).whole().unwrap_or(message))
}
