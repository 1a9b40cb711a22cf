//! What a client and a proxy say to each other before the connection proper: HTTP CONNECT (RFC 9110), SOCKS 5
//! (RFC 1928), SOCKS 4, and the PROXY header that a load balancer puts in front.

use wire::tls;

use super::bytes::be16;

/// The largest preface of a side.
const LARGEST: usize = 16 * 1024;
/// The signature of version 2 of HAProxy's PROXY protocol.
const PROXY_V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// What both sides have said so far.
#[derive(Debug, Default)]
pub(super) struct Preface {
    pub client: Vec<u8>,
    pub server: Vec<u8>,
}

/// Whom a proxy was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub host: String,
    pub port: u16,
}

/// How far the preface is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// More bytes are needed.
    More,
    /// It is over: in words, the port that was asked for where one was, and how many bytes of each side belong
    /// to it.
    Open {
        via: String,
        port: Option<u16>,
        client: usize,
        server: usize,
    },
    /// The proxy refused.
    Refused { asked: Asked, answer: u16 },
    /// It is no preface.
    Other,
}

/// Whether a connection that begins with these bytes has a preface.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"CONNECT ")
        || bytes.starts_with(b"PROXY ")
        || bytes.starts_with(PROXY_V2)
        || is_socks5(bytes)
        || matches!(bytes, [4, 1, high, low, ..] if u16::from_be_bytes([*high, *low]) == 3389)
}

/// A greeting is as long as it says, and offers a method that exists.
fn is_socks5(bytes: &[u8]) -> bool {
    matches!(bytes, [5, count @ 1..=8, methods @ ..]
        if methods.len() == usize::from(*count) && methods.iter().all(|method| *method <= 9 || *method >= 0x80))
}

impl Preface {
    /// Reads as far as both sides have come.
    pub fn read(&self) -> Step {
        if self.client.len() > LARGEST || self.server.len() > LARGEST {
            return Step::Other;
        }
        let step = match self.client.first() {
            None => return Step::More,
            Some(5) => self.socks5(),
            Some(4) => self.socks4(),
            Some(b'C') => self.connect(),
            Some(_) => self.header(),
        };
        step.unwrap_or(Step::More)
    }

    /// Whom an HTTP proxy was asked for that wants to know who asks, and was not told.
    pub fn unanswered(&self) -> Option<Asked> {
        let waits = self.client.starts_with(b"CONNECT ")
            && end_of_head(&self.client).is_some()
            && self.server.get(9..12) == Some(b"407");
        let asked = self.client.split(|&byte| byte == b' ').nth(1)?;
        waits.then(|| Asked::of(&String::from_utf8_lossy(asked)))
    }

    fn connect(&self) -> Option<Step> {
        let client = end_of_head(&self.client)?;
        let asked = self.client.split(|&byte| byte == b' ').nth(1)?;
        let asked = Asked::of(&String::from_utf8_lossy(asked));
        let wrong = tls::looks_like_record(&self.server) == Some(true)
            || (self.server.len() >= 7 && !self.server.starts_with(b"HTTP/1."));
        if wrong {
            return Some(Step::Other);
        }
        let server = end_of_head(&self.server)?;
        let status = self.server.get(9..12).and_then(|digits| {
            std::str::from_utf8(digits)
                .ok()
                .and_then(|digits| digits.parse::<u16>().ok())
        });
        Some(match status {
            Some(200..=299) => Step::Open {
                via: format!("an HTTP proxy to {}", asked.words()),
                port: Some(asked.port),
                client,
                server,
            },
            // It asks who the client is, and the client may ask once more on the same connection.
            Some(407) if self.client.len() > client => {
                let rest = Self {
                    client: self.client.get(client..).unwrap_or_default().to_vec(),
                    server: self.after_body(server)?,
                };
                let before = self.server.len().saturating_sub(rest.server.len());
                match rest.connect()? {
                    Step::Open {
                        via,
                        port,
                        client: further,
                        server,
                    } => Step::Open {
                        via,
                        port,
                        client: client.saturating_add(further),
                        server: before.saturating_add(server),
                    },
                    other => other,
                }
            }
            Some(407) => return None,
            Some(answer) => Step::Refused { asked, answer },
            None => Step::Other,
        })
    }

