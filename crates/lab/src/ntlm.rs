//! The server's half of an NTLM logon ([MS-NLMP]): it knows one user with a password, and lets in who proves to
//! know it.
//!
//! What is held against the password: the NTProofStr of an NTLMv2 response to our own challenge ([MS-NLMP]
//! 3.3.2), and, where the client says that it sends one, the MIC over all three messages (3.1.5.1.2). The
//! name of the user is compared without regard to case; the domain is taken from the client, as a server
//! does that asks its own accounts. Where the logon goes through TLS, the bindings to its certificate are held
//! against it, and asked for where that is wanted (RFC 5929, [MS-NLMP] 2.2.2.1). LM and NTLMv1 responses and
//! anonymous logons are not accepted.

use std::fmt;

use openssl::error::ErrorStack;
use openssl::hash::{MessageDigest, hash};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::x509::X509;

/// NTLMSSP_NEGOTIATE_KEY_EXCH ([MS-NLMP] 2.2.2.5).
const KEY_EXCHANGE: u32 = 0x4000_0000;
/// MsvAvFlags, and the bit of it that announces a MIC ([MS-NLMP] 2.2.2.1).
const AV_FLAGS: u16 = 6;
/// MsvAvChannelBindings.
const AV_BINDINGS: u16 = 10;
const MIC_PRESENT: u8 = 0x02;
/// Where the MIC of an AUTHENTICATE_MESSAGE stands ([MS-NLMP] 2.2.1.3).
const MIC: std::ops::Range<usize> = 72..88;

/// What an AUTHENTICATE_MESSAGE comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The user is who he says.
    LetIn,
    /// There is no such user.
    NoSuchUser,
    /// The password is another, or the response is of a kind that is not accepted.
    WrongPassword,
    /// Somebody changed the messages on their way.
    Tampered,
    /// The client logs on through another TLS session than the one with us, or does not say through which.
    BoundElsewhere,
    /// It is no AUTHENTICATE_MESSAGE.
    Malformed,
}

/// What a logon is tied to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// What a client that speaks TLS with us says; nothing where there is no TLS.
    pub to: Option<Vec<u8>>,
    /// Who does not say it is not let in.
    pub required: bool,
}

impl Bound {
    /// To a TLS session in which this certificate was shown: the hash of its bindings (`gss_channel_bindings_struct`
    /// with `tls-server-end-point`).
    pub fn to(certificate: &[u8], required: bool) -> Result<Self, ErrorStack> {
        let certificate = X509::from_der(certificate)?;
        let signed = certificate.signature_algorithm().object().nid();
        let digest = signed.signature_algorithms().map(|known| known.digest);
        let digest = match digest {
            Some(Nid::SHA384) => MessageDigest::sha384(),
            Some(Nid::SHA512) => MessageDigest::sha512(),
            _ => MessageDigest::sha256(),
        };
        let mut data = b"tls-server-end-point:".to_vec();
        data.extend(&*certificate.digest(digest)?);
        // No addresses of either side, then the length of what follows.
        let mut bindings = vec![0; 16];
        bindings.extend(u32::try_from(data.len()).unwrap_or_default().to_le_bytes());
        bindings.extend(data);
        Ok(Self {
            to: Some(hash(MessageDigest::md5(), &bindings)?.to_vec()),
            required,
        })
    }

    /// A client that says this may come in.
    fn admits(&self, says: Option<&[u8]>) -> bool {
        // Zeros are those of a client that knows no bindings.
        match (
            &self.to,
            says.filter(|says| says.iter().any(|byte| *byte != 0)),
        ) {
            (Some(to), Some(says)) => to == says,
            (_, None) => !self.required,
            (None, Some(_)) => true,
        }
    }
}

/// What both sides share once a client is let in.
#[derive(Clone)]
pub struct Session {
    /// ExportedSessionKey ([MS-NLMP] 3.1.1.1).
    pub key: Vec<u8>,
    /// What was agreed on: NegotiateFlags of the AUTHENTICATE_MESSAGE.
    pub flags: u32,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("flags", &self.flags)
            .finish_non_exhaustive()
    }
}

/// Judges an AUTHENTICATE_MESSAGE that came after these two others.
pub fn judge(
    user: &str,
    password: &str,
    bound: &Bound,
    [negotiate, challenge]: [&[u8]; 2],
    authenticate: &[u8],
) -> Verdict {
    match accept(user, password, bound, [negotiate, challenge], authenticate) {
        Ok(_) => Verdict::LetIn,
        Err(verdict) => verdict,
    }
}

