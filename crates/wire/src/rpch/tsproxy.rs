//! The calls of an RD Gateway ([MS-TSGU] 3.2.6, its IDL in section 6) in NDR (C706 chapter 14): what a client sends,
//! and what a gateway answers. The result of a call ends its answer; what stands before it may be damaged.
//!
//! [MS-TSGU]: https://learn.microsoft.com/openspecs/windows_protocols/ms-tsgu/

use crate::cursor::{Cursor, count32, size};

/// The numbers of the calls.
pub mod operation {
    /// TsProxyCreateTunnel.
    pub const CREATE_TUNNEL: u16 = 1;
    /// TsProxyAuthorizeTunnel.
    pub const AUTHORIZE_TUNNEL: u16 = 2;
    /// TsProxyCreateChannel.
    pub const CREATE_CHANNEL: u16 = 4;
    /// TsProxyCloseChannel.
    pub const CLOSE_CHANNEL: u16 = 6;
    /// TsProxyCloseTunnel.
    pub const CLOSE_TUNNEL: u16 = 7;
    /// TsProxySetupReceivePipe.
    pub const SETUP_RECEIVE_PIPE: u16 = 8;
    /// TsProxySendToServer.
    pub const SEND_TO_SERVER: u16 = 9;
}

/// packetId of TSG_PACKET ([MS-TSGU] 2.2.5.2).
pub mod packet_id {
    /// TSG_PACKET_TYPE_VERSIONCAPS.
    pub const VERSION_CAPS: u32 = 0x5643;
    /// TSG_PACKET_TYPE_QUARREQUEST.
    pub const QUAR_REQUEST: u32 = 0x5152;
    /// TSG_PACKET_TYPE_RESPONSE.
    pub const RESPONSE: u32 = 0x5052;
    /// TSG_PACKET_TYPE_QUARENC_RESPONSE.
    pub const QUAR_ENC_RESPONSE: u32 = 0x4552;
    /// TSG_PACKET_TYPE_CAPS_RESPONSE.
    pub const CAPS_RESPONSE: u32 = 0x4350;
}

/// A context handle (C706 appendix N).
pub type Handle = [u8; 20];

/// TSG_NAP_CAPABILITY_IDLE_TIMEOUT.
const IDLE_TIMEOUT: u32 = 0x2;
/// TSG_ASYNC_MESSAGE_CONSENT_MESSAGE.
const CONSENT: u32 = 1;
/// The first referent id of a pointer; the others follow by four.
const REFERENT: u32 = 0x0002_0000;
/// A longer text of a gateway is none: msgBytes is at most 65536 characters ([MS-TSGU] 2.2.9.2.1.9.1.1).
const LONGEST_TEXT: u32 = 65_536;

/// What TsProxyCreateTunnel answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tunnel {
    /// The result, an HRESULT.
    pub error: u32,
    /// tunnelContext.
    pub context: Handle,
    /// tunnelId.
    pub tunnel: u32,
    /// The capabilities both sides have.
    pub capabilities: Option<u32>,
    /// What its users have to agree to.
    pub consent: Option<String>,
}

/// What TsProxyAuthorizeTunnel answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The result, an HRESULT.
    pub error: u32,
    /// Which devices it keeps from being redirected, as HTTP_TUNNEL_REDIR_FLAGS ([MS-TSGU] 2.2.5.3.7).
    pub redirection: Option<u32>,
    /// The idle time-out, in minutes.
    pub idle: Option<u32>,
}

/// What TsProxyCreateChannel answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// The result, an HRESULT.
    pub error: u32,
    /// channelContext.
    pub context: Handle,
    /// channelId.
    pub channel: u32,
}

