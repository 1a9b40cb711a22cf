//! The head of an HTTP/1 answer (RFC 9112), as far as a diagnosis needs it: status, fields, and which ways to log
//! on it offers (RFC 9110 section 11).

use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use base64::engine::{DecodePaddingMode, Engine as _};

use crate::cursor::Read;

/// A longer head is none.
pub const LONGEST_HEAD: usize = 32 * 1024;
/// A longer chunk is none.
const LONGEST_CHUNK: usize = 1 << 20;
/// More fields than this are not kept.
const MOST_FIELDS: usize = 100;

/// The head of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// The words after it.
    pub reason: String,
    /// Names and values of the fields, in order.
    pub fields: Vec<(String, String)>,
}

impl Head {
    /// The first field of this name.
    pub fn field<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Every field of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The schemes of authentication in the fields of this name (`WWW-Authenticate`, `Proxy-Authenticate`), each
    /// once, in order.
    pub fn schemes(&self, name: &str) -> Vec<String> {
        let mut schemes: Vec<String> = Vec::new();
        for part in self.all(name).flat_map(challenges) {
            let word = part.split_whitespace().next().unwrap_or_default();
            let is_scheme = !word.is_empty() && !word.contains(['=', '"']);
            if is_scheme && !schemes.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                schemes.push(word.to_owned());
            }
        }
        schemes
    }

    /// What follows a scheme of authentication in the fields of this name.
    pub fn token<'a>(&'a self, name: &'a str, scheme: &str) -> Option<&'a str> {
        self.all(name).find_map(|value| {
            let (word, rest) = value.trim().split_once(' ')?;
            word.eq_ignore_ascii_case(scheme).then_some(rest.trim())
        })
    }

    /// How the body of the answer ends.
    pub fn body(&self) -> Body {
        let is = |name: &str, value: &str| {
            self.all(name)
                .any(|held| held.to_ascii_lowercase().contains(value))
        };
        if matches!(self.status, 100..=199 | 204 | 304) {
            return Body::Length(0);
        }
        if is("transfer-encoding", "chunked") {
            return Body::Chunked;
        }
        self.field("content-length")
            .and_then(|length| length.trim().parse().ok())
            .map_or(Body::UntilClosed, Body::Length)
    }

    /// The connection may carry another request.
    pub fn keeps_alive(&self) -> bool {
        !self
            .all("connection")
            .any(|value| value.to_ascii_lowercase().contains("close"))
            && self.body() != Body::UntilClosed
    }
}

/// How the body of an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// After so many bytes.
    Length(u64),
    /// With an empty chunk.
    Chunked,
    /// With the connection.
    UntilClosed,
}

/// Reads the head of an answer.
pub fn read_head(bytes: &[u8]) -> Read<Head> {
    const START: &[u8] = b"HTTP/1.";
    let begins = bytes
        .iter()
        .zip(START)
        .all(|(byte, expected)| byte.eq_ignore_ascii_case(expected));
    if !begins {
        return Read::Not;
    }
    let head = bytes.get(..LONGEST_HEAD).unwrap_or(bytes);
    let Some((length, used)) = end_of_head(head) else {
        return if bytes.len() >= LONGEST_HEAD {
            Read::Not
        } else {
            Read::Partial
        };
    };
    let text = String::from_utf8_lossy(head.get(..length).unwrap_or_default());
    let mut lines = text.lines();
    let Some(value) = lines.next().and_then(status_line) else {
        return Read::Not;
    };
    let mut value = value;
    for line in lines.take(MOST_FIELDS) {
        match line.split_once(':') {
            // A line that begins with a space goes on with the one before (RFC 9112 section 5.2).
            _ if line.starts_with([' ', '\t']) => {
                if let Some((_, known)) = value.fields.last_mut() {
                    known.push(' ');
                    known.push_str(line.trim());
                }
            }
            Some((name, held)) => value
                .fields
                .push((name.trim().to_owned(), held.trim().to_owned())),
            None => {}
        }
    }
    Read::Whole { value, used }
}

/// The length of the head without the empty line that ends it, and with it.
fn end_of_head(bytes: &[u8]) -> Option<(usize, usize)> {
    let full = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let bare = bytes.windows(2).position(|two| two == b"\n\n");
    match (full, bare) {
        (Some(full), bare) if bare.is_none_or(|bare| full < bare) => {
            Some((full, full.saturating_add(4)))
        }
        (_, Some(bare)) => Some((bare, bare.saturating_add(2))),
        _ => None,
    }
}

