//! TLS as far as it goes in clear, and what a TLS library says about the rest (RFC 5246, RFC 8446).

use model::codes::{Protocols, TlsAlert, TlsVersion};
use model::{Bytes, Fact, Message, Micros, Phase, Resumption};

use super::{Facts, From, Reading, State, Step, Strange, Watch};
use crate::cursor::count32;
use crate::machine::{TlsFailure, TlsUp};
use crate::tls::{self, AlertLevel, Content, Header, handshake};
use crate::{Read, certificate};

/// The largest handshake message that is waited for; a long chain has some tens of kilobytes.
const LARGEST_HANDSHAKE: usize = 128 * 1024;
/// With TLS 1.3 an alert is the smallest record: two bytes, its type, and the tag (RFC 8446 section 5.2).
const LARGEST_ENCRYPTED_ALERT: usize = 2 + 1 + 16;

/// No NTLM CHALLENGE or Kerberos answer is smaller, records and TSRequest included.
const SMALLEST_CHALLENGE: usize = 100;
/// The fewest changes of direction between the basic settings and a desktop: settings, channels,
/// client information, licence, capabilities, finalization ([MS-RDPBCGR] 1.3.1.1).
const SESSION_TURNS: u32 = 10;
/// The least a server sends until then when all goes well: its capabilities and the first picture.
const SESSION_BYTES: usize = 4_096;

/// Suites with GCM, CCM or ChaCha20-Poly1305, which add the least to what they encrypt.
const fn is_aead(suite: model::codes::CipherSuite) -> bool {
    matches!(
        suite.0,
        0x009C..=0x00A7 | 0x1301..=0x1305 | 0xC02B..=0xC032 | 0xC09C..=0xC0AF | 0xCCA8..=0xCCAE
    )
}

/// What went to and fro behind the messages that can be read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tail {
    /// Changes of direction; the client begins.
    turns: u32,
    /// Bytes since the last change.
    in_turn: usize,
    /// Bytes from the server.
    from_server: usize,
}

impl Tail {
    /// The client said something.
    pub(super) const fn began(self) -> bool {
        self.turns > 0
    }
}

const fn exchanged(exchange: tls::KeyExchange) -> Fact {
    Fact::TlsKeyExchanged {
        group: exchange.group,
        prime_bits: exchange.prime_bits,
        signature: exchange.signature,
    }
}

impl Watch {
    /// The record at the front, or the rest of the one whose body nobody reads.
    pub(super) fn record(
        &mut self,
        now: Micros,
        from: From,
        bytes: &[u8],
        facts: &mut Facts,
    ) -> Step {
        if let Some((header, missing)) = self.side(from).skipped.take() {
            let taken = missing.min(bytes.len());
            if taken < missing {
                self.side(from).skipped = Some((header, missing.saturating_sub(taken)));
            } else {
                self.encrypted(now, from, header, facts);
            }
            return Step::Used(taken);
        }
        let (header, header_size) = match tls::read_header(bytes) {
            Read::Whole { value, used } => (value, used),
            Read::Partial => return Step::Wait,
            Read::Not => return self.no_record(from),
        };
        let in_clear = matches!(
            header.content,
            Content::Handshake | Content::Alert | Content::ChangeCipherSpec
        ) && !self.side(from).encrypted;
        if !in_clear {
            self.side(from).skipped = Some((header, header.length));
            if header.length == 0 {
                self.side(from).skipped = None;
                self.encrypted(now, from, header, facts);
            }
            return Step::Used(header_size);
        }
        let size = header_size.saturating_add(header.length);
        let Some(body) = bytes.get(header_size..size) else {
            return Step::Wait;
        };
        match header.content {
            Content::ChangeCipherSpec => {
                // With TLS 1.3 it means nothing (RFC 8446 section 5).
                let means = self
                    .tls
                    .version
                    .is_some_and(|chosen| chosen < TlsVersion::TLS1_3);
                self.side(from).encrypted = means;
            }
            Content::Alert => self.alert(from, body, facts),
            _ => return self.handshakes(now, from, header, body, size, facts),
        }
        Step::Used(size)
    }

