//! Certificates as servers really show them: good ones, and each defect by itself.
//!
//! A [`Recipe`] is data and part of a scenario; [`make`] turns it into an [`Identity`]. Keys are made once
//! per process and kind, and identities once per recipe and day, so that thousands of runs are quick.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use model::UnixSeconds;
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::{BigNum, BigNumRef, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Rsa, RsaPrivateKeyBuilder};
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
    SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Name, X509NameBuilder};
use serde::{Deserialize, Serialize};

/// How to make a certificate. The default is a good one: a self-signed RSA-2048 certificate for the host's
/// name, in the middle of its life, for server authentication.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// The subject's common name; the first name the server goes by when absent.
    pub common_name: Option<String>,
    /// Names and addresses in the subject alternative name; those the server goes by when absent, no
    /// extension at all when empty.
    pub names: Option<Vec<String>>,
    /// Kind and size of the key.
    pub key: Key,
    /// Digest of the signature.
    pub digest: Digest,
    /// Start of validity, in days from today.
    pub starts_days: i64,
    /// End of validity, in days from today.
    pub ends_days: i64,
    /// Extended key usages; empty for a certificate that does not limit its use.
    pub usages: Vec<Usage>,
    /// Bits of the key usage; empty for no such extension.
    pub key_usage: Vec<KeyUse>,
    /// The common name of the authority that signs it; self-signed when absent.
    pub issuer: Option<String>,
    /// The certificate of the authority is sent along.
    pub chain: bool,
    /// The server signs with a key that is not the one in the certificate.
    pub key_of_another: bool,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            common_name: None,
            names: None,
            key: Key::Rsa2048,
            digest: Digest::Sha256,
            starts_days: -60,
            ends_days: 300,
            usages: vec![Usage::Server],
            key_usage: vec![KeyUse::Sign, KeyUse::Encipher],
            issuer: None,
            chain: true,
            key_of_another: false,
        }
    }
}

/// Kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    /// RSA with 512 bits, which no current TLS library accepts.
    #[serde(rename = "rsa-512")]
    Rsa512,
    /// RSA with 1024 bits.
    #[serde(rename = "rsa-1024")]
    Rsa1024,
    /// RSA with 2048 bits.
    #[serde(rename = "rsa-2048")]
    Rsa2048,
    /// RSA with 4096 bits.
    #[serde(rename = "rsa-4096")]
    Rsa4096,
    /// ECDSA over P-256.
    #[serde(rename = "ec-p256")]
    EcP256,
    /// Ed25519.
    #[serde(rename = "ed25519")]
    Ed25519,
}

/// Digests of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Digest {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
}

/// Extended key usages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Usage {
    /// Server authentication.
    Server,
    /// Client authentication.
    Client,
    /// Remote Desktop authentication (1.3.6.1.4.1.311.54.1.2).
    RemoteDesktop,
    /// Code signing.
    CodeSigning,
}

/// Bits of the key usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUse {
    /// digitalSignature.
    Sign,
    /// keyEncipherment.
    Encipher,
    /// dataEncipherment.
    DataEncipher,
    /// keyCertSign.
    CertificateSign,
}

/// A certificate with a key, ready for a TLS server.
#[derive(Debug)]
pub struct Identity {
    /// The server's own certificate, encoded.
    pub certificate: Vec<u8>,
    /// The certificates sent after it, encoded.
    pub chain: Vec<Vec<u8>>,
    /// The key the server signs with, encoded as PKCS#8.
    pub key: Vec<u8>,
}

/// A certificate that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot make a certificate ({recipe:?}): {source}")]
pub struct Error {
    recipe: Box<Recipe>,
    source: ErrorStack,
}

/// Makes a certificate by `recipe` for a server that goes by `names` (names or addresses, the most
/// important first), as of `today`.
pub fn make(recipe: &Recipe, names: &[String], today: UnixSeconds) -> Result<Arc<Identity>, Error> {
    type Made = BTreeMap<(Recipe, Vec<String>, i64), Arc<Identity>>;
    /// Enough for every scenario; beyond it somebody varies names or dates, and memory must not grow.
    const KEPT: usize = 512;
    static MADE: Mutex<Made> = Mutex::new(BTreeMap::new());

    let day = today.0.div_euclid(86_400);
    let wanted = (recipe.clone(), names.to_vec(), day);
    let made = || MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(identity) = made().get(&wanted) {
        return Ok(Arc::clone(identity));
    }
    let identity = forge(recipe, names, UnixSeconds(day.saturating_mul(86_400)))
        .map(Arc::new)
        .map_err(|source| Error {
            recipe: Box::new(recipe.clone()),
            source,
        })?;
    let mut kept = made();
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(wanted, Arc::clone(&identity));
    Ok(identity)
}