/// TsProxyCreateTunnel with the version and capabilities of a client ([MS-TSGU] 3.2.6.1.1).
pub fn create_tunnel(capabilities: u32) -> Vec<u8> {
    let mut out = Vec::new();
    numbers(
        &mut out,
        &[packet_id::VERSION_CAPS, packet_id::VERSION_CAPS, REFERENT],
    );
    // TSG_PACKET_HEADER: ComponentId, PacketId.
    halves(&mut out, &[0x5452, 0x5643]);
    numbers(&mut out, &[referent(1), 1]);
    // majorVersion, minorVersion, quarantineCapabilities, and two bytes to align.
    halves(&mut out, &[1, 1, 0, 0]);
    // One TSG_PACKET_CAPABILITIES: TSG_CAPABILITY_TYPE_NAP, as type and as discriminant.
    numbers(&mut out, &[1, 1, 1, capabilities]);
    out
}

/// TsProxyAuthorizeTunnel with the name of the client's machine, without a statement of health ([MS-TSGU] 3.2.6.1.2).
pub fn authorize_tunnel(tunnel: &Handle, client: &str) -> Vec<u8> {
    let name = text(client);
    let mut out = tunnel.to_vec();
    numbers(
        &mut out,
        &[
            packet_id::QUAR_REQUEST,
            packet_id::QUAR_REQUEST,
            REFERENT,
            // flags, machineName, nameLength, data, dataLen.
            0,
            referent(1),
            count32(name.len()),
            0,
            0,
        ],
    );
    string(&mut out, &name);
    out
}

/// TsProxyCreateChannel for one host ([MS-TSGU] 3.2.6.1.4).
pub fn create_channel(tunnel: &Handle, host: &str, port: u16) -> Vec<u8> {
    /// The protocol number of RDP.
    const PROTOCOL: u32 = 3;
    let mut out = tunnel.to_vec();
    // resourceName, numResourceNames, alternateResourceNames, numAlternateResourceNames (and two bytes to align).
    numbers(&mut out, &[REFERENT, 1, 0, 0]);
    numbers(&mut out, &[u32::from(port) << 16 | PROTOCOL]);
    // The array of one name.
    numbers(&mut out, &[1, referent(1)]);
    string(&mut out, &text(host));
    out
}

/// TsProxySetupReceivePipe, which is no NDR ([MS-TSGU] 3.6.5.3).
pub fn setup_receive_pipe(channel: &Handle) -> Vec<u8> {
    channel.to_vec()
}

/// Bytes of TsProxySendToServer before the data.
pub const BEFORE_DATA: usize = 20 + 4 + 4 + 4;

/// TsProxySendToServer with one buffer, which is no NDR: its numbers are big-endian ([MS-TSGU] 3.6.5.1).
pub fn send_to_server(channel: &Handle, data: &[u8]) -> Vec<u8> {
    let length = count32(data.len());
    let mut out = channel.to_vec();
    // Total Bytes counts the length of the buffer, too.
    for number in [length.saturating_add(4), 1, length] {
        out.extend(number.to_be_bytes());
    }
    out.extend(data);
    out
}

/// TsProxyCloseChannel or TsProxyCloseTunnel.
pub fn close(context: &Handle) -> Vec<u8> {
    context.to_vec()
}

fn referent(index: u32) -> u32 {
    REFERENT.saturating_add(index.saturating_mul(4))
}

fn numbers(out: &mut Vec<u8>, numbers: &[u32]) {
    for number in numbers {
        out.extend(number.to_le_bytes());
    }
}

fn halves(out: &mut Vec<u8>, halves: &[u16]) {
    for half in halves {
        out.extend(half.to_le_bytes());
    }
}