    /// What the server says behind the body of the answer whose head ends here.
    fn after_body(&self, head: usize) -> Option<Vec<u8>> {
        let text = String::from_utf8_lossy(self.server.get(..head)?).to_ascii_lowercase();
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .and_then(|length| length.trim().parse::<usize>().ok())
            .unwrap_or(0);
        self.server
            .get(head.saturating_add(length)..)
            .map(<[u8]>::to_vec)
    }

    fn socks5(&self) -> Option<Step> {
        let greeting = 2_usize.saturating_add(usize::from(*self.client.get(1)?));
        let method = match self.server.get(..2)? {
            [5, method] => *method,
            _ => return Some(Step::Other),
        };
        if method == 0xFF {
            let asked = Asked {
                host: "a host it was not told of".to_owned(),
                port: 0,
            };
            return Some(Step::Refused {
                asked,
                answer: 0xFF,
            });
        }
        let (mut client, mut server) = (greeting, 2_usize);
        if method == 2 {
            // A name and a password, each with its length (RFC 1929); neither is kept.
            let name = usize::from(*self.client.get(client.saturating_add(1))?);
            let at = client.saturating_add(2).saturating_add(name);
            let password = usize::from(*self.client.get(at)?);
            client = at.saturating_add(1).saturating_add(password);
            let _ = self.server.get(server.saturating_add(1))?;
            server = server.saturating_add(2);
        } else if method != 0 {
            return Some(Step::Other);
        }
        let (asked, size) = socks_address(self.client.get(client..)?)?;
        client = client.saturating_add(size);
        let answer = *self.server.get(server.saturating_add(1))?;
        if answer != 0 {
            return Some(Step::Refused {
                asked,
                answer: u16::from(answer),
            });
        }
        let (_, size) = socks_address(self.server.get(server..)?)?;
        Some(Step::Open {
            via: format!("a SOCKS proxy to {}", asked.words()),
            port: Some(asked.port),
            client,
            server: server.saturating_add(size),
        })
    }

    fn socks4(&self) -> Option<Step> {
        let port = be16(&self.client, 2)?;
        let address: [u8; 4] = self.client.get(4..)?.first_chunk().copied()?;
        let user = self.client.get(8..)?.iter().position(|&byte| byte == 0)?;
        let mut client = user.saturating_add(9);
        let mut host = std::net::Ipv4Addr::from(address).to_string();
        // Version 4a: a name follows.
        if matches!(address, [0, 0, 0, 1..=255]) {
            let rest = self.client.get(client..)?;
            let end = rest.iter().position(|&byte| byte == 0)?;
            host = String::from_utf8_lossy(rest.get(..end)?).into_owned();
            client = client.saturating_add(end).saturating_add(1);
        }
        let asked = Asked { host, port };
        let answer = *self.server.get(..8)?.get(1)?;
        Some(if answer == 0x5A {
            Step::Open {
                via: format!("a SOCKS proxy to {}", asked.words()),
                port: Some(asked.port),
                client,
                server: 8,
            }
        } else {
            Step::Refused {
                asked,
                answer: u16::from(answer),
            }
        })
    }

    /// The PROXY header, which nobody answers.
    fn header(&self) -> Option<Step> {
        let bytes = self.client.as_slice();
        let client = if let Some(rest) = bytes.strip_prefix(PROXY_V2) {
            let length = usize::from(be16(rest, 2)?);
            let size = PROXY_V2.len().saturating_add(4).saturating_add(length);
            if bytes.len() < size {
                return None;
            }
            size
        } else if bytes.starts_with(b"PROXY ") {
            bytes
                .windows(2)
                .position(|window| window == b"\r\n")?
                .saturating_add(2)
        } else if bytes.len() >= PROXY_V2.len() {
            return Some(Step::Other);
        } else {
            return None;
        };
        Some(Step::Open {
            via: "a PROXY header".to_owned(),
            port: None,
            client,
            server: 0,
        })
    }
}

/// Where the head of an HTTP message ends.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .map(|at| at.saturating_add(4))
}

