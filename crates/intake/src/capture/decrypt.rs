//! TLS of a recorded connection, read with the keys of its session: records of TLS 1.0 and 1.1 (RFC 2246, 4346), 1.2
//! (RFC 5246, 5288, 7366, 7905) and 1.3 (RFC 8446). It checks every record, so keys of another session show as such; it
//! verifies no certificate, and nothing secret leaves it but the bytes inside TLS.

use model::codes::{CipherSuite, TlsAlert, TlsVersion};
use wire::Read;
use wire::tls::{self, Content, handshake};

use super::ciphers::{Cipher, Suite, rc4, stretch};
use super::conversation::From;
use super::keys::{Keys, Secrets};

/// The largest handshake message that is waited for.
const LARGEST_HANDSHAKE: usize = 128 * 1024;

/// What was found in the records.
#[derive(Debug)]
pub(super) enum Inside {
    /// Bytes of the application.
    Plain(From, Vec<u8>),
    /// Both sides finished the handshake: its version and suite, and the certificates of TLS 1.3.
    Up(TlsVersion, CipherSuite, Vec<Vec<u8>>),
    /// An alert that went encrypted.
    Alert(From, TlsAlert),
}

/// How far the keys helped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Helped {
    /// No session was begun yet.
    #[default]
    Waiting,
    /// The keys of this session are not known.
    Missing,
    /// The session is read.
    Reads,
    /// The keys do not fit the session.
    Wrong,
    /// A suite or version that is not read here.
    Unknown,
}

/// Reads one connection.
#[derive(Debug, Default)]
pub(super) struct Decryptor {
    sides: [Side; 2],
    random: Option<[u8; 32]>,
    session: Option<Box<Session>>,
    pub helped: Helped,
    up: bool,
}

/// One direction.
#[derive(Debug, Default)]
struct Side {
    /// Bytes of an unfinished record.
    held: Vec<u8>,
    /// Bytes of an unfinished handshake message.
    joined: Vec<u8>,
    /// What its records are encrypted with; `None` while they go in clear.
    cipher: Option<Cipher>,
    finished: bool,
    /// Nothing further can be read.
    over: bool,
}

/// What both directions share.
#[derive(Debug)]
struct Session {
    version: TlsVersion,
    suite: CipherSuite,
    kind: Suite,
    secrets: Secrets,
    server_random: [u8; 32],
    encrypt_then_mac: bool,
    certificates: Vec<Vec<u8>>,
}

const fn index(from: From) -> usize {
    match from {
        From::Client => 0,
        From::Server => 1,
    }
}

impl Decryptor {
    /// Takes in the next bytes of one side.
    pub fn bytes(&mut self, from: From, bytes: &[u8], keys: &Keys, out: &mut Vec<Inside>) {
        if self.is_over(from) {
            return;
        }
        let mut held = self.side(from).map(|side| std::mem::take(&mut side.held));
        let Some(held) = held.as_mut() else { return };
        held.extend(bytes);
        let mut used = 0_usize;
        while let Some(rest) = held.get(used..).filter(|rest| !rest.is_empty()) {
            // In front of TLS stands the X.224 exchange.
            if rest.first() == Some(&0x03) {
                match wire::x224::read_tpkt(rest) {
                    Read::Whole { used: taken, .. } => used = used.saturating_add(taken),
                    Read::Partial => break,
                    Read::Not => return self.stop(from),
                }
                continue;
            }
            match tls::read_record(rest) {
                Read::Whole { value, used: taken } => {
                    used = used.saturating_add(taken);
                    self.record(from, &value, keys, out);
                    if self.is_over(from) {
                        return;
                    }
                }
                Read::Partial => break,
                Read::Not => return self.stop(from),
            }
        }
        held.drain(..used.min(held.len()));
        if let Some(side) = self.side(from) {
            side.held = std::mem::take(held);
        }
    }

    /// Bytes of one side are missing: what follows cannot be read.
    pub fn stop(&mut self, from: From) {
        if let Some(side) = self.side(from) {
            *side = Side {
                over: true,
                ..Side::default()
            };
        }
    }

    /// Nothing further is read from this side.
    fn is_over(&self, from: From) -> bool {
        matches!(
            self.helped,
            Helped::Missing | Helped::Wrong | Helped::Unknown
        ) || self.sides.get(index(from)).is_none_or(|side| side.over)
    }

    fn side(&mut self, from: From) -> Option<&mut Side> {
        self.sides.get_mut(index(from))
    }

    fn fails(&mut self, how: Helped) {
        self.helped = how;
        self.session = None;
        self.sides = [Side::default(), Side::default()];
    }

