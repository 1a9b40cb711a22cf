//! The part of a connection that needs a whole client: the logon of NLA, and the set-up up to the desktop.
//! Bytes go in with [`Session::received`] and come out with [`Session::take_outgoing`].
//!
//! `ironrdp-connector` is driven one message at a time, behind a machine that has read every message before:
//! its errors keep no reason, so what happened is told by whoever passes the bytes on, and an error here only
//! says that this client cannot go on. One logon is tried, never a second.

mod credentials;
pub mod kerberos;
mod ntlm;

use std::net::SocketAddr;

use ironrdp_connector::credssp::CredsspSequence;
use ironrdp_connector::{
    BitmapConfig, ClientConnector, ClientConnectorState, Config, ConnectorError, DesktopSize,
    MonotonicInstant, Sequence as _, ServerName,
};
use ironrdp_core::{WriteBuf, impl_as_any};
use ironrdp_pdu::nego::SecurityProtocol;
use ironrdp_pdu::rdp::capability_sets::{
    BitmapCodecs, MajorPlatformType, RailSupportLevel, client_codecs_capabilities,
};
use ironrdp_pdu::rdp::client_info::{PerformanceFlags, TimezoneInfo};
use ironrdp_pdu::{PduHint, PduResult, gcc};
use ironrdp_svc::{SvcClientProcessor, SvcMessage, SvcProcessor};

pub use credentials::{Credentials, NotAName, Secret, Ticket};
pub use ntlm::{NtlmLogon, SIGNATURE};

/// The most bytes of an unfinished message; a server sends at most 64 KiB in one.
const MOST_UNREAD: usize = 1 << 20;
/// The build of the client that is told to the server: none in particular.
const CLIENT_BUILD: u32 = 1;
/// The name of this client in the server's logs.
pub const CLIENT_NAME: &str = "rdpdoctor";

/// How far a session goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// Up to the server's word on the logon.
    Logon,
    /// Up to the desktop.
    Desktop,
}

/// What a session begins with.
#[derive(Debug)]
pub struct Setup<'a> {
    /// The server's Connection Confirm, as it came.
    pub confirm: &'a [u8],
    /// The protocols that were offered.
    pub offered: u32,
    /// The protocols that were chosen.
    pub chosen: u32,
    /// The public key of the server's certificate: the contents of its bit string.
    pub public_key: Option<Vec<u8>>,
    /// The host as it was asked for.
    pub host: &'a str,
    /// The address this side goes by.
    pub client: SocketAddr,
    /// Who logs on.
    pub credentials: Option<&'a Credentials>,
    /// How far to go.
    pub until: Until,
    /// The logon of NLA is over: it was made with Kerberos, before.
    pub logged_on: bool,
}

/// Why this client cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// NLA without a user.
    #[error("network level authentication needs a user")]
    NoCredentials,
    /// NLA without the server's key.
    #[error("the certificate of the server holds no key that can be read")]
    NoKey,
    /// The library could not go on.
    #[error("the client library stopped at {at}: {why}")]
    Library {
        /// What it was about.
        at: &'static str,
        /// Its own words, without the values of messages.
        why: String,
    },
    /// A message that never ends.
    #[error("the server sends a message without an end")]
    Endless,
}

/// A session that is set up.
pub struct Session {
    connector: ClientConnector,
    credssp: Option<Box<CredsspSequence>>,
    until: Until,
    stage: Stage,
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Credssp,
    Steps,
    /// Nothing more is said by this client.
    Over,
}

impl Session {
    /// Begins after TLS, or after the Connection Confirm where there is none.
    pub fn begin(setup: &Setup<'_>) -> Result<Self, Error> {
        let chosen = SecurityProtocol::from_bits_retain(setup.chosen);
        let nla = SecurityProtocol::HYBRID | SecurityProtocol::HYBRID_EX;
        let logs_on = chosen.intersects(nla) && !setup.logged_on;
        let mut connector =
            ClientConnector::new(config(setup), setup.client).with_static_channel(Clipboard);
        let mut ignored = WriteBuf::new();
        // The request was sent, and its answer read, before.
        connector
            .step_no_input(&mut ignored)
            .map_err(|error| library("its request", &error))?;
        connector
            .step(setup.confirm, None, &mut ignored)
            .map_err(|error| library("the server's choice", &error))?;
        connector
            .step_no_input(&mut ignored)
            .map_err(|error| library("TLS", &error))?;
        let mut session = Self {
            connector,
            credssp: None,
            until: setup.until,
            stage: Stage::Steps,
            incoming: Vec::new(),
            outgoing: Vec::new(),
        };
        if logs_on {
            let credentials = setup.credentials.ok_or(Error::NoCredentials)?;
            let key = setup.public_key.clone().ok_or(Error::NoKey)?;
            let (sequence, request) = CredsspSequence::init(
                credentials.of_connector(),
                credentials.domain(),
                chosen,
                ServerName::new(setup.host),
                key,
                None,
            )
            .map_err(|error| library("the logon", &error))?;
            session.credssp = Some(Box::new(sequence));
            session.stage = Stage::Credssp;
            session.log_on(request)?;
        }
        session.advance(0)?;
        Ok(session)
    }

