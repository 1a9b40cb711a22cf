//! Sessions over OpenSSL, built from source with its legacy provider.

use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, OnceLock};

use model::codes::{CipherSuite, TlsAlert, TlsVersion};
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use openssl::provider::Provider;
use openssl::ssl::{
    ErrorCode, Ssl, SslContext, SslContextBuilder, SslMethod, SslMode, SslOptions,
    SslSessionCacheMode, SslStream, SslVerifyMode, SslVersion,
};
use openssl::x509::X509;

use crate::record::plain_alert;
use crate::{ClientHello, Error, Failure, Groups, Progress, Up};

/// Suites of the main look: everything a real client could offer. Anonymous and unencrypted suites are
/// left out, because no client of RDP offers them and intrusion detection resets on them.
const CLIENT_SUITES: &str = "ALL:COMPLEMENTOFALL:!aNULL:!eNULL:@SECLEVEL=0";

const CLASSIC_GROUPS: &str = "X25519:P-256:P-384:P-521";
const POST_QUANTUM_GROUPS: &str = "X25519MLKEM768:X25519:P-256:P-384:P-521";

/// SSL_OP_LEGACY_SERVER_CONNECT: servers without RFC 5746, such as unpatched Windows Server 2008, are
/// reached. The crate has no name for the bit.
const LEGACY_SERVER_CONNECT: SslOptions = SslOptions::from_bits_retain(1 << 2);

/// SSL_OP_IGNORE_UNEXPECTED_EOF: an end without close_notify is seen on the socket, not as an error here.
const IGNORE_UNEXPECTED_EOF: SslOptions = SslOptions::from_bits_retain(1 << 7);

/// The client side of a session.
pub struct Client {
    session: Session,
    /// Where the library puts what it keeps of the session.
    kept: Arc<Mutex<Option<Vec<u8>>>>,
}

impl Client {
    /// Prepares a session; the first [`Self::step`] writes the ClientHello.
    pub fn new(hello: &ClientHello) -> Result<Self, Error> {
        let mut context = context(SslMethod::tls_client(), hello.lowest, hello.highest)?;
        context.set_cipher_list(CLIENT_SUITES).map_err(setup)?;
        context
            .set_groups_list(match hello.groups {
                Groups::Classic => CLASSIC_GROUPS,
                Groups::PostQuantum => POST_QUANTUM_GROUPS,
            })
            .map_err(setup)?;
        context.set_verify(SslVerifyMode::NONE);
        let kept = Arc::new(Mutex::new(None));
        let keeps = Arc::clone(&kept);
        context
            .set_session_cache_mode(SslSessionCacheMode::CLIENT | SslSessionCacheMode::NO_INTERNAL);
        context.set_new_session_callback(move |_, session| {
            if let (Ok(written), Ok(mut kept)) = (session.to_der(), keeps.lock()) {
                *kept = Some(written);
            }
        });
        let mut ssl = Ssl::new(&context.build()).map_err(setup)?;
        if let Some(name) = &hello.server_name {
            ssl.set_hostname(name).map_err(setup)?;
        }
        ssl.set_connect_state();
        Ok(Self {
            session: Session::new(ssl)?,
            kept,
        })
    }

    /// Hands in raw bytes from the server.
    pub fn received(&mut self, raw: &[u8]) {
        self.session.received(raw);
    }

    /// Carries the session on as far as the bytes allow.
    pub fn step(&mut self) -> Progress {
        self.session.step()
    }

    /// Takes the raw bytes that are to be sent to the server.
    pub fn take_outgoing(&mut self) -> Vec<u8> {
        self.session.take_outgoing()
    }

    /// Sends bytes inside an open session; what cannot be sent now is sent by a later [`Self::step`].
    pub fn write_plain(&mut self, plain: &[u8]) {
        self.session.write_plain(plain);
    }

    /// Takes the bytes that came inside the session.
    pub fn take_plain(&mut self) -> Vec<u8> {
        self.session.take_plain()
    }

    /// Takes what the library keeps of the session, as it writes it down: the server gave something to take it up by
    /// again. It holds a secret.
    pub fn take_session(&mut self) -> Option<Vec<u8>> {
        self.kept.lock().ok()?.take()
    }

    /// Writes close_notify.
    pub fn close(&mut self) {
        self.session.close();
    }
}

/// The server side of a session.
pub struct Server(Session);

