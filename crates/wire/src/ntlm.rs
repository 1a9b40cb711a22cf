//! The NTLM messages that need no credentials ([MS-NLMP] 2.2.1): NEGOTIATE is written, CHALLENGE is read
//! and written, AUTHENTICATE is recognised.

use model::{HostName, NtlmChallenge, UnixSeconds};

use crate::cursor::{Cursor, low16, size};

const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";

/// `NTLMRevisionCurrent` ([MS-NLMP] 2.2.2.10, VERSION).
const NTLMSSP_REVISION_W2K3: u8 = 0x0F;

/// NTLMSSP_NEGOTIATE_UNICODE ([MS-NLMP] 2.2.2.5).
pub const NEGOTIATE_UNICODE: u32 = 0x0000_0001;
/// NTLMSSP_REQUEST_TARGET.
pub const REQUEST_TARGET: u32 = 0x0000_0004;
/// NTLMSSP_NEGOTIATE_TARGET_INFO.
pub const NEGOTIATE_TARGET_INFO: u32 = 0x0080_0000;
/// NTLMSSP_NEGOTIATE_VERSION.
pub const NEGOTIATE_VERSION: u32 = 0x0200_0000;

/// What a current client sends: UNICODE, OEM, REQUEST_TARGET, SIGN, SEAL, NTLM, ALWAYS_SIGN,
/// EXTENDED_SESSIONSECURITY, VERSION, 128, KEY_EXCH, 56.
const CLIENT_FLAGS: u32 = 0xE208_8237;

/// Identifiers of AV_PAIR ([MS-NLMP] 2.2.2.1).
mod av {
    pub const EOL: u16 = 0;
    pub const NB_COMPUTER_NAME: u16 = 1;
    pub const NB_DOMAIN_NAME: u16 = 2;
    pub const DNS_COMPUTER_NAME: u16 = 3;
    pub const DNS_DOMAIN_NAME: u16 = 4;
    pub const DNS_TREE_NAME: u16 = 5;
    pub const TIMESTAMP: u16 = 7;
}

/// Kinds of NTLM messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// NEGOTIATE_MESSAGE.
    Negotiate,
    /// CHALLENGE_MESSAGE.
    Challenge,
    /// AUTHENTICATE_MESSAGE.
    Authenticate,
    /// A number without a name.
    Other(u32),
}

/// The NTLM message in a token, bare or inside SPNEGO: its kind, and its bytes from the signature on.
pub fn find(token: &[u8]) -> Option<(Kind, &[u8])> {
    let at = token
        .windows(SIGNATURE.len())
        .position(|window| window == SIGNATURE)?;
    let message = token.get(at..)?;
    let mut cursor = Cursor(message);
    cursor.take(SIGNATURE.len())?;
    let kind = match cursor.u32_le()? {
        1 => Kind::Negotiate,
        2 => Kind::Challenge,
        3 => Kind::Authenticate,
        other => Kind::Other(other),
    };
    Some((kind, message))
}

/// Writes a NEGOTIATE_MESSAGE that names neither user nor machine ([MS-NLMP] 2.2.1.1).
pub fn negotiate() -> Vec<u8> {
    let mut out = SIGNATURE.to_vec();
    out.extend(1_u32.to_le_bytes());
    out.extend(CLIENT_FLAGS.to_le_bytes());
    // DomainNameFields and WorkstationFields: empty, and at the end of the message.
    for _ in 0..2 {
        out.extend([0, 0, 0, 0, 40, 0, 0, 0]);
    }
    out.extend(version((10, 0, 19041)));
    out
}

fn version((major, minor, build): (u8, u8, u16)) -> [u8; 8] {
    let [low, high] = build.to_le_bytes();
    [major, minor, low, high, 0, 0, 0, NTLMSSP_REVISION_W2K3]
}

/// Reads the CHALLENGE_MESSAGE in a token, bare or inside SPNEGO ([MS-NLMP] 2.2.1.2). Parts that lie
/// beyond the end of the message are left out.
pub fn read_challenge(token: &[u8]) -> Option<NtlmChallenge> {
    let (Kind::Challenge, message) = find(token)? else {
        return None;
    };
    let mut cursor = Cursor(message);
    cursor.take(12)?; // Signature, MessageType
    let target = field(&mut cursor)?;
    let flags = cursor.u32_le()?;
    let mut challenge = NtlmChallenge {
        flags,
        ..NtlmChallenge::default()
    };
    let unicode = flags & NEGOTIATE_UNICODE != 0;
    challenge.target = payload(message, target)
        .filter(|name| !name.is_empty())
        .map(|name| {
            if unicode {
                utf16(name)
            } else {
                String::from_utf8_lossy(name).into_owned()
            }
        });
    cursor.take(16)?; // ServerChallenge, Reserved
    // Servers from before Windows NT 4.0 SP4 end here.
    let Some(pairs) = field(&mut cursor) else {
        return Some(challenge);
    };
    if flags & NEGOTIATE_VERSION != 0
        && let (Some(major), Some(minor), Some(build)) = (cursor.u8(), cursor.u8(), cursor.u16_le())
        // All zero is what servers write that have no version to tell.
        && (major, minor, build) != (0, 0, 0)
    {
        challenge.version = Some((major, minor, build));
    }
    read_pairs(payload(message, pairs).unwrap_or_default(), &mut challenge);
    Some(challenge)
}

