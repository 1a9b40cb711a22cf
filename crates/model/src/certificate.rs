//! What a certificate says, before anybody judges it (RFC 5280).

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::time::UnixSeconds;

/// The fields of an X.509 certificate that decide whether an RDP client can and will use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The subject's distinguished name.
    pub subject: String,
    /// The subject's common name, when there is one.
    pub common_name: Option<String>,
    /// The issuer's distinguished name.
    pub issuer: String,
    /// Serial number, in hexadecimal digits.
    pub serial: String,
    /// `dNSName` entries of the subject alternative name.
    pub dns_names: Vec<String>,
    /// `iPAddress` entries of the subject alternative name.
    pub addresses: Vec<IpAddr>,
    /// Start of validity.
    pub not_before: UnixSeconds,
    /// End of validity.
    pub not_after: UnixSeconds,
    /// Kind of public key.
    pub key: KeyKind,
    /// Size of the public key in bits, zero when unknown.
    pub key_bits: u32,
    /// Name of the signature algorithm, or its object identifier.
    pub signature: String,
    /// The signature's digest is broken (MD2, MD5, SHA-1).
    pub weak_signature: bool,
    /// Extended key usages: names for the known ones, object identifiers for the others. Empty when the
    /// certificate does not limit its use.
    pub extended_key_usage: Vec<String>,
    /// `keyUsage` allows digital signature; `None` when the extension is absent.
    pub signs: Option<bool>,
    /// `keyUsage` allows key encipherment; `None` when the extension is absent.
    pub enciphers: Option<bool>,
    /// `basicConstraints` says that it is an authority.
    pub is_authority: bool,
    /// Subject and issuer are the same name.
    pub self_signed: bool,
    /// SHA-1 of the encoded certificate, in hexadecimal digits: the thumbprint Windows shows.
    pub sha1: String,
    /// SHA-256 of the encoded certificate, in hexadecimal digits.
    pub sha256: String,
    /// Further certificates the server sent with it.
    pub chain: u32,
    /// Where lists of revoked certificates are (`cRLDistributionPoints`), as far as they are addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revocation_lists: Vec<String>,
    /// Who can be asked whether it is revoked (OCSP, in `authorityInfoAccess`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revocation_answers: Vec<String>,
    /// Where the issuer's own certificate is (`caIssuers`, in `authorityInfoAccess`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issuer_certificates: Vec<String>,
}

/// How the certificate a host shows fits the one it showed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateChange {
    /// It is one that was seen before.
    Same,
    /// Another one, for the same name by the same issuer; or both are signed by themselves.
    Renewed,
    /// Another one, for the same name by another issuer.
    OtherIssuer,
    /// Another one, for another name.
    OtherName,
}

/// Kinds of public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// RSA.
    Rsa,
    /// Elliptic curve.
    Ec,
    /// DSA.
    Dsa,
    /// Ed25519 or Ed448.
    Edwards,
    /// Another one, by its object identifier.
    Other(String),
}