fn status_line(line: &str) -> Option<Head> {
    let (_, rest) = line.split_once(' ')?;
    let (status, reason) = rest
        .trim_start()
        .split_once(' ')
        .unwrap_or((rest.trim(), ""));
    let status = status
        .parse()
        .ok()
        .filter(|status| (100..=999).contains(status))?;
    Some(Head {
        status,
        reason: reason.trim().to_owned(),
        fields: Vec::new(),
    })
}

/// The parts of a field between commas, which do not separate within quotes.
fn challenges(value: &str) -> Vec<&str> {
    let mut quoted = false;
    value
        .split(move |letter: char| {
            quoted ^= letter == '"';
            letter == ',' && !quoted
        })
        .map(str::trim)
        .collect()
}

/// Reads a chunk of a body (RFC 9112 section 7.1); the last one is empty.
pub fn read_chunk(bytes: &[u8]) -> Read<Vec<u8>> {
    /// A longer line is none.
    const LONGEST_LINE: usize = 64;
    let line = bytes.get(..LONGEST_LINE).unwrap_or(bytes);
    let Some(end) = line.windows(2).position(|two| two == b"\r\n") else {
        return if bytes.len() < LONGEST_LINE {
            Read::Partial
        } else {
            Read::Not
        };
    };
    let digits = line
        .get(..end)
        .and_then(|line| std::str::from_utf8(line).ok())
        .and_then(|line| line.split(';').next())
        .unwrap_or_default()
        .trim();
    let Some(length) = usize::from_str_radix(digits, 16)
        .ok()
        .filter(|length| *length <= LONGEST_CHUNK)
    else {
        return Read::Not;
    };
    let starts = end.saturating_add(2);
    let ends = starts.saturating_add(length);
    let used = ends.saturating_add(2);
    match (bytes.get(starts..ends), bytes.get(ends..used)) {
        (Some(value), Some(b"\r\n")) => Read::Whole {
            value: value.to_vec(),
            used,
        },
        (Some(_), Some(_)) => Read::Not,
        _ => Read::Partial,
    }
}

/// Reads the body behind a head, the chunks it came in put together. One that ends with the connection is never whole.
pub fn read_body(head: &Head, bytes: &[u8]) -> Read<Vec<u8>> {
    match head.body() {
        Body::Length(length) => {
            let whole = usize::try_from(length)
                .ok()
                .and_then(|length| bytes.get(..length));
            whole.map_or(Read::Partial, |body| Read::Whole {
                value: body.to_vec(),
                used: body.len(),
            })
        }
        Body::Chunked => {
            let (mut value, mut used) = (Vec::new(), 0_usize);
            loop {
                match read_chunk(bytes.get(used..).unwrap_or_default()) {
                    Read::Whole {
                        value: chunk,
                        used: size,
                    } => {
                        used = used.saturating_add(size);
                        if chunk.is_empty() {
                            return Read::Whole { value, used };
                        }
                        value.extend(chunk);
                    }
                    Read::Partial => return Read::Partial,
                    Read::Not => return Read::Not,
                }
            }
        }
        Body::UntilClosed => Read::Partial,
    }
}

/// The title of a page, as far as it can be shown; empty when it has none.
pub fn title(page: &str) -> String {
    /// A longer one is cut.
    const LONGEST: usize = 60;
    // Names of elements are ASCII: the places are the same in both.
    let folded = page.to_ascii_lowercase();
    let text = folded.find("<title").and_then(|at| {
        let begins = at
            .checked_add(folded.get(at..)?.find('>')?)?
            .checked_add(1)?;
        let rest = page.get(begins..)?;
        rest.split('<').next()
    });
    let text = text.unwrap_or_default();
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(LONGEST).collect()
}

