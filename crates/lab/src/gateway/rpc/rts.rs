//! RTS PDUs ([MS-RPCH] 2.2.3.6): what the two channels of a virtual connection say about themselves.

use super::pdu::{self, Header, kind};
use crate::gateway::packet::Fields;

/// Flags of an RTS PDU ([MS-RPCH] 2.2.3.6.1).
pub(super) mod flag {
    /// RTS_FLAG_NONE.
    pub const NONE: u16 = 0x0000;
    /// RTS_FLAG_PING.
    pub const PING: u16 = 0x0001;
    /// RTS_FLAG_OTHER_CMD.
    pub const OTHER_CMD: u16 = 0x0002;
    /// RTS_FLAG_RECYCLE_CHANNEL.
    pub const RECYCLE_CHANNEL: u16 = 0x0004;
    /// RTS_FLAG_ECHO.
    pub const ECHO: u16 = 0x0040;
}

/// FDClient ([MS-RPCH] 2.2.3.3).
pub(super) const TO_CLIENT: u32 = 0;
/// FDOutProxy.
pub(super) const TO_OUT_PROXY: u32 = 3;

/// Where the flags stand: behind the header that all PDUs have.
const FLAGS: usize = pdu::COMMON;

/// An RTS cookie ([MS-RPCH] 2.2.3.1).
pub(super) type Cookie = [u8; 16];

/// How much a receiver got, and how much room it has ([MS-RPCH] 2.2.3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ack {
    pub received: u32,
    pub window: u32,
    pub channel: Cookie,
}

/// An RTS command ([MS-RPCH] 2.2.3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    ReceiveWindowSize(u32),
    FlowControlAck(Ack),
    ConnectionTimeout(u32),
    Cookie(Cookie),
    ChannelLifetime(u32),
    ClientKeepalive(u32),
    Version(u32),
    Empty,
    /// With so many bytes behind it.
    Padding(u32),
    NegativeAnce,
    Ance,
    ClientAddress,
    AssociationGroupId(Cookie),
    Destination(u32),
    PingTrafficSentNotify(u32),
}

impl Command {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(match fields.long()? {
            0x0 => Self::ReceiveWindowSize(fields.long()?),
            0x1 => Self::FlowControlAck(Ack {
                received: fields.long()?,
                window: fields.long()?,
                channel: cookie(fields)?,
            }),
            0x2 => Self::ConnectionTimeout(fields.long()?),
            0x3 => Self::Cookie(cookie(fields)?),
            0x4 => Self::ChannelLifetime(fields.long()?),
            0x5 => Self::ClientKeepalive(fields.long()?),
            0x6 => Self::Version(fields.long()?),
            0x7 => Self::Empty,
            0x8 => {
                let count = fields.long()?;
                fields.take(usize::try_from(count).ok()?)?;
                Self::Padding(count)
            }
            0x9 => Self::NegativeAnce,
            0xA => Self::Ance,
            0xB => {
                // AddressType, the address, and twelve bytes of padding ([MS-RPCH] 2.2.3.2).
                match fields.long()? {
                    0 => fields.take(4 + 12)?,
                    1 => fields.take(16 + 12)?,
                    _ => return None,
                };
                Self::ClientAddress
            }
            0xC => Self::AssociationGroupId(cookie(fields)?),
            0xD => Self::Destination(fields.long()?),
            0xE => Self::PingTrafficSentNotify(fields.long()?),
            _ => return None,
        })
    }

    /// Writes it; those that no gateway writes come out without what belongs to them.
    fn write(self, out: &mut Vec<u8>) {
        let (kind, value) = match self {
            Self::ReceiveWindowSize(value) => (0x0_u32, Some(value)),
            Self::FlowControlAck(_) => (0x1, None),
            Self::ConnectionTimeout(value) => (0x2, Some(value)),
            Self::Cookie(_) => (0x3, None),
            Self::ChannelLifetime(value) => (0x4, Some(value)),
            Self::ClientKeepalive(value) => (0x5, Some(value)),
            Self::Version(value) => (0x6, Some(value)),
            Self::Empty => (0x7, None),
            Self::Padding(_) => (0x8, Some(0)),
            Self::NegativeAnce => (0x9, None),
            Self::Ance => (0xA, None),
            Self::ClientAddress => (0xB, None),
            Self::AssociationGroupId(_) => (0xC, None),
            Self::Destination(value) => (0xD, Some(value)),
            Self::PingTrafficSentNotify(value) => (0xE, Some(value)),
        };
        out.extend(kind.to_le_bytes());
        out.extend(value.map(u32::to_le_bytes).into_iter().flatten());
        match self {
            Self::FlowControlAck(ack) => {
                out.extend(ack.received.to_le_bytes());
                out.extend(ack.window.to_le_bytes());
                out.extend(ack.channel);
            }
            Self::Cookie(cookie) | Self::AssociationGroupId(cookie) => out.extend(cookie),
            _ => {}
        }
    }
}

