//! Which security protocols a server takes, and how it encrypts without TLS.

use model::codes::{EncryptionLevel, EncryptionMethods, NegFailure, NegFlags, Protocols};
use model::{Ending, Evidence, Fact, LookId, Message, RdpCertificate};

use super::facts;
use crate::plan::{Role, Sight};

/// Sets of protocols to ask about; `None` is a request without negotiation.
const OFFERS: &[Option<Protocols>] = &[
    Some(Protocols::RDP),
    Some(Protocols::TLS),
    Some(Protocols::HYBRID),
    Some(Protocols(Protocols::TLS.0 | Protocols::HYBRID.0)),
    Some(Protocols(
        Protocols::TLS.0 | Protocols::HYBRID.0 | Protocols::HYBRID_EX.0,
    )),
    None,
];

/// Sets that make some servers drop the connection: asked alone, after everything else.
const LAST_OFFERS: &[Option<Protocols>] = &[Some(Protocols::RDSTLS), Some(Protocols::RDSAAD)];

/// Versions of CredSSP that older clients offer; the client of the case offers 6.
const OLDER_CREDSSP: [u32; 4] = [5, 4, 3, 2];

/// What a request carries beside what every client sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extra {
    /// A routing token for this very host, as a connection broker hands it out.
    RoutingToken,
    /// A correlation id, as current clients of Microsoft send it.
    Correlation,
}

impl Extra {
    /// The request in the words of an attempt.
    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::RoutingToken => "a request with a routing token",
            Self::Correlation => "a request with a correlation id",
        }
    }
}

/// A question about the X.224 exchange that goes along with one about TLS: both are answered on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rider {
    /// These protocols are offered.
    Offer(Protocols),
    /// The request carries this.
    Extra(Extra),
}

impl Rider {
    /// The question as a look of its own.
    const fn alone(self) -> Role {
        match self {
            Self::Offer(offered) => Role::Offer(Some(offered)),
            Self::Extra(extra) => Role::Extra(extra),
        }
    }

    /// Whether the facts of a look show that it was asked.
    fn is_asked(self, fact: &Fact) -> bool {
        match (self, fact) {
            (Self::Offer(own), Fact::NegotiationOffered { offered }) => *offered == Some(own),
            (Self::Extra(Extra::RoutingToken), Fact::RequestExtended { routing_token, .. }) => {
                *routing_token
            }
            (Self::Extra(Extra::Correlation), Fact::RequestExtended { correlation, .. }) => {
                *correlation
            }
            _ => false,
        }
    }
}

/// What goes along with questions about TLS: only what is sure to lead there as the client's own offer did.
pub(crate) fn riders(sight: &Sight<'_>) -> Vec<Rider> {
    let Some((client, chosen)) = super::led_to_tls(sight) else {
        return Vec::new();
    };
    let offers = OFFERS.iter().flatten().copied();
    let leads =
        |offer: &Protocols| *offer != client && chosen != Protocols::RDP && offer.has_any(chosen);
    let mut riders: Vec<Rider> = offers.filter(leads).map(Rider::Offer).collect();
    if is_v4(sight) {
        riders.push(Rider::Extra(Extra::RoutingToken));
    }
    riders.push(Rider::Extra(Extra::Correlation));
    riders
}

/// The question was asked in a look that is or was under way.
pub(crate) fn is_asked(sight: &Sight<'_>, rider: Rider) -> bool {
    let seen = |seen: &model::Observation| rider.is_asked(&seen.fact);
    sight.evidence.seen.iter().any(seen)
        || sight.begun.iter().any(|begun| begun.role == rider.alone())
}

/// A routing token holds an IPv4 address.
fn is_v4(sight: &Sight<'_>) -> bool {
    let v4 = |begun: &crate::plan::Begun| begun.look.to().is_some_and(|to| to.is_ipv4());
    sight.begun.iter().any(v4)
}

/// What to ask, most telling first, without what goes along with other questions.
pub(super) fn roles(sight: &Sight<'_>, carried: &[Rider]) -> Vec<Role> {
    let is_carried = |role: &Role| carried.iter().any(|rider| rider.alone() == *role);
    let mut roles: Vec<Role> = unasked(sight, OFFERS).collect();
    if takes_rdp_security(sight.evidence) {
        roles.push(Role::RdpSecurity);
    }
    if is_v4(sight) && !is_asked(sight, Rider::Extra(Extra::RoutingToken)) {
        roles.push(Role::Extra(Extra::RoutingToken));
    }
    if !is_asked(sight, Rider::Extra(Extra::Correlation)) {
        roles.push(Role::Extra(Extra::Correlation));
    }
    roles.retain(|role| !is_carried(role));
    roles
}

