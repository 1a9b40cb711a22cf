//! The part of TLS that goes in clear: records, alerts, hellos and, up to TLS 1.2, certificates
//! (RFC 5246, RFC 8446). Nothing here decrypts or verifies.

mod flight;
mod hello;
mod session;

use model::codes::{CipherSuite, TlsAlert, TlsVersion};

pub use flight::{KeyExchange, Terms, read_key_exchange, read_terms};
pub use hello::{ClientHello, Hello, Resume, Survey, read_client_hello};
pub use session::{Kept, hkdf_label};

use crate::cursor::{Cursor, Read, low16, size};

/// Size of a record's header.
pub const RECORD_HEADER: usize = 5;
/// The largest record body: 2^14 bytes and what encryption may add (RFC 5246 section 6.2.3).
pub const LARGEST_RECORD: usize = 16_384 + 2_048;
/// Size of a handshake message's header.
pub const HANDSHAKE_HEADER: usize = 4;

/// `ContentType` (RFC 8446 section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// change_cipher_spec.
    ChangeCipherSpec,
    /// alert.
    Alert,
    /// handshake.
    Handshake,
    /// application_data.
    ApplicationData,
    /// heartbeat (RFC 6520).
    Heartbeat,
}

impl Content {
    const fn of(number: u8) -> Option<Self> {
        match number {
            20 => Some(Self::ChangeCipherSpec),
            21 => Some(Self::Alert),
            22 => Some(Self::Handshake),
            23 => Some(Self::ApplicationData),
            24 => Some(Self::Heartbeat),
            _ => None,
        }
    }
}

/// The header of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// `type`.
    pub content: Content,
    /// `legacy_record_version`.
    pub version: TlsVersion,
    /// `length` of what follows.
    pub length: usize,
}

/// A record: its header and its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// `type`.
    pub content: Content,
    /// `legacy_record_version`.
    pub version: TlsVersion,
    /// `fragment`.
    pub body: &'a [u8],
}

/// Reads the header of a record: content type, a version 3.x, and a length that is allowed.
pub fn read_header(stream: &[u8]) -> Read<Header> {
    match looks_like_record(stream) {
        None => return Read::Partial,
        Some(false) => return Read::Not,
        Some(true) => {}
    }
    let header = |mut cursor: Cursor<'_>| {
        let content = Content::of(cursor.u8()?)?;
        let version = TlsVersion(cursor.u16()?);
        Some(Header {
            content,
            version,
            length: usize::from(cursor.u16()?),
        })
    };
    match header(Cursor(stream)) {
        Some(value) => Read::Whole {
            value,
            used: RECORD_HEADER,
        },
        None => Read::Not,
    }
}

/// Whether these bytes begin a TLS record; `None` while they are too few to tell.
pub fn looks_like_record(stream: &[u8]) -> Option<bool> {
    let kind = stream.first().map(|&kind| Content::of(kind).is_some());
    let major = stream.get(1).map(|&major| major == 0x03);
    let minor = stream.get(2).map(|&minor| minor <= 0x04);
    if [kind, major, minor].contains(&Some(false)) {
        return Some(false);
    }
    let length = usize::from(Cursor(stream.get(3..)?).u16()?);
    Some(length <= LARGEST_RECORD)
}

/// Splits the first record from a stream.
pub fn read_record(stream: &[u8]) -> Read<Record<'_>> {
    match read_header(stream) {
        Read::Whole {
            value:
                Header {
                    content,
                    version,
                    length,
                },
            used,
        } => {
            let end = used.saturating_add(length);
            match stream.get(used..end) {
                Some(body) => Read::Whole {
                    value: Record {
                        content,
                        version,
                        body,
                    },
                    used: end,
                },
                None => Read::Partial,
            }
        }
        Read::Partial => Read::Partial,
        Read::Not => Read::Not,
    }
}

