//! From a link-layer frame to the TCP segment or ICMP error in it, as far as it was recorded.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use model::codes::IcmpError;

use super::bytes::{be16, be32, take};

/// An address and a port; IPv4 addresses are kept as IPv4-mapped ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Endpoint {
    pub address: [u8; 16],
    pub port: u16,
}

impl Endpoint {
    pub fn of(socket: SocketAddr) -> Self {
        let address = match socket.ip() {
            IpAddr::V4(v4) => mapped(v4.octets()),
            IpAddr::V6(v6) => v6.octets(),
        };
        Self {
            address,
            port: socket.port(),
        }
    }

    pub fn socket(self) -> SocketAddr {
        SocketAddr::new(address(self.address), self.port)
    }
}

fn address(bytes: [u8; 16]) -> IpAddr {
    let v6 = Ipv6Addr::from(bytes);
    v6.to_ipv4_mapped().map_or(IpAddr::V6(v6), IpAddr::V4)
}

fn mapped(bytes: [u8; 4]) -> [u8; 16] {
    Ipv4Addr::from(bytes).to_ipv6_mapped().octets()
}

/// What a frame holds.
#[derive(Clone, Debug)]
pub(super) enum Frame<'a> {
    /// A TCP segment.
    Tcp(Segment<'a>),
    /// A UDP datagram.
    Udp(Datagram<'a>),
    /// An ICMP error about a TCP segment or a UDP datagram.
    Icmp(Icmp),
    /// A part of an IP packet that is not its first.
    Fragment,
    /// Anything else.
    Other,
    /// A link type that is not known.
    UnknownLink,
}

/// A UDP datagram.
#[derive(Clone, Copy, Debug)]
pub(super) struct Datagram<'a> {
    pub from: Endpoint,
    pub to: Endpoint,
    pub payload: &'a [u8],
}

/// A TCP segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'a> {
    pub from: Endpoint,
    pub to: Endpoint,
    pub sequence: u32,
    pub acknowledged: u32,
    pub flags: u8,
    /// IPv4 `identification`; zero with IPv6.
    pub identification: u16,
    /// Time to live, or hop limit.
    pub ttl: u8,
    pub payload: &'a [u8],
    /// Bytes of payload that were sent and not recorded.
    pub cut: usize,
    /// It says that bytes came twice, so that they were sent again for nothing (RFC 2883).
    pub twice: bool,
}

pub(super) const FIN: u8 = 0x01;
pub(super) const SYN: u8 = 0x02;
pub(super) const RST: u8 = 0x04;
pub(super) const ACK: u8 = 0x10;

/// An ICMP error about a TCP segment or a UDP datagram.
#[derive(Clone, Copy, Debug)]
pub(super) struct Icmp {
    pub error: IcmpError,
    /// The error is about a UDP datagram.
    pub is_udp: bool,
    /// The packet was too big; this is the size that would pass.
    pub passes: Option<u32>,
    /// Who sent the packet, and to whom.
    pub from: Endpoint,
    pub to: Endpoint,
}

/// Finds the segment in a frame.
pub(super) fn read(link: u16, frame: &[u8]) -> Frame<'_> {
    let ip = match link {
        // Ethernet.
        1 => ethernet(frame, 12),
        // BSD loopback: the address family, in the order of the recording machine or not.
        0 | 108 => frame.get(4..),
        // Raw IP, and its other numbers.
        12 | 14 | 101 | 228 | 229 => Some(frame),
        // Linux cooked capture, version 1 and 2.
        113 => ethernet(frame, 14),
        276 => match be16(frame, 0) {
            Some(0x8100 | 0x88A8) => ethernet(frame, 20),
            _ => frame.get(20..),
        },
        // PPP, with and without address and control.
        9 | 50 => match frame {
            [0xFF, 0x03, 0x00, 0x21 | 0x57, rest @ ..] => Some(rest),
            [0x00, 0x21 | 0x57, rest @ ..] | [0x21 | 0x57, rest @ ..] => Some(rest),
            _ => None,
        },
        // Cisco HDLC.
        104 => frame.get(4..),
        // OpenBSD encapsulated, and its firewall log.
        109 => frame.get(12..),
        117 => {
            // The length of the header is in its first byte and padded.
            let header = frame
                .first()
                .map(|&length| usize::from(length).next_multiple_of(4));
            header.and_then(|header| frame.get(header..))
        }
        // IEEE 802.11, bare and behind a radiotap header.
        105 => wireless(frame),
        127 => match frame {
            [_, _, low, high, ..] => frame
                .get(usize::from(u16::from_le_bytes([*low, *high]))..)
                .and_then(wireless),
            _ => None,
        },
        _ => return Frame::UnknownLink,
    };
    ip.map_or(Frame::Other, |ip| packet(ip, 0))
}