/// UTF-16 with a final zero.
fn text(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// A conformant and varying string: max_count, offset, actual_count, and the characters.
fn string(out: &mut Vec<u8>, units: &[u16]) {
    let count = count32(units.len());
    numbers(out, &[count, 0, count]);
    halves(out, units);
    if units.len() % 2 == 1 {
        halves(out, &[0]);
    }
}

/// Reads the answer to TsProxyCreateTunnel. What it ends with is read from its end, so that a packet of another form
/// before it does no harm.
pub fn read_tunnel(stub: &[u8]) -> Option<Tunnel> {
    // tunnelContext, tunnelId, the result.
    let starts = stub.len().checked_sub(20 + 4 + 4)?;
    let (packet, end) = stub.split_at_checked(starts)?;
    let mut end = Cursor(end);
    let context = end.take(20)?.try_into().ok()?;
    let (tunnel, error) = (end.u32_le()?, end.u32_le()?);
    let (capabilities, consent) = read_tunnel_packet(&mut Ndr::new(packet));
    Some(Tunnel {
        error,
        context,
        tunnel,
        capabilities,
        consent,
    })
}

/// TSG_PACKET_QUARENC_RESPONSE, alone or in TSG_PACKET_CAPS_RESPONSE: the capabilities, and the text.
fn read_tunnel_packet(packet: &mut Ndr<'_>) -> (Option<u32>, Option<String>) {
    let mut capabilities = None;
    let consent = read_tunnel_parts(packet, &mut capabilities);
    (capabilities, consent)
}

fn read_tunnel_parts(packet: &mut Ndr<'_>, capabilities: &mut Option<u32>) -> Option<String> {
    let kind = packet.packet()?;
    if ![packet_id::QUAR_ENC_RESPONSE, packet_id::CAPS_RESPONSE].contains(&kind) {
        return None;
    }
    let _flags = packet.number()?;
    let _length = packet.number()?;
    let chain = packet.number()?;
    let _nonce = packet.take(16)?;
    let versions = packet.number()?;
    let message = if kind == packet_id::CAPS_RESPONSE {
        // msgID, msgType, isMsgPresent, the discriminant, the pointer.
        let _id = packet.number()?;
        let kind = packet.number()?;
        let present = packet.number()?;
        let _discriminant = packet.number()?;
        let pointer = packet.number()?;
        (pointer != 0).then_some((kind, present != 0))
    } else {
        None
    };
    if chain != 0 {
        packet.string()?;
    }
    if versions != 0 {
        // TSG_PACKET_HEADER, TSGCaps, numCapabilities, two versions, quarantineCapabilities.
        let _header = packet.number()?;
        let pointer = packet.number()?;
        let _count = packet.number()?;
        packet.take(6)?;
        if pointer != 0 {
            let count = packet.number()?;
            for index in 0..count {
                let _kind = packet.number()?;
                let _discriminant = packet.number()?;
                let flags = packet.number()?;
                if index == 0 {
                    *capabilities = Some(flags);
                }
            }
        }
    }
    let (kind, present) = message?;
    // isDisplayMandatory, isConsentMandatory.
    packet.number()?;
    packet.number()?;
    let length = packet.number()?;
    let pointer = packet.number()?;
    let is_consent = kind == CONSENT && present && pointer != 0 && length <= LONGEST_TEXT;
    if !is_consent {
        return None;
    }
    packet.characters()
}

/// Reads the answer to TsProxyAuthorizeTunnel; the capabilities both sides have say what is in it.
pub fn read_authorization(stub: &[u8], capabilities: u32) -> Option<Authorization> {
    let starts = stub.len().checked_sub(4)?;
    let (packet, end) = stub.split_at_checked(starts)?;
    let error = Cursor(end).u32_le()?;
    let mut read = Authorization {
        error,
        redirection: None,
        idle: None,
    };
    read_response(&mut Ndr::new(packet), capabilities, &mut read);
    Some(read)
}

/// TSG_PACKET_RESPONSE.
fn read_response(packet: &mut Ndr<'_>, capabilities: u32, read: &mut Authorization) -> Option<()> {
    if packet.packet()? != packet_id::RESPONSE {
        return None;
    }
    let _flags = packet.number()?;
    let _reserved = packet.number()?;
    let data = packet.number()?;
    let _length = packet.number()?;
    // TSG_REDIRECTION_FLAGS in order, as HTTP_TUNNEL_REDIR_FLAGS; the sixth is unused.
    const FLAGS: [u32; 8] = [0x8000_0000, 0x4000_0000, 0x1, 0x2, 0x4, 0, 0x8, 0x10];
    let mut redirection = 0;
    for flag in FLAGS {
        if packet.number()? != 0 {
            redirection |= flag;
        }
    }
    read.redirection = Some(redirection);
    if data != 0 {
        let count = packet.number()?;
        if capabilities & IDLE_TIMEOUT != 0 && count >= 4 {
            read.idle = Some(packet.number()?);
        }
    }
    Some(())
}

/// Reads the answer to TsProxyCreateChannel.
pub fn read_channel(stub: &[u8]) -> Option<Channel> {
    let mut end = Cursor(stub);
    let context = end.take(20)?.try_into().ok()?;
    let (channel, error) = (end.u32_le()?, end.u32_le()?);
    Some(Channel {
        error,
        context,
        channel,
    })
}

/// Reads the result that ends an answer.
pub fn read_result(stub: &[u8]) -> Option<u32> {
    stub.last_chunk().copied().map(u32::from_le_bytes)
}

/// NDR of a known form: numbers stand at multiples of their size.
struct Ndr<'a> {
    whole: usize,
    rest: Cursor<'a>,
}

