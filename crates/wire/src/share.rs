//! What is said on the I/O channel once the channels are joined: client information, licensing, and the
//! messages of the share layer with those of a session ([MS-RDPBCGR] 2.2.1.11 to 2.2.13).

use model::HostName;

use crate::cursor::{Cursor, Read, low8, low16, size};

/// Flags of a basic security header ([MS-RDPBCGR] 2.2.8.1.1.2.1).
mod security {
    pub const EXCHANGE: u16 = 0x0001;
    pub const INFO: u16 = 0x0040;
    pub const LICENSE: u16 = 0x0080;
    pub const REDIRECTION: u16 = 0x0400;
}

/// Kinds of share control messages ([MS-RDPBCGR] 2.2.8.1.1.1.1).
mod control {
    pub const DEMAND_ACTIVE: u16 = 1;
    pub const CONFIRM_ACTIVE: u16 = 3;
    pub const DEACTIVATE_ALL: u16 = 6;
    pub const DATA: u16 = 7;
    pub const REDIRECTION: u16 = 10;
    /// `versionHigh` and `versionLow` beside the kind.
    pub const VERSION: u16 = 0x10;
}

/// Kinds of share data messages ([MS-RDPBCGR] 2.2.8.1.1.1.2).
mod data {
    pub const UPDATE: u8 = 0x02;
    pub const LOGON: u8 = 0x26;
    pub const FONT_MAP: u8 = 0x28;
    pub const ERROR_INFO: u8 = 0x2F;
}

/// `bMsgType` of a licensing message that says how licensing ends ([MS-RDPBCGR] 2.2.1.12.1.1).
pub const ERROR_ALERT: u8 = 0xFF;
/// `bMsgType` of a new licence.
pub const NEW_LICENSE: u8 = 0x03;
/// `bMsgType` of a licence that takes the place of another.
pub const UPGRADE_LICENSE: u8 = 0x04;

/// A message on the I/O channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Share {
    /// The client's half of a key, for RDP's own encryption.
    SecurityExchange,
    /// Client information: user, password, folders, time zone.
    ClientInfo {
        /// It brings a user and asks to log on with the password beside it; `None` when it is cut short.
        logs_on: Option<bool>,
    },
    /// A licensing message.
    License {
        /// `bMsgType`.
        message: u8,
        /// `dwErrorCode` of an error alert.
        error: Option<u32>,
    },
    /// The server's capabilities.
    DemandActive,
    /// The client's capabilities.
    ConfirmActive,
    /// The session is taken down, often to be set up anew.
    DeactivateAll,
    /// The client is sent on.
    Redirection(Redirection),
    /// Set Error Info.
    ErrorInfo(u32),
    /// Save Session Info, as far as it tells of a logon.
    Logon {
        /// `ErrorNotificationType` and `ErrorNotificationData`; `None` when somebody is logged on.
        error: Option<(u32, u32)>,
    },
    /// The last message of the set-up.
    FontMap,
    /// A picture, or a part of one.
    Update,
    /// Any other.
    Other,
}

/// A server redirection packet ([MS-RDPBCGR] 2.2.13.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redirection {
    /// `SessionID`.
    pub session: u32,
    /// The address or name to go to, when one is told.
    pub to: Option<HostName>,
    /// A token for load balancers is in it.
    pub token: bool,
}

/// Reads a message. `licensed`: licensing is over, so no security header comes any more.
pub fn read(message: &[u8], licensed: bool) -> Share {
    let with_header = (!licensed).then(|| secured(message)).flatten();
    with_header
        .or_else(|| share(message))
        .unwrap_or(Share::Other)
}

/// A message behind a basic security header.
fn secured(message: &[u8]) -> Option<Share> {
    let mut cursor = Cursor(message);
    let flags = cursor.u16_le()?;
    cursor.u16_le()?; // flagsHi
    if flags & security::LICENSE != 0 {
        let kind = cursor.u8()?;
        cursor.u8()?; // flags
        let length = usize::from(cursor.u16_le()?);
        // A share control header can look the same but for this length.
        if length > message.len() {
            return None;
        }
        let error = (kind == ERROR_ALERT).then(|| cursor.u32_le()).flatten();
        return Some(Share::License {
            message: kind,
            error,
        });
    }
    if flags & security::REDIRECTION != 0 {
        return Some(Share::Redirection(redirection(cursor.0)));
    }
    match flags {
        flags if flags & security::INFO != 0 => Some(Share::ClientInfo {
            logs_on: logs_on(cursor),
        }),
        flags if flags & security::EXCHANGE != 0 => Some(Share::SecurityExchange),
        _ => None,
    }
}

/// Whether Client Info brings a logon ([MS-RDPBCGR] 2.2.1.11.1.1).
fn logs_on(mut cursor: Cursor<'_>) -> Option<bool> {
    const AUTOLOGON: u32 = 0x08;
    cursor.u32_le()?; // CodePage
    let flags = cursor.u32_le()?;
    cursor.u16_le()?; // cbDomain
    let user = cursor.u16_le()?;
    Some(flags & AUTOLOGON != 0 && user > 0)
}

