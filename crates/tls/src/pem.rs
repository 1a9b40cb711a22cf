//! Certificates and keys as servers keep them in files (RFC 7468).

/// The certificates of a file, encoded, in their order; empty when it holds none that can be read.
#[cfg(feature = "openssl")]
pub fn certificates(pem: &[u8]) -> Vec<Vec<u8>> {
    openssl::x509::X509::stack_from_pem(pem)
        .unwrap_or_default()
        .iter()
        .filter_map(|certificate| certificate.to_der().ok())
        .collect()
}

/// The certificates of a file, encoded, in their order; empty when it holds none that can be read.
#[cfg(all(feature = "rustls", not(feature = "openssl")))]
pub fn certificates(pem: &[u8]) -> Vec<Vec<u8>> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    CertificateDer::pem_slice_iter(pem)
        .map_while(Result::ok)
        .map(|certificate| certificate.to_vec())
        .collect()
}

/// The key belongs to the first certificate; `None` when one of them cannot be read.
#[cfg(feature = "openssl")]
pub fn belongs(chain: &[u8], key: &[u8]) -> Option<bool> {
    let chain = openssl::x509::X509::stack_from_pem(chain).ok()?;
    // A key with a passphrase cannot be read by a service either; nobody is asked for it.
    let key = openssl::pkey::PKey::private_key_from_pem_callback(key, |_| Ok(0)).ok()?;
    let public = chain.first()?.public_key().ok()?;
    Some(public.public_eq(&key))
}

/// The key belongs to the first certificate; this build cannot compare them.
#[cfg(all(feature = "rustls", not(feature = "openssl")))]
pub fn belongs(_chain: &[u8], _key: &[u8]) -> Option<bool> {
    None
}
