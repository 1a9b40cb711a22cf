//! What is said inside TLS: CredSSP ([MS-CSSP] 3.1.5), then MCS.

use model::codes::{NtStatus, Protocols};
use model::{Bytes, Fact, Message, Micros, Phase};

use super::{Facts, From, State, Strange, Watch};
use crate::credssp::{self, TsRequest};
use crate::ntlm::{self, Kind};
use crate::{Read, x224};

/// What was told of CredSSP.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    offered: bool,
    answered: bool,
}

impl Watch {
    pub(super) fn plain(&mut self, now: Micros, from: From, bytes: &[u8], facts: &mut Facts) {
        self.decrypted = true;
        if self.side(from).plain_over || self.state == State::Over {
            return;
        }
        let mut held = std::mem::take(&mut self.side(from).plain);
        held.extend(bytes);
        let mut used = 0_usize;
        while let Some(rest) = held.get(used..).filter(|rest| !rest.is_empty()) {
            match self.plain_message(now, from, rest, facts) {
                Some(taken) => used = used.saturating_add(taken),
                None => break,
            }
        }
        held.drain(..used.min(held.len()));
        if !self.side(from).plain_over {
            self.side(from).plain = held;
        }
        if self.strange.is_some() {
            self.tell_strange_when_enough(facts);
        }
    }

    /// The message at the front; `None` when more bytes are needed or nothing further is read.
    fn plain_message(
        &mut self,
        now: Micros,
        from: From,
        bytes: &[u8],
        facts: &mut Facts,
    ) -> Option<usize> {
        if self.strange.is_some() {
            return None;
        }
        let nla = self.chosen.is_none_or(Protocols::has_nla);
        if nla && bytes.first() == Some(&0x30) {
            match credssp::read(bytes) {
                Read::Whole { value, used } => {
                    match from {
                        From::Client => self.credssp_sent(now, &value, facts),
                        From::Server => self.credssp_received(now, value, facts),
                    }
                    return Some(used);
                }
                Read::Partial => return None,
                Read::Not => {}
            }
        } else if bytes.first() == Some(&0x03) {
            match x224::read_tpkt(bytes) {
                Read::Whole { value, used } => {
                    self.mcs(now, from, value);
                    return Some(used);
                }
                Read::Partial => return None,
                Read::Not => {}
            }
        }
        if from == From::Server && self.state == State::ExpectChallenge {
            self.strange = Some(Strange::Plain(Message::CredSspChallenge));
            self.state = State::Strange;
        } else {
            self.side(from).plain_over = true;
        }
        None
    }

    fn credssp_sent(&mut self, now: Micros, request: &TsRequest, facts: &mut Facts) {
        let kind = request
            .nego_token
            .as_deref()
            .and_then(ntlm::find)
            .map(|(kind, _)| kind);
        let first = !std::mem::replace(&mut self.credssp.offered, true);
        if first && kind != Some(Kind::Authenticate) {
            let offered = Fact::CredSspOffered {
                version: request.version,
            };
            self.tell(facts, Phase::Authenticate, offered);
            self.reached(Message::CredSspNegotiate, now);
            self.asks(Message::CredSspChallenge, now);
            self.state = State::ExpectChallenge;
        } else {
            self.reached(Message::CredSspAuthenticate, now);
            self.state = State::Challenged;
        }
    }

    fn credssp_received(&mut self, now: Micros, request: TsRequest, facts: &mut Facts) {
        let version = request.version;
        let place = Phase::Authenticate;
        if let Some(error) = request.error_code.filter(|&error| error != 0) {
            let error = NtStatus(error);
            self.tell(facts, place, Fact::CredSspRefused { version, error });
            if self.asked.is_some() {
                self.answered(now, place, Message::CredSspChallenge, facts);
            }
            self.over();
            return;
        }
        if std::mem::replace(&mut self.credssp.answered, true) {
            return;
        }
        let token = request.nego_token.unwrap_or_default();
        let fact = match ntlm::read_challenge(&token) {
            Some(challenge) => Fact::NtlmChallenged {
                version,
                challenge,
                seen_at: self.clock(now),
            },
            None => Fact::CredSspAnswered {
                version,
                token: Bytes::first_of(&token),
            },
        };
        self.tell(facts, place, fact);
        self.answered(now, place, Message::CredSspChallenge, facts);
        self.state = State::Challenged;
    }
}
