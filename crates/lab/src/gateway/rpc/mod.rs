//! RPC over HTTP v2 ([MS-RPCH]), the transport of an RD Gateway for clients before Windows 8.1 ([MS-TSGU] 2.1.1).
//!
//! Two HTTP requests carry PDUs, one in each direction. RTS PDUs ([`rts`]) join them to a virtual connection, on which
//! DCE/RPC is spoken ([`pdu`], [`association`]) with an NTLM logon of its own ([`security`]); the methods of the TsProxy
//! interface ([`tsproxy`], in [`ndr`]) make the tunnel, the channel, and carry what goes through them ([`calls`]). The
//! inbound proxy, the outbound proxy and the RPC server of the specification are one here: what they say to each other
//! does not go over any wire.
//!
//! The logon inside is NTLM, bare or in SPNEGO; there, a mechListMIC (RFC 4178 5) is neither looked at nor sent, so that
//! NTLM has to be all that a client offers. Channels are not recycled ([MS-RPCH] 3.2.1.5.3): after a gibibyte in either direction the connection is over, and a
//! client that wants to recycle one before that is told `503 RPC Error: 6c0` (RPC_S_PROTOCOL_ERROR).

mod association;
mod calls;
mod channel;
mod ndr;
mod pdu;
mod rts;
mod security;
mod tsproxy;

use std::collections::BTreeMap;

use model::Micros;
use wire::Read;

use super::Gateway;
use crate::front::connection::Connection;
use crate::front::{Moment, Way};
use crate::http::{Request, Response};
use crate::scenario::Then;
use association::{Asked, Association};
use calls::Proxy;
use channel::{Incoming, LIFETIME, Outgoing, WINDOW};
use pdu::{Header, kind};
use rts::{Cookie, Said};

/// RPC_S_SERVER_UNAVAILABLE: no RPC server is there.
pub(super) const SERVER_UNAVAILABLE: u32 = 0x6BA;
/// RPC_S_PROTOCOL_ERROR.
const PROTOCOL_ERROR: u32 = 0x6C0;
/// The port of the RPC server behind the web server ([MS-TSGU] 1.9.1).
const PORT: &str = "3388";
/// A body up to this length is an echo request ([MS-RPCH] 2.1.2.1.5).
const LONGEST_ECHO: usize = 0x10;
/// ConnectionTimeout, in milliseconds ([MS-RPCH] 2.2.3.5.3): the least that is allowed, as IIS has it.
const TIMEOUT_MS: u32 = 120_000;
/// The longest that is allowed.
const LONGEST_TIMEOUT_MS: u32 = 14_400_000;

/// All that goes over RPC.
#[derive(Default)]
pub(super) struct Lines {
    halves: BTreeMap<u32, Half>,
    lines: BTreeMap<u32, Line>,
}

impl Lines {
    /// Connection `number` is a channel.
    pub(super) fn knows(&self, number: u32) -> bool {
        self.halves.contains_key(&number)
    }

    /// There is a virtual connection of this number.
    pub(super) fn has(&self, number: u32) -> bool {
        self.lines.contains_key(&number)
    }

    /// Connection `number` is gone.
    pub(super) fn forget(&mut self, number: u32) {
        self.halves.remove(&number);
    }

    /// A virtual connection ends: its connections, and whether the server behind was dialled.
    pub(super) fn remove(&mut self, number: u32) -> Option<([Option<u32>; 2], bool)> {
        let line = self.lines.remove(&number)?;
        let ends = [line.out, line.input];
        for end in ends.into_iter().flatten() {
            self.halves.remove(&end);
        }
        Some((ends, line.proxy.dialled))
    }
}

/// A channel: one HTTP request.
struct Half {
    way: Way,
    timeout_ms: u32,
    incoming: Vec<u8>,
}

/// A virtual connection.
struct Line {
    cookie: Cookie,
    out: Option<u32>,
    input: Option<u32>,
    outgoing: Option<Outgoing>,
    incoming: Option<Incoming>,
    association: Association,
    proxy: Proxy,
    timeout_ms: u32,
    spoke_at: Micros,
}

impl Line {
    fn is_open(&self) -> bool {
        self.outgoing.is_some() && self.incoming.is_some()
    }
}

impl Gateway {
    /// The RPC proxy could not do what it was asked ([MS-RPCH] 2.1.2.1.3).
    pub(super) fn rpc_error(&mut self, now: Micros, number: u32, code: u32) {
        let mut answer = Response::of(503);
        answer.reason = Some(format!("RPC Error: {code:x}"));
        let answer = self.usual(now, answer);
        self.answer(now, number, Moment::Logon, answer.bytes());
    }

