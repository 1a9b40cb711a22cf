//! What a certificate says (RFC 5280), read without judging it.

use std::fmt::Write;
use std::net::IpAddr;

use model::{Certificate, KeyKind, UnixSeconds};
use sha1::Digest;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{
    DistributionPointName, ExtendedKeyUsage, GeneralName, ParsedExtension,
};
use x509_parser::objects::{oid_registry, oid2abbrev, oid2sn};
use x509_parser::oid_registry::asn1_rs::{Any, Oid, Tag};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;
use x509_parser::signature_algorithm::SignatureAlgorithm;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo, X509Name};

use crate::cursor::count32;

/// Reads a certificate; `chain` is the number of further certificates that came with it.
pub fn read(der: &[u8], chain: u32) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let (key, key_bits) = key(certificate.public_key());
    let (signature, weak_signature) = signature(&certificate.signature_algorithm);
    let mut read = Certificate {
        subject: name(certificate.subject()),
        common_name: common_name(certificate.subject()),
        issuer: name(certificate.issuer()),
        serial: hexadecimal(certificate.raw_serial()),
        dns_names: Vec::new(),
        addresses: Vec::new(),
        not_before: UnixSeconds(certificate.validity().not_before.timestamp()),
        not_after: UnixSeconds(certificate.validity().not_after.timestamp()),
        key,
        key_bits,
        signature,
        weak_signature,
        extended_key_usage: Vec::new(),
        signs: None,
        enciphers: None,
        is_authority: false,
        self_signed: certificate.subject().as_raw() == certificate.issuer().as_raw(),
        sha1: hexadecimal(&sha1::Sha1::digest(der)),
        sha256: hexadecimal(&sha2::Sha256::digest(der)),
        chain,
        revocation_lists: Vec::new(),
        revocation_answers: Vec::new(),
        issuer_certificates: Vec::new(),
    };
    for extension in certificate.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(alternative) => {
                alternative
                    .general_names
                    .iter()
                    .for_each(|name| add_name(&mut read, name));
            }
            ParsedExtension::ExtendedKeyUsage(usage) => read.extended_key_usage = usages(usage),
            ParsedExtension::KeyUsage(usage) => {
                read.signs = Some(usage.digital_signature());
                read.enciphers = Some(usage.key_encipherment());
            }
            ParsedExtension::BasicConstraints(constraints) => read.is_authority = constraints.ca,
            ParsedExtension::CRLDistributionPoints(points) => {
                let names = points
                    .iter()
                    .filter_map(|point| match &point.distribution_point {
                        Some(DistributionPointName::FullName(names)) => Some(names),
                        _ => None,
                    });
                read.revocation_lists
                    .extend(names.flatten().filter_map(address).take(MOST_ADDRESSES));
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                let addresses = |wanted: &str| -> Vec<String> {
                    let places = access.accessdescs.iter();
                    let places =
                        places.filter(|place| place.access_method.to_id_string() == wanted);
                    places
                        .filter_map(|place| address(&place.access_location))
                        .take(MOST_ADDRESSES)
                        .collect()
                };
                read.revocation_answers = addresses(OCSP);
                read.issuer_certificates = addresses(CA_ISSUERS);
            }
            _ => {}
        }
    }
    Some(read)
}

/// What ties a logon to a TLS session with the server of this certificate: `tls-server-end-point` of RFC 5929 section
/// 4.1. A certificate that is signed with an older digest counts with SHA-256.
pub fn end_point(der: &[u8]) -> Vec<u8> {
    let signature = read(der, 0)
        .map(|read| read.signature.to_ascii_lowercase().replace('-', ""))
        .unwrap_or_default();
    let mut bindings = b"tls-server-end-point:".to_vec();
    if signature.contains("sha384") {
        bindings.extend(sha2::Sha384::digest(der));
    } else if signature.contains("sha512") {
        bindings.extend(sha2::Sha512::digest(der));
    } else {
        bindings.extend(sha2::Sha256::digest(der));
    }
    bindings
}

/// The public key of a certificate: the contents of its bit string ([MS-CSSP] 3.1.5, `SubjectPublicKey`).
pub fn public_key(der: &[u8]) -> Option<Vec<u8>> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    Some(certificate.public_key().subject_public_key.data.to_vec())
}

