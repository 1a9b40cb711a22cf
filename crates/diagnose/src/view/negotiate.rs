//! What clues ask about the first exchange of messages.

use std::collections::{BTreeMap, BTreeSet};

use model::codes::{NegFailure, NegFlags, Protocols};
use model::{Ending, Fact, LookId, Message, Micros, Observation, Service};

use super::View;
use crate::cause::Reading;

/// How far the connections that were made bear out that it depends on what is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BorneOut {
    /// All do, and the client's own offer failed again after another one had been answered.
    AsARule,
    /// None speaks against it, and they are few, or the client was not looked at again.
    SoFar,
    /// One ended on which as much was offered as on one that was answered.
    Gainsaid,
}

/// So many connections have to bear a rule out.
const BORNE_OUT: usize = 3;

/// So many times the time between two pieces may a pause be in what still comes.
const PAUSE: u64 = 4;

/// How one request fared.
#[derive(Debug, Default)]
struct Talk<'e> {
    /// What it offered was seen.
    told: bool,
    offered: Option<Protocols>,
    chose: Option<(Protocols, &'e Observation)>,
    ended: Option<&'e Observation>,
}

/// A client that says nothing for so long is waiting for somebody, or is none.
const QUIET: Micros = Micros::from_secs(5);
/// A server, a filter and a limit act at once; an end that comes later is somebody's time running out.
const LATE: Micros = Micros::from_millis(900);

/// It was the client's turn, it said nothing for long, and the other side ended the connection.
pub(crate) fn is_client_quiet(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Ended {
            how: Ending::Closed | Ending::Reset,
            after: Message::TcpHandshake
                | Message::ConnectionConfirm
                | Message::ServerHelloDone
                | Message::ServerFinished
                | Message::CredSspChallenge
                | Message::CredSspAccepted,
            waited,
            partial: 0,
        } if *waited >= QUIET
    )
}