fn share(message: &[u8]) -> Option<Share> {
    let mut cursor = Cursor(message);
    cursor.u16_le()?; // totalLength
    let kind = cursor.u16_le()?;
    if kind & 0xFFF0 != control::VERSION {
        return None;
    }
    cursor.u16_le()?; // pduSource
    Some(match kind & 0x0F {
        control::DEMAND_ACTIVE => Share::DemandActive,
        control::CONFIRM_ACTIVE => Share::ConfirmActive,
        control::DEACTIVATE_ALL => Share::DeactivateAll,
        control::REDIRECTION => {
            cursor.u16_le()?; // pad2Octets
            Share::Redirection(redirection(cursor.0))
        }
        control::DATA => {
            cursor.take(4 + 1 + 1 + 2)?; // shareId, pad1, streamId, uncompressedLength
            let kind = cursor.u8()?;
            cursor.take(1 + 2)?; // compressedType, compressedLength
            match kind {
                data::UPDATE => Share::Update,
                data::FONT_MAP => Share::FontMap,
                data::ERROR_INFO => Share::ErrorInfo(cursor.u32_le()?),
                data::LOGON => logon(cursor)?,
                _ => Share::Other,
            }
        }
        _ => Share::Other,
    })
}

/// Save Session Info ([MS-RDPBCGR] 2.2.10.1).
fn logon(mut cursor: Cursor<'_>) -> Option<Share> {
    const EXTENDED: u32 = 3;
    const AUTO_RECONNECT: u32 = 1;
    const LOGON_ERRORS: u32 = 2;
    if cursor.u32_le()? != EXTENDED {
        return Some(Share::Logon { error: None });
    }
    cursor.u16_le()?; // Length
    let fields = cursor.u32_le()?;
    if fields & AUTO_RECONNECT != 0 {
        let length = cursor.u32_le()?;
        cursor.take(size(length))?;
    }
    if fields & LOGON_ERRORS == 0 {
        return Some(Share::Other);
    }
    cursor.u32_le()?; // cbFieldData
    let error = (cursor.u32_le()?, cursor.u32_le()?);
    Some(Share::Logon { error: Some(error) })
}

fn redirection(packet: &[u8]) -> Redirection {
    const TARGET_NET_ADDRESS: u32 = 0x0001;
    const LOAD_BALANCE_INFO: u32 = 0x0002;
    const USERNAME: u32 = 0x0004;
    const DOMAIN: u32 = 0x0008;
    const PASSWORD: u32 = 0x0010;
    const TARGET_FQDN: u32 = 0x0100;
    const TARGET_NETBIOS_NAME: u32 = 0x0200;
    let mut read = Redirection::default();
    let mut cursor = Cursor(packet);
    let head = (|| {
        cursor.u16_le()?; // Flags
        cursor.u16_le()?; // Length
        Some((cursor.u32_le()?, cursor.u32_le()?))
    })();
    let Some((session, flags)) = head else {
        return read;
    };
    read.session = session;
    read.token = flags & LOAD_BALANCE_INFO != 0;
    let mut names = [None, None, None];
    let fields = [
        (TARGET_NET_ADDRESS, Some(2)),
        (LOAD_BALANCE_INFO, None),
        (USERNAME, None),
        (DOMAIN, None),
        (PASSWORD, None),
        (TARGET_FQDN, Some(0)),
        (TARGET_NETBIOS_NAME, Some(1)),
    ];
    for (flag, keeps) in fields {
        if flags & flag == 0 {
            continue;
        }
        let Some(value) = cursor.u32_le().and_then(|length| cursor.take(size(length))) else {
            break;
        };
        if let Some(slot) = keeps.and_then(|at: usize| names.get_mut(at)) {
            let text = crate::ntlm::utf16(value);
            let text = text.trim_end_matches('\0');
            *slot = (!text.is_empty()).then(|| HostName(text.to_owned()));
        }
    }
    read.to = names.into_iter().flatten().next();
    read
}

/// A fast-path output message at the front ([MS-RDPBCGR] 2.2.9.1.2): whether it paints something.
pub fn read_fast(stream: &[u8]) -> Read<bool> {
    // Orders, bitmap, palette, synchronize, surface commands; what follows are pointers.
    const LAST_PICTURE: u8 = 4;
    let mut cursor = Cursor(stream);
    let Some(first) = cursor.u8() else {
        return Read::Partial;
    };
    if first & 0x03 != 0 {
        return Read::Not;
    }
    let Some(high) = cursor.u8() else {
        return Read::Partial;
    };
    let (length, header) = if high & 0x80 == 0 {
        (usize::from(high), 2)
    } else {
        let Some(low) = cursor.u8() else {
            return Read::Partial;
        };
        (usize::from(u16::from_be_bytes([high & 0x7F, low])), 3)
    };
    if length <= header {
        return Read::Not;
    }
    match stream.get(header..length) {
        Some(body) => Read::Whole {
            value: body.first().is_some_and(|code| code & 0x0F <= LAST_PICTURE),
            used: length,
        },
        None => Read::Partial,
    }
}

