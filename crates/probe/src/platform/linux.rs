//! Linux keeps the ICMP errors about a socket in its error queue, without any privilege (see ip(7)).

use std::io::IoSliceMut;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::AsRawFd;

use model::codes::IcmpError;
use nix::libc;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, setsockopt, sockopt};
use socket2::Socket;

/// Asks the system to keep ICMP errors. Failing to only loses their details.
pub(crate) fn ask_for_icmp(socket: &Socket, v6: bool) {
    let _ = if v6 {
        setsockopt(socket, sockopt::Ipv6RecvErr, &true)
    } else {
        setsockopt(socket, sockopt::Ipv4RecvErr, &true)
    };
}

/// The ICMP error that ended the connection, when one did.
pub(crate) fn icmp_error(stream: &impl AsRawFd) -> Option<IcmpError> {
    let mut data = [0; 512];
    let mut control = nix::cmsg_space!(libc::sock_extended_err, libc::sockaddr_in6);
    let mut data = [IoSliceMut::new(&mut data)];
    let message = recvmsg::<()>(
        stream.as_raw_fd(),
        &mut data,
        Some(&mut control),
        MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT,
    )
    .ok()?;
    message.cmsgs().ok()?.find_map(|control| match control {
        ControlMessageOwned::Ipv4RecvErr(error, from) => {
            let from = from.map(|from| Ipv4Addr::from(u32::from_be(from.sin_addr.s_addr)));
            icmp(
                error,
                from.filter(|from| !from.is_unspecified()).map(IpAddr::V4),
            )
        }
        ControlMessageOwned::Ipv6RecvErr(error, from) => {
            let from = from.map(|from| Ipv6Addr::from(from.sin6_addr.s6_addr));
            icmp(
                error,
                from.filter(|from| !from.is_unspecified()).map(IpAddr::V6),
            )
        }
        _ => None,
    })
}

fn icmp(error: libc::sock_extended_err, from: Option<IpAddr>) -> Option<IcmpError> {
    let v6 = match error.ee_origin {
        libc::SO_EE_ORIGIN_ICMP => false,
        libc::SO_EE_ORIGIN_ICMP6 => true,
        _ => return None,
    };
    Some(IcmpError {
        v6,
        kind: error.ee_type,
        code: error.ee_code,
        from,
    })
}

/// Keeps both sides to segments of at most so many bytes; only before the connection is begun.
pub(crate) fn limit_segments(socket: &Socket, bytes: u16) -> std::io::Result<()> {
    socket.set_tcp_mss(u32::from(bytes))
}

/// The index of an interface, given by name or as a number.
pub(crate) fn scope(zone: &str) -> Option<u32> {
    zone.parse()
        .ok()
        .or_else(|| nix::net::if_::if_nametoindex(zone).ok())
}

/// Asks for as many sockets as the system grants, and says how many that is.
pub(crate) fn raise_sockets() -> usize {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    /// More than any sweep has use for.
    const MOST: u64 = 100_000;
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return 1_024;
    };
    let wanted = hard.min(MOST).max(soft);
    let granted = match setrlimit(Resource::RLIMIT_NOFILE, wanted, hard) {
        Ok(()) => wanted,
        Err(_) => soft,
    };
    usize::try_from(granted).unwrap_or(1_024)
}