fn cookie(fields: &mut Fields<'_>) -> Option<Cookie> {
    fields.take(16)?.first_chunk().copied()
}

/// What an RTS PDU of a client comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// CONN/A1 ([MS-RPCH] 2.2.4.2): an OUT channel.
    OpensOut {
        connection: Cookie,
        channel: Cookie,
        window: u32,
    },
    /// CONN/B1 ([MS-RPCH] 2.2.4.5): an IN channel.
    OpensIn { connection: Cookie, channel: Cookie },
    /// FlowControlAck, with a destination or without one ([MS-RPCH] 2.2.4.50 and 2.2.4.51).
    Acknowledges(Ack),
    /// Ping or Keep-Alive ([MS-RPCH] 2.2.4.49 and 2.2.4.46): somebody is there.
    Lives,
    /// What begins or carries on the recycling of a channel.
    Recycles,
    /// Nothing that a client says.
    Other,
}

/// Reads an RTS PDU; nothing when it is none.
pub(super) fn read(pdu: &[u8]) -> Option<Said> {
    let header = Header::read(pdu)?;
    if header.kind != kind::RTS || header.auth_length != 0 {
        return None;
    }
    let mut fields = Fields(pdu.get(FLAGS..)?);
    let flags = fields.short()?;
    let count = fields.short()?;
    let mut commands = Vec::new();
    for _ in 0..count {
        commands.push(Command::read(&mut fields)?);
    }
    if !fields.0.is_empty() {
        return None;
    }
    Some(understand(flags, &commands))
}

fn understand(flags: u16, commands: &[Command]) -> Said {
    use Command::{
        AssociationGroupId, ChannelLifetime, ClientKeepalive, Cookie, Destination, FlowControlAck,
        ReceiveWindowSize, Version,
    };
    match (flags, commands) {
        (
            flag::NONE,
            [
                Version(_),
                Cookie(connection),
                Cookie(channel),
                ReceiveWindowSize(window),
            ],
        ) => Said::OpensOut {
            connection: *connection,
            channel: *channel,
            window: *window,
        },
        (
            flag::NONE,
            [
                Version(_),
                Cookie(connection),
                Cookie(channel),
                ChannelLifetime(_),
                ClientKeepalive(_),
                AssociationGroupId(_),
            ],
        ) => Said::OpensIn {
            connection: *connection,
            channel: *channel,
        },
        (flag::PING, []) | (flag::OTHER_CMD, [ClientKeepalive(_)]) => Said::Lives,
        (
            flag::OTHER_CMD,
            [FlowControlAck(ack)] | [Destination(TO_OUT_PROXY), FlowControlAck(ack)],
        ) => Said::Acknowledges(*ack),
        (flags, _) if flags & flag::RECYCLE_CHANNEL != 0 => Said::Recycles,
        _ => Said::Other,
    }
}

/// Writes an RTS PDU.
pub(super) fn write(flags: u16, commands: &[Command]) -> Vec<u8> {
    let mut body = flags.to_le_bytes().to_vec();
    body.extend(u16::try_from(commands.len()).unwrap_or(0).to_le_bytes());
    for command in commands {
        command.write(&mut body);
    }
    pdu::write(kind::RTS, pdu::flag::WHOLE, 0, &body, 0)
}

/// CONN/A3 ([MS-RPCH] 2.2.4.4).
pub(super) fn out_is_open(timeout_ms: u32) -> Vec<u8> {
    write(flag::NONE, &[Command::ConnectionTimeout(timeout_ms)])
}

/// CONN/C2 ([MS-RPCH] 2.2.4.9).
pub(super) fn both_are_open(window: u32, timeout_ms: u32) -> Vec<u8> {
    let commands = [
        Command::Version(1),
        Command::ReceiveWindowSize(window),
        Command::ConnectionTimeout(timeout_ms),
    ];
    write(flag::NONE, &commands)
}

/// Echo ([MS-RPCH] 2.2.4.48).
pub(super) fn echo() -> Vec<u8> {
    write(flag::ECHO, &[])
}

/// Ping ([MS-RPCH] 2.2.4.49).
pub(super) fn ping() -> Vec<u8> {
    write(flag::PING, &[])
}

