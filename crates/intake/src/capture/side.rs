//! The side transport over UDP: the datagrams that open it, and whether anything answers ([MS-RDPEUDP] 3.1.5.1).

use std::collections::BTreeMap;

use model::codes::IcmpError;
use model::{Fact, Leg, Phase, Place};
use wire::dtls;
use wire::rdpeudp::Syn;

use super::packet::{Datagram, Endpoint, Icmp};
use super::secured::Secured;

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
    secured: Secured,
}

/// Whether a datagram to this port opens a conversation.
fn opens(port: u16, payload: &[u8]) -> bool {
    match payload {
        // snSourceAck of a first datagram.
        [0xFF, 0xFF, 0xFF, 0xFF, ..] => {
            Syn::read(payload).is_some_and(|syn| syn.acknowledges.is_none())
        }
        hello => PORTS.contains(&port) && dtls::is_client_hello(hello),
    }
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
        if self.open.is_empty() && !self::opens(to.port, payload) {
            return;
        }
        if let Some(side) = self.open.get_mut(&(*to, *from)) {
            // Whatever comes back is an answer; a SYN+ACK tells the version.
            if side.answered.is_none() {
                side.answered = Some((at, Syn::read(payload)));
            }
            return side.secured.datagram(true, payload);
        }
        let opens = self::opens(to.port, payload);
        if let Some(side) = self.open.get_mut(&(*from, *to)) {
            side.secured.datagram(false, payload);
        }
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
                        secured: Secured::default(),
                    },
                );
                if let Some(side) = self.open.get_mut(&(*from, *to)) {
                    side.secured.datagram(false, payload);
                }
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
            .flat_map(|((client, server), side)| {
                let to = server.socket();
                let told = |at, fact| Told {
                    client,
                    server,
                    first: side.first,
                    at,
                    fact,
                };
                let answered = side.answered.is_some();
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
                    (None, None) => return Vec::new(),
                };
                let mut all = vec![told(at, fact)];
                let Secured {
                    began,
                    version,
                    suite,
                    verified,
                    name,
                    alert,
                    encrypted,
                    ..
                } = side.secured;
                if answered && (began || version.is_some() || alert.is_some()) {
                    let fact = Fact::UdpSecured {
                        to,
                        version,
                        suite,
                        verified,
                        name,
                        alert: alert.map(|(alert, _)| alert),
                        by_server: alert.is_some_and(|(_, by_server)| by_server),
                        established: encrypted == [true, true],
                    };
                    all.push(told(at, fact));
                }
                all
            })
            .collect()
    }
}
