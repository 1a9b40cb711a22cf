//! Asking who somebody is, as servers and proxies do over HTTP.

use model::{Micros, UnixSeconds};
use openssl::base64;
use serde::Deserialize;

use super::connection::Connection;
use crate::http::{Request, Response};
use crate::ntlm::{self, Bound, Verdict};
use crate::scenario::Ntlm;
use crate::server::{self, spnego};

/// Ways to say who one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// `Basic`: name and password in clear.
    Basic,
    /// `NTLM`.
    Ntlm,
    /// `Negotiate`, which here comes to NTLM.
    Negotiate,
    /// `SSPI_NTLM`: NTLM inside the tunnel.
    SspiNtlm,
    /// `Digest`, which is offered and never accepted.
    Digest,
    /// `SMARTCARD`, which is offered and never accepted.
    Smartcard,
    /// `PAA`, a cookie, which is offered and never accepted.
    Paa,
}

impl Scheme {
    /// As headers write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Ntlm => "NTLM",
            Self::Negotiate => "Negotiate",
            Self::SspiNtlm => "SSPI_NTLM",
            Self::Digest => "Digest",
            Self::Smartcard => "SMARTCARD",
            Self::Paa => "PAA",
        }
    }
}

/// Who is let in, and by which schemes.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    /// What is asked with: 401 or 407.
    pub status: u16,
    pub schemes: Vec<Scheme>,
    pub realm: String,
    pub user: String,
    pub password: String,
    pub ntlm: Ntlm,
    pub computer: String,
    pub opened_at: UnixSeconds,
    /// What a logon with NTLM is tied to.
    pub bound: Bound,
}

/// How a logon goes on.
pub(crate) enum Logon {
    Challenge(Vec<u8>),
    LetIn,
    Refused,
}

impl Door {
    /// The header that asks, and the one that answers.
    const fn headers(&self) -> (&'static str, &'static str) {
        if self.status == 407 {
            ("Proxy-Authenticate", "Proxy-Authorization")
        } else {
            ("WWW-Authenticate", "Authorization")
        }
    }

    fn ask(&self) -> Response {
        let (header, _) = self.headers();
        let realm = &self.realm;
        let schemes = self.schemes.iter().map(|scheme| match scheme {
            Scheme::Basic => format!("{header}: Basic realm=\"{realm}\""),
            Scheme::Digest => format!(
                "{header}: Digest realm=\"{realm}\",qop=\"auth\",algorithm=MD5,nonce=\"b3f1\""
            ),
            other => format!("{header}: {}", other.name()),
        });
        let mut response = Response::of(self.status);
        response.headers.extend(schemes);
        response
    }

    /// The answer to somebody who has not said, or not well, who he is; nothing for the user.
    pub(crate) fn stranger(
        &self,
        now: Micros,
        connection: &mut Connection,
        request: &Request,
    ) -> Option<Response> {
        if self.schemes.is_empty() {
            return None;
        }
        let (asks, answers) = self.headers();
        if connection.known && request.header(answers).is_none() {
            return None;
        }
        let parameter = request.parameter("AuthS");
        let (scheme, token) = match request.credentials(answers) {
            Some((scheme, token)) => (scheme, token),
            None => (parameter.as_deref().unwrap_or_default(), ""),
        };
        let named = |wanted: Scheme| {
            wanted.name().eq_ignore_ascii_case(scheme) && self.schemes.contains(&wanted)
        };
        if named(Scheme::SspiNtlm) {
            return None;
        }
        let Ok(token) = base64::decode_block(token) else {
            return Some(self.ask());
        };
        if named(Scheme::Basic) {
            connection.known = String::from_utf8_lossy(&token)
                .split_once(':')
                .is_some_and(|(name, password)| self.is_user(name, password));
            return (!connection.known).then(|| self.ask());
        }
        let Some(scheme) = [Scheme::Ntlm, Scheme::Negotiate]
            .into_iter()
            .find(|scheme| named(*scheme))
        else {
            return Some(self.ask());
        };
        match self.logon(now, connection, &token) {
            Logon::Challenge(challenge) => {
                let token = base64::encode_block(&challenge);
                let header = format!("{asks}: {} {token}", scheme.name());
                Some(Response::of(self.status).with(header))
            }
            Logon::LetIn => {
                connection.known = true;
                None
            }
            Logon::Refused => Some(self.ask()),
        }
    }

    /// These are the name and the password of the user.
    pub(crate) fn is_user(&self, name: &str, password: &str) -> bool {
        let name = name.rsplit('\\').next().unwrap_or_default();
        let name = name.split('@').next().unwrap_or_default();
        name.eq_ignore_ascii_case(&self.user) && password == self.password
    }

    /// A CHALLENGE_MESSAGE for whoever is on this connection.
    pub(crate) fn challenge(&self, now: Micros, connection: &mut Connection) -> Vec<u8> {
        let clock = server::clock(self.opened_at, now);
        let says = server::challenge(&self.ntlm, &self.computer, clock);
        wire::ntlm::challenge(&says, connection.chance.draw().to_le_bytes())
    }

    /// Takes an NTLM message, bare or inside SPNEGO, of the logon on this connection.
    pub(crate) fn logon(&self, now: Micros, connection: &mut Connection, token: &[u8]) -> Logon {
        match wire::ntlm::find(token) {
            Some((wire::ntlm::Kind::Negotiate, message)) => {
                let challenge = self.challenge(now, connection);
                connection.logon = Some((message.to_vec(), challenge.clone()));
                Logon::Challenge(if spnego::is(token) {
                    spnego::wrap(&challenge)
                } else {
                    challenge
                })
            }
            Some((wire::ntlm::Kind::Authenticate, message)) => {
                let Some((negotiate, challenge)) = connection.logon.take() else {
                    return Logon::Refused;
                };
                let Self {
                    user,
                    password,
                    bound,
                    ..
                } = self;
                match ntlm::judge(user, password, bound, [&negotiate, &challenge], message) {
                    Verdict::LetIn => Logon::LetIn,
                    _ => Logon::Refused,
                }
            }
            _ => Logon::Refused,
        }
    }
}
