//! The tunnel of a gateway: packets, from the handshake to the last byte.

use model::Micros;
use wire::Read;

use super::Gateway;
use super::packet::{self, Fields, Packet, capability, extended, kind};
use crate::front::connection::Connection;
use crate::front::{Behind, Logon, Moment, Order, Scheme};
use crate::http::{self, Opcode};
use crate::scenario::Then;

/// HRESULT_CODE(E_PROXY_TS_CONNECTFAILED) ([MS-TSGU] 2.2.6.1).
const CONNECT_FAILED: u32 = 0x0000_59DD;
/// HRESULT_CODE(E_PROXY_NOTSUPPORTED).
const NOT_SUPPORTED: u32 = 0x0000_59E8;
/// ERROR_BAD_ARGUMENTS: the server behind ended the connection.
const SERVER_CLOSED: u32 = 0x0000_00A0;
/// SEC_E_LOGON_DENIED.
const LOGON_DENIED: u32 = 0x8009_030C;

/// What a gateway can: everything but health checks and the side channel over UDP.
pub(super) const CAPABILITIES: u32 = capability::IDLE_TIMEOUT
    | capability::CONSENT
    | capability::SERVICE_MESSAGE
    | capability::REAUTH;

/// A tunnel.
#[derive(Debug)]
pub(super) struct Tunnel {
    /// What joins its two channels.
    pub id: String,
    /// The connection its packets go out on.
    pub out: u32,
    /// The connection its packets come in on.
    pub input: Option<u32>,
    /// The server behind was dialled.
    pub dialled: bool,
    framed: bool,
    incoming: Vec<u8>,
    waits_for: Stage,
}

/// What a tunnel waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Handshake,
    ExtendedAuth,
    Create,
    Authorize,
    Channel,
    /// The server behind is being dialled.
    Server,
    Data,
}

impl Tunnel {
    pub(super) const fn new(id: String, out: u32, framed: bool) -> Self {
        Self {
            id,
            out,
            input: None,
            dialled: false,
            framed,
            incoming: Vec::new(),
            waits_for: Stage::Handshake,
        }
    }
}

impl Gateway {
    /// Takes in bytes of the tunnel that connection `number` belongs to.
    pub(super) fn packets(&mut self, now: Micros, number: u32, bytes: &[u8]) {
        let Some(tunnel_number) = self
            .connections
            .get(&number)
            .and_then(|connection| connection.tunnel)
        else {
            return;
        };
        if let Some(tunnel) = self.tunnels.get_mut(&tunnel_number) {
            tunnel.incoming.extend_from_slice(bytes);
        }
        while let Some(tunnel) = self.tunnels.get_mut(&tunnel_number) {
            match packet::read(&tunnel.incoming) {
                Read::Whole { value, used } => {
                    tunnel.incoming.drain(..used);
                    self.packet(now, tunnel_number, &value);
                }
                Read::Partial => return,
                Read::Not => return self.end_tunnel(now, tunnel_number, Then::Close),
            }
        }
    }

    fn packet(&mut self, now: Micros, number: u32, packet: &Packet) {
        let Some(stage) = self.tunnels.get(&number).map(|tunnel| tunnel.waits_for) else {
            return;
        };
        match (packet.kind, stage) {
            (kind::KEEPALIVE, _) => {}
            (kind::CLOSE_CHANNEL, _) => {
                self.tell(now, number, packet::close(kind::CLOSE_CHANNEL_RESPONSE, 0));
                self.end_tunnel(now, number, Then::Close);
            }
            (kind::HANDSHAKE_REQUEST, Stage::Handshake) => {
                self.handshake(now, number, &packet.body)
            }
            (kind::EXTENDED_AUTH, Stage::ExtendedAuth) => {
                self.extended_auth(now, number, &packet.body);
            }
            (kind::TUNNEL_CREATE, Stage::Create) => self.create(now, number, &packet.body),
            (kind::TUNNEL_AUTH, Stage::Authorize) => self.authorize(now, number),
            (kind::CHANNEL_CREATE, Stage::Channel) => self.channel(now, number, &packet.body),
            (kind::DATA, Stage::Data) => {
                if let Some(bytes) = Fields(&packet.body).blob() {
                    self.orders.push(Order::Forward(number, bytes.to_vec()));
                }
            }
            // Out of turn: a gateway ends what it does not expect.
            _ => {
                self.tell(
                    now,
                    number,
                    packet::close(kind::CLOSE_CHANNEL, NOT_SUPPORTED),
                );
                self.end_tunnel(now, number, Then::Close);
            }
        }
    }

