//! MCS as RDP uses it (T.125): the two messages of the connection in BER, the others in the aligned
//! packed encoding, and of the GCC data inside the server's answer what tells how it is set up
//! ([MS-RDPBCGR] 2.2.1.3 to 2.2.1.9).

use crate::ber;
use crate::cursor::{Cursor, low8, low16};
use crate::x224::DATA;

/// Application tag 102, of which the reader sees the second byte.
const CONNECT_RESPONSE: u8 = 0x66;
const ENUMERATED: u8 = 0x0A;
/// The h221 key of the server's data ([MS-RDPBCGR] 2.2.1.4).
const SERVER_KEY: &[u8; 4] = b"McDn";
/// User channels are numbered from here ([MS-RDPBCGR] 2.2.1.7).
const FIRST_USER: u16 = 1001;

/// Blocks of the server's data ([MS-RDPBCGR] 2.2.1.3.1).
pub(crate) mod block {
    pub const CORE: u16 = 0x0C01;
    pub const SECURITY: u16 = 0x0C02;
    pub const NETWORK: u16 = 0x0C03;
    pub const MESSAGE_CHANNEL: u16 = 0x0C04;
    pub const MULTITRANSPORT: u16 = 0x0C08;
}

/// Numbers of DomainMCSPDU.
mod domain {
    pub const DISCONNECT: u8 = 8;
    pub const ATTACH_REQUEST: u8 = 10;
    pub const ATTACH_CONFIRM: u8 = 11;
    pub const JOIN_REQUEST: u8 = 14;
    pub const JOIN_CONFIRM: u8 = 15;
    pub const SEND_REQUEST: u8 = 25;
    pub const SEND_INDICATION: u8 = 26;
}

/// A message of MCS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mcs<'a> {
    /// Connect Initial.
    ConnectInitial,
    /// Connect Response.
    ConnectResponse(Settings),
    /// Attach User Request.
    AttachRequest,
    /// Attach User Confirm: its result.
    AttachConfirm(u8),
    /// Channel Join Request: the channel.
    JoinRequest(u16),
    /// Channel Join Confirm.
    JoinConfirm {
        /// Its result.
        result: u8,
        /// The channel.
        channel: u16,
    },
    /// Send Data, in either direction.
    Data {
        /// The channel.
        channel: u16,
        /// What is sent.
        data: &'a [u8],
    },
    /// Disconnect Provider Ultimatum: its reason.
    Disconnect(u8),
    /// Any other.
    Other,
}

/// What the server's answer to the settings says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `result` of the Connect Response; 0 is success.
    pub result: u8,
    /// `version` of TS_UD_SC_CORE.
    pub version: Option<u32>,
    /// `encryptionMethod` of TS_UD_SC_SEC1; 0 is none.
    pub encryption_method: u32,
    /// `encryptionLevel` of TS_UD_SC_SEC1; 0 is none.
    pub encryption_level: u32,
    /// The I/O channel.
    pub io_channel: Option<u16>,
    /// How many virtual channels it gives.
    pub channels: u16,
    /// The message channel.
    pub message_channel: Option<u16>,
    /// `flags` of TS_UD_SC_MULTITRANSPORT: the side transports it can do.
    pub multitransport: Option<u32>,
}

/// Reads the message in an X.224 Data TPDU.
pub fn read(tpdu: &[u8]) -> Option<Mcs<'_>> {
    let [0x02, DATA, _, message @ ..] = tpdu else {
        return None;
    };
    match message {
        [0x7F, 0x65, ..] => Some(Mcs::ConnectInitial),
        [0x7F, rest @ ..] if rest.first() == Some(&CONNECT_RESPONSE) => {
            Some(Mcs::ConnectResponse(connect_response(rest)))
        }
        _ => Some(domain_message(message).unwrap_or(Mcs::Other)),
    }
}

