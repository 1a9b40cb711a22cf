//! The PDUs with which client and proxies open a virtual connection and keep its flow ([MS-RPCH] 2.2.3 and 2.2.4).
//!
//! [MS-RPCH]: https://learn.microsoft.com/openspecs/windows_protocols/ms-rpch/

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::pdu;
use crate::cursor::{Cursor, low16, size};

/// A name of a connection or channel ([MS-RPCH] 2.2.3.1).
pub type Cookie = [u8; 16];

/// The version of RPC over HTTP v2 ([MS-RPCH] 2.2.3.5.7).
pub const VERSION: u32 = 1;
/// What both sides receive without an acknowledgement unless they say otherwise ([MS-RPCH] 2.2.3.5.1).
pub const WINDOW: u32 = 64 * 1024;
/// How many bytes a channel carries unless somebody says otherwise ([MS-RPCH] 2.2.3.5.5): 1 GiB.
pub const LIFETIME: u32 = 0x4000_0000;
/// The interval of keep-alive PDUs, in milliseconds ([MS-RPCH] 2.2.3.5.6).
pub const KEEP_ALIVE: u32 = 300_000;

/// Flags of the header ([MS-RPCH] 2.2.3.6.1).
pub mod flag {
    /// RTS_FLAG_NONE.
    pub const NONE: u16 = 0x0000;
    /// RTS_FLAG_PING.
    pub const PING: u16 = 0x0001;
    /// RTS_FLAG_OTHER_CMD.
    pub const OTHER_CMD: u16 = 0x0002;
    /// RTS_FLAG_RECYCLE_CHANNEL.
    pub const RECYCLE_CHANNEL: u16 = 0x0004;
    /// RTS_FLAG_IN_CHANNEL.
    pub const IN_CHANNEL: u16 = 0x0008;
    /// RTS_FLAG_OUT_CHANNEL.
    pub const OUT_CHANNEL: u16 = 0x0010;
    /// RTS_FLAG_EOF.
    pub const EOF: u16 = 0x0020;
    /// RTS_FLAG_ECHO.
    pub const ECHO: u16 = 0x0040;
}

/// Where a PDU is forwarded to ([MS-RPCH] 2.2.3.3).
pub mod destination {
    /// FDClient.
    pub const CLIENT: u32 = 0;
    /// FDInProxy.
    pub const IN_PROXY: u32 = 1;
    /// FDServer.
    pub const SERVER: u32 = 2;
    /// FDOutProxy.
    pub const OUT_PROXY: u32 = 3;
}

/// A command ([MS-RPCH] 2.2.3.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// ReceiveWindowSize, in bytes.
    ReceiveWindowSize(u32),
    /// FlowControlAck.
    FlowControlAck(Ack),
    /// ConnectionTimeout, in milliseconds.
    ConnectionTimeout(u32),
    /// Cookie.
    Cookie(Cookie),
    /// ChannelLifetime, in bytes.
    ChannelLifetime(u32),
    /// ClientKeepalive, in milliseconds.
    ClientKeepalive(u32),
    /// Version.
    Version(u32),
    /// Empty.
    Empty,
    /// Padding of so many bytes.
    Padding(u32),
    /// NegativeANCE.
    NegativeAnce,
    /// ANCE.
    Ance,
    /// ClientAddress.
    ClientAddress(IpAddr),
    /// AssociationGroupId.
    AssociationGroupId(Cookie),
    /// Destination.
    Destination(u32),
    /// PingTrafficSentNotify, in bytes.
    PingTrafficSent(u32),
}

/// Flow Control Acknowledgment ([MS-RPCH] 2.2.3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    /// Bytes Received.
    pub received: u32,
    /// Available Window.
    pub window: u32,
    /// ChannelCookie.
    pub channel: Cookie,
}

/// An RTS PDU ([MS-RPCH] 2.2.3.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rts {
    /// Flags.
    pub flags: u16,
    /// The commands, in order.
    pub commands: Vec<Command>,
}

/// CONN/A1: the client opens the channel on which answers come.
pub fn conn_a1(connection: Cookie, channel: Cookie, window: u32) -> Rts {
    Rts {
        flags: flag::NONE,
        commands: vec![
            Command::Version(VERSION),
            Command::Cookie(connection),
            Command::Cookie(channel),
            Command::ReceiveWindowSize(window),
        ],
    }
}

/// CONN/B1: the client opens the channel on which requests go.
pub fn conn_b1(connection: Cookie, channel: Cookie, association: Cookie) -> Rts {
    Rts {
        flags: flag::NONE,
        commands: vec![
            Command::Version(VERSION),
            Command::Cookie(connection),
            Command::Cookie(channel),
            Command::ChannelLifetime(LIFETIME),
            Command::ClientKeepalive(KEEP_ALIVE),
            Command::AssociationGroupId(association),
        ],
    }
}

