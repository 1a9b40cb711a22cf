//! What a gateway is like, as TOML.

use serde::Deserialize;

use crate::certificate::Recipe;
use crate::front::{Act, Fault, Moment, Scheme, check};
use crate::scenario::{Ntlm, TlsSettings};

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
    /// It lets nobody in whose logon is not tied to the TLS session (channel bindings, as IIS asks for them with
    /// "extended protection: required").
    pub binds: bool,
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
            binds: false,
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

/// What a gateway makes of RPC over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rpc {
    /// IIS knows no `/rpc/rpcproxy.dll`: 404.
    Absent,
    /// The RPC proxy lets the user in and reaches no RPC server behind it: `503 RPC Error: 6ba`.
    NoServer,
    /// It serves it: the way of clients before Windows 8.1.
    Serves,
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
        let code = |fault: &&Fault| fault.does == Act::Code && fault.at < Moment::Handshake;
        if let Some(Fault { at, .. }) = self.fault.iter().find(code) {
            return Err(format!("Code has no place at {at:?}"));
        }
        check(&self.fault, |at| !matches!(at, Moment::Greeting))
    }
}