    /// Something that is no TLS record.
    fn no_record(&mut self, from: From) -> Step {
        match from {
            // A server that said why it gives up may take its leave in the language before TLS (xrdp does).
            From::Server if self.tls.alerted => {
                self.side(from).reading = Reading::Nothing;
                Step::Again
            }
            From::Server if self.tls.version.is_none() && !self.tls.retried => {
                self.wonder(Strange::NotTls)
            }
            From::Server if !self.tls.established => {
                self.wonder(Strange::Raw(self.next_of_server()))
            }
            _ => {
                self.side(from).reading = Reading::Nothing;
                Step::Again
            }
        }
    }

    /// The message that was due from the server during the handshake.
    const fn next_of_server(&self) -> Message {
        match self.last {
            Message::ServerHello => Message::Certificate,
            Message::Certificate => Message::ServerHelloDone,
            Message::ServerHelloDone | Message::ClientFinished => Message::ServerFinished,
            _ => Message::ServerHello,
        }
    }

    fn alert(&mut self, from: From, body: &[u8], facts: &mut Facts) {
        let Some((level, alert)) = tls::read_alert(body) else {
            return;
        };
        match from {
            From::Client if alert != TlsAlert::CLOSE_NOTIFY && level != AlertLevel::Warning => {
                self.tls.client_alert.get_or_insert(alert);
            }
            From::Client => {}
            From::Server if level == AlertLevel::Warning && alert != TlsAlert::CLOSE_NOTIFY => {
                self.tls.warning = Some((alert, self.last));
            }
            From::Server => self.alerted(alert, facts),
        }
    }

    fn alerted(&mut self, alert: TlsAlert, facts: &mut Facts) {
        if !self.tls.alerted {
            self.tls.alerted = true;
            self.tls.warning = None;
            // With TLS 1.3 the server says what it thinks of the client's last flight behind the handshake (RFC 8446
            // section 4.4.2.4); nothing of the next rung was sent.
            let behind = self.last == Message::ClientFinished;
            let phase = if behind { Phase::Secure } else { self.phase() };
            self.tell(
                facts,
                phase,
                Fact::TlsAlerted {
                    alert,
                    after: self.last,
                },
            );
            self.state = State::ExpectEnd;
        }
    }

    /// Joins the body of a handshake record with what came before and reads the whole messages.
    fn handshakes(
        &mut self,
        now: Micros,
        from: From,
        header: Header,
        body: &[u8],
        size: usize,
        facts: &mut Facts,
    ) -> Step {
        if from == From::Client {
            self.tls.hello_size = self.tls.hello_size.saturating_add(size);
        }
        let mut joined = std::mem::take(&mut self.side(from).joined);
        joined.extend(body);
        let mut used = 0_usize;
        let step = loop {
            let rest = joined.get(used..).unwrap_or_default();
            match tls::read_handshake(rest, LARGEST_HANDSHAKE) {
                Read::Whole { value, used: taken } => {
                    used = used.saturating_add(taken);
                    let understood = match from {
                        From::Client => self.client_says(now, value, header.version, facts),
                        From::Server => self.server_says(now, value, facts),
                    };
                    if !understood {
                        let whole = rest.get(..taken).unwrap_or(rest);
                        break self.unreadable(from, whole, facts, size);
                    }
                }
                Read::Partial => break Step::Used(size),
                Read::Not => {
                    // How much of the body came with the header is the peer's fragmentation.
                    let header = rest.get(..tls::HANDSHAKE_HEADER).unwrap_or(rest);
                    break self.unreadable(from, header, facts, size);
                }
            }
        };
        joined.drain(..used.min(joined.len()));
        if self.side(from).reading == Reading::Tls {
            self.side(from).joined = joined;
        }
        step
    }

    /// A handshake message that cannot be read.
    fn unreadable(&mut self, from: From, message: &[u8], facts: &mut Facts, size: usize) -> Step {
        if from == From::Client {
            self.client.reading = Reading::Nothing;
            return Step::Used(size);
        }
        let first_bytes = Bytes::first_of(message);
        let message = self.next_of_server();
        self.tell(
            facts,
            Phase::Secure,
            Fact::Unreadable {
                message,
                first_bytes,
            },
        );
        self.over();
        Step::Used(size)
    }