/// What a machine whose trust store is empty thinks of a chain, the server's own certificate first; `None`
/// when the chain cannot be read.
pub fn trust(chain: &[Vec<u8>], at: UnixSeconds) -> Option<model::Trust> {
    tls::trust::Store::from_pem(b"")
        .and_then(|store| store.judge(chain, at))
        .ok()
}

fn forge(recipe: &Recipe, names: &[String], today: UnixSeconds) -> Result<Identity, ErrorStack> {
    let key = key(recipe.key, Owner::Server)?;
    let common_name = recipe
        .common_name
        .clone()
        .or_else(|| names.first().cloned())
        .unwrap_or_else(|| "localhost".to_owned());
    let subject = distinguished(&common_name)?;
    let authority = match &recipe.issuer {
        Some(issuer) => Some(authority(issuer, today)?),
        None => None,
    };

    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    let serial = serial()?;
    builder.set_serial_number(&serial)?;
    builder.set_subject_name(&subject)?;
    builder.set_issuer_name(match &authority {
        Some((certificate, _)) => certificate.subject_name(),
        None => &subject,
    })?;
    let (starts, ends) = (
        days(today, recipe.starts_days)?,
        days(today, recipe.ends_days)?,
    );
    builder.set_not_before(&starts)?;
    builder.set_not_after(&ends)?;
    builder.set_pubkey(&key)?;

    let wanted = recipe.names.as_deref().unwrap_or(names);
    if !wanted.is_empty() {
        let mut alternative = SubjectAlternativeName::new();
        for name in wanted {
            match name.parse::<IpAddr>() {
                Ok(_) => alternative.ip(name),
                Err(_) => alternative.dns(name),
            };
        }
        let extension = alternative.build(&builder.x509v3_context(None, None))?;
        builder.append_extension(extension)?;
    }
    if !recipe.usages.is_empty() {
        let mut extended = ExtendedKeyUsage::new();
        for usage in &recipe.usages {
            match usage {
                Usage::Server => extended.server_auth(),
                Usage::Client => extended.client_auth(),
                Usage::CodeSigning => extended.code_signing(),
                Usage::RemoteDesktop => extended.other("1.3.6.1.4.1.311.54.1.2"),
            };
        }
        builder.append_extension(extended.build()?)?;
    }
    if !recipe.key_usage.is_empty() {
        let mut usage = KeyUsage::new();
        for bit in &recipe.key_usage {
            match bit {
                KeyUse::Sign => usage.digital_signature(),
                KeyUse::Encipher => usage.key_encipherment(),
                KeyUse::DataEncipher => usage.data_encipherment(),
                KeyUse::CertificateSign => usage.key_cert_sign(),
            };
        }
        builder.append_extension(usage.build()?)?;
    }
    let (signer, digest) = match &authority {
        Some((_, signer)) => (signer, digest(recipe.digest)),
        None if recipe.key == Key::Ed25519 => (&key, MessageDigest::null()),
        None => (&key, digest(recipe.digest)),
    };
    builder.sign(signer, digest)?;

    let chain = match authority {
        Some((certificate, _)) if recipe.chain => vec![certificate.to_der()?],
        _ => Vec::new(),
    };
    let signing = if recipe.key_of_another {
        disguised(&key)?
    } else {
        key
    };
    Ok(Identity {
        certificate: builder.build().to_der()?,
        chain,
        key: signing.private_key_to_pkcs8()?,
    })
}

/// The authority called `name`, known to nobody.
fn authority(name: &str, today: UnixSeconds) -> Result<(X509, PKey<Private>), ErrorStack> {
    let key = key(Key::Rsa2048, Owner::Authority)?;
    let subject = distinguished(name)?;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    let serial = serial()?;
    builder.set_serial_number(&serial)?;
    builder.set_subject_name(&subject)?;
    builder.set_issuer_name(&subject)?;
    let (starts, ends) = (days(today, -1000)?, days(today, 2600)?);
    builder.set_not_before(&starts)?;
    builder.set_not_after(&ends)?;
    builder.set_pubkey(&key)?;
    builder.append_extension(BasicConstraints::new().critical().ca().build()?)?;
    builder.append_extension(
        KeyUsage::new()
            .critical()
            .key_cert_sign()
            .crl_sign()
            .build()?,
    )?;
    let identifier = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None))?;
    builder.append_extension(identifier)?;
    let by = AuthorityKeyIdentifier::new()
        .keyid(false)
        .build(&builder.x509v3_context(None, None))?;
    builder.append_extension(by)?;
    builder.sign(&key, MessageDigest::sha256())?;
    Ok((builder.build(), key))
}

