//! The little of the record layer that is read back from what we send (RFC 8446 section 5.1).

use model::codes::TlsAlert;

const ALERT: u8 = 21;

/// The last alert sent in clear among whole records.
pub(crate) fn plain_alert(mut bytes: &[u8]) -> Option<TlsAlert> {
    let mut found = None;
    // ContentType 1 + ProtocolVersion 2 + length 2
    while let Some((&[kind, _, _, high, low], rest)) = bytes.split_first_chunk::<5>() {
        let length = usize::from(u16::from_be_bytes([high, low]));
        let Some((body, rest)) = rest.split_at_checked(length) else {
            break;
        };
        // AlertLevel 1 + AlertDescription 1; an encrypted alert is longer
        if let (ALERT, &[_, description]) = (kind, body) {
            found = Some(TlsAlert(description));
        }
        bytes = rest;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_alert_is_found_behind_other_records() {
        let bytes = [22, 3, 1, 0, 1, 9, 21, 3, 3, 0, 2, 2, 70];
        assert_eq!(plain_alert(&bytes), Some(TlsAlert::PROTOCOL_VERSION));
    }

    #[test]
    fn an_encrypted_or_cut_alert_is_not() {
        assert_eq!(plain_alert(&[21, 3, 3, 0, 3, 1, 2, 3]), None);
        assert_eq!(plain_alert(&[21, 3, 3, 0, 2, 2]), None);
        assert_eq!(plain_alert(&[]), None);
    }
}
