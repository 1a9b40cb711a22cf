//! The RPC server behind the web server of a small gateway, and the host behind that: an X.224 confirm, TLS, and a
//! challenge.

use tls::Server;
use wire::rpch::pdu::{self, LARGEST};
use wire::rpch::rts::{self, Command, Rts};
use wire::rpch::tsproxy::{BEFORE_DATA, operation};

use super::gateway::{Acceptor, Act, Gateway, settings};

/// X.224 Connection Confirm with selectedProtocol HYBRID.
const CHOOSES_NLA: &[u8] = &[
    0x03, 0x00, 0x00, 0x13, 0x0E, 0xD0, 0x00, 0x00, 0x12, 0x34, 0x00, 0x02, 0x0F, 0x08, 0x00, 0x02,
    0x00, 0x00, 0x00,
];
/// A TSRequest with an NTLM CHALLENGE.
const CHALLENGE: &[u8] = include_bytes!("../../../wire/corpus/credssp/challenge");
const TUNNEL: [u8; 20] = *b"\0\0\0\0a tunnel context";
const CHANNEL: [u8; 20] = *b"\0\0\0\0a channelcontext";

/// The host behind.
struct Host {
    confirmed: bool,
    tls: Server,
}

impl Host {
    fn new() -> Self {
        Self {
            confirmed: false,
            tls: Server::new(&settings()).unwrap(),
        }
    }

    fn on(&mut self, bytes: &[u8]) -> Vec<u8> {
        if !self.confirmed {
            self.confirmed = true;
            return CHOOSES_NLA.to_vec();
        }
        self.tls.received(bytes);
        for _ in 0..2 {
            self.tls.step();
        }
        if !self.tls.take_plain().is_empty() {
            self.tls.write_plain(CHALLENGE);
        }
        self.tls.take_outgoing()
    }
}

/// The RPC server.
pub struct Rpc<'g> {
    gateway: &'g Gateway,
    logon: Acceptor,
    is_right: bool,
    pipe: Option<u32>,
    host: Host,
    received: u32,
    channel: [u8; 16],
    window: u32,
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

impl<'g> Rpc<'g> {
    pub fn new(gateway: &'g Gateway, channel: [u8; 16], window: u32) -> Self {
        Self {
            gateway,
            logon: Acceptor::new(),
            is_right: false,
            pipe: None,
            host: Host::new(),
            received: 0,
            channel,
            window,
        }
    }

    /// False when nothing more is said.
    pub fn on(&mut self, pdu: &[u8]) -> bool {
        let script = &self.gateway.script;
        let kind = pdu[2];
        if kind == pdu::kind::RTS {
            return true;
        }
        self.received += u32::try_from(pdu.len()).unwrap();
        let ack = Rts {
            flags: rts::flag::OTHER_CMD,
            commands: vec![
                Command::Destination(rts::destination::CLIENT),
                Command::FlowControlAck(rts::Ack {
                    received: self.received,
                    window: self.window,
                    channel: self.channel,
                }),
            ],
        };
        self.gateway.says(&ack.encode());
        let auth = usize::from(u16::from_le_bytes([pdu[10], pdu[11]]));
        let (protected, token) = pdu.split_at(pdu.len() - auth);
        match kind {
            pdu::kind::BIND => self.on_bind(token),
            pdu::kind::AUTH_3 => {
                self.is_right = self.logon.admits(token.to_vec()) && !script.refuses_inside;
                let mut logons = self.gateway.logons.lock().unwrap();
                logons.push(("inside", self.is_right));
                true
            }
            pdu::kind::REQUEST => {
                let call = u32_at(pdu, 12);
                if !self.is_right {
                    self.faults(call, 5);
                    return true;
                }
                let covered = if script.signs_body {
                    &protected[24..protected.len() - 8]
                } else {
                    protected
                };
                assert!(self.logon.checks(covered, token), "a wrong signature");
                let operation = u16::from_le_bytes([pdu[22], pdu[23]]);
                let padding = usize::from(protected[protected.len() - 8 + 2]);
                let stub = &protected[24..protected.len() - 8 - padding];
                assert_eq!((protected.len() - 8 - 24) % 16, 0);
                self.on_call(call, operation, stub)
            }
            other => panic!("PTYPE {other}"),
        }
    }

