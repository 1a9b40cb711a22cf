//! Signing and sealing of PDUs with what an NTLM logon left behind ([MS-NLMP] 3.4, [MS-RPCE] 3.3.1.5.2.2).
//!
//! With NTLMv2 all of a PDU is signed, from its header to its sec_trailer, whether or not both sides said that they
//! can sign headers ([MS-NLMP] 3.4.6.1 and 3.4.8.1). Sessions without NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY are
//! not taken: who proves a password with NTLMv2 asks for it.

use std::ops::Range;

use openssl::hash::{MessageDigest, hash};

use crate::ntlm::{self, Rc4, Session};

/// The size of a signature ([MS-NLMP] 2.2.2.9).
pub(super) const SIGNATURE: usize = 16;

/// NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY ([MS-NLMP] 2.2.2.5).
const EXTENDED: u32 = 0x0008_0000;
/// NTLMSSP_NEGOTIATE_128.
const STRONG: u32 = 0x2000_0000;
/// NTLMSSP_NEGOTIATE_KEY_EXCH.
const KEY_EXCHANGE: u32 = 0x4000_0000;
/// NTLMSSP_NEGOTIATE_56.
const MIDDLING: u32 = 0x8000_0000;

/// RPC_C_AUTHN_LEVEL_PKT_INTEGRITY ([MS-RPCE] 2.2.1.1.8).
pub(super) const INTEGRITY: u8 = 5;
/// RPC_C_AUTHN_LEVEL_PKT_PRIVACY.
pub(super) const PRIVACY: u8 = 6;

/// What is sent in one direction.
#[derive(Clone)]
struct Direction {
    signing: Vec<u8>,
    sealing: Rc4,
    next: u32,
    /// The checksum is encrypted too.
    encrypts: bool,
}

impl Direction {
    fn new(session: &Session, way: &str) -> Option<Self> {
        let key = |from: &[u8], what: &str| {
            let constant = format!("session key to {way} {what} key magic constant\0");
            hash(MessageDigest::md5(), &[from, constant.as_bytes()].concat()).ok()
        };
        // SEALKEY ([MS-NLMP] 3.4.5.3).
        let strength = if session.flags & STRONG != 0 {
            16
        } else if session.flags & MIDDLING != 0 {
            7
        } else {
            5
        };
        Some(Self {
            signing: key(&session.key, "signing")?.to_vec(),
            sealing: Rc4::new(&key(session.key.get(..strength)?, "sealing")?),
            next: 0,
            encrypts: session.flags & KEY_EXCHANGE != 0,
        })
    }

    /// The signature of the next message ([MS-NLMP] 3.4.4.2).
    fn sign(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        let number = self.next.to_le_bytes();
        let whole = ntlm::hmac_md5(&self.signing, &[&number, message]).ok()?;
        let checksum = whole.get(..8)?;
        let checksum = if self.encrypts {
            self.sealing.apply(checksum)
        } else {
            checksum.to_vec()
        };
        self.next = self.next.wrapping_add(1);
        Some([&1_u32.to_le_bytes()[..], &checksum, &number].concat())
    }
}

/// The protection of an association's PDUs.
pub(super) struct Security {
    level: u8,
    incoming: Direction,
    outgoing: Direction,
}

impl Security {
    /// The server's half of a session whose client asked for this level; nothing where the session cannot sign.
    pub fn new(session: &Session, level: u8) -> Option<Self> {
        if session.flags & EXTENDED == 0 || session.key.len() != 16 {
            return None;
        }
        Some(Self {
            level,
            incoming: Direction::new(session, "client-to-server")?,
            outgoing: Direction::new(session, "server-to-client")?,
        })
    }

    /// The client's half.
    #[cfg(test)]
    pub fn of_client(session: &Session, level: u8) -> Option<Self> {
        let Self {
            incoming, outgoing, ..
        } = Self::new(session, level)?;
        Some(Self {
            level,
            incoming: outgoing,
            outgoing: incoming,
        })
    }