    fn handshake(&mut self, now: Micros, number: u32, body: &[u8]) {
        let mut fields = Fields(body);
        let asked = (|| {
            fields.take(4)?;
            fields.short()
        })();
        let schemes = [
            (Scheme::Smartcard, extended::SMART_CARD),
            (Scheme::Paa, extended::COOKIE),
            (Scheme::SspiNtlm, extended::NTLM),
        ];
        let offered = schemes
            .iter()
            .filter(|(scheme, _)| self.script.schemes.contains(scheme))
            .fold(0, |sum, (_, bit)| sum | bit);
        let next = if asked.unwrap_or_default() & offered & extended::NTLM == 0 {
            Stage::Create
        } else {
            Stage::ExtendedAuth
        };
        self.reply(now, number, Moment::Handshake, next, |error| {
            packet::handshake_response(error, offered)
        });
    }

    fn extended_auth(&mut self, now: Micros, number: u32, body: &[u8]) {
        let mut fields = Fields(body);
        let token = (|| {
            fields.long()?;
            fields.blob()
        })()
        .unwrap_or_default();
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        match self.door.logon(now, connection, token) {
            Logon::Challenge(challenge) => {
                let stage = Stage::ExtendedAuth;
                self.reply(now, number, Moment::ExtendedAuth, stage, |error| {
                    packet::extended_auth(error, &challenge)
                });
            }
            Logon::LetIn => {
                self.reply(now, number, Moment::ExtendedAuth, Stage::Create, |error| {
                    packet::extended_auth(error, &[])
                });
            }
            Logon::Refused => {
                self.tell(now, number, packet::extended_auth(LOGON_DENIED, &[]));
                self.end_tunnel(now, number, Then::Close);
            }
        }
    }

    fn create(&mut self, now: Micros, number: u32, body: &[u8]) {
        let asked = Fields(body).long().unwrap_or_default();
        let common = asked & CAPABILITIES;
        let consent = self
            .script
            .consent
            .clone()
            .filter(|_| common & capability::CONSENT != 0);
        self.reply(now, number, Moment::Tunnel, Stage::Authorize, |error| {
            packet::tunnel_response(error, number, common, consent.as_deref())
        });
    }

    fn authorize(&mut self, now: Micros, number: u32) {
        let (redirection, idle) = (self.script.redirection, self.script.idle_minutes);
        self.reply(now, number, Moment::TunnelAuth, Stage::Channel, |error| {
            packet::tunnel_auth_response(error, redirection, idle)
        });
    }

    fn channel(&mut self, now: Micros, number: u32, body: &[u8]) {
        let Some((names, port)) = packet::read_channel(body) else {
            return self.refuse_channel(now, number, CONNECT_FAILED, Then::Close);
        };
        // A policy speaks before anybody is dialled.
        if let Some((code, then)) = self.refusal(number, Moment::Channel) {
            return self.refuse_channel(now, number, code, then);
        }
        if let Some(tunnel) = self.tunnels.get_mut(&number) {
            tunnel.waits_for = Stage::Server;
            tunnel.dialled = true;
            self.orders.push(Order::Dial {
                tunnel: number,
                names,
                port,
            });
        }
    }

    fn refuse_channel(&mut self, now: Micros, number: u32, code: u32, then: Then) {
        let refusal = packet::channel_response(code, 0);
        if self.send(now, number, Moment::Channel, refusal) {
            self.end_tunnel(now, number, then);
        }
    }

