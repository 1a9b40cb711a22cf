//! The first exchange of a connection: X.224 Connection Request and Confirm in a TPKT
//! ([MS-RDPBCGR] 2.2.1.1 and 2.2.1.2, RFC 1006 section 6, X.224 section 13).

use model::codes::{NegFailure, NegFlags, Protocols};

use crate::cursor::{Cursor, Read, low8, low16};

/// Size of `tpktHeader`.
const TPKT_HEADER: usize = 4;
/// Size of the fixed part of a Connection Request or Confirm: LI, code, DST-REF, SRC-REF, class.
const X224_FIXED: usize = 7;

const CONNECTION_REQUEST: u8 = 0xE0;
const CONNECTION_CONFIRM: u8 = 0xD0;
const DISCONNECT_REQUEST: u8 = 0x80;
const TPDU_ERROR: u8 = 0x70;
pub(crate) const DATA: u8 = 0xF0;

const TYPE_RDP_NEG_REQ: u8 = 0x01;
const TYPE_RDP_NEG_RSP: u8 = 0x02;
const TYPE_RDP_NEG_FAILURE: u8 = 0x03;
const TYPE_RDP_CORRELATION_INFO: u8 = 0x06;
/// `length` of RDP_NEG_CORRELATION_INFO: header, `correlationId`, `reserved`.
const CORRELATION_LENGTH: u16 = 4 + 16 + 16;
/// `length` of every negotiation structure.
const NEG_LENGTH: u16 = 8;

/// `flags` of RDP_NEG_REQ: the client asks for Restricted Admin mode.
pub const RESTRICTED_ADMIN_REQUIRED: u8 = 0x01;
/// `flags` of RDP_NEG_REQ: the client asks for Remote Credential Guard.
pub const REDIRECTED_AUTHENTICATION_REQUIRED: u8 = 0x02;
/// `flags` of RDP_NEG_REQ: an RDP_NEG_CORRELATION_INFO follows.
pub const CORRELATION_INFO_PRESENT: u8 = 0x08;

/// A Connection Request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `requestedProtocols`; `None` when the request carries no RDP_NEG_REQ.
    pub offered: Option<Protocols>,
    /// `flags` of RDP_NEG_REQ.
    pub flags: u8,
    /// The value of `Cookie: mstshash=`.
    pub cookie: Option<String>,
    /// A routing token: the whole first line when it is not an `mstshash` cookie.
    pub routing_token: Option<String>,
    /// `correlationId` of RDP_NEG_CORRELATION_INFO.
    pub correlation: Option<[u8; 16]>,
}

/// What a Connection Confirm says about security protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// RDP_NEG_RSP.
    Chosen {
        /// `selectedProtocol`.
        protocols: Protocols,
        /// `flags`.
        flags: NegFlags,
    },
    /// RDP_NEG_FAILURE.
    Refused(NegFailure),
    /// No negotiation structure: the server knows only Standard RDP Security.
    Plain,
}

/// The server's answer to a Connection Request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A Connection Confirm that can be read.
    Confirm(Answer),
    /// A Connection Confirm whose variable part belongs to another protocol over X.224, or is damaged.
    Strange,
    /// A Disconnect Request (X.224 section 13.5), with its reason.
    Disconnected(u8),
    /// A TPDU Error (X.224 section 13.12), with its reject cause.
    Rejected(u8),
    /// Another X.224 message.
    Other(u8),
}

/// Writes a Connection Request. Without `offered` it carries no negotiation, as clients before RDP 5.2.
pub fn connection_request(offered: Option<Protocols>, cookie: Option<&str>) -> Vec<u8> {
    Request {
        offered,
        cookie: cookie.map(str::to_owned),
        ..Request::default()
    }
    .encode()
}

