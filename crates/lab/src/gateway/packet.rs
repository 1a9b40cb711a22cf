//! Packets of the gateway's HTTP transport ([MS-TSGU] 2.2.10), as the server reads and writes them.

use wire::Read;

/// A packet longer than this is nobody's.
const LONGEST: usize = 128 * 1024;
/// What precedes the contents of every packet ([MS-TSGU] 2.2.10.9, HTTP_PACKET_HEADER).
const HEADER: usize = 8;

/// Types of packets ([MS-TSGU] 2.2.5.3.3, HTTP_PACKET_TYPE).
pub mod kind {
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
    /// PKT_TYPE_KEEPALIVE.
    pub const KEEPALIVE: u16 = 0xD;
    /// PKT_TYPE_CLOSE_CHANNEL.
    pub const CLOSE_CHANNEL: u16 = 0x10;
    /// PKT_TYPE_CLOSE_CHANNEL_RESPONSE.
    pub const CLOSE_CHANNEL_RESPONSE: u16 = 0x11;
}

/// Ways to authenticate inside the tunnel ([MS-TSGU] 2.2.5.3.2, HTTP_EXTENDED_AUTH).
pub mod extended {
    /// HTTP_EXTENDED_AUTH_SC.
    pub const SMART_CARD: u16 = 0x01;
    /// HTTP_EXTENDED_AUTH_PAA.
    pub const COOKIE: u16 = 0x02;
    /// HTTP_EXTENDED_AUTH_SSPI_NTLM.
    pub const NTLM: u16 = 0x04;
}

/// What both sides can ([MS-TSGU] 2.2.5.3.9, HTTP_CAPABILITY_TYPE).
pub mod capability {
    /// HTTP_CAPABILITY_IDLE_TIMEOUT.
    pub const IDLE_TIMEOUT: u32 = 0x02;
    /// HTTP_CAPABILITY_MESSAGING_CONSENT_SIGN.
    pub const CONSENT: u32 = 0x04;
    /// HTTP_CAPABILITY_MESSAGING_SERVICE_MSG.
    pub const SERVICE_MESSAGE: u32 = 0x08;
    /// HTTP_CAPABILITY_REAUTH.
    pub const REAUTH: u32 = 0x10;
}

/// A packet of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Its type.
    pub kind: u16,
    /// Its contents.
    pub body: Vec<u8>,
}

/// Reads a packet.
pub fn read(stream: &[u8]) -> Read<Packet> {
    let Some([kind_low, kind_high, _, _, a, b, c, d]) = stream.first_chunk::<HEADER>() else {
        return Read::Partial;
    };
    let length = u32::from_le_bytes([*a, *b, *c, *d]);
    let Some(length) = usize::try_from(length)
        .ok()
        .filter(|length| (HEADER..=LONGEST).contains(length))
    else {
        return Read::Not;
    };
    let Some(body) = stream.get(HEADER..length) else {
        return Read::Partial;
    };
    Read::Whole {
        value: Packet {
            kind: u16::from_le_bytes([*kind_low, *kind_high]),
            body: body.to_vec(),
        },
        used: length,
    }
}

/// Writes a packet.
pub fn write(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(HEADER.saturating_add(body.len())).unwrap_or(u32::MAX);
    let mut out = kind.to_le_bytes().to_vec();
    out.extend([0, 0]);
    out.extend(length.to_le_bytes());
    out.extend_from_slice(body);
    out
}

/// Numbers from the front of a packet's contents.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    /// So many bytes.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    /// An unsigned number of one byte.
    pub fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// An unsigned number of two bytes.
    pub fn short(&mut self) -> Option<u16> {
        self.take(2)?.first_chunk().copied().map(u16::from_le_bytes)
    }

    /// An unsigned number of four bytes.
    pub fn long(&mut self) -> Option<u32> {
        self.take(4)?.first_chunk().copied().map(u32::from_le_bytes)
    }

    /// Bytes after their length in two (HTTP_byte_BLOB).
    pub fn blob(&mut self) -> Option<&'a [u8]> {
        let length = self.short()?;
        self.take(usize::from(length))
    }

    /// Text after its length in two bytes (HTTP_UNICODE_STRING), without zeros at its end.
    pub fn text(&mut self) -> Option<String> {
        let bytes = self.blob()?;
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .filter_map(|pair| pair.first_chunk().copied().map(u16::from_le_bytes))
            .collect();
        Some(
            String::from_utf16_lossy(&units)
                .trim_end_matches('\0')
                .to_owned(),
        )
    }
}

