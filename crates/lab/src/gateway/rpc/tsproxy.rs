//! What the methods of the TsProxy interface are asked and answer ([MS-TSGU] 2.2.9 and 3.2.6), in NDR.

use super::ndr::{Reader, Writer};
use crate::gateway::packet::Fields;

/// A context handle as it is written (C706 Appendix N): attributes and an identifier.
pub(super) type Handle = [u8; 20];

/// The handle that leads nowhere.
pub(super) const NO_HANDLE: Handle = [0; 20];

/// Numbers of methods ([MS-TSGU] 3.2.6).
pub(super) mod opnum {
    pub const CREATE_TUNNEL: u16 = 1;
    pub const AUTHORIZE_TUNNEL: u16 = 2;
    pub const MAKE_TUNNEL_CALL: u16 = 3;
    pub const CREATE_CHANNEL: u16 = 4;
    pub const CLOSE_CHANNEL: u16 = 6;
    pub const CLOSE_TUNNEL: u16 = 7;
    pub const SETUP_RECEIVE_PIPE: u16 = 8;
    pub const SEND_TO_SERVER: u16 = 9;
}

/// Types of packets ([MS-TSGU] 2.2.5.2).
pub(super) mod packet {
    pub const HEADER: u32 = 0x4844;
    pub const VERSION_CAPS: u32 = 0x5643;
    pub const QUAR_CONFIG_REQUEST: u32 = 0x5143;
    pub const QUAR_REQUEST: u32 = 0x5152;
    pub const RESPONSE: u32 = 0x5052;
    pub const QUARENC_RESPONSE: u32 = 0x4552;
    pub const CAPS_RESPONSE: u32 = 0x4350;
    pub const MSG_REQUEST: u32 = 0x4752;
    pub const MESSAGE: u32 = 0x4750;
    pub const AUTH: u32 = 0x4054;
    pub const REAUTH: u32 = 0x5250;
}

/// TSG_CAPABILITY_TYPE_NAP.
const NAP: u32 = 1;
/// ComponentId: the transport of the gateway ([MS-TSGU] 2.2.9.2.1.1).
const TRANSPORT: u16 = 0x5452;
/// TSG_ASYNC_MESSAGE_CONSENT_MESSAGE.
const CONSENT: u32 = 1;
/// TSG_ASYNC_MESSAGE_SERVICE_MESSAGE.
const SERVICE: u32 = 2;
/// The protocol in the lower half of a port: RDP ([MS-TSGU] 2.2.9.1).
const RDP: u16 = 3;

/// How a client begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begins {
    /// TSG_PACKET_VERSIONCAPS: it says what it can.
    Capable(u32),
    /// With something that is for a gateway of another kind, or for a tunnel that is there already.
    Otherwise,
}

/// TSG_PACKET, up to the pointer in its union: its type, and that it leads somewhere.
fn tsg_packet(reader: &mut Reader<'_>) -> Option<(u32, bool)> {
    let kind = reader.long()?;
    reader.union_of(kind)?;
    let known = [
        packet::HEADER,
        packet::VERSION_CAPS,
        packet::QUAR_CONFIG_REQUEST,
        packet::QUAR_REQUEST,
        packet::RESPONSE,
        packet::QUARENC_RESPONSE,
        packet::CAPS_RESPONSE,
        packet::MSG_REQUEST,
        packet::MESSAGE,
        packet::AUTH,
        packet::REAUTH,
    ];
    if !known.contains(&kind) {
        return None;
    }
    Some((kind, reader.pointer()?))
}