impl Request {
    /// Writes it. A routing token takes the place of a cookie ([MS-RDPBCGR] 2.2.1.1).
    pub fn encode(&self) -> Vec<u8> {
        let mut variable = Vec::new();
        let (begins, line) = match (&self.routing_token, &self.cookie) {
            (Some(token), _) => (&b""[..], Some(token)),
            (None, cookie) => (&b"Cookie: mstshash="[..], cookie.as_ref()),
        };
        if let Some(line) = line {
            // LI is one byte; the negotiation needs eight more, and a correlation 36.
            let room = if self.correlation.is_some() { 160 } else { 200 };
            variable.extend(begins);
            variable.extend(
                line.bytes()
                    .filter(|byte| !byte.is_ascii_control())
                    .take(room),
            );
            variable.extend(b"\r\n");
        }
        if let Some(offered) = self.offered {
            let present = if self.correlation.is_some() {
                CORRELATION_INFO_PRESENT
            } else {
                0
            };
            let flags = self.flags & !CORRELATION_INFO_PRESENT | present;
            variable.extend(negotiation(TYPE_RDP_NEG_REQ, flags, offered.0));
            if let Some(correlation) = self.correlation {
                let [l0, l1] = CORRELATION_LENGTH.to_le_bytes();
                variable.extend([TYPE_RDP_CORRELATION_INFO, 0, l0, l1]);
                variable.extend(correlation);
                variable.extend([0; 16]);
            }
        }
        tpkt(CONNECTION_REQUEST, 0, &variable)
    }
}

/// The routing token a connection broker hands out for a host ([MS-RDPBCGR] 3.2.5.3.1.1, the format of
/// Windows Server 2003 and later): its IPv4 address and port, each as a number of the bytes in reverse order.
pub fn routing_token(to: std::net::SocketAddrV4) -> String {
    let address = u32::from_le_bytes(to.ip().octets());
    format!("Cookie: msts={address}.{}.0000", to.port().swap_bytes())
}

/// Writes a Connection Confirm.
pub fn connection_confirm(answer: Answer) -> Vec<u8> {
    let variable = match answer {
        Answer::Chosen { protocols, flags } => {
            negotiation(TYPE_RDP_NEG_RSP, flags.0, protocols.0).to_vec()
        }
        Answer::Refused(code) => negotiation(TYPE_RDP_NEG_FAILURE, 0, code.0).to_vec(),
        Answer::Plain => Vec::new(),
    };
    tpkt(CONNECTION_CONFIRM, 0x1234, &variable)
}

fn negotiation(kind: u8, flags: u8, value: u32) -> [u8; 8] {
    let [v0, v1, v2, v3] = value.to_le_bytes();
    let [l0, l1] = NEG_LENGTH.to_le_bytes();
    [kind, flags, l0, l1, v0, v1, v2, v3]
}

fn tpkt(code: u8, source: u16, variable: &[u8]) -> Vec<u8> {
    let length = TPKT_HEADER + X224_FIXED + variable.len();
    let mut out = Vec::with_capacity(length);
    out.extend([0x03, 0x00]);
    out.extend(low16(length).to_be_bytes());
    out.extend([low8(X224_FIXED - 1 + variable.len()), code, 0x00, 0x00]);
    out.extend(source.to_be_bytes());
    out.push(0x00);
    out.extend(variable);
    out
}

/// Splits the first TPKT from a stream: the bytes after its header.
pub fn read_tpkt(stream: &[u8]) -> Read<&[u8]> {
    match stream {
        [] | [0x03] => Read::Partial,
        [0x03, 0x00, rest @ ..] => {
            let Some(length) = Cursor(rest).u16().map(usize::from) else {
                return Read::Partial;
            };
            // The smallest TPDU has a length indicator, a code and one more byte.
            if length < TPKT_HEADER + 3 {
                return Read::Not;
            }
            match stream.get(TPKT_HEADER..length) {
                Some(value) => Read::Whole {
                    value,
                    used: length,
                },
                None => Read::Partial,
            }
        }
        _ => Read::Not,
    }
}

/// Reads a Connection Request. Other X.224 messages are [`Read::Not`].
pub fn read_request(stream: &[u8]) -> Read<Request> {
    // The code decides before the message is whole, so that other protocols are recognised early.
    if stream
        .get(5)
        .is_some_and(|code| code & 0xF0 != CONNECTION_REQUEST)
    {
        return Read::Not;
    }
    match read_tpkt(stream) {
        Read::Whole { value, used } => {
            let variable = value.get(X224_FIXED..).unwrap_or_default();
            Read::Whole {
                value: request(variable),
                used,
            }
        }
        Read::Partial => Read::Partial,
        Read::Not => Read::Not,
    }
}