fn connect_response(message: &[u8]) -> Settings {
    let mut settings = Settings::default();
    let contents = contents(message);
    if let Some([result]) = ber::expect(&mut Cursor(contents), ENUMERATED) {
        settings.result = *result;
    }
    for (kind, body) in blocks(contents) {
        let mut body = Cursor(body);
        match kind {
            block::CORE => settings.version = body.u32_le(),
            block::SECURITY => {
                settings.encryption_method = body.u32_le().unwrap_or_default();
                settings.encryption_level = body.u32_le().unwrap_or_default();
            }
            block::NETWORK => {
                settings.io_channel = body.u16_le();
                settings.channels = body.u16_le().unwrap_or_default();
            }
            block::MESSAGE_CHANNEL => settings.message_channel = body.u16_le(),
            block::MULTITRANSPORT => settings.multitransport = body.u32_le(),
            _ => {}
        }
    }
    settings
}

/// What is in a Connect Response, after its tag. A message cut short tells what it holds.
fn contents(message: &[u8]) -> &[u8] {
    ber::take(&mut Cursor(message)).map_or(message, |(_, contents)| contents)
}

/// The blocks of the server's data in a Connect Response in an X.224 Data TPDU, each with its kind.
pub(crate) fn server_blocks(tpdu: &[u8]) -> Option<impl Iterator<Item = (u16, &[u8])>> {
    match tpdu {
        [0x02, DATA, _, 0x7F, rest @ ..] if rest.first() == Some(&CONNECT_RESPONSE) => {
            Some(blocks(contents(rest)))
        }
        _ => None,
    }
}

fn blocks(contents: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let key = contents
        .windows(SERVER_KEY.len())
        .position(|window| window == SERVER_KEY);
    let data = key.and_then(|at| contents.get(at.saturating_add(SERVER_KEY.len())..));
    let mut cursor = Cursor(data.unwrap_or_default());
    if length(&mut cursor).is_none() {
        cursor = Cursor(&[]);
    }
    std::iter::from_fn(move || {
        let (kind, size) = (cursor.u16_le()?, cursor.u16_le()?);
        // A block without a length would be read for ever.
        let body = cursor.take(usize::from(size).checked_sub(4)?)?;
        Some((kind, body))
    })
}

/// A length of the packed encoding: one byte, or two with the highest bit set.
fn length(cursor: &mut Cursor<'_>) -> Option<usize> {
    let first = cursor.u8()?;
    if first & 0x80 == 0 {
        return Some(usize::from(first));
    }
    let second = cursor.u8()?;
    Some(usize::from(u16::from_be_bytes([first & 0x3F, second])))
}

fn domain_message(message: &[u8]) -> Option<Mcs<'_>> {
    let mut cursor = Cursor(message);
    let first = cursor.u8()?;
    Some(match first >> 2 {
        domain::DISCONNECT => {
            let second = cursor.u8().unwrap_or_default();
            Mcs::Disconnect((first & 0x03) << 1 | second >> 7)
        }
        domain::ATTACH_REQUEST => Mcs::AttachRequest,
        domain::ATTACH_CONFIRM => Mcs::AttachConfirm(result(first, cursor.u8()?)),
        domain::JOIN_REQUEST => {
            cursor.u16()?;
            Mcs::JoinRequest(cursor.u16()?)
        }
        domain::JOIN_CONFIRM => {
            let result = result(first, cursor.u8()?);
            cursor.u16()?;
            let channel = cursor.u16()?;
            Mcs::JoinConfirm { result, channel }
        }
        domain::SEND_REQUEST | domain::SEND_INDICATION => {
            cursor.u16()?;
            let channel = cursor.u16()?;
            cursor.u8()?; // dataPriority, segmentation
            let size = length(&mut cursor)?;
            let data = cursor.0.get(..size).unwrap_or(cursor.0);
            Mcs::Data { channel, data }
        }
        _ => Mcs::Other,
    })
}

/// A result has four bits, the highest of them in the byte before; some servers write it into the second
/// byte as a whole.
const fn result(first: u8, second: u8) -> u8 {
    match second {
        1..=15 => second,
        _ => (first & 1) << 3 | second >> 5,
    }
}

/// Wraps a message into TPKT and X.224 Data.
fn data(message: &[u8]) -> Vec<u8> {
    const AROUND: usize = 4 + 3;
    let mut out = vec![0x03, 0x00];
    out.extend(low16(message.len().saturating_add(AROUND)).to_be_bytes());
    out.extend([0x02, DATA, 0x80]);
    out.extend(message);
    out
}

