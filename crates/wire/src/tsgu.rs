//! The packets with which a client goes through an RD Gateway over HTTP or a WebSocket ([MS-TSGU] 2.2.10): what a
//! client sends, and what a gateway answers. Optional fields that are cut off leave what stands before them.
//!
//! [MS-TSGU]: https://learn.microsoft.com/openspecs/windows_protocols/ms-tsgu/

use crate::cursor::{Cursor, Read};

/// HTTP_PACKET_TYPE ([MS-TSGU] 2.2.5.3.3).
pub mod packet_type {
    /// PKT_TYPE_HANDSHAKE_REQUEST.
    pub const HANDSHAKE_REQUEST: u16 = 0x1;
    /// PKT_TYPE_HANDSHAKE_RESPONSE.
    pub const HANDSHAKE_RESPONSE: u16 = 0x2;
    /// PKT_TYPE_EXTENDED_AUTH_MSG.
    pub const EXTENDED_AUTH: u16 = 0x3;
    /// PKT_TYPE_TUNNEL_CREATE.
    pub const TUNNEL_CREATE: u16 = 0x4;
    /// PKT_TYPE_TUNNEL_RESPONSE.
    pub const TUNNEL_RESPONSE: u16 = 0x5;
    /// PKT_TYPE_TUNNEL_AUTH.
    pub const TUNNEL_AUTH: u16 = 0x6;
    /// PKT_TYPE_TUNNEL_AUTH_RESPONSE.
    pub const TUNNEL_AUTH_RESPONSE: u16 = 0x7;
    /// PKT_TYPE_CHANNEL_CREATE.
    pub const CHANNEL_CREATE: u16 = 0x8;
    /// PKT_TYPE_CHANNEL_RESPONSE.
    pub const CHANNEL_RESPONSE: u16 = 0x9;
    /// PKT_TYPE_DATA.
    pub const DATA: u16 = 0xA;
    /// PKT_TYPE_SERVICE_MESSAGE.
    pub const SERVICE_MESSAGE: u16 = 0xB;
    /// PKT_TYPE_REAUTH_MESSAGE.
    pub const REAUTH_MESSAGE: u16 = 0xC;
    /// PKT_TYPE_KEEPALIVE.
    pub const KEEPALIVE: u16 = 0xD;
    /// PKT_TYPE_CLOSE_CHANNEL.
    pub const CLOSE_CHANNEL: u16 = 0x10;
    /// PKT_TYPE_CLOSE_CHANNEL_RESPONSE.
    pub const CLOSE_CHANNEL_RESPONSE: u16 = 0x11;
}

/// `capsFlags` of a client that has no statement of health and no second transport: idle time-out, consent and
/// service messages ([MS-TSGU] 2.2.5.3.9).
pub const CAPABILITIES: u32 = 0x2 | 0x4 | 0x8;

/// `packetType`, `reserved`, `packetLength`.
const HEADER: usize = 2 + 2 + 4;
/// A longer packet is none.
pub const LARGEST: usize = 128 * 1024;
/// The most data of one packet: its length is a u16, and gateways take less than all of it.
pub const MOST_DATA: usize = 16 * 1024;

/// A packet of the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet {
    /// HTTP_HANDSHAKE_RESPONSE_PACKET.
    Handshake {
        /// `errorCode`, an HRESULT.
        error: u32,
        /// `verMajor` and `verMinor`.
        version: (u8, u8),
        /// `ExtendedAuth`: which further ways to authenticate it takes.
        extended: u16,
    },
    /// HTTP_TUNNEL_RESPONSE.
    Tunnel {
        /// `statusCode`, an HRESULT.
        error: u32,
        /// `tunnelId`.
        tunnel: Option<u32>,
        /// `capsFlags`.
        capabilities: Option<u32>,
        /// `consentMsg`: what its users have to agree to.
        consent: Option<String>,
    },
    /// HTTP_TUNNEL_AUTH_RESPONSE.
    Authorization {
        /// `errorCode`, an HRESULT.
        error: u32,
        /// `redirFlags`: which devices it keeps from being redirected.
        redirection: Option<u32>,
        /// `idleTimeout`, in minutes.
        idle: Option<u32>,
    },
    /// HTTP_CHANNEL_RESPONSE.
    Channel {
        /// `errorCode`, an HRESULT.
        error: u32,
        /// `channelId`.
        channel: Option<u32>,
        /// `udpPort` of the side transport.
        udp_port: Option<u16>,
    },
    /// HTTP_DATA_PACKET.
    Data(Vec<u8>),
    /// HTTP_SERVICE_MESSAGE.
    Service(String),
    /// HTTP_CLOSE_PACKET: the gateway ends the channel, or confirms its end.
    Close {
        /// `statusCode`, an HRESULT.
        error: u32,
    },
    /// HTTP_EXTENDED_AUTH_PACKET.
    ExtendedAuth {
        /// `errorCode`, an HRESULT.
        error: u32,
    },
    /// HTTP_KEEPALIVE_PACKET.
    KeepAlive,
    /// Another packet.
    Other {
        /// Its type.
        kind: u16,
    },
}

