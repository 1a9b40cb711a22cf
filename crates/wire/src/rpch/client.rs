//! The machine of a client of RPC over HTTP v2 ([MS-RPCH] 3.2.2): bytes of the channel on which answers come go in,
//! events come out, and bytes for the channel on which requests go. It keeps the windows of both sides, and puts
//! fragments together. How the two channels were opened, and what signs and checks a PDU, is its user's affair.
//!
//! A connection that carries a gigabyte would have to go on over new channels; this one ends long before.
//!
//! [MS-RPCH]: https://learn.microsoft.com/openspecs/windows_protocols/ms-rpch/

use std::collections::VecDeque;

use super::pdu::{self, Fragment, Pdu, SIGNATURE, flag};
use super::rts::{self, Ack, Command, Cookie, Rts, WINDOW};
use super::tsproxy::{self, operation};
use crate::cursor::{Read, count32};

/// A longer answer is none: two texts of a gateway at their longest are shorter.
const MOST_STUB: usize = 512 * 1024;
/// Answers that are not whole at the same time.
const MOST_OPEN: usize = 16;
/// More that waits for a window is not kept.
const MOST_WAITING: usize = 4 * 1024 * 1024;

/// What proves who sent a PDU, in the order in which they come and go.
pub trait Protection {
    /// The signature of what is sent next; `None` when it cannot be made.
    fn sign(&mut self, covered: &[u8]) -> Option<[u8; SIGNATURE]>;
    /// Whether this is the signature of what came next.
    fn checks(&mut self, covered: &[u8], signature: &[u8]) -> bool;
}

/// The names that a client gives to a connection, at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names {
    /// The virtual connection.
    pub connection: Cookie,
    /// The channel on which answers come.
    pub out_channel: Cookie,
    /// The channel on which requests go.
    pub in_channel: Cookie,
    /// The client.
    pub association: Cookie,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// CONN/A3: the proxy reached the RPC server.
    Reached,
    /// CONN/C2: the connection is open both ways.
    Opened,
    /// bind_ack that accepts the interface.
    Bound {
        /// What the server's security provider says.
        token: Vec<u8>,
    },
    /// bind_nak, or a bind_ack that refuses the interface.
    NotBound {
        /// The error that Windows makes of it ([MS-RPCE] 3.3.2.5.3 and 2.2.2.5).
        code: u32,
    },
    /// A whole answer to a call.
    Answered {
        /// Its number.
        call: u32,
        /// What it holds.
        stub: Vec<u8>,
    },
    /// A call ended with a fault.
    Faulted {
        /// Its number.
        call: u32,
        /// What went wrong.
        status: u32,
    },
    /// Bytes that came through the pipe.
    Data(Vec<u8>),
    /// The pipe ended.
    PipeEnded {
        /// Why.
        code: u32,
    },
    /// What protects a PDU is not the server's.
    Forged {
        /// The call it belongs to.
        call: u32,
    },
    /// What comes is no PDU, and is not read on.
    Unreadable,
}

/// A client's side of a connection.
#[derive(Clone, Debug)]
pub struct Client {
    names: Names,
    /// Bytes of a PDU that is not whole.
    held: Vec<u8>,
    /// What comes is read.
    reads: bool,
    /// The connection is open, and the other side receives so much.
    peer_window: Option<u32>,
    /// As much of it is free.
    free: u32,
    /// Bytes of RPC that were sent.
    sent: u32,
    /// Whole PDUs that wait for the window.
    waiting: VecDeque<Vec<u8>>,
    /// RTS PDUs wait for none.
    at_once: Vec<u8>,
    /// Bytes of RPC that came, and how many of them since they were acknowledged.
    received: u32,
    unacknowledged: u32,
    /// The largest fragment that the server receives.
    largest: u16,
    /// Signatures cover headers.
    signs_headers: bool,
    calls: u32,
    /// The call whose answers are the bytes of the pipe.
    pipe: Option<u32>,
    /// Answers that are not whole.
    open: Vec<(u32, Vec<u8>)>,
}

