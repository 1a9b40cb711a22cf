//! As much of HTTP as a gateway and a proxy need on their side (RFC 9110, RFC 9112, RFC 6455), sans-IO.

use model::UnixSeconds;
use wire::Read;

/// A head longer than this is nobody's request.
const LONGEST_HEAD: usize = 32 * 1024;
/// A frame or chunk longer than this is nobody's.
const LONGEST_PIECE: usize = 1024 * 1024;

/// The head of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// What is asked for, as written.
    pub target: String,
    headers: Vec<(String, String)>,
}

impl Request {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The header of this name has this word in its list.
    pub fn says(&self, name: &str, word: &str) -> bool {
        self.headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .flat_map(|(_, value)| value.split(','))
            .any(|known| known.trim().eq_ignore_ascii_case(word))
    }

    /// The path without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The value of a parameter of the query, with its escapes resolved.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| unescape(value))
    }

    /// The length of a body that is announced; `None` for one that is chunked or missing.
    pub fn length(&self) -> Option<usize> {
        self.header("Content-Length")?.trim().parse().ok()
    }

    /// The body comes in chunks.
    pub fn is_chunked(&self) -> bool {
        self.says("Transfer-Encoding", "chunked")
    }

    /// The scheme and the credentials of the request, from this header.
    pub fn credentials(&self, header: &str) -> Option<(&str, &str)> {
        let value = self.header(header)?.trim();
        Some(match value.split_once(' ') {
            Some((scheme, rest)) => (scheme, rest.trim()),
            None => (value, ""),
        })
    }
}

fn unescape(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                match (digit(), digit()) {
                    (Some(high), Some(low)) => u8::try_from(high * 16 + low).unwrap_or(b'?'),
                    _ => b'?',
                }
            }
            other => other,
        });
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Reads the head of a request.
pub fn read_request(stream: &[u8]) -> Read<Request> {
    let Some(end) = stream.windows(4).position(|window| window == b"\r\n\r\n") else {
        // A method is a word of letters, digits and a few signs: anything else will never be a request.
        let odd = stream
            .iter()
            .take_while(|byte| **byte != b' ')
            .any(|byte| !byte.is_ascii_alphanumeric() && !b"_-".contains(byte));
        return if odd || stream.len() > LONGEST_HEAD {
            Read::Not
        } else {
            Read::Partial
        };
    };
    let head = String::from_utf8_lossy(stream.get(..end).unwrap_or_default());
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Read::Not;
    };
    if method.is_empty() || !version.starts_with("HTTP/1.") {
        return Read::Not;
    }
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect();
    Read::Whole {
        value: Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers,
        },
        used: end.saturating_add(4),
    }
}

/// An answer to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The number.
    pub status: u16,
    /// The words after it; the usual ones when absent.
    pub reason: Option<String>,
    /// Headers, as written.
    pub headers: Vec<String>,
    /// The body; `None` for an answer whose body has no announced end.
    pub body: Option<Vec<u8>>,
}