    /// Takes in bytes of the server that arrived at this moment, in milliseconds.
    pub fn received(&mut self, bytes: &[u8], at: u64) -> Result<(), Error> {
        if self.stage == Stage::Over {
            return Ok(());
        }
        self.incoming.extend_from_slice(bytes);
        let went = self.advance(at);
        if went.is_err() {
            self.stage = Stage::Over;
        }
        went
    }

    /// What is to be sent.
    pub fn take_outgoing(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.outgoing)
    }

    /// The set-up is complete: the server only has to paint.
    pub fn is_set_up(&self) -> bool {
        matches!(
            self.connector.state,
            ClientConnectorState::Connected { .. } | ClientConnectorState::Redirected { .. }
        )
    }

    fn advance(&mut self, at: u64) -> Result<(), Error> {
        loop {
            match self.stage {
                Stage::Credssp => {
                    let hint = self.credssp.as_ref().and_then(|it| it.next_pdu_hint());
                    let Some(hint) = hint else {
                        self.stage = Stage::Steps;
                        self.credssp = None;
                        if self.until == Until::Logon {
                            self.stage = Stage::Over;
                        }
                        self.step(&[], at)?;
                        continue;
                    };
                    let Some(message) = take(&mut self.incoming, hint)? else {
                        return Ok(());
                    };
                    let Some(credssp) = self.credssp.as_mut() else {
                        return Ok(());
                    };
                    let request = credssp
                        .decode_server_message(&message)
                        .map_err(|error| library("the logon", &error))?;
                    if let Some(request) = request {
                        self.log_on(request)?;
                    }
                }
                Stage::Steps if self.is_set_up() => {
                    self.stage = Stage::Over;
                }
                Stage::Steps if self.connector.should_perform_multitransport() => {
                    let mut out = WriteBuf::new();
                    self.connector
                        .skip_multitransport(&mut out)
                        .map_err(|error| library("the side transport", &error))?;
                    self.outgoing.extend_from_slice(out.filled());
                }
                Stage::Steps => {
                    let message = match self.connector.next_pdu_hint() {
                        None => Vec::new(),
                        Some(hint) => match take(&mut self.incoming, hint)? {
                            Some(message) => message,
                            None => return Ok(()),
                        },
                    };
                    self.step(&message, at)?;
                }
                Stage::Over => {
                    self.incoming.clear();
                    return Ok(());
                }
            }
        }
    }

    /// One message of the set-up. What the library wrote is sent before its error is heard.
    fn step(&mut self, message: &[u8], at: u64) -> Result<(), Error> {
        let state = self.connector.state().name();
        let mut out = WriteBuf::new();
        let arrived = (!message.is_empty()).then(|| MonotonicInstant::from_millis(at));
        let stepped = self.connector.step(message, arrived, &mut out);
        self.outgoing.extend_from_slice(out.filled());
        stepped.map(|_| ()).map_err(|error| library(state, &error))
    }

    /// One message of the logon.
    fn log_on(
        &mut self,
        request: ironrdp_connector::sspi::credssp::TsRequest,
    ) -> Result<(), Error> {
        let Some(credssp) = self.credssp.as_mut() else {
            return Ok(());
        };
        let answer = credssp
            .process_ts_request(request)
            .resolve_to_result()
            .map_err(|error| Error::Library {
                at: "the logon",
                why: format!("{:?}", error.error_type),
            })?;
        // The password itself goes to the server only where that leads further: to a desktop, or to the
        // server's word on whether the user may connect, which it gives behind it.
        use ironrdp_connector::sspi::credssp::ClientState;
        let last = matches!(answer, ClientState::FinalMessage(_));
        let mut out = WriteBuf::new();
        credssp
            .handle_process_result(answer, &mut out)
            .map_err(|error| library("the logon", &error))?;
        let is_wanted = self.until == Until::Desktop || credssp.next_pdu_hint().is_some();
        if !last || is_wanted {
            self.outgoing.extend_from_slice(out.filled());
        }
        Ok(())
    }
}