/// HTTP_HANDSHAKE_REQUEST_PACKET, without an extended authentication.
pub fn handshake_request() -> Vec<u8> {
    // verMajor, verMinor, clientVersion, ExtendedAuth.
    packet(packet_type::HANDSHAKE_REQUEST, &[1, 0, 0, 0, 0, 0])
}

/// HTTP_TUNNEL_PACKET, without a cookie.
pub fn tunnel_create(capabilities: u32) -> Vec<u8> {
    let mut body = capabilities.to_le_bytes().to_vec();
    // fieldsPresent, reserved.
    body.extend([0; 4]);
    packet(packet_type::TUNNEL_CREATE, &body)
}

/// HTTP_TUNNEL_AUTH_PACKET with the name of the client's machine, without a statement of health.
pub fn tunnel_auth(client: &str) -> Vec<u8> {
    // fieldsPresent, then cbClientName and clientName.
    let mut body = vec![0; 2];
    body.extend(string(client));
    packet(packet_type::TUNNEL_AUTH, &body)
}

/// HTTP_CHANNEL_PACKET for one host.
pub fn channel_create(host: &str, port: u16) -> Vec<u8> {
    /// The protocol number of RDP.
    const PROTOCOL: u16 = 3;
    // numResources, numAltResources.
    let mut body = vec![1, 0];
    body.extend(port.to_le_bytes());
    body.extend(PROTOCOL.to_le_bytes());
    body.extend(string(host));
    packet(packet_type::CHANNEL_CREATE, &body)
}

/// HTTP_DATA_PACKETs with these bytes.
pub fn data(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().saturating_add(HEADER + 2));
    for piece in bytes.chunks(MOST_DATA) {
        let mut body = u16::try_from(piece.len())
            .unwrap_or(u16::MAX)
            .to_le_bytes()
            .to_vec();
        body.extend(piece);
        out.extend(packet(packet_type::DATA, &body));
    }
    out
}

/// HTTP_CLOSE_PACKET of a client that is done.
pub fn close() -> Vec<u8> {
    packet(packet_type::CLOSE_CHANNEL, &[0; 4])
}

/// A packet with its header.
fn packet(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = body.len().saturating_add(HEADER);
    let mut out = Vec::with_capacity(length);
    out.extend(kind.to_le_bytes());
    out.extend([0; 2]);
    out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(body);
    out
}

/// HTTP_UNICODE_STRING: UTF-16 with a final zero, as clients write it, and its length in bytes before it.
fn string(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text
        .encode_utf16()
        .chain([0])
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut out = u16::try_from(units.len())
        .unwrap_or(u16::MAX)
        .to_le_bytes()
        .to_vec();
    out.extend(units);
    out
}

