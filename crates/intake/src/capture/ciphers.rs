//! What the records of TLS are encrypted with: suites, the keys they make of secrets, and one record opened.

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt as _, KeyIvInit as _, StreamCipher as _};
use aes_gcm::aead::{KeyInit, Payload};
use hmac::{Hmac, Mac as _};
use model::codes::CipherSuite;
use sha1::Sha1;
use sha2::{Sha256, Sha384};
use wire::tls::{self, Content};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    /// What keys are made with before TLS 1.2: MD5 and SHA-1, each over one half of the secret.
    Md5Sha1,
    /// Of codes alone: no key is made with it by itself.
    Md5,
    Sha1,
    Sha256,
    Sha384,
}

/// What a suite encrypts with, and the hash its keys are made with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Suite {
    Gcm128(Hash),
    Gcm256(Hash),
    ChaCha(Hash),
    /// AES-128 and AES-256 in CCM, whose tag has 16 bytes or 8.
    Ccm128(Tag),
    Ccm256(Tag),
    /// The length of the key, the hash of the code, and that of the keys. A key of 24 bytes is one of 3DES.
    Cbc(usize, Hash, Hash),
    /// RC4 with 128 bits: the hash of the code, and that of the keys.
    Rc4(Hash, Hash),
}

/// The bytes of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Eight,
    Sixteen,
}

impl Tag {
    const fn length(self) -> usize {
        match self {
            Self::Eight => 8,
            Self::Sixteen => 16,
        }
    }
}

/// The length of a key of 3DES.
const TRIPLE: usize = 24;

type Ccm<A, T> = ccm::Ccm<A, T, ccm::consts::U12>;

/// What the records of one direction are encrypted with. The largest is boxed.
pub(super) enum Cipher {
    Gcm128(Box<aes_gcm::Aes128Gcm>, Nonce),
    Gcm256(Box<aes_gcm::Aes256Gcm>, Nonce),
    ChaCha(Box<chacha20poly1305::ChaCha20Poly1305>, Nonce),
    /// By the key: which of the four it is shows in its length and in that of the tag.
    Ccm(Vec<u8>, Tag, Nonce),
    Rc4 {
        stream: Box<rc4::Rc4>,
        code: Vec<u8>,
        hash: Hash,
        sequence: u64,
    },
    Cbc {
        key: Vec<u8>,
        code: Vec<u8>,
        hash: Hash,
        encrypt_then_mac: bool,
        /// TLS 1.0: the block that comes before the next record; later versions send one with each.
        before: Option<Vec<u8>>,
        sequence: u64,
    },
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cipher")
    }
}

/// Where the nonce of a record comes from.
#[derive(Clone)]
pub(super) struct Nonce {
    iv: Vec<u8>,
    sequence: u64,
    /// TLS 1.3: the record's type is inside.
    inside: bool,
    /// The secret the keys came from, to be updated by it; empty up to TLS 1.2.
    secret: Vec<u8>,
}

