//! What a gateway does, moment by moment, as TOML.

use serde::Deserialize;

use crate::certificate::Recipe;
use crate::scenario::{Ntlm, Payload, Then, TlsSettings, When};

/// A gateway. The default is a current one that lets its user in and knows both of its HTTP transports.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Script {
    /// The name clients dial it by.
    pub name: String,
    /// Its certificate.
    pub certificate: Recipe,
    /// Its TLS.
    pub tls: TlsSettings,
    /// The schemes it offers with 401, in this order; with none, nobody has to say who he is.
    pub schemes: Vec<Scheme>,
    /// The user it knows.
    pub user: String,
    /// The password of that user.
    pub password: String,
    /// What its NTLM challenge says.
    pub ntlm: Ntlm,
    /// It knows the transport over WebSocket.
    pub websocket: bool,
    /// It knows the transport over two HTTP channels.
    pub http: bool,
    /// What it makes of RPC over HTTP.
    pub rpc: Rpc,
    /// Bytes that precede the packets on the OUT channel.
    pub seed_bytes: u8,
    /// What the user has to agree to.
    pub consent: Option<String>,
    /// What it tells clients to leave out (HTTP_TUNNEL_REDIR_FLAGS).
    pub redirection: u32,
    /// After so many minutes without a sign of life the client is to disconnect; 0 for never.
    pub idle_minutes: u32,
    /// Time it takes to answer anything, in milliseconds.
    pub think_ms: u64,
    /// What it does wrong.
    pub fault: Vec<Fault>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            name: "gw.lab.test".to_owned(),
            certificate: Recipe::default(),
            tls: TlsSettings::default(),
            schemes: vec![Scheme::Negotiate, Scheme::Ntlm, Scheme::Basic],
            user: "lab".to_owned(),
            password: "Passw0rd!".to_owned(),
            ntlm: Ntlm::default(),
            websocket: true,
            http: true,
            rpc: Rpc::Absent,
            seed_bytes: 10,
            consent: None,
            redirection: 0x8000_0000,
            idle_minutes: 0,
            think_ms: 0,
            fault: Vec::new(),
        }
    }
}

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

/// What a gateway makes of RPC over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rpc {
    /// IIS knows no `/rpc/rpcproxy.dll`: 404.
    Absent,
    /// The RPC proxy lets the user in and reaches no RPC server behind it: `503 RPC Error: 6ba`.
    NoServer,
}

/// Something the gateway does wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// When.
    pub at: Moment,
    /// What.
    pub does: Act,
    /// Only there.
    pub on: Option<Way>,
    /// After this time, in milliseconds. For `drip`, the time between two pieces (1 when absent).
    pub after_ms: Option<u64>,
    /// For `truncate` the bytes that still go out, for `drip` those in a piece (1 when absent), for
    /// `garbage` how many random ones are sent (64 when absent).
    pub bytes: Option<u32>,
    /// For `garbage`: what is sent instead of random bytes.
    pub payload: Option<Payload>,
    /// For `alert`: its number.
    pub alert: Option<u8>,
    /// For `status`: its number.
    pub status: Option<u16>,
    /// For `status`: the words after the number.
    pub reason: Option<String>,
    /// For `status`: headers beside the usual ones.
    #[serde(default)]
    pub headers: Vec<String>,
    /// For `status`: a page of HTML.
    pub page: Option<String>,
    /// For `code`: the number.
    pub code: Option<u32>,
    /// For `message`: the text.
    pub text: Option<String>,
    /// For `truncate`, `garbage`, `alert`, `status` and `code`: what comes after it.
    pub then: Option<Then>,
    /// The connections to which it happens.
    #[serde(default)]
    pub when: When,
}

