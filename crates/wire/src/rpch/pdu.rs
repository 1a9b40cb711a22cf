//! The PDUs of connection-oriented DCE/RPC (C706 chapter 12.6, [MS-RPCE] 2.2.2), little-endian, as far as a client
//! needs them: it writes bind, rpc_auth_3 and requests, and reads what a server answers. What protects a PDU is made
//! elsewhere; here it has its place.
//!
//! [MS-RPCE]: https://learn.microsoft.com/openspecs/windows_protocols/ms-rpce/

use super::rts::Rts;
use crate::cursor::{Cursor, Read, count32, low8, low16};

/// PTYPE (C706 12.6.4.1, [MS-RPCE] 2.2.2.10, [MS-RPCH] 2.2.3.6.1).
pub mod kind {
    /// request.
    pub const REQUEST: u8 = 0;
    /// response.
    pub const RESPONSE: u8 = 2;
    /// fault.
    pub const FAULT: u8 = 3;
    /// bind.
    pub const BIND: u8 = 11;
    /// bind_ack.
    pub const BIND_ACK: u8 = 12;
    /// bind_nak.
    pub const BIND_NAK: u8 = 13;
    /// alter_context_resp.
    pub const ALTER_CONTEXT_RESPONSE: u8 = 15;
    /// rpc_auth_3.
    pub const AUTH_3: u8 = 16;
    /// RTS.
    pub const RTS: u8 = 20;
}

/// pfc_flags (C706 12.6.3.1, [MS-RPCE] 2.2.2.3).
pub mod flag {
    /// PFC_FIRST_FRAG.
    pub const FIRST: u8 = 0x01;
    /// PFC_LAST_FRAG.
    pub const LAST: u8 = 0x02;
    /// PFC_SUPPORT_HEADER_SIGN, in the PDUs that make a context.
    pub const SUPPORT_HEADER_SIGN: u8 = 0x04;
    /// PFC_CONC_MPX: several calls at a time.
    pub const CONCURRENT: u8 = 0x10;
    /// A PDU in one piece.
    pub const ONLY: u8 = FIRST | LAST;
}

/// The common header (C706 12.6.3.1).
pub const HEADER: usize = 16;
/// What stands before the stub of a request, a response and a fault.
pub const BEFORE_STUB: usize = HEADER + 8;
/// The sec_trailer before what protects a PDU ([MS-RPCE] 2.2.2.11).
pub const TRAILER: usize = 8;
/// A signature of NTLM ([MS-NLMP] 2.2.2.9).
pub const SIGNATURE: usize = 16;
/// The largest fragment that is asked for: what clients of a gateway ask for.
pub const LARGEST: u16 = 4088;
/// Every server receives so much (C706 12.6.3.1: MustRecvFragSize).
pub const SMALLEST: u16 = 1432;

/// RPC_C_AUTHN_WINNT: NTLM ([MS-RPCE] 2.2.1.1.7).
const AUTHN_WINNT: u8 = 0x0A;
/// RPC_C_AUTHN_LEVEL_PKT_INTEGRITY ([MS-RPCE] 2.2.1.1.8).
const LEVEL_INTEGRITY: u8 = 0x05;
/// The number of the security context, and of the presentation context.
const SECURITY_CONTEXT: u32 = 1;
const PRESENTATION_CONTEXT: u16 = 0;
/// The sec_trailer of a request is aligned to so many bytes of the body.
const ALIGNED: usize = 16;

/// TsProxyRpcInterface 1.3 ([MS-TSGU] 1.9.1) as p_syntax_id_t: 44e265dd-7daf-42cd-8560-3cdb6e7a2729.
const INTERFACE: [u8; 20] = [
    0xDD, 0x65, 0xE2, 0x44, 0xAF, 0x7D, 0xCD, 0x42, 0x85, 0x60, 0x3C, 0xDB, 0x6E, 0x7A, 0x27, 0x29,
    0x01, 0x00, 0x03, 0x00,
];
/// NDR 2.0 (C706 appendix I): 8a885d04-1ceb-11c9-9fe8-08002b104860.
const NDR: [u8; 20] = [
    0x04, 0x5D, 0x88, 0x8A, 0xEB, 0x1C, 0xC9, 0x11, 0x9F, 0xE8, 0x08, 0x00, 0x2B, 0x10, 0x48, 0x60,
    0x02, 0x00, 0x00, 0x00,
];

