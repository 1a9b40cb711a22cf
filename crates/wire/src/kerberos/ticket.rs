//! The exchanges of Kerberos that need keys ([RFC 4120] sections 5.3 to 5.6): a proof for the realm, a ticket for a
//! host, and the logon with it. What is encrypted goes in and comes out as it is; the keys are somebody else's.
//!
//! [RFC 4120]: https://www.rfc-editor.org/rfc/rfc4120

use model::UnixSeconds;
use model::codes::KerberosEncryption;

use super::{
    AsRequest, BIT_STRING, GENERAL_STRING, GENERALIZED_TIME, MOST, NT_SRV_INST, encryption, number,
    principal, text,
};
use crate::ber::{self, INTEGER, OCTET_STRING, SEQUENCE, context};
use crate::cursor::Cursor;

/// APPLICATION 1 to 30 of the messages that are written and read here.
const TICKET: u8 = 0x61;
const AUTHENTICATOR: u8 = 0x62;
const AS_REP: u8 = 0x6B;
const TGS_REQ: u8 = 0x6C;
const TGS_REP: u8 = 0x6D;
const AP_REQ: u8 = 0x6E;
const AP_REP: u8 = 0x6F;
/// Some servers number the encrypted part of the first reply like that of the second; section 5.4.2 has readers take both.
const PART_OF_AS_REP: u8 = 0x79;
const PART_OF_TGS_REP: u8 = 0x7A;
const PART_OF_AP_REP: u8 = 0x7B;
/// PA-TGS-REQ and PA-ENC-TIMESTAMP.
const PA_TGS_REQ: u32 = 1;
const PA_ENC_TIMESTAMP: u32 = 2;
/// What each key is used for (section 7.5.1).
pub mod usage {
    /// The moment that proves the password.
    pub const TIMESTAMP: i32 = 1;
    /// What only the user can read of the first reply.
    pub const AS_REPLY: i32 = 3;
    /// The checksum over a request for a ticket.
    pub const TGS_CHECKSUM: i32 = 6;
    /// The proof beside a request for a ticket.
    pub const TGS_AUTHENTICATOR: i32 = 7;
    /// What only the user can read of the second reply.
    pub const TGS_REPLY: i32 = 8;
    /// The proof beside a ticket.
    pub const AUTHENTICATOR: i32 = 11;
    /// The host's proof.
    pub const AP_REPLY: i32 = 12;
    /// What the host sends encrypted (RFC 4121 section 2).
    pub const ACCEPTOR_SEAL: i32 = 22;
    /// What the client sends encrypted.
    pub const INITIATOR_SEAL: i32 = 24;
    /// What the client signs.
    pub const INITIATOR_SIGN: i32 = 25;
}

/// Something encrypted (EncryptedData).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// With what.
    pub kind: KerberosEncryption,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Sealed {
    fn encode(&self) -> Vec<u8> {
        let fields = [
            field(0, &signed(self.kind.0)),
            field(2, &ber::element(OCTET_STRING, &self.bytes)),
        ];
        ber::element(SEQUENCE, &fields.concat())
    }

    fn read(contents: &[u8]) -> Option<Self> {
        let mut cursor = Cursor(ber::expect(&mut Cursor(contents), SEQUENCE)?);
        let (mut kind, mut bytes) = (None, None);
        while let Some((tag, field)) = ber::take(&mut cursor) {
            match tag {
                0xA0 => kind = number(field),
                0xA2 => bytes = ber::expect(&mut Cursor(field), OCTET_STRING),
                _ => {}
            }
        }
        Some(Self {
            kind: encryption(kind?),
            bytes: bytes?.to_vec(),
        })
    }
}

fn field(number: u8, contents: &[u8]) -> Vec<u8> {
    ber::element(context(number), contents)
}

/// A number that may be negative: the kinds of encryption outside the registry are.
fn signed(value: i32) -> Vec<u8> {
    match u32::try_from(value) {
        Ok(value) => ber::unsigned(value),
        Err(_) => ber::element(INTEGER, &value.to_be_bytes()),
    }
}

/// KerberosTime: `YYYYMMDDHHMMSSZ`.
fn time(at: UnixSeconds) -> Vec<u8> {
    let days = at.0.div_euclid(86_400);
    let rest = at.0.rem_euclid(86_400);
    // The calendar whose years begin in March, in eras of 400 years.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 {
        (era * 400 + year_of_era, month + 3)
    } else {
        (era * 400 + year_of_era + 1, month - 9)
    };
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    let text = format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    ber::element(GENERALIZED_TIME, text.as_bytes())
}

/// The moment that proves the password once it is encrypted (PA-ENC-TS-ENC).
pub fn timestamp(at: UnixSeconds, micros: u32) -> Vec<u8> {
    let fields = [field(0, &time(at)), field(1, &ber::unsigned(micros))];
    ber::element(SEQUENCE, &fields.concat())
}

