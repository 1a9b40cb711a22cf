//! The methods of the TsProxy interface, from the tunnel to the last byte ([MS-TSGU] 3.2.6).

use model::Micros;

use super::Line;
use super::association::{Call, CallId};
use super::tsproxy::{self, Begins, Created, Handle, NO_HANDLE, Unsendable, opnum};
use crate::chance::Chance;
use crate::front::{Behind, Moment, Order};
use crate::gateway::Gateway;
use crate::gateway::packet::capability;
use crate::gateway::tunnel::CAPABILITIES;
use crate::scenario::Then;

/// ERROR_ACCESS_DENIED ([MS-TSGU] 2.2.6.1).
const ACCESS_DENIED: u32 = 5;
/// ERROR_BAD_ARGUMENTS: the server behind ended the connection.
const SERVER_CLOSED: u32 = 0x0000_00A0;
/// ERROR_GRACEFUL_DISCONNECT.
const GRACEFUL: u32 = 0x0000_04CA;
/// ERROR_ONLY_IF_CONNECTED ([MS-TSGU] 2.2.6.2).
const ONLY_IF_CONNECTED: u32 = 0x0000_04E3;
/// HRESULT_CODE(E_PROXY_INTERNALERROR).
const INTERNAL_CODE: u32 = 0x0000_59D8;
/// HRESULT_CODE(E_PROXY_TS_CONNECTFAILED).
const CONNECT_FAILED: u32 = 0x0000_59DD;
/// HRESULT_CODE(E_PROXY_NOTSUPPORTED).
const NOT_SUPPORTED: u32 = 0x0000_59E8;
/// E_PROXY_INTERNALERROR.
const INTERNAL: u32 = 0x8007_59D8;
/// HRESULT_FROM_WIN32(RPC_S_CALL_CANCELLED) ([MS-TSGU] 2.2.6.2).
const CANCELLED: u32 = 0x8007_071A;

/// nca_op_rng_error (C706 Appendix E): there is no such method.
const NO_SUCH_METHOD: u32 = 0x1C01_0002;
/// nca_s_fault_context_mismatch: a handle that was never given.
const NO_SUCH_HANDLE: u32 = 0x1C00_001A;
/// RPC_X_BAD_STUB_DATA ([MS-RPCE] 3.1.1.5.2).
const BAD_STUB: u32 = 0x0000_06F7;

/// More than this does not wait for the pipe of a client that does not set it up.
const MOST_EARLY: usize = 256 * 1024;

/// What a tunnel waits for ([MS-TSGU] 3.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Start,
    Connected,
    Authorized,
    /// TsProxyCreateChannel is answered when the server behind is reached, or not.
    Dialling(CallId),
    ChannelCreated,
    /// TsProxySetupReceivePipe is answered with what comes from the server behind; and nothing came yet.
    Pipe(CallId, bool),
    ChannelClosePending,
    TunnelClosePending,
}

/// A tunnel, from the first method on.
pub(super) struct Proxy {
    stage: Stage,
    tunnel: Handle,
    channel: Handle,
    nonce: [u8; 16],
    capabilities: u32,
    /// TsProxyMakeTunnelCall waits for a message.
    waits: Option<CallId>,
    /// A message that waits for TsProxyMakeTunnelCall.
    message: Option<String>,
    /// What the server behind said before there was a pipe.
    early: Vec<u8>,
    /// The server behind was dialled.
    pub dialled: bool,
}

impl Proxy {
    pub fn new(chance: &mut Chance) -> Self {
        Self {
            stage: Stage::Start,
            tunnel: handle(chance),
            channel: handle(chance),
            nonce: identifier(chance),
            capabilities: 0,
            waits: None,
            message: None,
            early: Vec::new(),
            dialled: false,
        }
    }
}

fn identifier(chance: &mut Chance) -> [u8; 16] {
    u128::from(chance.draw())
        .rotate_left(64)
        .wrapping_add(u128::from(chance.draw()))
        .to_le_bytes()
}