impl Response {
    /// An answer without a body.
    pub fn of(status: u16) -> Self {
        Self {
            status,
            body: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// The same with one header more.
    #[must_use]
    pub fn with(mut self, header: impl Into<String>) -> Self {
        self.headers.push(header.into());
        self
    }

    /// The same with this body.
    #[must_use]
    pub fn showing(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.with(format!("Content-Type: {kind}"))
    }

    /// Its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let reason = self
            .reason
            .as_deref()
            .unwrap_or_else(|| reason(self.status));
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status);
        for header in &self.headers {
            head += header;
            head += "\r\n";
        }
        if let Some(body) = &self.body {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        head += "\r\n";
        let mut bytes = head.into_bytes();
        bytes.extend(self.body.iter().flatten());
        bytes
    }
}

/// The usual words after a status.
fn reason(status: u16) -> &'static str {
    match status {
        101 => "Switching Protocols",
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        413 => "Content Too Large",
        426 => "Upgrade Required",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}

/// A moment as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn date(moment: UnixSeconds) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let days = moment.0.div_euclid(86_400);
    let second = moment.0.rem_euclid(86_400);
    let name = |names: &[&'static str], index: i64| {
        usize::try_from(index)
            .ok()
            .and_then(|index| names.get(index).copied())
            .unwrap_or_default()
    };
    // Years that begin in March, in eras of 400: then the leap day is the last of its year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12;
    let year = year_of_era + era * 400 + i64::from(month < 2);
    format!(
        "{}, {day:02} {} {year} {:02}:{:02}:{:02} GMT",
        name(&DAYS, days.rem_euclid(7)),
        name(&MONTHS, month),
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// Takes the chunks of a body apart (RFC 9112 section 7.1).
#[derive(Clone, Debug, Default)]
pub struct Chunks {
    over: bool,
}

impl Chunks {
    /// Takes all whole chunks from the front of `stream`; `Not` when these are none, or none any more.
    pub fn read(&mut self, stream: &mut Vec<u8>) -> Read<Vec<u8>> {
        let mut body = Vec::new();
        let mut at = 0_usize;
        while !self.over {
            let rest = stream.get(at..).unwrap_or_default();
            let Some(line) = rest.windows(2).position(|window| window == b"\r\n") else {
                if rest.len() > 256 {
                    return Read::Not;
                }
                break;
            };
            let size = String::from_utf8_lossy(rest.get(..line).unwrap_or_default());
            let size = size.split(';').next().unwrap_or_default().trim();
            let Some(size) = usize::from_str_radix(size, 16)
                .ok()
                .filter(|size| *size <= LONGEST_PIECE)
            else {
                return Read::Not;
            };
            let from = line + 2;
            let Some(piece) = rest.get(from..from + size + 2) else {
                break;
            };
            let (piece, end) = piece.split_at_checked(size).unwrap_or_default();
            if end != b"\r\n" {
                return Read::Not;
            }
            body.extend_from_slice(piece);
            at += from + size + 2;
            self.over = size == 0;
        }
        if at == 0 {
            return if self.over { Read::Not } else { Read::Partial };
        }
        stream.drain(..at);
        Read::Whole {
            value: body,
            used: at,
        }
    }
}

/// Kinds of WebSocket frames (RFC 6455 section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// Text, binary, or what continues them.
    Data,
    /// The end.
    Close,
    /// A question that is answered with the same.
    Ping,
    /// Its answer.
    Pong,
}

/// Reads a frame of a client, which is always masked.
pub fn read_frame(stream: &[u8]) -> Read<(Opcode, Vec<u8>)> {
    let (Some(first), Some(second)) = (stream.first(), stream.get(1)) else {
        return Read::Partial;
    };
    let opcode = match first & 0x0F {
        0..=2 => Opcode::Data,
        8 => Opcode::Close,
        9 => Opcode::Ping,
        10 => Opcode::Pong,
        _ => return Read::Not,
    };
    if first & 0x70 != 0 || second & 0x80 == 0 {
        return Read::Not;
    }
    let (length, at) = match second & 0x7F {
        126 => match stream.get(2..).and_then(|rest| rest.first_chunk()) {
            Some(length) => (usize::from(u16::from_be_bytes(*length)), 4_usize),
            None => return Read::Partial,
        },
        127 => match stream.get(2..).and_then(|rest| rest.first_chunk()) {
            Some(length) => match usize::try_from(u64::from_be_bytes(*length)) {
                Ok(length) => (length, 10),
                Err(_) => return Read::Not,
            },
            None => return Read::Partial,
        },
        short => (usize::from(short), 2),
    };
    if length > LONGEST_PIECE {
        return Read::Not;
    }
    let body = at + 4;
    let (Some(mask), Some(masked)) = (stream.get(at..body), stream.get(body..body + length)) else {
        return Read::Partial;
    };
    let payload = masked
        .iter()
        .zip(mask.iter().cycle())
        .map(|(byte, mask)| byte ^ mask)
        .collect();
    Read::Whole {
        value: (opcode, payload),
        used: body + length,
    }
}

/// Writes a frame of a server, which is never masked.
pub fn frame(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    let code = match opcode {
        Opcode::Data => 2,
        Opcode::Close => 8,
        Opcode::Ping => 9,
        Opcode::Pong => 10,
    };
    let mut out = vec![0x80 | code];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short), _) if short < 126 => out.push(short),
        (_, Ok(middle)) => {
            out.push(126);
            out.extend(middle.to_be_bytes());
        }
        _ => {
            out.push(127);
            out.extend(
                u64::try_from(payload.len())
                    .unwrap_or(u64::MAX)
                    .to_be_bytes(),
            );
        }
    }
    out.extend_from_slice(payload);
    out
}

