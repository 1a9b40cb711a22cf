//! What a gateway or a proxy does wrong, moment by moment, as TOML.

use serde::Deserialize;

use crate::scenario::{Payload, Then, When};

/// Something that goes wrong.
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

/// Moments in the life of a connection to a gateway or a proxy, in order. A proxy knows them up to `request`, and
/// `data`.
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
    /// The methods a client of SOCKS offers were read; the choice is due.
    Greeting,
    /// A request was read; the answer is due, whoever asks. With SOCKS: the user was let in, and says where to.
    Request,
    /// A request came from somebody who is let in; the answer is due. With SOCKS: name and password were read. Over
    /// RPC, the IN channel is owed none, and that of the OUT channel is due when CONN/A1 was read.
    Logon,
    /// HTTP_HANDSHAKE_REQUEST was read; the answer is due. Over RPC: bind was read.
    Handshake,
    /// An NTLM message inside the tunnel was read; the answer is due. Over RPC: rpc_auth_3 was read, which is owed none.
    ExtendedAuth,
    /// HTTP_TUNNEL_PACKET or TsProxyCreateTunnel was read; the answer is due: policies for connections (CAP) speak here.
    Tunnel,
    /// HTTP_TUNNEL_AUTH_PACKET or TsProxyAuthorizeTunnel was read; the answer is due.
    TunnelAuth,
    /// HTTP_CHANNEL_PACKET or TsProxyCreateChannel was read; the answer is due: policies for resources (RAP) speak here.
    Channel,
    /// The channel is open, and data flows: over RPC, TsProxySetupReceivePipe was read.
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
            Self::Greeting
                | Self::Request
                | Self::Logon
                | Self::Handshake
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
    /// RPC over HTTP. In a fault: either of its channels.
    Rpc,
    /// RPC_OUT_DATA.
    RpcOut,
    /// RPC_IN_DATA.
    RpcIn,
    /// Anything else.
    Other,
}

impl Way {
    /// What is on `self` meets a connection that is used for `way`.
    pub(crate) fn covers(self, way: Self) -> bool {
        self == way || (self == Self::Rpc && matches!(way, Self::RpcOut | Self::RpcIn))
    }
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

/// What makes no sense in these faults, where only `known` moments come.
pub(crate) fn check(faults: &[Fault], known: impl Fn(Moment) -> bool) -> Result<(), String> {
    for fault in faults {
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
        let sense = known(at)
            && match does {
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