/// The IP packet behind an EtherType, VLAN tags, MPLS labels and PPPoE between them.
fn ethernet(frame: &[u8], mut at: usize) -> Option<&[u8]> {
    // A bound on the number of tags keeps a hostile frame short.
    for _ in 0..8 {
        match be16(frame, at)? {
            0x0800 | 0x86DD => return frame.get(at.checked_add(2)?..),
            0x8100 | 0x88A8 | 0x9100 => at = at.checked_add(4)?,
            0x8847 | 0x8848 => {
                let mut label = at.checked_add(2)?;
                // The last label has the bottom-of-stack bit.
                while frame.get(label.checked_add(2)?)? & 1 == 0 {
                    label = label.checked_add(4)?;
                }
                return frame.get(label.checked_add(4)?..);
            }
            0x8864 => return frame.get(at.checked_add(10)?..),
            _ => return None,
        }
    }
    None
}

/// The IP packet in a data frame that is not encrypted.
fn wireless(frame: &[u8]) -> Option<&[u8]> {
    let &[control, flags, ..] = frame else {
        return None;
    };
    // Type data, with a body, not protected.
    if control & 0x0C != 0x08 || control & 0x40 != 0 || flags & 0x40 != 0 {
        return None;
    }
    let four_addresses = if flags & 0x03 == 0x03 { 6 } else { 0 };
    let quality = if control & 0x80 != 0 { 2 } else { 0 };
    // Behind LLC and SNAP stands an EtherType.
    ethernet(frame, 24 + four_addresses + quality + 6)
}

fn packet(ip: &[u8], depth: u8) -> Frame<'_> {
    let read = match ip.first().map(|first| first >> 4) {
        Some(4) => v4(ip, depth),
        Some(6) => v6(ip, depth),
        _ => None,
    };
    read.unwrap_or(Frame::Other)
}

/// One layer of addresses around a transport header.
struct Around {
    from: [u8; 16],
    to: [u8; 16],
    identification: u16,
    ttl: u8,
    /// Length of what follows the header according to the header; `None` when it does not say, as with
    /// segments that the network card was to divide.
    length: Option<usize>,
}

fn v4(ip: &[u8], depth: u8) -> Option<Frame<'_>> {
    let header = usize::from(ip.first()? & 0x0F).checked_mul(4)?;
    let total = usize::from(be16(ip, 2)?);
    if be16(ip, 6)? & 0x1FFF != 0 {
        return Some(Frame::Fragment);
    }
    let around = Around {
        from: mapped(take(ip, 12)?),
        to: mapped(take(ip, 16)?),
        identification: be16(ip, 4)?,
        ttl: *ip.get(8)?,
        length: (total >= header && total > 0).then(|| total.saturating_sub(header)),
    };
    transport(*ip.get(9)?, ip.get(header.max(20)..)?, &around, depth)
}

fn v6(ip: &[u8], depth: u8) -> Option<Frame<'_>> {
    let total = usize::from(be16(ip, 4)?);
    let mut next = *ip.get(6)?;
    let mut at = 40_usize;
    for _ in 0..8 {
        let length = match next {
            // Hop-by-hop, routing, destination options.
            0 | 43 | 60 => usize::from(*ip.get(at.checked_add(1)?)?)
                .checked_add(1)?
                .checked_mul(8)?,
            44 => {
                if be16(ip, at.checked_add(2)?)? & 0xFFF8 != 0 {
                    return Some(Frame::Fragment);
                }
                8
            }
            // Authentication.
            51 => usize::from(*ip.get(at.checked_add(1)?)?)
                .checked_add(2)?
                .checked_mul(4)?,
            _ => break,
        };
        next = *ip.get(at)?;
        at = at.checked_add(length)?;
    }
    let around = Around {
        from: take(ip, 8)?,
        to: take(ip, 24)?,
        identification: 0,
        ttl: *ip.get(7)?,
        length: (total > 0).then(|| total.saturating_sub(at.saturating_sub(40))),
    };
    transport(next, ip.get(at..)?, &around, depth)
}