/// The answer to a `Sec-WebSocket-Key` (RFC 6455 section 4.2.2).
pub fn accept(key: &str) -> String {
    let joined = format!("{}258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key.trim());
    openssl::base64::encode_block(&openssl::sha::sha1(joined.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_with_its_query() {
        let text = b"RDG_OUT_DATA /remoteDesktopGateway/?ConId=%7BA-1%7D&ClGen=x+y HTTP/1.1\r\nHost: gw\r\n\
                     Connection: keep-alive, Upgrade\r\nAUTHORIZATION: Basic bGFi\r\n\r\nrest";
        let Read::Whole { value, used } = read_request(text) else {
            panic!("it is whole");
        };
        assert_eq!(used, text.len() - 4);
        assert_eq!(value.path(), "/remoteDesktopGateway/");
        assert_eq!(value.parameter("conid").as_deref(), Some("{A-1}"));
        assert_eq!(value.parameter("ClGen").as_deref(), Some("x y"));
        assert!(value.says("connection", "upgrade"));
        assert_eq!(value.credentials("Authorization"), Some(("Basic", "bGFi")));
        for end in 0..used {
            assert_eq!(read_request(&text[..end]), Read::Partial, "{end}");
        }
    }

    #[test]
    fn what_is_no_request_is_none() {
        assert_eq!(read_request(b"\x03\x00\x00\x13"), Read::Not);
        assert_eq!(read_request(b"GET /\r\n\r\n"), Read::Not);
        assert_eq!(read_request(&vec![b'A'; LONGEST_HEAD + 1]), Read::Not);
    }

    #[test]
    fn dates_are_those_of_a_calendar() {
        assert_eq!(
            date(UnixSeconds(784_111_777)),
            "Sun, 06 Nov 1994 08:49:37 GMT"
        );
        assert_eq!(date(UnixSeconds(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(
            date(UnixSeconds(1_709_164_800)),
            "Thu, 29 Feb 2024 00:00:00 GMT"
        );
        assert_eq!(
            date(UnixSeconds(1_767_225_599)),
            "Wed, 31 Dec 2025 23:59:59 GMT"
        );
    }

    #[test]
    fn chunks_come_in_any_pieces() {
        let text = b"5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n";
        for cut in 0..text.len() {
            let mut chunks = Chunks::default();
            let mut stream = Vec::new();
            let mut body = Vec::new();
            for part in [&text[..cut], &text[cut..]] {
                stream.extend(part);
                while let Read::Whole { value, .. } = chunks.read(&mut stream) {
                    body.extend(value);
                }
            }
            assert_eq!(body, b"hello!", "{cut}");
            assert!(chunks.over);
        }
        assert_eq!(Chunks::default().read(&mut b"zz\r\n".to_vec()), Read::Not);
        assert_eq!(Chunks::default().read(&mut b"1\r\nabc".to_vec()), Read::Not);
        assert_eq!(
            Chunks::default().read(&mut b"FFFFFFFFFF\r\n".to_vec()),
            Read::Not
        );
    }

    #[test]
    fn frames_of_every_length_are_read_and_written() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![7; length];
            let mut sent = frame(Opcode::Data, &payload);
            // The same with a mask, as a client writes it.
            sent[1] |= 0x80;
            let at = sent.len() - length;
            sent.splice(at..at, [1, 2, 3, 4]);
            for (index, byte) in sent[at + 4..].iter_mut().enumerate() {
                *byte ^= [1, 2, 3, 4][index % 4];
            }
            let used = sent.len();
            let value = (Opcode::Data, payload);
            assert_eq!(read_frame(&sent), Read::Whole { value, used });
            assert_eq!(read_frame(&sent[..used - 1]), Read::Partial);
        }
        assert_eq!(read_frame(&[0x82, 0x00]), Read::Not, "not masked");
    }

    #[test]
    fn the_key_of_the_standard_is_accepted() {
        assert_eq!(
            accept("dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
    }
}
