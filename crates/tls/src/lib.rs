//! TLS sessions without sockets, over OpenSSL or rustls.
//!
//! Bytes go in with `received`, come out with `take_outgoing`; `step` carries the session on as far as the
//! bytes allow and says where it stands. No certificate is refused here: what a certificate is worth is
//! judged elsewhere, in [`trust`] and by whoever reads its fields.
//!
//! With the feature `openssl` (the default) a client reaches TLS 1.0 to 1.3 with CBC, RSA key exchange,
//! 3DES and RC4. With `rustls` alone it speaks TLS 1.2 and 1.3 with AEAD suites only, there is no
//! `Server`, and no trust store.

use model::codes::{CipherSuite, TlsAlert, TlsVersion};

#[cfg(feature = "openssl")]
mod over_openssl;
#[cfg(feature = "rustls")]
pub mod over_rustls;
pub mod pem;
mod record;
pub mod trust;

#[cfg(feature = "openssl")]
pub use over_openssl::{Client, Identity, KeyLog, Server, ServerContext, ServerSettings};
#[cfg(all(feature = "rustls", not(feature = "openssl")))]
pub use over_rustls::Client;

#[cfg(not(any(feature = "openssl", feature = "rustls")))]
compile_error!("tls needs one of its features: openssl or rustls");

/// What a client says in its ClientHello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientHello {
    /// The lowest version offered.
    pub lowest: TlsVersion,
    /// The highest version offered.
    pub highest: TlsVersion,
    /// The name in the `server_name` extension (RFC 6066 section 3), which never carries an address.
    pub server_name: Option<String>,
    /// The key exchange groups, which decide the size of the hello.
    pub groups: Groups,
}

impl Default for ClientHello {
    /// Everything the library can, in a hello that fits one packet.
    fn default() -> Self {
        Self {
            lowest: LOWEST,
            highest: TlsVersion::TLS1_3,
            server_name: None,
            groups: Groups::Classic,
        }
    }
}

/// The library that speaks TLS, with its version where it tells one.
pub fn library() -> &'static str {
    #[cfg(feature = "openssl")]
    return openssl::version::version();
    #[cfg(not(feature = "openssl"))]
    return "rustls (TLS 1.2 and 1.3 alone)";
}

/// The lowest version this build can speak.
pub const LOWEST: TlsVersion = if cfg!(feature = "openssl") {
    TlsVersion::TLS1_0
} else {
    TlsVersion::TLS1_2
};

/// Key exchange groups of a ClientHello.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Groups {
    /// Elliptic curves only: the hello stays below 600 bytes and fits one packet, as that of `mstsc` does.
    Classic,
    /// With a share of X25519MLKEM768: the hello exceeds 1,300 bytes, as that of a current browser does, and
    /// may need two packets.
    PostQuantum,
}

/// Where a session stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The handshake waits for bytes of the peer.
    Handshaking,
    /// The handshake is complete: told once.
    Up(Up),
    /// The session is open.
    Open,
    /// The peer closed the session in good order (close_notify).
    Closed,
    /// The session cannot go on.
    Failed(Failure),
}

/// A completed handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Up {
    /// The version.
    pub version: TlsVersion,
    /// The suite.
    pub suite: CipherSuite,
    /// The peer's certificates, encoded, its own first.
    pub certificates: Vec<Vec<u8>>,
}

/// Why a session cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The alert our side sent, where it can be read back.
    pub sent: Option<TlsAlert>,
    /// The alert the peer sent, in clear or encrypted.
    pub received: Option<TlsAlert>,
    /// The words of the TLS library.
    pub reason: String,
}

/// What can go wrong on our side.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The library does not speak a version that was asked for.
    #[error("this build cannot speak {0}")]
    Version(TlsVersion),
    /// The library refused a setting.
    #[error("cannot set up TLS: {0}")]
    Setup(String),
    /// A certificate or key cannot be used.
    #[error("cannot use the {what}: {reason}")]
    Identity {
        /// The certificate, chain or key.
        what: &'static str,
        /// The words of the library.
        reason: String,
    },
    /// The trust store of this machine was not found or cannot be read.
    #[error("cannot read a trust store: {0}")]
    NoTrustStore(String),
    /// What was named as authorities holds none.
    #[error("no authority to trust: {0}")]
    NoAuthority(String),
}