/// The request for the first ticket with this proof beside it.
pub fn proven(request: &AsRequest<'_>, proof: &Sealed) -> Vec<u8> {
    request.encode_with(Some((PA_ENC_TIMESTAMP, &proof.encode())))
}

pub(super) fn method((kind, value): (u32, &[u8])) -> Vec<u8> {
    let fields = [
        field(1, &ber::unsigned(kind)),
        field(2, &ber::element(OCTET_STRING, value)),
    ];
    ber::element(SEQUENCE, &ber::element(SEQUENCE, &fields.concat()))
}

/// A ticket that was given, and what only the user can read beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Who has it, as the server writes the name.
    pub user: Named,
    /// The ticket, as it is handed on.
    pub ticket: Vec<u8>,
    /// The rest.
    pub part: Sealed,
}

/// A name that is handed on as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    realm: Vec<u8>,
    name: Vec<u8>,
}

impl Named {
    /// A name of these parts, as they came.
    pub const fn of(realm: Vec<u8>, name: Vec<u8>) -> Self {
        Self { realm, name }
    }

    /// Its realm, as it came.
    pub fn realm(&self) -> &[u8] {
        &self.realm
    }

    /// Itself, as it came.
    pub fn name(&self) -> &[u8] {
        &self.name
    }
}

/// Reads the reply with the first ticket or with one for a host.
pub fn read_reply(bytes: &[u8]) -> Option<Reply> {
    let (tag, contents) = ber::take(&mut Cursor(bytes))?;
    if tag != AS_REP && tag != TGS_REP {
        return None;
    }
    let mut cursor = Cursor(ber::expect(&mut Cursor(contents), SEQUENCE)?);
    let (mut realm, mut name, mut ticket, mut part) = (None, None, None, None);
    while let Some((tag, field)) = ber::take(&mut cursor) {
        match tag {
            0xA3 => realm = Some(field.to_vec()),
            0xA4 => name = Some(field.to_vec()),
            0xA5 if field.first() == Some(&TICKET) => ticket = Some(field.to_vec()),
            0xA6 => part = Sealed::read(field),
            _ => {}
        }
    }
    Some(Reply {
        user: Named {
            realm: realm?,
            name: name?,
        },
        ticket: ticket?,
        part: part?,
    })
}

/// What only the user can read of a reply.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// What the key that goes with the ticket is for.
    pub kind: KerberosEncryption,
    /// That key.
    pub key: Vec<u8>,
    /// The number of the request.
    pub nonce: Option<u32>,
    /// The realm that gave the ticket.
    pub realm: Option<String>,
    /// What the ticket is for, part by part.
    pub service: Vec<String>,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").finish_non_exhaustive()
    }
}

/// Reads what only the user can read, decrypted.
pub fn read_part(plain: &[u8]) -> Option<Part> {
    let (tag, contents) = ber::take(&mut Cursor(plain))?;
    if tag != PART_OF_AS_REP && tag != PART_OF_TGS_REP {
        return None;
    }
    let mut cursor = Cursor(ber::expect(&mut Cursor(contents), SEQUENCE)?);
    let mut key = None;
    let (mut nonce, mut realm, mut service) = (None, None, Vec::new());
    while let Some((tag, field)) = ber::take(&mut cursor) {
        match tag {
            0xA0 => key = read_key(field),
            0xA2 => nonce = number(field),
            0xA9 => realm = text(field),
            0xAA => service = read_name(field).unwrap_or_default(),
            _ => {}
        }
    }
    let (kind, key) = key?;
    Some(Part {
        kind,
        key,
        nonce,
        realm,
        service,
    })
}

fn read_key(field: &[u8]) -> Option<(KerberosEncryption, Vec<u8>)> {
    let mut cursor = Cursor(ber::expect(&mut Cursor(field), SEQUENCE)?);
    let kind = number(ber::expect(&mut cursor, context(0))?)?;
    let key = ber::expect(&mut cursor, context(1))?;
    let key = ber::expect(&mut Cursor(key), OCTET_STRING)?;
    Some((encryption(kind), key.to_vec()))
}

fn read_name(field: &[u8]) -> Option<Vec<String>> {
    let mut cursor = Cursor(ber::expect(&mut Cursor(field), SEQUENCE)?);
    ber::expect(&mut cursor, context(0))?;
    let parts = ber::expect(&mut cursor, context(1))?;
    let mut parts = Cursor(ber::expect(&mut Cursor(parts), SEQUENCE)?);
    let mut names = Vec::new();
    while let Some((_, part)) = ber::take(&mut parts)
        && names.len() < MOST
    {
        names.push(String::from_utf8_lossy(part).into_owned());
    }
    Some(names)
}