/// A handle: no attributes, and an identifier.
fn handle(chance: &mut Chance) -> Handle {
    let mut handle = NO_HANDLE;
    if let Some(part) = handle.last_chunk_mut() {
        *part = identifier(chance);
    }
    handle
}

/// What a handle of a client comes to.
enum Held {
    Right,
    Null,
    Unknown,
}

fn held(said: &Handle, given: &Handle) -> Held {
    if said == given {
        Held::Right
    } else if *said == NO_HANDLE {
        Held::Null
    } else {
        Held::Unknown
    }
}

impl Gateway {
    /// Carries a call out.
    pub(super) fn call(&mut self, now: Micros, at: u32, call: &Call) {
        let Some(line) = self.rpc.lines.get(&at) else {
            return;
        };
        let (stage, tunnel) = (line.proxy.stage, line.proxy.tunnel);
        // The handle that most methods begin with: some leads nowhere, or is that of nobody.
        let tunnel_is = |said: &Handle| held(said, &tunnel);
        let stub = call.stub.as_slice();
        let done = match call.opnum {
            opnum::CREATE_TUNNEL => tsproxy::create_tunnel(stub)
                .map(|begins| self.create_tunnel(now, at, call.at, stage, begins)),
            opnum::AUTHORIZE_TUNNEL => tsproxy::authorize_tunnel(stub).map(|(said, right)| {
                self.authorize_tunnel(now, at, call.at, (stage, tunnel_is(&said), right));
            }),
            opnum::MAKE_TUNNEL_CALL => tsproxy::make_tunnel_call(stub).map(|(said, what)| {
                self.make_tunnel_call(now, at, call.at, (stage, tunnel_is(&said), what));
            }),
            opnum::CREATE_CHANNEL => tsproxy::create_channel(stub).map(|(said, names, port)| {
                let known = (stage, tunnel_is(&said));
                self.create_channel(now, at, call.at, known, names, port);
            }),
            opnum::CLOSE_CHANNEL => {
                tsproxy::close(stub).map(|said| self.close_rpc_channel(now, at, call.at, &said))
            }
            opnum::CLOSE_TUNNEL => tsproxy::close(stub)
                .map(|said| self.close_rpc_tunnel(now, at, call.at, tunnel_is(&said))),
            opnum::SETUP_RECEIVE_PIPE => {
                let said = tsproxy::setup_receive_pipe(stub);
                self.setup_receive_pipe(now, at, call.at, stage, &said);
                Some(())
            }
            opnum::SEND_TO_SERVER => {
                self.send_to_server(now, at, call.at, stage, stub);
                Some(())
            }
            _ => {
                self.fault(now, at, None, call.at, NO_SUCH_METHOD);
                Some(())
            }
        };
        if done.is_none() {
            self.fault(now, at, None, call.at, BAD_STUB);
        }
    }

    fn line(&mut self, at: u32) -> Option<&mut Line> {
        self.rpc.lines.get_mut(&at)
    }

    fn goes_to(&mut self, at: u32, stage: Stage) {
        if let Some(line) = self.line(at) {
            line.proxy.stage = stage;
        }
    }

    /// Answers a call.
    fn respond(&mut self, now: Micros, at: u32, moment: Option<Moment>, to: CallId, stub: &[u8]) {
        let pdus = self
            .line(at)
            .and_then(|line| line.association.respond(to, stub));
        if let Some(pdus) = pdus {
            self.say(now, at, moment, pdus);
        }
    }

    fn fault(&mut self, now: Micros, at: u32, moment: Option<Moment>, to: CallId, status: u32) {
        let pdu = self
            .line(at)
            .and_then(|line| line.association.fault(to, status));
        if let Some(pdu) = pdu {
            self.say(now, at, moment, pdu);
        }
    }

    /// The number with which a fault says no at `moment`, and what comes behind it. Where nothing is said of that, the client
    /// has the next word, as it has at a real gateway ([MS-TSGU] 2.2.6).
    fn refused(&self, at: u32, moment: Moment) -> Option<(u32, Option<Then>)> {
        let out = self.rpc.lines.get(&at)?.out?;
        self.connections.get(&out)?.refusal(moment)
    }