/// A PDU that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pdu {
    /// An RTS PDU.
    Rts(Rts),
    /// bind_ack, or alter_context_resp.
    BindAck {
        /// The largest fragment that the server receives.
        largest: u16,
        /// It signs headers, too.
        signs_headers: bool,
        /// p_cont_def_result_t and p_provider_reason_t of the first context: 0 accepts it.
        result: (u16, u16),
        /// What its security provider says.
        token: Vec<u8>,
    },
    /// bind_nak.
    BindNak {
        /// provider_reject_reason.
        reason: u16,
    },
    /// A fragment of a response.
    Response(Fragment),
    /// fault.
    Fault {
        /// The fragment, whose stub is of no use.
        fragment: Fragment,
        /// status.
        status: u32,
    },
    /// Another one.
    Other {
        /// PTYPE.
        kind: u8,
    },
}

/// A part of what a call answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// call_id.
    pub call: u32,
    /// pfc_flags.
    pub flags: u8,
    /// The stub.
    pub stub: Vec<u8>,
    /// What protects it, when something does.
    pub signed: Option<Signed>,
}

/// A protected PDU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Header, body and sec_trailer.
    pub pdu: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Signed {
    /// What the signature covers ([MS-RPCE] 3.3.1.5.2.2).
    pub fn covered(&self, with_headers: bool) -> &[u8] {
        covered(&self.pdu, with_headers)
    }
}

/// A PDU without the signature that ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned(Vec<u8>);

impl Unsigned {
    /// What the signature has to cover ([MS-RPCE] 3.3.1.5.2.2).
    pub fn covered(&self, with_headers: bool) -> &[u8] {
        covered(&self.0, with_headers)
    }

    /// The whole PDU.
    pub fn with(mut self, signature: [u8; SIGNATURE]) -> Vec<u8> {
        self.0.extend(signature);
        self.0
    }
}

/// All of it, or the body alone.
fn covered(pdu: &[u8], with_headers: bool) -> &[u8] {
    if with_headers {
        return pdu;
    }
    let ends = pdu.len().saturating_sub(TRAILER);
    pdu.get(BEFORE_STUB..ends).unwrap_or_default()
}

/// A PDU without a protection.
pub(super) fn whole(kind: u8, flags: u8, call: u32, body: &[u8]) -> Vec<u8> {
    let mut out = header(kind, flags, call, body.len().saturating_add(HEADER), 0);
    out.extend(body);
    out
}

fn header(kind: u8, flags: u8, call: u32, length: usize, auth_length: usize) -> Vec<u8> {
    // rpc_vers, rpc_vers_minor.
    let mut out = vec![5, 0, kind, flags];
    // packed_drep: little-endian, ASCII, IEEE.
    out.extend([0x10, 0, 0, 0]);
    out.extend(low16(length).to_le_bytes());
    out.extend(low16(auth_length).to_le_bytes());
    out.extend(call.to_le_bytes());
    out
}

/// sec_trailer.
fn trailer(padding: usize) -> [u8; TRAILER] {
    let [a, b, c, d] = SECURITY_CONTEXT.to_le_bytes();
    [
        AUTHN_WINNT,
        LEVEL_INTEGRITY,
        low8(padding),
        // auth_reserved.
        0,
        a,
        b,
        c,
        d,
    ]
}

/// bind to the interface of an RD Gateway, with the first token of NTLM.
pub fn bind(call: u32, token: &[u8]) -> Vec<u8> {
    let mut body = LARGEST.to_le_bytes().to_vec();
    body.extend(LARGEST.to_le_bytes());
    // assoc_group_id: a new one.
    body.extend([0; 4]);
    // One context with one transfer syntax.
    body.extend([1, 0, 0, 0]);
    body.extend(PRESENTATION_CONTEXT.to_le_bytes());
    body.extend([1, 0]);
    body.extend(INTERFACE);
    body.extend(NDR);
    let flags = flag::ONLY | flag::SUPPORT_HEADER_SIGN | flag::CONCURRENT;
    authenticating(kind::BIND, flags, call, &body, token)
}