/// Encodes bytes as in `Authorization` (RFC 4648 section 4).
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Decodes what [`base64()`] encodes. Not every server fills up the last letters, or with zeroes.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::RequireNone),
    );
    LENIENT.decode(text.trim().trim_end_matches('=')).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GATEWAY: &[u8] = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nServer: Microsoft-HTTPAPI/2.0\r\n\
        WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\nwww-authenticate: Basic realm=\"a, b\", Digest nonce=\"x\"\r\n\r\nrest";

    #[test]
    fn a_gateway_says_which_logons_it_takes() {
        let Read::Whole { value, used } = read_head(GATEWAY) else {
            panic!("not read");
        };
        assert_eq!((value.status, value.reason.as_str()), (401, "Unauthorized"));
        assert_eq!(GATEWAY.get(used..), Some(&b"rest"[..]));
        assert_eq!(
            value.schemes("WWW-Authenticate"),
            ["Negotiate", "NTLM", "Basic", "Digest"]
        );
        assert_eq!(value.field("server"), Some("Microsoft-HTTPAPI/2.0"));
        assert!(value.keeps_alive());
    }

    #[test]
    fn bodies_come_in_chunks() {
        let whole = |value: &[u8], used| Read::Whole {
            value: value.to_vec(),
            used,
        };
        assert_eq!(read_chunk(b"3;x=y\r\nabc\r\n0\r\n\r\n"), whole(b"abc", 12));
        assert_eq!(read_chunk(b"0\r\n\r\n"), whole(b"", 5));
        assert_eq!(read_chunk(b"A\r\nab"), Read::Partial);
        assert_eq!(read_chunk(b"3"), Read::Partial);
        assert_eq!(read_chunk(b"3\r\nabcde"), Read::Not);
        assert_eq!(read_chunk(b"zz\r\n"), Read::Not);
        assert_eq!(read_chunk(b"FFFFFFFF\r\n"), Read::Not);
    }

    #[test]
    fn a_body_is_read_whatever_it_came_in() {
        let read = |answer: &[u8]| {
            let Read::Whole { value: head, used } = read_head(answer) else {
                panic!("no head");
            };
            read_body(&head, &answer[used..])
        };
        let whole = |value: &[u8], used| Read::Whole {
            value: value.to_vec(),
            used,
        };
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\nmore";
        assert_eq!(read(chunked), whole(b"abcde", 24));
        assert_eq!(read(&chunked[..chunked.len() - 5]), Read::Partial);
        let damaged =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc";
        assert_eq!(read(damaged), Read::Not);
        let counted = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd";
        assert_eq!(read(counted), whole(b"abc", 3));
        assert_eq!(read(&counted[..counted.len() - 2]), Read::Partial);
        assert_eq!(read(b"HTTP/1.1 200 OK\r\n\r\nabc"), Read::Partial);
    }

    #[test]
    fn a_page_has_a_title() {
        for (page, says) in [
            (
                "<!DOCTYPE html><TITLE lang=en>It\n works</TITLE>",
                "It works",
            ),
            ("<html><title>cut off in the mid", "cut off in the mid"),
            ("<title", ""),
            ("<h1>none</h1>", ""),
        ] {
            assert_eq!(title(page), says, "{page}");
        }
    }

    #[test]
    fn tokens_follow_their_scheme() {
        let head = Head {
            status: 401,
            fields: vec![(
                "WWW-Authenticate".to_owned(),
                "NTLM TlRMTVNTUAAC".to_owned(),
            )],
            ..Head::default()
        };
        assert_eq!(head.token("www-authenticate", "ntlm"), Some("TlRMTVNTUAAC"));
        assert_eq!(head.token("www-authenticate", "Negotiate"), None);
    }

    #[test]
    fn bodies_end_in_three_ways() {
        let body = |text: &str| read_head(text.as_bytes()).whole().unwrap().body();
        assert_eq!(body("HTTP/1.0 404 Not Found\r\n\r\n"), Body::UntilClosed);
        assert_eq!(
            body("HTTP/1.1 404 x\r\ncontent-length: 5\r\n\r\n"),
            Body::Length(5)
        );
        assert_eq!(
            body("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n"),
            Body::Chunked
        );
        assert_eq!(
            body("HTTP/1.1 101 Switching Protocols\n\n"),
            Body::Length(0)
        );
    }

    #[test]
    fn other_services_are_not_taken_for_one() {
        for other in [
            &b"SSH-2.0-x\r\n\r\n"[..],
            b"220 mail\r\n\r\n",
            b"\x15\x03\x01\x00\x02\x02\x46",
        ] {
            assert_eq!(read_head(other), Read::Not);
        }
        assert_eq!(read_head(b"HTTP/1.1 2"), Read::Partial);
        assert_eq!(read_head(b"HTTP/1.1 nonsense\r\n\r\n"), Read::Not);
        assert_eq!(
            read_head(&[&b"HTTP/1.1 200 "[..], &vec![b'x'; LONGEST_HEAD]].concat()),
            Read::Not
        );
    }

    #[test]
    fn base64_is_that_of_the_examples() {
        // RFC 4648 section 10.
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
            assert_eq!(from_base64(coded), Some(plain.as_bytes().to_vec()));
        }
        assert_eq!(from_base64("Zm9*"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_calm(bytes: Vec<u8>) {
            let _ = read_head(&bytes);
            let coded = base64(&bytes);
            prop_assert_eq!(from_base64(&coded), Some(bytes));
        }

        #[test]
        fn any_head_is_calm(rest in "[ -~\r\n\t]{0,300}") {
            let text = format!("HTTP/1.1 401 x\r\n{rest}\r\n\r\n");
            if let Some(head) = read_head(text.as_bytes()).whole() {
                let _ = (head.schemes("a"), head.body(), head.keeps_alive());
            }
        }
    }
}