/// The address in a request or an answer of SOCKS 5, and the size of the message.
fn socks_address(message: &[u8]) -> Option<(Asked, usize)> {
    let &[_, _, _, kind, ..] = message else {
        return None;
    };
    let (host, at) = match kind {
        1 => {
            let bytes: [u8; 4] = message.get(4..)?.first_chunk().copied()?;
            (std::net::Ipv4Addr::from(bytes).to_string(), 8_usize)
        }
        4 => {
            let bytes: [u8; 16] = message.get(4..)?.first_chunk().copied()?;
            (std::net::Ipv6Addr::from(bytes).to_string(), 20)
        }
        3 => {
            let length = usize::from(*message.get(4)?);
            let end = 5_usize.saturating_add(length);
            let name = message.get(5..end)?;
            (String::from_utf8_lossy(name).into_owned(), end)
        }
        _ => return None,
    };
    let port = be16(message, at)?;
    Some((Asked { host, port }, at.saturating_add(2)))
}

impl Asked {
    fn of(text: &str) -> Self {
        let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
        Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: port.parse().unwrap_or(0),
        }
    }

    fn words(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(client: &[u8], server: &[u8]) -> Step {
        Preface {
            client: client.to_vec(),
            server: server.to_vec(),
        }
        .read()
    }

    fn asked() -> Asked {
        Asked {
            host: "srv".to_owned(),
            port: 3389,
        }
    }

    #[test]
    fn an_http_proxy_agrees_asks_and_refuses() {
        let client = b"CONNECT srv:3389 HTTP/1.1\r\nHost: srv\r\n\r\n";
        assert_eq!(read(client, b"HTTP/1.1 20"), Step::More);
        let open = |client, server| Step::Open {
            via: "an HTTP proxy to srv:3389".to_owned(),
            port: Some(3389),
            client,
            server,
        };
        assert_eq!(read(client, b"HTTP/1.1 200 OK\r\n\r\n\x03"), open(40, 19));
        let refused = Step::Refused {
            asked: asked(),
            answer: 403,
        };
        assert_eq!(read(client, b"HTTP/1.1 403 No\r\n\r\n"), refused);
        let asks = b"HTTP/1.1 407 Who\r\nContent-Length: 3\r\n\r\nwho";
        assert_eq!(read(client, asks), Step::More);
        let twice = [&client[..], client].concat();
        let both = [&asks[..], b"HTTP/1.1 200 OK\r\n\r\n"].concat();
        assert_eq!(read(&twice, &both), open(80, both.len()));
        assert_eq!(read(client, b"SSH-2.0-x"), Step::Other);
    }

    #[test]
    fn a_socks_proxy_agrees_and_refuses() {
        let client = [
            &[5, 1, 0][..],
            &[5, 1, 0, 3, 3],
            b"srv",
            &3389_u16.to_be_bytes(),
            b"\x03",
        ]
        .concat();
        assert!(begins(&client[..3]));
        let agrees = [5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        assert_eq!(
            read(&client, &agrees),
            Step::Open {
                via: "a SOCKS proxy to srv:3389".to_owned(),
                port: Some(3389),
                client: 13,
                server: 12
            }
        );
        let refused = Step::Refused {
            asked: asked(),
            answer: 5,
        };
        assert_eq!(
            read(&client, &[5, 0, 5, 5, 0, 1, 0, 0, 0, 0, 0, 0]),
            refused
        );
        let older = [
            &[4, 1][..],
            &3389_u16.to_be_bytes(),
            &[0, 0, 0, 1, 0],
            b"srv\0",
        ]
        .concat();
        assert!(begins(&older));
        assert_eq!(
            read(&older, &[0, 0x5A, 0, 0, 0, 0, 0, 0]),
            Step::Open {
                via: "a SOCKS proxy to srv:3389".to_owned(),
                port: Some(3389),
                client: 13,
                server: 8
            }
        );
    }

    #[test]
    fn any_prefix_is_calm() {
        for (client, server) in [
            (
                &b"CONNECT srv:3389 HTTP/1.1\r\n\r\n"[..],
                &b"HTTP/1.1 407 x\r\ncontent-length: 99999999999\r\n\r\n"[..],
            ),
            (&[5, 1, 2, 1, 255, 1], &[5, 2, 1, 0]),
            (&[4, 1, 13, 61, 0, 0, 0, 9], &[0]),
            (b"PROXY TCP4 1", b""),
        ] {
            for end in 0..=client.len() {
                for other in 0..=server.len() {
                    let _ = read(&client[..end], &server[..other]);
                }
            }
        }
    }
}
