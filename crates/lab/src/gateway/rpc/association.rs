//! The server's side of DCE/RPC on one virtual connection (C706 12, [MS-RPCE] 3.3): agreeing on the interface, the logon
//! in it, and calls in fragments.

use super::pdu::{self, Bind, Context, Header, Outcome, Request, Syntax, Trailer, flag, kind};
use super::security::{INTEGRITY, PRIVACY, SIGNATURE, Security};
use crate::ntlm::{self, Bound};
use crate::server::spnego;

/// The interface TsProxy, 44e265dd-7daf-42cd-8560-3cdb6e7a2729 version 1.3 ([MS-TSGU] 1.9.1, 2.1.1).
const TSPROXY: Syntax = Syntax {
    id: [
        0xDD, 0x65, 0xE2, 0x44, 0xAF, 0x7D, 0xCD, 0x42, 0x85, 0x60, 0x3C, 0xDB, 0x6E, 0x7A, 0x27,
        0x29,
    ],
    version: 0x0003_0001,
};
/// NDR, 8a885d04-1ceb-11c9-9fe8-08002b104860 version 2.0 ([MS-RPCE] 2.2.4.12).
const NDR: Syntax = Syntax {
    id: [
        0x04, 0x5D, 0x88, 0x8A, 0xEB, 0x1C, 0xC9, 0x11, 0x9F, 0xE8, 0x08, 0x00, 0x2B, 0x10, 0x48,
        0x60,
    ],
    version: 2,
};
/// What bind time feature negotiation begins with, 6cb71c2c-9812-4540 ([MS-RPCE] 3.3.1.5.3).
const FEATURES: [u8; 8] = [0x2C, 0x1C, 0xB7, 0x6C, 0x12, 0x98, 0x40, 0x45];

/// RPC_C_AUTHN_GSS_NEGOTIATE ([MS-RPCE] 2.2.1.1.7).
const NEGOTIATE: u8 = 9;
/// RPC_C_AUTHN_WINNT.
const WINNT: u8 = 10;

/// authentication_type_not_recognized ([MS-RPCE] 2.2.2.5).
const UNKNOWN_PROVIDER: u16 = 8;
/// invalid_checksum.
const INVALID_CHECKSUM: u16 = 9;

/// ERROR_ACCESS_DENIED.
const ACCESS_DENIED: u32 = 5;
/// nca_proto_error ([MS-RPCE] 3.3.3.5.7).
const PROTOCOL_ERROR: u32 = 0x1C01_000B;
/// nca_invalid_pres_context_id (C706 Appendix E).
const NO_SUCH_CONTEXT: u32 = 0x1C00_001C;

/// The longest fragment Windows writes and reads.
const LONGEST_FRAGMENT: u16 = 5_840;
/// No fragment that is agreed on is shorter (C706 12.6, MustRecvFragSize).
const SHORTEST_FRAGMENT: u16 = 1_432;
/// A call longer than this is nobody's: a method that passes NDR by takes 32 KiB ([MS-TSGU] 3.2.6.2.1).
const LONGEST_STUB: usize = 128 * 1024;
/// More presentation contexts than this are nobody's.
const MOST_CONTEXTS: usize = 64;

/// A call that is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub at: CallId,
    pub opnum: u16,
    pub stub: Vec<u8>,
}

/// Which call is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CallId {
    pub number: u32,
    pub context: u16,
}

/// What a PDU of the client comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// There is more to come, or nothing to be said.
    Nothing,
    /// This is to be said.
    Answer(Vec<u8>),
    /// This is to be done.
    Call(Call),
    /// It breaks the rules: the connection is over.
    Broken,
}

/// Where the logon stands.
enum Auth {
    /// Nobody asked for one: calls are refused, for the interface takes no others ([MS-TSGU] 3.2.5).
    None,
    /// The challenge is out.
    Challenged {
        trailer: Trailer,
        messages: [Vec<u8>; 2],
    },
    Ready(Trailer, Box<Security>),
    /// The next call is told so ([MS-RPCE] 3.3.1.5.2.1).
    Refused(u32),
}

/// A call whose fragments are coming.
struct Coming {
    at: CallId,
    opnum: u16,
    stub: Vec<u8>,
}

/// The association.
pub(super) struct Association {
    auth: Auth,
    /// bind was answered: there is one on a connection.
    bound: bool,
    contexts: Vec<u16>,
    longest: u16,
    group: u32,
    coming: Option<Coming>,
}

impl Association {
    /// One whose group has this number.
    pub fn new(group: u32) -> Self {
        Self {
            auth: Auth::None,
            bound: false,
            contexts: Vec::new(),
            longest: SHORTEST_FRAGMENT,
            group: group.max(1),
            coming: None,
        }
    }