impl<'a> Ndr<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self {
            whole: bytes.len(),
            rest: Cursor(bytes),
        }
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        self.rest.take(count)
    }

    fn number(&mut self) -> Option<u32> {
        let at = self.whole.saturating_sub(self.rest.0.len());
        self.rest.take(at.next_multiple_of(4).saturating_sub(at))?;
        self.rest.u32_le()
    }

    /// The pointer to a TSG_PACKET, and what points to the structure in it: its packetId when both are there.
    fn packet(&mut self) -> Option<u32> {
        let pointer = self.number()?;
        if pointer == 0 {
            return None;
        }
        let kind = self.number()?;
        let discriminant = self.number()?;
        let inside = self.number()?;
        (kind == discriminant && inside != 0).then_some(kind)
    }

    /// Passes over a conformant and varying string.
    fn string(&mut self) -> Option<()> {
        let _most = self.number()?;
        let _offset = self.number()?;
        let count = self.number()?;
        self.take(size(count).checked_mul(2)?)?;
        Some(())
    }

    /// An array of characters. By its IDL it is conformant; a count of those that are there may stand before them, as
    /// for a string, which no text begins like.
    fn characters(&mut self) -> Option<String> {
        let mut count = self.number()?;
        let mut ahead = self.rest;
        if let (Some(0), Some(actual)) = (ahead.u32_le(), ahead.u32_le())
            && actual <= count
        {
            self.rest = ahead;
            count = actual;
        }
        let bytes = self.take(size(count).checked_mul(2)?)?;
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .filter_map(|unit| unit.first_chunk().copied().map(u16::from_le_bytes))
            .collect();
        let text = String::from_utf16_lossy(&units);
        Some(text.trim_end_matches('\0').to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    use proptest::prelude::*;

    const HANDLE: Handle = hex!("00000000 364118 41dd2d8443836382ccb6eaf3f9");

    /// The values of [MS-TSGU] 4.1.1 in NDR.
    #[test]
    fn the_calls_of_the_example_are_written() {
        assert_eq!(
            create_tunnel(1),
            hex!(
                "43560000 43560000 00000200"
                "5254 4356 04000200 01000000 0100 0100 0000 0000"
                "01000000 01000000 01000000 01000000"
            )
        );
        assert_eq!(
            authorize_tunnel(&HANDLE, "mymachine"),
            hex!(
                "00000000 36411841dd2d8443836382ccb6eaf3f9"
                "52510000 52510000 00000200"
                "00000000 04000200 0a000000 00000000 00000000"
                "0a000000 00000000 0a000000"
                "6d0079006d0061006300680069006e0065000000"
            )
        );
        // Port 222101507.
        assert_eq!(
            create_channel(&HANDLE, "myTsMachine", 3389),
            hex!(
                "00000000 36411841dd2d8443836382ccb6eaf3f9"
                "00000200 01000000 00000000 00000000 03003d0d"
                "01000000 04000200 0c000000 00000000 0c000000"
                "6d00790054007300 4d0061006300680069006e0065000000"
            )
        );
        assert_eq!(222_101_507_u32.to_le_bytes(), hex!("03003d0d"));
    }

    /// [MS-TSGU] 4.1.1: totalDataLength 8, one buffer, of four bytes.
    #[test]
    fn data_is_sent_as_in_the_example() {
        assert_eq!(
            send_to_server(&HANDLE, &hex!("04000003")),
            hex!(
                "00000000 36411841dd2d8443836382ccb6eaf3f9"
                "00000008 00000001 00000004 04000003"
            )
        );
        let handle = hex!("00000000 ECEC2E7DDBE2E34AAE61A351DC535561");
        assert_eq!(setup_receive_pipe(&handle), handle);
    }

    /// The answers of [MS-TSGU] 4.1.1 and 4.1.2 in NDR.
    #[test]
    fn the_answers_of_the_example_are_read() {
        let answer = hex!(
            "00000200 52450000 52450000 04000200"
            "00000000 00000000 00000000 000102030405060708090a0b0c0d0e0f 08000200"
            "5254 4356 0c000200 01000000 0100 0100 0000 0000"
            "01000000 01000000 01000000 0e000000"
            "00000000 36411841dd2d8443836382ccb6eaf3f9 07000000 00000000"
        );
        assert_eq!(
            read_tunnel(&answer),
            Some(Tunnel {
                error: 0,
                context: HANDLE,
                tunnel: 7,
                capabilities: Some(0xE),
                consent: None
            })
        );
        let allowed = hex!(
            "00000200 52500000 52500000 04000200 52510000 00000000 08000200 04000000"
            "00000000 00000000 01000000 00000000 00000000 00000000 01000000 00000000"
            "04000000 1e000000 00000000"
        );
        assert_eq!(
            read_authorization(&allowed, 0xE),
            Some(Authorization {
                error: 0,
                redirection: Some(0x9),
                idle: Some(30)
            })
        );
        assert_eq!(
            read_authorization(&allowed, 0).and_then(|read| read.idle),
            None
        );
        let channel = hex!("00000000 36411841dd2d8443836382ccb6eaf3f9 01000000 00000000");
        assert_eq!(
            read_channel(&channel),
            Some(Channel {
                error: 0,
                context: HANDLE,
                channel: 1
            })
        );
    }

    #[test]
    fn a_consent_comes_as_an_array_or_a_string() {
        for text in [
            &hex!("03000000 4f00 4b00 0000 0000")[..],
            &hex!("03000000 00000000 03000000 4f00 4b00 0000 0000"),
        ] {
            let mut answer = hex!(
                "00000200 50430000 50430000 04000200"
                "00000000 02000000 08000200 000102030405060708090a0b0c0d0e0f 0c000200"
                "01000000 01000000 01000000 01000000 10000200"
                "02000000 00000000 02000000 4100 0000"
                "5254 4356 14000200 01000000 0100 0100 0000 0000"
                "01000000 01000000 01000000 0e000000"
                "01000000 01000000 03000000 18000200"
            )
            .to_vec();
            answer.extend(text);
            answer.extend([0; 28]);
            let read = read_tunnel(&answer).unwrap();
            assert_eq!(read.consent.as_deref(), Some("OK"));
            assert_eq!(read.capabilities, Some(0xE));
        }
    }

    #[test]
    fn a_refusal_has_no_packet() {
        let mut tunnel = [0; 32];
        tunnel[28..].copy_from_slice(&hex!("ee590780"));
        let read = read_tunnel(&tunnel).unwrap();
        assert_eq!((read.error, read.capabilities), (0x8007_59EE, None));
        assert_eq!(
            read_authorization(&hex!("00000000 db590780"), 0xE),
            Some(Authorization {
                error: 0x8007_59DB,
                redirection: None,
                idle: None
            })
        );
        assert_eq!(read_result(&hex!("dd590000")), Some(0x59DD));
        assert_eq!(read_result(&[0; 3]), None);
        assert_eq!(read_tunnel(&[0; 27]), None);
        assert_eq!(read_channel(&[0; 27]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_calm(bytes in proptest::collection::vec(any::<u8>(), 0..200), capabilities: u32) {
            let _ = read_tunnel(&bytes);
            let _ = read_authorization(&bytes, capabilities);
            let _ = (read_channel(&bytes), read_result(&bytes));
        }
    }
}