    fn create_tunnel(&mut self, now: Micros, at: u32, to: CallId, stage: Stage, begins: Begins) {
        let moment = Some(Moment::Tunnel);
        if let Some((code, then)) = self.refused(at, Moment::Tunnel) {
            self.respond(now, at, moment, to, &tsproxy::tunnel_refused(code));
            return self.then(now, at, then);
        }
        let (Stage::Start, Begins::Capable(can)) = (stage, begins) else {
            // Cookies are for gateways with an authentication of their own, and nobody here was asked to say again who
            // he is.
            return self.respond(now, at, moment, to, &tsproxy::tunnel_refused(INTERNAL));
        };
        let consent = self.script.consent.clone();
        let Some(line) = self.line(at) else {
            return;
        };
        let common = can & CAPABILITIES;
        line.proxy.capabilities = common;
        let stub = tsproxy::tunnel_created(&Created {
            nonce: line.proxy.nonce,
            capabilities: common,
            consent: (common & capability::CONSENT != 0).then_some(consent.as_deref()),
            tunnel: line.proxy.tunnel,
            number: at,
        });
        self.goes_to(at, Stage::Connected);
        self.respond(now, at, moment, to, &stub);
    }

    fn authorize_tunnel(
        &mut self,
        now: Micros,
        at: u32,
        to: CallId,
        (stage, held, right): (Stage, Held, bool),
    ) {
        let moment = Some(Moment::TunnelAuth);
        if matches!(held, Held::Unknown) {
            return self.fault(now, at, None, to, NO_SUCH_HANDLE);
        }
        let refusal = if stage != Stage::Connected || matches!(held, Held::Null) {
            Some((ACCESS_DENIED, None))
        } else if right {
            self.refused(at, Moment::TunnelAuth)
        } else {
            Some((NOT_SUPPORTED, None))
        };
        if let Some((code, then)) = refusal {
            if stage == Stage::Connected {
                self.goes_to(at, Stage::TunnelClosePending);
            }
            self.respond(now, at, moment, to, &tsproxy::no_packet(code));
            return self.then(now, at, then);
        }
        let (redirection, idle) = (self.script.redirection, self.script.idle_minutes);
        let Some(line) = self.line(at) else {
            return;
        };
        let knows_idle = line.proxy.capabilities & capability::IDLE_TIMEOUT != 0;
        let stub = tsproxy::tunnel_authorized(redirection, knows_idle.then_some(idle));
        self.goes_to(at, Stage::Authorized);
        self.respond(now, at, moment, to, &stub);
    }

    fn make_tunnel_call(
        &mut self,
        now: Micros,
        at: u32,
        to: CallId,
        (stage, held, what): (Stage, Held, u32),
    ) {
        /// TSG_TUNNEL_CALL_ASYNC_MSG_REQUEST and TSG_TUNNEL_CANCEL_ASYNC_MSG_REQUEST.
        const ASK: u32 = 1;
        const CANCEL: u32 = 2;
        if matches!(held, Held::Unknown) {
            return self.fault(now, at, None, to, NO_SUCH_HANDLE);
        }
        let Some(line) = self.rpc.lines.get_mut(&at) else {
            return;
        };
        let authorized = !matches!(stage, Stage::Start | Stage::Connected);
        let waits = line.proxy.waits;
        match (what, waits) {
            (ASK, None) if authorized && matches!(held, Held::Right) => {
                line.proxy.waits = Some(to);
                self.deliver(now, at);
            }
            (CANCEL, Some(waiting)) if authorized && matches!(held, Held::Right) => {
                line.proxy.waits = None;
                self.respond(now, at, None, waiting, &tsproxy::no_packet(CANCELLED));
                self.respond(now, at, None, to, &tsproxy::no_packet(0));
            }
            _ => self.respond(now, at, None, to, &tsproxy::no_packet(ACCESS_DENIED)),
        }
    }

    /// Brings the message that waits to the call that waits for one.
    fn deliver(&mut self, now: Micros, at: u32) {
        let Some(line) = self.line(at) else {
            return;
        };
        if line.proxy.waits.is_some()
            && let Some(text) = line.proxy.message.take()
            && let Some(to) = line.proxy.waits.take()
        {
            self.respond(now, at, None, to, &tsproxy::service_message(&text));
        }
    }

