//! PDUs of connection-oriented DCE/RPC (C706 12.6, [MS-RPCE] 2.2.2), as a server reads and writes them.

use wire::Read;

use crate::gateway::packet::Fields;

/// The size of the header that all PDUs have (C706 12.6).
pub(super) const COMMON: usize = 16;
/// The size of a response's header: the stub begins behind it.
pub(super) const RESPONSE: usize = 24;
/// The size of a sec_trailer ([MS-RPCE] 2.2.2.11), without what the security provider adds.
pub(super) const TRAILER: usize = 8;

/// Types of PDUs (C706 12.6, [MS-RPCE] 2.2.2.10, [MS-RPCH] 2.2.3.6.1).
pub(super) mod kind {
    pub const REQUEST: u8 = 0;
    pub const RESPONSE: u8 = 2;
    pub const FAULT: u8 = 3;
    pub const BIND: u8 = 11;
    pub const BIND_ACK: u8 = 12;
    pub const BIND_NAK: u8 = 13;
    pub const ALTER_CONTEXT: u8 = 14;
    pub const ALTER_CONTEXT_RESP: u8 = 15;
    /// rpc_auth_3.
    pub const AUTH_3: u8 = 16;
    pub const CO_CANCEL: u8 = 18;
    pub const ORPHANED: u8 = 19;
    pub const RTS: u8 = 20;
}

/// Flags of PDUs (C706 12.6, [MS-RPCE] 2.2.2.3).
pub(super) mod flag {
    /// PFC_FIRST_FRAG.
    pub const FIRST: u8 = 0x01;
    /// PFC_LAST_FRAG.
    pub const LAST: u8 = 0x02;
    /// The only fragment.
    pub const WHOLE: u8 = FIRST | LAST;
    /// PFC_SUPPORT_HEADER_SIGN, where contexts are agreed on.
    pub const HEADER_SIGN: u8 = 0x04;
    /// PFC_CONC_MPX.
    pub const MULTIPLEX: u8 = 0x10;
    /// PFC_DID_NOT_EXECUTE.
    pub const NOT_EXECUTED: u8 = 0x20;
    /// PFC_OBJECT_UUID.
    pub const OBJECT: u8 = 0x80;
}

/// The header that all PDUs have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub kind: u8,
    pub flags: u8,
    pub length: u16,
    pub auth_length: u16,
    pub call: u32,
}

impl Header {
    /// Reads it; nothing when it is none of a version and a representation of data that are spoken here.
    pub fn read(pdu: &[u8]) -> Option<Self> {
        let mut fields = Fields(pdu);
        // Version 5.0 ([MS-RPCE] 3.3.1.5.1).
        if fields.take(2)? != [5, 0] {
            return None;
        }
        let (kind, flags) = (fields.byte()?, fields.byte()?);
        // Little-endian, ASCII, IEEE: all that Windows sends. RTS PDUs know no other ([MS-RPCH] 2.2.3.6.1).
        if fields.take(4)? != [0x10, 0, 0, 0] {
            return None;
        }
        Some(Self {
            kind,
            flags,
            length: fields.short()?,
            auth_length: fields.short()?,
            call: fields.long()?,
        })
    }
}

/// Cuts the first PDU off a stream.
///
/// A PDU may be longer than the fragments that were agreed on: a receiver may take more (C706 12.6), and FreeRDP 2
/// writes each call as one PDU, however long. Its length has two bytes, which bounds it.
pub(super) fn cut(stream: &[u8]) -> Read<Vec<u8>> {
    let Some(head) = stream.get(..COMMON) else {
        return Read::Partial;
    };
    let Some(length) = Header::read(head)
        .map(|header| usize::from(header.length))
        .filter(|length| *length >= COMMON)
    else {
        return Read::Not;
    };
    match stream.get(..length) {
        Some(pdu) => Read::Whole {
            value: pdu.to_vec(),
            used: length,
        },
        None => Read::Partial,
    }
}