/// The same, with what the two sides share from then on.
pub fn accept(
    user: &str,
    password: &str,
    bound: &Bound,
    [negotiate, challenge]: [&[u8]; 2],
    authenticate: &[u8],
) -> Result<Session, Verdict> {
    let said = read(authenticate).ok_or(Verdict::Malformed)?;
    weigh(user, password, bound, [negotiate, challenge], &said)
        // The cryptography of the library does not fail on bytes; if it did, nobody is let in.
        .unwrap_or(Err(Verdict::Malformed))
}

/// The parts of an AUTHENTICATE_MESSAGE that matter here.
struct Said<'a> {
    message: &'a [u8],
    response: &'a [u8],
    domain: &'a [u8],
    user: &'a [u8],
    session_key: &'a [u8],
    flags: u32,
}

fn read(message: &[u8]) -> Option<Said<'_>> {
    let field = |at: usize| {
        let length = u16::from_le_bytes(*message.get(at..)?.first_chunk()?);
        let offset = u32::from_le_bytes(*message.get(at.checked_add(4)?..)?.first_chunk()?);
        let offset = usize::try_from(offset).ok()?;
        let end = offset.checked_add(usize::from(length))?;
        Some((message.get(offset..end)?, end))
    };
    let fields = [12, 20, 28, 36, 44, 52].map(field);
    // Inside SPNEGO, more may follow the message, which ends with the last of its parts.
    let end = fields.iter().flatten().map(|(_, end)| *end).max()?;
    let [_, response, domain, user, _, session_key] = fields;
    Some(Said {
        message: message.get(..end)?,
        response: response?.0,
        domain: domain?.0,
        user: user?.0,
        session_key: session_key?.0,
        flags: u32::from_le_bytes(*message.get(60..)?.first_chunk()?),
    })
}

fn weigh(
    user: &str,
    password: &str,
    bound: &Bound,
    [negotiate, challenge]: [&[u8]; 2],
    said: &Said<'_>,
) -> Result<Result<Session, Verdict>, ErrorStack> {
    let name = text(said.user);
    // `user@domain` is one name to the client, and the user to the server.
    let alone = name.split('@').next().unwrap_or_default();
    if !alone.to_uppercase().eq(&user.to_uppercase()) {
        return Ok(Err(Verdict::NoSuchUser));
    }
    let Some((proof, client_challenge)) = said.response.split_at_checked(16) else {
        return Ok(Err(Verdict::WrongPassword));
    };
    let Some(server_challenge) = challenge.get(24..32) else {
        return Ok(Err(Verdict::Malformed));
    };
    let mut identity = name.to_uppercase();
    identity += &text(said.domain);
    let key = hmac_md5(&md4(&utf16(password)), &[&utf16(&identity)])?;
    // A response of 24 bytes is LM's or NTLMv1's.
    let proven = hmac_md5(&key, &[server_challenge, client_challenge])?;
    if said.response.len() <= 24 || proven != proof {
        return Ok(Err(Verdict::WrongPassword));
    }
    if !bound.admits(av_pair(client_challenge, AV_BINDINGS)) {
        return Ok(Err(Verdict::BoundElsewhere));
    }
    let base = hmac_md5(&key, &[proof])?;
    let exported = if said.flags & KEY_EXCHANGE == 0 {
        base
    } else {
        Rc4::new(&base).apply(said.session_key)
    };
    let session = Session {
        key: exported,
        flags: said.flags,
    };
    let flags = av_pair(client_challenge, AV_FLAGS).and_then(<[u8]>::first);
    if flags.is_none_or(|flags| flags & MIC_PRESENT == 0) {
        return Ok(Ok(session));
    }
    let (Some(before), Some(mic), Some(after)) = (
        said.message.get(..MIC.start),
        said.message.get(MIC),
        said.message.get(MIC.end..),
    ) else {
        return Ok(Err(Verdict::Malformed));
    };
    let parts = [negotiate, challenge, before, &[0; 16], after];
    let whole = hmac_md5(&session.key, &parts)?;
    Ok(if whole == mic {
        Ok(session)
    } else {
        Err(Verdict::Tampered)
    })
}

/// The value of this AV_PAIR in an NTLMv2_CLIENT_CHALLENGE.
fn av_pair(client_challenge: &[u8], wanted: u16) -> Option<&[u8]> {
    let mut rest = client_challenge.get(28..)?;
    loop {
        let [a, b, c, d] = *rest.first_chunk::<4>()?;
        let (id, length) = (u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]));
        let value = rest.get(4..)?.get(..usize::from(length))?;
        if id == wanted {
            return Some(value);
        }
        if id == 0 {
            return None;
        }
        rest = rest.get(4 + usize::from(length)..)?;
    }
}

