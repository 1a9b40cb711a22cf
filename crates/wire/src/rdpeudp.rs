//! The first datagrams of the UDP side transport: SYN and SYN+ACK ([MS-RDPEUDP] 2.2.2 and 3.1.5.1).
//!
//! [MS-RDPEUDP]: https://learn.microsoft.com/openspecs/windows_protocols/ms-rdpeudp/

use crate::cursor::{Cursor, low16};

/// `uFlags` of RDPUDP_FEC_HEADER ([MS-RDPEUDP] 2.2.2.1).
pub mod flags {
    /// RDPUDP_FLAG_SYN.
    pub const SYN: u16 = 0x0001;
    /// RDPUDP_FLAG_FIN.
    pub const FIN: u16 = 0x0002;
    /// RDPUDP_FLAG_ACK.
    pub const ACK: u16 = 0x0004;
    /// RDPUDP_FLAG_SYNLOSSY: the connection lives with lost datagrams.
    pub const SYN_LOSSY: u16 = 0x0200;
    /// RDPUDP_FLAG_CORRELATION_ID.
    pub const CORRELATION_ID: u16 = 0x0800;
    /// RDPUDP_FLAG_SYNEX: a version follows.
    pub const SYN_EX: u16 = 0x1000;
}

/// RDPUDP_PROTOCOL_VERSION_1: also what a SYN without a version means.
pub const VERSION_1: u16 = 0x0001;
/// RDPUDP_PROTOCOL_VERSION_2: the highest that can be offered without a session's cookie.
pub const VERSION_2: u16 = 0x0002;
/// RDPUDP_PROTOCOL_VERSION_3: data follows [MS-RDPEUDP2]; a SYN of a client needs a cookie hash.
pub const VERSION_3: u16 = 0x0101;

/// The smallest value of `uUpStreamMtu` and `uDownStreamMtu`, in bytes.
pub const MTU_MIN: u16 = 1132;
/// The largest value of `uUpStreamMtu` and `uDownStreamMtu`, in bytes.
pub const MTU_MAX: u16 = 1232;

/// `snSourceAck` of a SYN: nothing has been received yet.
const NOTHING_RECEIVED: u32 = 0xFFFF_FFFF;
/// RDPUDP_VERSION_INFO_VALID.
const VERSION_INFO_VALID: u16 = 0x0001;
/// `uCorrelationId` and `uReserved`.
const CORRELATION_PAYLOAD: usize = 16 + 16;

/// A SYN or SYN+ACK datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syn {
    /// `snSourceAck` when the datagram acknowledges another: the initial sequence number of that one.
    pub acknowledges: Option<u32>,
    /// `uReceiveWindowSize`, in datagrams.
    pub window: u16,
    /// `snInitialSequenceNumber`.
    pub sequence: u32,
    /// `uUpStreamMtu`, in bytes.
    pub up_mtu: u16,
    /// `uDownStreamMtu`, in bytes.
    pub down_mtu: u16,
    /// The connection lives with lost datagrams.
    pub lossy: bool,
    /// `uCorrelationId`.
    pub correlation: Option<[u8; 16]>,
    /// `uUdpVer`; `None` without a valid version, which means [`VERSION_1`].
    pub version: Option<u16>,
    /// `cookieHash` of a client's SYN of version 3.
    pub cookie_hash: Option<[u8; 32]>,
}

impl Syn {
    /// A client's SYN for a reliable connection that offers `version`. Version 3 needs a cookie hash,
    /// which only a session gives.
    pub const fn client(sequence: u32, version: u16) -> Self {
        Self {
            acknowledges: None,
            window: 64,
            sequence,
            up_mtu: MTU_MAX,
            down_mtu: MTU_MAX,
            lossy: false,
            correlation: None,
            version: Some(version),
            cookie_hash: None,
        }
    }

    /// The answer of a server that supports versions up to `version` ([MS-RDPEUDP] 3.1.5.1.3).
    pub fn answer(&self, sequence: u32, version: u16) -> Self {
        let common = |ours: u16, theirs: u16| ours.min(theirs).clamp(MTU_MIN, MTU_MAX);
        Self {
            acknowledges: Some(self.sequence),
            window: 64,
            sequence,
            up_mtu: common(MTU_MAX, self.down_mtu),
            down_mtu: common(MTU_MAX, self.up_mtu),
            lossy: self.lossy,
            correlation: None,
            version: self.version.map(|offered| offered.min(version)),
            cookie_hash: None,
        }
    }

    /// The version both sides speak when this is the answer.
    pub fn spoken(&self) -> u16 {
        self.version.unwrap_or(VERSION_1)
    }

    /// The largest datagram both directions take, in bytes.
    pub fn mtu(&self) -> u16 {
        self.up_mtu.min(self.down_mtu)
    }

    /// Writes the datagram, padded with zeros to the smaller MTU as [MS-RDPEUDP] 3.1.5.1.1 demands.
    pub fn encode(&self) -> Vec<u8> {
        let mut bits = flags::SYN;
        let mut set = |present: bool, flag: u16| {
            if present {
                bits |= flag;
            }
        };
        set(self.acknowledges.is_some(), flags::ACK);
        set(self.lossy, flags::SYN_LOSSY);
        set(self.correlation.is_some(), flags::CORRELATION_ID);
        set(self.version.is_some(), flags::SYN_EX);

        let mut out = Vec::with_capacity(usize::from(MTU_MAX));
        out.extend(self.acknowledges.unwrap_or(NOTHING_RECEIVED).to_be_bytes());
        out.extend(self.window.to_be_bytes());
        out.extend(bits.to_be_bytes());
        out.extend(self.sequence.to_be_bytes());
        out.extend(self.up_mtu.to_be_bytes());
        out.extend(self.down_mtu.to_be_bytes());
        if let Some(correlation) = self.correlation {
            out.extend(correlation);
            out.extend([0; 16]);
        }
        if let Some(version) = self.version {
            out.extend(VERSION_INFO_VALID.to_be_bytes());
            out.extend(version.to_be_bytes());
            out.extend(self.cookie_hash.into_iter().flatten());
        }
        let padded = self.up_mtu.min(self.down_mtu).min(MTU_MAX);
        if low16(out.len()) < padded {
            out.resize(usize::from(padded), 0);
        }
        out
    }