/// Writes a body as records of one kind.
pub fn record(content: Content, version: TlsVersion, body: &[u8]) -> Vec<u8> {
    let kind = match content {
        Content::ChangeCipherSpec => 20,
        Content::Alert => 21,
        Content::Handshake => 22,
        Content::ApplicationData => 23,
        Content::Heartbeat => 24,
    };
    let mut out = Vec::with_capacity(body.len().saturating_add(RECORD_HEADER));
    for piece in body.chunks(16_384) {
        out.push(kind);
        out.extend(version.0.to_be_bytes());
        out.extend(low16(piece.len()).to_be_bytes());
        out.extend(piece);
    }
    out
}

/// `AlertLevel` (RFC 8446 section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertLevel {
    /// warning.
    Warning,
    /// fatal.
    Fatal,
    /// A number without a name.
    Other(u8),
}

/// Reads the body of an alert record; `None` when it is encrypted or damaged.
pub fn read_alert(body: &[u8]) -> Option<(AlertLevel, TlsAlert)> {
    let &[level, description] = body else {
        return None;
    };
    let level = match level {
        1 => AlertLevel::Warning,
        2 => AlertLevel::Fatal,
        other => AlertLevel::Other(other),
    };
    Some((level, TlsAlert(description)))
}

/// Writes an alert record in clear.
pub fn alert(level: AlertLevel, alert: TlsAlert) -> Vec<u8> {
    let level = match level {
        AlertLevel::Warning => 1,
        AlertLevel::Fatal => 2,
        AlertLevel::Other(other) => other,
    };
    record(Content::Alert, TlsVersion::TLS1_2, &[level, alert.0])
}

/// A handshake message: its type and its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handshake<'a> {
    /// `msg_type`, one of [`handshake`].
    pub kind: u8,
    /// The body.
    pub body: &'a [u8],
}

/// `HandshakeType` (RFC 5246 section 7.4).
pub mod handshake {
    /// client_hello.
    pub const CLIENT_HELLO: u8 = 1;
    /// server_hello.
    pub const SERVER_HELLO: u8 = 2;
    /// new_session_ticket.
    pub const NEW_SESSION_TICKET: u8 = 4;
    /// certificate.
    pub const CERTIFICATE: u8 = 11;
    /// server_key_exchange.
    pub const SERVER_KEY_EXCHANGE: u8 = 12;
    /// certificate_request.
    pub const CERTIFICATE_REQUEST: u8 = 13;
    /// server_hello_done.
    pub const SERVER_HELLO_DONE: u8 = 14;
    /// client_key_exchange.
    pub const CLIENT_KEY_EXCHANGE: u8 = 16;
    /// certificate_status (RFC 6066).
    pub const CERTIFICATE_STATUS: u8 = 22;
}

/// Splits the first message from joined bodies of handshake records. A message larger than
/// `largest` is [`Read::Not`].
pub fn read_handshake(joined: &[u8], largest: usize) -> Read<Handshake<'_>> {
    let mut cursor = Cursor(joined);
    let (Some(kind), Some(length)) = (cursor.u8(), cursor.u24()) else {
        return Read::Partial;
    };
    let length = size(length);
    if length > largest {
        return Read::Not;
    }
    match cursor.take(length) {
        Some(body) => Read::Whole {
            value: Handshake { kind, body },
            used: HANDSHAKE_HEADER.saturating_add(length),
        },
        None => Read::Partial,
    }
}

/// Writes a handshake message.
pub fn handshake_message(kind: u8, body: &[u8]) -> Vec<u8> {
    let [_, l0, l1, l2] = u32::try_from(body.len())
        .unwrap_or(0x00FF_FFFF)
        .to_be_bytes();
    let mut out = vec![kind, l0, l1, l2];
    out.extend(body);
    out
}