    /// A handshake message of the client in clear; `false` when it cannot be read.
    fn client_says(
        &mut self,
        now: Micros,
        message: tls::Handshake<'_>,
        record: TlsVersion,
        facts: &mut Facts,
    ) -> bool {
        if message.kind != handshake::CLIENT_HELLO {
            return true;
        }
        let Some(hello) = tls::read_client_hello(message.body, record) else {
            return false;
        };
        if self.tls.began.is_none() {
            self.tls.began = Some(now);
            let offered = Fact::TlsOffered {
                lowest: hello.lowest,
                highest: hello.highest,
                size: count32(self.tls.hello_size),
            };
            self.tell(facts, Phase::Secure, offered);
        }
        // With TLS 1.3 a number is there for the sake of devices on the way.
        let by_number = hello.highest < TlsVersion::TLS1_3 && !hello.session.is_empty();
        if hello.resumes || by_number {
            self.tls.resumes = Some(hello.session);
        }
        self.reached(Message::ClientHello, now);
        if self.tls.version.is_none() {
            self.asks(Message::ServerHello, now);
            self.state = State::ExpectServerHello;
        }
        true
    }

    /// A handshake message of the server in clear; `false` when it cannot be read.
    fn server_says(&mut self, now: Micros, message: tls::Handshake<'_>, facts: &mut Facts) -> bool {
        self.tls.warning = None;
        match message.kind {
            handshake::SERVER_HELLO => {
                let Some(hello) = tls::read_server_hello(message.body) else {
                    return false;
                };
                let (version, suite) = (hello.version, hello.suite);
                if hello.retry {
                    self.tls.retried = true;
                } else {
                    self.tls.version = Some(version);
                    self.tls.suite = Some(suite);
                    self.state = State::ExpectFinished;
                }
                // A retry names the suite too, and nobody waits for what follows it in a survey.
                if !hello.retry || self.surveys {
                    self.tell(facts, Phase::Secure, Fact::TlsChosen { version, suite });
                }
                if self.surveys {
                    self.terms(message.body, version, facts);
                }
                self.answered(now, Phase::Secure, Message::ServerHello, facts);
            }
            handshake::CERTIFICATE => {
                let certificates = tls::read_certificates(message.body).unwrap_or_default();
                let chain = count32(certificates.len().saturating_sub(1));
                let own = certificates.first().copied();
                self.certificate(now, own.unwrap_or(message.body), chain, facts);
                self.reached(Message::Certificate, now);
            }
            handshake::SERVER_KEY_EXCHANGE if self.surveys => {
                let exchange = self
                    .tls
                    .suite
                    .zip(self.tls.version)
                    .and_then(|(suite, version)| {
                        tls::read_key_exchange(message.body, suite, version)
                    });
                if let Some(exchange) = exchange {
                    self.tell(facts, Phase::Secure, exchanged(exchange));
                }
            }
            handshake::SERVER_HELLO_DONE => self.reached(Message::ServerHelloDone, now),
            _ => {}
        }
        true
    }

    /// What a ServerHello agrees to, and with TLS 1.3 the group.
    fn terms(&mut self, body: &[u8], version: TlsVersion, facts: &mut Facts) {
        let Some(terms) = tls::read_terms(body) else {
            return;
        };
        if let Some(id) = self.tls.resumes.clone().filter(|_| !self.tls.retried) {
            let by_number = version < TlsVersion::TLS1_3 && !id.is_empty() && terms.id == id;
            let what = if by_number || (version >= TlsVersion::TLS1_3 && terms.shared_key) {
                Resumption::Taken
            } else {
                Resumption::Refused
            };
            let told = Fact::TlsResumption { version, what };
            self.tell(facts, Phase::Secure, told);
        }
        if version >= TlsVersion::TLS1_3 {
            if terms.group.is_some() {
                let exchange = tls::KeyExchange {
                    group: terms.group,
                    ..tls::KeyExchange::default()
                };
                self.tell(facts, Phase::Secure, exchanged(exchange));
            }
            return;
        }
        let told = Fact::TlsTerms {
            renegotiation: terms.renegotiation,
            extended_master_secret: terms.extended_master_secret,
            tickets: terms.tickets,
            session: terms.session,
            compression: terms.compression,
            application: terms.application,
        };
        self.tell(facts, Phase::Secure, told);
    }