/// TSG_PACKET_VERSIONCAPS: what a client can.
fn version_caps(reader: &mut Reader<'_>) -> Option<u32> {
    reader.short()?;
    reader.short()?;
    let has_capabilities = reader.pointer()?;
    let count = reader.long()?;
    // majorVersion, minorVersion, quarantineCapabilities.
    for _ in 0..3 {
        reader.short()?;
    }
    if count > 32 {
        return None;
    }
    let mut can = 0;
    if has_capabilities {
        reader.count_of(count)?;
        for _ in 0..count {
            // The union has one case.
            if reader.long()? != NAP {
                return None;
            }
            reader.union_of(NAP)?;
            can |= reader.long()?;
        }
    }
    Some(can)
}

/// TsProxyCreateTunnel.
pub(super) fn create_tunnel(stub: &[u8]) -> Option<Begins> {
    let mut reader = Reader::new(stub);
    let (kind, present) = tsg_packet(&mut reader)?;
    match (kind, present) {
        (packet::VERSION_CAPS, true) => Some(Begins::Capable(version_caps(&mut reader)?)),
        (packet::REAUTH, true) => {
            reader.hyper()?;
            Some(Begins::Otherwise)
        }
        _ => Some(Begins::Otherwise),
    }
}

/// What a gateway says of a new tunnel.
#[derive(Clone, Debug)]
pub(super) struct Created<'a> {
    pub nonce: [u8; 16],
    pub capabilities: u32,
    /// Both sides know TSG_MESSAGING_CAP_CONSENT_SIGN; and what there is to agree to.
    pub consent: Option<Option<&'a str>>,
    pub tunnel: Handle,
    pub number: u32,
}

/// The answer to TsProxyCreateTunnel ([MS-TSGU] 3.2.6.1.1).
pub(super) fn tunnel_created(created: &Created<'_>) -> Vec<u8> {
    let mut writer = Writer::default();
    let kind = match created.consent {
        Some(_) => packet::CAPS_RESPONSE,
        None => packet::QUARENC_RESPONSE,
    };
    writer.pointer().long(kind).long(kind).pointer();
    // TSG_PACKET_QUARENC_RESPONSE: flags, no chain of certificates, nonce, versionCaps.
    writer.long(0).long(0).null().bytes(&created.nonce);
    writer.pointer();
    if let Some(text) = created.consent {
        message_head(&mut writer, CONSENT, text.is_some());
    }
    // TSG_PACKET_VERSIONCAPS: one capability, version 1.1, no quarantine.
    writer.short(TRANSPORT);
    writer.short(u16::try_from(packet::VERSION_CAPS).unwrap_or(0));
    writer.pointer().long(1).short(1).short(1).short(0);
    writer.long(1).long(NAP).long(NAP);
    writer.long(created.capabilities);
    if let Some(text) = created.consent {
        // Where there is nothing to agree to, the message is there and empty: FreeRDP reads it whatever isMsgPresent says.
        string_message(&mut writer, text, text.is_some());
    }
    writer.handle(&created.tunnel);
    writer.long(created.number).long(0).done()
}

/// The same where a code says no.
pub(super) fn tunnel_refused(code: u32) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.null().bytes(&NO_HANDLE).long(0).long(code).done()
}

/// TSG_PACKET_MSG_RESPONSE, with the pointer in its union ([MS-TSGU] 2.2.9.2.1.9).
fn message_head(writer: &mut Writer, kind: u32, present: bool) {
    writer.long(1).long(kind).long(u32::from(present));
    writer.long(kind).pointer();
}

/// TSG_PACKET_STRING_MESSAGE ([MS-TSGU] 2.2.9.2.1.9.1.1). `msgBytes` counts characters, the zero at the end included;
/// `msgBuffer` is a conformant array and no string.
fn string_message(writer: &mut Writer, text: Option<&str>, consent: bool) {
    let units: Vec<u16> = text
        .map(|text| text.encode_utf16().take(30_000).chain([0]).collect())
        .unwrap_or_default();
    let count = u32::try_from(units.len()).unwrap_or(0);
    writer.long(u32::from(text.is_some()));
    writer.long(u32::from(consent)).long(count);
    if text.is_none() {
        writer.null();
        return;
    }
    writer.pointer().long(count);
    for unit in units {
        writer.short(unit);
    }
}

