//! Holds a certificate against the trust store of this machine.
//!
//! The store is looked for where OpenSSL programs of the system look: the files and folders named by
//! `SSL_CERT_FILE` and `SSL_CERT_DIR`, else the first bundle that exists among the usual places of Linux
//! distributions, BSD and macOS. Without one (Windows keeps its store elsewhere), or without OpenSSL in the
//! build, there is no judgement: [`crate::Error::NoTrustStore`].
//!
//! Dates of the server's own certificate are not judged here: they are facts of their own, and an expired
//! certificate still has or has not a known issuer.

use model::{Trust, UnixSeconds};

use crate::Error;

/// Judges a chain, the server's own certificate first, at a moment. `more` are authorities in PEM text that are
/// trusted beside those of this machine; with them, a machine without a trust store is no obstacle.
#[cfg(feature = "openssl")]
pub fn judge(chain: &[Vec<u8>], now: UnixSeconds, more: Option<&[u8]>) -> Result<Trust, Error> {
    over_openssl::judge(chain, now, more)
}

/// Judges a chain, the server's own certificate first, at a moment.
#[cfg(not(feature = "openssl"))]
pub fn judge(_chain: &[Vec<u8>], _now: UnixSeconds, _more: Option<&[u8]>) -> Result<Trust, Error> {
    Err(Error::NoTrustStore("this build has no OpenSSL".to_owned()))
}

/// Says no when this PEM text holds no authority.
#[cfg(feature = "openssl")]
pub fn check(pem: &[u8]) -> Result<(), Error> {
    if over_openssl::Store::from_pem(pem)?.is_empty() {
        return Err(Error::NoAuthority(
            "no certificate in PEM is in it".to_owned(),
        ));
    }
    Ok(())
}

/// Says no when this PEM text holds no authority.
#[cfg(not(feature = "openssl"))]
pub fn check(_pem: &[u8]) -> Result<(), Error> {
    Err(Error::NoTrustStore("this build has no OpenSSL".to_owned()))
}

#[cfg(feature = "openssl")]
pub use over_openssl::Store;

#[cfg(feature = "openssl")]
mod over_openssl {
    use std::path::PathBuf;
    use std::{env, fs};

    use model::{Trust, UnixSeconds};
    use openssl::error::ErrorStack;
    use openssl::ssl::SslFiletype;
    use openssl::stack::Stack;
    use openssl::x509::store::{X509Lookup, X509StoreBuilder};
    use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
    use openssl::x509::{X509, X509StoreContext, X509VerifyResult};

    use crate::Error;
    use crate::over_openssl::words;

    /// Bundles of trusted authorities, in the order in which they are tried.
    const BUNDLES: &[&str] = &[
        "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Gentoo
        "/etc/pki/tls/certs/ca-bundle.crt",   // Fedora, Red Hat
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, Red Hat without OpenSSL
        "/etc/ssl/ca-bundle.pem",             // SUSE
        "/etc/ssl/cert.pem",                  // macOS, Alpine, OpenBSD
        "/usr/local/share/certs/ca-root-nss.crt", // FreeBSD
        "/etc/openssl/certs/ca-certificates.crt", // NetBSD
    ];

    /// X509_V_ERR_* of x509_vfy.h that say "its issuer is not known here".
    const UNKNOWN_ISSUER: &[i32] = &[2, 19, 20, 21, 27];
    /// X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT.
    const SELF_SIGNED: i32 = 18;
    /// X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED.
    const DATES: &[i32] = &[9, 10];

    pub(super) fn judge(
        chain: &[Vec<u8>],
        now: UnixSeconds,
        more: Option<&[u8]>,
    ) -> Result<Trust, Error> {
        let store = match (Store::of_this_machine(), more) {
            (Ok(mut store), Some(pem)) => {
                store.authorities.extend(Store::from_pem(pem)?.authorities);
                store
            }
            (Err(_), Some(pem)) => Store::from_pem(pem)?,
            (store, None) => store?,
        };
        store.judge(chain, now)
    }

    /// A set of trusted authorities.
    pub struct Store {
        authorities: Vec<X509>,
        /// Folders of authorities, by the hash of their subjects (see `openssl rehash`).
        folders: Vec<String>,
    }