impl Client {
    /// A client with these names.
    pub fn new(names: Names) -> Self {
        Self {
            names,
            held: Vec::new(),
            reads: true,
            peer_window: None,
            free: 0,
            sent: 0,
            waiting: VecDeque::new(),
            at_once: Vec::new(),
            received: 0,
            unacknowledged: 0,
            largest: pdu::LARGEST,
            signs_headers: false,
            calls: 0,
            pipe: None,
            open: Vec::new(),
        }
    }

    /// What the request of the channel for answers carries.
    pub fn opens_out(&self) -> Vec<u8> {
        rts::conn_a1(self.names.connection, self.names.out_channel, WINDOW).encode()
    }

    /// What the body of the channel for requests begins with.
    pub fn opens_in(&self) -> Vec<u8> {
        let Names {
            connection,
            in_channel,
            association,
            ..
        } = self.names;
        rts::conn_b1(connection, in_channel, association).encode()
    }

    /// Takes bytes of the channel for answers.
    pub fn received(&mut self, bytes: &[u8]) {
        if self.reads {
            self.held.extend(bytes);
        }
    }

    /// Bytes that are no whole PDU.
    pub const fn unread(&self) -> usize {
        self.held.len()
    }

    /// Binds to the gateway's interface, with the first token of a logon.
    pub fn bind(&mut self, token: &[u8]) {
        self.calls = 1;
        self.send(pdu::bind(1, token));
    }

    /// Ends the logon with its last token, which nobody answers.
    pub fn authenticate(&mut self, token: &[u8]) {
        self.send(pdu::auth_3(1, token));
    }

    /// Calls; the number of the call, or nothing when it cannot be signed.
    pub fn call(
        &mut self,
        operation: u16,
        stub: &[u8],
        protection: &mut impl Protection,
    ) -> Option<u32> {
        let call = self.calls.wrapping_add(1);
        self.calls = call;
        for fragment in pdu::request(call, operation, stub, self.largest) {
            let signature = protection.sign(fragment.covered(self.signs_headers))?;
            self.send(fragment.with(signature));
        }
        if operation == operation::SETUP_RECEIVE_PIPE {
            self.pipe = Some(call);
        }
        Some(call)
    }

    /// As many bytes of data go into one fragment of TsProxySendToServer.
    pub fn most_data(&self) -> usize {
        pdu::most_stub(self.largest).saturating_sub(tsproxy::BEFORE_DATA)
    }

    /// More waits for the window of the other side than is sensible to add to.
    pub fn is_full(&self) -> bool {
        self.waiting.iter().map(Vec::len).sum::<usize>() > usize::from(u16::MAX)
    }

    fn send(&mut self, pdu: Vec<u8>) {
        let waiting: usize = self.waiting.iter().map(Vec::len).sum();
        if waiting < MOST_WAITING {
            self.waiting.push_back(pdu);
        }
    }

    /// What may be sent at this moment on the channel for requests.
    pub fn take_outgoing(&mut self) -> Vec<u8> {
        let mut out = std::mem::take(&mut self.at_once);
        // [MS-RPCH] 3.2.1.4.1.3.
        while let Some(pdu) = self
            .waiting
            .pop_front_if(|pdu| count32(pdu.len()) < self.free)
        {
            let length = count32(pdu.len());
            self.free = self.free.saturating_sub(length);
            self.sent = self.sent.wrapping_add(length);
            out.extend(pdu);
        }
        out
    }

    /// What happened next, in what came so far.
    pub fn next(&mut self, protection: &mut impl Protection) -> Option<Event> {
        loop {
            match pdu::read(&self.held) {
                Read::Whole { value, used } => {
                    self.held.drain(..used);
                    if !matches!(value, Pdu::Rts(_)) {
                        self.consume(count32(used));
                    }
                    if let Some(event) = self.on(value, protection) {
                        return Some(event);
                    }
                }
                Read::Partial => return None,
                Read::Not => {
                    self.held.clear();
                    return std::mem::take(&mut self.reads).then_some(Event::Unreadable);
                }
            }
        }
    }