/// TsProxyAuthorizeTunnel: the handle, and that the packet is of the kind that is wanted there.
pub(super) fn authorize_tunnel(stub: &[u8]) -> Option<(Handle, bool)> {
    let mut reader = Reader::new(stub);
    let tunnel = handle(&mut reader)?;
    let (kind, present) = tsg_packet(&mut reader)?;
    if kind != packet::QUAR_REQUEST || !present {
        return Some((tunnel, false));
    }
    // TSG_PACKET_QUARREQUEST: flags, the name of the client's machine, a statement of health.
    reader.long()?;
    let (named, _) = (reader.pointer()?, reader.long()?);
    let (healthy, length) = (reader.pointer()?, reader.long()?);
    if length > 8_000 {
        return None;
    }
    if named {
        reader.string()?;
    }
    if healthy {
        reader.array(length)?;
    }
    Some((tunnel, true))
}

/// HTTP_TUNNEL_REDIR_FLAGS ([MS-TSGU] 2.2.5.3.7) in the order of TSG_REDIRECTION_FLAGS (2.2.9.2.1.5.2); the sixth field is
/// reserved.
const REDIRECTIONS: [u32; 8] = [0x8000_0000, 0x4000_0000, 0x01, 0x02, 0x04, 0, 0x08, 0x10];

/// The answer to TsProxyAuthorizeTunnel ([MS-TSGU] 3.2.6.1.2), with idle minutes for clients that know them.
pub(super) fn tunnel_authorized(redirection: u32, idle_minutes: Option<u32>) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.pointer();
    writer.long(packet::RESPONSE).long(packet::RESPONSE);
    writer.pointer().long(packet::QUAR_REQUEST).long(0);
    match idle_minutes {
        Some(_) => writer.pointer().long(4),
        None => writer.null().long(0),
    };
    for flag in REDIRECTIONS {
        writer.long(u32::from(redirection & flag != 0));
    }
    if let Some(minutes) = idle_minutes {
        writer.long(4).bytes(&minutes.to_le_bytes());
    }
    writer.long(0).done()
}

/// TsProxyMakeTunnelCall: the handle, and `procId`.
pub(super) fn make_tunnel_call(stub: &[u8]) -> Option<(Handle, u32)> {
    let mut reader = Reader::new(stub);
    let tunnel = handle(&mut reader)?;
    let what = reader.long()?;
    let (kind, present) = tsg_packet(&mut reader)?;
    if kind == packet::MSG_REQUEST && present {
        reader.long()?;
    }
    Some((tunnel, what))
}

/// The answer to TsProxyMakeTunnelCall that brings a message ([MS-TSGU] 3.2.6.1.3).
pub(super) fn service_message(text: &str) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.pointer().long(packet::MESSAGE).long(packet::MESSAGE);
    writer.pointer();
    message_head(&mut writer, SERVICE, true);
    string_message(&mut writer, Some(text), false);
    writer.long(0).done()
}

/// The answers that bring no packet: a code for TsProxyAuthorizeTunnel and TsProxyMakeTunnelCall.
pub(super) fn no_packet(code: u32) -> Vec<u8> {
    Writer::default().null().long(code).done()
}

/// TsProxyCreateChannel: the handle, the names of the target, its port.
pub(super) fn create_channel(stub: &[u8]) -> Option<(Handle, Vec<String>, u16)> {
    let mut reader = Reader::new(stub);
    let tunnel = handle(&mut reader)?;
    // TSENDPOINTINFO ([MS-TSGU] 2.2.9.1).
    let (named, count) = (reader.pointer()?, reader.long()?);
    let also_named = reader.pointer()?;
    let also_count = u32::from(reader.short()?);
    let port = reader.long()?.to_le_bytes();
    let mut names = Vec::new();
    for (there, count, most) in [(named, count, 50), (also_named, also_count, 3)] {
        if count > most {
            return None;
        }
        if there {
            reader.count_of(count)?;
            let pointers: Vec<bool> = (0..count)
                .map(|_| reader.pointer())
                .collect::<Option<_>>()?;
            for _ in pointers.iter().filter(|there| **there) {
                names.push(reader.string()?);
            }
        }
    }
    let [protocol_low, protocol_high, port_low, port_high] = port;
    let protocol = u16::from_le_bytes([protocol_low, protocol_high]);
    let port = u16::from_le_bytes([port_low, port_high]);
    (protocol == RDP).then_some((tunnel, names, port))
}