    fn on_bind(&mut self, token: &[u8]) -> bool {
        let script = &self.gateway.script;
        if let Some(reason) = script.refuses_bind {
            let mut nak = vec![5, 0, 13, 3, 0x10, 0, 0, 0, 21, 0, 0, 0, 1, 0, 0, 0];
            nak.extend([reason, 0, 1, 5, 0]);
            self.gateway.says(&nak);
            return true;
        }
        if !self.gateway.acts(script.bind) {
            return false;
        }
        let challenge = if script.spoils_challenge {
            b"no challenge".to_vec()
        } else {
            self.logon.step(token.to_vec()).unwrap()
        };
        let mut body = vec![0xF8, 0x0F, 0xF8, 0x0F, 1, 0, 0, 0, 5, 0];
        body.extend(b"3388\0\0");
        // Behind the header, this is a multiple of four.
        body.truncate(body.len() / 4 * 4);
        body.extend([1, 0, 0, 0]);
        let reason = script.refuses_interface;
        body.extend([if reason.is_some() { 2 } else { 0 }, 0]);
        body.extend([reason.unwrap_or_default(), 0]);
        body.extend([0; 20]);
        body.extend([0x0A, 5, 0, 0, 1, 0, 0, 0]);
        let mut ack = vec![5, 0, 12, if script.signs_body { 0x03 } else { 0x07 }];
        ack.extend([0x10, 0, 0, 0]);
        let length = u16::try_from(16 + body.len() + challenge.len()).unwrap();
        ack.extend(length.to_le_bytes());
        ack.extend(u16::try_from(challenge.len()).unwrap().to_le_bytes());
        ack.extend(1_u32.to_le_bytes());
        ack.extend(body);
        ack.extend(challenge);
        self.gateway.says(&ack);
        true
    }

    fn on_call(&mut self, call: u32, operation: u16, stub: &[u8]) -> bool {
        let script = self.gateway.script.clone();
        match operation {
            operation::CREATE_TUNNEL => self.steps(call, script.tunnel, |code| {
                let mut answer = if code == 0 {
                    tunnel_packet(script.consent)
                } else {
                    vec![0; 4]
                };
                answer.extend(TUNNEL);
                answer.extend(7_u32.to_le_bytes());
                answer
            }),
            operation::AUTHORIZE_TUNNEL => {
                assert!(stub.starts_with(&TUNNEL));
                self.steps(call, script.authorization, |code| {
                    if code == 0 {
                        response_packet()
                    } else {
                        vec![0; 4]
                    }
                })
            }
            operation::CREATE_CHANNEL => {
                assert!(stub.starts_with(&TUNNEL));
                // The port and the protocol number.
                assert_eq!(u32_at(stub, 36), 0x0001_0003);
                self.steps(call, script.channel, |_| {
                    let mut answer = CHANNEL.to_vec();
                    answer.extend(1_u32.to_le_bytes());
                    answer
                })
            }
            operation::SETUP_RECEIVE_PIPE => {
                assert_eq!(stub, CHANNEL);
                self.pipe = Some(call);
                match script.pipe {
                    Act::Pass => true,
                    Act::Code(code) => {
                        self.answers(call, 0x02, &code.to_le_bytes());
                        true
                    }
                    act => self.steps(call, act, |_| Vec::new()),
                }
            }
            operation::SEND_TO_SERVER => self.on_data(call, stub),
            operation::CLOSE_CHANNEL | operation::CLOSE_TUNNEL => {
                self.answers(call, 0x03, &[0; 24]);
                true
            }
            other => panic!("operation {other}"),
        }
    }

