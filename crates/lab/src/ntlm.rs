//! The server's half of an NTLM logon ([MS-NLMP]): it knows one user with a password, and lets in who proves to
//! know it.
//!
//! What is held against the password: the NTProofStr of an NTLMv2 response to our own challenge ([MS-NLMP]
//! 3.3.2), and, where the client says that it sends one, the MIC over all three messages (3.1.5.1.2). The
//! name of the user is compared without regard to case; the domain is taken from the client, as a server
//! does that asks its own accounts. LM and NTLMv1 responses, anonymous logons and channel bindings are not
//! accepted, or not looked at.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;

/// NTLMSSP_NEGOTIATE_KEY_EXCH ([MS-NLMP] 2.2.2.5).
const KEY_EXCHANGE: u32 = 0x4000_0000;
/// MsvAvFlags, and the bit of it that announces a MIC ([MS-NLMP] 2.2.2.1).
const AV_FLAGS: u16 = 6;
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
    /// It is no AUTHENTICATE_MESSAGE.
    Malformed,
}

/// Judges an AUTHENTICATE_MESSAGE that came after these two others.
pub fn judge(
    user: &str,
    password: &str,
    negotiate: &[u8],
    challenge: &[u8],
    authenticate: &[u8],
) -> Verdict {
    read(authenticate)
        .and_then(|said| {
            // The cryptography of the library does not fail on bytes; if it did, nobody is let in.
            weigh(user, password, negotiate, challenge, &said).ok()
        })
        .unwrap_or(Verdict::Malformed)
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
    negotiate: &[u8],
    challenge: &[u8],
    said: &Said<'_>,
) -> Result<Verdict, ErrorStack> {
    let name = text(said.user);
    // `user@domain` is one name to the client, and the user to the server.
    let alone = name.split('@').next().unwrap_or_default();
    if !alone.to_uppercase().eq(&user.to_uppercase()) {
        return Ok(Verdict::NoSuchUser);
    }
    let Some((proof, client_challenge)) = said.response.split_at_checked(16) else {
        return Ok(Verdict::WrongPassword);
    };
    let Some(server_challenge) = challenge.get(24..32) else {
        return Ok(Verdict::Malformed);
    };
    let mut identity = name.to_uppercase();
    identity += &text(said.domain);
    let key = hmac_md5(&md4(&utf16(password)), &[&utf16(&identity)])?;
    // A response of 24 bytes is LM's or NTLMv1's.
    let proven = hmac_md5(&key, &[server_challenge, client_challenge])?;
    if said.response.len() <= 24 || proven != proof {
        return Ok(Verdict::WrongPassword);
    }
    if !announces_mic(client_challenge) {
        return Ok(Verdict::LetIn);
    }
    let base = hmac_md5(&key, &[proof])?;
    let exported = if said.flags & KEY_EXCHANGE == 0 {
        base
    } else {
        rc4(&base, said.session_key)
    };
    let (Some(before), Some(mic), Some(after)) = (
        said.message.get(..MIC.start),
        said.message.get(MIC),
        said.message.get(MIC.end..),
    ) else {
        return Ok(Verdict::Malformed);
    };
    let whole = hmac_md5(&exported, &[negotiate, challenge, before, &[0; 16], after])?;
    Ok(if whole == mic {
        Verdict::LetIn
    } else {
        Verdict::Tampered
    })
}

/// The AV_PAIRs in an NTLMv2_CLIENT_CHALLENGE say that a MIC is sent.
fn announces_mic(client_challenge: &[u8]) -> bool {
    let mut rest = client_challenge.get(28..).unwrap_or_default();
    while let Some([a, b, c, d]) = rest.first_chunk::<4>() {
        let (id, length) = (u16::from_le_bytes([*a, *b]), u16::from_le_bytes([*c, *d]));
        let value = rest.get(4..).unwrap_or_default();
        if id == AV_FLAGS {
            return value.first().is_some_and(|flags| flags & MIC_PRESENT != 0);
        }
        if id == 0 {
            return false;
        }
        rest = value.get(usize::from(length)..).unwrap_or_default();
    }
    false
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

fn hmac_md5(key: &[u8], parts: &[&[u8]]) -> Result<Vec<u8>, ErrorStack> {
    let key = PKey::hmac(key)?;
    let mut signer = Signer::new(MessageDigest::md5(), &key)?;
    for part in parts {
        signer.update(part)?;
    }
    signer.sign_to_vec()
}

/// RC4, which the library keeps out of reach for good reasons.
fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut box_: Vec<u8> = (0..=u8::MAX).collect();
    let mut j = 0_u8;
    for (i, key) in (0..256).zip(key.iter().cycle()) {
        j = j
            .wrapping_add(box_.get(i).copied().unwrap_or_default())
            .wrapping_add(*key);
        box_.swap(i, usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    data.iter()
        .map(|byte| {
            let at =
                |box_: &[u8], index: u8| box_.get(usize::from(index)).copied().unwrap_or_default();
            i = i.wrapping_add(1);
            j = j.wrapping_add(at(&box_, i));
            box_.swap(usize::from(i), usize::from(j));
            byte ^ at(&box_, at(&box_, i).wrapping_add(at(&box_, j)))
        })
        .collect()
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
mod tests {
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
        assert_eq!(hex(&rc4(b"Key", b"Plaintext")), "bbf316e8d940af0ad3");
    }

    /// [MS-NLMP] 4.2.4: user `User`, domain `Domain`, password `Password`.
    #[test]
    fn the_example_of_the_specification_is_proven() {
        let key = hmac_md5(&md4(&utf16("Password")), &[&utf16("USERDomain")]).unwrap();
        assert_eq!(hex(&key), "0c868a403bfd7a93a3001ef22ef02e3f");
    }

    /// Writes what a client with this password would send.
    fn authenticate(
        user: &str,
        password: &str,
        challenge: &[u8],
        mic_over: Option<&[u8]>,
    ) -> Vec<u8> {
        let mut temp = vec![1, 1, 0, 0, 0, 0, 0, 0];
        temp.extend([9; 16]);
        temp.extend([0; 4]);
        if mic_over.is_some() {
            temp.extend([6, 0, 4, 0, 2, 0, 0, 0]);
        }
        temp.extend([0; 8]);
        let key = hmac_md5(
            &md4(&utf16(password)),
            &[&utf16(&format!("{}LAB", user.to_uppercase()))],
        )
        .unwrap();
        let proof = hmac_md5(&key, &[&challenge[24..32], &temp]).unwrap();
        let base = hmac_md5(&key, &[&proof]).unwrap();
        let exported = [5_u8; 16];
        let response = [proof, temp].concat();
        let parts = [
            Vec::new(),
            response,
            utf16("LAB"),
            utf16(user),
            Vec::new(),
            rc4(&base, &exported),
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
        message.extend(KEY_EXCHANGE.to_le_bytes());
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
        let check = |message: &[u8]| judge("lab", "Passw0rd!", negotiate, &challenge, message);
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
}
