//! Distance: the router takes its time. Kernels may come without a qdisc that delays, so the frames are moved
//! by hand: two packet sockets in the router's namespace stand in for its forwarding.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use nix::ifaddrs::getifaddrs;
use nix::sched::{CloneFlags, setns};
use nix::sys::socket::{
    AddressFamily, LinkAddr, MsgFlags, SockFlag, SockProtocol, SockType, bind, recv, send, socket,
};

use super::network::{Network, Side};

/// An Ethernet header: destination, source, kind.
const HEADER: usize = 14;

/// The distance between client and server.
#[derive(Debug)]
pub struct Distance {
    one_way: Arc<AtomicU64>,
}

impl Distance {
    /// Sets the round-trip time, for what is sent from here on.
    pub fn set(&self, round_trip: Duration) {
        let one_way = u64::try_from(round_trip.as_micros() / 2).unwrap();
        self.one_way.store(one_way, Ordering::Relaxed);
    }
}

/// Puts a round-trip time between client and server, for the rest of the process's life.
pub fn place(network: &Network, round_trip: Duration) -> Distance {
    let distance = Distance {
        one_way: Arc::default(),
    };
    distance.set(round_trip);
    let one_way = Arc::clone(&distance.one_way);
    network.run(Side::Router, "sysctl", ["-qw", "net.ipv4.ip_forward=0"]);
    if Path::new("/proc/sys/net/ipv6").exists() {
        network.run(
            Side::Router,
            "sysctl",
            ["-qw", "net.ipv6.conf.all.forwarding=0"],
        );
    }
    let client = hardware_address(network, Side::Client, "c0");
    let server = hardware_address(network, Side::Server, "s0");
    let namespace = File::open(format!("/run/netns/{}", network.namespace(Side::Router))).unwrap();
    // A thread can live in another network namespace than its process, and so can the sockets it opens.
    thread::spawn(move || {
        setns(&namespace, CloneFlags::CLONE_NEWNET).unwrap();
        let links = links();
        let (left, right) = (&links["r0"], &links["r1"]);
        carry(
            open(left),
            open(right),
            [left.addr().unwrap(), right.addr().unwrap(), server],
            Arc::clone(&one_way),
        );
        carry(
            open(right),
            open(left),
            [right.addr().unwrap(), left.addr().unwrap(), client],
            one_way,
        );
    })
    .join()
    .unwrap();
    distance
}

fn hardware_address(network: &Network, side: Side, interface: &str) -> [u8; 6] {
    let text = network.run(side, "cat", [format!("/sys/class/net/{interface}/address")]);
    let bytes: Vec<u8> = text
        .trim()
        .split(':')
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect();
    bytes.try_into().unwrap()
}

fn links() -> BTreeMap<String, LinkAddr> {
    getifaddrs()
        .unwrap()
        .filter_map(|interface| {
            Some((
                interface.interface_name,
                *interface.address?.as_link_addr()?,
            ))
        })
        .collect()
}

fn open(link: &LinkAddr) -> OwnedFd {
    let socket = socket(
        AddressFamily::Packet,
        SockType::Raw,
        SockFlag::SOCK_CLOEXEC,
        SockProtocol::EthAll,
    )
    .unwrap();
    bind(socket.as_raw_fd(), link).unwrap();
    socket
}

/// Moves what comes in for `at` from one socket to the other, readdressed from `from` to `to`.
fn carry(
    incoming: OwnedFd,
    outgoing: OwnedFd,
    [at, from, to]: [[u8; 6]; 3],
    one_way: Arc<AtomicU64>,
) {
    let (queue, due) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(length) = recv(incoming.as_raw_fd(), &mut buffer, MsgFlags::empty()) {
            let mut frame = buffer[..length].to_vec();
            if frame.len() < HEADER || frame[..6] != at || !leaves_the_link(&frame) {
                continue;
            }
            frame[..6].copy_from_slice(&to);
            frame[6..12].copy_from_slice(&from);
            let due = Instant::now() + Duration::from_micros(one_way.load(Ordering::Relaxed));
            if queue.send((due, frame)).is_err() {
                break;
            }
        }
    });
    thread::spawn(move || {
        for (due, frame) in due {
            // The frame is due at a moment: this is the delay itself.
            while let Some(left) = due
                .checked_duration_since(Instant::now())
                .filter(|left| !left.is_zero())
            {
                thread::park_timeout(left);
            }
            if send(outgoing.as_raw_fd(), &frame, MsgFlags::empty()).is_err() {
                break;
            }
        }
    });
}

/// The frame carries IP to an address that is not the router's own; neighbour discovery stays on its link.
fn leaves_the_link(frame: &[u8]) -> bool {
    let packet = &frame[HEADER..];
    match (frame[12], frame[13]) {
        (0x08, 0x00) => packet
            .get(16..20)
            .is_some_and(|to| to[..2] == [10, 99] && to[3] != 1),
        (0x86, 0xDD) => packet
            .get(24..40)
            .is_some_and(|to| to[..2] == [0xFD, 0x99] && to[15] != 1),
        _ => false,
    }
}
