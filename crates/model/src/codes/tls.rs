//! TLS versions, alerts and cipher suites (RFC 5246, RFC 8446, and the IANA registry).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::macros::codes;
use super::space;
use super::suites;

codes! {
    /// `AlertDescription` (RFC 8446 section 6, and the IANA registry "TLS Alerts").
    TlsAlert(u8) {
        in space::TLS_ALERT {
            CLOSE_NOTIFY = 0, "the connection is closed in good order", SECURE TlsClosed, named "close_notify", from "IANA: TLS Alerts" "RFC 8446 6";
            UNEXPECTED_MESSAGE = 10, "a message came that does not belong there", SECURE NotTls, named "unexpected_message";
            BAD_RECORD_MAC = 20, "a record failed its integrity check", SECURE TlsCorruption, named "bad_record_mac";
            DECRYPTION_FAILED = 21, "a record could not be decrypted", SECURE TlsCorruption, named "decryption_failed";
            RECORD_OVERFLOW = 22, "a record is too long", SECURE TlsCorruption, named "record_overflow";
            DECOMPRESSION_FAILURE = 30, "a record could not be decompressed", SECURE TlsCorruption, named "decompression_failure";
            HANDSHAKE_FAILURE = 40, "no acceptable set of parameters in common", SECURE TlsCipher, named "handshake_failure";
            NO_CERTIFICATE = 41, "no certificate", SECURE CertificateBad, named "no_certificate", from "IANA: TLS Alerts" "RFC 8446 6";
            BAD_CERTIFICATE = 42, "the certificate is corrupt or not acceptable", SECURE CertificateBad, named "bad_certificate";
            UNSUPPORTED_CERTIFICATE = 43, "a certificate of an unsupported kind", SECURE CertificateBad, named "unsupported_certificate";
            CERTIFICATE_REVOKED = 44, "the certificate is revoked", SECURE CertificateRevoked, named "certificate_revoked";
            CERTIFICATE_EXPIRED = 45, "the certificate is expired", SECURE CertificateExpired, named "certificate_expired";
            CERTIFICATE_UNKNOWN = 46, "the certificate is not acceptable", SECURE CertificateBad, named "certificate_unknown";
            ILLEGAL_PARAMETER = 47, "a field is out of range or inconsistent", SECURE TlsCorruption, named "illegal_parameter";
            UNKNOWN_CA = 48, "the certificate's authority is unknown", SECURE CertificateUntrusted, named "unknown_ca";
            ACCESS_DENIED = 49, "the certificate is valid but not allowed in", SECURE LogonRight, named "access_denied";
            DECODE_ERROR = 50, "a message could not be decoded", SECURE TlsCorruption, named "decode_error";
            DECRYPT_ERROR = 51, "a signature or finished message is wrong", SECURE TlsCorruption, named "decrypt_error";
            EXPORT_RESTRICTION = 60, "an export restriction", SECURE TlsCipher, named "export_restriction";
            PROTOCOL_VERSION = 70, "the protocol version is known but not supported", SECURE TlsVersion, named "protocol_version";
            INSUFFICIENT_SECURITY = 71, "the server wants stronger ciphers", SECURE TlsCipher, named "insufficient_security";
            INTERNAL_ERROR = 80, "an internal error, unrelated to the peer", SECURE TlsInternal, named "internal_error";
            INAPPROPRIATE_FALLBACK = 86, "a downgraded retry is refused", SECURE TlsVersion, named "inappropriate_fallback", from "IANA: TLS Alerts" "RFC 8446 6";
            USER_CANCELED = 90, "the user cancelled the handshake", SECURE ClientRefused, named "user_canceled";
            NO_RENEGOTIATION = 100, "renegotiation is refused", SECURE TlsHandshake, named "no_renegotiation";
            MISSING_EXTENSION = 109, "a required extension is missing", SECURE TlsHandshake, named "missing_extension", from "IANA: TLS Alerts" "RFC 8446 6";
            UNSUPPORTED_EXTENSION = 110, "an extension that was not offered", SECURE TlsHandshake, named "unsupported_extension";
            CERTIFICATE_UNOBTAINABLE = 111, "a certificate could not be fetched", SECURE CertificateBad, named "certificate_unobtainable", from "IANA: TLS Alerts" "RFC 6066 9";
            UNRECOGNIZED_NAME = 112, "no server of that name", SECURE WrongService, named "unrecognized_name", from "IANA: TLS Alerts" "RFC 8446 6";
            BAD_CERTIFICATE_STATUS_RESPONSE = 113, "an invalid certificate status", SECURE TlsHandshake, named "bad_certificate_status_response", from "IANA: TLS Alerts" "RFC 8446 6";
            BAD_CERTIFICATE_HASH_VALUE = 114, "a certificate hash does not match", SECURE CertificateBad, named "bad_certificate_hash_value", from "IANA: TLS Alerts" "RFC 6066 9";
            UNKNOWN_PSK_IDENTITY = 115, "the pre-shared key is unknown", SECURE TlsHandshake, named "unknown_psk_identity";
            CERTIFICATE_REQUIRED = 116, "a client certificate is required", SECURE ClientCertificateRequired, named "certificate_required", from "IANA: TLS Alerts" "RFC 8446 6";
            NO_APPLICATION_PROTOCOL = 120, "no application protocol in common", SECURE WrongService, named "no_application_protocol";
        }
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
            // RFC 4347 and RFC 6347 count downwards.
            Self(0xFEFF) => f.write_str("DTLS 1.0"),
            Self(0xFEFD) => f.write_str("DTLS 1.2"),
            Self::TLS1_3 => f.write_str("TLS 1.3"),
            Self(other) => write!(f, "TLS 0x{other:04X}"),
        }
    }
}