impl Suite {
    pub fn of(suite: CipherSuite) -> Option<Self> {
        use Hash::{Sha1, Sha256, Sha384};
        Some(match suite.0 {
            0x1301 | 0x009C | 0x009E | 0x00A2 | 0x00A8 | 0xC02B | 0xC02D | 0xC02F | 0xC031 => {
                Self::Gcm128(Sha256)
            }
            0x1302 | 0x009D | 0x009F | 0x00A3 | 0x00A9 | 0xC02C | 0xC02E | 0xC030 | 0xC032 => {
                Self::Gcm256(Sha384)
            }
            0x1303 | 0xCCA8..=0xCCAE => Self::ChaCha(Sha256),
            0x002F | 0x0032 | 0x0033 | 0xC004 | 0xC009 | 0xC00E | 0xC013 => {
                Self::Cbc(16, Sha1, Sha256)
            }
            0x0035 | 0x0038 | 0x0039 | 0xC005 | 0xC00A | 0xC00F | 0xC014 => {
                Self::Cbc(32, Sha1, Sha256)
            }
            0x003C | 0x0040 | 0x0067 | 0xC023 | 0xC025 | 0xC027 | 0xC029 => {
                Self::Cbc(16, Sha256, Sha256)
            }
            // TLS 1.3 and 1.2, the latter with the short tag too (RFC 6655, RFC 7251).
            0x1304 | 0xC09C | 0xC09E | 0xC0A4 | 0xC0A6 | 0xC0AC => Self::Ccm128(Tag::Sixteen),
            0xC09D | 0xC09F | 0xC0A5 | 0xC0A7 | 0xC0AD => Self::Ccm256(Tag::Sixteen),
            0x1305 | 0xC0A0 | 0xC0A2 | 0xC0A8 | 0xC0AA | 0xC0AE => Self::Ccm128(Tag::Eight),
            0xC0A1 | 0xC0A3 | 0xC0A9 | 0xC0AB | 0xC0AF => Self::Ccm256(Tag::Eight),
            0x000A | 0x0013 | 0x0016 | 0xC003 | 0xC008 | 0xC00D | 0xC012 => {
                Self::Cbc(TRIPLE, Sha1, Sha256)
            }
            0x0004 => Self::Rc4(Hash::Md5, Sha256),
            0x0005 | 0xC002 | 0xC007 | 0xC00C | 0xC011 => Self::Rc4(Sha1, Sha256),
            0x003D | 0x006A | 0x006B => Self::Cbc(32, Sha256, Sha256),
            0xC024 | 0xC026 | 0xC028 | 0xC02A => Self::Cbc(32, Sha384, Sha384),
            _ => return None,
        })
    }

    pub const fn keys(self) -> Hash {
        match self {
            Self::Gcm128(hash)
            | Self::Gcm256(hash)
            | Self::ChaCha(hash)
            | Self::Rc4(_, hash)
            | Self::Cbc(_, _, hash) => hash,
            Self::Ccm128(_) | Self::Ccm256(_) => Hash::Sha256,
        }
    }

    /// The same before TLS 1.2, where only codes with MD5 and SHA-1 were known.
    pub const fn before_tls12(self) -> Option<Self> {
        match self {
            Self::Cbc(length, Hash::Sha1, _) => Some(Self::Cbc(length, Hash::Sha1, Hash::Md5Sha1)),
            Self::Rc4(code, _) => Some(Self::Rc4(code, Hash::Md5Sha1)),
            _ => None,
        }
    }

    pub const fn key_length(self) -> usize {
        match self {
            Self::Gcm128(_) | Self::Ccm128(_) | Self::Rc4(..) => 16,
            Self::Gcm256(_) | Self::Ccm256(_) | Self::ChaCha(_) => 32,
            Self::Cbc(length, _, _) => length,
        }
    }

    /// TLS 1.3: what a traffic secret makes of the suite (RFC 8446 section 7.3).
    pub fn of_secret(self, secret: &[u8]) -> Option<Cipher> {
        if secret.len() != self.keys().length() {
            return None;
        }
        let key = expand(self.keys(), secret, "key", self.key_length());
        let iv = expand(self.keys(), secret, "iv", 12);
        self.cipher(&key, iv, true, secret.to_vec())
    }

    pub fn cipher(self, key: &[u8], iv: Vec<u8>, inside: bool, secret: Vec<u8>) -> Option<Cipher> {
        let nonce = Nonce {
            iv,
            sequence: 0,
            inside,
            secret,
        };
        Some(match self {
            Self::Gcm128(_) => Cipher::Gcm128(
                Box::new(<aes_gcm::Aes128Gcm as KeyInit>::new_from_slice(key).ok()?),
                nonce,
            ),
            Self::Gcm256(_) => Cipher::Gcm256(
                Box::new(<aes_gcm::Aes256Gcm as KeyInit>::new_from_slice(key).ok()?),
                nonce,
            ),
            Self::ChaCha(_) => Cipher::ChaCha(
                Box::new(
                    <chacha20poly1305::ChaCha20Poly1305 as KeyInit>::new_from_slice(key).ok()?,
                ),
                nonce,
            ),
            Self::Ccm128(tag) | Self::Ccm256(tag) => Cipher::Ccm(key.to_vec(), tag, nonce),
            Self::Cbc(..) | Self::Rc4(..) => return None,
        })
    }