    fn certificate(&mut self, now: Micros, encoded: &[u8], chain: u32, facts: &mut Facts) {
        if self.surveys || std::mem::replace(&mut self.tls.certificate_told, true) {
            return;
        }
        let fact = match certificate::read(encoded, chain) {
            Some(certificate) => Fact::CertificateSeen {
                certificate: Box::new(certificate),
                seen_at: self.clock(now),
            },
            None => Fact::CertificateUnreadable {
                first_bytes: Bytes::first_of(encoded),
            },
        };
        self.tell(facts, Phase::Secure, fact);
    }

    /// A record whose body is encrypted was seen as a whole.
    pub(super) fn encrypted(&mut self, now: Micros, from: From, header: Header, facts: &mut Facts) {
        let Some(version) = self.tls.version else {
            return;
        };
        if version < TlsVersion::TLS1_3 {
            match (header.content, from) {
                (Content::Handshake, From::Client) if !self.tls.client_finished => {
                    self.tls.client_finished = true;
                    self.reached(Message::ClientFinished, now);
                }
                (Content::Handshake, From::Server) if !self.tls.server_finished => {
                    self.tls.server_finished = true;
                    self.reached(Message::ServerFinished, now);
                }
                (Content::ApplicationData, _) if self.tls.established => {
                    self.application_data(now, from, header.length, facts);
                }
                _ => {}
            }
        } else if header.content == Content::ApplicationData
            && header.length > LARGEST_ENCRYPTED_ALERT
        {
            match from {
                From::Server if !self.tls.server_finished => {
                    self.tls.server_finished = true;
                    self.reached(Message::ServerHelloDone, now);
                }
                From::Client if self.tls.server_finished && !self.tls.client_finished => {
                    self.tls.client_finished = true;
                    self.reached(Message::ClientFinished, now);
                }
                _ if self.tls.established => {
                    self.application_data(now, from, header.length, facts);
                }
                _ => {}
            }
        }
        if self.tls.client_finished && self.tls.server_finished {
            self.established(now, facts);
        }
    }

    fn established(&mut self, now: Micros, facts: &mut Facts) {
        let (Some(version), Some(suite)) = (self.tls.version, self.tls.suite) else {
            return;
        };
        if std::mem::replace(&mut self.tls.established, true) {
            return;
        }
        let took = now.since(self.tls.began.unwrap_or(now));
        self.tell(
            facts,
            Phase::Secure,
            Fact::TlsEstablished {
                version,
                suite,
                took,
            },
        );
        self.state = State::Secured;
    }

    pub(super) fn tls_up(&mut self, now: Micros, up: &TlsUp, facts: &mut Facts) {
        self.decrypted = true;
        self.tls.version.get_or_insert(up.version);
        self.tls.suite.get_or_insert(up.suite);
        if !self.tls.established {
            let last = if up.version < TlsVersion::TLS1_3 {
                Message::ServerFinished
            } else {
                Message::ClientFinished
            };
            self.reached(last, now);
        }
        self.established(now, facts);
        if let Some((own, chain)) = up.certificates.split_first() {
            self.certificate(now, own, count32(chain.len()), facts);
        }
    }

    pub(super) fn tls_failed(&mut self, failure: &TlsFailure, facts: &mut Facts) {
        // What the server said or failed to say explains the failure better than our library.
        if self.tls.alerted || self.strange.is_some() || self.tls.rejected {
            return;
        }
        if let Some(alert) = failure.received {
            self.alerted(alert, facts);
            return;
        }
        self.tls.rejected = true;
        let seen = self.tls.client_alert.take();
        let alert = failure.alert.or(seen).unwrap_or(TlsAlert::INTERNAL_ERROR);
        let reason = failure.reason.clone();
        self.tell(facts, self.phase(), Fact::TlsRejected { alert, reason });
        self.state = State::ExpectEnd;
    }