/// What to ask about NLA, where it answers, with what is left of the connections: suites come first.
pub(crate) fn of_nla(sight: &Sight<'_>) -> Vec<Role> {
    let answers = |seen: &model::Observation| matches!(seen.fact, Fact::NtlmChallenged { .. });
    if !sight.evidence.seen.iter().any(answers) {
        return Vec::new();
    }
    let mut roles = vec![Role::LogonWays];
    roles.extend(OLDER_CREDSSP.map(Role::CredSsp));
    roles
}

/// What to ask when nothing else runs or is wanted, each alone on its connection.
pub(crate) fn last_roles(sight: &Sight<'_>) -> Vec<Role> {
    unasked(sight, LAST_OFFERS).collect()
}

fn unasked(sight: &Sight<'_>, offers: &'static [Option<Protocols>]) -> impl Iterator<Item = Role> {
    let asked: Vec<Option<Protocols>> = sight
        .evidence
        .seen
        .iter()
        .filter_map(|seen| match &seen.fact {
            Fact::NegotiationOffered { offered } => Some(*offered),
            _ => None,
        })
        .collect();
    offers
        .iter()
        .filter(move |offer| !asked.contains(offer))
        .map(|offer| Role::Offer(*offer))
}

fn takes_rdp_security(evidence: &Evidence) -> bool {
    evidence.seen.iter().any(|seen| {
        matches!(
            seen.fact,
            Fact::NegotiationChosen {
                offered: Some(Protocols::RDP),
                chosen: Protocols::RDP,
                ..
            } | Fact::NegotiationPlain {
                offered: Some(Protocols::RDP),
            }
        )
    })
}

/// How a server answered one offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It chose these.
    Chosen(Protocols),
    /// It confirmed without negotiation, which means Standard RDP Security.
    Plain,
    /// It refused, and said why.
    Refused(NegFailure),
    /// It ended the connection, or stayed silent.
    Ended(Ending),
    /// It answered with what is no answer to the request: xrdp with a farewell of MCS.
    Strange,
}

/// What a server accepts and refuses in the X.224 exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NegotiationSurvey {
    /// What was offered, each with its answers: one, unless the server does not always answer alike. `None` as
    /// an offer is a request without negotiation.
    pub answers: Vec<(Option<Protocols>, Answer)>,
    /// Requests that carried more than usual: what, what was offered, and the answer.
    pub extended: Vec<(Extra, Option<Protocols>, Answer)>,
    /// The protocols that were chosen at least once; the empty set with
    /// [`Self::standard`] for Standard RDP Security.
    pub supported: Protocols,
    /// Standard RDP Security was accepted from a client that negotiates.
    pub standard: bool,
    /// The flags of its answers; `None` when it chose nothing.
    pub flags: Option<NegFlags>,
    /// How it encrypts without TLS.
    pub rdp_security: Option<RdpSecurity>,
}

/// How a server encrypts with Standard RDP Security, for a client that can do every method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RdpSecurity {
    /// The method.
    pub method: EncryptionMethods,
    /// The level.
    pub level: EncryptionLevel,
    /// Size of its random in bytes.
    pub random: u32,
    /// The kind of its certificate.
    pub certificate: RdpCertificate,
    /// The size of its key in bits.
    pub key_bits: u32,
    /// The version of the protocol it speaks, as it numbers it.
    pub version: u32,
}

impl NegotiationSurvey {
    /// What the server insists on: the only protocol it ever chose, when it turned down everything without it.
    pub fn required(&self) -> Option<Protocols> {
        let refused = |code| {
            self.answers
                .iter()
                .any(|(_, answer)| *answer == Answer::Refused(code))
        };
        if self.standard {
            // It was asked for more, and took this or refused.
            let more = |(offered, _): &(Option<Protocols>, Answer)| {
                offered.is_some_and(|offered| offered.has(Protocols::TLS))
            };
            let only = self.supported == Protocols::RDP && self.answers.iter().any(more);
            return only.then_some(Protocols::RDP);
        }
        let nla = self.supported.has_nla();
        let tls = self.supported.has(Protocols::TLS);
        let turned_down = |protocol: Protocols| {
            let mut without = self
                .answers
                .iter()
                .filter(|(offered, _)| !offered.unwrap_or(Protocols::RDP).has_any(protocol));
            let all = without.clone().all(|(_, answer)| {
                matches!(
                    answer,
                    Answer::Refused(_)
                        | Answer::Ended(Ending::Closed | Ending::Reset)
                        | Answer::Strange
                )
            });
            all && without.next().is_some()
        };
        let any_nla = Protocols(Protocols::HYBRID.0 | Protocols::HYBRID_EX.0);
        if refused(NegFailure::HYBRID_REQUIRED_BY_SERVER) || (nla && !tls && turned_down(any_nla)) {
            Some(Protocols::HYBRID)
        } else if refused(NegFailure::SSL_REQUIRED_BY_SERVER)
            || (tls && !nla && turned_down(Protocols::TLS))
        {
            Some(Protocols::TLS)
        } else {
            None
        }
    }

