//! What a server's first flight says beside version, suite and certificate: the terms of its ServerHello, and
//! its ServerKeyExchange (RFC 5246 section 7.4.3, RFC 8422 section 5.4, RFC 8446 section 4.2.8).

use model::codes::{CipherSuite, TlsGroup, TlsSignature, TlsVersion};

use crate::certificate::bits;
use crate::cursor::Cursor;

/// What a ServerHello agrees to beside version and suite.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// `renegotiation_info` (RFC 5746).
    pub renegotiation: bool,
    /// `extended_master_secret` (RFC 7627).
    pub extended_master_secret: bool,
    /// `session_ticket` (RFC 5077).
    pub tickets: bool,
    /// `session_id` is not empty.
    pub session: bool,
    /// `session_id`: the client's own where its session is taken up again.
    pub id: Vec<u8>,
    /// `pre_shared_key`: the client's session is taken up again with TLS 1.3.
    pub shared_key: bool,
    /// `compression_method` is not null.
    pub compression: bool,
    /// The protocol in `application_layer_protocol_negotiation` (RFC 7301).
    pub application: Option<String>,
    /// The group of `key_share`: of the server's share, or the one it asks for.
    pub group: Option<TlsGroup>,
}

/// Reads the terms of a ServerHello.
pub fn read_terms(body: &[u8]) -> Option<Terms> {
    let mut cursor = Cursor(body);
    cursor.u16()?; // legacy_version
    cursor.take(32)?; // random
    let id = cursor.run8()?.to_vec();
    cursor.u16()?; // cipher_suite
    let mut terms = Terms {
        session: !id.is_empty(),
        id,
        compression: cursor.u8()? != 0,
        ..Terms::default()
    };
    let mut extensions = Cursor(cursor.run16().unwrap_or_default());
    while let (Some(kind), Some(value)) = (extensions.u16(), extensions.run16()) {
        match kind {
            0xFF01 => terms.renegotiation = true,
            23 => terms.extended_master_secret = true,
            35 => terms.tickets = true,
            41 => terms.shared_key = true,
            16 => {
                let mut list = Cursor(Cursor(value).run16().unwrap_or_default());
                terms.application = list
                    .run8()
                    .map(|name| String::from_utf8_lossy(name).into_owned());
            }
            51 => terms.group = Cursor(value).u16().map(TlsGroup),
            _ => {}
        }
    }
    Some(terms)
}

/// With what keys are exchanged up to TLS 1.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyExchange {
    /// The named group.
    pub group: Option<TlsGroup>,
    /// The size of the prime, when the server sent its own.
    pub prime_bits: Option<u32>,
    /// The signature algorithm; before TLS 1.2 it is not named.
    pub signature: Option<TlsSignature>,
}

/// Reads the body of a ServerKeyExchange; what it holds depends on the suite. `None` for suites whose
/// exchange is not known here, and for a damaged one.
pub fn read_key_exchange(
    body: &[u8],
    suite: CipherSuite,
    version: TlsVersion,
) -> Option<KeyExchange> {
    let name = suite.name()?;
    let mut cursor = Cursor(body);
    let mut exchange = KeyExchange::default();
    if name.starts_with("TLS_ECDH") {
        // named_curve; the other kinds are gone since RFC 8422.
        if cursor.u8()? != 3 {
            return None;
        }
        exchange.group = Some(TlsGroup(cursor.u16()?));
        cursor.run8()?; // the point
    } else if name.starts_with("TLS_DH") {
        exchange.prime_bits = Some(bits(cursor.run16()?));
        cursor.run16()?; // dh_g
        cursor.run16()?; // dh_Ys
    } else {
        return None;
    }
    if version >= TlsVersion::TLS1_2 && !name.contains("_anon_") {
        exchange.signature = cursor.u16().map(TlsSignature);
    }
    Some(exchange)
}