    /// Application data went in one direction. Up to TLS 1.2 it can only be the messages of the next
    /// rung, so their order is known though their contents are not; with TLS 1.3 session tickets look
    /// the same.
    fn application_data(&mut self, now: Micros, from: From, length: usize, facts: &mut Facts) {
        let turned = self.tail(now, from, length, facts);
        let Some(version) = self.tls.version else {
            return;
        };
        if self.decrypted || version >= TlsVersion::TLS1_3 {
            return;
        }
        // Without an X.224 exchange it may be anything that uses TLS.
        let Some(chosen) = self.chosen else {
            return;
        };
        let early_result = chosen.has(Protocols::HYBRID_EX);
        let message = match (chosen.has_nla(), self.tail.turns) {
            // A TSRequest with an error code instead of a token is small, and TLS 1.0 splits records.
            (true, 2) if self.last == Message::CredSspNegotiate => {
                if self.tail.in_turn < SMALLEST_CHALLENGE {
                    return;
                }
                Message::CredSspChallenge
            }
            _ if !turned => return,
            (true, 1) => Message::CredSspNegotiate,
            (true, 3) => Message::CredSspAuthenticate,
            (true, 7) if early_result => Message::McsConnectInitial,
            (true, 8) if early_result => Message::McsConnectResponse,
            (true, 6) if !early_result => Message::McsConnectResponse,
            (false, 1) if chosen == Protocols::TLS => Message::McsConnectInitial,
            (false, 2) if chosen == Protocols::TLS => Message::McsConnectResponse,
            _ => return,
        };
        self.reached(message, now);
    }

    /// A last CredSSP answer that is too small for a token or a public key, when the connection ends
    /// with it ([MS-CSSP] 3.1.5.1.1).
    pub(super) fn tell_small_answer(&self, facts: &mut Facts) {
        let size = self.tail.in_turn;
        let nla = self.tls.established && self.chosen.is_some_and(Protocols::has_nla);
        let is_last = matches!(self.tail.turns, 2 | 4) && !self.decrypted;
        let aead = self.tls.suite.is_some_and(is_aead);
        let smallest = if aead { 70 } else { SMALLEST_CHALLENGE };
        if nla && is_last && size < smallest {
            let small = Fact::CredSspAnswerTooSmall {
                size: count32(size),
            };
            self.tell(facts, Phase::Authenticate, small);
        }
    }

    /// Data went in one direction behind the messages that can be read; says whether the direction
    /// changed. The client begins.
    pub(super) fn tail(
        &mut self,
        now: Micros,
        from: From,
        length: usize,
        facts: &mut Facts,
    ) -> bool {
        if self.last == Message::SessionData {
            self.last_at = Some(now);
            return false;
        }
        let tail = &mut self.tail;
        if from == From::Server {
            tail.from_server = tail.from_server.saturating_add(length);
        }
        let client_is_next = tail.turns.is_multiple_of(2);
        if client_is_next != (from == From::Client) {
            tail.in_turn = tail.in_turn.saturating_add(length);
            return false;
        }
        tail.turns = tail.turns.saturating_add(1);
        tail.in_turn = length;
        // What can be read tells better.
        if self.decrypted && self.last >= Message::McsConnectResponse && !self.server.plain_over {
            return true;
        }
        let authentication = if self.chosen.is_some_and(Protocols::has_nla) {
            6
        } else {
            0
        };
        if self.chosen.is_some()
            && tail.turns >= SESSION_TURNS.saturating_add(authentication)
            && tail.from_server >= SESSION_BYTES
        {
            let took = now.since(self.opened_on.unwrap_or(now));
            self.tell(facts, Phase::Session, Fact::SessionRan { took });
            self.reached(Message::SessionData, now);
        }
        true
    }

    pub(super) fn clock(&self, now: Micros) -> model::UnixSeconds {
        let since = i64::try_from(now.as_millis() / 1000).unwrap_or(i64::MAX);
        model::UnixSeconds(self.opened_at.0.saturating_add(since))
    }
}
