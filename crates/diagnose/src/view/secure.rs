//! What clues ask about TLS and certificates.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use model::codes::{TlsAlert, TlsVersion};
use model::{
    Certificate, Ending, Fact, Intent, LookId, Message, Micros, Observation, Source, UnixSeconds,
};

use super::View;
use crate::cause::Reading;
use crate::names;

/// An end later than this after the ClientHello is a time-out.
const LATE: Micros = Micros::from_millis(1500);

/// So many bytes of data every network on the way takes in one packet (RFC 879: 576 with its headers).
const TAKEN_EVERYWHERE: u32 = 536;

/// A ClientHello of this size needs more than one packet on most paths.
const LARGE: u32 = 1400;

/// The alert is about a certificate of the client's: it says that one is wanted, or judges one where the client could
/// have sent it. In answer to the ClientHello it can only be about another certificate, behind a forwarder perhaps.
pub(crate) fn about_the_clients_certificate(alert: TlsAlert, after: Message) -> bool {
    match alert {
        TlsAlert::CERTIFICATE_REQUIRED | TlsAlert::NO_CERTIFICATE => true,
        TlsAlert::BAD_CERTIFICATE
        | TlsAlert::UNSUPPORTED_CERTIFICATE
        | TlsAlert::CERTIFICATE_REVOKED
        | TlsAlert::CERTIFICATE_EXPIRED
        | TlsAlert::CERTIFICATE_UNKNOWN
        | TlsAlert::UNKNOWN_CA => after > Message::ClientHello,
        _ => false,
    }
}

/// The alert judges a certificate.
pub(crate) const fn is_about_a_certificate(alert: TlsAlert) -> bool {
    matches!(
        alert,
        TlsAlert::BAD_CERTIFICATE
            | TlsAlert::UNSUPPORTED_CERTIFICATE
            | TlsAlert::CERTIFICATE_REVOKED
            | TlsAlert::CERTIFICATE_EXPIRED
            | TlsAlert::CERTIFICATE_UNKNOWN
            | TlsAlert::UNKNOWN_CA
    )
}