    /// bind was read; `challenge` is what a logon is answered with.
    pub fn bind(&mut self, pdu: &[u8], header: Header, challenge: Vec<u8>) -> Option<Vec<u8>> {
        let bind = Bind::read(pdu).filter(|_| !self.bound)?;
        let mut token = None;
        if header.auth_length != 0 {
            let (_, trailer, said) = pdu::trailer(pdu, header.auth_length)?;
            // [MS-RPCE] 3.3.3.5.3.
            if ![NEGOTIATE, WINNT].contains(&trailer.kind) {
                return Some(pdu::bind_nak(header.call, UNKNOWN_PROVIDER));
            }
            let Some((wire::ntlm::Kind::Negotiate, message)) = wire::ntlm::find(said) else {
                return Some(pdu::bind_nak(header.call, INVALID_CHECKSUM));
            };
            let answer = if spnego::is(said) {
                spnego::wrap(&challenge)
            } else {
                challenge.clone()
            };
            self.auth = Auth::Challenged {
                trailer,
                messages: [message.to_vec(), challenge],
            };
            token = Some((trailer, answer));
        }
        self.bound = true;
        // The operational sizes are those that both can (C706 12.6).
        let size = |asked: u16| asked.clamp(SHORTEST_FRAGMENT, LONGEST_FRAGMENT);
        self.longest = size(bind.receives);
        let agreed = Bind {
            sends: self.longest,
            receives: size(bind.sends),
            group: if bind.group == 0 {
                self.group
            } else {
                bind.group
            },
            contexts: Vec::new(),
        };
        let outcomes = self.agree(&bind.contexts);
        // The secondary address is the same as the primary one ([MS-RPCE] 3.3.1.5.5).
        let body = pdu::bind_ack(&agreed, b"3388\0", &outcomes);
        Some(acknowledge(kind::BIND_ACK, header, body, token))
    }

    /// alter_context was read. A code refuses the logon in it, whatever came of that.
    pub fn alter_context(
        &mut self,
        pdu: &[u8],
        header: Header,
        user: (&str, &str),
        code: Option<u32>,
    ) -> Option<Vec<u8>> {
        let bind = Bind::read(pdu)?;
        if self.contexts.len().saturating_add(bind.contexts.len()) > MOST_CONTEXTS {
            return None;
        }
        let mut token = None;
        if header.auth_length != 0 {
            let (_, trailer, _) = pdu::trailer(pdu, header.auth_length)?;
            // A leg behind the first is that of a logon with an even number of them.
            self.log_on(pdu, header, user)?;
            if let Some(code) = code {
                self.refuse(code);
            }
            if let Auth::Refused(status) = self.auth {
                let at = CallId {
                    number: header.call,
                    context: 0,
                };
                return self.fault(at, status);
            }
            token = Some((trailer, spnego::accepted()));
        }
        let outcomes = self.agree(&bind.contexts);
        let agreed = Bind {
            sends: self.longest,
            receives: bind.sends.clamp(SHORTEST_FRAGMENT, LONGEST_FRAGMENT),
            group: self.group,
            contexts: Vec::new(),
        };
        // Where the connection is there already, there is no address.
        let body = pdu::bind_ack(&agreed, b"", &outcomes);
        Some(acknowledge(kind::ALTER_CONTEXT_RESP, header, body, token))
    }

    /// What is spoken of what was offered ([MS-RPCE] 3.3.1.5.3, 3.3.1.5.6).
    fn agree(&mut self, contexts: &[Context]) -> Vec<Outcome> {
        /// acceptance, provider_rejection, negotiate_ack.
        const ACCEPTED: u16 = 0;
        const REJECTED: u16 = 2;
        const NEGOTIATED: u16 = 3;
        /// abstract_syntax_not_supported, proposed_transfer_syntaxes_not_supported.
        const NO_INTERFACE: u16 = 1;
        const NO_TRANSFER: u16 = 2;
        let mut outcomes = Vec::new();
        for context in contexts.iter().take(MOST_CONTEXTS) {
            let known = context.interface.id == TSPROXY.id
                && context.interface.version & 0xFFFF == TSPROXY.version & 0xFFFF
                && context.interface.version <= TSPROXY.version;
            let (result, reason, transfer) = if context
                .transfers
                .iter()
                .any(|transfer| transfer.id.starts_with(&FEATURES))
            {
                // No feature is supported: the mask that stands for the reason is empty.
                (NEGOTIATED, 0, Syntax::NONE)
            } else if !known {
                (REJECTED, NO_INTERFACE, Syntax::NONE)
            } else if context.transfers.contains(&NDR) {
                self.contexts.push(context.id);
                (ACCEPTED, 0, NDR)
            } else {
                (REJECTED, NO_TRANSFER, Syntax::NONE)
            };
            outcomes.push(Outcome {
                result,
                reason,
                transfer,
            });
        }
        outcomes
    }