/// A key with the public half of `key` and another private half: libraries take it for the certificate's,
/// and every signature made with it is wrong. Edwards keys, which have no such seam, stay as they are.
fn disguised(key: &PKey<Private>) -> Result<PKey<Private>, ErrorStack> {
    if let Ok(rsa) = key.rsa() {
        let less = |number: &BigNumRef| -> Result<BigNum, ErrorStack> {
            let mut number = number.to_owned()?;
            number.sub_word(2)?;
            Ok(number)
        };
        let (Some(p), Some(q), Some(dmp1), Some(dmq1), Some(iqmp)) =
            (rsa.p(), rsa.q(), rsa.dmp1(), rsa.dmq1(), rsa.iqmp())
        else {
            return Ok(key.clone());
        };
        // The library checks what it computes from the factors and falls back to the exponent, so all of
        // them are wrong.
        let built =
            RsaPrivateKeyBuilder::new(rsa.n().to_owned()?, rsa.e().to_owned()?, less(rsa.d())?)?
                .set_factors(p.to_owned()?, q.to_owned()?)?
                .set_crt_params(less(dmp1)?, less(dmq1)?, iqmp.to_owned()?)?
                .build();
        return PKey::from_rsa(built);
    }
    if let Ok(curve) = key.ec_key() {
        let mut private = curve.private_key().to_owned()?;
        private.sub_word(2)?;
        let built = EcKey::from_private_components(curve.group(), &private, curve.public_key())?;
        return PKey::from_ec_key(built);
    }
    Ok(key.clone())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Server,
    Authority,
}

fn key(kind: Key, owner: Owner) -> Result<PKey<Private>, ErrorStack> {
    type Keys = BTreeMap<(Key, Owner), PKey<Private>>;
    static KEYS: OnceLock<Mutex<Keys>> = OnceLock::new();
    let mut keys = KEYS
        .get_or_init(Default::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(key) = keys.get(&(kind, owner)) {
        return Ok(key.clone());
    }
    let rsa = |bits| PKey::from_rsa(Rsa::generate(bits)?);
    let key = match kind {
        Key::Rsa512 => rsa(512)?,
        Key::Rsa1024 => rsa(1024)?,
        Key::Rsa2048 => rsa(2048)?,
        Key::Rsa4096 => rsa(4096)?,
        Key::EcP256 => {
            let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
            PKey::from_ec_key(EcKey::generate(&group)?)?
        }
        Key::Ed25519 => PKey::generate_ed25519()?,
    };
    keys.insert((kind, owner), key.clone());
    Ok(key)
}

fn digest(kind: Digest) -> MessageDigest {
    match kind {
        Digest::Md5 => MessageDigest::md5(),
        Digest::Sha1 => MessageDigest::sha1(),
        Digest::Sha256 => MessageDigest::sha256(),
        Digest::Sha384 => MessageDigest::sha384(),
    }
}

fn distinguished(common_name: &str) -> Result<X509Name, ErrorStack> {
    /// ub-common-name of RFC 5280: a longer one cannot be encoded.
    const LONGEST: usize = 64;
    let short: String = common_name.chars().take(LONGEST).collect();
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_nid(Nid::COMMONNAME, &short)?;
    Ok(name.build())
}

fn serial() -> Result<Asn1Integer, ErrorStack> {
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::ONE, false)?;
    serial.to_asn1_integer()
}

