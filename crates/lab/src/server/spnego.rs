//! The wrapping of SPNEGO around NTLM tokens that current Windows clients use (RFC 4178 section 4.2).

/// The mechanism NTLMSSP, 1.3.6.1.4.1.311.2.2.10, encoded.
const NTLMSSP: &[u8] = &[0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0A];

/// The token is SPNEGO: an InitialContextToken or a NegTokenResp.
pub(crate) fn is(token: &[u8]) -> bool {
    matches!(token.first(), Some(0x60 | 0xA1))
}

/// Wraps an NTLM message in a NegTokenResp that is not complete yet.
pub(crate) fn wrap(message: &[u8]) -> Vec<u8> {
    let state = element(0xA0, &element(0x0A, &[1]));
    let mechanism = element(0xA1, &element(0x06, NTLMSSP));
    let token = element(0xA2, &element(0x04, message));
    element(0xA1, &element(0x30, &[state, mechanism, token].concat()))
}

/// A NegTokenResp that says that all is well.
pub(crate) fn accepted() -> Vec<u8> {
    let state = element(0xA0, &element(0x0A, &[0]));
    element(0xA1, &element(0x30, &state))
}

/// A DER element of this tag.
fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = contents.len().to_be_bytes();
    let significant = length
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(length.len());
    let digits = length.get(significant..).unwrap_or_default();
    match digits {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        long => {
            out.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            out.extend(long);
        }
    }
    out.extend(contents);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_shortest() {
        assert_eq!(element(4, &[]), [4, 0]);
        assert_eq!(element(4, &[7; 127])[..2], [4, 127]);
        assert_eq!(element(4, &[7; 128])[..3], [4, 0x81, 128]);
        assert_eq!(element(4, &[7; 256])[..4], [4, 0x82, 1, 0]);
    }

    #[test]
    fn a_wrapped_challenge_is_found_again() {
        let says = model::NtlmChallenge {
            target: Some("CORP".to_owned()),
            ..model::NtlmChallenge::default()
        };
        let challenge = wire::ntlm::challenge(&says, [1; 8]);
        let read = wire::ntlm::read_challenge(&wrap(&challenge)).unwrap();
        assert_eq!(read.target.as_deref(), Some("CORP"));
        assert!(is(&wrap(&challenge)) && !is(&challenge));
    }
}