/// FlowControlAckWithDestination ([MS-RPCH] 2.2.4.51), on its way to the client: the inbound proxy has to send it
/// over the OUT channel (3.2.1.5.2).
pub(super) fn acknowledge(ack: Ack) -> Vec<u8> {
    let commands = [
        Command::Destination(TO_CLIENT),
        Command::FlowControlAck(ack),
    ];
    write(flag::OTHER_CMD, &commands)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header, from its type to its number of commands, as the specification lays it out.
    fn pdu(length: u16, flags: u16, count: u16, commands: &[u8]) -> Vec<u8> {
        let mut out = vec![5, 0, 20, 3, 0x10, 0, 0, 0];
        out.extend(length.to_le_bytes());
        out.extend([0; 6]);
        out.extend(flags.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(commands);
        out
    }

    fn command(kind: u8, value: &[u8]) -> Vec<u8> {
        [&[kind, 0, 0, 0][..], value].concat()
    }

    /// [MS-RPCH] 2.2.4.2: 20 bytes of header, commands of 8, 20, 20 and 8 bytes.
    #[test]
    fn an_out_channel_opens_as_specified() {
        let commands = [
            command(6, &[1, 0, 0, 0]),
            command(3, &[7; 16]),
            command(3, &[8; 16]),
            command(0, &[0, 0, 1, 0]),
        ]
        .concat();
        let sent = pdu(76, 0, 4, &commands);
        assert_eq!(sent.len(), 76);
        let said = Said::OpensOut {
            connection: [7; 16],
            channel: [8; 16],
            window: 65_536,
        };
        assert_eq!(read(&sent), Some(said));
        for end in 0..sent.len() {
            assert_eq!(read(&sent[..end]), None, "{end}");
        }
        assert_eq!(read(&[&sent[..], &[0]].concat()), None, "too long");
    }

    /// [MS-RPCH] 2.2.4.5: commands of 8, 20, 20, 8, 8 and 20 bytes.
    #[test]
    fn an_in_channel_opens_as_specified() {
        let commands = [
            command(6, &[1, 0, 0, 0]),
            command(3, &[7; 16]),
            command(3, &[9; 16]),
            command(4, &[0, 0, 0, 0x40]),
            command(5, &[0xE0, 0x93, 4, 0]),
            command(0xC, &[1; 16]),
        ]
        .concat();
        let sent = pdu(104, 0, 6, &commands);
        assert_eq!(sent.len(), 104);
        let said = Said::OpensIn {
            connection: [7; 16],
            channel: [9; 16],
        };
        assert_eq!(read(&sent), Some(said));
    }

    #[test]
    fn what_goes_out_has_the_layout_of_the_specification() {
        let timeout = command(2, &[0xC0, 0xD4, 1, 0]);
        assert_eq!(out_is_open(120_000), pdu(28, 0, 1, &timeout));
        let commands = [
            command(6, &[1, 0, 0, 0]),
            command(0, &[0, 0, 1, 0]),
            timeout,
        ]
        .concat();
        assert_eq!(both_are_open(65_536, 120_000), pdu(44, 0, 3, &commands));
        assert_eq!(echo(), pdu(20, 0x40, 0, &[]));
        assert_eq!(ping(), pdu(20, 1, 0, &[]));
        let ack = Ack {
            received: 0x102,
            window: 65_536,
            channel: [9; 16],
        };
        let commands = [
            command(0xD, &[0; 4]),
            command(1, &[2, 1, 0, 0, 0, 0, 1, 0]),
            vec![9; 16],
        ]
        .concat();
        assert_eq!(acknowledge(ack), pdu(56, 2, 2, &commands));
    }

    #[test]
    fn what_clients_say_later_is_understood() {
        let ack = [command(1, &[2, 1, 0, 0, 0, 0, 1, 0]), vec![9; 16]].concat();
        let said = Said::Acknowledges(Ack {
            received: 0x102,
            window: 65_536,
            channel: [9; 16],
        });
        assert_eq!(read(&pdu(48, 2, 1, &ack)), Some(said));
        let forwarded = [command(0xD, &[3, 0, 0, 0]), ack].concat();
        assert_eq!(read(&pdu(56, 2, 2, &forwarded)), Some(said));
        assert_eq!(read(&ping()), Some(Said::Lives));
        let keep_alive = command(5, &[0, 0, 0, 0]);
        assert_eq!(read(&pdu(28, 2, 1, &keep_alive)), Some(Said::Lives));
        assert_eq!(read(&pdu(20, 4, 0, &[])), Some(Said::Recycles));
        assert_eq!(read(&pdu(20, 0x20, 0, &[])), Some(Said::Other));
        assert_eq!(read(&pdu(24, 0, 1, &[0x77, 0, 0, 0])), None);
    }
}
