//! Sessions that are taken up again (RFC 5077, RFC 8446 section 4.2.11): what a library keeps of one, and what a hello
//! proves with it.

use hmac::digest::KeyInit as _;
use hmac::{Hmac, Mac as _};
use model::codes::{CipherSuite, TlsVersion};
use sha2::{Digest as _, Sha256, Sha384};

use crate::ber::{self, INTEGER, OCTET_STRING, SEQUENCE, context};
use crate::cursor::{Cursor, low8, low16};

/// What is kept of a session.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its version.
    pub version: TlsVersion,
    /// Its suite.
    pub suite: CipherSuite,
    /// Its number, up to TLS 1.2.
    pub(super) id: Vec<u8>,
    /// The server's ticket.
    pub(super) ticket: Vec<u8>,
    /// With TLS 1.3 the pre-shared key that goes with the ticket.
    secret: Vec<u8>,
    /// What the age of the ticket is hidden with.
    age_add: u32,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept")
            .field("version", &self.version)
            .field("suite", &self.suite)
            .finish_non_exhaustive()
    }
}

impl Kept {
    /// Reads the form in which OpenSSL writes a session down (`i2d_SSL_SESSION`).
    pub fn read(der: &[u8]) -> Option<Self> {
        const TICKET: u8 = context(10);
        const AGE_ADD: u8 = context(14);
        let mut fields = Cursor(ber::expect(&mut Cursor(der), SEQUENCE)?);
        ber::expect(&mut fields, INTEGER)?; // the version of the form
        let version = ber::integer(ber::expect(&mut fields, INTEGER)?)?;
        let suite = Cursor(ber::expect(&mut fields, OCTET_STRING)?).u16()?;
        let id = ber::expect(&mut fields, OCTET_STRING)?.to_vec();
        let secret = ber::expect(&mut fields, OCTET_STRING)?.to_vec();
        let mut kept = Self {
            version: TlsVersion(u16::try_from(version).ok()?),
            suite: CipherSuite(suite),
            id,
            ticket: Vec::new(),
            secret,
            age_add: 0,
        };
        while let Some((tag, value)) = ber::take(&mut fields) {
            match tag {
                TICKET => kept.ticket = ber::expect(&mut Cursor(value), OCTET_STRING)?.to_vec(),
                AGE_ADD => kept.age_add = ber::integer(ber::expect(&mut Cursor(value), INTEGER)?)?,
                _ => {}
            }
        }
        Some(kept)
    }

    /// There is something to take it up by.
    pub fn is_resumable(&self) -> bool {
        !self.ticket.is_empty() || (self.version < TlsVersion::TLS1_3 && !self.id.is_empty())
    }

    /// It is taken up by a ticket, which only the server can read, and not by its number.
    pub fn has_ticket(&self) -> bool {
        !self.ticket.is_empty()
    }

    /// The contents of `pre_shared_key` for a ticket of this age in milliseconds, with room for the proof.
    pub(super) fn pre_shared_key(&self, age: u32) -> Vec<u8> {
        let mut identity = low16(self.ticket.len()).to_be_bytes().to_vec();
        identity.extend(&self.ticket);
        identity.extend(age.wrapping_add(self.age_add).to_be_bytes());
        let mut out = low16(identity.len()).to_be_bytes().to_vec();
        out.extend(identity);
        let room = vec![0; self.proof_length()];
        out.extend(self.binders(&room));
        out
    }

    /// A list of one proof.
    fn binders(&self, proof: &[u8]) -> Vec<u8> {
        let mut out = low16(proof.len().saturating_add(1)).to_be_bytes().to_vec();
        out.push(low8(proof.len()));
        out.extend(proof);
        out
    }

    const fn proof_length(&self) -> usize {
        if is_of_sha384(self.suite) { 48 } else { 32 }
    }

