//! The X.224 exchange, and MCS in clear behind it ([MS-RDPBCGR] 1.3.1.1).

use model::codes::Protocols;
use model::{Bytes, Fact, Message, Micros, Phase, Service};

use super::{Facts, From, Reading, State, Step, Strange, Watch};
use crate::x224::{self, Answer, Reply, Request};
use crate::{Read, settings, tls};

impl Watch {
    /// The first message of either side.
    pub(super) fn first(
        &mut self,
        now: Micros,
        from: From,
        bytes: &[u8],
        facts: &mut Facts,
    ) -> Step {
        match from {
            From::Client => self.request(now, bytes, facts),
            // TLS without the X.224 exchange: the client began it.
            From::Server if self.client.reading == Reading::Tls => {
                self.server.reading = Reading::Tls;
                Step::Again
            }
            From::Server => self.confirm(now, bytes, facts),
        }
    }

    fn request(&mut self, now: Micros, bytes: &[u8], facts: &mut Facts) -> Step {
        match x224::read_request(bytes) {
            Read::Whole { value, used } => {
                self.offered = value.offered;
                self.tell(
                    facts,
                    Phase::Negotiate,
                    Fact::NegotiationOffered {
                        offered: value.offered,
                    },
                );
                if let Some(extended) = extended(&value) {
                    self.tell(facts, Phase::Negotiate, extended);
                }
                self.reached(Message::ConnectionRequest, now);
                self.client.reading = Reading::Next;
                if self.state == State::ExpectRequest {
                    self.state = State::ExpectConfirm;
                    self.asks(Message::ConnectionConfirm, now);
                }
                Step::Used(used)
            }
            Read::Partial => Step::Wait,
            Read::Not => match tls::looks_like_record(bytes) {
                None => Step::Wait,
                Some(true) => {
                    self.client.reading = Reading::Tls;
                    Step::Again
                }
                Some(false) => {
                    self.tell_no_request(bytes, facts);
                    self.client.reading = Reading::Nothing;
                    Step::Again
                }
            },
        }
    }

    /// Tells a first message that begins neither RDP nor TLS, by the bytes that show it and no more, so
    /// that it is told alike however it arrives.
    fn tell_no_request(&self, bytes: &[u8], facts: &mut Facts) {
        let is_neither = |head: &&[u8]| {
            matches!(x224::read_request(head), Read::Not)
                && tls::looks_like_record(head) == Some(false)
        };
        let heads = (1..=bytes.len()).filter_map(|end| bytes.get(..end));
        let head = heads.take(8).find(is_neither).unwrap_or(bytes);
        let (message, first_bytes) = (Message::ConnectionRequest, Bytes::first_of(head));
        self.tell(
            facts,
            Phase::Negotiate,
            Fact::Unreadable {
                message,
                first_bytes,
            },
        );
    }

    fn confirm(&mut self, now: Micros, bytes: &[u8], facts: &mut Facts) -> Step {
        let (reply, used) = match x224::read_confirm(bytes) {
            Read::Whole { value, used } => (value, used),
            Read::Partial => return Step::Wait,
            Read::Not => return self.wonder(Strange::Service),
        };
        let offered = self.offered;
        self.server.reading = Reading::Next;
        match reply {
            Reply::Confirm(answer) => {
                let fact = match answer {
                    Answer::Chosen { protocols, flags } => {
                        self.chooses(protocols);
                        self.flags = flags;
                        Fact::NegotiationChosen {
                            offered,
                            chosen: protocols,
                            flags,
                        }
                    }
                    Answer::Refused(code) => {
                        self.state = State::Over;
                        Fact::NegotiationRefused { offered, code }
                    }
                    Answer::Plain => {
                        self.chooses(Protocols::RDP);
                        Fact::NegotiationPlain { offered }
                    }
                };
                self.tell(facts, Phase::Negotiate, fact);
                self.answered(now, Phase::Negotiate, Message::ConnectionConfirm, facts);
            }
            // To a request that is none, a damaged answer tells nothing of the server.
            Reply::Strange if self.client.reading == Reading::Nothing => self.state = State::Over,
            Reply::Strange | Reply::Disconnected(_) | Reply::Rejected(_) | Reply::Other(_) => {
                let message = bytes.get(..used).unwrap_or_default();
                let first_bytes = Bytes::first_of(message);
                // A Remote Desktop server that will not have us says why in a confirm ([MS-RDPBCGR] 2.2.1.2.2).
                let turned_away = matches!(reply, Reply::Disconnected(_) | Reply::Rejected(_));
                let service = if turned_away || x224::is_other_user(message) {
                    Some(Service::OtherX224)
                } else {
                    x224::is_request(message).then_some(Service::Echo)
                };
                let fact = match service {
                    Some(service) => Fact::OtherServiceAnswered {
                        service,
                        first_bytes,
                    },
                    None => Fact::Unreadable {
                        message: Message::ConnectionConfirm,
                        first_bytes,
                    },
                };
                self.tell(facts, Phase::Negotiate, fact);
                self.state = State::Over;
            }
        }
        if self.state == State::Over {
            self.over();
        }
        Step::Used(used)
    }

