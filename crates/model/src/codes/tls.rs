//! TLS versions, alerts and cipher suites (RFC 5246, RFC 8446, and the IANA registry).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::macros::codes;

codes! {
    /// `AlertDescription` (RFC 8446 section 6, and the IANA registry "TLS Alerts").
    TlsAlert(u8) {
        CLOSE_NOTIFY = 0, "the connection is closed in good order";
        UNEXPECTED_MESSAGE = 10, "a message came that does not belong there";
        BAD_RECORD_MAC = 20, "a record failed its integrity check";
        DECRYPTION_FAILED = 21, "a record could not be decrypted";
        RECORD_OVERFLOW = 22, "a record is too long";
        DECOMPRESSION_FAILURE = 30, "a record could not be decompressed";
        HANDSHAKE_FAILURE = 40, "no acceptable set of parameters in common";
        NO_CERTIFICATE = 41, "no certificate";
        BAD_CERTIFICATE = 42, "the certificate is corrupt or not acceptable";
        UNSUPPORTED_CERTIFICATE = 43, "a certificate of an unsupported kind";
        CERTIFICATE_REVOKED = 44, "the certificate is revoked";
        CERTIFICATE_EXPIRED = 45, "the certificate is expired";
        CERTIFICATE_UNKNOWN = 46, "the certificate is not acceptable";
        ILLEGAL_PARAMETER = 47, "a field is out of range or inconsistent";
        UNKNOWN_CA = 48, "the certificate's authority is unknown";
        ACCESS_DENIED = 49, "the certificate is valid but not allowed in";
        DECODE_ERROR = 50, "a message could not be decoded";
        DECRYPT_ERROR = 51, "a signature or finished message is wrong";
        EXPORT_RESTRICTION = 60, "an export restriction";
        PROTOCOL_VERSION = 70, "the protocol version is known but not supported";
        INSUFFICIENT_SECURITY = 71, "the server wants stronger ciphers";
        INTERNAL_ERROR = 80, "an internal error, unrelated to the peer";
        INAPPROPRIATE_FALLBACK = 86, "a downgraded retry is refused";
        USER_CANCELED = 90, "the user cancelled the handshake";
        NO_RENEGOTIATION = 100, "renegotiation is refused";
        MISSING_EXTENSION = 109, "a required extension is missing";
        UNSUPPORTED_EXTENSION = 110, "an extension that was not offered";
        CERTIFICATE_UNOBTAINABLE = 111, "a certificate could not be fetched";
        UNRECOGNIZED_NAME = 112, "no server of that name";
        BAD_CERTIFICATE_STATUS_RESPONSE = 113, "an invalid certificate status";
        BAD_CERTIFICATE_HASH_VALUE = 114, "a certificate hash does not match";
        UNKNOWN_PSK_IDENTITY = 115, "the pre-shared key is unknown";
        CERTIFICATE_REQUIRED = 116, "a client certificate is required";
        NO_APPLICATION_PROTOCOL = 120, "no application protocol in common";
    }
}

/// `ProtocolVersion`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TlsVersion(pub u16);

impl TlsVersion {
    /// SSL 3.0.
    pub const SSL3: Self = Self(0x0300);
    /// TLS 1.0.
    pub const TLS1_0: Self = Self(0x0301);
    /// TLS 1.1.
    pub const TLS1_1: Self = Self(0x0302);
    /// TLS 1.2.
    pub const TLS1_2: Self = Self(0x0303);
    /// TLS 1.3.
    pub const TLS1_3: Self = Self(0x0304);
}

impl fmt::Display for TlsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::SSL3 => f.write_str("SSL 3.0"),
            Self::TLS1_0 => f.write_str("TLS 1.0"),
            Self::TLS1_1 => f.write_str("TLS 1.1"),
            Self::TLS1_2 => f.write_str("TLS 1.2"),
            Self::TLS1_3 => f.write_str("TLS 1.3"),
            Self(other) => write!(f, "TLS 0x{other:04X}"),
        }
    }
}

/// `CipherSuite`, by its number in the IANA registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CipherSuite(pub u16);

impl fmt::Display for CipherSuite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:04X}", self.0)
    }
}