/// Writes a PDU whose body, security trailer included, ends in a token of so many bytes.
pub(super) fn write(kind: u8, flags: u8, call: u32, body: &[u8], token: usize) -> Vec<u8> {
    let length = u16::try_from(COMMON.saturating_add(body.len())).unwrap_or(u16::MAX);
    let mut out = vec![5, 0, kind, flags, 0x10, 0, 0, 0];
    out.extend(length.to_le_bytes());
    out.extend(u16::try_from(token).unwrap_or(u16::MAX).to_le_bytes());
    out.extend(call.to_le_bytes());
    out.extend_from_slice(body);
    out
}

/// A sec_trailer ([MS-RPCE] 2.2.2.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trailer {
    /// auth_type.
    pub kind: u8,
    /// auth_level.
    pub level: u8,
    /// auth_pad_length.
    pub pad: u8,
    /// auth_context_id.
    pub context: u32,
}

impl Trailer {
    /// Its bytes.
    pub fn bytes(self) -> Vec<u8> {
        let mut out = vec![self.kind, self.level, self.pad, 0];
        out.extend(self.context.to_le_bytes());
        out
    }
}

/// Where a PDU's trailer begins, what it says, and its token.
pub(super) fn trailer(pdu: &[u8], auth_length: u16) -> Option<(usize, Trailer, &[u8])> {
    let (before, token) = pdu.split_at_checked(pdu.len().checked_sub(auth_length.into())?)?;
    let at = before.len().checked_sub(TRAILER)?;
    let mut fields = Fields(before.get(at..)?);
    let trailer = Trailer {
        kind: fields.byte()?,
        level: fields.byte()?,
        pad: fields.byte()?,
        context: {
            fields.byte()?;
            fields.long()?
        },
    };
    Some((at, trailer, token))
}

/// p_syntax_id_t (C706 12.6): an identifier as it is written, and a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Syntax {
    pub id: [u8; 16],
    pub version: u32,
}

impl Syntax {
    /// What stands where nothing was agreed on.
    pub const NONE: Self = Self {
        id: [0; 16],
        version: 0,
    };

    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self {
            id: *fields.take(16)?.first_chunk()?,
            version: fields.long()?,
        })
    }
}

/// p_cont_elem_t: what a client offers to speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Context {
    pub id: u16,
    pub interface: Syntax,
    pub transfers: Vec<Syntax>,
}

/// bind and alter_context (C706 12.6.4.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bind {
    /// max_xmit_frag.
    pub sends: u16,
    /// max_recv_frag.
    pub receives: u16,
    /// assoc_group_id.
    pub group: u32,
    pub contexts: Vec<Context>,
}

impl Bind {
    /// Reads the body of one.
    pub fn read(pdu: &[u8]) -> Option<Self> {
        let mut fields = Fields(pdu.get(COMMON..)?);
        let (sends, receives) = (fields.short()?, fields.short()?);
        let group = fields.long()?;
        let count = fields.byte()?;
        fields.take(3)?;
        let mut contexts = Vec::new();
        for _ in 0..count {
            let id = fields.short()?;
            let transfers = fields.byte()?;
            fields.byte()?;
            contexts.push(Context {
                id,
                interface: Syntax::read(&mut fields)?,
                transfers: (0..transfers)
                    .map(|_| Syntax::read(&mut fields))
                    .collect::<Option<_>>()?,
            });
        }
        Some(Self {
            sends,
            receives,
            group,
            contexts,
        })
    }
}

/// p_result_t: the answer to one context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub result: u16,
    pub reason: u16,
    pub transfer: Syntax,
}

/// The body of bind_ack and alter_context_resp (C706 12.6.4.4), up to the security trailer, which is to be aligned to
/// four bytes.
pub(super) fn bind_ack(bind: &Bind, address: &[u8], outcomes: &[Outcome]) -> Vec<u8> {
    let mut body = bind.sends.to_le_bytes().to_vec();
    body.extend(bind.receives.to_le_bytes());
    body.extend(bind.group.to_le_bytes());
    body.extend(u16::try_from(address.len()).unwrap_or(0).to_le_bytes());
    body.extend(address);
    // The header has a multiple of four bytes.
    body.resize(body.len().next_multiple_of(4), 0);
    body.extend([u8::try_from(outcomes.len()).unwrap_or(u8::MAX), 0, 0, 0]);
    for outcome in outcomes {
        body.extend(outcome.result.to_le_bytes());
        body.extend(outcome.reason.to_le_bytes());
        body.extend(outcome.transfer.id);
        body.extend(outcome.transfer.version.to_le_bytes());
    }
    body
}