    /// rpc_auth_3 was read, or the last leg in an alter_context. A wrong password is told when the first call comes.
    pub fn log_on(&mut self, pdu: &[u8], header: Header, user: (&str, &str)) -> Option<()> {
        let (_, _, token) = pdu::trailer(pdu, header.auth_length)?;
        let Auth::Challenged { trailer, messages } = &self.auth else {
            return None;
        };
        let trailer = *trailer;
        let [negotiate, challenge] = messages;
        let session = match wire::ntlm::find(token) {
            Some((wire::ntlm::Kind::Authenticate, message)) => {
                // This logon is not tied to TLS: it is one with the RPC server behind the web server.
                let free = Bound::default();
                ntlm::accept(user.0, user.1, &free, [negotiate, challenge], message).ok()
            }
            _ => None,
        };
        // The interface takes nothing that is not signed at least ([MS-TSGU] 3.2.5).
        let security = session
            .filter(|_| [INTEGRITY, PRIVACY].contains(&trailer.level))
            .and_then(|session| Security::new(&session, trailer.level));
        self.auth = match security {
            Some(security) => Auth::Ready(trailer, Box::new(security)),
            None => Auth::Refused(ACCESS_DENIED),
        };
        Some(())
    }

    /// A code refuses the logon, whatever came of it.
    pub fn refuse(&mut self, status: u32) {
        self.auth = Auth::Refused(status);
    }

    /// A fragment of a request was read.
    pub fn request(&mut self, pdu: &[u8], header: Header) -> Asked {
        match self.fragment(pdu, header) {
            Ok(Some(call)) => Asked::Call(call),
            Ok(None) => Asked::Nothing,
            Err(Some((at, status))) => {
                self.coming = None;
                self.fault(at, status).map_or(Asked::Broken, Asked::Answer)
            }
            Err(None) => Asked::Broken,
        }
    }

    fn fragment(
        &mut self,
        pdu: &[u8],
        header: Header,
    ) -> Result<Option<Call>, Option<(CallId, u32)>> {
        let request = Request::read(pdu, header.flags).ok_or(None)?;
        let at = CallId {
            number: header.call,
            context: request.context,
        };
        let (trailer, security) = match &mut self.auth {
            Auth::Ready(trailer, security) => (*trailer, security),
            Auth::Refused(status) => return Err(Some((at, *status))),
            Auth::None | Auth::Challenged { .. } => return Err(Some((at, ACCESS_DENIED))),
        };
        if !self.contexts.contains(&request.context) {
            return Err(Some((at, NO_SUCH_CONTEXT)));
        }
        let (end, said, token) = pdu::trailer(pdu, header.auth_length).ok_or(None)?;
        if header.auth_length == 0 || (said.level, said.context) != (trailer.level, trailer.context)
        {
            return Err(Some((at, ACCESS_DENIED)));
        }
        // What somebody changed on its way is the end: nobody knows who sent what follows.
        let body = pdu.get(request.at..end).ok_or(None)?;
        let stub_end = body.len().checked_sub(said.pad.into()).ok_or(None)?;
        let signed = pdu.strip_suffix(token).ok_or(None)?;
        let mut stub = security.open(signed, request.at..end, token).ok_or(None)?;
        stub.truncate(stub_end);

        let mut coming = if header.flags & flag::FIRST != 0 {
            Coming {
                at,
                opnum: request.opnum,
                stub: Vec::new(),
            }
        } else {
            self.coming
                .take()
                .filter(|coming| coming.at == at && coming.opnum == request.opnum)
                .ok_or(Some((at, PROTOCOL_ERROR)))?
        };
        coming.stub.extend(stub);
        if coming.stub.len() > LONGEST_STUB {
            // [MS-RPCE] 3.3.3.5.4.
            return Err(Some((at, ACCESS_DENIED)));
        }
        if header.flags & flag::LAST == 0 {
            self.coming = Some(coming);
            return Ok(None);
        }
        Ok(Some(Call {
            at: coming.at,
            opnum: coming.opnum,
            stub: coming.stub,
        }))
    }

    /// The client gives a call up whose fragments were coming.
    pub fn orphaned(&mut self, call: u32) {
        self.coming = self.coming.take().filter(|coming| coming.at.number != call);
    }