/// The answer to TsProxyCreateChannel ([MS-TSGU] 3.2.6.1.4).
pub(super) fn channel_created(channel: &Handle, number: u32, code: u32) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.bytes(channel).long(number).long(code).done()
}

/// TsProxyCloseChannel and TsProxyCloseTunnel.
pub(super) fn close(stub: &[u8]) -> Option<Handle> {
    handle(&mut Reader::new(stub))
}

/// Their answer: the handle leads nowhere any more.
pub(super) fn closed(handle: &Handle, code: u32) -> Vec<u8> {
    Writer::default().bytes(handle).long(code).done()
}

/// The answer of the methods that pass NDR by: a number ([MS-TSGU] 3.6.5.2, 3.6.5.5).
pub(super) fn number(code: u32) -> Vec<u8> {
    code.to_le_bytes().to_vec()
}

/// What is wrong with TsProxySendToServer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsendable {
    /// The lengths do not fit each other: ERROR_ACCESS_DENIED.
    Lengths,
    /// There is nothing in the first buffer, or less than it says: HRESULT_CODE(E_PROXY_INTERNALERROR).
    Empty,
}

/// TsProxySendToServer, which passes NDR by and counts in network order ([MS-TSGU] 2.2.9.3): the handle, and the bytes of
/// all buffers.
pub(super) fn send_to_server(stub: &[u8]) -> (Handle, Result<Vec<u8>, Unsendable>) {
    let mut fields = Fields(stub);
    let handle = fields
        .take(20)
        .and_then(|bytes| bytes.first_chunk().copied())
        .unwrap_or(NO_HANDLE);
    (handle, buffers(fields))
}

fn buffers(mut fields: Fields<'_>) -> Result<Vec<u8>, Unsendable> {
    let long = |fields: &mut Fields<'_>| fields.long().map(u32::swap_bytes);
    let total = long(&mut fields).unwrap_or_default();
    let count = long(&mut fields).unwrap_or_default();
    if total == 0 || !(1..=3).contains(&count) {
        return Err(Unsendable::Lengths);
    }
    let mut lengths = Vec::new();
    let mut sum = 0_u64;
    for _ in 0..count {
        let length = long(&mut fields).ok_or(Unsendable::Lengths)?;
        sum = sum.saturating_add(u64::from(length)).saturating_add(4);
        lengths.push(length);
    }
    if sum > u64::from(total) {
        return Err(Unsendable::Lengths);
    }
    if lengths.first().is_none_or(|length| *length == 0) {
        return Err(Unsendable::Empty);
    }
    let mut bytes = Vec::new();
    for length in lengths {
        let length = usize::try_from(length).map_err(|_| Unsendable::Empty)?;
        bytes.extend_from_slice(fields.take(length).ok_or(Unsendable::Empty)?);
    }
    Ok(bytes)
}

/// TsProxySetupReceivePipe, which passes NDR by too ([MS-TSGU] 2.2.9.4.1).
pub(super) fn setup_receive_pipe(stub: &[u8]) -> Handle {
    stub.first_chunk().copied().unwrap_or(NO_HANDLE)
}

fn handle(reader: &mut Reader<'_>) -> Option<Handle> {
    reader.bytes(20)?.first_chunk().copied()
}

#[cfg(test)]
mod tests;