    /// What was read makes room for more ([MS-RPCH] 3.2.1.4.1.1).
    fn consume(&mut self, length: u32) {
        self.received = self.received.wrapping_add(length);
        self.unacknowledged = self.unacknowledged.saturating_add(length);
        if self.unacknowledged > WINDOW / 2 {
            self.unacknowledged = 0;
            let ack = Ack {
                received: self.received,
                window: WINDOW,
                channel: self.names.out_channel,
            };
            self.at_once.extend(rts::acknowledge(ack).encode());
        }
    }

    fn on(&mut self, pdu: Pdu, protection: &mut impl Protection) -> Option<Event> {
        match pdu {
            Pdu::Rts(rts) => self.on_rts(&rts),
            Pdu::BindAck {
                result: (0, _),
                largest,
                signs_headers,
                token,
            } => {
                self.largest = largest;
                self.signs_headers = signs_headers;
                Some(Event::Bound { token })
            }
            Pdu::BindAck { result, .. } => Some(Event::NotBound {
                code: refused_context(result.1),
            }),
            Pdu::BindNak { reason } => Some(Event::NotBound {
                code: refused_bind(reason),
            }),
            Pdu::Response(fragment) => {
                if !self.is_genuine(&fragment, protection) {
                    return Some(Event::Forged {
                        call: fragment.call,
                    });
                }
                self.on_response(fragment)
            }
            Pdu::Fault { fragment, status } => {
                // One about the logon itself cannot be signed with what the logon would have given.
                if fragment.signed.is_some() {
                    let _ = self.is_genuine(&fragment, protection);
                }
                let call = fragment.call;
                self.open.retain(|(known, _)| *known != call);
                let status = faulted(status);
                Some(Event::Faulted { call, status })
            }
            Pdu::Other { .. } => None,
        }
    }

    fn on_rts(&mut self, rts: &Rts) -> Option<Event> {
        match rts.commands.as_slice() {
            // CONN/A3.
            [Command::ConnectionTimeout(_)]
                if rts.flags == rts::flag::NONE && self.peer_window.is_none() =>
            {
                Some(Event::Reached)
            }
            // CONN/C2.
            [
                Command::Version(_),
                Command::ReceiveWindowSize(window),
                Command::ConnectionTimeout(_),
            ] if rts.flags == rts::flag::NONE && self.peer_window.is_none() => {
                self.peer_window = Some(*window);
                self.free = *window;
                Some(Event::Opened)
            }
            [Command::FlowControlAck(ack)]
            | [Command::Destination(_), Command::FlowControlAck(ack)] => {
                self.on_acknowledged(ack);
                None
            }
            // Pings and the rest ask for nothing that a short connection needs.
            _ => None,
        }
    }

    /// [MS-RPCH] 3.2.1.5.1.2. What it says has to be possible.
    fn on_acknowledged(&mut self, ack: &Ack) {
        let under_way = self.sent.wrapping_sub(ack.received);
        let most = self.peer_window.unwrap_or_default();
        if ack.channel == self.names.in_channel
            && ack.window <= most
            && let Some(free) = ack.window.checked_sub(under_way)
        {
            self.free = free;
        }
    }

    fn is_genuine(&self, fragment: &Fragment, protection: &mut impl Protection) -> bool {
        fragment.signed.as_ref().is_some_and(|signed| {
            protection.checks(signed.covered(self.signs_headers), &signed.signature)
        })
    }

    fn on_response(&mut self, fragment: Fragment) -> Option<Event> {
        let is_last = fragment.flags & flag::LAST != 0;
        if self.pipe == Some(fragment.call) {
            // Its last fragment holds the result alone ([MS-TSGU] 3.6.5.5).
            if !is_last {
                return (!fragment.stub.is_empty()).then_some(Event::Data(fragment.stub));
            }
            let code = tsproxy::read_result(&fragment.stub).unwrap_or_default();
            return Some(Event::PipeEnded { code });
        }
        let call = fragment.call;
        let at = self.open.iter().position(|(known, _)| *known == call);
        let mut stub = at.map_or_else(Vec::new, |at| self.open.swap_remove(at).1);
        stub.extend(fragment.stub);
        if is_last {
            return Some(Event::Answered { call, stub });
        }
        if stub.len() > MOST_STUB || self.open.len() >= MOST_OPEN {
            self.held.clear();
            self.reads = false;
            return Some(Event::Unreadable);
        }
        self.open.push((call, stub));
        None
    }
}

