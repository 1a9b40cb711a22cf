//! What clues ask about the first exchange of messages.

use model::codes::{NegFailure, NegFlags, Protocols};
use model::{Ending, Fact, Message, Micros, Service};

use super::View;
use crate::cause::Reading;

impl<'e> View<'e> {
    /// A connection of the client ended before one byte of an answer had come; judged by its ending.
    pub fn unanswered(&self, judge: impl Fn(Ending, Message) -> Option<bool>) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
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

    /// A reset came sooner than the fastest answer of the host.
    pub fn reset_sooner_than_a_round_trip(&self) -> Reading<'e> {
        let round_trip = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::TcpOpened { took, .. } => Some(*took),
                _ => None,
            })
            .min();
        self.any_as_client(|fact| match fact {
            // Below a few milliseconds, timers and scheduling say more than distance does.
            Fact::Ended {
                how: Ending::Reset,
                waited,
                ..
            } if waited.0 > 0 => {
                let round_trip = round_trip.filter(|time| *time >= Micros::from_millis(4))?;
                Some(waited.times(2) < round_trip)
            }
            _ => None,
        })
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
    pub fn answered_by(&self, expect: &[Service]) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::OtherServiceAnswered { service, .. } => Some(expect.contains(service)),
            Fact::NegotiationChosen { .. }
            | Fact::NegotiationRefused { .. }
            | Fact::NegotiationPlain { .. } => Some(false),
            _ => None,
        })
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
}