    fn create_channel(
        &mut self,
        now: Micros,
        at: u32,
        to: CallId,
        (stage, held): (Stage, Held),
        names: Vec<String>,
        port: u16,
    ) {
        if matches!(held, Held::Unknown) {
            return self.fault(now, at, None, to, NO_SUCH_HANDLE);
        }
        if stage != Stage::Authorized || matches!(held, Held::Null) || names.is_empty() {
            let stub = tsproxy::channel_created(&NO_HANDLE, 0, ACCESS_DENIED);
            return self.respond(now, at, Some(Moment::Channel), to, &stub);
        }
        // A policy speaks before anybody is dialled.
        if let Some(refusal) = self.refused(at, Moment::Channel) {
            return self.refuse_rpc_channel(now, at, to, refusal);
        }
        self.goes_to(at, Stage::Dialling(to));
        if let Some(line) = self.line(at) {
            line.proxy.dialled = true;
            self.orders.push(Order::Dial {
                tunnel: at,
                names,
                port,
            });
        }
    }

    /// Says no to a channel, in a fault: so [MS-TSGU] 3.2.6.1.4 has it where the server behind could not be reached. Of
    /// E_PROXY_RAP_ACCESSDENIED it speaks as of a return value; gateways of Windows send that in a fault, too (FreeRDP
    /// issues 1589 and 1728).
    fn refuse_rpc_channel(
        &mut self,
        now: Micros,
        at: u32,
        to: CallId,
        (code, then): (u32, Option<Then>),
    ) {
        self.fault(now, at, Some(Moment::Channel), to, code);
        self.then(now, at, then);
    }

    fn setup_receive_pipe(
        &mut self,
        now: Micros,
        at: u32,
        to: CallId,
        stage: Stage,
        said: &Handle,
    ) {
        let Some(line) = self.line(at) else {
            return;
        };
        if stage != Stage::ChannelCreated || *said != line.proxy.channel {
            // The last word of a pipe that never was.
            let pdu = line.association.stream_ends(to, true, ACCESS_DENIED);
            if let Some(pdu) = pdu {
                self.say(now, at, None, pdu);
            }
            return;
        }
        line.proxy.stage = Stage::Pipe(to, true);
        let early = std::mem::take(&mut line.proxy.early);
        let out = line.out;
        if let Some(connection) = out.and_then(|out| self.connections.get_mut(&out)) {
            let message = connection.message().map(str::to_owned);
            connection.later(now);
            if let Some(line) = self.line(at) {
                line.proxy.message = message;
            }
        }
        self.deliver(now, at);
        self.stream(now, at, &early);
    }

    /// Sends what came from the server behind into the pipe.
    fn stream(&mut self, now: Micros, at: u32, bytes: &[u8]) {
        let Some(line) = self.line(at) else {
            return;
        };
        let Stage::Pipe(to, first) = line.proxy.stage else {
            return;
        };
        if bytes.is_empty() {
            return;
        }
        line.proxy.stage = Stage::Pipe(to, false);
        if let Some(pdus) = line.association.stream(to, first, bytes) {
            self.say(now, at, None, pdus.concat());
        }
    }

    /// The last word of the pipe ([MS-TSGU] 3.2.6.3.4).
    pub(in crate::gateway) fn close_pipe(&mut self, now: Micros, at: u32, code: u32) {
        let Some(line) = self.line(at) else {
            return;
        };
        let Stage::Pipe(to, first) = line.proxy.stage else {
            return;
        };
        line.proxy.stage = Stage::ChannelClosePending;
        if let Some(pdu) = line.association.stream_ends(to, first, code) {
            self.say(now, at, None, pdu);
        }
    }