    /// The bytes of a block, which are those of the block before the first one.
    pub const fn block_length(self) -> usize {
        match self {
            Self::Cbc(TRIPLE, ..) => 8,
            _ => 16,
        }
    }
}

/// A cipher whose keys go on from record to record.
pub(super) fn rc4(key: &[u8], code: Vec<u8>, hash: Hash) -> Option<Cipher> {
    use rc4::KeyInit as _;
    Some(Cipher::Rc4 {
        stream: Box::new(rc4::Rc4::new_from_slice(key).ok()?),
        code,
        hash,
        sequence: 0,
    })
}

impl Nonce {
    /// The nonce, what is authenticated besides, and the bytes that are encrypted.
    fn of<'r>(
        &mut self,
        record: &tls::Record<'r>,
        tag: Tag,
    ) -> Option<([u8; 12], Vec<u8>, &'r [u8])> {
        let sequence = self.sequence.to_be_bytes();
        self.sequence = self.sequence.saturating_add(1);
        let mut nonce = [0_u8; 12];
        // TLS 1.2 with GCM sends half of the nonce with each record.
        let body = if self.iv.len() == 4 {
            let (explicit, body) = record.body.split_at_checked(8)?;
            for (to, from) in nonce.iter_mut().zip(self.iv.iter().chain(explicit)) {
                *to = *from;
            }
            body
        } else {
            let padded = [0_u8; 4].into_iter().chain(sequence);
            for ((to, from), with) in nonce.iter_mut().zip(&self.iv).zip(padded) {
                *to = *from ^ with;
            }
            record.body
        };
        let number = match record.content {
            Content::ChangeCipherSpec => 20,
            Content::Alert => 21,
            Content::Handshake => 22,
            Content::ApplicationData => 23,
            Content::Heartbeat => 24,
        };
        let mut besides = Vec::with_capacity(13);
        let length = if self.inside {
            body.len()
        } else {
            besides.extend(sequence);
            body.len().checked_sub(tag.length())?
        };
        besides.push(number);
        besides.extend(record.version.0.to_be_bytes());
        besides.extend(u16::try_from(length).ok()?.to_be_bytes());
        Some((nonce, besides, body))
    }

    /// What came out, with the type of the record.
    fn opened(&self, record: &tls::Record<'_>, mut plain: Vec<u8>) -> Option<(u8, Vec<u8>)> {
        if !self.inside {
            return Some((number(record.content), plain));
        }
        // Behind the content stand its type and zeros (RFC 8446 section 5.2).
        let end = plain.iter().rposition(|&byte| byte != 0)?;
        let kind = *plain.get(end)?;
        plain.truncate(end);
        Some((kind, plain))
    }
}

const fn number(content: Content) -> u8 {
    match content {
        Content::ChangeCipherSpec => 20,
        Content::Alert => 21,
        Content::Handshake => 22,
        Content::ApplicationData => 23,
        Content::Heartbeat => 24,
    }
}