/// Reads a packet of the gateway.
pub fn read(bytes: &[u8]) -> Read<Packet> {
    let mut cursor = Cursor(bytes);
    let (Some(kind), Some(_), Some(length)) =
        (cursor.u16_le(), cursor.u16_le(), u32_le(&mut cursor))
    else {
        return Read::Partial;
    };
    let Some(used) = usize::try_from(length)
        .ok()
        .filter(|length| (HEADER..=LARGEST).contains(length))
    else {
        return Read::Not;
    };
    let Some(body) = bytes.get(HEADER..used) else {
        return Read::Partial;
    };
    let mut body = Cursor(body);
    let value = match kind {
        packet_type::HANDSHAKE_RESPONSE => read_handshake(&mut body),
        packet_type::TUNNEL_RESPONSE => read_tunnel(&mut body),
        packet_type::TUNNEL_AUTH_RESPONSE => read_authorization(&mut body),
        packet_type::CHANNEL_RESPONSE => read_channel(&mut body),
        packet_type::DATA => {
            let length = body.u16_le().map(usize::from).unwrap_or_default();
            Some(Packet::Data(body.take(length).unwrap_or(body.0).to_vec()))
        }
        packet_type::SERVICE_MESSAGE => read_string(&mut body).map(Packet::Service),
        packet_type::CLOSE_CHANNEL | packet_type::CLOSE_CHANNEL_RESPONSE => {
            // Some gateways leave the status out.
            let error = u32_le(&mut body).unwrap_or_default();
            Some(Packet::Close { error })
        }
        packet_type::EXTENDED_AUTH => u32_le(&mut body).map(|error| Packet::ExtendedAuth { error }),
        packet_type::KEEPALIVE => Some(Packet::KeepAlive),
        kind => Some(Packet::Other { kind }),
    };
    match value {
        Some(value) => Read::Whole { value, used },
        None => Read::Not,
    }
}

fn read_handshake(body: &mut Cursor<'_>) -> Option<Packet> {
    let error = u32_le(body)?;
    let version = body.u8().zip(body.u8()).unwrap_or_default();
    let _server_version = body.u16_le();
    Some(Packet::Handshake {
        error,
        version,
        extended: body.u16_le().unwrap_or_default(),
    })
}

fn read_tunnel(body: &mut Cursor<'_>) -> Option<Packet> {
    let _server_version = body.u16_le()?;
    let error = u32_le(body)?;
    let present = body.u16_le().unwrap_or_default();
    let _reserved = body.u16_le();
    let tunnel = field(present, 0x1, || u32_le(body));
    let capabilities = field(present, 0x2, || u32_le(body));
    // The nonce and the certificate for statements of health.
    let _ = field(present, 0x4, || {
        body.take(16)?;
        read_string(body)
    });
    let consent = field(present, 0x10, || read_string(body));
    Some(Packet::Tunnel {
        error,
        tunnel,
        capabilities,
        consent,
    })
}

fn read_authorization(body: &mut Cursor<'_>) -> Option<Packet> {
    let error = u32_le(body)?;
    let present = body.u16_le().unwrap_or_default();
    let _reserved = body.u16_le();
    Some(Packet::Authorization {
        error,
        redirection: field(present, 0x1, || u32_le(body)),
        idle: field(present, 0x2, || u32_le(body)),
    })
}

fn read_channel(body: &mut Cursor<'_>) -> Option<Packet> {
    let error = u32_le(body)?;
    let present = body.u16_le().unwrap_or_default();
    let _reserved = body.u16_le();
    Some(Packet::Channel {
        error,
        channel: field(present, 0x1, || u32_le(body)),
        udp_port: field(present, 0x4, || body.u16_le()),
    })
}

/// Reads a field when the flags say that it is there.
fn field<T>(present: u16, flag: u16, read: impl FnOnce() -> Option<T>) -> Option<T> {
    if present & flag == 0 { None } else { read() }
}

/// HTTP_UNICODE_STRING, without its final zero.
fn read_string(body: &mut Cursor<'_>) -> Option<String> {
    let length = usize::from(body.u16_le()?);
    let bytes = body.take(length).unwrap_or(body.0);
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .filter_map(|unit| unit.first_chunk().copied().map(u16::from_le_bytes))
        .collect();
    Some(
        String::from_utf16_lossy(&units)
            .trim_end_matches('\0')
            .to_owned(),
    )
}

