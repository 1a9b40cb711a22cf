//! The side transport over UDP: the datagrams that open it, and whether anything answers ([MS-RDPEUDP] 3.1.5.1).

use std::collections::BTreeMap;

use model::codes::IcmpError;
use model::{Fact, Leg, Phase, Place};
use wire::dtls;
use wire::rdpeudp::Syn;

use super::packet::{Datagram, Endpoint, Icmp};

/// The most conversations that are remembered.
const MOST: usize = 5_000;
/// Silence counts when the capture goes on for so many microseconds after the first datagram.
const UNANSWERED: u64 = 3_000_000;
/// The ports of the side transport, at a host and at a gateway.
const PORTS: [u16; 2] = [3389, 3391];

/// Conversations over UDP, by their client and server.
#[derive(Debug, Default)]
pub(super) struct Sides {
    open: BTreeMap<(Endpoint, Endpoint), Side>,
}

/// One conversation.
#[derive(Debug)]
struct Side {
    first: u64,
    sent: u32,
    answered: Option<(u64, Option<Syn>)>,
    refused: Option<(u64, IcmpError)>,
}

/// What was seen of one server over UDP.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub client: Endpoint,
    pub server: Endpoint,
    pub first: u64,
    pub at: u64,
    pub fact: Fact,
}

/// Where facts of the side transport belong.
pub(super) const PLACE: Place = Place {
    leg: Leg::Side,
    phase: Phase::Reach,
};

impl Sides {
    /// Takes in a datagram.
    pub fn datagram(&mut self, at: u64, datagram: &Datagram<'_>) {
        let Datagram { from, to, payload } = datagram;
        if let Some(side) = self
            .open
            .get_mut(&(*to, *from))
            .filter(|side| side.answered.is_none())
        {
            // Whatever comes back is an answer; a SYN+ACK tells the version.
            side.answered = Some((at, Syn::read(payload)));
            return;
        }
        let opens = match payload {
            // snSourceAck of a first datagram.
            [0xFF, 0xFF, 0xFF, 0xFF, ..] => {
                Syn::read(payload).is_some_and(|syn| syn.acknowledges.is_none())
            }
            hello => dtls::is_client_hello(hello) && PORTS.contains(&to.port),
        };
        if !opens {
            return;
        }
        let has_room = self.open.len() < MOST;
        match self.open.get_mut(&(*from, *to)) {
            Some(side) => side.sent = side.sent.saturating_add(1),
            None if has_room => {
                self.open.insert(
                    (*from, *to),
                    Side {
                        first: at,
                        sent: 1,
                        answered: None,
                        refused: None,
                    },
                );
            }
            None => {}
        }
    }

    /// Takes in an ICMP error about a datagram.
    pub fn icmp(&mut self, at: u64, icmp: &Icmp) {
        if let Some(side) = self.open.get_mut(&(icmp.from, icmp.to)) {
            side.refused.get_or_insert((at, icmp.error));
        }
    }

    /// What was seen, when the capture ends at this time.
    pub fn tell(&mut self, last: u64) -> Vec<Told> {
        let micros = |from: u64, to: u64| model::Micros(to.saturating_sub(from));
        std::mem::take(&mut self.open)
            .into_iter()
            .filter_map(|((client, server), side)| {
                let to = server.socket();
                let (at, fact) = match (side.answered, side.refused) {
                    (Some((at, answer)), _) => (
                        at,
                        Fact::UdpAnswered {
                            to,
                            version: answer.as_ref().map(Syn::spoken),
                            mtu: answer.as_ref().map(Syn::mtu),
                            took: micros(side.first, at),
                        },
                    ),
                    (None, Some((at, icmp))) => (at, Fact::UdpUnreachable { to, icmp }),
                    (None, None) if last.saturating_sub(side.first) >= UNANSWERED => {
                        let waited = micros(side.first, last);
                        let sent = side.sent;
                        (last, Fact::UdpSilent { to, sent, waited })
                    }
                    (None, None) => return None,
                };
                Some(Told {
                    client,
                    server,
                    first: side.first,
                    at,
                    fact,
                })
            })
            .collect()
    }
}