/// Writes a Connect Response with its GCC data.
pub fn write_connect_response(says: &Settings) -> Vec<u8> {
    let mut blocks = Vec::new();
    let mut block = |kind: u16, body: &[u8]| {
        blocks.extend(kind.to_le_bytes());
        blocks.extend(low16(body.len().saturating_add(4)).to_le_bytes());
        blocks.extend(body);
    };
    if let Some(version) = says.version {
        block(block::CORE, &version.to_le_bytes());
    }
    let security = [says.encryption_method, says.encryption_level];
    block(block::SECURITY, &security.map(u32::to_le_bytes).concat());
    let mut network = says.io_channel.unwrap_or_default().to_le_bytes().to_vec();
    network.extend(says.channels.to_le_bytes());
    let channels = (1..=says.channels).map(|channel| channel.saturating_add(1003));
    network.extend(channels.flat_map(u16::to_le_bytes));
    // Channels are padded to pairs.
    if says.channels % 2 == 1 {
        network.extend([0, 0]);
    }
    block(block::NETWORK, &network);
    if let Some(channel) = says.message_channel {
        block(block::MESSAGE_CHANNEL, &channel.to_le_bytes());
    }
    if let Some(flags) = says.multitransport {
        block(block::MULTITRANSPORT, &flags.to_le_bytes());
    }

    // ConnectGCCPDU with a conferenceCreateResponse, as servers write it (T.124 section 8.7).
    let mut gcc = vec![0x00, 0x05, 0x00, 0x14, 0x7C, 0x00, 0x01, 0x2A];
    gcc.extend([0x14, 0x76, 0x0A, 0x01, 0x01, 0x00, 0x01, 0xC0, 0x00]);
    gcc.extend(SERVER_KEY);
    gcc.extend((0x8000 | low16(blocks.len())).to_be_bytes());
    gcc.extend(blocks);

    // DomainParameters: 34 channels, 3 users, no tokens, one priority, 65,528 bytes, version 2.
    let parameters: Vec<u8> = [34, 3, 0, 1, 0, 1, 65_528, 2]
        .into_iter()
        .flat_map(ber::unsigned)
        .collect();
    let mut contents = ber::element(ENUMERATED, &[says.result]);
    contents.extend(ber::unsigned(0));
    contents.extend(ber::element(ber::SEQUENCE, &parameters));
    contents.extend(ber::element(ber::OCTET_STRING, &gcc));
    let mut message = vec![0x7F];
    message.extend(ber::element(CONNECT_RESPONSE, &contents));
    data(&message)
}

/// Writes an Attach User Confirm for this user channel.
pub fn write_attach_confirm(result: u8, user: u16) -> Vec<u8> {
    let mut message = answer(domain::ATTACH_CONFIRM, result);
    message.extend(user.saturating_sub(FIRST_USER).to_be_bytes());
    data(&message)
}

/// Writes a Channel Join Confirm.
pub fn write_join_confirm(result: u8, user: u16, channel: u16) -> Vec<u8> {
    let mut message = answer(domain::JOIN_CONFIRM, result);
    message.extend(user.saturating_sub(FIRST_USER).to_be_bytes());
    message.extend(channel.to_be_bytes());
    message.extend(channel.to_be_bytes());
    data(&message)
}

fn answer(number: u8, result: u8) -> Vec<u8> {
    // The optional field at the end is there.
    vec![number << 2 | 0x02 | (result >> 3 & 1), result << 5]
}

/// Writes a Send Data Indication.
pub fn write_indication(user: u16, channel: u16, sent: &[u8]) -> Vec<u8> {
    let mut message = vec![domain::SEND_INDICATION << 2];
    message.extend(user.saturating_sub(FIRST_USER).to_be_bytes());
    message.extend(channel.to_be_bytes());
    message.push(0x70);
    message.extend((0x8000 | low16(sent.len() & 0x3FFF)).to_be_bytes());
    message.extend(sent);
    data(&message)
}

/// Writes a Disconnect Provider Ultimatum.
pub fn write_disconnect(reason: u8) -> Vec<u8> {
    let first = domain::DISCONNECT << 2 | (reason >> 1 & 0x03);
    data(&[first, low8(usize::from(reason & 1) << 7)])
}
