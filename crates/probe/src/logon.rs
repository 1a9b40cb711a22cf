//! A logon of NLA with a ticket of Kerberos ([MS-CSSP] 3.1.5): a client without a socket, beside the one for NTLM. One
//! ticket is shown once. Whether the server took it is told by the machine that reads along.

use std::sync::Arc;

use model::codes::KerberosEncryption;
use session::kerberos::{Key, binding, chance};
use session::{Credentials, Ticket};
use wire::Read;
use wire::credssp::{self, TsRequest};
use wire::kerberos::ticket::{self, Authenticator, Named, Sealed, usage};
use wire::spnego::{self, Inside, Stage};

use crate::Error;
use crate::ticket::moment;

/// The CredSSP version of current clients.
const VERSION: u32 = 6;
/// From this version on, the key is bound by a digest with a nonce.
const DIGESTS: u32 = 5;
/// The checksum of RFC 4121 section 4.1.1, and the flags in it: mutual, replay, sequence, confidentiality, integrity.
const CHECKSUM: u32 = 0x8003;
const FLAGS: u32 = 0x02 | 0x04 | 0x08 | 0x10 | 0x20;

/// What the client goes on with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Goes {
    /// It waits for more.
    On,
    /// The logon is made, and so is all that was wished for of it.
    Done,
    /// The server does not take the ticket, and has said so.
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// The server's word on the ticket.
    Word,
    /// Its signature over the list of ways.
    Signature,
    /// Its proof that it is the end of the TLS session.
    Key,
    /// Its word on whether the user may connect.
    Verdict,
    Nothing,
}

/// A logon with a ticket.
pub(crate) struct KerberosLogon {
    credentials: Arc<Credentials>,
    public_key: Vec<u8>,
    nonce: [u8; 32],
    /// The key of the ticket, and later the host's own.
    ticket_key: Key,
    key: Key,
    /// The key is the host's.
    hosts: bool,
    micros: u32,
    sequence: u64,
    version: u32,
    /// The server gives its word behind the credentials.
    gives_word: bool,
    /// The password is handed over at the end.
    hands_over: bool,
    expect: Expect,
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
}

impl KerberosLogon {
    pub(crate) fn begin(
        credentials: Arc<Credentials>,
        held: Ticket,
        public_key: Vec<u8>,
        gives_word: bool,
        hands_over: bool,
    ) -> Result<Self, Error> {
        let (at, micros) = moment(held.ahead);
        let kind = held.key.kind();
        let key = Key::random(kind)?;
        let sequence = u32::from_be_bytes(chance()?) & 0x3FFF_FFFF;
        let mut checksum = 16_u32.to_le_bytes().to_vec();
        // No channel is bound here: the key of the TLS session is bound by CredSSP itself.
        checksum.extend([0; 16]);
        checksum.extend(FLAGS.to_le_bytes());
        let [realm, name] = held.user;
        let authenticator = Authenticator {
            user: &Named::of(realm, name),
            at,
            micros,
            checksum: (CHECKSUM, &checksum),
            key: Some((KerberosEncryption(kind), key.bytes())),
            sequence: Some(sequence),
        };
        let proof = Sealed {
            kind: KerberosEncryption(kind),
            bytes: held
                .key
                .seal(usage::AUTHENTICATOR, &authenticator.encode())?,
        };
        let shown = ticket::presented(&held.ticket, &proof, true);
        let token = spnego::first(&spnego::framed(Inside::Ticket, &shown));
        Ok(Self {
            credentials,
            public_key,
            nonce: chance()?,
            ticket_key: held.key,
            key,
            hosts: false,
            micros,
            sequence: u64::from(sequence),
            version: VERSION,
            gives_word,
            hands_over,
            expect: Expect::Word,
            incoming: Vec::new(),
            outgoing: TsRequest::with_token(VERSION, token).encode(),
        })
    }

