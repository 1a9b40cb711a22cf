//! The keys of Kerberos ([RFC 3961], [RFC 3962]), and the messages that are sealed with them once a logon stands
//! ([RFC 4121]). The arithmetic is the library's; which key is used for what is said by whoever asks.
//!
//! [RFC 3961]: https://www.rfc-editor.org/rfc/rfc3961
//! [RFC 3962]: https://www.rfc-editor.org/rfc/rfc3962
//! [RFC 4121]: https://www.rfc-editor.org/rfc/rfc4121

use std::fmt;

use picky_krb::crypto::{ChecksumSuite, CipherSuite};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{Credentials, Error};

/// AES with 128 and with 256 bits.
const AES128: i32 = 17;
const AES256: i32 = 18;
/// The checksums that go with them.
const SHA1_AES128: u32 = 15;
const SHA1_AES256: u32 = 16;
/// The tokens of RFC 4121: a sealed message, and a signature.
const WRAP: [u8; 2] = [5, 4];
const MIC: [u8; 2] = [4, 4];
/// The length of their head.
const HEAD: usize = 16;
/// Flags: from the host, sealed, with the host's key.
const FROM_HOST: u8 = 1;
const SEALED: u8 = 2;
const HOSTS_KEY: u8 = 4;
/// How far the sealed bytes are turned round, as Windows does: by checksum and confounder, which then come first.
const TURNED: u16 = 28;

/// A key.
pub struct Key {
    kind: i32,
    bytes: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("")
    }
}

impl Key {
    /// A key of this kind can be used: AES with SHA-1. Others are refused, RC4 among them.
    pub const fn fits(kind: i32) -> bool {
        matches!(kind, AES128 | AES256)
    }

    /// The key of a user: the password, mixed with a salt.
    pub fn of_password(kind: i32, credentials: &Credentials, salt: &str) -> Result<Self, Error> {
        let made = suite(kind)?
            .cipher()
            .generate_key_from_password(credentials.password().as_bytes(), salt.as_bytes());
        Self::of(kind, made.map_err(|_| STOPPED)?)
    }

    /// A key that somebody gave.
    pub fn of(kind: i32, bytes: Vec<u8>) -> Result<Self, Error> {
        let bytes = Zeroizing::new(bytes);
        let fits = suite(kind)?.cipher().key_size() == bytes.len();
        fits.then_some(Self { kind, bytes }).ok_or(STOPPED)
    }

    /// A new key of this kind.
    pub fn random(kind: i32) -> Result<Self, Error> {
        let mut bytes = Zeroizing::new(vec![0; suite(kind)?.cipher().key_size()]);
        fill(&mut bytes)?;
        Ok(Self { kind, bytes })
    }

    /// Its kind.
    pub const fn kind(&self) -> i32 {
        self.kind
    }

    /// Itself, to be told to the other side.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Encrypts.
    pub fn seal(&self, usage: i32, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let cipher = suite(self.kind)?.cipher();
        cipher
            .encrypt(&self.bytes, usage, plain)
            .map_err(|_| STOPPED)
    }

    /// Decrypts; `None` for what was not encrypted with this key.
    pub fn open(&self, usage: i32, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let cipher = suite(self.kind).ok()?.cipher();
        cipher
            .decrypt(&self.bytes, usage, sealed)
            .ok()
            .map(Zeroizing::new)
    }

    /// A checksum with this key: its kind, and itself.
    pub fn checksum(&self, usage: i32, bytes: &[u8]) -> Result<(u32, Vec<u8>), Error> {
        let (kind, suite) = if self.kind == AES256 {
            (SHA1_AES256, ChecksumSuite::HmacSha196Aes256)
        } else {
            (SHA1_AES128, ChecksumSuite::HmacSha196Aes128)
        };
        let sum = suite.hasher().checksum(&self.bytes, usage, bytes);
        Ok((kind, sum.map_err(|_| STOPPED)?))
    }

    /// Seals a message of the client's; `hosts` when this is the host's key.
    pub fn wrap(
        &self,
        usage: i32,
        sequence: u64,
        hosts: bool,
        plain: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let flags = SEALED | if hosts { HOSTS_KEY } else { 0 };
        let inner = head(WRAP, flags, 0, sequence);
        let mut sealed = self.seal(usage, &Zeroizing::new([plain, &inner].concat()))?;
        let length = sealed.len().max(1);
        sealed.rotate_right(usize::from(TURNED) % length);
        let mut token = head(WRAP, flags, TURNED, sequence).to_vec();
        token.extend(sealed);
        Ok(token)
    }

