//! Certificates for the tests, made as they are needed.

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::extension::BasicConstraints;
use openssl::x509::{X509, X509NameBuilder};
use tls::Identity;

/// A certificate with its key.
pub struct Pair {
    pub certificate: X509,
    pub key: PKey<Private>,
}

impl Pair {
    pub fn identity(&self) -> Identity {
        Identity {
            chain: vec![self.certificate.to_der().unwrap()],
            key: self.key.private_key_to_der().unwrap(),
        }
    }
}

pub fn rsa(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()
}

pub fn ec() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

/// A certificate from `days.0` to `days.1`, signed by `issuer` or by itself.
pub fn make(name: &str, key: PKey<Private>, issuer: Option<&Pair>, days: (u32, u32)) -> Pair {
    let mut subject = X509NameBuilder::new().unwrap();
    subject.append_entry_by_nid(Nid::COMMONNAME, name).unwrap();
    let subject = subject.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(7).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(&subject).unwrap();
    builder.set_pubkey(&key).unwrap();
    let since_epoch = |day: u32| Asn1Time::from_unix(i64::from(day) * 86_400).unwrap();
    builder.set_not_before(&since_epoch(days.0)).unwrap();
    builder.set_not_after(&since_epoch(days.1)).unwrap();
    match issuer {
        Some(issuer) => {
            builder
                .set_issuer_name(issuer.certificate.subject_name())
                .unwrap();
            builder.sign(&issuer.key, MessageDigest::sha256()).unwrap();
        }
        None => {
            builder.set_issuer_name(&subject).unwrap();
            builder
                .append_extension(BasicConstraints::new().ca().build().unwrap())
                .unwrap();
            builder.sign(&key, MessageDigest::sha256()).unwrap();
        }
    }
    Pair {
        certificate: builder.build(),
        key,
    }
}
