//! Certificates for the servers of a test, healthy ones and others.

use std::path::PathBuf;

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, SubjectAlternativeName};
use openssl::x509::{X509, X509NameBuilder};

use super::network::{NAME, Network, SERVER};

const DAY: i64 = 86_400;

/// What a self-signed certificate says.
#[derive(Clone, Copy, Debug)]
pub struct Certificate {
    /// The name it is for.
    pub name: &'static str,
    /// The first day it is valid, counted from today.
    pub from_day: i64,
    /// The last day it is valid, counted from today.
    pub to_day: i64,
}

impl Certificate {
    /// For the server's name and address, valid today.
    pub const HEALTHY: Self = Self {
        name: NAME,
        from_day: -1,
        to_day: 365,
    };
    /// It ended a month ago.
    pub const EXPIRED: Self = Self {
        name: NAME,
        from_day: -365,
        to_day: -30,
    };
    /// It is for another host.
    pub const OTHER_NAME: Self = Self {
        name: "elsewhere.lab.test",
        from_day: -1,
        to_day: 365,
    };
}

/// A certificate and its private key, in files.
#[derive(Debug)]
pub struct Files {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Makes a certificate and writes it into the test's folder.
pub fn issue(network: &Network, certificate: Certificate) -> Files {
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let mut subject = X509NameBuilder::new().unwrap();
    subject
        .append_entry_by_text("CN", certificate.name)
        .unwrap();
    let subject = subject.build();

    let mut x509 = X509::builder().unwrap();
    x509.set_version(2).unwrap();
    let serial = BigNum::from_u32(std::process::id())
        .unwrap()
        .to_asn1_integer()
        .unwrap();
    x509.set_serial_number(&serial).unwrap();
    x509.set_subject_name(&subject).unwrap();
    x509.set_issuer_name(&subject).unwrap();
    x509.set_pubkey(&key).unwrap();
    x509.set_not_before(&day(certificate.from_day)).unwrap();
    x509.set_not_after(&day(certificate.to_day)).unwrap();
    let mut names = SubjectAlternativeName::new();
    names.dns(certificate.name);
    if certificate.name == NAME {
        names.ip(SERVER);
    }
    let names = names.build(&x509.x509v3_context(None, None)).unwrap();
    x509.append_extension(names).unwrap();
    x509.append_extension(BasicConstraints::new().build().unwrap())
        .unwrap();
    x509.append_extension(ExtendedKeyUsage::new().server_auth().build().unwrap())
        .unwrap();
    x509.sign(&key, MessageDigest::sha256()).unwrap();

    Files {
        certificate: network.write("certificate.pem", x509.build().to_pem().unwrap()),
        key: network.write("key.pem", key.private_key_to_pem_pkcs8().unwrap()),
    }
}

/// Puts another private key in the place of the one that belongs to the certificate.
pub fn swap_key(files: &Files) {
    let other = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    std::fs::write(&files.key, other.private_key_to_pem_pkcs8().unwrap()).unwrap();
}

fn day(offset: i64) -> Asn1Time {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Asn1Time::from_unix(i64::try_from(now.as_secs()).unwrap() + offset * DAY).unwrap()
}