/// bind_nak ([MS-RPCE] 2.2.2.9), which says that version 5.0 is spoken.
pub(super) fn bind_nak(call: u32, reason: u16) -> Vec<u8> {
    let mut body = reason.to_le_bytes().to_vec();
    body.extend([1, 5, 0]);
    write(kind::BIND_NAK, flag::WHOLE, call, &body, 0)
}

/// What a fragment of a request says before its stub (C706 12.6.4.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// p_cont_id.
    pub context: u16,
    pub opnum: u16,
    /// Where the stub begins.
    pub at: usize,
}

impl Request {
    /// Reads it.
    pub fn read(pdu: &[u8], flags: u8) -> Option<Self> {
        let mut fields = Fields(pdu.get(COMMON..)?);
        // alloc_hint is a hint.
        fields.long()?;
        let (context, opnum) = (fields.short()?, fields.short()?);
        let mut at = RESPONSE;
        if flags & flag::OBJECT != 0 {
            fields.take(16)?;
            at += 16;
        }
        Some(Self { context, opnum, at })
    }
}

/// The body of a response before its stub (C706 12.6.4.10).
pub(super) fn response(alloc_hint: usize, context: u16) -> Vec<u8> {
    let mut body = u32::try_from(alloc_hint)
        .unwrap_or(u32::MAX)
        .to_le_bytes()
        .to_vec();
    body.extend(context.to_le_bytes());
    // cancel_count and a reserved byte.
    body.extend([0, 0]);
    body
}

/// The body of a fault (C706 12.6.4.7), which has no stub ([MS-RPCE] 2.2.2.8) and so no hint of one.
pub(super) fn fault(context: u16, status: u32) -> Vec<u8> {
    let mut body = response(0, context);
    body.extend(status.to_le_bytes());
    body.extend([0; 4]);
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdu_is_cut_off_when_it_is_whole() {
        let pdu = write(kind::REQUEST, flag::WHOLE, 7, &[1, 2, 3], 0);
        let stream = [&pdu[..], &[5, 0]].concat();
        let used = pdu.len();
        assert_eq!(used, 19);
        let value = pdu.clone();
        assert_eq!(cut(&stream), Read::Whole { value, used });
        for end in 0..used {
            assert_eq!(cut(&pdu[..end]), Read::Partial, "{end}");
        }
        for (at, wrong) in [(0, 4), (1, 1), (4, 0), (8, 15)] {
            let mut damaged = pdu.clone();
            damaged[at] = wrong;
            assert_eq!(cut(&damaged), Read::Not, "{at}");
        }
    }

    #[test]
    fn a_trailer_is_found_from_the_end() {
        let mut body = vec![0; 12];
        body.extend([10, 5, 4, 0, 1, 0, 0, 0, 7, 7]);
        let pdu = write(kind::REQUEST, flag::WHOLE, 2, &body, 2);
        let expected = Trailer {
            kind: 10,
            level: 5,
            pad: 4,
            context: 1,
        };
        assert_eq!(trailer(&pdu, 2), Some((28, expected, &[7, 7][..])));
        assert_eq!(expected.bytes(), body[12..20]);
        assert_eq!(trailer(&pdu, 999), None);
    }

    #[test]
    fn refusals_have_the_layout_of_the_specification() {
        let nak = bind_nak(2, 8);
        assert_eq!(nak[..4], [5, 0, 13, 3]);
        assert_eq!(nak[8..], [21, 0, 0, 0, 2, 0, 0, 0, 8, 0, 1, 5, 0]);
        let fault = fault(1, 0x1C01_0002);
        assert_eq!(fault, [0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0x1C, 0, 0, 0, 0]);
    }
}