impl Cipher {
    /// Decrypts a record; `None` when it was encrypted with other keys.
    pub fn open(&mut self, record: &tls::Record<'_>) -> Option<(u8, Vec<u8>)> {
        fn sealed<C: aes_gcm::aead::Aead>(
            cipher: &C,
            nonce: &[u8; 12],
            msg: &[u8],
            aad: &[u8],
        ) -> Option<Vec<u8>> {
            let nonce = aes_gcm::aead::Nonce::<C>::try_from(nonce.as_slice()).ok()?;
            cipher.decrypt(&nonce, Payload { msg, aad }).ok()
        }
        let opened = match self {
            Self::Gcm128(cipher, nonce) => {
                let (number, besides, body) = nonce.of(record, Tag::Sixteen)?;
                (nonce, sealed(cipher.as_ref(), &number, body, &besides)?)
            }
            Self::Gcm256(cipher, nonce) => {
                let (number, besides, body) = nonce.of(record, Tag::Sixteen)?;
                (nonce, sealed(cipher.as_ref(), &number, body, &besides)?)
            }
            Self::ChaCha(cipher, nonce) => {
                let (number, besides, body) = nonce.of(record, Tag::Sixteen)?;
                (nonce, sealed(cipher.as_ref(), &number, body, &besides)?)
            }
            Self::Ccm(key, tag, nonce) => {
                use ccm::consts::{U8, U16};
                let (number, besides, body) = nonce.of(record, *tag)?;
                macro_rules! ccm {
                    ($aes:ty, $tag:ty) => {
                        sealed(
                            &<Ccm<$aes, $tag> as KeyInit>::new_from_slice(key).ok()?,
                            &number,
                            body,
                            &besides,
                        )?
                    };
                }
                let plain = match (key.len(), *tag) {
                    (16, Tag::Sixteen) => ccm!(aes::Aes128, U16),
                    (16, Tag::Eight) => ccm!(aes::Aes128, U8),
                    (_, Tag::Sixteen) => ccm!(aes::Aes256, U16),
                    (_, Tag::Eight) => ccm!(aes::Aes256, U8),
                };
                (nonce, plain)
            }
            Self::Rc4 {
                stream,
                code,
                hash,
                sequence,
            } => {
                let at = *sequence;
                *sequence = sequence.saturating_add(1);
                let mut plain = record.body.to_vec();
                stream.try_apply_keystream(&mut plain).ok()?;
                let theirs = plain.split_off(plain.len().checked_sub(hash.length())?);
                let head = head(record, at, plain.len())?;
                let ours = hash.code(code, &[&head, &plain])?;
                return (ours == theirs).then(|| (number(record.content), plain));
            }
            Self::Cbc {
                key,
                code,
                hash,
                encrypt_then_mac,
                before,
                sequence,
            } => {
                let number = *sequence;
                *sequence = sequence.saturating_add(1);
                let by = Code {
                    key: code,
                    hash: *hash,
                    outside: *encrypt_then_mac,
                };
                return cbc(record, key, &by, before, number);
            }
        };
        let (nonce, plain) = opened;
        nonce.opened(record, plain)
    }

    /// The keys that follow these (RFC 8446 section 7.2).
    pub fn updated(self, hash: Hash) -> Option<Self> {
        let (kind, nonce) = match self {
            Self::Gcm128(_, nonce) => (Suite::Gcm128(hash), nonce),
            Self::Gcm256(_, nonce) => (Suite::Gcm256(hash), nonce),
            Self::ChaCha(_, nonce) => (Suite::ChaCha(hash), nonce),
            Self::Ccm(key, tag, nonce) if key.len() == 16 => (Suite::Ccm128(tag), nonce),
            Self::Ccm(_, tag, nonce) => (Suite::Ccm256(tag), nonce),
            Self::Cbc { .. } | Self::Rc4 { .. } => return None,
        };
        let next = expand(hash, &nonce.secret, "traffic upd", hash.length());
        kind.of_secret(&next)
    }
}

/// What a record is authenticated with.
struct Code<'k> {
    key: &'k [u8],
    hash: Hash,
    /// Encrypt-then-MAC: it stands behind what is encrypted, not inside.
    outside: bool,
}

/// What a code is made of besides the bytes that are sent.
fn head(record: &tls::Record<'_>, sequence: u64, length: usize) -> Option<Vec<u8>> {
    let mut head = sequence.to_be_bytes().to_vec();
    head.push(number(record.content));
    head.extend(record.version.0.to_be_bytes());
    head.extend(u16::try_from(length).ok()?.to_be_bytes());
    Some(head)
}