/// Takes the next message of a kind; others before it are dropped, as clients do with pictures that come early.
fn take(incoming: &mut Vec<u8>, hint: &dyn PduHint) -> Result<Option<Vec<u8>>, Error> {
    loop {
        let size = hint.find_size(incoming).map_err(|error| Error::Library {
            at: "a message",
            why: error.to_string(),
        })?;
        match size {
            Some((fits, size)) if size > 0 && size <= incoming.len() => {
                let rest = incoming.split_off(size);
                let message = std::mem::replace(incoming, rest);
                if fits {
                    return Ok(Some(message));
                }
            }
            _ if incoming.len() > MOST_UNREAD => return Err(Error::Endless),
            _ => return Ok(None),
        }
    }
}

fn library(at: &'static str, error: &ConnectorError) -> Error {
    Error::Library {
        at,
        why: error.to_string(),
    }
}

/// The channel of the clipboard, which every client opens and servers such as weston insist on. It stays empty: nothing is
/// taken from a clipboard and nothing is put there.
#[derive(Debug)]
struct Clipboard;

impl_as_any!(Clipboard);

impl SvcProcessor for Clipboard {
    fn channel_name(&self) -> gcc::ChannelName {
        gcc::ChannelName::from_static(b"cliprdr\0")
    }

    fn process(&mut self, _payload: &[u8]) -> PduResult<Vec<SvcMessage>> {
        Ok(Vec::new())
    }
}

impl SvcClientProcessor for Clipboard {}

/// RemoteFX, as every current client has it: servers such as weston turn a client away that takes no surface commands,
/// which go with a codec. No picture is ever unpacked.
fn codecs() -> BitmapCodecs {
    client_codecs_capabilities(&["remotefx"]).unwrap_or_default()
}

/// A client without sound and drives, at the smallest usual size.
fn config(setup: &Setup<'_>) -> Config {
    // The library takes RDP's own security only where nothing else was offered.
    let offered = if setup.chosen == 0 { 0 } else { setup.offered };
    let offered = SecurityProtocol::from_bits_retain(offered);
    let nla = SecurityProtocol::HYBRID | SecurityProtocol::HYBRID_EX;
    let (credentials, domain) = match setup.credentials {
        Some(credentials) => (
            credentials.of_connector(),
            credentials.domain().map(str::to_owned),
        ),
        None => (Credentials::nobody(), None),
    };
    Config {
        desktop_size: DesktopSize {
            width: 1024,
            height: 768,
        },
        monitor_layout: None,
        desktop_scale_factor: 0,
        desktop_physical_size: None,
        desktop_orientation: None,
        device_scale_factor: None,
        monitor_extended_layout: None,
        relative_mouse_input: false,
        enable_tls: offered.contains(SecurityProtocol::SSL),
        enable_credssp: offered.intersects(nla),
        enable_standard_rdp_security: setup.chosen == 0,
        credentials,
        domain,
        client_build: CLIENT_BUILD,
        client_name: CLIENT_NAME.to_owned(),
        keyboard_type: gcc::KeyboardType::IBM_ENHANCED,
        keyboard_subtype: 0,
        keyboard_functional_keys_count: 12,
        keyboard_layout: 0x409,
        connection_type: gcc::ConnectionType::Lan,
        ime_file_name: String::new(),
        bitmap: Some(BitmapConfig {
            lossy_compression: false,
            color_depth: 32,
            codecs: codecs(),
        }),
        dig_product_id: String::new(),
        client_dir: String::new(),
        alternate_shell: String::new(),
        work_dir: String::new(),
        remote_application_mode: false,
        rail_support_level: RailSupportLevel::empty(),
        platform: MajorPlatformType::UNIX,
        hardware_id: None,
        request_data: None,
        autologon: setup.credentials.is_some(),
        enable_audio_playback: false,
        enable_audio_capture: false,
        performance_flags: PerformanceFlags::default(),
        license_cache: None,
        timezone_info: TimezoneInfo::default(),
        compression_type: None,
        enable_server_pointer: false,
        pointer_software_rendering: false,
        multitransport_flags: None,
        support_dyn_vc_gfx_protocol: false,
    }
}
