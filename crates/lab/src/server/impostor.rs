//! Services that are not RDP, as far as a client that speaks RDP to them gets.

use model::Service;

use crate::chance::Chance;
use crate::scenario::Then;

/// What the service says before it is asked.
pub(super) fn banner(service: Service) -> Option<Vec<u8>> {
    let banner: &[u8] = match service {
        Service::Ssh => b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n",
        Service::Vnc => b"RFB 003.008\n",
        Service::Smtp => b"220 mail.lab.test ESMTP\r\n",
        Service::Ftp => b"220 ftp.lab.test FTP server ready\r\n",
        // DO TERMINAL-TYPE, DO TERMINAL-SPEED, DO X-DISPLAY-LOCATION, DO NEW-ENVIRON.
        Service::Telnet => &[
            0xFF, 0xFD, 24, 0xFF, 0xFD, 32, 0xFF, 0xFD, 35, 0xFF, 0xFD, 39,
        ],
        Service::Http
        | Service::Tls
        | Service::Smb
        | Service::OtherX224
        | Service::Echo
        | Service::Unknown => return None,
    };
    Some(banner.to_vec())
}

/// What it says to bytes it does not understand, and what it does then.
pub(super) fn reply(
    service: Service,
    asked: &[u8],
    chance: &mut Chance,
) -> (Vec<u8>, Option<Then>) {
    let (reply, then): (&[u8], _) = match service {
        Service::Ssh => (b"Invalid SSH identification string.\r\n", Some(Then::Close)),
        Service::Http => (
            b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html\r\n\
              Content-Length: 0\r\nConnection: close\r\n\r\n",
            Some(Then::Close),
        ),
        // A fatal alert protocol_version, as OpenSSL answers to what is no record.
        Service::Tls => (&[0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 70], Some(Then::Close)),
        Service::Vnc => (b"", Some(Then::Close)),
        Service::Smtp => (b"500 5.5.2 Error: bad syntax\r\n", None),
        Service::Ftp => (b"500 Unknown command.\r\n", None),
        Service::Telnet => (b"login: ", None),
        // NetBIOS negative session response, "unspecified error".
        Service::Smb => (&[0x83, 0x00, 0x00, 0x01, 0x8F], Some(Then::Close)),
        // A Connection Confirm with a TPDU size and the selectors of an S7 controller.
        Service::OtherX224 => (
            &[
                0x03, 0x00, 0x00, 0x16, 0x11, 0xD0, 0x00, 0x01, 0x00, 0x02, 0x00, 0xC0, 0x01, 0x0A,
                0xC1, 0x02, 0x01, 0x00, 0xC2, 0x02, 0x01, 0x02,
            ],
            None,
        ),
        Service::Echo => (asked, None),
        Service::Unknown => return (chance.bytes(asked.len().clamp(16, 64)), Some(Then::Close)),
    };
    (reply.to_vec(), then)
}
