//! Services that answer where RDP was expected, by the first bytes of their answer.

use model::Service;

use crate::tls;
use crate::x224;

/// The service whose answer begins with these bytes, when it can be told.
pub fn recognise(first_bytes: &[u8]) -> Option<Service> {
    let starts = |text: &[u8]| {
        first_bytes
            .get(..text.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(text))
    };
    let says = |text: &[u8]| {
        first_bytes
            .windows(text.len())
            .any(|window| window.eq_ignore_ascii_case(text))
    };
    if starts(b"SSH-") {
        return Some(Service::Ssh);
    }
    if starts(b"HTTP/") || starts(b"<html") || starts(b"<!doctype html") {
        return Some(Service::Http);
    }
    if starts(b"RFB 00") {
        return Some(Service::Vnc);
    }
    // RFC 5321 section 4.2 and RFC 959 section 5.4 share the greeting 220, so the words decide.
    if starts(b"220") || starts(b"421") || starts(b"500 ") || starts(b"530 ") {
        if says(b"ftp") {
            return Some(Service::Ftp);
        }
        if says(b"smtp") || says(b"mail") || says(b"5.5.") {
            return Some(Service::Smtp);
        }
        return None;
    }
    if starts(b"554 ") {
        return Some(Service::Smtp);
    }
    match first_bytes {
        // IAC with WILL, WON'T, DO or DON'T (RFC 854).
        [0xFF, 0xFB..=0xFE, ..] => Some(Service::Telnet),
        // NetBIOS session service (RFC 1002 section 4.3): message, positive and negative response.
        [0x00, 0x00 | 0x01, _, _, 0xFF | 0xFE, b'S', b'M', b'B', ..] => Some(Service::Smb),
        [0x82, 0x00, 0x00, 0x00, ..] | [0x83, 0x00, 0x00, 0x01, 0x80..=0x8F, ..] => {
            Some(Service::Smb)
        }
        _ if tls::looks_like_record(first_bytes) == Some(true) => Some(Service::Tls),
        _ if x224::is_other_user(first_bytes) => Some(Service::OtherX224),
        _ => None,
    }
}