/// How a server behaves.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Its certificate and key.
    pub identity: Identity,
    /// The lowest version accepted.
    pub lowest: TlsVersion,
    /// The highest version accepted.
    pub highest: TlsVersion,
    /// Suites up to TLS 1.2, as an OpenSSL cipher list.
    pub ciphers: String,
    /// Suites of TLS 1.3, as an OpenSSL list; `None` for those of the library.
    pub suites: Option<String>,
    /// Key exchange groups, as an OpenSSL list; `None` for those of the library.
    pub groups: Option<String>,
    /// It goes on only with a client that shows a certificate.
    pub demands_certificate: bool,
    /// Where the keys of its sessions go, so that a recording of them can be read.
    pub key_log: Option<KeyLog>,
}

/// Takes the keys of sessions, a line each, in the form of SSLKEYLOGFILE. Whoever has them reads the
/// sessions: for servers of the lab alone, which guard nothing.
#[derive(Clone)]
pub struct KeyLog(pub Arc<dyn Fn(&str) + Send + Sync>);

impl std::fmt::Debug for KeyLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyLog")
    }
}

impl ServerSettings {
    /// A server that accepts everything the library can.
    pub fn of(identity: Identity) -> Self {
        Self {
            identity,
            lowest: TlsVersion::TLS1_0,
            highest: TlsVersion::TLS1_3,
            ciphers: "ALL:@SECLEVEL=0".to_owned(),
            suites: None,
            groups: None,
            demands_certificate: false,
            key_log: None,
        }
    }
}

/// A certificate chain with the key of its first certificate.
#[derive(Clone)]
pub struct Identity {
    /// The certificates, encoded, the server's own first.
    pub chain: Vec<Vec<u8>>,
    /// The private key, encoded (PKCS #8 or the key's own format).
    pub key: Vec<u8>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("certificates", &self.chain.len())
            .finish_non_exhaustive()
    }
}

impl Identity {
    /// Reads PEM text: certificates in `chain`, a key without a passphrase in `key`.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, Error> {
        let chain = X509::stack_from_pem(chain)
            .map_err(identity("certificate chain"))?
            .iter()
            .map(|certificate| certificate.to_der().map_err(identity("certificate chain")))
            .collect::<Result<_, _>>()?;
        let key = PKey::private_key_from_pem(key)
            .and_then(|key| key.private_key_to_der())
            .map_err(identity("private key"))?;
        Ok(Self { chain, key })
    }
}

/// What the sessions of a server share: its settings, and the keys of its tickets.
pub struct ServerContext(SslContext);

impl ServerContext {
    /// Takes the settings.
    pub fn new(settings: &ServerSettings) -> Result<Self, Error> {
        let mut context = context(SslMethod::tls_server(), settings.lowest, settings.highest)?;
        context.set_cipher_list(&settings.ciphers).map_err(setup)?;
        if settings.demands_certificate {
            context.set_verify(SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT);
        }
        if let Some(suites) = &settings.suites {
            context.set_ciphersuites(suites).map_err(setup)?;
        }
        if let Some(groups) = &settings.groups {
            context.set_groups_list(groups).map_err(setup)?;
        }
        if let Some(KeyLog(log)) = settings.key_log.clone() {
            context.set_keylog_callback(move |_, line| log(line));
        }
        let mut chain = settings.identity.chain.iter();
        if let Some(own) = chain.next() {
            let own = X509::from_der(own).map_err(identity("certificate"))?;
            context
                .set_certificate(&own)
                .map_err(identity("certificate"))?;
        }
        for further in chain {
            let further = X509::from_der(further).map_err(identity("certificate chain"))?;
            context
                .add_extra_chain_cert(further)
                .map_err(identity("certificate chain"))?;
        }
        let key: PKey<Private> =
            PKey::private_key_from_der(&settings.identity.key).map_err(identity("private key"))?;
        context
            .set_private_key(&key)
            .map_err(identity("private key"))?;
        context
            .check_private_key()
            .map_err(identity("private key"))?;
        Ok(Self(context.build()))
    }
}

impl Server {
    /// Prepares a session that waits for a ClientHello and shares nothing with others.
    pub fn new(settings: &ServerSettings) -> Result<Self, Error> {
        Self::of(&ServerContext::new(settings)?)
    }

    /// The same for a session that shares what this server keeps.
    pub fn of(server: &ServerContext) -> Result<Self, Error> {
        let mut ssl = Ssl::new(&server.0).map_err(setup)?;
        ssl.set_accept_state();
        Ok(Self(Session::new(ssl)?))
    }

