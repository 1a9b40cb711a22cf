//! Listens to what goes over an interface of this machine: AF_PACKET of Linux, without a library in C.
//!
//! Packets come without the header of their link, so that every kind of interface looks alike. Nothing is
//! changed on the interface, and nothing is sent.

use std::io::{self, Read as _};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

/// So much may wait in the kernel while we are busy.
const WAITING: usize = 32 * 1024 * 1024;
/// How long is waited for a packet before whoever listens may end.
const PATIENCE: Duration = Duration::from_millis(100);
/// `ETH_P_ALL`, in network order as the system wants it.
const ALL: u16 = 0x0003_u16.to_be();

/// An ear at an interface.
#[derive(Debug)]
pub struct Tap {
    socket: Socket,
}

impl Tap {
    /// Begins to listen; `any` means every interface.
    pub fn open(interface: &str) -> Result<Self, Refused> {
        let address = if interface == "any" {
            None
        } else {
            let all = interfaces().map_err(Refused::Other)?;
            let known = all.iter().find(|(name, _)| name == interface);
            let Some((_, address)) = known else {
                let mut names: Vec<String> = all.into_iter().map(|(name, _)| name).collect();
                names.sort();
                names.dedup();
                return Err(Refused::Unknown(names));
            };
            Some(*address)
        };
        let socket = Socket::new(
            Domain::PACKET,
            Type::DGRAM,
            Some(Protocol::from(i32::from(ALL))),
        )
        .map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => Refused::Forbidden,
            _ => Refused::Other(error),
        })?;
        // A smaller buffer loses packets under load, no more.
        let _ = socket.set_recv_buffer_size(WAITING);
        let ready = socket
            .set_read_timeout(Some(PATIENCE))
            .and_then(|()| match address {
                Some(address) => bind(&socket, &address),
                None => Ok(()),
            });
        ready.map_err(Refused::Other)?;
        Ok(Self { socket })
    }

    /// Waits a moment for the next packet and says how many bytes of it are in the buffer; `None` when none came.
    pub fn packet(&self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        match (&self.socket).read(buffer) {
            Ok(length) => Ok(Some(length)),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock
                        | io::ErrorKind::TimedOut
                        | io::ErrorKind::Interrupted
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Why nothing can be heard.
#[derive(Debug)]
pub enum Refused {
    /// This user may not listen.
    Forbidden,
    /// There is no such interface; these are there.
    Unknown(Vec<String>),
    /// What the system said.
    Other(io::Error),
}

fn interfaces() -> io::Result<Vec<(String, nix::sys::socket::LinkAddr)>> {
    let all = nix::ifaddrs::getifaddrs()?;
    Ok(all
        .filter_map(|one| {
            let address = *one.address?.as_link_addr()?;
            Some((one.interface_name, address))
        })
        .collect())
}

/// The address of an interface names no protocol, so the one of the socket stays.
fn bind(socket: &Socket, address: &nix::sys::socket::LinkAddr) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;
    Ok(nix::sys::socket::bind(socket.as_raw_fd(), address)?)
}
