//! The containers packets come in: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng),
//! read from pieces of any size. What is damaged is skipped as far as the next record that makes sense.

use super::bytes::{Order, take};

/// The largest packet that is believed; `tcpdump` itself never stores more than 256 KiB.
const LARGEST_PACKET: usize = 512 * 1024;
/// The largest pcapng block that is held as a whole; longer ones are skipped unread.
const LARGEST_BLOCK: usize = 1024 * 1024;
/// How far a time may lie from the one before in a file that is to be believed again, in seconds.
const NEAR: u64 = 86_400;

/// A packet as it was recorded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packet<'a> {
    /// Microseconds since 1970.
    pub at: u64,
    /// `LINKTYPE_` number.
    pub link: u16,
    /// The bytes that were recorded.
    pub data: &'a [u8],
}

/// What is at the front of the bytes.
pub(super) enum Item<'a> {
    /// A packet, and how many bytes it took.
    Packet(Packet<'a>, usize),
    /// A TLS key log, and how many bytes it took.
    Keys(&'a [u8], usize),
    /// Nothing of interest; so many bytes were read.
    Skip(usize),
    /// Damage; so many bytes cannot be used.
    Damage(&'static str, usize),
    /// More bytes are needed.
    More,
    /// Nothing can be read from here on.
    Unusable(&'static str),
}

/// Where in which container we are.
#[derive(Debug, Default)]
pub(super) struct Framing {
    container: Container,
    /// Bytes of an unread block that are still to come.
    skip: u64,
    /// The last time that was believed, in seconds since 1970.
    last: Option<u64>,
    /// Inside a stretch that makes no sense.
    lost: bool,
}

#[derive(Debug, Default)]
enum Container {
    #[default]
    Unknown,
    Pcap {
        order: Order,
        nanoseconds: bool,
        /// Size of a record's header: 16, or 24 in a variant of the nineties.
        header: usize,
        link: u16,
    },
    Blocks {
        order: Order,
        interfaces: Vec<Interface>,
    },
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: u16,
    snap_length: usize,
    /// Ticks per second.
    ticks: u64,
    /// Seconds to add.
    offset: i64,
}

/// These bytes begin a capture.
pub(super) fn is_capture(first: &[u8]) -> bool {
    matches!(
        first.get(..4),
        Some(
            [0xA1, 0xB2, 0xC3, 0xD4]
                | [0xD4, 0xC3, 0xB2, 0xA1]
                | [0xA1, 0xB2, 0x3C, 0x4D]
                | [0x4D, 0x3C, 0xB2, 0xA1]
                | [0xA1, 0xB2, 0xCD, 0x34]
                | [0x34, 0xCD, 0xB2, 0xA1]
                | [0x0A, 0x0D, 0x0D, 0x0A]
        )
    )
}

impl Framing {
    /// Reads the item at the front.
    pub fn next<'a>(&mut self, bytes: &'a [u8]) -> Item<'a> {
        if self.skip > 0 {
            let taken = usize::try_from(self.skip)
                .unwrap_or(usize::MAX)
                .min(bytes.len());
            self.skip = self
                .skip
                .saturating_sub(u64::try_from(taken).unwrap_or(u64::MAX));
            return if taken == 0 {
                Item::More
            } else {
                Item::Skip(taken)
            };
        }
        match &mut self.container {
            Container::Unknown => self.begin(bytes),
            Container::Pcap {
                order,
                nanoseconds,
                header,
                link,
            } => {
                let (order, nanoseconds, header, link) = (*order, *nanoseconds, *header, *link);
                self.record(bytes, order, nanoseconds, header, link)
            }
            Container::Blocks { .. } => self.block(bytes),
        }
    }

    fn begin<'a>(&mut self, bytes: &'a [u8]) -> Item<'a> {
        let Some(magic) = take::<4>(bytes, 0) else {
            return Item::More;
        };
        let (order, nanoseconds, header) = match u32::from_be_bytes(magic) {
            0xA1B2_C3D4 => (Order::Big, false, 16),
            0xD4C3_B2A1 => (Order::Little, false, 16),
            0xA1B2_3C4D => (Order::Big, true, 16),
            0x4D3C_B2A1 => (Order::Little, true, 16),
            0xA1B2_CD34 => (Order::Big, false, 24),
            0x34CD_B2A1 => (Order::Little, false, 24),
            0x0A0D_0D0A => {
                self.container = Container::Blocks {
                    order: Order::Little,
                    interfaces: Vec::new(),
                };
                return Item::Skip(0);
            }
            _ => return Item::Unusable("it does not begin like a capture"),
        };
        let Some(link) = order.u32(bytes, 20) else {
            return Item::More;
        };
        let link = u16::try_from(link & 0xFFFF).unwrap_or(u16::MAX);
        self.container = Container::Pcap {
            order,
            nanoseconds,
            header,
            link,
        };
        Item::Skip(24)
    }

    fn record<'a>(
        &mut self,
        bytes: &'a [u8],
        order: Order,
        nanoseconds: bool,
        header: usize,
        link: u16,
    ) -> Item<'a> {
        let (Some(seconds), Some(fraction), Some(kept), Some(length)) = (
            order.u32(bytes, 0),
            order.u32(bytes, 4),
            order.u32(bytes, 8),
            order.u32(bytes, 12),
        ) else {
            return Item::More;
        };
        let seconds = u64::from(seconds);
        let (limit, scale) = if nanoseconds {
            (1_000_000_000, 1000)
        } else {
            (1_000_000, 1)
        };
        let kept = usize::try_from(kept).unwrap_or(usize::MAX);
        let near = self.last.is_none_or(|last| last.abs_diff(seconds) <= NEAR);
        // After damage a record must make sense in every respect; before, its length decides.
        let sane = kept <= LARGEST_PACKET
            && (!self.lost
                || (near
                    && fraction < limit
                    && kept > 0
                    && kept <= usize::try_from(length).unwrap_or(usize::MAX)));
        if !sane {
            let first = !std::mem::replace(&mut self.lost, true);
            let says = if first {
                "a record has an impossible length"
            } else {
                ""
            };
            return Item::Damage(says, 1);
        }
        let end = header.saturating_add(kept);
        let Some(data) = bytes.get(header..end) else {
            return Item::More;
        };
        self.lost = false;
        self.last = Some(seconds);
        let at = seconds
            .saturating_mul(1_000_000)
            .saturating_add(u64::from(fraction / scale));
        Item::Packet(Packet { at, link, data }, end)
    }

    fn block<'a>(&mut self, bytes: &'a [u8]) -> Item<'a> {
        let Container::Blocks { order, interfaces } = &mut self.container else {
            return Item::Skip(0);
        };
        let Some(kind) = order.u32(bytes, 0) else {
            return Item::More;
        };
        // The number of a section header is the same in both orders; its magic tells the order.
        if kind == 0x0A0D_0D0A {
            match take::<4>(bytes, 8) {
                None => return Item::More,
                Some([0x1A, 0x2B, 0x3C, 0x4D]) => *order = Order::Big,
                Some([0x4D, 0x3C, 0x2B, 0x1A]) => *order = Order::Little,
                Some(_) => return self.misfit(),
            }
        }
        let Some(length) = order.u32(bytes, 4) else {
            return Item::More;
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let length_of_block = length;
        let known = matches!(
            kind,
            0x0A0D_0D0A | 1..=6 | 9 | 0xA | 0xB | 0xBAD | 0x4000_0BAD
        ) || (0x8000_0000..=0xFFFF_FFFF).contains(&kind);
        let fits = length >= 12 && length.is_multiple_of(4) && (known || !self.lost);
        if !fits || (self.lost && length > LARGEST_BLOCK) {
            return self.misfit();
        }
        if length > LARGEST_BLOCK {
            self.skip = u64::try_from(length).unwrap_or(u64::MAX);
            return Item::Damage("a block too long to be a packet was left out", 0);
        }
        let Some(block) = bytes.get(..length) else {
            return Item::More;
        };
        if order
            .u32(block, length.saturating_sub(4))
            .map(usize::try_from)
            != Some(Ok(length))
        {
            return self.misfit();
        }
        let body = block.get(8..length.saturating_sub(4)).unwrap_or_default();
        self.lost = false;
        match kind {
            0x0A0D_0D0A => interfaces.clear(),
            // Decryption secrets: their type ("TLSK"), their length, and the key log.
            0xA if order.u32(body, 0) == Some(0x544C_534B) => {
                let log = body.get(8..).unwrap_or_default();
                let length = order
                    .u32(body, 4)
                    .and_then(|length| usize::try_from(length).ok());
                let log = length.and_then(|length| log.get(..length)).unwrap_or(log);
                return Item::Keys(log, length_of_block);
            }
            1 if interfaces.len() < 65_536 => interfaces.extend(interface(body, *order)),
            2 | 6 => {
                // The obsolete packet block has a 16-bit interface and a drop count.
                let number = if kind == 6 {
                    order
                        .u32(body, 0)
                        .and_then(|number| usize::try_from(number).ok())
                } else {
                    order.u16(body, 0).map(usize::from)
                };
                let packet = number
                    .and_then(|number| interfaces.get(number))
                    .and_then(|interface| timed(body, *order, *interface));
                return match packet {
                    Some(packet) => {
                        self.last = Some(packet.at / 1_000_000);
                        Item::Packet(packet, length)
                    }
                    None => Item::Damage("a packet of an unknown interface was left out", length),
                };
            }
            3 => {
                if let (Some(interface), Some(original)) = (interfaces.first(), order.u32(body, 0))
                {
                    let kept = usize::try_from(original)
                        .unwrap_or(usize::MAX)
                        .min(interface.snap_length)
                        .min(body.len().saturating_sub(4));
                    let data = body
                        .get(4..)
                        .and_then(|rest| rest.get(..kept))
                        .unwrap_or_default();
                    // A simple packet block has no time: that of the packet before it is the best guess.
                    let at = self.last.unwrap_or_default().saturating_mul(1_000_000);
                    return Item::Packet(
                        Packet {
                            at,
                            link: interface.link,
                            data,
                        },
                        length,
                    );
                }
            }
            _ => {}
        }
        Item::Skip(length)
    }

    /// Blocks lie on multiples of four, so the search goes in steps of four.
    const fn misfit<'a>(&mut self) -> Item<'a> {
        let says = if self.lost {
            ""
        } else {
            "a block has an impossible length"
        };
        self.lost = true;
        Item::Damage(says, 4)
    }
}