    /// Whether a request with this extra is answered as one without it; `None` when either was not asked.
    pub fn alike(&self, extra: Extra) -> Option<bool> {
        let (_, offered, answer) = self.extended.iter().find(|(own, ..)| *own == extra)?;
        let plain = self.answers.iter().filter(|(own, _)| own == offered);
        let mut plain = plain.map(|(_, plain)| plain == answer).peekable();
        plain.peek()?;
        Some(plain.any(|same| same))
    }
}

/// Reads the answers to X.224 requests together. Each answer counts once.
pub fn negotiation(evidence: &Evidence) -> NegotiationSurvey {
    let mut survey = NegotiationSurvey::default();
    let looks = evidence.tried.iter().map(|tried| tried.look);
    for look in looks {
        let Some((offered, answer)) = answer(evidence, look) else {
            continue;
        };
        match extra(evidence, look) {
            Some(extra) => survey.extended.push((extra, offered, answer)),
            None if !survey.answers.contains(&(offered, answer)) => {
                survey.answers.push((offered, answer));
            }
            None => {}
        }
    }
    for seen in &evidence.seen {
        match seen.fact {
            Fact::NegotiationChosen { chosen, flags, .. } => {
                survey.supported |= chosen;
                survey.standard |= chosen == Protocols::RDP;
                let known = survey.flags.unwrap_or_default();
                survey.flags = Some(NegFlags(known.0 | flags.0));
            }
            // Some servers confirm a request without negotiation and then go no further.
            Fact::NegotiationPlain { offered: Some(_) } => survey.standard = true,
            Fact::RdpSecuritySeen {
                method,
                level,
                random,
                certificate,
                key_bits,
                version,
            } => {
                survey.rdp_security = Some(RdpSecurity {
                    method,
                    level,
                    random,
                    certificate,
                    key_bits,
                    version,
                });
            }
            _ => {}
        }
    }
    survey.answers.sort_by_key(|(offered, _)| {
        let offered = offered.map(|offered| offered.0);
        // The order of the lists, and what the client offers where it is another.
        let known = OFFERS.iter().chain(LAST_OFFERS);
        let known: Vec<Option<u32>> = known.map(|offer| offer.map(|offer| offer.0)).collect();
        (known.iter().position(|own| *own == offered), offered)
    });
    survey
}

/// What a look offered, and what became of it.
fn answer(evidence: &Evidence, look: LookId) -> Option<(Option<Protocols>, Answer)> {
    let offered = facts(evidence, look).find_map(|fact| match fact {
        Fact::NegotiationOffered { offered } => Some(*offered),
        _ => None,
    })?;
    let answer = facts(evidence, look).find_map(|fact| match fact {
        Fact::NegotiationChosen { chosen, .. } => Some(Answer::Chosen(*chosen)),
        Fact::NegotiationPlain { .. } => Some(Answer::Plain),
        Fact::NegotiationRefused { code, .. } => Some(Answer::Refused(*code)),
        Fact::Unreadable { message, .. } if *message == Message::ConnectionConfirm => {
            Some(Answer::Strange)
        }
        Fact::Ended { how, after, .. } if *after == Message::ConnectionRequest => {
            Some(Answer::Ended(*how))
        }
        _ => None,
    })?;
    Some((offered, answer))
}

/// The extra of a look, when its request carried one.
fn extra(evidence: &Evidence, look: LookId) -> Option<Extra> {
    facts(evidence, look).find_map(|fact| match fact {
        Fact::RequestExtended {
            routing_token: true,
            ..
        } => Some(Extra::RoutingToken),
        Fact::RequestExtended {
            correlation: true, ..
        } => Some(Extra::Correlation),
        _ => None,
    })
}