/// Moments in the life of a connection to a gateway, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// The connection opened.
    Accept,
    /// The ClientHello was read; the server's flight is due.
    ClientHello,
    /// The server's first flight was sent.
    ServerFlight,
    /// The TLS handshake completed.
    Tls,
    /// A request was read; the answer is due, whoever asks.
    Request,
    /// A request came from somebody who is let in; the answer is due.
    Logon,
    /// HTTP_HANDSHAKE_REQUEST was read; the answer is due.
    Handshake,
    /// An NTLM message inside the tunnel was read; the answer is due.
    ExtendedAuth,
    /// HTTP_TUNNEL_PACKET was read; the answer is due: policies for connections (CAP) speak here.
    Tunnel,
    /// HTTP_TUNNEL_AUTH_PACKET was read; the answer is due.
    TunnelAuth,
    /// HTTP_CHANNEL_PACKET was read; the answer is due: policies for resources (RAP) speak here.
    Channel,
    /// The channel is open, and data flows.
    Data,
}

impl Moment {
    /// At this moment the gateway owes an answer, which a fault can hold back or damage.
    pub const fn answers(self) -> bool {
        !matches!(
            self,
            Self::Accept | Self::ServerFlight | Self::Tls | Self::Data
        )
    }

    /// A number can say no at this moment.
    const fn has_code(self) -> bool {
        matches!(
            self,
            Self::Handshake
                | Self::ExtendedAuth
                | Self::Tunnel
                | Self::TunnelAuth
                | Self::Channel
                | Self::Data
        )
    }
}

/// What a connection to a gateway is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// RDG_OUT_DATA.
    Out,
    /// RDG_IN_DATA.
    In,
    /// A WebSocket.
    Websocket,
    /// RPC over HTTP.
    Rpc,
    /// Anything else.
    Other,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// It closes in good order.
    Close,
    /// It resets.
    Reset,
    /// It says nothing more and keeps the connection.
    Silence,
    /// It closes its own direction and keeps reading.
    HalfClose,
    /// Its answer is late.
    Delay,
    /// Its answer comes in small pieces.
    Drip,
    /// It sends something senseless instead of its answer.
    Garbage,
    /// It sends only the beginning of its answer.
    Truncate,
    /// It sends a TLS alert in clear instead of its answer.
    Alert,
    /// It answers with this HTTP status.
    Status,
    /// It answers with this number; while data flows, it closes the channel with it.
    Code,
    /// It sends a message of the administrator.
    Message,
}

impl Script {
    /// What makes no sense in it.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.tls.lowest > self.tls.highest {
            return Err("the lowest TLS version is above the highest".to_owned());
        }
        if ![0, 3].contains(&self.ntlm.version.len()) {
            return Err("`version` has three numbers: major, minor, build".to_owned());
        }
        for fault in &self.fault {
            fault.when.check()?;
            let Fault { at, does, .. } = *fault;
            let has = [
                ("alert", fault.alert.is_some(), does == Act::Alert),
                ("status", fault.status.is_some(), does == Act::Status),
                ("code", fault.code.is_some(), does == Act::Code),
                ("text", fault.text.is_some(), does == Act::Message),
            ];
            if let Some((key, ..)) = has.iter().find(|(_, given, needed)| given != needed) {
                return Err(format!("`{key}` and what it belongs to go together"));
            }
            let sense = match does {
                Act::Delay | Act::Drip | Act::Truncate => at.answers(),
                Act::Alert => matches!(at, Moment::Accept | Moment::ClientHello),
                Act::Status => matches!(at, Moment::Request | Moment::Logon),
                Act::Code => at.has_code(),
                Act::Message => at == Moment::Data,
                _ => true,
            };
            if !sense {
                return Err(format!("{does:?} has no place at {at:?}"));
            }
            if does == Act::Truncate && fault.bytes.is_none() {
                return Err("`truncate` needs `bytes`".to_owned());
            }
            if fault.payload.is_some() && does != Act::Garbage {
                return Err("`payload` goes with `does = \"garbage\"`".to_owned());
            }
            if does != Act::Status
                && (fault.reason.is_some() || fault.page.is_some() || !fault.headers.is_empty())
            {
                return Err("`reason`, `headers` and `page` go with `does = \"status\"`".to_owned());
            }
            if fault.on.is_some() && at < Moment::Request {
                return Err("before the request nobody knows what a connection is for".to_owned());
            }
            if fault.when.needs_hello() && at < Moment::ClientHello {
                return Err("the ClientHello is not known yet at that moment".to_owned());
            }
        }
        Ok(())
    }
}
