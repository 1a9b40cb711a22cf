//! What is said inside TLS: CredSSP ([MS-CSSP] 3.1.5), then MCS.

use model::codes::{NtStatus, Protocols};
use model::{Bytes, Fact, LogonMechanism, Message, Micros, Phase};

use super::{Facts, From, State, Strange, Watch};
use crate::Read;
use crate::credssp::{self, TsRequest};
use crate::cursor::Cursor;
use crate::kerberos;
use crate::ntlm::{self, Kind};
use crate::spnego::{self, Inside, Stage};

/// What was told of CredSSP.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    offered: bool,
    answered: bool,
    /// The client has said who it is: a first token that is none of NTLM's may.
    named: Option<bool>,
    /// The client sent its proof.
    proved: bool,
    accepted: bool,
    /// The client sent its credentials: CredSSP is over but for the server's word on them.
    delegated: bool,
}

impl Told {
    pub(super) const fn is_accepted(&self) -> bool {
        self.accepted
    }
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
        if from == From::Server && self.state == State::ExpectVerdict && self.credssp.delegated {
            return self.authorized(now, bytes, facts);
        }
        if nla && !self.credssp.delegated && bytes.first() == Some(&0x30) {
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
        } else {
            match self.set_up_message(now, from, bytes, facts) {
                Read::Whole { used, .. } => return Some(used),
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
        if kind == Some(Kind::Negotiate) {
            self.credssp.named = Some(false);
        } else if request
            .nego_token
            .as_deref()
            .is_some_and(spnego::shows_ticket)
        {
            self.credssp.named = Some(true);
        }
        let first = !std::mem::replace(&mut self.credssp.offered, true);
        if first && kind != Some(Kind::Authenticate) {
            let mechanism = match self.credssp.named {
                Some(false) => Some(LogonMechanism::Ntlm),
                Some(true) => Some(LogonMechanism::Kerberos),
                None => None,
            };
            let offered = Fact::CredSspOffered {
                version: request.version,
                mechanism,
            };
            self.tell(facts, Phase::Authenticate, offered);
            self.reached(Message::CredSspNegotiate, now);
            self.asks(Message::CredSspChallenge, now);
            self.state = State::ExpectChallenge;
        } else if request.auth_info.is_some() {
            self.credssp.delegated = true;
            self.reached(Message::CredSspCredentials, now);
            if self
                .chosen
                .is_some_and(|chosen| chosen.has(Protocols::HYBRID_EX))
            {
                self.asks(Message::LogonAuthorization, now);
                self.state = State::ExpectVerdict;
            }
        } else {
            self.reached(Message::CredSspAuthenticate, now);
            self.credssp.proved |=
                request.pub_key_auth.is_some() || kind == Some(Kind::Authenticate);
            if self.credssp.proved {
                self.credssp.named = Some(true);
                self.asks(Message::CredSspAccepted, now);
                self.state = State::ExpectVerdict;
            } else {
                self.state = State::Challenged;
            }
        }
    }

    /// The server's word on whether the user may connect ([MS-CSSP] 2.2.1.3).
    fn authorized(&mut self, now: Micros, bytes: &[u8], facts: &mut Facts) -> Option<usize> {
        let result = Cursor(bytes).u32_le()?;
        let place = Phase::Authenticate;
        self.tell(facts, place, Fact::LogonAuthorized { result });
        self.answered(now, place, Message::LogonAuthorization, facts);
        self.state = State::SetUp;
        if result != 0 {
            self.over();
        }
        Some(4)
    }

    fn credssp_received(&mut self, now: Micros, request: TsRequest, facts: &mut Facts) {
        let version = request.version;
        let place = Phase::Authenticate;
        if let Some(error) = request.error_code.filter(|&error| error != 0) {
            let refused = Fact::CredSspRefused {
                version,
                error: NtStatus(error),
                named: self.credssp.named,
            };
            self.tell(facts, place, refused);
            if let Some(asked) = self.asked {
                self.answered(now, place, asked.answer, facts);
            }
            self.over();
            return;
        }
        // With the first token of Kerberos the proof can come at once.
        if self.credssp.proved && request.pub_key_auth.is_some() {
            if !std::mem::replace(&mut self.credssp.accepted, true) {
                self.tell(facts, place, Fact::LogonAccepted { version });
                self.answered(now, place, Message::CredSspAccepted, facts);
                self.state = State::Challenged;
            }
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
            None => negotiated(version, &token).unwrap_or_else(|| Fact::CredSspAnswered {
                version,
                token: Bytes::first_of(&token),
            }),
        };
        self.tell(facts, place, fact);
        self.answered(now, place, Message::CredSspChallenge, facts);
        self.state = State::Challenged;
    }
}

/// What a server says of the way to log on, when it does.
fn negotiated(version: u32, token: &[u8]) -> Option<Fact> {
    let response = spnego::read_response(token)?;
    let inside = response.token.as_deref().and_then(spnego::unframed);
    let error = match inside {
        Some((Inside::Refusal, message)) => kerberos::read_answer(message)?.error,
        _ => None,
    };
    Some(Fact::LogonNegotiated {
        version,
        mechanism: response.mechanism,
        rejected: response.stage == Some(Stage::Rejected),
        error,
    })
}