    fn on_data(&mut self, call: u32, stub: &[u8]) -> bool {
        let script = self.gateway.script.clone();
        assert!(stub.starts_with(&CHANNEL));
        let data = &stub[BEFORE_DATA..];
        assert_eq!(&stub[24..28], 1_u32.to_be_bytes());
        let length = u32::try_from(data.len()).unwrap();
        assert_eq!(&stub[20..24], (length + 4).to_be_bytes());
        assert_eq!(&stub[28..32], length.to_be_bytes());
        let Some(pipe) = self.pipe else {
            self.faults(call, 0x4E3);
            return true;
        };
        match script.data {
            Act::Pass => {}
            act => return self.steps(call, act, |_| Vec::new()),
        }
        self.answers(call, 0x03, &[0; 4]);
        if let Some(code) = script.ends {
            self.answers(pipe, 0x02, &code.to_le_bytes());
            return true;
        }
        let answer = self.host.on(data);
        // What a host says at once comes in several fragments.
        for piece in answer.chunks(1_000) {
            self.answers(pipe, 0x00, piece);
        }
        true
    }

    /// Answers a call that ends with a result, or does something else.
    fn steps(&mut self, call: u32, act: Act, answer: impl Fn(u32) -> Vec<u8>) -> bool {
        let code = match act {
            Act::Pass | Act::Unsigned => 0,
            Act::Code(code) => code,
            Act::Fault(status) => {
                self.faults(call, status);
                return true;
            }
            Act::Short => {
                self.answers(call, 0x03, &[0; 2]);
                return true;
            }
            Act::Close | Act::Silent | Act::Garbage => return self.gateway.acts(act),
        };
        let mut stub = answer(code);
        stub.extend(code.to_le_bytes());
        if act == Act::Unsigned {
            self.logon.signed += 7;
        }
        // In two fragments, as nothing says how many there are.
        if stub.len() > 16 {
            let (first, last) = stub.split_at(16);
            self.answers(call, 0x01, first);
            self.answers(call, 0x02, last);
        } else {
            self.answers(call, 0x03, &stub);
        }
        true
    }

    fn answers(&mut self, call: u32, flags: u8, stub: &[u8]) {
        let body_alone = self.gateway.script.signs_body;
        let fragment = pdu::request(call, 0, stub, LARGEST).remove(0);
        let mut pdu = fragment.covered(true).to_vec();
        pdu[2] = pdu::kind::RESPONSE;
        pdu[3] = flags;
        let covered = if body_alone {
            pdu[24..pdu.len() - 8].to_vec()
        } else {
            pdu.clone()
        };
        let signature = self.logon.sign(&covered);
        pdu.extend(signature);
        self.gateway.says(&pdu);
    }

    fn faults(&mut self, call: u32, status: u32) {
        let mut fault = vec![5, 0, 3, 0x23, 0x10, 0, 0, 0, 32, 0, 0, 0];
        fault.extend(call.to_le_bytes());
        fault.extend([0; 8]);
        fault.extend(status.to_le_bytes());
        fault.extend([0; 4]);
        self.gateway.says(&fault);
    }
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

/// TSG_PACKET with TSG_PACKET_QUARENC_RESPONSE or TSG_PACKET_CAPS_RESPONSE.
fn tunnel_packet(consent: bool) -> Vec<u8> {
    let kind = if consent { 0x4350 } else { 0x4552 };
    let mut out = words(&[0x20000, kind, kind, 0x20004, 0, 0, 0]);
    out.extend([9; 16]);
    out.extend(words(&[0x20008]));
    if consent {
        out.extend(words(&[1, 1, 1, 1, 0x2000C]));
    }
    out.extend(words(&[0x5643_5452, 0x20010, 1, 0x0001_0001, 0]));
    out.extend(words(&[1, 1, 1, 0xE]));
    if consent {
        out.extend(words(&[1, 1, 3, 0x20014, 3]));
        out.extend([b'O', 0, b'K', 0, 0, 0, 0, 0]);
    }
    out
}

/// TSG_PACKET with TSG_PACKET_RESPONSE: 30 minutes, and no drives.
fn response_packet() -> Vec<u8> {
    let mut out = words(&[0x20000, 0x5052, 0x5052, 0x20004, 0x5152, 0, 0x20008, 4]);
    out.extend(words(&[0, 0, 1, 0, 0, 0, 0, 0]));
    out.extend(words(&[4, 30]));
    out
}