    /// Hands in raw bytes from the client.
    pub fn received(&mut self, raw: &[u8]) {
        self.0.received(raw);
    }

    /// Carries the session on as far as the bytes allow.
    pub fn step(&mut self) -> Progress {
        self.0.step()
    }

    /// Takes the raw bytes that are to be sent to the client.
    pub fn take_outgoing(&mut self) -> Vec<u8> {
        self.0.take_outgoing()
    }

    /// Sends bytes inside an open session; what cannot be sent now is sent by a later [`Self::step`].
    pub fn write_plain(&mut self, plain: &[u8]) {
        self.0.write_plain(plain);
    }

    /// Takes the bytes that came inside the session.
    pub fn take_plain(&mut self) -> Vec<u8> {
        self.0.take_plain()
    }

    /// Writes close_notify.
    pub fn close(&mut self) {
        self.0.close();
    }
}

/// A session of either side.
struct Session {
    stream: SslStream<Pipe>,
    state: State,
    /// Bytes to send inside the session that the library has not taken yet.
    unsent: Vec<u8>,
    plain: Vec<u8>,
}

enum State {
    Handshaking,
    Open,
    Over(Progress),
}

impl Session {
    fn new(ssl: Ssl) -> Result<Self, Error> {
        let stream = SslStream::new(ssl, Pipe::default()).map_err(setup)?;
        Ok(Self {
            stream,
            state: State::Handshaking,
            unsent: Vec::new(),
            plain: Vec::new(),
        })
    }

    fn received(&mut self, raw: &[u8]) {
        let pipe = self.stream.get_mut();
        pipe.incoming.drain(..pipe.taken);
        pipe.taken = 0;
        pipe.incoming.extend_from_slice(raw);
    }

    fn take_outgoing(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.stream.get_mut().outgoing)
    }

    fn take_plain(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.plain)
    }

    fn write_plain(&mut self, plain: &[u8]) {
        self.unsent.extend_from_slice(plain);
        self.flush();
    }

    fn close(&mut self) {
        if matches!(self.state, State::Open) {
            self.flush();
            // The answer of the peer is not waited for: the outcome says nothing that `step` does not.
            let _ = self.stream.shutdown();
        }
    }

    fn step(&mut self) -> Progress {
        match &self.state {
            State::Handshaking => self.handshake(),
            State::Open => self.read(),
            State::Over(progress) => progress.clone(),
        }
    }

    fn handshake(&mut self) -> Progress {
        let before = self.stream.get_ref().outgoing.len();
        match self.stream.do_handshake() {
            Ok(()) => {
                self.state = State::Open;
                self.flush();
                Progress::Up(self.up())
            }
            Err(error) if waits(&error) => Progress::Handshaking,
            Err(error) => self.fail(&error, before),
        }
    }

    fn read(&mut self) -> Progress {
        self.flush();
        let before = self.stream.get_ref().outgoing.len();
        let mut buffer = [0; 16 * 1024];
        loop {
            match self.stream.ssl_read(&mut buffer) {
                Ok(0) => return Progress::Open,
                Ok(length) => self.plain.extend(buffer.iter().take(length)),
                Err(error) if waits(&error) => return Progress::Open,
                Err(error) if error.code() == ErrorCode::ZERO_RETURN => {
                    self.state = State::Over(Progress::Closed);
                    return Progress::Closed;
                }
                Err(error) => return self.fail(&error, before),
            }
        }
    }

    /// Hands what is unsent to the library; the pipe always takes it, so only a renegotiation can hold it up.
    fn flush(&mut self) {
        while matches!(self.state, State::Open) && !self.unsent.is_empty() {
            match self.stream.ssl_write(&self.unsent) {
                Ok(length) => drop(self.unsent.drain(..length)),
                Err(_) => break,
            }
        }
    }

    fn up(&self) -> Up {
        let ssl = self.stream.ssl();
        let certificates = ssl
            .peer_cert_chain()
            .map(|chain| chain.iter().filter_map(|one| one.to_der().ok()).collect())
            .unwrap_or_default();
        Up {
            version: ssl.version2().map_or(TlsVersion(0), version),
            suite: ssl.current_cipher().map_or(CipherSuite(0), |cipher| {
                CipherSuite(u16::from_be_bytes(cipher.protocol_id()))
            }),
            certificates,
        }
    }

    fn fail(&mut self, error: &openssl::ssl::Error, before: usize) -> Progress {
        let sent = self
            .stream
            .get_ref()
            .outgoing
            .get(before..)
            .and_then(plain_alert);
        let failure = Failure {
            sent,
            received: error.ssl_error().and_then(received_alert),
            reason: error.ssl_error().map_or_else(|| error.to_string(), words),
        };
        let progress = Progress::Failed(failure);
        self.state = State::Over(progress.clone());
        progress
    }
}