    /// How much of a stub goes into one fragment: a multiple of 16, so that the trailer behind it needs no padding.
    fn room(&self) -> usize {
        let overhead = pdu::RESPONSE + pdu::TRAILER + SIGNATURE;
        usize::from(self.longest).saturating_sub(overhead) / 16 * 16
    }

    /// The fragments of a response.
    pub fn respond(&mut self, at: CallId, stub: &[u8]) -> Option<Vec<u8>> {
        let room = self.room().max(16);
        let mut out = Vec::new();
        let mut rest = stub;
        let mut flags = flag::FIRST;
        loop {
            let (piece, behind) = rest.split_at_checked(room).unwrap_or((rest, &[]));
            if behind.is_empty() {
                flags |= flag::LAST;
            }
            // alloc_hint is what is left ([MS-RPCE] 2.2.2.6).
            out.extend(self.response(at, flags, piece, rest.len())?);
            if behind.is_empty() {
                return Some(out);
            }
            (rest, flags) = (behind, 0);
        }
    }

    /// Fragments of a response that goes on: the out pipe of TsProxySetupReceivePipe ([MS-TSGU] 3.6.5.4). alloc_hint is the
    /// size of each.
    pub fn stream(&mut self, at: CallId, first: bool, bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
        let room = self.room().max(16);
        let mut flags = if first { flag::FIRST } else { 0 };
        let mut out = Vec::new();
        for piece in bytes.chunks(room) {
            out.push(self.response(at, flags, piece, piece.len())?);
            flags = 0;
        }
        Some(out)
    }

    /// The last fragment of such a response ([MS-TSGU] 3.6.5.5).
    pub fn stream_ends(&mut self, at: CallId, first: bool, code: u32) -> Option<Vec<u8>> {
        let flags = if first { flag::WHOLE } else { flag::LAST };
        self.response(at, flags, &code.to_le_bytes(), 4)
    }

    fn response(
        &mut self,
        at: CallId,
        flags: u8,
        stub: &[u8],
        alloc_hint: usize,
    ) -> Option<Vec<u8>> {
        let mut body = pdu::response(alloc_hint, at.context);
        body.extend_from_slice(stub);
        self.protect(kind::RESPONSE, flags, at.number, body, pdu::RESPONSE)
    }

    /// A fault: the call was not carried out.
    pub fn fault(&mut self, at: CallId, status: u32) -> Option<Vec<u8>> {
        let body = pdu::fault(at.context, status);
        let end = pdu::COMMON.saturating_add(body.len());
        let flags = flag::WHOLE | flag::NOT_EXECUTED;
        self.protect(kind::FAULT, flags, at.number, body, end)
    }

    /// Puts trailer and token behind a body whose stub begins at `stub` of the PDU, where there was a logon.
    fn protect(
        &mut self,
        kind: u8,
        flags: u8,
        call: u32,
        mut body: Vec<u8>,
        stub: usize,
    ) -> Option<Vec<u8>> {
        let Auth::Ready(trailer, security) = &mut self.auth else {
            return Some(pdu::write(kind, flags, call, &body, 0));
        };
        // The trailer is aligned to 16 bytes from where the stub begins ([MS-RPCE] 2.2.2.11).
        let length = pdu::COMMON.saturating_add(body.len()).checked_sub(stub)?;
        let pad = length.next_multiple_of(16).checked_sub(length)?;
        body.resize(body.len().checked_add(pad)?, 0);
        let end = pdu::COMMON.saturating_add(body.len());
        let trailer = Trailer {
            pad: u8::try_from(pad).ok()?,
            ..*trailer
        };
        body.extend(trailer.bytes());
        // Its length includes the token, which is signed with it.
        let mut whole = pdu::write(kind, flags, call, &body, SIGNATURE);
        let length = u16::try_from(whole.len().checked_add(SIGNATURE)?).ok()?;
        whole.splice(8..10, length.to_le_bytes());
        security.close(whole, stub..end)
    }
}

/// bind_ack or alter_context_resp, with the next leg of a logon.
fn acknowledge(
    kind: u8,
    header: Header,
    mut body: Vec<u8>,
    token: Option<(Trailer, Vec<u8>)>,
) -> Vec<u8> {
    let flags = flag::WHOLE | (header.flags & (flag::HEADER_SIGN | flag::MULTIPLEX));
    let Some((trailer, token)) = token else {
        return pdu::write(kind, flags, header.call, &body, 0);
    };
    // There is no stub to align the trailer from; four bytes are what Windows aligns it to here.
    let trailer = Trailer { pad: 0, ..trailer };
    body.extend(trailer.bytes());
    body.extend(&token);
    pdu::write(kind, flags, header.call, &body, token.len())
}