    /// Puts the proof at the end of a ClientHello that ends with [`Self::pre_shared_key`] (RFC 8446 section 4.2.11.2).
    pub(super) fn prove(&self, hello: &mut Vec<u8>) {
        let room = self.binders(&vec![0; self.proof_length()]);
        hello.truncate(hello.len().saturating_sub(room.len()));
        let proof = self.proof(hello);
        hello.extend(self.binders(&proof));
    }

    /// The proof over everything before it.
    fn proof(&self, before: &[u8]) -> Vec<u8> {
        macro_rules! with {
            ($hash:ty) => {{
                let code = |key: &[u8], message: &[u8]| {
                    // A key of any length is one.
                    let mut code = Hmac::<$hash>::new_from_slice(key).ok()?;
                    code.update(message);
                    Some(code.finalize().into_bytes().to_vec())
                };
                let length = self.proof_length();
                let early = code(&vec![0; length], &self.secret);
                let binder = early.and_then(|early| {
                    code(
                        &early,
                        &first_round("res binder", &<$hash>::digest([]), length),
                    )
                });
                let finished =
                    binder.and_then(|key| code(&key, &first_round("finished", &[], length)));
                finished.and_then(|key| code(&key, &<$hash>::digest(before)))
            }};
        }
        let proof = if is_of_sha384(self.suite) {
            with!(Sha384)
        } else {
            with!(Sha256)
        };
        proof.unwrap_or_default()
    }
}

/// The suite's hash is SHA-384; those of the other suites of TLS 1.3 are SHA-256.
const fn is_of_sha384(suite: CipherSuite) -> bool {
    suite.0 == 0x1302
}

/// `HkdfLabel`, which a secret of this length is expanded with (RFC 8446 section 7.1).
pub fn hkdf_label(label: &str, context: &[u8], length: usize) -> Vec<u8> {
    let label = format!("tls13 {label}");
    let mut out = low16(length).to_be_bytes().to_vec();
    out.push(low8(label.len()));
    out.extend(label.as_bytes());
    out.push(low8(context.len()));
    out.extend(context);
    out
}

/// The first and only round of HKDF-Expand, for a secret as long as its hash (RFC 5869 section 2.3).
fn first_round(label: &str, context: &[u8], length: usize) -> Vec<u8> {
    let mut out = hkdf_label(label, context, length);
    out.push(1);
    out
}

#[cfg(test)]
mod tests {
    use hex_literal::hex;

    use super::*;

    /// The keys of the example of a resumed handshake in RFC 8448 section 4, up to the key of the proof.
    #[test]
    fn the_key_of_the_proof_is_that_of_the_example() {
        let early = hex!("9b2188e9b2fc6d64d71dc329900e20bb41915000f678aa839cbb797cb7d8332c");
        let binder = hex!("69fe131a3bbad5d63c64eebcc30e395b9d8107726a13d074e389dbc8a4e47256");
        let finished = hex!("5588673e72cb59c87d220caffe94f2dea9a3b1609f7d50e90a48227db9ed7eaa");
        let code = |key: &[u8], message: &[u8]| {
            let mut code = Hmac::<Sha256>::new_from_slice(key).unwrap();
            code.update(message);
            code.finalize().into_bytes().to_vec()
        };
        let nothing = Sha256::digest([]);
        assert_eq!(
            code(&early, &first_round("res binder", &nothing, 32)),
            binder
        );
        assert_eq!(code(&binder, &first_round("finished", &[], 32)), finished);
        let hash = hex!("63224b2e4573f2d3454ca84b9d009a04f6be9e05711a8396473aefa01e924a14");
        let proof = hex!("3add4fb2d8fdf822a0ca3cf7678ef5e88dae990141c5924d57bb6fa31b9e5f9d");
        assert_eq!(code(&finished, &hash), proof);
    }

    #[test]
    fn what_is_no_session_is_none() {
        assert_eq!(Kept::read(&[]), None);
        assert_eq!(Kept::read(&hex!("30 03 02 01 01")), None);
    }
}