/// id-ad-ocsp (RFC 5280 section 4.2.2.1).
const OCSP: &str = "1.3.6.1.5.5.7.48.1";
/// id-ad-caIssuers (RFC 5280 section 4.2.2.1).
const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
/// The most addresses of one kind that are kept.
const MOST_ADDRESSES: usize = 8;

/// The address in a name, when it is one.
fn address(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(address) => Some((*address).to_owned()),
        _ => None,
    }
}

fn add_name(certificate: &mut Certificate, name: &GeneralName<'_>) {
    match name {
        GeneralName::DNSName(name) => certificate.dns_names.push((*name).to_owned()),
        // A name outside ASCII breaks the rules and is still what the certificate says.
        GeneralName::Invalid(Tag(2), bytes) => {
            certificate
                .dns_names
                .push(String::from_utf8_lossy(bytes).into_owned());
        }
        GeneralName::IPAddress(bytes) => {
            let address = match *bytes {
                [a, b, c, d] => Some(IpAddr::from([*a, *b, *c, *d])),
                _ => <[u8; 16]>::try_from(*bytes).ok().map(IpAddr::from),
            };
            certificate.addresses.extend(address);
        }
        _ => {}
    }
}

fn name(name: &X509Name<'_>) -> String {
    let mut out = String::new();
    for part in name.iter_rdn() {
        for (position, attribute) in part.iter().enumerate() {
            if !out.is_empty() {
                out.push_str(if position == 0 { ", " } else { " + " });
            }
            match oid2abbrev(attribute.attr_type(), oid_registry()) {
                Ok(kind) => out.push_str(kind),
                Err(_) => out.push_str(&attribute.attr_type().to_id_string()),
            }
            out.push('=');
            out.push_str(&text(attribute.attr_value()));
        }
    }
    out
}

/// The last common name is the most specific one.
fn common_name(name: &X509Name<'_>) -> Option<String> {
    name.iter_common_name()
        .last()
        .map(|attribute| text(attribute.attr_value()))
}

