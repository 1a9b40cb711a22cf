//! What one look showed so far, as far as a plan depends on it.

use model::codes::Protocols;
use model::{Ending, Fact, Micros, Phase};

use super::{Begun, Sight};

/// What one look showed so far.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) ended: bool,
    pub(super) last: Micros,
    pub(super) opened: bool,
    /// The server said something.
    pub(super) heard: bool,
    pub(super) unopened: Option<Unopened>,
    pub(super) phase: Phase,
    /// NLA answered.
    pub(super) challenged: bool,
    pub(super) chosen: Option<Protocols>,
    pub(super) trouble: Option<Trouble>,
    pub(super) how: Option<Ending>,
    /// The size of its ClientHello.
    hello: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unopened {
    Refused,
    Unreachable,
    Silent,
    NoRoute,
    Forbidden,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The server refused what was offered, and said so.
    Refusal,
    /// Another service answered and was recognised.
    Service,
    /// Any other.
    Other,
}

impl View {
    pub(super) fn of(sight: &Sight<'_>, begun: &Begun) -> Self {
        let mut view = Self {
            ended: begun.ended.is_some(),
            last: begun.at,
            opened: false,
            heard: false,
            unopened: None,
            phase: Phase::Tcp,
            challenged: false,
            chosen: None,
            trouble: None,
            how: None,
            hello: None,
        };
        for (at, fact) in sight.facts(begun.id) {
            view.last = at.unwrap_or_default().max(view.last);
            view.learn(fact);
        }
        view
    }

    fn learn(&mut self, fact: &Fact) {
        self.heard |= matches!(
            fact,
            Fact::AnswerTook { .. } | Fact::NegotiationChosen { .. }
        );
        if let Fact::Ended { how, .. } = fact {
            self.how = Some(*how);
        }
        match fact {
            Fact::TcpOpened { .. } => {
                self.opened = true;
                self.phase = Phase::Negotiate;
            }
            Fact::TcpRefused { .. } => self.unopened = Some(Unopened::Refused),
            // Where a router knows no way to the network, no port of the host tells more.
            Fact::TcpUnreachable {
                icmp: Some(icmp), ..
            } if icmp.is_of_the_network() => self.unopened = Some(Unopened::NoRoute),
            Fact::TcpUnreachable { .. } => self.unopened = Some(Unopened::Unreachable),
            Fact::TcpSilent { .. } => self.unopened = Some(Unopened::Silent),
            Fact::NoRoute { .. } => self.unopened = Some(Unopened::NoRoute),
            Fact::LocallyForbidden { .. } => self.unopened = Some(Unopened::Forbidden),
            Fact::NegotiationChosen { chosen, .. } => {
                self.chosen = Some(*chosen);
                self.phase = Phase::Secure;
            }
            Fact::NegotiationPlain { .. } => {
                self.chosen = Some(Protocols::RDP);
                self.phase = Phase::Secure;
            }
            Fact::TlsOffered { size, .. } => self.hello = Some(*size),
            Fact::TlsEstablished { .. } => self.phase = Phase::Authenticate,
            Fact::NtlmChallenged { .. } => self.challenged = true,
            Fact::NegotiationRefused { .. } => self.trouble = Some(Trouble::Refusal),
            Fact::OtherServiceAnswered { service, .. } => {
                self.trouble = Some(match service {
                    model::Service::Unknown => Trouble::Other,
                    _ => Trouble::Service,
                });
            }
            Fact::Unreadable { .. }
            | Fact::TlsAlerted { .. }
            | Fact::TlsRejected { .. }
            | Fact::NotTls { .. }
            | Fact::CredSspRefused { .. }
            | Fact::Ended { .. } => {
                self.trouble = self.trouble.or(Some(Trouble::Other));
            }
            _ => {}
        }
    }

    /// Whether it is over, and the moment from which it counts as stalled.
    pub(super) fn stalls(&self, sight: &Sight<'_>) -> (bool, Micros) {
        let patience = sight.options.stall().max(sight.round_trip().times(4));
        (
            self.ended || self.unopened.is_some(),
            self.last.plus(patience),
        )
    }

    /// It ended badly, or has been waiting for so long that it may.
    pub(super) fn failed(&self) -> bool {
        self.unopened.is_some() || self.trouble().is_some()
    }

    /// What is wrong; a look that goes on past its stall counts as silent.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.trouble.or((!self.ended).then_some(Trouble::Other))
    }

    /// It came further than the other.
    pub(super) fn is_beyond(&self, other: &Self) -> bool {
        (self.phase, self.challenged) > (other.phase, other.challenged)
    }

    /// The size of the ClientHello that was answered by an end and not by silence.
    pub(super) fn ended_hello(&self) -> Option<u32> {
        let ended = self.phase == Phase::Secure && self.failed() && !self.silent();
        self.hello.filter(|_| ended)
    }

    /// Nothing more came, or has not come for long.
    pub(super) fn silent(&self) -> bool {
        self.how
            .map_or(self.trouble.is_none(), |how| how == Ending::Silence)
    }
}