fn read_pairs(pairs: &[u8], challenge: &mut NtlmChallenge) {
    let mut cursor = Cursor(pairs);
    while let (Some(id), Some(length)) = (cursor.u16_le(), cursor.u16_le()) {
        let Some(value) = cursor.take(usize::from(length)) else {
            return;
        };
        let name = || Some(HostName(utf16(value)));
        match id {
            av::EOL => return,
            av::NB_COMPUTER_NAME => challenge.netbios_computer = name(),
            av::NB_DOMAIN_NAME => challenge.netbios_domain = name(),
            av::DNS_COMPUTER_NAME => challenge.dns_computer = name(),
            av::DNS_DOMAIN_NAME => challenge.dns_domain = name(),
            av::DNS_TREE_NAME => challenge.dns_forest = name(),
            av::TIMESTAMP => challenge.clock = Cursor(value).u64_le().and_then(from_file_time),
            _ => {}
        }
    }
}

/// Length and offset of a part of the payload; the maximum length between them means nothing.
fn field(cursor: &mut Cursor<'_>) -> Option<(u16, u32)> {
    let length = cursor.u16_le()?;
    cursor.u16_le()?;
    Some((length, cursor.u32_le()?))
}

fn payload(message: &[u8], (length, offset): (u16, u32)) -> Option<&[u8]> {
    message.get(size(offset)..)?.get(..usize::from(length))
}

pub(crate) fn utf16(bytes: &[u8]) -> String {
    let units = bytes
        .chunks_exact(2)
        .filter_map(|pair| Cursor(pair).u16_le());
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Seconds from 1601-01-01, where a FILETIME counts from, to 1970-01-01.
const FILE_TIME_EPOCH: i64 = 11_644_473_600;
/// FILETIME counts in steps of 100 ns.
const FILE_TIME_STEPS: u64 = 10_000_000;

fn from_file_time(steps: u64) -> Option<UnixSeconds> {
    let seconds = i64::try_from(steps / FILE_TIME_STEPS).ok()?;
    (steps != 0).then(|| UnixSeconds(seconds.saturating_sub(FILE_TIME_EPOCH)))
}

fn to_file_time(clock: UnixSeconds) -> u64 {
    u64::try_from(clock.0.saturating_add(FILE_TIME_EPOCH))
        .unwrap_or_default()
        .saturating_mul(FILE_TIME_STEPS)
}

/// Writes a CHALLENGE_MESSAGE that says this ([MS-NLMP] 2.2.1.2). The flags that announce its optional
/// parts are set as needed.
pub fn challenge(says: &NtlmChallenge, server_challenge: [u8; 8]) -> Vec<u8> {
    let names = [
        (av::NB_DOMAIN_NAME, &says.netbios_domain),
        (av::NB_COMPUTER_NAME, &says.netbios_computer),
        (av::DNS_DOMAIN_NAME, &says.dns_domain),
        (av::DNS_COMPUTER_NAME, &says.dns_computer),
        (av::DNS_TREE_NAME, &says.dns_forest),
    ];
    let encoded = |text: &str| -> Vec<u8> {
        text.encode_utf16()
            .take(255)
            .flat_map(u16::to_le_bytes)
            .collect()
    };
    let mut pairs = Vec::new();
    let mut pair = |id: u16, value: &[u8]| {
        pairs.extend(id.to_le_bytes());
        pairs.extend(low16(value.len()).to_le_bytes());
        pairs.extend(value);
    };
    for (id, name) in names {
        if let Some(name) = name {
            pair(id, &encoded(&name.0));
        }
    }
    if let Some(clock) = says.clock {
        pair(av::TIMESTAMP, &to_file_time(clock).to_le_bytes());
    }
    pair(av::EOL, &[]);

    let target = says.target.as_deref().map(encoded).unwrap_or_default();
    let mut flags = says.flags | NEGOTIATE_UNICODE | NEGOTIATE_TARGET_INFO;
    if says.version.is_some() {
        flags |= NEGOTIATE_VERSION;
    }
    const HEADER: u32 = 56;
    let target_length = low16(target.len());
    let mut out = SIGNATURE.to_vec();
    out.extend(2_u32.to_le_bytes());
    put_field(&mut out, target_length, HEADER);
    out.extend(flags.to_le_bytes());
    out.extend(server_challenge);
    out.extend([0; 8]);
    put_field(
        &mut out,
        low16(pairs.len()),
        HEADER + u32::from(target_length),
    );
    out.extend(says.version.map(version).unwrap_or_default());
    out.extend(target);
    out.extend(pairs);
    out
}

fn put_field(out: &mut Vec<u8>, length: u16, offset: u32) {
    out.extend(length.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(offset.to_le_bytes());
}