/// A record of a CBC suite: the code stands behind the bytes inside the padding, or outside with
/// encrypt-then-MAC.
fn cbc(
    record: &tls::Record<'_>,
    key: &[u8],
    by: &Code<'_>,
    before: &mut Option<Vec<u8>>,
    sequence: u64,
) -> Option<(u8, Vec<u8>)> {
    let block_length = if key.len() == TRIPLE { 8 } else { 16 };
    let Code {
        key: code,
        hash,
        outside: encrypt_then_mac,
    } = *by;
    let head = |length: usize| head(record, sequence, length);
    let mut body = record.body;
    if encrypt_then_mac {
        let (sealed, theirs) = body.split_at_checked(body.len().checked_sub(hash.length())?)?;
        let ours = hash.code(code, &[&head(sealed.len())?, sealed])?;
        if ours != theirs {
            return None;
        }
        body = sealed;
    }
    let chained = before.take();
    let (iv, sealed) = match &chained {
        Some(last) => {
            *before = Some(body.get(body.len().checked_sub(block_length)?..)?.to_vec());
            (last.as_slice(), body)
        }
        None => body.split_at_checked(block_length)?,
    };
    let mut plain = sealed.to_vec();
    match key.len() {
        16 => {
            cbc::Decryptor::<aes::Aes128>::new_from_slices(key, iv)
                .ok()?
                .decrypt_padded::<NoPadding>(&mut plain)
                .ok()?;
        }
        TRIPLE => {
            cbc::Decryptor::<des::TdesEde3>::new_from_slices(key, iv)
                .ok()?
                .decrypt_padded::<NoPadding>(&mut plain)
                .ok()?;
        }
        _ => {
            cbc::Decryptor::<aes::Aes256>::new_from_slices(key, iv)
                .ok()?
                .decrypt_padded::<NoPadding>(&mut plain)
                .ok()?;
        }
    }
    let padding = usize::from(*plain.last()?).checked_add(1)?;
    plain.truncate(plain.len().checked_sub(padding)?);
    if !encrypt_then_mac {
        let length = plain.len().checked_sub(hash.length())?;
        let theirs = plain.split_off(length);
        if hash.code(code, &[&head(length)?, &plain])? != theirs {
            return None;
        }
    }
    Some((number(record.content), plain))
}

impl Hash {
    pub const fn length(self) -> usize {
        match self {
            Self::Md5Sha1 => 36,
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
        }
    }

    /// HMAC over several pieces.
    fn code(self, key: &[u8], pieces: &[&[u8]]) -> Option<Vec<u8>> {
        macro_rules! over {
            ($hash:ty) => {{
                let mut code = Hmac::<$hash>::new_from_slice(key).ok()?;
                for piece in pieces {
                    code.update(piece);
                }
                code.finalize().into_bytes().to_vec()
            }};
        }
        Some(match self {
            // Not a code of its own: keys are stretched with each half by itself.
            Self::Md5Sha1 => return None,
            Self::Md5 => over!(md5::Md5),
            Self::Sha1 => over!(Sha1),
            Self::Sha256 => over!(Sha256),
            Self::Sha384 => over!(Sha384),
        })
    }
}

/// The bytes that keys are cut from: `P_hash` (RFC 5246 section 5), and before TLS 1.2 two of them, mixed (RFC 2246
/// section 5).
pub(super) fn stretch(hash: Hash, secret: &[u8], seed: &[u8], length: usize) -> Vec<u8> {
    let mut out = Vec::new();
    if hash == Hash::Md5Sha1 {
        // The halves share the middle byte of a secret of odd length.
        let half = secret.len().div_ceil(2);
        let first = secret.get(..half).unwrap_or_default();
        let second = secret
            .get(secret.len().saturating_sub(half)..)
            .unwrap_or_default();
        let md5 = stretched(
            |key, pieces| Hash::Md5.code(key, pieces),
            first,
            seed,
            length,
        );
        let sha1 = stretched(
            |key, pieces| Hash::Sha1.code(key, pieces),
            second,
            seed,
            length,
        );
        out.extend(md5.iter().zip(&sha1).map(|(one, other)| one ^ other));
        return out;
    }
    stretched(|key, pieces| hash.code(key, pieces), secret, seed, length)
}