    fn chooses(&mut self, protocols: Protocols) {
        self.chosen = Some(protocols);
        self.state = if protocols == Protocols::RDP {
            State::Standard
        } else {
            State::ExpectClientHello
        };
    }

    /// What follows the X.224 exchange shows in its first bytes.
    pub(super) fn next(&mut self, from: From, bytes: &[u8]) -> Step {
        let waits_for_tls = self.chosen.is_some_and(|chosen| chosen != Protocols::RDP);
        let reading = match (bytes.first(), tls::looks_like_record(bytes)) {
            (Some(0x03), _) if !waits_for_tls => Reading::Tpkt,
            (_, Some(true)) => Reading::Tls,
            (_, None) => return Step::Wait,
            (_, Some(false)) if from == From::Server && waits_for_tls => {
                return self.wonder(Strange::NotTls);
            }
            (_, Some(false)) => Reading::Nothing,
        };
        self.side(from).reading = reading;
        Step::Again
    }

    /// Messages in clear, up to where they are encrypted.
    pub(super) fn tpkt(
        &mut self,
        now: Micros,
        from: From,
        bytes: &[u8],
        facts: &mut Facts,
    ) -> Step {
        if from == From::Server
            && let Read::Whole { value, .. } = x224::read_tpkt(bytes)
            && let Some(settings) = settings::read_connect_response(value)
        {
            self.tell(facts, Phase::Settings, seen(settings));
        }
        match self.set_up_message(now, from, bytes, facts) {
            Read::Whole { used, .. } => {
                if self.session.is_sealed() {
                    self.client.reading = Reading::Tail;
                    self.server.reading = Reading::Tail;
                }
                Step::Used(used)
            }
            Read::Partial => Step::Wait,
            Read::Not => {
                self.side(from).reading = Reading::Tail;
                Step::Again
            }
        }
    }
}

/// What a request carries beside what every client sends.
fn extended(request: &Request) -> Option<Fact> {
    let asks = |flag| request.flags & flag != 0;
    let (cookie, routing_token) = (request.cookie.is_some(), request.routing_token.is_some());
    let correlation = request.correlation.is_some();
    let restricted_admin = asks(x224::RESTRICTED_ADMIN_REQUIRED);
    let redirected_authentication = asks(x224::REDIRECTED_AUTHENTICATION_REQUIRED);
    let more = [
        routing_token,
        correlation,
        restricted_admin,
        redirected_authentication,
    ];
    more.contains(&true).then_some(Fact::RequestExtended {
        cookie,
        routing_token,
        correlation,
        restricted_admin,
        redirected_authentication,
    })
}

fn seen(settings: settings::ServerSettings) -> Fact {
    let settings::ServerSettings {
        version,
        method,
        level,
        random,
        certificate,
        key_bits,
    } = settings;
    Fact::RdpSecuritySeen {
        method,
        level,
        random,
        certificate,
        key_bits,
        version,
    }
}