    /// RPC_IN_DATA or RPC_OUT_DATA of somebody who is let in.
    pub(super) fn rpc_channel(&mut self, now: Micros, number: u32, way: Way, request: &Request) {
        let query = request.target.split_once('?').map(|(_, query)| query);
        let port = query.and_then(|query| query.rsplit_once(':'));
        if port.is_none_or(|(name, port)| name.is_empty() || port != PORT) {
            // [MS-RPCH] 2.2.2: it is to be there, and nothing listens elsewhere.
            return self.rpc_error(now, number, SERVER_UNAVAILABLE);
        }
        let Some(length) = request.length() else {
            let answer = self.usual(now, Response::of(400));
            self.answer(now, number, Moment::Logon, answer.bytes());
            return;
        };
        if length <= LONGEST_ECHO {
            let echo = self
                .success(now)
                .with("Connection: Keep-Alive")
                .showing("application/rpc", rts::echo());
            self.answer(now, number, Moment::Logon, echo.bytes());
            return;
        }
        // The IN channel is owed no answer ([MS-RPCH] 2.1.2.1.3), the OUT channel owed one once CONN/A1 is there.
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        if way == Way::RpcIn && !connection.passes(now, Moment::Logon) {
            return;
        }
        connection.becomes_counted(u64::try_from(length).unwrap_or(u64::MAX));
        // Some clients ask before they send a body (RFC 9110 10.1.1).
        if request.says("Expect", "100-continue") {
            connection.say(now, b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        let half = Half {
            way,
            timeout_ms: timeout_ms(request),
            incoming: Vec::new(),
        };
        self.rpc.halves.insert(number, half);
    }

    /// An answer that says `200 Success`.
    fn success(&self, now: Micros) -> Response {
        let mut answer = Response::of(200);
        answer.reason = Some("Success".to_owned());
        self.usual(now, answer)
    }

    /// Takes in bytes of the channel that connection `number` is.
    pub(super) fn rpc_bytes(&mut self, now: Micros, number: u32, bytes: &[u8]) {
        if let Some(half) = self.rpc.halves.get_mut(&number) {
            half.incoming.extend_from_slice(bytes);
        }
        while let Some(half) = self.rpc.halves.get_mut(&number) {
            match pdu::cut(&half.incoming) {
                Read::Whole { value, used } => {
                    half.incoming.drain(..used);
                    if self.rpc_pdu(now, number, &value).is_none() {
                        return self.rpc_breaks(now, number);
                    }
                }
                Read::Partial => return,
                Read::Not => return self.rpc_breaks(now, number),
            }
        }
    }

    /// A protocol error: everything ends ([MS-RPCH] 3.2.3.5.10).
    fn rpc_breaks(&mut self, now: Micros, number: u32) {
        self.rpc.forget(number);
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        connection.end(now, Then::Close);
        if let Some(line) = connection.tunnel {
            self.end_tunnel(now, line, Then::Close);
        }
    }

    /// Takes in a PDU; nothing when it is against the rules.
    fn rpc_pdu(&mut self, now: Micros, number: u32, pdu: &[u8]) -> Option<()> {
        let header = Header::read(pdu)?;
        let way = self.rpc.halves.get(&number)?.way;
        let joined = self.connections.get(&number)?.tunnel;
        match (joined, header.kind) {
            (None, kind::RTS) => match (rts::read(pdu)?, way) {
                (
                    Said::OpensOut {
                        connection,
                        channel,
                        window,
                    },
                    Way::RpcOut,
                ) => {
                    let outgoing = Outgoing::new(channel, window)?;
                    self.out_opens(now, number, connection, outgoing)
                }
                (
                    Said::OpensIn {
                        connection,
                        channel,
                    },
                    Way::RpcIn,
                ) => self.in_opens(now, number, connection, Incoming::new(channel)),
                (Said::Recycles, _) => {
                    self.rpc_error(now, number, PROTOCOL_ERROR);
                    None
                }
                _ => None,
            },
            (Some(line), kind::RTS) => match rts::read(pdu)? {
                Said::Acknowledges(ack) => {
                    let outgoing = self.rpc.lines.get_mut(&line)?.outgoing.as_mut()?;
                    outgoing.acknowledged(&ack).then_some(())?;
                    self.flush(now, line);
                    Some(())
                }
                Said::Lives => Some(()),
                _ => None,
            },
            (Some(line), _) if way == Way::RpcIn => self.rpc_call(now, line, header, pdu),
            _ => None,
        }
    }

    /// The virtual connection of this cookie; a new one is numbered after the connection that names it first.
    fn line_of(&mut self, number: u32, cookie: Cookie) -> u32 {
        let known = self
            .rpc
            .lines
            .iter()
            .find(|(_, line)| line.cookie == cookie)
            .map(|(number, _)| *number);
        if let Some(known) = known {
            return known;
        }
        let mut chance = self.chance.part(u64::from(number)).part(3);
        let line = Line {
            cookie,
            out: None,
            input: None,
            outgoing: None,
            incoming: None,
            association: Association::new(u32::try_from(chance.below(1 << 20)).unwrap_or(1)),
            proxy: Proxy::new(&mut chance),
            timeout_ms: TIMEOUT_MS,
            spoke_at: Micros::ZERO,
        };
        self.rpc.lines.insert(number, line);
        number
    }

    /// CONN/A1 ([MS-RPCH] 3.2.4.5.3).
    fn out_opens(
        &mut self,
        now: Micros,
        number: u32,
        cookie: Cookie,
        outgoing: Outgoing,
    ) -> Option<()> {
        let timeout_ms = self.rpc.halves.get(&number)?.timeout_ms;
        let at = self.line_of(number, cookie);
        let line = self.rpc.lines.get_mut(&at)?;
        // A cookie that is taken is nobody else's.
        if line.out.is_some() {
            return None;
        }
        line.out = Some(number);
        line.outgoing = Some(outgoing);
        line.timeout_ms = timeout_ms;
        let connection = self.connections.get_mut(&number)?;
        connection.tunnel = Some(at);
        connection.becomes_out();
        let mut answer = self
            .success(now)
            .with("Content-Type: application/rpc")
            .with(format!("Content-Length: {LIFETIME}"));
        answer.body = None;
        let mut bytes = answer.bytes();
        bytes.extend(rts::out_is_open(timeout_ms));
        let goes_on = self.answer(now, number, Moment::Logon, bytes);
        let connection = self.connections.get_mut(&number)?;
        if goes_on {
            connection.alarm(now.plus(Micros::from_millis(u64::from(timeout_ms) / 2)));
            self.joined(now, at);
        } else if connection.has_ended() {
            self.gives_up(now, at);
        } else {
            // It was told no, and leaves by itself.
            self.rpc.lines.get_mut(&at)?.outgoing = None;
        }
        Some(())
    }

    /// CONN/B1 ([MS-RPCH] 3.2.3.5.3).
    fn in_opens(
        &mut self,
        now: Micros,
        number: u32,
        cookie: Cookie,
        incoming: Incoming,
    ) -> Option<()> {
        let at = self.line_of(number, cookie);
        let line = self.rpc.lines.get_mut(&at)?;
        if line.input.is_some() {
            return None;
        }
        line.input = Some(number);
        line.incoming = Some(incoming);
        self.connections.get_mut(&number)?.tunnel = Some(at);
        self.joined(now, at);
        Some(())
    }

    /// Where both channels are there, the client is told: CONN/C2 ([MS-RPCH] 3.2.5.5.3, 3.2.4.5.4).
    fn joined(&mut self, now: Micros, at: u32) {
        if let Some(line) = self.rpc.lines.get(&at)
            && line.is_open()
        {
            let pdu = rts::both_are_open(WINDOW, line.timeout_ms);
            self.rts_says(now, at, &pdu);
        }
    }

    /// Says something about the channels, which no window holds back.
    fn rts_says(&mut self, now: Micros, at: u32, pdu: &[u8]) {
        let Some(line) = self.rpc.lines.get_mut(&at) else {
            return;
        };
        line.spoke_at = now;
        if let Some(connection) = line.out.and_then(|out| self.connections.get_mut(&out)) {
            connection.say(now, pdu);
        }
    }

    /// Nothing was said for a while: a ping, so that nobody on the way takes the OUT channel for dead ([MS-RPCH]
    /// 3.2.1.2.1).
    pub(super) fn ping(&mut self, now: Micros, at: u32) {
        let Some(line) = self.rpc.lines.get(&at) else {
            return;
        };
        let half = Micros::from_millis(u64::from(line.timeout_ms) / 2);
        let (out, mut next) = (line.out, line.spoke_at.plus(half));
        if next <= now {
            self.rts_says(now, at, &rts::ping());
            next = now.plus(half);
        }
        if let Some(connection) = out.and_then(|out| self.connections.get_mut(&out)) {
            connection.alarm(next);
        }
    }

    /// A PDU of DCE/RPC on the IN channel.
    fn rpc_call(&mut self, now: Micros, at: u32, header: Header, pdu: &[u8]) -> Option<()> {
        let line = self.rpc.lines.get_mut(&at)?;
        if !line.is_open() {
            // [MS-RPCH] 3.2.3.5.3: nobody is to say anything before CONN/C2.
            return None;
        }
        if let Some(ack) = line.incoming.as_mut()?.receives(pdu.len()) {
            self.rts_says(now, at, &rts::acknowledge(ack));
        }
        let line = self.rpc.lines.get_mut(&at)?;
        let user = (self.script.user.as_str(), self.script.password.as_str());
        match header.kind {
            kind::BIND => {
                let connection = self.connections.get_mut(&line.out?)?;
                let challenge = self.door.challenge(now, connection);
                let fault = connection.refusal(Moment::Handshake);
                let mut answer = line.association.bind(pdu, header, challenge)?;
                if let Some((code, _)) = fault {
                    let call = association::CallId {
                        number: header.call,
                        context: 0,
                    };
                    line.association.refuse(code);
                    answer = line.association.fault(call, code)?;
                }
                self.say(now, at, Some(Moment::Handshake), answer);
                self.then(now, at, fault.and_then(|(_, then)| then));
            }
            kind::AUTH_3 => {
                line.association.log_on(pdu, header, user)?;
                let connection = self.connections.get_mut(&line.out?)?;
                if let Some((code, _)) = connection.refusal(Moment::ExtendedAuth) {
                    line.association.refuse(code);
                }
                if !connection.passes(now, Moment::ExtendedAuth) {
                    self.gives_up(now, at);
                }
            }
            kind::ALTER_CONTEXT => {
                let logs_on = header.auth_length != 0;
                let connection = self.connections.get(&line.out?)?;
                let refusal = connection.refusal(Moment::ExtendedAuth).filter(|_| logs_on);
                let code = refusal.map(|(code, _)| code);
                let answer = line.association.alter_context(pdu, header, user, code)?;
                let moment = logs_on.then_some(Moment::ExtendedAuth);
                self.say(now, at, moment, answer);
                self.then(now, at, refusal.and_then(|(_, then)| then));
            }
            kind::REQUEST => match line.association.request(pdu, header) {
                Asked::Nothing => {}
                Asked::Answer(answer) => self.say(now, at, None, answer),
                Asked::Call(call) => self.call(now, at, &call),
                Asked::Broken => return None,
            },
            kind::ORPHANED => line.association.orphaned(header.call),
            // A call is never waited for so long that giving it up changes anything; what waits is ended by a method.
            kind::CO_CANCEL => {}
            _ => return None,
        }
        Some(())
    }

    /// Says PDUs of RPC, when the client has room for them; a fault that stands at `moment` has its say.
    fn say(&mut self, now: Micros, at: u32, moment: Option<Moment>, pdus: Vec<u8>) {
        let Some(line) = self.rpc.lines.get_mut(&at) else {
            return;
        };
        let (Some(out), Some(outgoing)) = (line.out, line.outgoing.as_mut()) else {
            return;
        };
        match moment {
            Some(moment) if outgoing.is_free(pdus.len()) => {
                outgoing.sends(pdus.len());
                line.spoke_at = now;
                if !self.answer(now, out, moment, pdus) {
                    self.gives_up(now, at);
                }
            }
            _ => {
                let mut rest = pdus;
                while let Read::Whole { value, used } = pdu::cut(&rest) {
                    outgoing.push(value);
                    rest.drain(..used);
                }
                self.flush(now, at);
            }
        }
    }

    /// Sends what there is room for.
    fn flush(&mut self, now: Micros, at: u32) {
        let Some(line) = self.rpc.lines.get_mut(&at) else {
            return;
        };
        let (Some(out), Some(outgoing)) = (line.out, line.outgoing.as_mut()) else {
            return;
        };
        if let Some(connection) = self.connections.get_mut(&out) {
            while let Some(pdu) = outgoing.next() {
                line.spoke_at = now;
                connection.say(now, &pdu);
            }
        }
        if outgoing.is_stuck() {
            self.end_tunnel(now, at, Then::Close);
        }
    }

    /// A fault ended the OUT channel: the rest ends in the same way.
    fn gives_up(&mut self, now: Micros, at: u32) {
        let then = self
            .rpc
            .lines
            .get(&at)
            .and_then(|line| self.connections.get(&line.out?))
            .map_or(Then::Close, Connection::ended);
        self.end_tunnel(now, at, then);
    }

    /// What a fault wants behind its code.
    fn then(&mut self, now: Micros, at: u32, then: Option<Then>) {
        if let Some(then) = then {
            self.end_tunnel(now, at, then);
        }
    }
}

/// The `MinConnTimeout` a client asks for, in milliseconds ([MS-RPCH] 2.1.2.1.2).
fn timeout_ms(request: &Request) -> u32 {
    request
        .header("Pragma")
        .and_then(|pragma| pragma.split_once("MinConnTimeout="))
        .and_then(|(_, rest)| rest.split([',', ' ']).next()?.parse().ok())
        .map_or(TIMEOUT_MS, |seconds: u32| {
            seconds
                .saturating_mul(1_000)
                .clamp(TIMEOUT_MS, LONGEST_TIMEOUT_MS)
        })
}

#[cfg(test)]
mod tests;