fn stretched(
    code: impl Fn(&[u8], &[&[u8]]) -> Option<Vec<u8>>,
    secret: &[u8],
    seed: &[u8],
    length: usize,
) -> Vec<u8> {
    let mut out = Vec::new();
    let mut a = seed.to_vec();
    while out.len() < length {
        let (Some(next), before) = (code(secret, &[&a]), out.len()) else {
            break;
        };
        a = next;
        out.extend(code(secret, &[&a, seed]).unwrap_or_default());
        if out.len() == before {
            break;
        }
    }
    out.truncate(length);
    out
}

/// `HKDF-Expand-Label` with an empty context (RFC 8446 section 7.1).
fn expand(hash: Hash, secret: &[u8], label: &str, length: usize) -> Vec<u8> {
    let about = wire::tls::hkdf_label(label, &[], length);
    let mut out = Vec::new();
    let mut last = Vec::new();
    for round in 1_u8.. {
        if out.len() >= length {
            break;
        }
        last = hash
            .code(secret, &[&last, &about, &[round]])
            .unwrap_or_default();
        if last.is_empty() {
            break;
        }
        out.extend(&last);
    }
    out.truncate(length);
    out
}

#[cfg(test)]
mod tests {
    use aes::cipher::BlockModeEncrypt as _;

    use model::codes::TlsVersion;

    use super::*;

    /// Without encrypt-then-MAC the code stands inside, before the padding, as Schannel writes it.
    #[test]
    fn a_code_inside_is_checked() {
        let (key, code, iv) = ([7_u8; 16], [9_u8; 20], [5_u8; 16]);
        let plain = b"what was said";
        let mut head = 3_u64.to_be_bytes().to_vec();
        head.extend([23, 3, 3, 0, u8::try_from(plain.len()).unwrap()]);
        let mut inside = plain.to_vec();
        inside.extend(Hash::Sha1.code(&code, &[&head, plain]).unwrap());
        let padding = 16 - (inside.len() + 1) % 16;
        inside.extend(vec![u8::try_from(padding).unwrap(); padding + 1]);
        let length = inside.len();
        let sealed = cbc::Encryptor::<aes::Aes128>::new_from_slices(&key, &iv)
            .unwrap()
            .encrypt_padded::<NoPadding>(&mut inside, length)
            .unwrap()
            .to_vec();
        let body = [&iv[..], &sealed].concat();
        let opened = |body: &[u8], sequence| {
            let mut cipher = Cipher::Cbc {
                key: key.to_vec(),
                code: code.to_vec(),
                hash: Hash::Sha1,
                encrypt_then_mac: false,
                before: None,
                sequence,
            };
            cipher.open(&tls::Record {
                content: Content::ApplicationData,
                version: TlsVersion::TLS1_2,
                body,
            })
        };
        assert_eq!(opened(&body, 3), Some((23, plain.to_vec())));
        assert_eq!(opened(&body, 4), None);
        let mut changed = body.clone();
        changed[20] ^= 1;
        assert_eq!(opened(&changed, 3), None);
    }