/// FlowControlAckWithDestination for the proxy that answers come from: it goes by way of the other one.
pub fn acknowledge(ack: Ack) -> Rts {
    Rts {
        flags: flag::OTHER_CMD,
        commands: vec![
            Command::Destination(destination::OUT_PROXY),
            Command::FlowControlAck(ack),
        ],
    }
}

/// The Ping of a sender that is still there.
pub const fn ping() -> Rts {
    Rts {
        flags: flag::PING,
        commands: Vec::new(),
    }
}

impl Rts {
    /// Writes the PDU.
    pub fn encode(&self) -> Vec<u8> {
        let mut body = self.flags.to_le_bytes().to_vec();
        body.extend(low16(self.commands.len()).to_le_bytes());
        for command in &self.commands {
            command.encode(&mut body);
        }
        pdu::whole(pdu::kind::RTS, pdu::flag::ONLY, 0, &body)
    }

    /// Reads what follows the common header.
    pub fn read(body: &[u8]) -> Option<Self> {
        let mut cursor = Cursor(body);
        let flags = cursor.u16_le()?;
        let count = cursor.u16_le()?;
        let mut commands = Vec::new();
        for _ in 0..count {
            commands.push(Command::read(&mut cursor)?);
        }
        Some(Self { flags, commands })
    }
}

impl Command {
    fn encode(&self, out: &mut Vec<u8>) {
        let mut number = |kind: u32, value: u32| {
            out.extend(kind.to_le_bytes());
            out.extend(value.to_le_bytes());
        };
        match self {
            Self::ReceiveWindowSize(bytes) => number(0x0, *bytes),
            Self::FlowControlAck(ack) => {
                number(0x1, ack.received);
                out.extend(ack.window.to_le_bytes());
                out.extend(ack.channel);
            }
            Self::ConnectionTimeout(millis) => number(0x2, *millis),
            Self::Cookie(cookie) => {
                out.extend(0x3_u32.to_le_bytes());
                out.extend(cookie);
            }
            Self::ChannelLifetime(bytes) => number(0x4, *bytes),
            Self::ClientKeepalive(millis) => number(0x5, *millis),
            Self::Version(version) => number(0x6, *version),
            Self::Empty => out.extend(0x7_u32.to_le_bytes()),
            Self::Padding(bytes) => {
                // ConformanceCount is at most 0xFFFF.
                let bytes = (*bytes).min(0xFFFF);
                number(0x8, bytes);
                out.resize(out.len().saturating_add(size(bytes)), 0);
            }
            Self::NegativeAnce => out.extend(0x9_u32.to_le_bytes()),
            Self::Ance => out.extend(0xA_u32.to_le_bytes()),
            Self::ClientAddress(address) => {
                match address {
                    IpAddr::V4(address) => {
                        number(0xB, 0);
                        out.extend(address.octets());
                    }
                    IpAddr::V6(address) => {
                        number(0xB, 1);
                        out.extend(address.octets());
                    }
                }
                out.extend([0; PADDING]);
            }
            Self::AssociationGroupId(cookie) => {
                out.extend(0xC_u32.to_le_bytes());
                out.extend(cookie);
            }
            Self::Destination(to) => number(0xD, *to),
            Self::PingTrafficSent(bytes) => number(0xE, *bytes),
        }
    }

    fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        Some(match cursor.u32_le()? {
            0x0 => Self::ReceiveWindowSize(cursor.u32_le()?),
            0x1 => Self::FlowControlAck(Ack {
                received: cursor.u32_le()?,
                window: cursor.u32_le()?,
                channel: cookie(cursor)?,
            }),
            0x2 => Self::ConnectionTimeout(cursor.u32_le()?),
            0x3 => Self::Cookie(cookie(cursor)?),
            0x4 => Self::ChannelLifetime(cursor.u32_le()?),
            0x5 => Self::ClientKeepalive(cursor.u32_le()?),
            0x6 => Self::Version(cursor.u32_le()?),
            0x7 => Self::Empty,
            0x8 => {
                let bytes = cursor.u32_le()?;
                cursor.take(size(bytes))?;
                Self::Padding(bytes)
            }
            0x9 => Self::NegativeAnce,
            0xA => Self::Ance,
            0xB => {
                let address = match cursor.u32_le()? {
                    0 => {
                        let octets: [u8; 4] = cursor.take(4)?.try_into().ok()?;
                        IpAddr::V4(Ipv4Addr::from(octets))
                    }
                    1 => IpAddr::V6(Ipv6Addr::from(cookie(cursor)?)),
                    _ => return None,
                };
                cursor.take(PADDING)?;
                Self::ClientAddress(address)
            }
            0xC => Self::AssociationGroupId(cookie(cursor)?),
            0xD => Self::Destination(cursor.u32_le()?),
            0xE => Self::PingTrafficSent(cursor.u32_le()?),
            _ => return None,
        })
    }
}