    /// Opens a message of the host's; `None` for what is none.
    pub fn unwrap(&self, usage: i32, token: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (head, sealed) = token.split_first_chunk::<HEAD>()?;
        let [a, b, flags, _, e1, e2, r1, r2, ..] = *head;
        if [a, b] != WRAP || flags & (FROM_HOST | SEALED) != FROM_HOST | SEALED {
            return None;
        }
        let extra = usize::from(u16::from_be_bytes([e1, e2]));
        let turned = usize::from(u16::from_be_bytes([r1, r2]));
        let mut sealed = sealed.to_vec();
        let length = sealed.len();
        sealed.rotate_left(turned.checked_rem(length)?);
        let mut plain = self.open(usage, &sealed)?;
        let rest = plain.len().checked_sub(HEAD)?;
        let mut expected = *head;
        expected[6] = 0;
        expected[7] = 0;
        if plain.get(rest..) != Some(&expected[..]) {
            return None;
        }
        plain.truncate(rest.checked_sub(extra)?);
        Some(plain)
    }

    /// Signs something of the client's.
    pub fn sign(
        &self,
        usage: i32,
        sequence: u64,
        hosts: bool,
        bytes: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let flags = if hosts { HOSTS_KEY } else { 0 };
        let mut head = head(MIC, flags, 0, sequence);
        // The head of a signature has a filling where that of a message has lengths.
        if let Some(filling) = head.get_mut(3..8) {
            filling.fill(0xFF);
        }
        let (_, sum) = self.checksum(usage, &[bytes, &head].concat())?;
        Ok([&head[..], &sum].concat())
    }
}

fn head(id: [u8; 2], flags: u8, turned: u16, sequence: u64) -> [u8; HEAD] {
    let [a, b] = id;
    let [t1, t2] = turned.to_be_bytes();
    let [s1, s2, s3, s4, s5, s6, s7, s8] = sequence.to_be_bytes();
    [
        a, b, flags, 0xFF, 0, 0, t1, t2, s1, s2, s3, s4, s5, s6, s7, s8,
    ]
}

const STOPPED: Error = Error::Library {
    at: "a logon with Kerberos",
    why: String::new(),
};

fn suite(kind: i32) -> Result<CipherSuite, Error> {
    match kind {
        AES128 => Ok(CipherSuite::Aes128CtsHmacSha196),
        AES256 => Ok(CipherSuite::Aes256CtsHmacSha196),
        _ => Err(Error::Library {
            at: "a logon with Kerberos",
            why: format!("it makes no keys of kind {kind}"),
        }),
    }
}

fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|error| Error::Library {
        at: "the system's source of chance",
        why: error.to_string(),
    })
}

/// Numbers that nobody can guess.
pub fn chance<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// What ties a logon of CredSSP to the key of the TLS session ([MS-CSSP] 3.1.5, from version 5 on).
pub fn binding(from_client: bool, nonce: &[u8], public_key: &[u8]) -> Vec<u8> {
    let magic: &[u8] = if from_client {
        b"CredSSP Client-To-Server Binding Hash\0"
    } else {
        b"CredSSP Server-To-Client Binding Hash\0"
    };
    let digest = Sha256::new()
        .chain_update(magic)
        .chain_update(nonce)
        .chain_update(public_key);
    digest.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;

    #[test]
    fn keys_are_made_of_passwords_and_never_shown() {
        let credentials = Credentials::of("lab", Secret::new("5hYYSAfFJp".to_owned())).unwrap();
        let key = Key::of_password(AES256, &credentials, "EXAMPLE.COMtest1").unwrap();
        assert!(key.bytes().starts_with(&[218, 222, 209, 204, 21]));
        assert_eq!(format!("{key:?}"), "");
        assert!(Key::of_password(23, &credentials, "x").is_err());
    }

    #[test]
    fn what_the_host_seals_is_opened_and_nothing_else() {
        let key = Key::random(AES256).unwrap();
        let mut token = head(WRAP, FROM_HOST | SEALED, 0, 7).to_vec();
        token.extend(key.seal(22, &[b"secret", &token[..]].concat()).unwrap());
        assert_eq!(key.unwrap(22, &token).unwrap().as_slice(), b"secret");
        assert!(key.unwrap(24, &token).is_none());
        for end in 0..token.len() {
            assert!(key.unwrap(22, &token[..end]).is_none());
        }
        let ours = key.wrap(24, 1, false, b"secret").unwrap();
        assert!(key.unwrap(24, &ours).is_none());
    }

    #[test]
    fn a_broken_key_is_refused() {
        assert!(Key::of(AES256, vec![0; 16]).is_err());
        assert!(Key::of(99, vec![0; 16]).is_err());
    }
}