fn text(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .filter_map(|pair| pair.first_chunk().copied().map(u16::from_le_bytes))
        .collect();
    String::from_utf16_lossy(&units)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub(crate) fn hmac_md5(key: &[u8], parts: &[&[u8]]) -> Result<Vec<u8>, ErrorStack> {
    let key = PKey::hmac(key)?;
    let mut signer = Signer::new(MessageDigest::md5(), &key)?;
    for part in parts {
        signer.update(part)?;
    }
    signer.sign_to_vec()
}

/// RC4, which the library keeps out of reach for good reasons: what is left of a key's stream.
#[derive(Clone)]
pub(crate) struct Rc4 {
    box_: [u8; 256],
    i: u8,
    j: u8,
}

impl Rc4 {
    /// The stream of this key, from its beginning.
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut box_ = [0; 256];
        for (index, byte) in (0..=u8::MAX).zip(&mut box_) {
            *byte = index;
        }
        let mut j = 0_u8;
        for (i, key) in (0..256).zip(key.iter().cycle()) {
            let at = box_.get(i).copied().unwrap_or_default();
            j = j.wrapping_add(at).wrapping_add(*key);
            box_.swap(i, usize::from(j));
        }
        Self { box_, i: 0, j: 0 }
    }

    fn at(&self, index: u8) -> u8 {
        self.box_
            .get(usize::from(index))
            .copied()
            .unwrap_or_default()
    }

    /// Encrypts or decrypts the next bytes.
    pub(crate) fn apply(&mut self, data: &[u8]) -> Vec<u8> {
        data.iter()
            .map(|byte| {
                self.i = self.i.wrapping_add(1);
                self.j = self.j.wrapping_add(self.at(self.i));
                self.box_.swap(usize::from(self.i), usize::from(self.j));
                byte ^ self.at(self.at(self.i).wrapping_add(self.at(self.j)))
            })
            .collect()
    }
}