impl<'e> View<'e> {
    /// The client answered the server's certificate with an alert about it. A look of ours does not judge certificates:
    /// there such an alert is about what its library cannot read.
    pub fn certificate_refused(&self) -> Reading<'e> {
        self.read(|observation| match &observation.fact {
            Fact::TlsRejected { alert, .. } if self.as_client(observation) => {
                Some(is_about_a_certificate(*alert) && observation.source != Source::Probe)
            }
            _ => None,
        })
    }

    /// The client ended a connection once it had seen the certificate, before it said anything behind TLS, and none of
    /// its connections went on.
    pub fn left_at_the_certificate(&self) -> Reading<'e> {
        self.left_after(Message::ServerHello, Message::ServerFinished, false)
    }

    /// The client ended a connection between the certificate and the logon, and another one went on.
    pub fn left_to_ask(&self) -> Reading<'e> {
        let told = self.left_after(Message::ServerHello, Message::CredSspAuthenticate, true);
        match told {
            // Behind the first words of a logon the certificate was accepted, or asked about late.
            Reading::Silent => self.left_after(
                Message::CredSspNegotiate,
                Message::CredSspAuthenticate,
                false,
            ),
            told => told,
        }
    }

    /// The client ended a connection between two messages, and some connection of it went on behind TLS or none did.
    fn left_after(&self, from: Message, to: Message, came_back: bool) -> Reading<'e> {
        let went_on = self
            .seen()
            .filter(|observation| self.as_client(observation))
            .any(|observation| match &observation.fact {
                Fact::Ended { after, .. } | Fact::ClientEnded { after, .. } => {
                    *after > Message::CredSspAuthenticate
                }
                _ => true,
            });
        self.any_as_client(|fact| match fact {
            Fact::ClientEnded { after, .. } if went_on == came_back => {
                (*after >= from && *after <= to).then_some(true)
            }
            _ => None,
        })
    }

    /// How ClientHellos fared: the highest version and the size offered, whether there was an answer, and the
    /// observation that says so.
    fn hellos(&self) -> Vec<(Intent, (TlsVersion, u32), bool, &'e Observation)> {
        let mut looks: BTreeMap<Option<LookId>, Vec<&'e Observation>> = BTreeMap::new();
        for observation in self.seen() {
            looks.entry(observation.look).or_default().push(observation);
        }
        let mut hellos = Vec::new();
        for seen in looks.values() {
            let offered = seen.iter().find_map(|observation| match &observation.fact {
                Fact::TlsOffered { highest, size, .. } => Some((*highest, *size)),
                _ => None,
            });
            let answered = seen.iter().find(|observation| {
                matches!(
                    observation.fact,
                    Fact::TlsEstablished { .. } | Fact::TlsChosen { .. }
                )
            });
            let failed = seen.iter().find(|observation| {
                matches!(
                    observation.fact,
                    Fact::Ended {
                        after: Message::ClientHello,
                        ..
                    } | Fact::TlsAlerted {
                        after: Message::ClientHello,
                        ..
                    }
                )
            });
            if let (Some(offered), Some(observation)) = (offered, answered.or(failed)) {
                hellos.push((
                    self.index.intent(observation),
                    offered,
                    answered.is_some(),
                    *observation,
                ));
            }
        }
        hellos
    }

    /// The client's ClientHello fails, and the very same one got an answer on a connection that varied something
    /// before TLS: what differs between connections is then no matter of the ClientHello.
    fn same_hello_answered(&self) -> Option<&'e Observation> {
        let limited: BTreeSet<Option<LookId>> = self
            .seen()
            .filter(|observation| matches!(observation.fact, Fact::SegmentsLimited { .. }))
            .map(|observation| observation.look)
            .collect();
        let hellos = self.hellos();
        let failed = hellos
            .iter()
            .find(|(intent, _, answered, _)| *intent == Intent::AsClient && !answered)?;
        hellos
            .iter()
            .find(|(intent, offered, answered, observation)| {
                *intent == Intent::Contrast
                    && *answered
                    && *offered == failed.1
                    && !limited.contains(&observation.look)
            })
            .map(|(.., observation)| *observation)
    }

    /// The client's ClientHello fails, and the very same one got an answer on another connection.
    pub fn same_hello_fares_otherwise(&self) -> Reading<'e> {
        self.same_hello_answered()
            .map_or(Reading::Silent, Reading::For)
    }

    /// The client's connection ended in the handshake, where the very same ClientHello got an answer on another.
    pub fn ended_where_the_same_hello_did_not(&self) -> Reading<'e> {
        if self.same_hello_answered().is_none() {
            return Reading::Silent;
        }
        self.ended(|_, after| in_handshake(after, true))
    }

    /// The client's ClientHello fails; another that differs in the way judged gets an answer. Against, when
    /// others that differ so fail too.
    pub fn hello_differs(
        &self,
        differs: impl Fn((TlsVersion, u32), (TlsVersion, u32)) -> bool,
    ) -> Reading<'e> {
        let hellos = self.hellos();
        let mut clients = hellos
            .iter()
            .filter(|(intent, ..)| *intent == Intent::AsClient);
        let Some((_, client, false, _)) = clients.next() else {
            return Reading::Silent;
        };
        if clients.any(|(_, _, answered, _)| *answered) || self.same_hello_answered().is_some() {
            return Reading::Silent;
        }
        let others = || {
            hellos.iter().filter(|(intent, offered, ..)| {
                *intent == Intent::Contrast && differs(*client, *offered)
            })
        };
        let answered = others().find(|(_, _, answered, _)| *answered);
        match (answered, others().next()) {
            (Some((.., observation)), _) => Reading::For(observation),
            (None, Some((.., observation))) => Reading::Against(observation),
            (None, None) => Reading::Silent,
        }
    }

    /// The client's ClientHello was answered by the end of the connection, and so was every other. Against, when
    /// another got an answer.
    pub fn every_hello_ended(&self) -> Reading<'e> {
        let hellos = self.hellos();
        // A farewell of TLS says no more than the close behind it.
        let ended = |observation: &Observation| match &observation.fact {
            Fact::Ended { how, .. } => matches!(how, Ending::Reset | Ending::Closed),
            Fact::TlsAlerted { alert, .. } => *alert == TlsAlert::CLOSE_NOTIFY,
            _ => false,
        };
        let fails = hellos
            .iter()
            .any(|(intent, .., observation)| *intent == Intent::AsClient && ended(observation));
        if !fails {
            return Reading::Silent;
        }
        let mut others = hellos
            .iter()
            .filter(|(intent, ..)| *intent == Intent::Contrast)
            .peekable();
        match others.peek() {
            None => Reading::Silent,
            Some((.., first)) => others
                .clone()
                .find(|(_, _, answered, _)| *answered)
                .map_or_else(
                    || {
                        if others.all(|(.., observation)| ended(observation)) {
                            Reading::For(first)
                        } else {
                            Reading::Silent
                        }
                    },
                    |(.., observation)| Reading::Against(observation),
                ),
        }
    }

    /// The server ended the client's ClientHello by a word or a close, not by silence; another version of it
    /// gets an answer.
    pub fn version_differs(&self) -> Reading<'e> {
        let silence = self
            .hellos()
            .iter()
            .any(|(intent, _, answered, observation)| {
                *intent == Intent::AsClient
                    && !answered
                    && matches!(
                        observation.fact,
                        Fact::Ended {
                            how: Ending::Silence | Ending::Unreachable,
                            ..
                        }
                    )
            });
        if silence {
            return Reading::Silent;
        }
        self.hello_differs(|client, other| other.0 != client.0)
    }

    /// The client waits for TLS in vain; a look kept to small segments gets it. Against, when that look
    /// fares no better.
    ///
    /// It may be chance where a certificate came whole on a connection that was kept to nothing, and what the client
    /// sends fits every network: `gainsaid` asks for that case, and else for the other.
    pub fn small_segments_help(&self, gainsaid: bool) -> Reading<'e> {
        let limited: Vec<Option<LookId>> = self
            .seen()
            .filter(|observation| matches!(observation.fact, Fact::SegmentsLimited { .. }))
            .map(|observation| observation.look)
            .collect();
        let is_limited = |observation: &Observation| limited.contains(&observation.look);
        let came_up = |observation: &Observation| match observation.fact {
            Fact::TlsEstablished { .. } => Some(true),
            Fact::Ended {
                how: Ending::Silence,
                ..
            } => Some(false),
            _ => None,
        };
        let client = |expect: bool| {
            self.seen().any(|observation| {
                self.as_client(observation) && came_up(observation) == Some(expect)
            })
        };
        if !client(false) || client(true) || self.same_hello_answered().is_some() {
            return Reading::Silent;
        }
        let is_small = self.seen().any(|observation| {
            self.as_client(observation)
                && matches!(&observation.fact, Fact::TlsOffered { size, .. } if *size <= TAKEN_EVERYWHERE)
        });
        let came_whole = self.seen().any(|observation| {
            !self.as_client(observation)
                && !is_limited(observation)
                && matches!(
                    observation.fact,
                    Fact::CertificateSeen { .. } | Fact::TlsEstablished { .. }
                )
        });
        if (is_small && came_whole) != gainsaid {
            return Reading::Silent;
        }
        self.read(|observation| is_limited(observation).then(|| came_up(observation))?)
    }

    /// The client gets through; a look with a ClientHello that needs two packets does not.
    pub fn only_large_hello_fails(&self) -> Reading<'e> {
        let hellos = self.hellos();
        let client = hellos
            .iter()
            .find(|(intent, offered, ..)| *intent == Intent::AsClient && offered.1 < LARGE);
        let Some((_, offered, true, _)) = client else {
            return Reading::Silent;
        };
        let large = |answers: bool| {
            hellos
                .iter()
                .find(|(intent, other, answered, observation)| {
                    *intent == Intent::Contrast
                        && other.1 >= LARGE
                        && other.0 == offered.0
                        && *answered == answers
                        && (answers || matches!(observation.fact, Fact::Ended { .. }))
                })
        };
        match (large(true), large(false)) {
            (Some((.., observation)), _) => Reading::Against(observation),
            (None, Some((.., observation))) => Reading::For(observation),
            (None, None) => Reading::Silent,
        }
    }

    /// A small ClientHello gets an answer while the client's own, which needs more than a packet, does not.
    /// Against, when one that large gets an answer.
    pub fn only_small_hellos(&self) -> Reading<'e> {
        let hellos = self.hellos();
        let large = |(_, offered, ..): &&(Intent, (TlsVersion, u32), bool, &'e Observation)| {
            offered.1 >= LARGE
        };
        let clients_large = hellos
            .iter()
            .filter(large)
            .any(|(intent, _, answered, _)| *intent == Intent::AsClient && !answered);
        if let Some((.., observation)) = hellos
            .iter()
            .filter(large)
            .find(|(_, _, answered, _)| *answered)
        {
            return Reading::Against(observation);
        }
        let small = hellos
            .iter()
            .find(|(_, offered, answered, _)| *answered && offered.1 < LARGE);
        match small {
            Some((.., observation)) if clients_large => Reading::For(observation),
            _ => Reading::Silent,
        }
    }

    /// The client's ClientHello was ended by what minds bytes and not versions: the answer to it had begun, or it came to
    /// nothing only after long, or one as large without the newest version was ended too.
    fn hello_ended_by_the_byte(&self) -> bool {
        let hellos = self.hellos();
        let by_time = hellos.iter().any(|(intent, _, answered, observation)| {
            *intent == Intent::AsClient
                && !answered
                && matches!(observation.fact, Fact::Ended { partial, waited, .. } if partial > 0 || waited >= LATE)
        });
        let own = hellos
            .iter()
            .find(|(intent, ..)| *intent == Intent::AsClient)
            .map(|(_, offered, ..)| *offered);
        let as_large = own.is_some_and(|(version, size)| {
            hellos.iter().any(|(intent, other, answered, observation)| {
                *intent == Intent::Contrast
                    && other.0 != version
                    && other.1.saturating_mul(10) >= size.saturating_mul(9)
                    && !answered
                    && matches!(observation.fact, Fact::Ended { .. })
            })
        });
        by_time || as_large
    }

    /// With the newest versions left out of the offer the server answers, with one that the client offers
    /// too: it is the offer of the newest that it, or something on the way, cannot bear.
    pub fn newest_not_borne(&self) -> Reading<'e> {
        if self.hello_ended_by_the_byte() {
            return Reading::Silent;
        }
        let lowest = self.seen().find_map(|observation| match &observation.fact {
            Fact::TlsOffered { lowest, .. } if self.as_client(observation) => Some(*lowest),
            _ => None,
        });
        match (self.version_differs(), lowest) {
            (Reading::For(observation), Some(lowest)) => match &observation.fact {
                Fact::TlsEstablished { version, .. } | Fact::TlsChosen { version, .. } => {
                    if version.0 >= lowest.0 {
                        Reading::For(observation)
                    } else {
                        Reading::Silent
                    }
                }
                _ => Reading::Silent,
            },
            _ => Reading::Silent,
        }
    }

    /// Against, when the certificate is for the machine that answered, and that is not the one asked for.
    pub fn certificate_fits_the_machine(&self) -> Reading<'e> {
        let Some(asked) = names::asked_by_name(self.target()) else {
            return Reading::Silent;
        };
        let fits = |own: &str| {
            self.seen().any(|observation| match &observation.fact {
                Fact::CertificateSeen { certificate, .. } => {
                    names::covers(certificate, own) == Some(true)
                }
                _ => false,
            })
        };
        self.any(|fact| match fact {
            Fact::NtlmChallenged { challenge, .. }
                if names::answers_to(challenge, &asked) == Some(false) =>
            {
                let own = challenge
                    .dns_computer
                    .as_ref()
                    .or(challenge.netbios_computer.as_ref())?;
                fits(&own.folded()).then_some(false)
            }
            _ => None,
        })
    }

    /// After agreeing to TLS the server sent something else: a message of RDP in clear, or not even that.
    pub fn not_tls(&self, rdp: bool) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::NotTls { first_bytes } => {
                (first_bytes.0.starts_with(&[3, 0]) == rdp).then_some(true)
            }
            _ => None,
        })
    }

    /// The client's ClientHello was answered by a reset, or something else, at once. What fails inside a server
    /// fails at once; an end that takes seconds is somebody's time running out.
    pub fn reset_at_hello_at_once(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::Ended {
                how: Ending::Reset,
                after: Message::ClientHello,
                waited,
                ..
            } => (*waited < LATE).then_some(true),
            Fact::Ended {
                after: Message::ClientHello,
                ..
            } => Some(false),
            _ => None,
        })
    }

    /// The connection was ended only seconds after the ClientHello: somebody's time ran out.
    pub fn hello_timed_out(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::Ended {
                how: Ending::Reset | Ending::Closed,
                after: Message::ClientHello,
                waited,
                ..
            } if *waited >= LATE => Some(true),
            _ => None,
        })
    }

    /// The client gets through with TLS 1.3; a look with 1.2 at the highest does not.
    pub fn only_newest_tls(&self) -> Reading<'e> {
        let hellos = self.hellos();
        let through = hellos.iter().any(|(intent, offered, answered, _)| {
            *intent == Intent::AsClient && offered.0 == TlsVersion::TLS1_3 && *answered
        });
        if !through {
            return Reading::Silent;
        }
        let older = |answers: bool| {
            hellos
                .iter()
                .find(|(intent, offered, answered, observation)| {
                    *intent == Intent::Contrast
                        && offered.0 == TlsVersion::TLS1_2
                        && *answered == answers
                        && (answers || matches!(observation.fact, Fact::TlsAlerted { .. }))
                })
        };
        match (older(true), older(false)) {
            (Some((.., observation)), _) => Reading::Against(observation),
            (None, Some((.., observation))) => Reading::For(observation),
            (None, None) => Reading::Silent,
        }
    }

    /// Connections to one address showed different certificates.
    pub fn certificates_differ(&self) -> Reading<'e> {
        let one_address = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::TcpOpened { to, .. } => Some(*to),
                _ => None,
            })
            .collect::<BTreeSet<_>>()
            .len()
            == 1;
        if !one_address {
            return Reading::Silent;
        }
        let mut first: Option<&Certificate> = None;
        let mut same = None;
        for observation in self.seen() {
            if let Fact::CertificateSeen { certificate, .. } = &observation.fact
                && super::machine::on_a_wire(observation)
            {
                match first {
                    None => first = Some(certificate),
                    Some(known) if known.sha256 != certificate.sha256 => {
                        return Reading::For(observation);
                    }
                    Some(_) => same = same.or(Some(observation)),
                }
            }
        }
        same.map_or(Reading::Silent, Reading::Against)
    }

    /// A certificate, judged with the clock at which it was seen.
    pub fn certificate(
        &self,
        judge: impl Fn(&'e Certificate, UnixSeconds) -> Option<bool>,
    ) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::CertificateSeen {
                certificate,
                seen_at,
            } => judge(certificate, *seen_at),
            _ => None,
        })
    }

    /// The server closed a connection of the client at its ClientHello without a word. A close behind an alert
    /// adds nothing to the alert.
    pub fn closed_at_hello(&self) -> Reading<'e> {
        let alerted: BTreeSet<Option<LookId>> = self
            .seen()
            .filter(|observation| matches!(&observation.fact, Fact::TlsAlerted { alert, .. } if *alert != TlsAlert::CLOSE_NOTIFY))
            .map(|observation| observation.look)
            .collect();
        self.read(|observation| match observation.fact {
            Fact::Ended {
                how: Ending::Closed,
                after: Message::ClientHello,
                waited,
                ..
            } => (self.as_client(observation)
                && waited < LATE
                && !alerted.contains(&observation.look))
            .then_some(true),
            _ => None,
        })
    }

    /// Such a server ended TLS at the ClientHello with this alert.
    pub fn program_alerted(&self, expect: TlsAlert) -> Reading<'e> {
        match self.is_no_windows_host() {
            Reading::For(_) => self.any_as_client(|fact| match fact {
                Fact::TlsAlerted { alert, .. } => (*alert == expect).then_some(true),
                _ => None,
            }),
            _ => Reading::Silent,
        }
    }

    /// On another connection a smaller ClientHello was answered, after a time that is to that of the request before it
    /// as their sizes are; at this pace the client's own, on which nothing came, is not through in the time there was.
    pub fn answered_by_the_byte(&self) -> Reading<'e> {
        /// Bytes of a request, with a cookie or without one ([MS-RDPBCGR] 2.2.1.1), and some room for what is measured.
        const REQUEST: RangeInclusive<u64> = 16..=80;
        /// Below this, other things take as long.
        const SLOW: Micros = Micros::from_millis(150);
        let of_look = |look: Option<LookId>| self.seen().filter(move |seen| seen.look == look);
        let unanswered = self.seen().find_map(|observation| match &observation.fact {
            Fact::Ended {
                how: Ending::Silence,
                after: Message::ClientHello,
                waited,
                ..
            } if self.as_client(observation) => {
                of_look(observation.look).find_map(|seen| match &seen.fact {
                    Fact::TlsOffered { size, .. } => Some((u64::from(*size), *waited)),
                    _ => None,
                })
            }
            _ => None,
        });
        let Some((own, waited)) = unanswered else {
            return Reading::Silent;
        };
        self.read(|observation| {
            let Fact::AnswerTook {
                message: Message::ServerHello,
                first: hello,
                ..
            } = &observation.fact
            else {
                return None;
            };
            let size = of_look(observation.look).find_map(|seen| match &seen.fact {
                Fact::TlsOffered { size, .. } => Some(u64::from(*size)),
                _ => None,
            })?;
            let request = of_look(observation.look).find_map(|seen| match &seen.fact {
                Fact::AnswerTook {
                    message: Message::ConnectionConfirm,
                    first,
                    ..
                } => Some(*first),
                _ => None,
            })?;
            let opened = of_look(observation.look).find_map(|seen| match &seen.fact {
                Fact::TcpOpened { took, .. } => Some(*took),
                _ => None,
            })?;
            let (hello, request) = (hello.since(opened), request.since(opened));
            // As many bytes as the request would have at the pace of the hello.
            let would_be = request.0.saturating_mul(size).checked_div(hello.0)?;
            let needs = hello.times(own).0.checked_div(size)?;
            (size < own
                && request >= SLOW
                && REQUEST.contains(&would_be)
                && needs.saturating_mul(5) >= waited.0.saturating_mul(4))
            .then_some(true)
        })
    }

    /// The server ended TLS with one of these alerts, and the client did not offer every version from TLS 1.0 on: one
    /// that does has a version in common with every server that is left any.
    pub fn alerted_where_a_version_is_left_out(&self, expect: &[TlsAlert]) -> Reading<'e> {
        let offers_all = self.seen().any(|observation| {
            self.as_client(observation)
                && matches!(&observation.fact, Fact::TlsOffered { lowest, highest, .. }
                    if lowest.0 <= TlsVersion::TLS1_0.0 && highest.0 >= TlsVersion::TLS1_2.0)
        });
        if offers_all {
            return Reading::Silent;
        }
        self.any_as_client(|fact| match fact {
            Fact::TlsAlerted { alert, .. } => expect.contains(alert).then_some(true),
            _ => None,
        })
    }

    /// The server ended TLS with one of these alerts.
    pub fn alerted(&self, expect: &[TlsAlert]) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::TlsAlerted { alert, .. } => Some(expect.contains(alert)),
            _ => None,
        })
    }
}

/// How a connection ended at the ClientHello, when it ended there.
pub(crate) fn at_hello(after: Message, so: bool) -> Option<bool> {
    (after == Message::ClientHello).then_some(so)
}

/// How a connection ended within the TLS handshake, when it ended there.
pub(crate) fn in_handshake(after: Message, so: bool) -> Option<bool> {
    (Message::ClientHello..Message::ServerFinished)
        .contains(&after)
        .then_some(so)
}

/// A certificate such as Windows makes for itself: signed by itself, for half a year, replaced in time.
pub(crate) fn renews_itself(certificate: &Certificate) -> bool {
    certificate.self_signed
        && (175..=190).contains(&certificate.not_before.days_until(certificate.not_after))
}
