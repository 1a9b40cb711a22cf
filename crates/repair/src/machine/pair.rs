//! A certificate and its key in two files; a new pair is made by the system's own `openssl`.

use std::path::Path;

use model::Bytes;
use model::plan::Value;

use super::{files, tool};
use crate::error::{Error, file};

/// Both files as they are.
pub(super) fn read(certificate: &Path, key: &Path) -> Result<Value, Error> {
    Ok(Value::KeyPair {
        certificate: files::content(certificate)?.map(Bytes),
        key: files::content(key)?.map(Bytes),
    })
}

/// Makes a new pair, or puts an old one back.
pub(super) fn write(certificate: &Path, key: &Path, to: &Value) -> Result<(), Error> {
    match to {
        Value::NewKeyPair { name, days } => {
            let (new_certificate, new_key) = make(name, *days)?;
            put(key, Some(&new_key))?;
            put(certificate, Some(&new_certificate))
        }
        Value::KeyPair {
            certificate: old_certificate,
            key: old_key,
        } => {
            put(key, old_key.as_ref().map(|bytes| bytes.0.as_slice()))?;
            put(
                certificate,
                old_certificate.as_ref().map(|bytes| bytes.0.as_slice()),
            )
        }
        _ => Err(Error::Misfit {
            key: certificate.display().to_string(),
        }),
    }
}

fn put(path: &Path, bytes: Option<&[u8]>) -> Result<(), Error> {
    match bytes {
        Some(bytes) if files::content(path)?.as_deref() == Some(bytes) => Ok(()),
        Some(bytes) => files::replace(path, bytes),
        None => files::remove(path),
    }
}

/// A key of 3072 bits and a certificate for servers that it signs itself.
fn make(name: &str, days: u32) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let doing = format!("make a certificate for {name}");
    let fit = !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c))
        && days > 0;
    if !fit {
        return Err(Error::Action {
            doing,
            says: "that is no name of a host".to_owned(),
        });
    }
    // In a folder of its own that only its owner can look into.
    let folder = tempfile::tempdir().map_err(file("make", Path::new("a folder for a key")))?;
    let at = |name: &str| folder.path().join(name);
    let (certificate, key) = (at("certificate.pem"), at("key.pem"));
    let kind = if name.parse::<std::net::IpAddr>().is_ok() {
        "IP"
    } else {
        "DNS"
    };
    tool::run(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:3072",
            "-sha256",
            "-nodes",
            "-days",
            &days.to_string(),
            "-subj",
            &format!("/CN={name}"),
            "-addext",
            &format!("subjectAltName={kind}:{name}"),
            "-addext",
            "extendedKeyUsage=serverAuth",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-keyout",
            &key.to_string_lossy(),
            "-out",
            &certificate.to_string_lossy(),
        ],
        &doing,
    )?;
    let read = |path: &Path| std::fs::read(path).map_err(file("read", path));
    Ok((read(&certificate)?, read(&key)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_mean_something_to_openssl_are_refused() {
        for name in ["", "a/CN=b", "a,DNS:b", "a b", "a\nb"] {
            assert!(make(name, 1).is_err(), "{name}");
        }
        assert!(make("a", 0).is_err());
    }
}