/// What Windows makes of the status of a fault ([MS-RPCE] 3.1.1.5.5, C706 appendix E); others are its own codes.
const fn faulted(status: u32) -> u32 {
    match status {
        // nca_op_rng_error: RPC_S_PROCNUM_OUT_OF_RANGE.
        0x1C01_0002 => 1745,
        // nca_unk_if: RPC_S_UNKNOWN_IF.
        0x1C01_0003 => 1717,
        // nca_proto_error, nca_rpc_version_mismatch, nca_invalid_pres_context_id: RPC_S_PROTOCOL_ERROR.
        0x1C01_000B | 0x1C00_0008 | 0x1C00_001C => 1728,
        // nca_server_too_busy: RPC_S_SERVER_TOO_BUSY.
        0x1C01_0014 => 1723,
        // nca_out_args_too_big, nca_s_fault_remote_no_memory: RPC_S_SERVER_OUT_OF_MEMORY.
        0x1C01_0013 | 0x1C00_001B => 1130,
        // nca_s_fault_invalid_tag: RPC_S_INVALID_TAG.
        0x1C00_0006 => 1733,
        // nca_s_fault_invalid_bound: RPC_S_INVALID_BOUND.
        0x1C00_0007 => 1734,
        // nca_s_you_crashed, nca_unspec_reject, nca_who_are_you_failed, nca_s_fault_unspec: RPC_S_CALL_FAILED.
        0x1C01_0009 | 0x1C00_0009 | 0x1C00_000B | 0x1C00_0012 => 1726,
        // nca_s_bad_actid, nca_manager_not_entered, nca_invalid_checksum, nca_invalid_crc: RPC_S_CALL_FAILED_DNE.
        0x1C00_000A | 0x1C00_000C | 0x1C00_001F | 0x1C00_0020 => 1727,
        // nca_s_fault_cancel: RPC_S_CALL_CANCELLED.
        0x1C00_000D => 1818,
        // nca_s_fault_context_mismatch: RPC_X_SS_CONTEXT_MISMATCH.
        0x1C00_001A => 6,
        own => own,
    }
}

/// What Windows makes of the reason of a bind_nak ([MS-RPCE] 2.2.2.5).
const fn refused_bind(reason: u16) -> u32 {
    match reason {
        // TEMPORARY_CONGESTION, LOCAL_LIMIT_EXCEEDED: RPC_S_SERVER_TOO_BUSY.
        1 | 2 => 1723,
        // PROTOCOL_VERSION_NOT_SPECIFIED: RPC_S_PROTOCOL_ERROR.
        4 => 1728,
        // authentication_type_not_recognized: RPC_S_UNKNOWN_AUTHN_SERVICE.
        8 => 1747,
        // invalid_checksum: ERROR_ACCESS_DENIED.
        9 => 5,
        // RPC_S_CALL_FAILED_DNE.
        _ => 1727,
    }
}