/// MD4 (RFC 1320), which the library keeps out of reach too.
fn md4(message: &[u8]) -> Vec<u8> {
    let bits = u64::try_from(message.len())
        .unwrap_or(u64::MAX)
        .wrapping_mul(8);
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend(bits.to_le_bytes());
    let mut state = [0x6745_2301_u32, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];
    for block in padded.chunks_exact(64) {
        let words: Vec<u32> = block
            .chunks_exact(4)
            .filter_map(|word| word.first_chunk().copied().map(u32::from_le_bytes))
            .collect();
        let word = |index: usize| words.get(index).copied().unwrap_or_default();
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..48_usize {
            let (mixed, order, added, turns) = match step / 16 {
                0 => ((b & c) | (!b & d), step, 0, [3, 7, 11, 19]),
                1 => (
                    (b & c) | (b & d) | (c & d),
                    step % 4 * 4 + step % 16 / 4,
                    0x5A82_7999,
                    [3, 5, 9, 13],
                ),
                _ => {
                    // The bits of the step, in reverse order.
                    let step = step % 16;
                    let order =
                        (step & 1) << 3 | (step & 2) << 1 | (step & 4) >> 1 | (step & 8) >> 3;
                    (b ^ c ^ d, order, 0x6ED9_EBA1, [3, 9, 11, 15])
                }
            };
            let turn = turns.get(step % 4).copied().unwrap_or_default();
            let next = a
                .wrapping_add(mixed)
                .wrapping_add(word(order))
                .wrapping_add(added)
                .rotate_left(turn);
            (a, b, c, d) = (d, next, b, c);
        }
        for (kept, new) in state.iter_mut().zip([a, b, c, d]) {
            *kept = kept.wrapping_add(new);
        }
    }
    state.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn digests_are_those_of_the_standards() {
        assert_eq!(hex(&md4(b"")), "31d6cfe0d16ae931b73c59d7e0c089c0");
        assert_eq!(hex(&md4(b"abc")), "a448017aaf21d8525fc10ae87aa6729d");
        let long =
            b"12345678901234567890123456789012345678901234567890123456789012345678901234567890";
        assert_eq!(hex(&md4(long)), "e33b4ddc9c38f2199c3e7b164fcc0536");
        assert_eq!(
            hex(&Rc4::new(b"Key").apply(b"Plaintext")),
            "bbf316e8d940af0ad3"
        );
    }

    /// [MS-NLMP] 4.2.4: user `User`, domain `Domain`, password `Password`.
    #[test]
    fn the_example_of_the_specification_is_proven() {
        let key = hmac_md5(&md4(&utf16("Password")), &[&utf16("USERDomain")]).unwrap();
        assert_eq!(hex(&key), "0c868a403bfd7a93a3001ef22ef02e3f");
    }

    /// The key that the messages of [`authenticate`] bring.
    pub(crate) const EXPORTED: [u8; 16] = [5; 16];
    /// Flags of a client that signs and seals ([MS-NLMP] 4.2.4.3).
    pub(crate) const FLAGS: u32 = 0xE288_8235;

    /// Writes what a client with this password would send.
    pub(crate) fn authenticate(
        user: &str,
        password: &str,
        challenge: &[u8],
        mic_over: Option<&[u8]>,
        bindings: Option<&[u8]>,
    ) -> Vec<u8> {
        let mut temp = vec![1, 1, 0, 0, 0, 0, 0, 0];
        temp.extend([9; 16]);
        temp.extend([0; 4]);
        if mic_over.is_some() {
            temp.extend([6, 0, 4, 0, 2, 0, 0, 0]);
        }
        if let Some(bindings) = bindings {
            temp.extend([10, 0, 16, 0]);
            temp.extend(bindings);
        }
        temp.extend([0; 8]);
        let key = hmac_md5(
            &md4(&utf16(password)),
            &[&utf16(&format!("{}LAB", user.to_uppercase()))],
        )
        .unwrap();
        let proof = hmac_md5(&key, &[&challenge[24..32], &temp]).unwrap();
        let base = hmac_md5(&key, &[&proof]).unwrap();
        let exported = EXPORTED;
        let response = [proof, temp].concat();
        let parts = [
            Vec::new(),
            response,
            utf16("LAB"),
            utf16(user),
            Vec::new(),
            Rc4::new(&base).apply(&exported),
        ];
        let mut message = b"NTLMSSP\0\x03\0\0\0".to_vec();
        let mut offset = 88;
        for part in &parts {
            let length = u16::try_from(part.len()).unwrap().to_le_bytes();
            message.extend(length);
            message.extend(length);
            message.extend(u32::try_from(offset).unwrap().to_le_bytes());
            offset += part.len();
        }
        message.extend(FLAGS.to_le_bytes());
        message.extend([0; 8 + 16]);
        message.extend(parts.concat());
        if let Some(negotiate) = mic_over {
            let mic = hmac_md5(&exported, &[negotiate, challenge, &message]).unwrap();
            message.splice(MIC, mic);
        }
        message
    }

    #[test]
    fn only_who_knows_the_password_is_let_in() {
        let negotiate = b"NTLMSSP\0\x01".as_slice();
        let challenge = [7; 48];
        let free = Bound::default();
        let authenticate = |user: &str, password: &str, challenge: &[u8], mic: Option<&[u8]>| {
            authenticate(user, password, challenge, mic, None)
        };
        let check =
            |message: &[u8]| judge("lab", "Passw0rd!", &free, [negotiate, &challenge], message);
        for mic in [None, Some(negotiate)] {
            let right = authenticate("Lab", "Passw0rd!", &challenge, mic);
            assert_eq!(check(&right), Verdict::LetIn);
            // What SPNEGO puts behind the message changes nothing.
            assert_eq!(check(&[right.as_slice(), b"more"].concat()), Verdict::LetIn);
            let wrong = authenticate("lab", "password", &challenge, mic);
            assert_eq!(check(&wrong), Verdict::WrongPassword);
            let other = authenticate("lena", "Passw0rd!", &challenge, mic);
            assert_eq!(check(&other), Verdict::NoSuchUser);
            let stale = authenticate("lab", "Passw0rd!", &[8; 48], mic);
            assert_eq!(check(&stale), Verdict::WrongPassword);
            for end in 0..right.len() {
                assert_ne!(check(&right[..end]), Verdict::LetIn, "{end}");
            }
        }
        let changed = authenticate("lab", "Passw0rd!", &challenge, Some(b"another".as_slice()));
        assert_eq!(check(&changed), Verdict::Tampered);
    }

    #[test]
    fn a_logon_through_another_session_is_refused() {
        let (negotiate, challenge) = (b"NTLMSSP\0\x01".as_slice(), [7; 48]);
        let here = Bound {
            to: Some(vec![5; 16]),
            required: false,
        };
        let required = Bound {
            required: true,
            ..here.clone()
        };
        let check = |bound: &Bound, bindings: Option<&[u8]>| {
            let message = authenticate("lab", "Passw0rd!", &challenge, Some(negotiate), bindings);
            judge("lab", "Passw0rd!", bound, [negotiate, &challenge], &message)
        };
        for (bindings, so, when_required) in [
            (Some([5; 16]), Verdict::LetIn, Verdict::LetIn),
            (
                Some([6; 16]),
                Verdict::BoundElsewhere,
                Verdict::BoundElsewhere,
            ),
            (Some([0; 16]), Verdict::LetIn, Verdict::BoundElsewhere),
            (None, Verdict::LetIn, Verdict::BoundElsewhere),
        ] {
            let bindings = bindings.as_ref().map(<[u8; 16]>::as_slice);
            assert_eq!(check(&here, bindings), so, "{bindings:?}");
            assert_eq!(check(&required, bindings), when_required, "{bindings:?}");
        }
    }
}