    fn send_to_server(&mut self, now: Micros, at: u32, to: CallId, stage: Stage, stub: &[u8]) {
        let (said, bytes) = tsproxy::send_to_server(stub);
        let Some(line) = self.line(at) else {
            return;
        };
        if !matches!(stage, Stage::Pipe(..)) {
            return self.fault(now, at, None, to, ONLY_IF_CONNECTED);
        }
        let bytes = if said == line.proxy.channel {
            bytes
        } else {
            Err(Unsendable::Lengths)
        };
        let code = match bytes {
            Ok(bytes) => {
                self.orders.push(Order::Forward(at, bytes));
                return self.respond(now, at, None, to, &tsproxy::number(0));
            }
            Err(Unsendable::Lengths) => ACCESS_DENIED,
            Err(Unsendable::Empty) => INTERNAL_CODE,
        };
        // What cannot be sent ends the pipe too ([MS-TSGU] 3.2.6.2.1).
        self.respond(now, at, None, to, &tsproxy::number(code));
        self.close_pipe(now, at, code);
        self.hang_up(at);
    }

    fn close_rpc_channel(&mut self, now: Micros, at: u32, to: CallId, said: &Handle) {
        let Some(line) = self.line(at) else {
            return;
        };
        let open = matches!(
            line.proxy.stage,
            Stage::ChannelCreated | Stage::Pipe(..) | Stage::ChannelClosePending
        );
        if !open || *said != line.proxy.channel {
            return self.respond(now, at, None, to, &tsproxy::closed(said, ACCESS_DENIED));
        }
        self.close_pipe(now, at, GRACEFUL);
        self.hang_up(at);
        self.goes_to(at, Stage::TunnelClosePending);
        self.respond(now, at, None, to, &tsproxy::closed(&NO_HANDLE, 0));
    }

    fn close_rpc_tunnel(&mut self, now: Micros, at: u32, to: CallId, held: Held) {
        let Some(line) = self.line(at) else {
            return;
        };
        if line.proxy.stage == Stage::Start || !matches!(held, Held::Right) {
            return self.respond(
                now,
                at,
                None,
                to,
                &tsproxy::closed(&NO_HANDLE, ACCESS_DENIED),
            );
        }
        let waiting = line.proxy.waits.take();
        self.close_pipe(now, at, GRACEFUL);
        if let Some(waiting) = waiting {
            self.respond(now, at, None, waiting, &tsproxy::no_packet(CANCELLED));
        }
        self.respond(now, at, None, to, &tsproxy::closed(&NO_HANDLE, 0));
        self.end_tunnel(now, at, Then::Close);
    }

    fn hang_up(&mut self, at: u32) {
        if let Some(line) = self.line(at)
            && std::mem::take(&mut line.proxy.dialled)
        {
            self.orders.push(Order::Hangup(at));
        }
    }

    /// Takes in what happened behind a tunnel that goes over RPC.
    pub(in crate::gateway) fn happened_behind_rpc(
        &mut self,
        now: Micros,
        at: u32,
        net: Behind<'_>,
    ) {
        let Some(line) = self.line(at) else {
            return;
        };
        match (net, line.proxy.stage) {
            (Behind::Opened, Stage::Dialling(to)) => {
                line.proxy.stage = Stage::ChannelCreated;
                let stub = tsproxy::channel_created(&line.proxy.channel, 1, 0);
                self.respond(now, at, Some(Moment::Channel), to, &stub);
            }
            (Behind::Failed, Stage::Dialling(to)) => {
                line.proxy.stage = Stage::Authorized;
                line.proxy.dialled = false;
                self.refuse_rpc_channel(now, at, to, (CONNECT_FAILED, None));
            }
            (Behind::Bytes(bytes), Stage::ChannelCreated) => {
                line.proxy.early.extend_from_slice(bytes);
                if line.proxy.early.len() > MOST_EARLY {
                    self.end_tunnel(now, at, Then::Close);
                }
            }
            (Behind::Bytes(bytes), Stage::Pipe(..)) => self.stream(now, at, bytes),
            (Behind::Ended, Stage::Pipe(..)) => {
                line.proxy.dialled = false;
                self.close_pipe(now, at, SERVER_CLOSED);
            }
            (Behind::Ended, Stage::ChannelCreated) => line.proxy.dialled = false,
            _ => {}
        }
    }
}