impl<'e> View<'e> {
    /// The client let its time run out.
    pub fn went_quiet(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::Ended { .. } => Some(is_client_quiet(fact)),
            _ => None,
        })
    }

    /// Like [`Self::ended`] for ends that came at once; what came late speaks neither for nor against.
    pub fn ended_at_once(&self, judge: impl Fn(Ending, Message) -> Option<bool>) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::Ended {
                how: Ending::Closed | Ending::Reset,
                waited,
                ..
            } if *waited >= LATE => None,
            Fact::Ended { how, after, .. } => judge(*how, *after),
            _ => None,
        })
    }

    /// The request was taken in, and the connection was ended only long after.
    pub fn request_timed_out(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::Ended {
                how: Ending::Closed | Ending::Reset,
                after: Message::ConnectionRequest,
                waited,
                partial: 0,
            } => (*waited >= LATE).then_some(true),
            _ => None,
        })
    }

    /// Bytes of an answer to the client kept coming until its time was over, and did not come to a whole message.
    /// Against, when they stopped long before.
    ///
    /// Where an answer before it came in pieces, their pace tells how long a pause may be; where nothing tells, a pause
    /// of half of what was waited is neither.
    pub fn keeps_coming(&self) -> Reading<'e> {
        self.read(|observation| match &observation.fact {
            Fact::Trickled { over, idle, .. } if self.as_client(observation) => {
                match self.pace(observation.look) {
                    Some(pace) => Some(idle.0 <= pace.saturating_mul(PAUSE)),
                    None if idle > over => Some(false),
                    None => (idle.0.saturating_mul(2) <= over.0).then_some(true),
                }
            }
            _ => None,
        })
    }

    /// The time between two pieces of an answer that came in pieces on this connection, in microseconds.
    fn pace(&self, look: Option<LookId>) -> Option<u64> {
        self.seen()
            .filter(|seen| look.is_some() && seen.look == look)
            .filter_map(|seen| match &seen.fact {
                Fact::AnswerTook {
                    first,
                    whole,
                    pieces,
                    ..
                } => u64::from(*pieces)
                    .checked_sub(1)
                    .and_then(|gaps| whole.since(*first).0.checked_div(gaps)),
                _ => None,
            })
            .max()
    }

    /// A connection of the client ended before one byte of an answer had come; judged by its ending.
    pub fn unanswered(&self, judge: impl Fn(Ending, Message) -> Option<bool>) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            _ if is_client_quiet(fact) => None,
            Fact::Ended {
                how,
                after: after @ (Message::TcpHandshake | Message::ConnectionRequest),
                partial: 0,
                ..
            } => judge(*how, *after),
            _ => None,
        })
    }

    /// Against, when a Remote Desktop server answered the client.
    pub fn answered_negotiation(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::NegotiationChosen { .. }
            | Fact::NegotiationRefused { .. }
            | Fact::NegotiationPlain { .. } => Some(false),
            _ => None,
        })
    }

    /// A reset came sooner than the fastest answer of the host; the opening that shows how far it is.
    pub fn reset_sooner_than_a_round_trip(&self) -> Reading<'e> {
        let opening = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::TcpOpened { took, .. } => Some((*took, observation)),
                _ => None,
            })
            .min_by_key(|(took, _)| *took);
        // Below a few milliseconds, timers and scheduling say more than distance does.
        let Some((round_trip, opening)) =
            opening.filter(|(took, _)| *took >= Micros::from_millis(4))
        else {
            return Reading::Silent;
        };
        let judged = self.any_as_client(|fact| match fact {
            // What follows a message of the host's own is no answer to anything.
            Fact::Ended {
                how: Ending::Reset,
                after:
                    Message::ConnectionRequest
                    | Message::ClientHello
                    | Message::CredSspNegotiate
                    | Message::CredSspAuthenticate
                    | Message::McsConnectInitial,
                waited,
                ..
            } if waited.0 > 0 => Some(waited.times(2) < round_trip),
            _ => None,
        });
        match judged {
            Reading::For(_) => Reading::For(opening),
            Reading::Against(_) => Reading::Against(opening),
            Reading::Silent => Reading::Silent,
        }
    }

    /// The server refused with this code an offer that is judged so.
    pub fn refused_offer(
        &self,
        expect: NegFailure,
        judge: impl Fn(Protocols) -> bool,
    ) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::NegotiationRefused { offered, code } => {
                Some(*code == expect && judge(offered.unwrap_or(Protocols::RDP)))
            }
            Fact::NegotiationChosen { .. } | Fact::NegotiationPlain { .. } => Some(false),
            _ => None,
        })
    }

    /// The server refused what the client offered with this code.
    pub fn refused(&self, expect: NegFailure) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::NegotiationRefused { code, .. } => Some(*code == expect),
            Fact::NegotiationChosen { .. } | Fact::NegotiationPlain { .. } => Some(false),
            _ => None,
        })
    }

    /// One of these services answered in place of RDP.
    ///
    /// Where Remote Desktop answered on another connection, it is no matter of which service has the port.
    pub fn answered_by(&self, expect: &[Service]) -> Reading<'e> {
        if matches!(self.two_services(), Reading::For(_)) {
            return Reading::Silent;
        }
        self.any_as_client(|fact| match fact {
            Fact::OtherServiceAnswered { service, .. } => Some(expect.contains(service)),
            Fact::NegotiationChosen { .. }
            | Fact::NegotiationRefused { .. }
            | Fact::NegotiationPlain { .. } => Some(false),
            _ => None,
        })
    }

    /// What answered turned the request away as X.224 does, with a Disconnect Request or a TPDU Error (X.224 sections
    /// 13.5 and 13.12). Against, when it is another user of X.224 that went on.
    pub fn turned_away(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::OtherServiceAnswered {
                service: Service::OtherX224,
                first_bytes,
            } => Some(matches!(first_bytes.0.get(5), Some(0x80 | 0x70))),
            _ => None,
        })
    }

    /// A service that was recognised answered on a connection, and a Remote Desktop server on another one. Against, when
    /// the same answered on two at least.
    pub fn two_services(&self) -> Reading<'e> {
        let is_rdp = |fact: &Fact| {
            matches!(
                fact,
                Fact::NegotiationChosen { .. }
                    | Fact::NegotiationRefused { .. }
                    | Fact::NegotiationPlain { .. }
            )
        };
        let (mut rdp, mut other) = (Vec::new(), Vec::new());
        for seen in self.seen().filter(|seen| seen.look.is_some()) {
            match &seen.fact {
                // What cannot be recognised may be a damaged answer.
                Fact::OtherServiceAnswered { service, .. } if *service != Service::Unknown => {
                    other.push(seen);
                }
                fact if is_rdp(fact) => rdp.push(seen),
                _ => {}
            }
        }
        match (rdp.as_slice(), other.as_slice()) {
            ([_, ..], [other, ..]) => Reading::For(other),
            ([], [one, _, ..]) | ([one, _, ..], []) => Reading::Against(one),
            _ => Reading::Silent,
        }
    }

    /// The server prefers TLS where NLA was offered too, and knows nothing of graphics over a channel: a program
    /// such as xrdp. A Windows host does so only with NLA switched off, and an old one at that.
    pub fn is_no_windows_host(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::NegotiationChosen {
                offered: Some(offered),
                chosen,
                flags,
            } if offered.has_nla() => {
                Some(!chosen.has_nla() && !flags.has(NegFlags::GRAPHICS_PIPELINE))
            }
            _ => None,
        })
    }

    /// What is offered decides: the client's own offer is answered with the end of the connection, another one with
    /// TLS or NLA. Against, when every other offer ends it too. What comes and goes looks the same on a few
    /// connections: it is a rule where none gainsays it, three at least bear it out, and the client's own offer ended
    /// one more after another had been answered.
    pub fn offer_decides(&self, borne_out: &[BorneOut]) -> Reading<'e> {
        let mut looks: BTreeMap<LookId, Talk<'e>> = BTreeMap::new();
        for observation in self.seen() {
            let Some(look) = observation.look else {
                continue;
            };
            let talk = looks.entry(look).or_default();
            match &observation.fact {
                Fact::NegotiationOffered { offered } => {
                    talk.told = true;
                    talk.offered = *offered;
                }
                Fact::NegotiationChosen { chosen, .. } => talk.chose = Some((*chosen, observation)),
                Fact::Ended {
                    how: Ending::Closed | Ending::Reset,
                    after: Message::ConnectionRequest,
                    ..
                } => talk.ended = Some(observation),
                _ => {}
            }
        }
        let (own, others): (Vec<&Talk<'e>>, Vec<&Talk<'e>>) = looks
            .values()
            .filter(|talk| talk.chose.is_some() || talk.ended.is_some())
            .partition(|talk| {
                let seen = talk.chose.map(|(_, seen)| seen).or(talk.ended);
                seen.is_some_and(|seen| self.as_client(seen))
            });
        let ended = own.iter().filter(|talk| talk.ended.is_some()).count();
        if ended == 0 || own.iter().any(|talk| talk.chose.is_some()) {
            return Reading::Silent;
        }
        // Without TLS a server that hides behind it may well answer: that is no other choice.
        let answered: Vec<(Protocols, &'e Observation)> = others
            .iter()
            .filter_map(|talk| talk.chose)
            .filter(|(chosen, _)| *chosen != Protocols::RDP)
            .collect();
        let Some((_, first)) = answered.first().copied() else {
            return others
                .iter()
                .find_map(|talk| talk.ended)
                .map_or(Reading::Silent, Reading::Against);
        };
        let takes = |talk: &Talk<'_>, chosen: Protocols| {
            talk.offered.is_some_and(|offered| offered.has(chosen))
        };
        // Where the client offers what was chosen, the server can only mind what it offers beside it.
        let minds_more = answered
            .iter()
            .any(|(chosen, _)| own.iter().any(|talk| takes(talk, *chosen)));
        let gainsaid = others
            .iter()
            .filter(|talk| talk.ended.is_some())
            .any(|talk| minds_more || answered.iter().any(|(chosen, _)| takes(talk, *chosen)));
        // One of which it was not seen what it offered could gainsay it.
        let all_told = own
            .iter()
            .chain(&others)
            .all(|talk| talk.told || talk.ended.is_none());
        let last = own.iter().filter_map(|talk| talk.ended?.look).max();
        let again = answered.iter().any(|(_, seen)| seen.look < last);
        let found = match ended.saturating_add(answered.len()) {
            _ if gainsaid => BorneOut::Gainsaid,
            BORNE_OUT.. if again && all_told => BorneOut::AsARule,
            _ => BorneOut::SoFar,
        };
        if borne_out.contains(&found) {
            Reading::For(first)
        } else {
            Reading::Silent
        }
    }

    /// The connection ended before anything was asked. An end that comes right after the request tells nothing:
    /// the last packet of the TCP handshake and the request arrive together.
    pub fn ended_before_asked(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            _ if is_client_quiet(fact) => None,
            Fact::Ended {
                how: Ending::Closed | Ending::Reset,
                after: Message::TcpHandshake,
                partial: 0,
                ..
            } => Some(true),
            _ => None,
        })
    }

    /// Connections that fail are those that were opened beside others. Against, when one failed that had the
    /// host to itself.
    pub fn only_beside_others(&self) -> Reading<'e> {
        let opened: BTreeSet<LookId> = self
            .seen()
            .filter(|observation| matches!(observation.fact, Fact::TcpOpened { .. }))
            .filter_map(|observation| observation.look)
            .collect();
        let talked: BTreeMap<LookId, (Micros, Micros)> = self
            .index
            .evidence
            .tried
            .iter()
            .filter(|tried| opened.contains(&tried.look))
            .filter_map(|tried| {
                let (at, took) = tried.at.zip(tried.took)?;
                Some((tried.look, (at, at.plus(took.max(Micros(1))))))
            })
            .collect();
        let mut begun: Vec<Micros> = talked.values().map(|(from, _)| *from).collect();
        let mut over: Vec<Micros> = talked.values().map(|(_, to)| *to).collect();
        begun.sort_unstable();
        over.sort_unstable();
        // Of those begun before its end, itself among them, more than itself were not over at its beginning.
        let beside = |look: LookId| {
            let (from, to) = talked.get(&look)?;
            let begun = begun.partition_point(|other| other < to);
            let over = over.partition_point(|other| other <= from);
            Some(begun.saturating_sub(over) > 1)
        };
        let answered = self.seen().any(|observation| {
            matches!(
                observation.fact,
                Fact::NegotiationChosen { .. } | Fact::NegotiationPlain { .. }
            )
        });
        if !answered {
            return Reading::Silent;
        }
        let failed: BTreeSet<LookId> = self
            .seen()
            .filter(|observation| {
                matches!(
                    observation.fact,
                    Fact::Ended {
                        how: Ending::Closed | Ending::Reset,
                        after: Message::TcpHandshake | Message::ConnectionRequest,
                        ..
                    }
                )
            })
            .filter_map(|observation| observation.look)
            .collect();
        // The end itself is another clue's; what tells here is when the connection was opened.
        self.all_observed(|observation| match &observation.fact {
            Fact::TcpOpened { .. } if failed.contains(&observation.look?) => {
                beside(observation.look?)
            }
            _ => None,
        })
    }

    /// A connection of the client was ended without an answer after so long a time that somebody must have
    /// waited for something: a second at the least.
    pub fn ended_late(&self) -> bool {
        self.seen().any(|observation| {
            self.as_client(observation)
                && matches!(
                    &observation.fact,
                    Fact::Ended {
                        how: Ending::Closed | Ending::Reset,
                        after: Message::TcpHandshake | Message::ConnectionRequest,
                        waited,
                        partial: 0,
                    } if *waited >= LATE
                )
        })
    }
}