    fn record(&mut self, from: From, record: &tls::Record<'_>, keys: &Keys, out: &mut Vec<Inside>) {
        if record.content == Content::ChangeCipherSpec {
            return self.changes(from);
        }
        let Some(side) = self.side(from) else { return };
        let Some(cipher) = side.cipher.as_mut() else {
            if record.content == Content::Handshake {
                self.handshakes(from, record.body, keys, out);
            }
            return;
        };
        match cipher.open(record) {
            Some((content, plain)) => match content {
                22 => self.handshakes(from, &plain, keys, out),
                23 if !plain.is_empty() => out.push(Inside::Plain(from, plain)),
                21 => {
                    if let Some((_, alert)) = tls::read_alert(&plain) {
                        out.push(Inside::Alert(from, alert));
                    }
                }
                _ => {}
            },
            None => self.fails(Helped::Wrong),
        }
    }

    /// Up to TLS 1.2 everything behind this is encrypted.
    fn changes(&mut self, from: From) {
        let Some(session) = self.session.as_deref() else {
            return;
        };
        if session.version >= TlsVersion::TLS1_3 {
            return;
        }
        let cipher = session.cipher(from, self.random.unwrap_or_default());
        if let Some(side) = self.side(from) {
            side.cipher = cipher;
            side.joined.clear();
        }
    }

    fn handshakes(&mut self, from: From, body: &[u8], keys: &Keys, out: &mut Vec<Inside>) {
        let Some(side) = self.side(from) else { return };
        let mut joined = std::mem::take(&mut side.joined);
        joined.extend(body);
        let mut used = 0_usize;
        while let Some(rest) = joined.get(used..).filter(|rest| !rest.is_empty()) {
            match tls::read_handshake(rest, LARGEST_HANDSHAKE) {
                Read::Whole { value, used: taken } => {
                    used = used.saturating_add(taken);
                    self.message(from, &value, keys, out);
                }
                Read::Partial => break,
                Read::Not => return self.stop(from),
            }
        }
        joined.drain(..used.min(joined.len()));
        if let Some(side) = self.side(from) {
            side.joined = joined;
        }
    }

    fn message(
        &mut self,
        from: From,
        message: &tls::Handshake<'_>,
        keys: &Keys,
        out: &mut Vec<Inside>,
    ) {
        const FINISHED: u8 = 20;
        const KEY_UPDATE: u8 = 24;
        match (message.kind, from) {
            (handshake::CLIENT_HELLO, From::Client) if self.session.is_none() => {
                self.random = random(message.body);
            }
            (handshake::SERVER_HELLO, From::Server) if self.session.is_none() => {
                self.begins(message.body, keys);
            }
            (handshake::CERTIFICATE, From::Server) => {
                if let Some(session) = self.session.as_deref_mut()
                    && session.version >= TlsVersion::TLS1_3
                    && session.certificates.is_empty()
                {
                    session.certificates = certificates(message.body);
                }
            }
            (FINISHED, _) => self.finished(from, out),
            (KEY_UPDATE, _) => {
                let hash = self.session.as_deref().map(|session| session.kind.keys());
                if let (Some(hash), Some(side)) = (hash, self.side(from))
                    && let Some(kind) = side.cipher.take()
                {
                    side.cipher = kind.updated(hash);
                }
            }
            _ => {}
        }
    }

    fn begins(&mut self, body: &[u8], keys: &Keys) {
        let Some(hello) = tls::read_server_hello(body).filter(|hello| !hello.retry) else {
            return;
        };
        let (Some(client_random), Some(server_random)) = (self.random, random(body)) else {
            return self.fails(Helped::Missing);
        };
        let Some(secrets) = keys.of(&client_random) else {
            return self.fails(Helped::Missing);
        };
        let kind = Suite::of(hello.suite).and_then(|kind| {
            if hello.version >= TlsVersion::TLS1_2 {
                Some(kind)
            } else if hello.version >= TlsVersion::TLS1_0 {
                kind.before_tls12()
            } else {
                None
            }
        });
        let Some(kind) = kind else {
            return self.fails(Helped::Unknown);
        };
        let session = Session {
            version: hello.version,
            suite: hello.suite,
            kind,
            secrets,
            server_random,
            encrypt_then_mac: encrypts_then_macs(body),
            certificates: Vec::new(),
        };
        if session.version >= TlsVersion::TLS1_3 {
            let [client, server] = &session.secrets.handshake;
            let ciphers = [kind.of_secret(client), kind.of_secret(server)];
            if ciphers.iter().any(Option::is_none) {
                return self.fails(Helped::Missing);
            }
            for (side, cipher) in self.sides.iter_mut().zip(ciphers) {
                side.cipher = cipher;
                side.joined.clear();
            }
        } else if session.secrets.master.is_empty() {
            return self.fails(Helped::Missing);
        }
        self.session = Some(Box::new(session));
    }