/// What Windows makes of the reason for which a context was refused (C706 12.6.3.1: p_provider_reason_t).
const fn refused_context(reason: u16) -> u32 {
    match reason {
        // abstract_syntax_not_supported: RPC_S_UNKNOWN_IF.
        1 => 1717,
        // proposed_transfer_syntaxes_not_supported: RPC_S_UNSUPPORTED_TRANS_SYN.
        2 => 1730,
        // local_limit_exceeded: RPC_S_SERVER_TOO_BUSY.
        3 => 1723,
        // RPC_S_CALL_FAILED_DNE.
        _ => 1727,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpch::pdu::kind;
    use hex_literal::hex;
    use proptest::prelude::*;

    /// A signature that is the sum of what it covers and the number of PDUs before.
    #[derive(Clone, Copy, Default)]
    struct Sums {
        sent: u8,
        came: u8,
    }

    fn sum(covered: &[u8], number: u8) -> [u8; SIGNATURE] {
        let sum = covered
            .iter()
            .fold(number, |sum, byte| sum.wrapping_add(*byte));
        [sum; SIGNATURE]
    }

    impl Protection for Sums {
        fn sign(&mut self, covered: &[u8]) -> Option<[u8; SIGNATURE]> {
            let signature = sum(covered, self.sent);
            self.sent = self.sent.wrapping_add(1);
            Some(signature)
        }

        fn checks(&mut self, covered: &[u8], signature: &[u8]) -> bool {
            let expected = sum(covered, self.came);
            self.came = self.came.wrapping_add(1);
            signature == expected
        }
    }

    fn client() -> Client {
        Client::new(Names {
            connection: [1; 16],
            out_channel: [2; 16],
            in_channel: [3; 16],
            association: [4; 16],
        })
    }

    const A3: [u8; 28] =
        hex!("05 00 14 03 10000000 1c00 0000 00000000 0000 0100 02000000 c0d40100");
    const C2: [u8; 44] = hex!(
        "05 00 14 03 10000000 2c00 0000 00000000 0000 0300 06000000 01000000 00000000 00000100 02000000 c0d40100"
    );
    const ACK: [u8; 72] = hex!(
        "05 00 0c 17 10000000 4800 0400 01000000"
        "f80f f80f 01000000 0500 3333383800 00"
        "01 00 0000 0000 0000 045d888aeb1cc9119fe808002b104860 02000000"
        "0a 05 00 00 01000000 4e544c4d"
    );

    /// A fragment of a response, signed as [`Sums`] does.
    fn response(call: u32, flags: u8, stub: &[u8], number: u8) -> Vec<u8> {
        let mut fragments = pdu::request(call, 0, stub, pdu::LARGEST);
        let mut pdu = fragments.remove(0).covered(true).to_vec();
        pdu[2] = kind::RESPONSE;
        pdu[3] = flags;
        let signature = sum(&pdu, number);
        pdu.extend(signature);
        pdu
    }

    fn all(client: &mut Client, sums: &mut Sums) -> Vec<Event> {
        std::iter::from_fn(|| client.next(sums)).collect()
    }

    #[test]
    fn a_client_opens_binds_and_calls() {
        let (mut client, mut sums) = (client(), Sums::default());
        assert_eq!(client.opens_out().len(), 76);
        assert_eq!(client.opens_in().len(), 104);
        client.bind(b"NTLM");
        assert!(client.take_outgoing().is_empty(), "before it is open");
        client.received(&A3);
        assert_eq!(all(&mut client, &mut sums), [Event::Reached]);
        client.received(&C2);
        assert_eq!(all(&mut client, &mut sums), [Event::Opened]);
        assert_eq!(client.take_outgoing(), pdu::bind(1, b"NTLM"));
        client.received(&ACK);
        let token = b"NTLM".to_vec();
        assert_eq!(all(&mut client, &mut sums), [Event::Bound { token }]);
        client.authenticate(b"proof");
        assert_eq!(client.call(1, &[0; 5], &mut sums), Some(2));
        let sent = client.take_outgoing();
        assert!(sent.starts_with(&pdu::auth_3(1, b"proof")));
        client.received(&response(2, flag::FIRST, b"an", 0));
        assert_eq!(all(&mut client, &mut sums), []);
        client.received(&response(2, flag::LAST, b"swer", 1));
        let stub = b"answer".to_vec();
        assert_eq!(
            all(&mut client, &mut sums),
            [Event::Answered { call: 2, stub }]
        );
    }

    #[test]
    fn the_pipe_carries_data_beside_other_calls() {
        let (mut client, mut sums) = (client(), Sums::default());
        client.received(&[&C2[..], &ACK].concat());
        let _ = all(&mut client, &mut sums);
        let pipe = client
            .call(operation::SETUP_RECEIVE_PIPE, &[0; 20], &mut sums)
            .unwrap();
        let other = client
            .call(operation::SEND_TO_SERVER, &[0; 33], &mut sums)
            .unwrap();
        let came = [
            response(pipe, flag::FIRST, b"one", 0),
            response(other, flag::ONLY, &[0; 4], 1),
            response(pipe, 0, b"four", 2),
            response(pipe, flag::LAST, &hex!("a0000000"), 3),
        ];
        client.received(&came.concat());
        assert_eq!(
            all(&mut client, &mut sums),
            [
                Event::Data(b"one".to_vec()),
                Event::Answered {
                    call: other,
                    stub: vec![0; 4]
                },
                Event::Data(b"four".to_vec()),
                Event::PipeEnded { code: 0xA0 },
            ]
        );
    }

    #[test]
    fn every_refusal_has_a_name() {
        let nak = |reason: u8| {
            let mut nak = hex!("05 00 0d 03 10000000 1500 0000 01000000 0000 01 05 00");
            nak[16] = reason;
            nak.to_vec()
        };
        let mut context = hex!(
            "05 00 0c 03 10000000 3800 0000 01000000 f80f f80f 01000000 0000 0000"
            "01 00 0000 0200 0100 00000000000000000000000000000000 00000000"
        )
        .to_vec();
        for (came, code) in [
            (nak(0), 1727),
            (nak(1), 1723),
            (nak(2), 1723),
            (nak(4), 1728),
            (nak(8), 1747),
            (nak(9), 5),
            (context.clone(), 1717),
        ] {
            let (mut client, mut sums) = (client(), Sums::default());
            client.received(&came);
            assert_eq!(all(&mut client, &mut sums), [Event::NotBound { code }]);
        }
        for (reason, code) in [(2, 1730), (3, 1723), (0, 1727)] {
            context[34] = reason;
            let (mut client, mut sums) = (client(), Sums::default());
            client.received(&context);
            assert_eq!(all(&mut client, &mut sums), [Event::NotBound { code }]);
        }
        let mut fault =
            hex!("05 00 03 23 10000000 2000 0000 02000000 00000000 0000 00 00 dd590000 00000000");
        for (status, told) in [
            (0x59DD_u32, 0x59DD),
            (0x1C01_0003, 1717),
            (0x1C00_001A, 6),
            (5, 5),
        ] {
            fault[24..28].copy_from_slice(&status.to_le_bytes());
            let (mut client, mut sums) = (client(), Sums::default());
            client.received(&fault);
            assert_eq!(
                all(&mut client, &mut sums),
                [Event::Faulted {
                    call: 2,
                    status: told
                }]
            );
        }
    }

    #[test]
    fn what_nobody_signed_is_not_believed() {
        let (mut client, mut sums) = (client(), Sums::default());
        client.received(&[&C2[..], &ACK].concat());
        let _ = all(&mut client, &mut sums);
        client.received(&response(2, flag::ONLY, b"answer", 7));
        assert_eq!(all(&mut client, &mut sums), [Event::Forged { call: 2 }]);
        let unsigned = hex!("05 00 02 03 10000000 1c00 0000 02000000 04000000 0000 00 00 00000000");
        client.received(&unsigned);
        assert_eq!(all(&mut client, &mut sums), [Event::Forged { call: 2 }]);
    }

    #[test]
    fn what_is_no_pdu_ends_the_reading() {
        let (mut client, mut sums) = (client(), Sums::default());
        client.received(&[&A3[..], b"<html>"].concat());
        assert_eq!(
            all(&mut client, &mut sums),
            [Event::Reached, Event::Unreadable]
        );
        client.received(&C2);
        assert_eq!(all(&mut client, &mut sums), []);
        assert_eq!(client.unread(), 0);
    }

    #[test]
    fn an_answer_without_an_end_is_none() {
        let (mut client, mut sums) = (client(), Sums::default());
        client.received(&[&C2[..], &ACK].concat());
        let _ = all(&mut client, &mut sums);
        for number in 0..200 {
            client.received(&response(2, 0, &[0; 4000], number));
            if let [Event::Unreadable] = all(&mut client, &mut sums).as_slice() {
                assert!(number > 100);
                return;
            }
            let _ = client.take_outgoing();
        }
        panic!("it is kept for ever");
    }

    /// [MS-RPCH] 4.2, in its numbers.
    #[test]
    fn windows_are_kept_as_in_the_example() {
        let mut client = client();
        client.peer_window = Some(1000);
        client.free = 1000;
        let ack = |received, window| Ack {
            received,
            window,
            channel: [3; 16],
        };
        client.send(vec![0; 250]);
        assert_eq!(client.take_outgoing().len(), 250);
        assert_eq!((client.free, client.sent), (750, 250));
        client.send(vec![0; 500]);
        assert_eq!(client.take_outgoing().len(), 500);
        assert_eq!((client.free, client.sent), (250, 750));
        client.send(vec![0; 300]);
        assert_eq!(client.take_outgoing().len(), 0);
        client.on_acknowledged(&ack(250, 850));
        assert_eq!(client.free, 350);
        assert_eq!(client.take_outgoing().len(), 300);
        assert_eq!((client.free, client.sent), (50, 1050));
        client.on_acknowledged(&ack(1050, 1000));
        assert_eq!(client.free, 1000);
        // Another channel, more than there is, more than was sent.
        for impossible in [
            Ack {
                channel: [9; 16],
                ..ack(0, 1)
            },
            ack(1050, 1001),
            ack(2000, 10),
        ] {
            client.on_acknowledged(&impossible);
            assert_eq!(client.free, 1000);
        }
    }

    #[test]
    fn what_came_is_acknowledged_at_half_a_window() {
        let (mut client, mut sums) = (client(), Sums::default());
        client.received(&[&C2[..], &ACK].concat());
        let _ = all(&mut client, &mut sums);
        let pipe = client
            .call(operation::SETUP_RECEIVE_PIPE, &[0; 20], &mut sums)
            .unwrap();
        let _ = client.take_outgoing();
        let mut came = u32::try_from(ACK.len()).unwrap();
        let mut number = 0;
        let acknowledged = loop {
            let piece = response(pipe, 0, &[0; 4000], number);
            came += u32::try_from(piece.len()).unwrap();
            number += 1;
            client.received(&piece);
            let _ = all(&mut client, &mut sums);
            let out = client.take_outgoing();
            if !out.is_empty() {
                break out;
            }
        };
        assert!(came > WINDOW / 2 && came < WINDOW);
        let ack = Ack {
            received: came,
            window: WINDOW,
            channel: [2; 16],
        };
        assert_eq!(acknowledged, rts::acknowledge(ack).encode());
    }

    proptest! {
        /// However the bytes come, they tell the same.
        #[test]
        fn any_split_gives_the_same_events(cuts in proptest::collection::vec(0_usize..400, 0..20)) {
            let bytes = [
                &A3[..],
                &C2,
                &ACK,
                &response(9, flag::FIRST, b"one", 0),
                &rts::ping().encode(),
                &response(9, flag::LAST, b"two", 1),
                b"and nonsense",
            ]
            .concat();
            let (mut whole, mut sums) = (client(), Sums::default());
            whole.received(&bytes);
            let expected = all(&mut whole, &mut sums);
            prop_assert_eq!(expected.len(), 5);
            let mut ends: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            ends.extend([0, bytes.len()]);
            ends.sort_unstable();
            let (mut pieces, mut sums) = (client(), Sums::default());
            let mut events = Vec::new();
            for pair in ends.windows(2) {
                pieces.received(&bytes[pair[0]..pair[1]]);
                events.extend(all(&mut pieces, &mut sums));
            }
            prop_assert_eq!(events, expected);
        }

        #[test]
        fn any_prefix_is_calm(length in 0_usize..200, byte: u8, at in 0_usize..200) {
            let mut bytes = [&A3[..], &C2, &ACK].concat();
            bytes.truncate(length);
            if let Some(bent) = bytes.get_mut(at) {
                *bent = byte;
            }
            let (mut client, mut sums) = (client(), Sums::default());
            client.received(&bytes);
            let _ = all(&mut client, &mut sums);
            prop_assert!(client.unread() <= bytes.len());
        }

        #[test]
        fn any_bytes_are_calm(bytes: Vec<u8>) {
            let (mut client, mut sums) = (client(), Sums::default());
            client.received(&bytes);
            let _ = all(&mut client, &mut sums);
            let _ = client.take_outgoing();
        }
    }
}