/// rpc_auth_3 with the last token of NTLM ([MS-RPCE] 2.2.2.10).
pub fn auth_3(call: u32, token: &[u8]) -> Vec<u8> {
    let flags = flag::ONLY | flag::SUPPORT_HEADER_SIGN | flag::CONCURRENT;
    // pad.
    authenticating(kind::AUTH_3, flags, call, &[0; 4], token)
}

fn authenticating(kind: u8, flags: u8, call: u32, body: &[u8], token: &[u8]) -> Vec<u8> {
    let length = HEADER
        .saturating_add(body.len())
        .saturating_add(TRAILER)
        .saturating_add(token.len());
    let mut out = header(kind, flags, call, length, token.len());
    out.extend(body);
    out.extend(trailer(0));
    out.extend(token);
    out
}

/// The fragments of a request, none longer than the server receives, each to be signed.
pub fn request(call: u32, operation: u16, stub: &[u8], largest: u16) -> Vec<Unsigned> {
    let room = most_stub(largest);
    let mut pieces: Vec<&[u8]> = stub.chunks(room).collect();
    if pieces.is_empty() {
        pieces.push(&[]);
    }
    let last = pieces.len().saturating_sub(1);
    let mut left = stub.len();
    let mut fragments = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.into_iter().enumerate() {
        let mut flags = 0;
        if index == 0 {
            flags |= flag::FIRST;
        }
        if index == last {
            flags |= flag::LAST;
        }
        let padding = piece
            .len()
            .next_multiple_of(ALIGNED)
            .saturating_sub(piece.len());
        let before_signature = BEFORE_STUB
            .saturating_add(piece.len())
            .saturating_add(padding)
            .saturating_add(TRAILER);
        let length = before_signature.saturating_add(SIGNATURE);
        let mut out = header(kind::REQUEST, flags, call, length, SIGNATURE);
        // alloc_hint: what is still to come.
        out.extend(count32(left).to_le_bytes());
        out.extend(PRESENTATION_CONTEXT.to_le_bytes());
        out.extend(operation.to_le_bytes());
        out.extend(piece);
        out.resize(out.len().saturating_add(padding), 0);
        out.extend(trailer(padding));
        left = left.saturating_sub(piece.len());
        fragments.push(Unsigned(out));
    }
    fragments
}

/// As much of a stub goes into one fragment.
pub fn most_stub(largest: u16) -> usize {
    let largest = usize::from(largest.clamp(SMALLEST, LARGEST));
    let room = largest.saturating_sub(BEFORE_STUB + TRAILER + SIGNATURE);
    room.saturating_sub(room % ALIGNED)
}

/// Reads a PDU of a server.
pub fn read(bytes: &[u8]) -> Read<Pdu> {
    let mut cursor = Cursor(bytes);
    // What begins otherwise is none, and need not be waited for: rpc_vers, and integers that are little-endian.
    let begins = bytes.first().is_none_or(|version| *version == 5)
        && bytes.get(4).is_none_or(|drep| drep & 0xF0 == 0x10);
    if !begins {
        return Read::Not;
    }
    let (Some(_), Some(_), Some(kind), Some(flags), Some(_)) = (
        cursor.u8(),
        cursor.u8(),
        cursor.u8(),
        cursor.u8(),
        cursor.take(4),
    ) else {
        return Read::Partial;
    };
    let (Some(length), Some(auth_length), Some(call)) =
        (cursor.u16_le(), cursor.u16_le(), cursor.u32_le())
    else {
        return Read::Partial;
    };
    let used = usize::from(length);
    if used < HEADER {
        return Read::Not;
    }
    let Some(pdu) = bytes.get(..used) else {
        return Read::Partial;
    };
    match read_whole(pdu, kind, flags, call, usize::from(auth_length)) {
        Some(value) => Read::Whole { value, used },
        None => Read::Not,
    }
}