fn interface(body: &[u8], order: Order) -> Option<Interface> {
    let mut interface = Interface {
        link: order.u16(body, 0)?,
        snap_length: match usize::try_from(order.u32(body, 4)?) {
            Ok(0) | Err(_) => usize::MAX,
            Ok(length) => length,
        },
        ticks: 1_000_000,
        offset: 0,
    };
    let mut at = 8_usize;
    while let (Some(code), Some(length)) =
        (order.u16(body, at), order.u16(body, at.saturating_add(2)))
    {
        let value = at.saturating_add(4);
        match code {
            0 => break,
            // if_tsresol: a negative power of ten, or of two with the highest bit.
            9 => {
                let exponent = body.get(value).copied().unwrap_or(6);
                let power = u32::from(exponent & 0x7F);
                let base: u64 = if exponent & 0x80 == 0 { 10 } else { 2 };
                interface.ticks = base.checked_pow(power).unwrap_or(1_000_000).max(1);
            }
            // if_tsoffset: seconds to add.
            14 => {
                let seconds = order.u64(body, value).unwrap_or_default();
                interface.offset = seconds.cast_signed();
            }
            _ => {}
        }
        at = value.saturating_add(usize::from(length).next_multiple_of(4));
    }
    Some(interface)
}

/// The packet of an enhanced or obsolete packet block: both have the same layout behind the interface.
fn timed(body: &[u8], order: Order, interface: Interface) -> Option<Packet<'_>> {
    let ticks = (u64::from(order.u32(body, 4)?) << 32) | u64::from(order.u32(body, 8)?);
    let kept = usize::try_from(order.u32(body, 12)?).ok()?;
    let data = body.get(20..)?;
    let data = data.get(..kept).unwrap_or(data);
    let micros = u128::from(ticks).saturating_mul(1_000_000) / u128::from(interface.ticks);
    let micros = u64::try_from(micros).unwrap_or(u64::MAX);
    let at = micros.saturating_add_signed(interface.offset.saturating_mul(1_000_000));
    Some(Packet {
        at,
        link: interface.link,
        data,
    })
}