    /// What OpenSSL has no more: a record as RFC 5246 section 6.2.3 describes it, sealed here and opened.
    #[test]
    fn what_old_windows_chooses_is_opened() {
        let plain = b"what was said";
        let sealed_by = |sequence: u64, hash: Hash, code: &[u8]| {
            let mut head = sequence.to_be_bytes().to_vec();
            head.extend([23, 3, 1, 0, u8::try_from(plain.len()).unwrap()]);
            [&plain[..], &hash.code(code, &[&head, plain]).unwrap()].concat()
        };
        let record = |body: &[u8], cipher: &mut Cipher| {
            cipher.open(&tls::Record {
                content: Content::ApplicationData,
                version: TlsVersion::TLS1_0,
                body,
            })
        };
        for (hash, code) in [(Hash::Md5, vec![9; 16]), (Hash::Sha1, vec![9; 20])] {
            use ::rc4::KeyInit as _;
            let mut stream = ::rc4::Rc4::new_from_slice(&[7_u8; 16]).unwrap();
            let mut cipher = rc4(&[7; 16], code.clone(), hash).unwrap();
            // The stream goes on from one record to the next.
            for sequence in 0..3 {
                let mut body = sealed_by(sequence, hash, &code);
                stream.try_apply_keystream(&mut body).unwrap();
                assert_eq!(record(&body, &mut cipher), Some((23, plain.to_vec())));
            }
            assert_eq!(record(b"no record of this stream", &mut cipher), None);
        }
        let (key, code) = ([7_u8; TRIPLE], vec![9_u8; 20]);
        let mut cipher = Cipher::Cbc {
            key: key.to_vec(),
            code: code.clone(),
            hash: Hash::Sha1,
            encrypt_then_mac: false,
            before: Some(vec![5; 8]),
            sequence: 0,
        };
        let mut before = vec![5; 8];
        for sequence in 0..3 {
            let mut body = sealed_by(sequence, Hash::Sha1, &code);
            let padding = 8 - (body.len() + 1) % 8;
            body.extend(vec![u8::try_from(padding).unwrap(); padding + 1]);
            let length = body.len();
            let body = cbc::Encryptor::<des::TdesEde3>::new_from_slices(&key, &before)
                .unwrap()
                .encrypt_padded::<NoPadding>(&mut body, length)
                .unwrap()
                .to_vec();
            before = body[length - 8..].to_vec();
            assert_eq!(record(&body, &mut cipher), Some((23, plain.to_vec())));
        }
    }

    /// CCM differs from GCM in how it seals, and in that its tag may be short.
    #[test]
    fn either_tag_of_ccm_is_opened() {
        use aes_gcm::aead::Aead as _;
        use ccm::consts::{U8, U16};
        let plain = b"what was said";
        let (iv, explicit) = ([1_u8, 2, 3, 4], [0_u8, 0, 0, 0, 0, 0, 0, 9]);
        let nonce = [&iv[..], &explicit].concat();
        let mut besides = 0_u64.to_be_bytes().to_vec();
        besides.extend([23, 3, 3, 0, u8::try_from(plain.len()).unwrap()]);
        macro_rules! check {
            ($aes:ty, $tag:ty, $suite:expr, $key:expr) => {{
                let cipher = <Ccm<$aes, $tag> as KeyInit>::new_from_slice(&$key).unwrap();
                let payload = Payload {
                    msg: plain,
                    aad: &besides,
                };
                let nonce = aes_gcm::aead::Nonce::<Ccm<$aes, $tag>>::try_from(nonce.as_slice());
                let sealed = cipher.encrypt(&nonce.unwrap(), payload).unwrap();
                let suite = Suite::of(CipherSuite($suite)).unwrap();
                let mut opened = suite.cipher(&$key, iv.to_vec(), false, Vec::new()).unwrap();
                let body = [&explicit[..], &sealed].concat();
                let record = tls::Record {
                    content: Content::ApplicationData,
                    version: TlsVersion::TLS1_2,
                    body: &body,
                };
                assert_eq!(opened.open(&record), Some((23, plain.to_vec())));
                assert_eq!(opened.open(&record), None, "its number is another one");
            }};
        }
        check!(aes::Aes128, U16, 0xC09E, [7_u8; 16]);
        check!(aes::Aes256, U16, 0xC09F, [7_u8; 32]);
        check!(aes::Aes128, U8, 0xC0AE, [7_u8; 16]);
        check!(aes::Aes256, U8, 0xC0AF, [7_u8; 32]);
    }
}