/// Writes a licensing message: an error alert with its code and `ST_NO_TRANSITION`, and no error text.
pub fn write_license_alert(error: u32) -> Vec<u8> {
    const NO_TRANSITION: u32 = 2;
    let mut out = Vec::new();
    out.extend(security::LICENSE.to_le_bytes());
    out.extend([0, 0]);
    out.extend([ERROR_ALERT, 0x03]);
    out.extend(16_u16.to_le_bytes());
    out.extend(error.to_le_bytes());
    out.extend(NO_TRANSITION.to_le_bytes());
    out.extend([0x04, 0x00, 0x00, 0x00]); // an empty blob of errors
    out
}

/// Writes a share control message of this kind.
fn write_control(kind: u16, source: u16, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(low16(body.len().saturating_add(6)).to_le_bytes());
    out.extend((kind | control::VERSION).to_le_bytes());
    out.extend(source.to_le_bytes());
    out.extend(body);
    out
}

/// Writes a share data message of this kind.
pub fn write_data(kind: u8, source: u16, share: u32, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(share.to_le_bytes());
    out.extend([0x00, 0x01]);
    out.extend(low16(body.len().saturating_add(18)).to_le_bytes());
    out.extend([kind, 0, 0, 0]);
    out.extend(body);
    write_control(control::DATA, source, &out)
}

/// Writes Set Error Info.
pub fn write_error_info(code: u32, source: u16, share: u32) -> Vec<u8> {
    write_data(data::ERROR_INFO, source, share, &code.to_le_bytes())
}

/// Writes a notification of a logon: `None` that somebody is logged on, else why not.
pub fn write_logon(error: Option<(u32, u32)>, source: u16, share: u32) -> Vec<u8> {
    let body = match error {
        // A plain notification is padded to 576 bytes.
        None => [&2_u32.to_le_bytes()[..], &[0; 576]].concat(),
        Some((kind, about)) => {
            let mut body = 3_u32.to_le_bytes().to_vec();
            body.extend(22_u16.to_le_bytes());
            for word in [2, 8, kind, about] {
                body.extend(word.to_le_bytes());
            }
            body.extend([0; 570]);
            body
        }
    };
    write_data(data::LOGON, source, share, &body)
}

/// Writes the message that takes a session down.
pub fn write_deactivate_all(source: u16, share: u32) -> Vec<u8> {
    let mut body = share.to_le_bytes().to_vec();
    body.extend([0x01, 0x00, 0x00]);
    write_control(control::DEACTIVATE_ALL, source, &body)
}

/// Writes Demand Active with these capability sets: kind and body of each.
pub fn write_demand_active(source: u16, share: u32, sets: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut combined = Vec::new();
    for (kind, body) in sets {
        combined.extend(kind.to_le_bytes());
        combined.extend(low16(body.len().saturating_add(4)).to_le_bytes());
        combined.extend(body);
    }
    let mut out = share.to_le_bytes().to_vec();
    out.extend(4_u16.to_le_bytes());
    out.extend(low16(combined.len().saturating_add(4)).to_le_bytes());
    out.extend(b"RDP\0");
    out.extend(low16(sets.len()).to_le_bytes());
    out.extend([0, 0]);
    out.extend(combined);
    out.extend([0; 4]); // sessionId
    write_control(control::DEMAND_ACTIVE, source, &out)
}

/// Writes a redirection to another host.
pub fn write_redirection(source: u16, to: &str) -> Vec<u8> {
    let name: Vec<u8> = to
        .encode_utf16()
        .chain([0])
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut packet = security::REDIRECTION.to_le_bytes().to_vec();
    packet.extend(low16(name.len().saturating_add(16)).to_le_bytes());
    packet.extend([0; 4]);
    packet.extend(0x0000_0001_u32.to_le_bytes());
    packet.extend(u32::from(low16(name.len())).to_le_bytes());
    packet.extend(name);
    packet.push(0); // pad
    let mut body = vec![0, 0];
    body.extend(packet);
    write_control(control::REDIRECTION, source, &body)
}

/// Writes a fast-path bitmap update without rectangles: the smallest picture there is.
pub fn write_picture() -> Vec<u8> {
    const BITMAP: u8 = 1;
    let update = [0x01, 0x00, 0x00, 0x00]; // updateType, numberRectangles
    let mut out = vec![0x00, low8(2 + 3 + update.len()), BITMAP];
    out.extend(low16(update.len()).to_le_bytes());
    out.extend(update);
    out
}