/// The bytes between the library and whoever holds the socket.
#[derive(Default)]
struct Pipe {
    incoming: Vec<u8>,
    taken: usize,
    outgoing: Vec<u8>,
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut waiting = self.incoming.get(self.taken..).unwrap_or_default();
        if waiting.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let length = waiting.read(buffer)?;
        self.taken = self.taken.saturating_add(length);
        Ok(length)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.outgoing.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn context(
    method: SslMethod,
    lowest: TlsVersion,
    highest: TlsVersion,
) -> Result<SslContextBuilder, Error> {
    load_providers()?;
    let mut context = SslContext::builder(method).map_err(setup)?;
    context
        .set_min_proto_version(Some(openssl_version(lowest)?))
        .map_err(setup)?;
    context
        .set_max_proto_version(Some(openssl_version(highest)?))
        .map_err(setup)?;
    context.set_security_level(0);
    context.set_mode(SslMode::ACCEPT_MOVING_WRITE_BUFFER | SslMode::ENABLE_PARTIAL_WRITE);
    context.set_options(
        LEGACY_SERVER_CONNECT
            | IGNORE_UNEXPECTED_EOF
            | SslOptions::ALLOW_UNSAFE_LEGACY_RENEGOTIATION,
    );
    Ok(context)
}

/// Loads the default and the legacy provider, once and for good: RC4 lives in the second.
fn load_providers() -> Result<(), Error> {
    static PROVIDERS: OnceLock<Result<(Provider, Provider), String>> = OnceLock::new();
    PROVIDERS
        .get_or_init(|| {
            let load = |name| {
                Provider::try_load(None, name, true)
                    .map_err(|error| format!("provider {name}: {}", words(&error)))
            };
            Ok((load("default")?, load("legacy")?))
        })
        .as_ref()
        .map(|_| ())
        .map_err(|reason| Error::Setup(reason.clone()))
}

fn openssl_version(version: TlsVersion) -> Result<SslVersion, Error> {
    match version {
        TlsVersion::TLS1_0 => Ok(SslVersion::TLS1),
        TlsVersion::TLS1_1 => Ok(SslVersion::TLS1_1),
        TlsVersion::TLS1_2 => Ok(SslVersion::TLS1_2),
        TlsVersion::TLS1_3 => Ok(SslVersion::TLS1_3),
        other => Err(Error::Version(other)),
    }
}

fn version(version: SslVersion) -> TlsVersion {
    match version {
        SslVersion::TLS1 => TlsVersion::TLS1_0,
        SslVersion::TLS1_1 => TlsVersion::TLS1_1,
        SslVersion::TLS1_2 => TlsVersion::TLS1_2,
        SslVersion::TLS1_3 => TlsVersion::TLS1_3,
        _ => TlsVersion(0),
    }
}

fn waits(error: &openssl::ssl::Error) -> bool {
    matches!(error.code(), ErrorCode::WANT_READ | ErrorCode::WANT_WRITE)
}

/// The alert behind an error of the library: reason 1000 + `AlertDescription` of library 20 says that the
/// peer sent it (SSL_AD_REASON_OFFSET in ssl.h).
fn received_alert(errors: &ErrorStack) -> Option<TlsAlert> {
    const LIBRARY_SSL: i32 = 20;
    errors.errors().iter().find_map(|error| {
        let alert = error.reason_code().checked_sub(1000)?;
        (error.library_code() == LIBRARY_SSL)
            .then(|| u8::try_from(alert).ok().map(TlsAlert))
            .flatten()
    })
}

/// The reasons of an error, without the file names of the library.
pub(crate) fn words(errors: &ErrorStack) -> String {
    let reasons: Vec<&str> = errors
        .errors()
        .iter()
        .filter_map(openssl::error::Error::reason)
        .collect();
    if reasons.is_empty() {
        errors.to_string()
    } else {
        reasons.join(", ")
    }
}

fn setup(errors: ErrorStack) -> Error {
    Error::Setup(words(&errors))
}

fn identity(what: &'static str) -> impl Fn(ErrorStack) -> Error {
    move |errors| Error::Identity {
        what,
        reason: words(&errors),
    }
}