fn days(today: UnixSeconds, days: i64) -> Result<Asn1Time, ErrorStack> {
    Asn1Time::from_unix(today.0.saturating_add(days.saturating_mul(86_400)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: UnixSeconds = UnixSeconds(1_780_000_000);

    fn made(recipe: &Recipe) -> X509 {
        let names = [
            "pc-17.lab.test".to_owned(),
            "127.0.0.1".to_owned(),
            "::1".to_owned(),
        ];
        X509::from_der(&make(recipe, &names, TODAY).unwrap().certificate).unwrap()
    }

    #[test]
    fn the_default_is_good() {
        let certificate = made(&Recipe::default());
        let now = Asn1Time::from_unix(TODAY.0).unwrap();
        assert!(certificate.not_before() < now && certificate.not_after() > now);
        assert_eq!(certificate.public_key().unwrap().bits(), 2048);
        let names = certificate.subject_alt_names().unwrap();
        assert_eq!(names.len(), 3);
        assert_eq!(names.get(0).unwrap().dnsname(), Some("pc-17.lab.test"));
        assert_eq!(
            names.get(1).unwrap().ipaddress(),
            Some([127, 0, 0, 1].as_slice())
        );
        assert!(
            certificate
                .verify(&certificate.public_key().unwrap())
                .unwrap()
        );
    }

    #[test]
    fn each_defect_by_itself() {
        let now = Asn1Time::from_unix(TODAY.0).unwrap();
        let expired = made(&Recipe {
            starts_days: -400,
            ends_days: -1,
            ..Recipe::default()
        });
        assert!(expired.not_after() < now);
        let early = made(&Recipe {
            starts_days: 1,
            ..Recipe::default()
        });
        assert!(early.not_before() > now);
        let weak = made(&Recipe {
            digest: Digest::Sha1,
            ..Recipe::default()
        });
        assert_eq!(
            weak.signature_algorithm().object().nid(),
            Nid::SHA1WITHRSAENCRYPTION
        );
        let small = made(&Recipe {
            key: Key::Rsa1024,
            ..Recipe::default()
        });
        assert_eq!(small.public_key().unwrap().bits(), 1024);
        let curve = made(&Recipe {
            key: Key::EcP256,
            ..Recipe::default()
        });
        assert!(curve.public_key().unwrap().ec_key().is_ok());
        let edwards = made(&Recipe {
            key: Key::Ed25519,
            ..Recipe::default()
        });
        assert!(edwards.verify(&edwards.public_key().unwrap()).unwrap());
        let issued = made(&Recipe {
            issuer: Some("Nobody CA".to_owned()),
            ..Recipe::default()
        });
        assert!(!issued.verify(&issued.public_key().unwrap()).unwrap());
        let nameless = made(&Recipe {
            names: Some(Vec::new()),
            ..Recipe::default()
        });
        assert!(nameless.subject_alt_names().is_none());
    }

    #[test]
    fn a_key_of_another_signs_wrongly() {
        for kind in [Key::Rsa2048, Key::EcP256] {
            let recipe = Recipe {
                key: kind,
                key_of_another: true,
                ..Recipe::default()
            };
            let identity = make(&recipe, &["pc".to_owned()], TODAY).unwrap();
            let certificate = X509::from_der(&identity.certificate).unwrap();
            let key = PKey::private_key_from_der(&identity.key).unwrap();
            let public = certificate.public_key().unwrap();
            assert!(public.public_eq(&key));
            let digest = MessageDigest::sha256();
            let signature = openssl::sign::Signer::new(digest, &key)
                .and_then(|mut signer| signer.sign_oneshot_to_vec(b"hello"))
                .unwrap();
            let mut verifier = openssl::sign::Verifier::new(digest, &public).unwrap();
            assert!(
                !verifier
                    .verify_oneshot(&signature, b"hello")
                    .unwrap_or(false),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn nobody_is_trusted_by_an_empty_store() {
        let judge = |recipe: &Recipe| {
            let identity = make(recipe, &["pc".to_owned()], TODAY).unwrap();
            let chain: Vec<Vec<u8>> = std::iter::once(&identity.certificate)
                .chain(&identity.chain)
                .cloned()
                .collect();
            trust(&chain, TODAY)
        };
        assert_eq!(judge(&Recipe::default()), Some(model::Trust::SelfSigned));
        let issued = Recipe {
            issuer: Some("Nobody CA".to_owned()),
            ..Recipe::default()
        };
        assert_eq!(judge(&issued), Some(model::Trust::UnknownIssuer));
        assert_eq!(
            judge(&Recipe {
                chain: false,
                ..issued
            }),
            Some(model::Trust::UnknownIssuer)
        );
        assert_eq!(trust(&[b"junk".to_vec()], TODAY), None);
    }

    #[test]
    fn an_identity_is_made_once() {
        let names = ["once".to_owned()];
        let first = make(&Recipe::default(), &names, TODAY).unwrap();
        let second = make(&Recipe::default(), &names, TODAY).unwrap();
        assert!(Arc::ptr_eq(&first, &second));
    }
}