/// `CipherSuite`, by its number in the IANA registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CipherSuite(pub u16);

impl CipherSuite {
    /// The name in the IANA registry.
    pub fn name(self) -> Option<&'static str> {
        let at = suites::SUITES
            .binary_search_by_key(&self.0, |(number, _)| *number)
            .ok()?;
        suites::SUITES.get(at).map(|(_, name)| *name)
    }
}

impl fmt::Display for CipherSuite {
    /// The name, or the number of a suite without one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => write!(f, "0x{:04X}", self.0),
        }
    }
}

/// `NamedGroup`, by its number in the IANA registry "TLS Supported Groups".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TlsGroup(pub u16);

impl TlsGroup {
    /// Groups by number and name: the name people know where it differs from that of the registry.
    pub const NAMED: &[(u16, &'static str)] = &[
        (0x0001, "sect163k1"),
        (0x0009, "sect283k1"),
        (0x000D, "sect571k1"),
        (0x0013, "P-192"),
        (0x0015, "P-224"),
        (0x0016, "secp256k1"),
        (0x0017, "P-256"),
        (0x0018, "P-384"),
        (0x0019, "P-521"),
        (0x001A, "brainpoolP256r1"),
        (0x001B, "brainpoolP384r1"),
        (0x001C, "brainpoolP512r1"),
        (0x001D, "X25519"),
        (0x001E, "X448"),
        (0x0100, "ffdhe2048"),
        (0x0101, "ffdhe3072"),
        (0x0102, "ffdhe4096"),
        (0x0103, "ffdhe6144"),
        (0x0104, "ffdhe8192"),
        (0x11EB, "SecP256r1MLKEM768"),
        (0x11EC, "X25519MLKEM768"),
        (0x11ED, "SecP384r1MLKEM1024"),
    ];
}

impl TlsGroup {
    /// It withstands quantum computers.
    pub const fn is_post_quantum(self) -> bool {
        matches!(self.0, 0x11EB..=0x11ED)
    }
}

impl fmt::Display for TlsGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        named(f, Self::NAMED, self.0)
    }
}

/// `SignatureScheme`, by its number in the IANA registry; up to TLS 1.2 a digest and an algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TlsSignature(pub u16);

impl TlsSignature {
    /// Schemes by number and name.
    pub const NAMED: &[(u16, &'static str)] = &[
        (0x0101, "RSA with MD5"),
        (0x0201, "RSA with SHA-1"),
        (0x0202, "DSA with SHA-1"),
        (0x0203, "ECDSA with SHA-1"),
        (0x0301, "RSA with SHA-224"),
        (0x0303, "ECDSA with SHA-224"),
        (0x0401, "RSA with SHA-256"),
        (0x0403, "ECDSA with SHA-256"),
        (0x0501, "RSA with SHA-384"),
        (0x0503, "ECDSA with SHA-384"),
        (0x0601, "RSA with SHA-512"),
        (0x0603, "ECDSA with SHA-512"),
        (0x0804, "RSA-PSS with SHA-256"),
        (0x0805, "RSA-PSS with SHA-384"),
        (0x0806, "RSA-PSS with SHA-512"),
        (0x0807, "Ed25519"),
        (0x0808, "Ed448"),
        (0x0809, "RSA-PSS key with SHA-256"),
        (0x080A, "RSA-PSS key with SHA-384"),
        (0x080B, "RSA-PSS key with SHA-512"),
    ];
}

impl fmt::Display for TlsSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        named(f, Self::NAMED, self.0)
    }
}

/// The name of a number, or the number.
fn named(f: &mut fmt::Formatter<'_>, names: &[(u16, &'static str)], number: u16) -> fmt::Result {
    match names.iter().find(|(known, _)| *known == number) {
        Some((_, name)) => f.pad(name),
        None => write!(f, "0x{number:04X}"),
    }
}