    pub(crate) fn take_outgoing(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.outgoing)
    }

    /// Takes in what the server says inside TLS.
    pub(crate) fn received(&mut self, bytes: &[u8]) -> Result<Goes, Error> {
        self.incoming.extend_from_slice(bytes);
        loop {
            if self.expect == Expect::Verdict {
                // Four bytes, which the machine beside this one reads; it ends the connection where they say no.
                return Ok(if self.incoming.len() < 4 {
                    Goes::On
                } else {
                    self.expect = Expect::Nothing;
                    Goes::Done
                });
            }
            let request = match credssp::read(&self.incoming) {
                Read::Whole { value, used } => {
                    self.incoming.drain(..used.min(self.incoming.len()));
                    value
                }
                Read::Partial => return Ok(Goes::On),
                Read::Not => return Err(Error::LogonUnread),
            };
            if let Some(goes) = self.answer(&request)? {
                return Ok(goes);
            }
        }
    }

    /// Answers a message; says when it was the last.
    fn answer(&mut self, request: &TsRequest) -> Result<Option<Goes>, Error> {
        if request.error_code.is_some_and(|error| error != 0) {
            self.expect = Expect::Nothing;
            return Ok(Some(Goes::Refused));
        }
        match self.expect {
            Expect::Word | Expect::Signature => self.agreed(request),
            Expect::Key => self.bound(request),
            Expect::Verdict | Expect::Nothing => Ok(None),
        }
    }

    fn agreed(&mut self, request: &TsRequest) -> Result<Option<Goes>, Error> {
        self.version = request.version;
        let token = request.nego_token.as_deref().unwrap_or_default();
        let response = spnego::read_response(token).ok_or(Error::LogonUnread)?;
        if self.expect == Expect::Word {
            let inside = response.token.as_deref().and_then(spnego::unframed);
            let Some((Inside::Proof, proof)) = inside else {
                self.expect = Expect::Nothing;
                return Ok(Some(Goes::Refused));
            };
            self.proved(proof)?;
        }
        if response.stage == Some(Stage::Completed) || self.expect == Expect::Signature {
            let bound = if self.version >= DIGESTS {
                binding(true, &self.nonce, &self.public_key)
            } else {
                self.public_key.clone()
            };
            let reply = TsRequest {
                version: VERSION,
                pub_key_auth: Some(self.seal(&bound)?),
                client_nonce: (self.version >= DIGESTS).then(|| self.nonce.to_vec()),
                ..TsRequest::default()
            };
            self.outgoing.extend(reply.encode());
            self.expect = Expect::Key;
        } else {
            let ways = spnego::ways();
            let sequence = self.next();
            let signature = self
                .key
                .sign(usage::INITIATOR_SIGN, sequence, self.hosts, &ways)?;
            let reply = TsRequest::with_token(VERSION, spnego::signed(&signature));
            self.outgoing.extend(reply.encode());
            self.expect = Expect::Signature;
        }
        Ok(None)
    }

    /// The host's proof that it has the key of the ticket.
    fn proved(&mut self, proof: &[u8]) -> Result<(), Error> {
        let part = ticket::read_proof(proof)
            .and_then(|sealed| self.ticket_key.open(usage::AP_REPLY, &sealed.bytes))
            .and_then(|plain| ticket::read_proof_part(&plain))
            .filter(|part| part.micros == Some(self.micros))
            .ok_or(Error::HostUnproven)?;
        if let Some((kind, key)) = part.key {
            self.key = Key::of(kind.0, key)?;
            self.hosts = true;
        }
        Ok(())
    }

    /// The host's proof that it is the end of the TLS session.
    fn bound(&mut self, request: &TsRequest) -> Result<Option<Goes>, Error> {
        let Some(token) = request.pub_key_auth.as_deref() else {
            return Err(Error::LogonUnread);
        };
        let expected = if self.version >= DIGESTS {
            binding(false, &self.nonce, &self.public_key)
        } else {
            one_more(&self.public_key)
        };
        let said = self.key.unwrap(usage::ACCEPTOR_SEAL, token);
        if said.as_deref().map(Vec::as_slice) != Some(&expected[..]) {
            return Err(Error::HostUnproven);
        }
        // The password goes where that leads further: to a desktop, or to the server's word on the user.
        if self.hands_over || self.gives_word {
            let parts = self.credentials.to_hand_over();
            let [domain, user, password] = parts.each_ref().map(|part| part.as_slice());
            let credentials = credssp::password_credentials([domain, user, password]);
            let reply = TsRequest {
                version: VERSION,
                auth_info: Some(self.seal(&credentials)?),
                ..TsRequest::default()
            };
            self.outgoing.extend(reply.encode());
        }
        if self.gives_word {
            self.expect = Expect::Verdict;
            return Ok(None);
        }
        self.expect = Expect::Nothing;
        Ok(Some(Goes::Done))
    }

    fn next(&mut self) -> u64 {
        let sequence = self.sequence;
        self.sequence = sequence.wrapping_add(1);
        sequence
    }

    fn seal(&mut self, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let sequence = self.next();
        Ok(self
            .key
            .wrap(usage::INITIATOR_SEAL, sequence, self.hosts, plain)?)
    }
}

/// The key with one added to its first byte, as versions up to 4 prove it.
fn one_more(key: &[u8]) -> Vec<u8> {
    let mut key = key.to_vec();
    for byte in &mut key {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            break;
        }
    }
    key
}