    /// Takes in what happened behind a tunnel.
    pub(super) fn happened_behind(&mut self, now: Micros, number: u32, net: Behind<'_>) {
        let Some(stage) = self.tunnels.get(&number).map(|tunnel| tunnel.waits_for) else {
            return;
        };
        match (net, stage) {
            (Behind::Opened, Stage::Server) => {
                self.reply(now, number, Moment::Channel, Stage::Data, |error| {
                    packet::channel_response(error, 1)
                });
                self.flows(now, number);
            }
            (Behind::Failed, Stage::Server) => {
                self.refuse_channel(now, number, CONNECT_FAILED, Then::Close);
            }
            (Behind::Bytes(bytes), Stage::Data) => self.tell(now, number, packet::data(bytes)),
            (Behind::Ended, Stage::Data) => {
                self.tell(
                    now,
                    number,
                    packet::close(kind::CLOSE_CHANNEL, SERVER_CLOSED),
                );
                self.end_tunnel(now, number, Then::Close);
            }
            _ => {}
        }
    }

    /// Data begins to flow: what is to happen then is planned.
    fn flows(&mut self, now: Micros, number: u32) {
        let Some(tunnel) = self.tunnels.get(&number) else {
            return;
        };
        let (out, framed) = (tunnel.out, tunnel.framed);
        let Some(connection) = self.connections.get_mut(&out) else {
            return;
        };
        if let Some(text) = connection.message() {
            let message = dress(framed, packet::service_message(text));
            connection.say(now, &message);
        }
        connection.later(now);
    }

    /// Closes the channel with this number, as was planned.
    pub(super) fn close_channel(&mut self, now: Micros, number: u32, code: u32) {
        self.tell(now, number, packet::close(kind::CLOSE_CHANNEL, code));
    }

    /// Sends the answer that is due, with the number of a fault where there is one, and goes on to `next`.
    fn reply(
        &mut self,
        now: Micros,
        number: u32,
        moment: Moment,
        next: Stage,
        answer: impl FnOnce(u32) -> Vec<u8>,
    ) {
        let refusal = self.refusal(number, moment);
        let answer = answer(refusal.map_or(0, |(code, _)| code));
        if !self.send(now, number, moment, answer) {
            return;
        }
        match refusal {
            Some((_, then)) => self.end_tunnel(now, number, then),
            None => {
                if let Some(tunnel) = self.tunnels.get_mut(&number) {
                    tunnel.waits_for = next;
                }
            }
        }
    }

    /// The number with which a fault says no at `moment`.
    fn refusal(&self, number: u32, moment: Moment) -> Option<(u32, Then)> {
        let out = self.tunnels.get(&number)?.out;
        let (code, then) = self.connections.get(&out)?.refusal(moment)?;
        Some((code, then.unwrap_or(Then::Close)))
    }

    /// Sends an answer, unless a fault has it otherwise; then the tunnel is over. True when it goes on.
    fn send(&mut self, now: Micros, number: u32, moment: Moment, packet: Vec<u8>) -> bool {
        let Some(tunnel) = self.tunnels.get(&number) else {
            return false;
        };
        let (out, packet) = (tunnel.out, dress(tunnel.framed, packet));
        let goes_on = self.answer(now, out, moment, packet);
        if !goes_on {
            // The other channel ends in the same way.
            let then = self
                .connections
                .get(&out)
                .map_or(Then::Close, Connection::ended);
            self.end_tunnel(now, number, then);
        }
        goes_on
    }

    /// Sends a packet that no fault touches.
    fn tell(&mut self, now: Micros, number: u32, packet: Vec<u8>) {
        if let Some(tunnel) = self.tunnels.get(&number)
            && let Some(connection) = self.connections.get_mut(&tunnel.out)
        {
            connection.say(now, &dress(tunnel.framed, packet));
        }
    }
}

/// Puts a packet into a frame where it goes over a WebSocket.
fn dress(framed: bool, packet: Vec<u8>) -> Vec<u8> {
    if framed {
        http::frame(Opcode::Data, &packet)
    } else {
        packet
    }
}