    /// Reads a SYN or SYN+ACK. Anything else is `None`: other datagrams carry nothing that tells them
    /// from noise, while these two have MTUs in a narrow range and fixed combinations of flags.
    pub fn read(datagram: &[u8]) -> Option<Self> {
        let mut cursor = Cursor(datagram);
        let source = u32_be(&mut cursor)?;
        let window = cursor.u16()?;
        let bits = cursor.u16()?;
        let known =
            flags::SYN | flags::ACK | flags::SYN_LOSSY | flags::CORRELATION_ID | flags::SYN_EX;
        let acknowledges = bits & flags::ACK != 0;
        let first = source == NOTHING_RECEIVED;
        if bits & flags::SYN == 0 || bits & !known != 0 || (!acknowledges && !first) {
            return None;
        }
        let sequence = u32_be(&mut cursor)?;
        let (up_mtu, down_mtu) = (cursor.u16()?, cursor.u16()?);
        let in_range = |mtu: u16| (MTU_MIN..=MTU_MAX).contains(&mtu);
        if !in_range(up_mtu) || !in_range(down_mtu) {
            return None;
        }
        let correlation = if bits & flags::CORRELATION_ID == 0 {
            None
        } else {
            cursor.take(CORRELATION_PAYLOAD)?.first_chunk().copied()
        };
        let mut version = None;
        let mut cookie_hash = None;
        if bits & flags::SYN_EX != 0 {
            let valid = cursor.u16()? & VERSION_INFO_VALID != 0;
            let stated = cursor.u16()?;
            version = valid.then_some(stated);
            if version == Some(VERSION_3) && !acknowledges {
                cookie_hash = cursor.take(32).and_then(|hash| hash.first_chunk().copied());
            }
        }
        Some(Self {
            acknowledges: acknowledges.then_some(source),
            window,
            sequence,
            up_mtu,
            down_mtu,
            lossy: bits & flags::SYN_LOSSY != 0,
            correlation,
            version,
            cookie_hash,
        })
    }
}

fn u32_be(cursor: &mut Cursor<'_>) -> Option<u32> {
    Some(u32::from(cursor.u16()?) << 16 | u32::from(cursor.u16()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    use proptest::prelude::*;

    /// [MS-RDPEUDP] 4.1.1, whose flags 0x0A01 are correlation, lossy and SYN.
    #[test]
    fn the_example_of_a_syn_is_read_and_written() {
        let mut example = hex!(
            "ffffffff 0400 0a01 00000042 04d0 04d0"
            "d235ac43894142dab10edd6887f7f9fb 00000000000000000000000000000000"
        )
        .to_vec();
        example.resize(1232, 0);
        let syn = Syn {
            acknowledges: None,
            window: 1024,
            sequence: 0x42,
            up_mtu: 1232,
            down_mtu: 1232,
            lossy: true,
            correlation: Some(hex!("d235ac43894142dab10edd6887f7f9fb")),
            version: None,
            cookie_hash: None,
        };
        assert_eq!(Syn::read(&example).as_ref(), Some(&syn));
        assert_eq!(syn.encode(), example);
    }

    /// [MS-RDPEUDP] 4.1.2.
    #[test]
    fn the_example_of_an_answer_is_read() {
        let answer = Syn::read(&hex!("00000042 0400 0005 00000042 04d0 04d0 000000")).unwrap();
        assert_eq!(answer.acknowledges, Some(0x42));
        assert_eq!(answer.spoken(), VERSION_1);
    }

    #[test]
    fn an_answer_never_speaks_a_higher_version_than_was_offered() {
        let offered = Syn::client(7, VERSION_2);
        assert_eq!(offered.answer(9, VERSION_3).spoken(), VERSION_2);
        assert_eq!(offered.answer(9, VERSION_1).spoken(), VERSION_1);
        assert_eq!(offered.answer(9, VERSION_1).acknowledges, Some(7));
        let old = Syn {
            version: None,
            ..offered
        };
        assert_eq!(old.answer(9, VERSION_2).version, None);
    }

    #[test]
    fn other_datagrams_are_not_taken_for_one() {
        // A DTLS record, a DNS answer, and a SYN with an MTU out of range.
        for other in [
            &hex!("16feff0000000000000000003a01000031")[..],
            &hex!("12348180000100010000000003777777"),
            &hex!("ffffffff 0400 0001 00000042 0500 0500"),
        ] {
            assert_eq!(Syn::read(other), None);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            sequence: u32, window: u16, lossy: bool, acknowledges: Option<u32>,
            correlation: Option<[u8; 16]>, version in proptest::option::of(1_u16..3),
            up_mtu in MTU_MIN..=MTU_MAX, down_mtu in MTU_MIN..=MTU_MAX
        ) {
            let syn = Syn { acknowledges, window, sequence, up_mtu, down_mtu, lossy, correlation, version, cookie_hash: None };
            let datagram = syn.encode();
            prop_assert_eq!(datagram.len(), usize::from(up_mtu.min(down_mtu)));
            prop_assert_eq!(Syn::read(&datagram), Some(syn));
        }

        #[test]
        fn any_bytes_are_calm(bytes: Vec<u8>) {
            let _ = Syn::read(&bytes);
        }
    }
}