/// Bytes behind the address of a client ([MS-RPCH] 2.2.3.2).
const PADDING: usize = 12;

fn cookie(cursor: &mut Cursor<'_>) -> Option<Cookie> {
    cursor.take(16)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Read;
    use crate::rpch::pdu::Pdu;
    use hex_literal::hex;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Rts {
        match pdu::read(bytes) {
            Read::Whole {
                value: Pdu::Rts(rts),
                used,
            } if used == bytes.len() => rts,
            other => panic!("{other:?}"),
        }
    }

    /// The structure of [MS-RPCH] 2.2.4.2, whose length is that of the request: 76.
    #[test]
    fn a_client_opens_the_channel_for_answers() {
        let written = conn_a1([0x11; 16], [0x22; 16], WINDOW).encode();
        assert_eq!(
            written,
            hex!(
                "05 00 14 03 10000000 4c00 0000 00000000 0000 0400"
                "06000000 01000000"
                "03000000 11111111111111111111111111111111"
                "03000000 22222222222222222222222222222222"
                "00000000 00000100"
            )
        );
        assert_eq!(
            read(&written).commands.get(3),
            Some(&Command::ReceiveWindowSize(WINDOW))
        );
    }

    #[test]
    fn a_client_opens_the_channel_for_requests() {
        assert_eq!(
            conn_b1([0x11; 16], [0x33; 16], [0x44; 16]).encode(),
            hex!(
                "05 00 14 03 10000000 6800 0000 00000000 0000 0600"
                "06000000 01000000"
                "03000000 11111111111111111111111111111111"
                "03000000 33333333333333333333333333333333"
                "04000000 00000040"
                "05000000 e0930400"
                "0c000000 44444444444444444444444444444444"
            )
        );
    }

    #[test]
    fn a_client_acknowledges_by_way_of_the_other_proxy() {
        let ack = Ack {
            received: 0x8001,
            window: WINDOW,
            channel: [0x22; 16],
        };
        assert_eq!(
            acknowledge(ack).encode(),
            hex!(
                "05 00 14 03 10000000 3800 0000 00000000 0200 0200"
                "0d000000 03000000"
                "01000000 01800000 00000100 22222222222222222222222222222222"
            )
        );
        assert_eq!(
            ping().encode(),
            hex!("05 00 14 03 10000000 1400 0000 00000000 0100 0000")
        );
    }

    #[test]
    fn the_proxies_answer_in_two() {
        assert_eq!(
            read(&hex!(
                "05 00 14 03 10000000 1c00 0000 00000000 0000 0100 02000000 c0d40100"
            ))
            .commands,
            [Command::ConnectionTimeout(120_000)]
        );
        assert_eq!(
            read(&hex!(
                "05 00 14 03 10000000 2c00 0000 00000000 0000 0300 06000000 01000000 00000000 00000100 02000000 c0d40100"
            ))
            .commands,
            [
                Command::Version(1),
                Command::ReceiveWindowSize(WINDOW),
                Command::ConnectionTimeout(120_000)
            ]
        );
    }

    fn any_command() -> impl Strategy<Value = Command> {
        prop_oneof![
            any::<u32>().prop_map(Command::ReceiveWindowSize),
            (any::<u32>(), any::<u32>(), any::<Cookie>()).prop_map(
                |(received, window, channel)| {
                    Command::FlowControlAck(Ack {
                        received,
                        window,
                        channel,
                    })
                }
            ),
            any::<u32>().prop_map(Command::ConnectionTimeout),
            any::<Cookie>().prop_map(Command::Cookie),
            any::<u32>().prop_map(Command::ChannelLifetime),
            any::<u32>().prop_map(Command::ClientKeepalive),
            any::<u32>().prop_map(Command::Version),
            Just(Command::Empty),
            (0_u32..200).prop_map(Command::Padding),
            Just(Command::NegativeAnce),
            Just(Command::Ance),
            any::<IpAddr>().prop_map(Command::ClientAddress),
            any::<Cookie>().prop_map(Command::AssociationGroupId),
            any::<u32>().prop_map(Command::Destination),
            any::<u32>().prop_map(Command::PingTrafficSent),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            flags: u16,
            commands in proptest::collection::vec(any_command(), 0..8),
        ) {
            let rts = Rts { flags, commands };
            prop_assert_eq!(read(&rts.encode()), rts);
        }

        #[test]
        fn any_bytes_are_calm(bytes: Vec<u8>) {
            let _ = Rts::read(&bytes);
        }
    }
}