    fn finished(&mut self, from: From, out: &mut Vec<Inside>) {
        let Some(session) = self.session.as_deref() else {
            return;
        };
        let cipher = (session.version >= TlsVersion::TLS1_3)
            .then(|| session.secrets.application.get(index(from)))
            .flatten()
            .map(|secret| session.kind.of_secret(secret));
        let up = (session.version, session.suite, session.certificates.clone());
        let Some(side) = self.side(from) else { return };
        side.finished = true;
        if let Some(cipher) = cipher {
            side.over = cipher.is_none();
            side.cipher = cipher;
        }
        self.helped = Helped::Reads;
        if !self.up && self.sides.iter().all(|side| side.finished) {
            self.up = true;
            out.push(Inside::Up(up.0, up.1, up.2));
        }
    }
}

/// The random of a hello stands behind its version.
fn random(hello: &[u8]) -> Option<[u8; 32]> {
    hello.get(2..)?.first_chunk().copied()
}

/// Whether a ServerHello takes up encrypt-then-MAC (RFC 7366).
fn encrypts_then_macs(body: &[u8]) -> bool {
    const ENCRYPT_THEN_MAC: u16 = 22;
    let run16 = |at: usize| super::bytes::be16(body, at).map(usize::from);
    let Some(&session) = body.get(34) else {
        return false;
    };
    // Behind the session follow suite, compression and the length of the extensions.
    let mut at = 35_usize
        .saturating_add(usize::from(session))
        .saturating_add(5);
    while let (Some(kind), Some(length)) = (run16(at), run16(at.saturating_add(2))) {
        if kind == usize::from(ENCRYPT_THEN_MAC) {
            return true;
        }
        at = at.saturating_add(4).saturating_add(length);
    }
    false
}

/// The certificates of a Certificate message of TLS 1.3: behind a context, each with extensions.
fn certificates(body: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let Some(&context) = body.first() else {
        return found;
    };
    let mut at = 4_usize.saturating_add(usize::from(context));
    while let Some([high, middle, low]) = body.get(at..).and_then(|rest| rest.first_chunk::<3>()) {
        let length = usize::from(*high) << 16 | usize::from(*middle) << 8 | usize::from(*low);
        let start = at.saturating_add(3);
        let Some(certificate) = body.get(start..start.saturating_add(length)) else {
            break;
        };
        found.push(certificate.to_vec());
        let end = start.saturating_add(length);
        let Some(extensions) = super::bytes::be16(body, end) else {
            break;
        };
        at = end
            .saturating_add(2)
            .saturating_add(usize::from(extensions));
    }
    found
}

impl Session {
    /// Up to TLS 1.2: the keys of one direction (RFC 5246 section 6.3).
    fn cipher(&self, from: From, client_random: [u8; 32]) -> Option<Cipher> {
        let (code, iv) = match self.kind {
            Suite::Gcm128(_) | Suite::Gcm256(_) | Suite::Ccm128(_) | Suite::Ccm256(_) => (0, 4),
            Suite::Rc4(code, _) => (code.length(), 0),
            Suite::ChaCha(_) => (0, 12),
            // TLS 1.0 chains its records; the block before the first one is a key like others.
            Suite::Cbc(_, code, _) if self.version == TlsVersion::TLS1_0 => {
                (code.length(), self.kind.block_length())
            }
            Suite::Cbc(_, code, _) => (code.length(), 0),
        };
        let key = self.kind.key_length();
        let mut seed = b"key expansion".to_vec();
        seed.extend(self.server_random);
        seed.extend(client_random);
        let all = code
            .saturating_add(key)
            .saturating_add(iv)
            .saturating_mul(2);
        let block = stretch(self.kind.keys(), &self.secrets.master, &seed, all);
        let which = index(from);
        let part = |before: usize, length: usize| {
            let start = before
                .saturating_mul(2)
                .saturating_add(length.saturating_mul(which));
            block
                .get(start..start.saturating_add(length))
                .map(<[u8]>::to_vec)
        };
        let key_bytes = part(code, key)?;
        let iv = part(code.saturating_add(key), iv)?;
        if let Suite::Cbc(_, hash, _) = self.kind {
            return Some(Cipher::Cbc {
                key: key_bytes,
                code: part(0, code)?,
                hash,
                encrypt_then_mac: self.encrypt_then_mac,
                before: (!iv.is_empty()).then_some(iv),
                sequence: 0,
            });
        }
        if let Suite::Rc4(hash, _) = self.kind {
            return rc4(&key_bytes, part(0, code)?, hash);
        }
        self.kind.cipher(&key_bytes, iv, false, Vec::new())
    }
}