fn u32_le(cursor: &mut Cursor<'_>) -> Option<u32> {
    Some(u32::from(cursor.u16_le()?) | u32::from(cursor.u16_le()?) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    use proptest::prelude::*;

    fn whole(bytes: &[u8]) -> Packet {
        match read(bytes) {
            Read::Whole { value, used } if used == bytes.len() => value,
            other => panic!("{other:?}"),
        }
    }

    /// The values of [MS-TSGU] 4.2.1 in the structures of 2.2.10.
    #[test]
    fn a_client_asks_in_four_packets() {
        assert_eq!(
            handshake_request(),
            hex!("0100 0000 0e000000 01 00 0000 0000")
        );
        assert_eq!(
            tunnel_create(0x3F),
            hex!("0400 0000 10000000 3f000000 0000 0000")
        );
        assert_eq!(
            tunnel_auth("PC"),
            hex!("0600 0000 12000000 0000 0600 5000 4300 0000")
        );
        assert_eq!(
            channel_create("pc", 3389),
            hex!("0800 0000 16000000 01 00 3d0d 0300 0600 7000 6300 0000")
        );
        assert_eq!(data(b"abc"), hex!("0a00 0000 0d000000 0300 616263"));
        assert_eq!(close(), hex!("1000 0000 0c000000 00000000"));
    }

    #[test]
    fn the_gateway_answers_in_four_packets() {
        assert_eq!(
            whole(&hex!("0200 0000 12000000 00000000 01 00 0000 0300")),
            Packet::Handshake {
                error: 0,
                version: (1, 0),
                extended: 3
            }
        );
        assert_eq!(
            whole(&hex!(
                "0500 0000 1a000000 0000 00000000 0300 0000 06000000 3f000000"
            )),
            Packet::Tunnel {
                error: 0,
                tunnel: Some(6),
                capabilities: Some(0x3F),
                consent: None
            }
        );
        assert_eq!(
            whole(&hex!(
                "0700 0000 18000000 00000000 0300 0000 00000000 1e000000"
            )),
            Packet::Authorization {
                error: 0,
                redirection: Some(0),
                idle: Some(30)
            }
        );
        assert_eq!(
            whole(&hex!(
                "0900 0000 18000000 00000000 0500 0000 01000000 3f0d 0000"
            )),
            Packet::Channel {
                error: 0,
                channel: Some(1),
                udp_port: Some(3391)
            }
        );
    }

    #[test]
    fn a_refusal_has_no_fields() {
        assert_eq!(
            whole(&hex!("0700 0000 10000000 db590780 0000 0000")),
            Packet::Authorization {
                error: 0x8007_59DB,
                redirection: None,
                idle: None
            }
        );
        assert_eq!(
            whole(&hex!("0900 0000 10000000 da590780 0000 0000")),
            Packet::Channel {
                error: 0x8007_59DA,
                channel: None,
                udp_port: None
            }
        );
        assert_eq!(
            whole(&hex!("1000 0000 0c000000 d4040000")),
            Packet::Close { error: 0x4D4 }
        );
    }

    #[test]
    fn a_consent_follows_what_stands_before_it() {
        let packet = hex!(
            "0500 0000 36000000 0000 00000000 1700 0000 01000000 00000000"
            "00112233445566778899aabbccddeeff 0400 41000000 0400 4f004b00"
        );
        assert_eq!(
            whole(&packet),
            Packet::Tunnel {
                error: 0,
                tunnel: Some(1),
                capabilities: Some(0),
                consent: Some("OK".to_owned())
            }
        );
    }

    #[test]
    fn what_is_no_packet_is_none() {
        assert_eq!(read(b"HTTP/1.1 200 OK"), Read::Not);
        assert_eq!(read(&hex!("0200 0000 07000000")), Read::Not);
        assert_eq!(read(&hex!("0200 0000 12000000 0000")), Read::Partial);
        assert_eq!(
            read(&hex!("7700 0000 08000000")),
            Read::Whole {
                value: Packet::Other { kind: 0x77 },
                used: 8
            }
        );
    }

    proptest! {
        #[test]
        fn what_is_sent_as_data_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..40_000)) {
            let written = data(&bytes);
            let (mut rest, mut got) = (&written[..], Vec::new());
            while let Read::Whole { value: Packet::Data(piece), used } = read(rest) {
                got.extend(piece);
                rest = rest.get(used..).unwrap_or_default();
            }
            prop_assert_eq!(got, bytes);
        }

        #[test]
        fn any_bytes_are_calm(bytes: Vec<u8>, kind in 0_u16..20) {
            let _ = read(&bytes);
            let _ = read(&packet(kind, &bytes));
        }
    }
}