/// What goes with a ticket to prove that its key is known (Authenticator).
#[derive(Debug)]
pub struct Authenticator<'a> {
    /// Who has the ticket.
    pub user: &'a Named,
    /// The moment.
    pub at: UnixSeconds,
    /// And its microseconds, which are never the same twice.
    pub micros: u32,
    /// What it vouches for, by the kind of checksum.
    pub checksum: (u32, &'a [u8]),
    /// A key of the client's for what follows.
    pub key: Option<(KerberosEncryption, &'a [u8])>,
    /// The number of the first message that follows.
    pub sequence: Option<u32>,
}

impl Authenticator<'_> {
    /// Writes it, to be encrypted.
    pub fn encode(&self) -> Vec<u8> {
        let (kind, octets) = self.checksum;
        let checksum = [
            field(0, &ber::unsigned(kind)),
            field(1, &ber::element(OCTET_STRING, octets)),
        ];
        let mut fields = [
            field(0, &ber::unsigned(5)),
            field(1, &self.user.realm),
            field(2, &self.user.name),
            field(3, &ber::element(SEQUENCE, &checksum.concat())),
            field(4, &ber::unsigned(self.micros)),
            field(5, &time(self.at)),
        ]
        .concat();
        if let Some((kind, key)) = self.key {
            let key = [
                field(0, &signed(kind.0)),
                field(1, &ber::element(OCTET_STRING, key)),
            ];
            fields.extend(field(6, &ber::element(SEQUENCE, &key.concat())));
        }
        if let Some(sequence) = self.sequence {
            fields.extend(field(7, &ber::unsigned(sequence)));
        }
        ber::element(AUTHENTICATOR, &ber::element(SEQUENCE, &fields))
    }
}

/// A ticket and the proof beside it (AP-REQ); `mutual` asks the other side for a proof of its own.
pub fn presented(ticket: &[u8], authenticator: &Sealed, mutual: bool) -> Vec<u8> {
    let options = [0, if mutual { 0x20 } else { 0 }, 0, 0, 0];
    let fields = [
        field(0, &ber::unsigned(5)),
        field(1, &ber::unsigned(14)),
        field(2, &ber::element(BIT_STRING, &options)),
        field(3, ticket),
        field(4, &authenticator.encode()),
    ];
    ber::element(AP_REQ, &ber::element(SEQUENCE, &fields.concat()))
}

/// What a ticket for a service is asked with, without the proof: the checksum of the proof is made over it.
pub fn wanted(realm: &str, service: &[&str], nonce: u32) -> Vec<u8> {
    let body = [
        field(0, &ber::element(BIT_STRING, &[0, 0x00, 0x01, 0x00, 0x00])),
        field(2, &ber::element(GENERAL_STRING, realm.as_bytes())),
        field(3, &principal(NT_SRV_INST, service)),
        field(5, &super::till()),
        field(7, &ber::unsigned(nonce & 0x7FFF_FFFF)),
        field(8, &super::offered()),
    ];
    ber::element(SEQUENCE, &body.concat())
}

/// The request for a ticket for a service: what is wanted, and the first ticket with its proof.
pub fn for_service(wanted: &[u8], proof: &[u8]) -> Vec<u8> {
    let fields = [
        field(1, &ber::unsigned(5)),
        field(2, &ber::unsigned(12)),
        field(3, &method((PA_TGS_REQ, proof))),
        field(4, wanted),
    ];
    ber::element(TGS_REQ, &ber::element(SEQUENCE, &fields.concat()))
}

/// Reads the host's proof (AP-REP), still encrypted.
pub fn read_proof(bytes: &[u8]) -> Option<Sealed> {
    let contents = ber::expect(&mut Cursor(bytes), AP_REP)?;
    let mut cursor = Cursor(ber::expect(&mut Cursor(contents), SEQUENCE)?);
    while let Some((tag, field)) = ber::take(&mut cursor) {
        if tag == 0xA2 {
            return Sealed::read(field);
        }
    }
    None
}

/// What the host's proof says.
#[derive(Clone, PartialEq, Eq)]
pub struct Proof {
    /// The microseconds of the client's proof.
    pub micros: Option<u32>,
    /// A key of the host's for what follows.
    pub key: Option<(KerberosEncryption, Vec<u8>)>,
    /// The number of its first message.
    pub sequence: Option<u32>,
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proof").finish_non_exhaustive()
    }
}

/// Reads the host's proof, decrypted.
pub fn read_proof_part(plain: &[u8]) -> Option<Proof> {
    let contents = ber::expect(&mut Cursor(plain), PART_OF_AP_REP)?;
    let mut cursor = Cursor(ber::expect(&mut Cursor(contents), SEQUENCE)?);
    let mut proof = Proof {
        micros: None,
        key: None,
        sequence: None,
    };
    while let Some((tag, field)) = ber::take(&mut cursor) {
        match tag {
            0xA1 => proof.micros = number(field),
            0xA2 => proof.key = read_key(field),
            0xA3 => proof.sequence = number(field),
            _ => {}
        }
    }
    Some(proof)
}

#[cfg(test)]
mod tests {
    use super::super::moment;
    use super::*;

    #[test]
    fn moments_are_written_as_they_are_read() {
        for at in [0, 951_782_400, 1_795_293_520, 4_102_444_799, 1_709_164_800] {
            let at = UnixSeconds(at);
            assert_eq!(moment(&time(at)), Some(at));
        }
    }
}
