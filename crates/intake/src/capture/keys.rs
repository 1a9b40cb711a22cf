//! Keys of TLS sessions: the key log that browsers, OpenSSL and FreeRDP write (draft-ietf-tls-keylogfile,
//! "SSLKEYLOGFILE"), given beside a capture or embedded in it.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::sync::{Arc, PoisonError, RwLock};

use crate::findings::Findings;

/// The most sessions whose keys are kept.
const MOST_SESSIONS: usize = 200_000;
/// The longest line that is read: the longest secret has 64 bytes.
const LONGEST_LINE: usize = 512;

/// The secrets of TLS sessions by the random of their ClientHello. Copies share what they know, because a
/// capture may bring keys of its own while its connections are being read.
#[derive(Clone, Default)]
pub struct Keys {
    sessions: Arc<RwLock<BTreeMap<[u8; 32], Secrets>>>,
}

/// The secrets of one session; those that are not known are empty.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    /// The master secret, up to TLS 1.2.
    pub master: Vec<u8>,
    /// TLS 1.3: what the handshake is encrypted with, by client and server.
    pub handshake: [Vec<u8>; 2],
    /// TLS 1.3: what the rest is encrypted with at first, by client and server.
    pub application: [Vec<u8>; 2],
}

/// Secrets are shown to nobody.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Keys {
    /// Sessions whose keys are known.
    pub fn sessions(&self) -> usize {
        self.sessions
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }

    /// Takes in a key log, and says how many of its lines held a key.
    pub fn take(&self, text: &[u8]) -> usize {
        let mut sessions = self
            .sessions
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let lines = text.split(|&byte| byte == b'\n');
        lines
            .filter(|line| read(line, &mut sessions).is_some())
            .count()
    }

    /// The secrets of the session that began with this random.
    pub(super) fn of(&self, random: &[u8; 32]) -> Option<Secrets> {
        self.sessions
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(random)
            .cloned()
    }
}

/// Reads one line.
fn read(line: &[u8], sessions: &mut BTreeMap<[u8; 32], Secrets>) -> Option<()> {
    let line = line.get(..line.len().min(LONGEST_LINE))?;
    let mut words = line
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    let label = words.next()?;
    let random: [u8; 32] = unhex(words.next()?)?.try_into().ok()?;
    let secret = unhex(words.next()?)?;
    if !sessions.contains_key(&random) && sessions.len() >= MOST_SESSIONS {
        return None;
    }
    let mut secrets = sessions.get(&random).cloned().unwrap_or_default();
    let [client_handshake, server_handshake] = &mut secrets.handshake;
    let [client, server] = &mut secrets.application;
    let place = match label {
        b"CLIENT_RANDOM" if secret.len() == 48 => &mut secrets.master,
        b"CLIENT_HANDSHAKE_TRAFFIC_SECRET" => client_handshake,
        b"SERVER_HANDSHAKE_TRAFFIC_SECRET" => server_handshake,
        b"CLIENT_TRAFFIC_SECRET_0" => client,
        b"SERVER_TRAFFIC_SECRET_0" => server,
        _ => return None,
    };
    *place = secret;
    sessions.insert(random, secrets);
    Some(())
}

/// Whether a file that begins with these bytes is a key log: its first line that is no comment holds a
/// label, a random and a secret.
pub fn is_key_log(head: &[u8]) -> bool {
    let first = head
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .find(|line| !line.is_empty() && !line.starts_with(b"#"));
    let Some(first) = first else { return false };
    let words: Vec<&[u8]> = first
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .collect();
    let [label, random, secret] = words.as_slice() else {
        return false;
    };
    label.len() >= 3
        && label
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        && random.len() == 64
        && secret.len() >= 64
        && [random, secret]
            .into_iter()
            .all(|word| word.iter().all(u8::is_ascii_hexdigit))
}

/// Reads a key log that lies among the files of a case. Captures that are read after it can be decrypted with it.
pub fn take_keys(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let known = findings.wishes.keys.sessions();
    let text = crate::reader::whole(file, input, findings);
    findings.wishes.keys.take(&text);
    format!(
        "keys of {} sessions",
        findings.wishes.keys.sessions().saturating_sub(known)
    )
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: &u8| {
        char::from(*digit)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
    };
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    pairs
        .iter()
        .map(|[high, low]| Some(value(high)? << 4 | value(low)?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_others_left() {
        let random = "ab".repeat(32);
        let master = "01".repeat(48);
        let log = format!(
            "# a comment\r\nCLIENT_RANDOM {random} {master}\r\nCLIENT_TRAFFIC_SECRET_0 {random} {}\nEXPORTER_SECRET {random} 00\nnonsense\n",
            "02".repeat(32)
        );
        assert!(is_key_log(log.as_bytes()));
        let keys = Keys::default();
        assert_eq!(keys.take(log.as_bytes()), 2);
        assert_eq!(keys.sessions(), 1);
        let secrets = keys.of(&[0xAB; 32]).unwrap();
        assert_eq!(secrets.master, [1; 48]);
        assert_eq!(secrets.application[0], [2; 32]);
        assert_eq!(format!("{keys:?} {secrets:?}"), "Keys Secrets");
        for other in ["", "CLIENT_RANDOM ab cd", "GET / HTTP/1.1", "# only"] {
            assert!(!is_key_log(other.as_bytes()), "{other}");
        }
    }
}