/// What a ServerHello says (RFC 8446 section 4.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerHello {
    /// The version: `supported_versions` where present, else `legacy_version`.
    pub version: TlsVersion,
    /// `cipher_suite`.
    pub suite: CipherSuite,
    /// It is a HelloRetryRequest: the server wants another ClientHello.
    pub retry: bool,
}

/// The `random` that makes a ServerHello a HelloRetryRequest: SHA-256 of those words.
const RETRY_RANDOM: [u8; 32] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
];

const SUPPORTED_VERSIONS: u16 = 43;

/// Reads the body of a ServerHello.
pub fn read_server_hello(body: &[u8]) -> Option<ServerHello> {
    let mut cursor = Cursor(body);
    let mut version = TlsVersion(cursor.u16()?);
    let retry = cursor.take(32)? == RETRY_RANDOM;
    cursor.run8()?; // legacy_session_id_echo
    let suite = CipherSuite(cursor.u16()?);
    cursor.u8(); // legacy_compression_method
    let mut extensions = Cursor(cursor.run16().unwrap_or_default());
    while let (Some(kind), Some(value)) = (extensions.u16(), extensions.run16()) {
        if kind == SUPPORTED_VERSIONS
            && let Some(chosen) = Cursor(value).u16()
        {
            version = TlsVersion(chosen);
        }
    }
    Some(ServerHello {
        version,
        suite,
        retry,
    })
}

/// Reads the body of a Certificate message up to TLS 1.2: the encoded certificates, the server's own
/// first. What follows a damaged entry is left out.
pub fn read_certificates(body: &[u8]) -> Option<Vec<&[u8]>> {
    let mut list = Cursor(Cursor(body).run24()?);
    let mut certificates = Vec::new();
    while let Some(certificate) = list.run24() {
        certificates.push(certificate);
    }
    Some(certificates)
}

/// Writes the body of a Certificate message up to TLS 1.2.
pub fn certificates(encoded: &[Vec<u8>]) -> Vec<u8> {
    let run24 = |bytes: &[u8]| -> Vec<u8> {
        let length = u32::try_from(bytes.len())
            .unwrap_or(0x00FF_FFFF)
            .to_be_bytes();
        length
            .into_iter()
            .skip(1)
            .chain(bytes.iter().copied())
            .collect()
    };
    run24(
        &encoded
            .iter()
            .flat_map(|certificate| run24(certificate))
            .collect::<Vec<u8>>(),
    )
}

/// What a CertificateRequest up to TLS 1.2 asks for (RFC 5246 section 7.4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRequest {
    /// `certificate_types`.
    pub types: Vec<u8>,
    /// How many `certificate_authorities` it names.
    pub authorities: usize,
}

/// Reads the body of a CertificateRequest.
pub fn read_certificate_request(body: &[u8], version: TlsVersion) -> Option<CertificateRequest> {
    let mut cursor = Cursor(body);
    let types = cursor.run8()?.to_vec();
    if version >= TlsVersion::TLS1_2 {
        cursor.run16()?; // supported_signature_algorithms
    }
    let mut names = Cursor(cursor.run16().unwrap_or_default());
    let mut authorities = 0_usize;
    while names.run16().is_some() {
        authorities = authorities.saturating_add(1);
    }
    Some(CertificateRequest { types, authorities })
}

/// Writes the body of a ServerHello; TLS 1.3 is named in `supported_versions`.
pub fn server_hello(hello: ServerHello, random: [u8; 32]) -> Vec<u8> {
    let legacy = hello.version.min(TlsVersion::TLS1_2);
    let mut out = legacy.0.to_be_bytes().to_vec();
    out.extend(if hello.retry { RETRY_RANDOM } else { random });
    out.push(0);
    out.extend(hello.suite.0.to_be_bytes());
    out.push(0);
    if hello.version > TlsVersion::TLS1_2 {
        let [high, low] = hello.version.0.to_be_bytes();
        out.extend([0, 6, 0, 43, 0, 2, high, low]);
    }
    out
}