fn transport<'a>(protocol: u8, bytes: &'a [u8], around: &Around, depth: u8) -> Option<Frame<'a>> {
    match protocol {
        6 => tcp(bytes, around).map(Frame::Tcp),
        17 => Some(Frame::Udp(Datagram {
            from: Endpoint {
                address: around.from,
                port: be16(bytes, 0)?,
            },
            to: Endpoint {
                address: around.to,
                port: be16(bytes, 2)?,
            },
            payload: bytes.get(8..)?,
        })),
        1 => icmp(bytes, around, false),
        58 => icmp(bytes, around, true),
        // IP in IP.
        4 | 41 if depth < 2 => Some(packet(bytes, depth.saturating_add(1))),
        _ => None,
    }
}

fn tcp<'a>(bytes: &'a [u8], around: &Around) -> Option<Segment<'a>> {
    let header = usize::from(bytes.get(12)? >> 4).checked_mul(4)?.max(20);
    let recorded = bytes.get(header..).unwrap_or_default();
    // Ethernet pads short frames, so the length is what IP says.
    let length = around
        .length
        .map_or(recorded.len(), |length| length.saturating_sub(header));
    let payload = recorded.get(..length).unwrap_or(recorded);
    let acknowledged = be32(bytes, 8)?;
    Some(Segment {
        from: Endpoint {
            address: around.from,
            port: be16(bytes, 0)?,
        },
        to: Endpoint {
            address: around.to,
            port: be16(bytes, 2)?,
        },
        sequence: be32(bytes, 4)?,
        acknowledged,
        flags: *bytes.get(13)?,
        identification: around.identification,
        ttl: around.ttl,
        payload,
        cut: length.saturating_sub(payload.len()),
        twice: bytes
            .get(20..header)
            .and_then(first_block)
            .is_some_and(|left| acknowledged.wrapping_sub(left).wrapping_sub(1) < 1 << 31),
    })
}

/// Where the first block of a selective acknowledgement begins (RFC 2018 section 3). One that begins before what is
/// acknowledged is about bytes that came twice (RFC 2883 section 4).
fn first_block(mut options: &[u8]) -> Option<u32> {
    const END: u8 = 0;
    const NOTHING: u8 = 1;
    const SELECTIVE: u8 = 5;
    loop {
        match *options.first()? {
            END => return None,
            NOTHING => options = options.get(1..)?,
            SELECTIVE => return be32(options, 2),
            _ => options = options.get(usize::from(*options.get(1)?).max(2)..)?,
        }
    }
}

/// An error quotes the header of the packet it is about and at least eight bytes behind it.
fn icmp<'a>(bytes: &'a [u8], around: &Around, v6: bool) -> Option<Frame<'a>> {
    let (&kind, &code) = (bytes.first()?, bytes.get(1)?);
    let is_error = if v6 {
        (1..=4).contains(&kind)
    } else {
        matches!(kind, 3 | 11 | 12)
    };
    if !is_error {
        return None;
    }
    let quoted = bytes.get(8..)?;
    let (protocol, from, to, ports) = if v6 {
        (*quoted.get(6)?, take(quoted, 8)?, take(quoted, 24)?, 40)
    } else {
        let header = usize::from(quoted.first()? & 0x0F).checked_mul(4)?.max(20);
        (
            *quoted.get(9)?,
            mapped(take(quoted, 12)?),
            mapped(take(quoted, 16)?),
            header,
        )
    };
    if !matches!(protocol, 6 | 17) {
        return None;
    }
    // "Packet too big" of IPv6, and "fragmentation needed" of IPv4, which old routers send without a size.
    let passes = match (v6, kind, code) {
        (true, 2, _) => be32(bytes, 4),
        (false, 3, 4) => be16(bytes, 6).map(u32::from).filter(|&size| size > 0),
        _ => None,
    };
    let error = IcmpError {
        v6,
        kind,
        code,
        from: Some(address(around.from)),
    };
    Some(Frame::Icmp(Icmp {
        error,
        is_udp: protocol == 17,
        passes,
        from: Endpoint {
            address: from,
            port: be16(quoted, ports)?,
        },
        to: Endpoint {
            address: to,
            port: be16(quoted, ports.checked_add(2)?)?,
        },
    }))
}
