//! Sessions over rustls: the fallback that needs no C library of OpenSSL's size. TLS 1.2 and 1.3 with AEAD
//! suites only.

use std::io::Read;
use std::sync::Arc;

use model::codes::{CipherSuite, TlsAlert, TlsVersion};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme,
    SupportedProtocolVersion, version,
};

use crate::record::plain_alert;
use crate::{ClientHello, Error, Failure, Groups, Progress, Up};

/// The client side of a session.
pub struct Client {
    connection: ClientConnection,
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
    plain: Vec<u8>,
    told: bool,
    over: Option<Progress>,
}

impl Client {
    /// Prepares a session; the first [`Self::step`] writes the ClientHello.
    pub fn new(hello: &ClientHello) -> Result<Self, Error> {
        let versions: Vec<&'static SupportedProtocolVersion> = [
            (TlsVersion::TLS1_2, &version::TLS12),
            (TlsVersion::TLS1_3, &version::TLS13),
        ]
        .into_iter()
        .filter(|(number, _)| hello.lowest <= *number && *number <= hello.highest)
        .map(|(_, version)| version)
        .collect();
        if versions.is_empty() {
            return Err(Error::Version(hello.highest));
        }
        let mut provider = aws_lc_rs::default_provider();
        provider.kx_groups = match hello.groups {
            Groups::Classic => vec![
                aws_lc_rs::kx_group::X25519,
                aws_lc_rs::kx_group::SECP256R1,
                aws_lc_rs::kx_group::SECP384R1,
            ],
            Groups::PostQuantum => aws_lc_rs::ALL_KX_GROUPS.to_vec(),
        };
        let provider = Arc::new(provider);
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&versions)
            .map_err(setup)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
            .with_no_client_auth();
        config.enable_sni = hello.server_name.is_some();
        let name = hello
            .server_name
            .as_deref()
            .unwrap_or("unnamed.invalid")
            .to_owned();
        // A name that cannot be a DNS name (an underscore at the wrong place, too long) goes without SNI.
        let name = ServerName::try_from(name).or_else(|_| {
            config.enable_sni = false;
            ServerName::try_from("unnamed.invalid".to_owned())
        });
        let name = name.map_err(|error| Error::Setup(error.to_string()))?;
        let connection = ClientConnection::new(Arc::new(config), name).map_err(setup)?;
        Ok(Self {
            connection,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            plain: Vec::new(),
            told: false,
            over: None,
        })
    }

    /// Hands in raw bytes from the server.
    pub fn received(&mut self, raw: &[u8]) {
        self.incoming.extend_from_slice(raw);
    }

    /// Carries the session on as far as the bytes allow.
    pub fn step(&mut self) -> Progress {
        if let Some(over) = &self.over {
            return over.clone();
        }
        self.pump();
        let incoming = std::mem::take(&mut self.incoming);
        let mut rest = incoming.as_slice();
        let mut closed = false;
        while !rest.is_empty() {
            match self.connection.read_tls(&mut rest) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => return self.fail(&rustls::Error::General(error.to_string()), 0),
            }
            let before = self.outgoing.len();
            match self.connection.process_new_packets() {
                Ok(state) => {
                    let mut plain = vec![0; state.plaintext_bytes_to_read()];
                    if self.connection.reader().read_exact(&mut plain).is_ok() {
                        self.plain.append(&mut plain);
                    }
                    closed |= state.peer_has_closed();
                }
                Err(error) => {
                    self.pump();
                    return self.fail(&error, before);
                }
            }
        }
        self.pump();
        if self.connection.is_handshaking() {
            return Progress::Handshaking;
        }
        if !self.told {
            self.told = true;
            if closed {
                self.over = Some(Progress::Closed);
            }
            return Progress::Up(self.up());
        }
        if closed {
            self.over = Some(Progress::Closed);
            return Progress::Closed;
        }
        Progress::Open
    }

    /// Takes the raw bytes that are to be sent to the server.
    pub fn take_outgoing(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.outgoing)
    }

    /// Sends bytes inside an open session; what cannot be sent now is sent by a later [`Self::step`].
    pub fn write_plain(&mut self, plain: &[u8]) {
        // Writing into the library's buffer fails only when the buffer has a limit, which ours has not.
        let _ = std::io::Write::write_all(&mut self.connection.writer(), plain);
        self.pump();
    }

    /// Takes the bytes that came inside the session.
    pub fn take_plain(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.plain)
    }

    /// What is kept of the session, which this library does not write down.
    pub const fn take_session(&mut self) -> Option<Vec<u8>> {
        None
    }

    /// Writes close_notify.
    pub fn close(&mut self) {
        self.connection.send_close_notify();
        self.pump();
    }

    fn pump(&mut self) {
        while self.connection.wants_write() {
            if self.connection.write_tls(&mut self.outgoing).is_err() {
                break;
            }
        }
    }

    fn up(&self) -> Up {
        Up {
            version: self
                .connection
                .protocol_version()
                .map_or(TlsVersion(0), |version| TlsVersion(u16::from(version))),
            suite: self
                .connection
                .negotiated_cipher_suite()
                .map_or(CipherSuite(0), |suite| {
                    CipherSuite(u16::from(suite.suite()))
                }),
            certificates: self
                .connection
                .peer_certificates()
                .map(|chain| chain.iter().map(|one| one.as_ref().to_vec()).collect())
                .unwrap_or_default(),
        }
    }

    fn fail(&mut self, error: &rustls::Error, before: usize) -> Progress {
        let received = match error {
            rustls::Error::AlertReceived(alert) => Some(TlsAlert(u8::from(*alert))),
            _ => None,
        };
        let failure = Failure {
            sent: self.outgoing.get(before..).and_then(plain_alert),
            received,
            reason: error.to_string(),
        };
        let progress = Progress::Failed(failure);
        self.over = Some(progress.clone());
        progress
    }
}

/// Accepts every certificate and every signature.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    // Signatures are not checked either: the check refuses certificates of X.509 version 1 and keys of odd
    // kinds before it looks at the signature, and a look wants to see them all.
    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

fn setup(error: rustls::Error) -> Error {
    Error::Setup(error.to_string())
}