/// HTTP_HANDSHAKE_RESPONSE_PACKET ([MS-TSGU] 2.2.10.11).
pub fn handshake_response(error: u32, extended: u16) -> Vec<u8> {
    let mut body = error.to_le_bytes().to_vec();
    // verMajor, verMinor, serverVersion.
    body.extend([1, 0, 0, 0]);
    body.extend(extended.to_le_bytes());
    write(kind::HANDSHAKE_RESPONSE, &body)
}

/// HTTP_EXTENDED_AUTH_PACKET ([MS-TSGU] 2.2.10.7).
pub fn extended_auth(error: u32, token: &[u8]) -> Vec<u8> {
    let mut body = error.to_le_bytes().to_vec();
    put_blob(&mut body, token);
    write(kind::EXTENDED_AUTH, &body)
}

/// HTTP_TUNNEL_RESPONSE with its optional part ([MS-TSGU] 2.2.10.20, 2.2.10.21).
pub fn tunnel_response(
    status: u32,
    tunnel: u32,
    capabilities: u32,
    consent: Option<&str>,
) -> Vec<u8> {
    const TUNNEL_ID: u16 = 0x1;
    const CAPS: u16 = 0x2;
    const CONSENT_MSG: u16 = 0x10;
    let present = match (status, consent) {
        (0, Some(_)) => TUNNEL_ID | CAPS | CONSENT_MSG,
        (0, None) => TUNNEL_ID | CAPS,
        _ => 0,
    };
    // serverVersion.
    let mut body = vec![1, 0];
    body.extend(status.to_le_bytes());
    body.extend(present.to_le_bytes());
    body.extend([0, 0]);
    if status == 0 {
        body.extend(tunnel.to_le_bytes());
        body.extend(capabilities.to_le_bytes());
        if let Some(consent) = consent {
            put_text(&mut body, consent);
        }
    }
    write(kind::TUNNEL_RESPONSE, &body)
}

/// HTTP_TUNNEL_AUTH_RESPONSE with its optional part ([MS-TSGU] 2.2.10.16, 2.2.10.17).
pub fn tunnel_auth_response(error: u32, redirection: u32, idle_minutes: u32) -> Vec<u8> {
    const REDIR_FLAGS: u16 = 0x1;
    const IDLE_TIMEOUT: u16 = 0x2;
    let mut body = error.to_le_bytes().to_vec();
    let present = if error == 0 {
        REDIR_FLAGS | IDLE_TIMEOUT
    } else {
        0
    };
    body.extend(present.to_le_bytes());
    body.extend([0, 0]);
    if error == 0 {
        body.extend(redirection.to_le_bytes());
        body.extend(idle_minutes.to_le_bytes());
    }
    write(kind::TUNNEL_AUTH_RESPONSE, &body)
}

/// HTTP_CHANNEL_PACKET ([MS-TSGU] 2.2.10.2): the names of the target, and its port.
pub fn read_channel(body: &[u8]) -> Option<(Vec<String>, u16)> {
    let mut fields = Fields(body);
    let resources = fields.byte()?;
    let alternatives = fields.byte()?;
    let port = fields.short()?;
    let _protocol = fields.short()?;
    let names: Vec<String> = (0..u16::from(resources) + u16::from(alternatives))
        .map_while(|_| fields.text())
        .collect();
    (!names.is_empty()).then_some((names, port))
}

/// HTTP_CHANNEL_RESPONSE with its optional part ([MS-TSGU] 2.2.10.4, 2.2.10.5).
pub fn channel_response(error: u32, channel: u32) -> Vec<u8> {
    const CHANNEL_ID: u16 = 0x1;
    let mut body = error.to_le_bytes().to_vec();
    let present = if error == 0 { CHANNEL_ID } else { 0 };
    body.extend(present.to_le_bytes());
    body.extend([0, 0]);
    if error == 0 {
        body.extend(channel.to_le_bytes());
    }
    write(kind::CHANNEL_RESPONSE, &body)
}