fn request(variable: &[u8]) -> Request {
    let mut request = Request::default();
    let mut rest = variable;
    // A first line is a cookie or a routing token. A negotiation structure cannot be mistaken for
    // one: it begins with a control character.
    if rest.first().is_some_and(|byte| (0x20..0x7F).contains(byte)) {
        let end = rest.windows(2).position(|pair| pair == b"\r\n");
        let (line, after) = match end {
            Some(end) => (
                rest.get(..end).unwrap_or_default(),
                rest.get(end.saturating_add(2)..).unwrap_or_default(),
            ),
            None => (rest, <&[u8]>::default()),
        };
        rest = after;
        match line.strip_prefix(b"Cookie: mstshash=") {
            Some(name) => request.cookie = Some(String::from_utf8_lossy(name).into_owned()),
            None => request.routing_token = Some(String::from_utf8_lossy(line).into_owned()),
        }
    }
    if let Some(Negotiation {
        kind: TYPE_RDP_NEG_REQ,
        flags,
        value,
        ..
    }) = read_negotiation(rest)
    {
        request.offered = Some(Protocols(value));
        request.flags = flags;
        // RDP_NEG_CORRELATION_INFO: type 6, flags, length 36, correlationId, reserved.
        if flags & CORRELATION_INFO_PRESENT != 0 {
            request.correlation = rest
                .get(usize::from(NEG_LENGTH)..)
                .filter(|info| info.first() == Some(&TYPE_RDP_CORRELATION_INFO))
                .and_then(|info| info.get(4..)?.first_chunk().copied());
        }
    }
    request
}

/// A negotiation structure.
struct Negotiation {
    kind: u8,
    flags: u8,
    length: u16,
    value: u32,
}

impl Negotiation {
    /// It is of its own length, or says what such a structure can say all the same: what is neither is damaged, and no
    /// word of the server.
    fn is_sound(&self) -> bool {
        let is_known = match self.kind {
            // One protocol, or none for RDP's own security.
            TYPE_RDP_NEG_RSP => self.value <= Protocols::RDSAAD.0 && self.value.count_ones() <= 1,
            _ => NegFailure(self.value).says().is_some(),
        };
        self.length == NEG_LENGTH || is_known
    }
}

fn read_negotiation(bytes: &[u8]) -> Option<Negotiation> {
    let mut cursor = Cursor(bytes);
    Some(Negotiation {
        kind: cursor.u8()?,
        flags: cursor.u8()?,
        length: cursor.u16_le()?,
        value: cursor.u32_le()?,
    })
}

/// Reads the answer to a Connection Request.
pub fn read_confirm(stream: &[u8]) -> Read<Reply> {
    let (tpdu, used) = match read_tpkt(stream) {
        Read::Whole { value, used } => (value, used),
        Read::Partial => return Read::Partial,
        Read::Not => return Read::Not,
    };
    let value = match tpdu.get(1).copied().unwrap_or_default() {
        code if code & 0xF0 == CONNECTION_CONFIRM => confirm(tpdu),
        DISCONNECT_REQUEST => Reply::Disconnected(tpdu.get(6).copied().unwrap_or_default()),
        TPDU_ERROR => Reply::Rejected(tpdu.get(4).copied().unwrap_or_default()),
        code => Reply::Other(code),
    };
    Read::Whole { value, used }
}

fn confirm(tpdu: &[u8]) -> Reply {
    let Some(variable) = tpdu.get(X224_FIXED..) else {
        return Reply::Strange;
    };
    if variable.is_empty() {
        return Reply::Confirm(Answer::Plain);
    }
    match read_negotiation(variable).filter(Negotiation::is_sound) {
        Some(Negotiation {
            kind: TYPE_RDP_NEG_RSP,
            flags,
            value,
            ..
        }) => Reply::Confirm(Answer::Chosen {
            protocols: Protocols(value),
            flags: NegFlags(flags),
        }),
        Some(Negotiation {
            kind: TYPE_RDP_NEG_FAILURE,
            value,
            ..
        }) => Reply::Confirm(Answer::Refused(NegFailure(value))),
        _ => Reply::Strange,
    }
}

/// A Connection Request. No server sends one: as an answer it is what was sent.
pub fn is_request(message: &[u8]) -> bool {
    message
        .get(5)
        .is_some_and(|code| code & 0xF0 == CONNECTION_REQUEST)
}

/// A Connection Request or Confirm whose variable part holds the parameters of another user of X.224,
/// such as S7comm: TPDU size, calling and called selector (X.224 section 13.3.4).
pub fn is_other_user(stream: &[u8]) -> bool {
    let mut cursor = Cursor(stream);
    let is_ours = |code| matches!(code & 0xF0, CONNECTION_REQUEST | CONNECTION_CONFIRM);
    cursor.take(5).is_some()
        && cursor.u8().is_some_and(is_ours)
        && cursor.take(5).is_some()
        && cursor.u8().is_some_and(|code| matches!(code, 0xC0..=0xC2))
}