fn read_whole(pdu: &[u8], kind: u8, flags: u8, call: u32, auth_length: usize) -> Option<Pdu> {
    let parts = Parts::of(pdu, auth_length)?;
    let mut body = Cursor(parts.body);
    Some(match kind {
        kind::RTS => Pdu::Rts(Rts::read(parts.body)?),
        kind::BIND_ACK | kind::ALTER_CONTEXT_RESPONSE => {
            let _largest_sent = body.u16_le()?;
            let largest = body.u16_le()?;
            let _association = body.u32_le()?;
            let address = usize::from(body.u16_le()?);
            body.take(address)?;
            // The list of results is aligned: behind the header, ten bytes and the address.
            let at = address.saturating_add(HEADER + 10);
            body.take(at.next_multiple_of(4).saturating_sub(at))?;
            let results = body.u8()?;
            body.take(3)?;
            let result = if results == 0 {
                (0, 0)
            } else {
                (body.u16_le()?, body.u16_le()?)
            };
            Pdu::BindAck {
                largest,
                signs_headers: flags & flag::SUPPORT_HEADER_SIGN != 0,
                result,
                token: parts.token.to_vec(),
            }
        }
        kind::BIND_NAK => Pdu::BindNak {
            reason: body.u16_le()?,
        },
        kind::RESPONSE => {
            body.take(8)?;
            Pdu::Response(parts.fragment(pdu, flags, call, body.0))
        }
        kind::FAULT => {
            body.take(8)?;
            let status = body.u32_le()?;
            Pdu::Fault {
                fragment: parts.fragment(pdu, flags, call, &[]),
                status,
            }
        }
        kind => Pdu::Other { kind },
    })
}