    /// What stands in `body` of a PDU that comes without its token; nothing when the token is not that of the PDU.
    pub fn open(&mut self, pdu: &[u8], body: Range<usize>, token: &[u8]) -> Option<Vec<u8>> {
        let (before, after) = (pdu.get(..body.start)?, pdu.get(body.end..)?);
        let mut plain = pdu.get(body)?.to_vec();
        if self.level == PRIVACY {
            plain = self.incoming.sealing.apply(&plain);
        }
        let signature = self.incoming.sign(&[before, &plain, after].concat())?;
        (signature == token).then_some(plain)
    }

    /// Protects a PDU up to its token in which `body` is to be sealed where everything is, and puts the token behind
    /// it.
    pub fn close(&mut self, mut pdu: Vec<u8>, body: Range<usize>) -> Option<Vec<u8>> {
        let plain = pdu.clone();
        if self.level == PRIVACY {
            let sealed = self.outgoing.sealing.apply(pdu.get(body.clone())?);
            pdu.splice(body, sealed);
        }
        pdu.extend(self.outgoing.sign(&plain)?);
        Some(pdu)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [MS-NLMP] 4.2.4: the RandomSessionKey is 55 sixteen times, the flags those of 4.2.4.3.
    fn session() -> Session {
        Session {
            key: vec![0x55; 16],
            flags: 0xE288_8235,
        }
    }

    /// [MS-NLMP] 4.2.4.4.
    #[test]
    fn the_example_of_the_specification_is_sealed_and_signed() {
        let plain: Vec<u8> = "Plaintext"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let mut direction = Direction::new(&session(), "client-to-server").unwrap();
        let signing = [
            0x47, 0x88, 0xDC, 0x86, 0x1B, 0x47, 0x82, 0xF3, 0x5D, 0x43, 0xFD, 0x98, 0xFE, 0x1A,
            0x2D, 0x39,
        ];
        assert_eq!(direction.signing, signing);
        let sealed = direction.sealing.apply(&plain);
        let expected = [
            0x54, 0xE5, 0x01, 0x65, 0xBF, 0x19, 0x36, 0xDC, 0x99, 0x60, 0x20, 0xC1, 0x81, 0x1B,
            0x0F, 0x06, 0xFB, 0x5F,
        ];
        assert_eq!(sealed, expected);
        let signature = direction.sign(&plain).unwrap();
        let expected = [
            1, 0, 0, 0, 0x7F, 0xB3, 0x8E, 0xC5, 0xC5, 0x5D, 0x49, 0x76, 0, 0, 0, 0,
        ];
        assert_eq!(signature, expected);

        let mut server = Security::new(&session(), PRIVACY).unwrap();
        assert_eq!(server.open(&sealed, 0..18, &signature), Some(plain));
    }

    #[test]
    fn what_was_changed_on_its_way_is_not_taken() {
        let pdu = [7_u8; 40];
        for at in 0..40 {
            let mut client = Direction::new(&session(), "client-to-server").unwrap();
            let mut server = Security::new(&session(), INTEGRITY).unwrap();
            let token = client.sign(&pdu).unwrap();
            let mut changed = pdu;
            changed[at] ^= 1;
            assert_eq!(server.open(&changed, 24..32, &token), None);
        }
        // What comes again is out of turn.
        let mut client = Direction::new(&session(), "client-to-server").unwrap();
        let mut server = Security::new(&session(), INTEGRITY).unwrap();
        let token = client.sign(&pdu).unwrap();
        assert!(server.open(&pdu, 24..32, &token).is_some());
        assert!(server.open(&pdu, 24..32, &token).is_none());
    }

    #[test]
    fn only_the_body_is_sealed() {
        let mut server = Security::new(&session(), PRIVACY).unwrap();
        let closed = server.close(vec![7; 40], 24..32).unwrap();
        assert_eq!(closed.len(), 40 + SIGNATURE);
        assert_eq!(closed[..24], [7; 24]);
        assert_ne!(closed[24..32], [7; 8]);
        assert_eq!(closed[32..40], [7; 8]);
        let mut client = Direction::new(&session(), "server-to-client").unwrap();
        assert_eq!(client.sealing.apply(&closed[24..32]), [7; 8]);
        assert_eq!(client.sign(&[7; 40]).unwrap(), closed[40..]);
    }

    #[test]
    fn a_session_that_cannot_sign_is_not_taken() {
        let weak = Session {
            flags: session().flags & !EXTENDED,
            ..session()
        };
        assert!(Security::new(&weak, INTEGRITY).is_none());
    }
}
