//! The messages of CredSSP ([MS-CSSP] 2.2.1, TSRequest).

use crate::ber::{self, INTEGER, OCTET_STRING, SEQUENCE, context};
use crate::cursor::{Cursor, Read};

/// The largest TSRequest that is waited for; real ones have a few kilobytes, Kerberos tickets included.
pub const LARGEST: usize = 256 * 1024;

/// A TSRequest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TsRequest {
    /// `version`.
    pub version: u32,
    /// The first `negoToken` of `negoTokens`.
    pub nego_token: Option<Vec<u8>>,
    /// `authInfo`.
    pub auth_info: Option<Vec<u8>>,
    /// `pubKeyAuth`.
    pub pub_key_auth: Option<Vec<u8>>,
    /// `errorCode`: an NTSTATUS, from version 3 on.
    pub error_code: Option<u32>,
    /// `clientNonce`, from version 5 on.
    pub client_nonce: Option<Vec<u8>>,
}

impl TsRequest {
    /// A TSRequest that carries one negotiation token.
    pub fn with_token(version: u32, token: Vec<u8>) -> Self {
        Self {
            version,
            nego_token: Some(token),
            ..Self::default()
        }
    }

    /// A TSRequest that refuses.
    pub fn with_error(version: u32, error_code: u32) -> Self {
        Self {
            version,
            error_code: Some(error_code),
            ..Self::default()
        }
    }

    /// Writes it.
    pub fn encode(&self) -> Vec<u8> {
        let mut fields = ber::element(context(0), &ber::unsigned(self.version));
        if let Some(token) = &self.nego_token {
            // NegoData ::= SEQUENCE OF SEQUENCE { negoToken [0] OCTET STRING }
            let token = ber::element(context(0), &ber::element(OCTET_STRING, token));
            let tokens = ber::element(SEQUENCE, &ber::element(SEQUENCE, &token));
            fields.extend(ber::element(context(1), &tokens));
        }
        for (number, octets) in [(2, &self.auth_info), (3, &self.pub_key_auth)] {
            if let Some(octets) = octets {
                fields.extend(ber::element(
                    context(number),
                    &ber::element(OCTET_STRING, octets),
                ));
            }
        }
        if let Some(code) = self.error_code {
            // An INTEGER is signed: the same bits, in as few bytes as two's complement allows.
            let digits = code.to_be_bytes();
            let digits: &[u8] = match digits {
                [0, 0, 0, last] if last < 0x80 => &digits[3..],
                _ => &digits,
            };
            fields.extend(ber::element(context(4), &ber::element(INTEGER, digits)));
        }
        if let Some(nonce) = &self.client_nonce {
            fields.extend(ber::element(context(5), &ber::element(OCTET_STRING, nonce)));
        }
        ber::element(SEQUENCE, &fields)
    }
}

/// Reads a TSRequest from the front of a stream. Fields that cannot be read are left out; a sequence
/// without a version is [`Read::Not`].
pub fn read(stream: &[u8]) -> Read<TsRequest> {
    if stream.first().is_some_and(|&tag| tag != SEQUENCE) {
        return Read::Not;
    }
    let (header, used) = match ber::element_size(stream) {
        Read::Whole { used, .. } if used > LARGEST => return Read::Not,
        Read::Whole {
            value: (header, _),
            used,
        } => (header, used),
        Read::Partial => return Read::Partial,
        Read::Not => return Read::Not,
    };
    let Some(contents) = stream.get(header..used) else {
        return Read::Partial;
    };
    match fields(contents) {
        Some(value) => Read::Whole { value, used },
        None => Read::Not,
    }
}

/// How many bytes are missing until the TSRequest at the front of a stream is whole: zero when it is,
/// at least one while its length is not known, `None` when it cannot become one.
pub fn missing(stream: &[u8]) -> Option<usize> {
    if stream.first().is_some_and(|&tag| tag != SEQUENCE) {
        return None;
    }
    match ber::element_size(stream) {
        Read::Whole { used, .. } => (used <= LARGEST).then(|| used.saturating_sub(stream.len())),
        Read::Partial => Some(1),
        Read::Not => None,
    }
}

/// The credentials that a client hands over at the end, before they are sealed (TSCredentials with TSPasswordCreds):
/// domain, user and password in UTF-16.
pub fn password_credentials(parts: [&[u8]; 3]) -> Vec<u8> {
    let mut fields = Vec::new();
    for (number, octets) in (0..).zip(parts) {
        fields.extend(ber::element(
            context(number),
            &ber::element(OCTET_STRING, octets),
        ));
    }
    let password = ber::element(SEQUENCE, &fields);
    let credentials = [
        ber::element(context(0), &ber::unsigned(1)),
        ber::element(context(1), &ber::element(OCTET_STRING, &password)),
    ];
    ber::element(SEQUENCE, &credentials.concat())
}

fn fields(contents: &[u8]) -> Option<TsRequest> {
    let mut cursor = Cursor(contents);
    let version = ber::expect(&mut cursor, context(0))?;
    let version = ber::integer(ber::expect(&mut Cursor(version), INTEGER)?)?;
    let mut request = TsRequest {
        version,
        ..TsRequest::default()
    };
    let octets = |field: &[u8]| ber::expect(&mut Cursor(field), OCTET_STRING).map(<[u8]>::to_vec);
    while let Some((tag, field)) = ber::take(&mut cursor) {
        match tag {
            0xA1 => request.nego_token = first_token(field),
            0xA2 => request.auth_info = octets(field),
            0xA3 => request.pub_key_auth = octets(field),
            0xA4 => {
                request.error_code =
                    ber::expect(&mut Cursor(field), INTEGER).and_then(ber::integer);
            }
            0xA5 => request.client_nonce = octets(field),
            _ => {}
        }
    }
    Some(request)
}

fn first_token(field: &[u8]) -> Option<Vec<u8>> {
    let tokens = ber::expect(&mut Cursor(field), SEQUENCE)?;
    let mut first = Cursor(ber::expect(&mut Cursor(tokens), SEQUENCE)?);
    let token = ber::expect(&mut first, context(0))?;
    ber::expect(&mut Cursor(token), OCTET_STRING).map(<[u8]>::to_vec)
}