/// A PDU taken apart: its body without padding, and its token.
struct Parts<'a> {
    body: &'a [u8],
    token: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(pdu: &'a [u8], auth_length: usize) -> Option<Self> {
        let body = pdu.get(HEADER..)?;
        if auth_length == 0 {
            return Some(Self { body, token: &[] });
        }
        let ends = body.len().checked_sub(auth_length)?.checked_sub(TRAILER)?;
        let (body, rest) = body.split_at_checked(ends)?;
        let (trailer, token) = rest.split_at_checked(TRAILER)?;
        let padding = usize::from(*trailer.get(2)?);
        let body = body.get(..body.len().checked_sub(padding)?)?;
        Some(Self { body, token })
    }

    fn fragment(&self, pdu: &[u8], flags: u8, call: u32, stub: &[u8]) -> Fragment {
        let signed = (!self.token.is_empty()).then(|| Signed {
            pdu: pdu
                .get(..pdu.len().saturating_sub(self.token.len()))
                .unwrap_or_default()
                .to_vec(),
            signature: self.token.to_vec(),
        });
        Fragment {
            call,
            flags,
            stub: stub.to_vec(),
            signed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    use proptest::prelude::*;

    #[test]
    fn a_bind_names_the_interface_and_asks_for_integrity() {
        assert_eq!(
            bind(1, b"NTLMSSP\0"),
            hex!(
                "05 00 0b 17 10000000 5800 0800 01000000"
                "f80f f80f 00000000 01 00 0000"
                "0000 01 00 dd65e244af7dcd4285603cdb6e7a2729 0100 0300"
                "045d888aeb1cc9119fe808002b104860 02000000"
                "0a 05 00 00 01000000 4e544c4d53535000"
            )
        );
        assert_eq!(
            auth_3(1, b"NTLM"),
            hex!("05 00 10 17 10000000 2000 0400 01000000 00000000 0a 05 00 00 01000000 4e544c4d")
        );
    }

    #[test]
    fn a_request_is_signed_with_its_header() {
        let fragments = request(2, 8, &[0xAB; 20], LARGEST);
        let [only] = fragments.as_slice() else {
            panic!("{fragments:?}");
        };
        let written = hex!(
            "05 00 00 03 10000000 5000 1000 02000000 14000000 0000 0800"
            "abababababababababababababababababababab 000000000000000000000000"
            "0a 05 0c 00 01000000"
        );
        assert_eq!(only.covered(true), written);
        assert_eq!(only.covered(false), &written[24..56]);
        let whole = only.clone().with([0xCD; SIGNATURE]);
        assert_eq!(whole.len(), 0x50);
        assert!(whole.ends_with(&[0xCD; SIGNATURE]));
    }

    #[test]
    fn a_server_accepts_a_bind_with_a_challenge() {
        let ack = hex!(
            "05 00 0c 17 10000000 4800 0400 01000000"
            "f80f f80f 01000000 0500 3333383800 00"
            "01 00 0000 0000 0000 045d888aeb1cc9119fe808002b104860 02000000"
            "0a 05 00 00 01000000 4e544c4d"
        );
        assert_eq!(
            read(&ack),
            Read::Whole {
                value: Pdu::BindAck {
                    largest: 4088,
                    signs_headers: true,
                    result: (0, 0),
                    token: b"NTLM".to_vec()
                },
                used: ack.len()
            }
        );
    }

    #[test]
    fn a_server_refuses_in_three_ways() {
        let nak = hex!("05 00 0d 03 10000000 1500 0000 01000000 0800 01 05 00");
        assert_eq!(read(&nak).whole(), Some(Pdu::BindNak { reason: 8 }));
        let refused = hex!(
            "05 00 0c 03 10000000 3800 0000 01000000 f80f f80f 01000000 0000 0000"
            "01 00 0000 0200 0100 00000000000000000000000000000000 00000000"
        );
        assert!(matches!(
            read(&refused).whole(),
            Some(Pdu::BindAck {
                result: (2, 1),
                signs_headers: false,
                ..
            })
        ));
        let fault =
            hex!("05 00 03 23 10000000 2000 0000 02000000 00000000 0000 00 00 05000000 00000000");
        assert!(matches!(
            read(&fault).whole(),
            Some(Pdu::Fault {
                status: 5,
                fragment: Fragment {
                    call: 2,
                    signed: None,
                    ..
                }
            })
        ));
    }

    #[test]
    fn a_response_is_taken_apart() {
        let response = hex!(
            "05 00 02 03 10000000 3800 1000 03000000 04000000 0000 00 00"
            "00000000 00000000 0a 05 04 00 01000000 01000000000102030405060700000000"
        );
        let Some(Pdu::Response(fragment)) = read(&response).whole() else {
            panic!("not read");
        };
        assert_eq!((fragment.call, fragment.stub.as_slice()), (3, &[0; 4][..]));
        let signed = fragment.signed.unwrap();
        assert_eq!(signed.covered(true), &response[..40]);
        assert_eq!(signed.covered(false), &response[24..32]);
        assert_eq!(signed.signature, &response[40..]);
    }

    #[test]
    fn what_is_no_pdu_is_none() {
        for other in [
            &b"HTTP/1.1 200 OK"[..],
            &hex!("05 00 02 03 00000010"),
            &hex!("05 00 02 03 10000000 0f00 0000 00000000"),
            // More padding than there is body.
            &hex!(
                "05 00 02 03 10000000 2800 0800 00000000 00000000 00000000 0a 05 ff 00 00000000 0000000000000000"
            ),
        ] {
            assert_eq!(read(other), Read::Not, "{other:x?}");
        }
        assert_eq!(read(&hex!("05 00 02 03 10000000 4000")), Read::Partial);
        assert_eq!(
            read(&hex!("05 00 11 03 10000000 1000 0000 00000000")),
            Read::Whole {
                value: Pdu::Other { kind: 17 },
                used: 16
            }
        );
    }

    proptest! {
        #[test]
        fn long_requests_go_in_fragments(
            stub in proptest::collection::vec(any::<u8>(), 0..20_000),
            largest: u16,
        ) {
            let fragments = request(7, 1, &stub, largest);
            let (mut joined, count) = (Vec::new(), fragments.len());
            for (index, fragment) in fragments.into_iter().enumerate() {
                let bytes = fragment.with([0; SIGNATURE]);
                prop_assert!(bytes.len() <= usize::from(largest.clamp(SMALLEST, LARGEST)));
                // A request has the form of a response.
                let mut bent = bytes.clone();
                bent[2] = kind::RESPONSE;
                let Read::Whole { value: Pdu::Response(read), used } = read(&bent) else {
                    panic!("not read");
                };
                prop_assert_eq!(used, bytes.len());
                prop_assert_eq!(read.flags & flag::FIRST != 0, index == 0);
                prop_assert_eq!(read.flags & flag::LAST != 0, index + 1 == count);
                joined.extend(read.stub);
            }
            prop_assert_eq!(joined, stub);
        }

        #[test]
        fn any_bytes_are_calm(bytes: Vec<u8>, kind in 0_u8..24) {
            let _ = read(&bytes);
            let _ = read(&whole(kind, flag::ONLY, 0, &bytes));
        }
    }
}