/// HTTP_DATA_PACKETs that carry these bytes ([MS-TSGU] 2.2.10.6).
pub fn data(bytes: &[u8]) -> Vec<u8> {
    /// The length has two bytes; clients read into buffers of half of what they could hold.
    const MOST: usize = 16 * 1024;
    bytes
        .chunks(MOST)
        .flat_map(|piece| {
            let mut body = Vec::with_capacity(piece.len().saturating_add(2));
            put_blob(&mut body, piece);
            write(kind::DATA, &body)
        })
        .collect()
}

/// HTTP_SERVICE_MESSAGE ([MS-TSGU] 2.2.10.13).
pub fn service_message(text: &str) -> Vec<u8> {
    let mut body = Vec::new();
    put_text(&mut body, text);
    write(kind::SERVICE_MESSAGE, &body)
}

/// HTTP_CLOSE_PACKET ([MS-TSGU] 2.2.10.23).
pub fn close(kind: u16, status: u32) -> Vec<u8> {
    write(kind, &status.to_le_bytes())
}

fn put_blob(out: &mut Vec<u8>, bytes: &[u8]) {
    let bytes = bytes.get(..usize::from(u16::MAX)).unwrap_or(bytes);
    out.extend(u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_le_bytes());
    out.extend_from_slice(bytes);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    let bytes: Vec<u8> = text
        .encode_utf16()
        .take(30_000)
        .flat_map(u16::to_le_bytes)
        .collect();
    put_blob(out, &bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_read_when_it_is_whole() {
        let sent = write(kind::HANDSHAKE_REQUEST, &[1, 0, 0, 0, 0, 0]);
        assert_eq!(sent, [1, 0, 0, 0, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
        for end in 0..sent.len() {
            assert_eq!(read(&sent[..end]), Read::Partial);
        }
        let body = vec![1, 0, 0, 0, 0, 0];
        let value = Packet { kind: 1, body };
        assert_eq!(read(&sent), Read::Whole { value, used: 14 });
        assert_eq!(
            read(&[1, 0, 0, 0, 7, 0, 0, 0]),
            Read::Not,
            "shorter than its header"
        );
        assert_eq!(
            read(&[1, 0, 0, 0, 0, 0, 0, 1]),
            Read::Not,
            "longer than any"
        );
    }

    #[test]
    fn the_names_of_a_target_are_read() {
        // One name, one alternative, port 3389, protocol 3.
        let body = [
            &[1, 1, 0x3D, 0x0D, 3, 0][..],
            &[8, 0, b'p', 0, b'c', 0, b'1', 0, 0, 0],
            &[2, 0, b'x', 0],
        ]
        .concat();
        let names = vec!["pc1".to_owned(), "x".to_owned()];
        assert_eq!(read_channel(&body), Some((names, 3389)));
        assert_eq!(read_channel(&body[..6]), None);
    }

    #[test]
    fn answers_have_the_sizes_of_the_specification() {
        let sizes = [
            handshake_response(0, 0).len(),
            tunnel_response(0, 6, 0x3F, None).len(),
            tunnel_response(0x8007_59DB, 6, 0x3F, None).len(),
            tunnel_auth_response(0, 0, 0).len(),
            channel_response(0, 1).len(),
            channel_response(0x59DD, 1).len(),
            close(kind::CLOSE_CHANNEL, 0).len(),
        ];
        assert_eq!(sizes, [18, 26, 18, 24, 20, 16, 12]);
        let consent = tunnel_response(0, 6, 0x3F, Some("Hi"));
        assert_eq!(consent.get(26..), Some(&[4, 0, b'H', 0, b'i', 0][..]));
    }

    #[test]
    fn data_longer_than_a_packet_is_cut() {
        let sent = data(&vec![1; 40_000]);
        let mut rest = sent.as_slice();
        let mut sizes = Vec::new();
        while let Read::Whole { value, used } = read(rest) {
            sizes.push(Fields(&value.body).blob().unwrap().len());
            rest = &rest[used..];
        }
        assert_eq!(sizes, [16_384, 16_384, 7_232]);
    }
}