    impl Store {
        /// Opens the trust store of this machine.
        pub fn of_this_machine() -> Result<Self, Error> {
            let file = env::var_os("SSL_CERT_FILE").map(PathBuf::from);
            let folders: Vec<String> = env::var_os("SSL_CERT_DIR")
                .map(|folders| env::split_paths(&folders).collect::<Vec<_>>())
                .unwrap_or_default()
                .into_iter()
                .filter_map(|folder| folder.into_os_string().into_string().ok())
                .collect();
            let bundle = if file.is_none() && folders.is_empty() {
                BUNDLES
                    .iter()
                    .map(PathBuf::from)
                    .find(|path| path.is_file())
            } else {
                file
            };
            let authorities = match &bundle {
                Some(path) => {
                    let unreadable =
                        |reason| Error::NoTrustStore(format!("{}: {reason}", path.display()));
                    let pem = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
                    X509::stack_from_pem(&pem).map_err(|error| unreadable(words(&error)))?
                }
                None if folders.is_empty() => {
                    return Err(Error::NoTrustStore(
                        "none of the usual places has one".to_owned(),
                    ));
                }
                None => Vec::new(),
            };
            Ok(Self {
                authorities,
                folders,
            })
        }

        /// A store of the authorities in PEM text.
        pub fn from_pem(pem: &[u8]) -> Result<Self, Error> {
            let authorities =
                X509::stack_from_pem(pem).map_err(|error| Error::NoTrustStore(words(&error)))?;
            Ok(Self {
                authorities,
                folders: Vec::new(),
            })
        }

        /// It holds no authority.
        pub fn is_empty(&self) -> bool {
            self.authorities.is_empty() && self.folders.is_empty()
        }

        /// Judges a chain, the server's own certificate first, at a moment.
        pub fn judge(&self, chain: &[Vec<u8>], now: UnixSeconds) -> Result<Trust, Error> {
            let unusable = |errors: ErrorStack| Error::Identity {
                what: "certificate",
                reason: words(&errors),
            };
            let mut certificates = chain.iter().map(|der| X509::from_der(der));
            let own = match certificates.next() {
                Some(own) => own.map_err(unusable)?,
                None => {
                    return Err(Error::Identity {
                        what: "certificate",
                        reason: "the chain is empty".to_owned(),
                    });
                }
            };
            // An authority that cannot be read helps nobody; the rest may still lead to a root.
            let others: Vec<X509> = certificates.flatten().collect();
            let mut verified = self
                .verify(&own, &others, Dates::At(now))
                .map_err(unusable)?;
            if let Err(Reason { error, depth: 0 }) = verified
                && DATES.contains(&error.as_raw())
            {
                verified = self.verify(&own, &others, Dates::Any).map_err(unusable)?;
            }
            Ok(match verified {
                Ok(()) => Trust::Trusted,
                Err(Reason { error, .. }) => match error.as_raw() {
                    SELF_SIGNED => Trust::SelfSigned,
                    code if UNKNOWN_ISSUER.contains(&code) => Trust::UnknownIssuer,
                    _ => Trust::Other(error.error_string().to_owned()),
                },
            })
        }

        fn verify(
            &self,
            own: &X509,
            others: &[X509],
            dates: Dates,
        ) -> Result<Result<(), Reason>, ErrorStack> {
            let mut parameters = X509VerifyParam::new()?;
            match dates {
                Dates::At(now) => parameters.set_time(now.0),
                Dates::Any => parameters.set_flags(X509VerifyFlags::NO_CHECK_TIME)?,
            }
            let mut store = X509StoreBuilder::new()?;
            for authority in &self.authorities {
                store.add_cert(authority.clone())?;
            }
            for folder in &self.folders {
                // A folder that does not exist holds no authority, which is what the outcome will say.
                let _ = store
                    .add_lookup(X509Lookup::hash_dir())?
                    .add_dir(folder, SslFiletype::PEM);
            }
            store.set_param(&parameters)?;
            let store = store.build();
            let mut chain = Stack::new()?;
            for other in others {
                chain.push(other.clone())?;
            }
            X509StoreContext::new()?.init(&store, own, &chain, |context| {
                Ok(if context.verify_cert()? {
                    Ok(())
                } else {
                    Err(Reason {
                        error: context.error(),
                        depth: context.error_depth(),
                    })
                })
            })
        }
    }

    /// Whether dates count.
    #[derive(Clone, Copy)]
    enum Dates {
        At(UnixSeconds),
        Any,
    }

    /// Why a chain does not verify, and how far from the server's own certificate.
    struct Reason {
        error: X509VerifyResult,
        depth: u32,
    }
}
