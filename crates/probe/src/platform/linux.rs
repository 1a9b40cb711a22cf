//! Linux keeps the ICMP errors about a socket in its error queue, without any privilege (see ip(7)).

use std::io::IoSliceMut;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsFd, AsRawFd};
use std::sync::OnceLock;

use model::Micros;
use model::codes::IcmpError;
use nix::libc;
use nix::sys::socket::sockopt::{GetStruct, SetStruct};
use nix::sys::socket::{
    ControlMessageOwned, GetSockOpt as _, MsgFlags, recvmsg, setsockopt, sockopt,
};
use socket2::Socket;

use super::Measured;

/// Asks the system to keep ICMP errors. Failing to only loses their details.
pub(crate) fn ask_for_icmp(socket: &impl AsFd, v6: bool) {
    let _ = if v6 {
        setsockopt(socket, sockopt::Ipv6RecvErr, &true)
    } else {
        setsockopt(socket, sockopt::Ipv4RecvErr, &true)
    };
}

/// The ICMP error that ended the connection, when one did.
pub(crate) fn icmp_error(stream: &impl AsRawFd) -> Option<IcmpError> {
    icmp_told(stream).map(|(icmp, _)| icmp)
}

/// Lets packets go out whole or not at all, whatever the system knows of the path.
pub(crate) fn never_cut(socket: &impl AsFd, v6: bool) -> std::io::Result<()> {
    if v6 {
        setsockopt(socket, MtuDiscovery6, &libc::IPV6_PMTUDISC_PROBE)?;
    } else {
        setsockopt(socket, MtuDiscovery, &libc::IP_PMTUDISC_PROBE)?;
    }
    Ok(())
}

#[derive(Clone, Copy, Debug)]
struct MtuDiscovery;
#[derive(Clone, Copy, Debug)]
struct MtuDiscovery6;
nix::setsockopt_impl!(
    MtuDiscovery,
    libc::IPPROTO_IP,
    libc::IP_MTU_DISCOVER,
    libc::c_int,
    SetStruct<libc::c_int>
);
nix::setsockopt_impl!(
    MtuDiscovery6,
    libc::IPPROTO_IPV6,
    libc::IPV6_MTU_DISCOVER,
    libc::c_int,
    SetStruct<libc::c_int>
);

/// The next ICMP error about the socket's packets, and the number in it: the size that a router takes.
pub(crate) fn icmp_told(stream: &impl AsRawFd) -> Option<(IcmpError, u32)> {
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
            let from = from.filter(|from| !from.is_unspecified()).map(IpAddr::V4);
            Some((icmp(error, from)?, error.ee_info))
        }
        ControlMessageOwned::Ipv6RecvErr(error, from) => {
            let from = from.map(|from| Ipv6Addr::from(from.sin6_addr.s6_addr));
            let from = from.filter(|from| !from.is_unspecified()).map(IpAddr::V6);
            Some((icmp(error, from)?, error.ee_info))
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

/// What the kernel knows of a connection (`struct tcp_info` of linux/tcp.h).
pub(crate) fn measured(stream: &impl AsFd) -> Option<Measured> {
    let words: Vec<u32> = if kernel_has(5, 4) {
        TcpInfoOfLinux5.get(stream).ok()?.to_vec()
    } else if kernel_has(4, 6) {
        TcpInfoOfLinux4.get(stream).ok()?.to_vec()
    } else {
        TcpInfo.get(stream).ok()?.to_vec()
    };
    // Where each stands, counted in words of 32 bits. The first two hold eight smaller fields.
    const SND_MSS: usize = 4;
    const UNACKED: usize = 6;
    const PMTU: usize = 15;
    const RTT: usize = 17;
    const RTTVAR: usize = 18;
    const TOTAL_RETRANS: usize = 25;
    const MIN_RTT: usize = 37;
    const DATA_SEGS_IN: usize = 38;
    const DATA_SEGS_OUT: usize = 39;
    const DSACK_DUPS: usize = 54;
    const RCV_OOOPACK: usize = 56;
    let word = |at: usize| words.get(at).copied();
    let micros = |at: usize| word(at).map(|micros| Micros(u64::from(micros)));
    Some(Measured {
        round_trip: micros(RTT)?,
        variation: micros(RTTVAR)?,
        // The largest number stands for "not measured".
        shortest: micros(MIN_RTT).filter(|shortest| shortest.0 < u64::from(u32::MAX)),
        mtu: word(PMTU)?,
        segment: word(SND_MSS)?,
        // What the peer says came twice was not lost (RFC 2883).
        sent_again: word(TOTAL_RETRANS)?.saturating_sub(word(DSACK_DUPS).unwrap_or_default()),
        unconfirmed: word(UNACKED)?,
        segments: match (word(DATA_SEGS_IN), word(DATA_SEGS_OUT)) {
            (Some(inwards), Some(outwards)) => Some(inwards.saturating_add(outwards)),
            _ => None,
        },
        after_a_gap: word(RCV_OOOPACK),
    })
}

// The structure grew with the kernel, which fills as much of it as is asked for. It is made of numbers alone, and
// is asked for in the sizes that these versions are known to fill whole.
nix::getsockopt_impl!(
    TcpInfo,
    libc::IPPROTO_TCP,
    libc::TCP_INFO,
    [u32; 26],
    GetStruct<[u32; 26]>
);
nix::getsockopt_impl!(
    TcpInfoOfLinux4,
    libc::IPPROTO_TCP,
    libc::TCP_INFO,
    [u32; 40],
    GetStruct<[u32; 40]>
);
nix::getsockopt_impl!(
    TcpInfoOfLinux5,
    libc::IPPROTO_TCP,
    libc::TCP_INFO,
    [u32; 58],
    GetStruct<[u32; 58]>
);

#[derive(Clone, Copy, Debug)]
struct TcpInfo;
#[derive(Clone, Copy, Debug)]
struct TcpInfoOfLinux4;
#[derive(Clone, Copy, Debug)]
struct TcpInfoOfLinux5;

/// The kernel is of this version or a newer one.
fn kernel_has(major: u32, minor: u32) -> bool {
    static VERSION: OnceLock<(u32, u32)> = OnceLock::new();
    let version = *VERSION.get_or_init(|| {
        let text = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        read_version(&text)
    });
    version >= (major, minor)
}

fn read_version(text: &str) -> (u32, u32) {
    let mut numbers = text
        .split(|letter: char| !letter.is_ascii_digit())
        .map(|digits| digits.parse().unwrap_or_default());
    (
        numbers.next().unwrap_or_default(),
        numbers.next().unwrap_or_default(),
    )
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(read_version("6.1.0-13-amd64\n"), (6, 1));
        assert_eq!(read_version("3.10.0-1160.el7.x86_64"), (3, 10));
        assert_eq!(read_version(""), (0, 0));
    }

    #[test]
    fn the_kernel_tells_of_a_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut here = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let _there = listener.accept().unwrap();
        here.write_all(b"hello").unwrap();
        let measured = measured(&here).unwrap();
        assert!(measured.round_trip.0 > 0, "{measured:?}");
        assert!(measured.mtu >= 1_280, "{measured:?}");
        assert!(measured.segment < measured.mtu, "{measured:?}");
        assert_eq!((measured.segments, measured.sent_again), (Some(1), 0));
        assert_eq!(measured.after_a_gap, Some(0));
    }
}