/// The characters of a string of any kind.
fn text(value: &Any<'_>) -> String {
    match value.tag() {
        Tag::BmpString => {
            let units = value.data.chunks_exact(2).filter_map(|pair| {
                pair.first_chunk()
                    .map(|&unit: &[u8; 2]| u16::from_be_bytes(unit))
            });
            char::decode_utf16(units)
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        Tag::UniversalString => value
            .data
            .chunks_exact(4)
            .filter_map(|unit| {
                unit.first_chunk()
                    .map(|&unit: &[u8; 4]| u32::from_be_bytes(unit))
            })
            .map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
        // Teletex strings in the wild hold ISO 8859-1 where they are not UTF-8.
        _ => match std::str::from_utf8(value.data) {
            Ok(text) => text.to_owned(),
            Err(_) => value.data.iter().copied().map(char::from).collect(),
        },
    }
}

fn key(info: &SubjectPublicKeyInfo<'_>) -> (KeyKind, u32) {
    let algorithm = info.algorithm.algorithm.to_id_string();
    match (algorithm.as_str(), info.parsed()) {
        (_, Ok(PublicKey::RSA(key))) => (KeyKind::Rsa, bits(key.modulus)),
        (_, Ok(PublicKey::EC(point))) => {
            let bits = match curve(&info.algorithm) {
                Some(bits) => bits,
                None => count32(point.key_size()),
            };
            (KeyKind::Ec, bits)
        }
        // The size of a DSA key is that of the prime in its parameters, which no RDP client uses.
        ("1.2.840.10040.4.1", _) => (KeyKind::Dsa, 0),
        ("1.3.101.112", _) => (KeyKind::Edwards, 256),
        ("1.3.101.113", _) => (KeyKind::Edwards, 456),
        ("1.2.840.113549.1.1.1", _) => (KeyKind::Rsa, 0),
        _ => (KeyKind::Other(algorithm), 0),
    }
}

/// The size of an unsigned number, highest byte first.
pub(crate) fn bits(number: &[u8]) -> u32 {
    let number = number
        .iter()
        .position(|&byte| byte != 0)
        .and_then(|at| number.get(at..));
    match number {
        Some(digits @ [first, ..]) => count32(digits.len())
            .saturating_mul(8)
            .saturating_sub(first.leading_zeros()),
        _ => 0,
    }
}

/// The size of a named curve (RFC 5480 section 2.1.1.1).
fn curve(algorithm: &AlgorithmIdentifier<'_>) -> Option<u32> {
    let oid = algorithm.parameters.as_ref()?.as_oid().ok()?;
    match oid.to_id_string().as_str() {
        "1.2.840.10045.3.1.7" => Some(256),
        "1.3.132.0.34" => Some(384),
        "1.3.132.0.35" => Some(521),
        _ => None,
    }
}

/// The name of a signature algorithm, and whether its digest is broken.
fn signature(algorithm: &AlgorithmIdentifier<'_>) -> (String, bool) {
    let oid = algorithm.algorithm.to_id_string();
    let (name, weak) = match oid.as_str() {
        "1.2.840.113549.1.1.2" => ("md2WithRSAEncryption", true),
        "1.2.840.113549.1.1.3" => ("md4WithRSAEncryption", true),
        "1.2.840.113549.1.1.4" | "1.3.14.3.2.3" => ("md5WithRSAEncryption", true),
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => ("sha1WithRSAEncryption", true),
        "1.2.840.113549.1.1.11" => ("sha256WithRSAEncryption", false),
        "1.2.840.113549.1.1.12" => ("sha384WithRSAEncryption", false),
        "1.2.840.113549.1.1.13" => ("sha512WithRSAEncryption", false),
        "1.2.840.113549.1.1.14" => ("sha224WithRSAEncryption", false),
        "1.2.840.10040.4.3" => ("dsa-with-sha1", true),
        "2.16.840.1.101.3.4.3.2" => ("dsa-with-sha256", false),
        "1.2.840.10045.4.1" => ("ecdsa-with-SHA1", true),
        "1.2.840.10045.4.3.1" => ("ecdsa-with-SHA224", false),
        "1.2.840.10045.4.3.2" => ("ecdsa-with-SHA256", false),
        "1.2.840.10045.4.3.3" => ("ecdsa-with-SHA384", false),
        "1.2.840.10045.4.3.4" => ("ecdsa-with-SHA512", false),
        "1.3.101.112" => ("Ed25519", false),
        "1.3.101.113" => ("Ed448", false),
        "1.2.840.113549.1.1.10" => {
            // Without parameters the digest is SHA-1 (RFC 4055 section 3.1).
            let digest = match SignatureAlgorithm::try_from(algorithm) {
                Ok(SignatureAlgorithm::RSASSA_PSS(parameters)) => {
                    parameters.hash_algorithm_oid().to_id_string()
                }
                _ => "1.3.14.3.2.26".to_owned(),
            };
            return match digest.as_str() {
                "1.3.14.3.2.26" => ("RSASSA-PSS with SHA-1".to_owned(), true),
                "2.16.840.1.101.3.4.2.1" => ("RSASSA-PSS with SHA-256".to_owned(), false),
                "2.16.840.1.101.3.4.2.2" => ("RSASSA-PSS with SHA-384".to_owned(), false),
                "2.16.840.1.101.3.4.2.3" => ("RSASSA-PSS with SHA-512".to_owned(), false),
                other => (format!("RSASSA-PSS with {other}"), false),
            };
        }
        _ => return (known(&algorithm.algorithm).unwrap_or(oid), false),
    };
    (name.to_owned(), weak)
}

fn known(oid: &Oid<'_>) -> Option<String> {
    oid2sn(oid, oid_registry()).ok().map(str::to_owned)
}

fn usages(usage: &ExtendedKeyUsage<'_>) -> Vec<String> {
    let named = [
        (usage.any, "any"),
        (usage.server_auth, "server-authentication"),
        (usage.client_auth, "client-authentication"),
        (usage.code_signing, "code-signing"),
        (usage.email_protection, "email-protection"),
        (usage.time_stamping, "time-stamping"),
        (usage.ocsp_signing, "ocsp-signing"),
    ];
    let other = usage
        .other
        .iter()
        .map(|oid| match oid.to_id_string().as_str() {
            "1.3.6.1.4.1.311.54.1.2" => "remote-desktop-authentication".to_owned(),
            "1.3.6.1.4.1.311.20.2.2" => "smart-card-logon".to_owned(),
            "1.3.6.1.5.2.3.5" => "kerberos-authentication".to_owned(),
            other => other.to_owned(),
        });
    named
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, name)| (*name).to_owned())
        .chain(other)
        .collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(
        String::with_capacity(bytes.len().saturating_mul(2)),
        |mut out, byte| {
            // Writing to a string cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        },
    )
}
