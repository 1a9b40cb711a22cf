//! Two network namespaces and a link between them with a chosen round-trip time, in user space: packets
//! are read from one TUN device and written to the other when they are due. No kernel module is needed.

use std::fs::File;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sched::{CloneFlags, setns};
use tun_rs::{DeviceBuilder, SyncDevice};

use crate::shell::output;

/// The address of the client's end.
const NEAR: &str = "10.98.0.1";
/// The address of the server's end.
pub const FAR: &str = "10.98.0.2";
/// An address behind the link that nobody has: packets to it vanish.
pub const NOBODY: &str = "10.98.0.3";

/// The largest packet a TUN device hands over.
const PACKET: usize = 65_536;

/// A link that exists as long as this value does.
pub struct Link {
    near: String,
    far: String,
    delay: Arc<AtomicU64>,
}

impl Link {
    /// Lays the link.
    pub fn lay() -> Result<Self> {
        let id = std::process::id() % 100_000;
        let link = Self {
            near: format!("rb{id}n"),
            far: format!("rb{id}f"),
            delay: Arc::new(AtomicU64::new(0)),
        };
        let near = end(&link.near, NEAR, FAR)?;
        // What is sent to nobody must enter the link as well.
        ip(&["-n", &link.near, "route", "add", NOBODY, "dev", &link.near])?;
        let far = end(&link.far, FAR, NEAR)?;
        carry(Arc::clone(&near), Arc::clone(&far), Arc::clone(&link.delay));
        carry(far, near, Arc::clone(&link.delay));
        Ok(link)
    }

    /// Sets the round-trip time.
    pub fn set_round_trip(&self, round_trip: Duration) {
        let one_way = round_trip.as_micros() / 2;
        self.delay.store(
            u64::try_from(one_way).unwrap_or(u64::MAX),
            Ordering::Relaxed,
        );
    }

    /// A command on the client's end.
    pub fn near(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        inside(&self.near, program)
    }

    /// A command on the server's end.
    pub fn far(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        inside(&self.far, program)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        for namespace in [&self.near, &self.far] {
            let pids = output(Command::new("ip").args(["netns", "pids", namespace]));
            for pid in pids.unwrap_or_default().split_whitespace() {
                let _ = Command::new("kill").arg(pid).status();
            }
            let _ = Command::new("ip")
                .args(["netns", "del", namespace])
                .status();
        }
    }
}

fn inside(namespace: &str, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("ip");
    command.args(["netns", "exec", namespace]).arg(program);
    command
}

fn ip(arguments: &[&str]) -> Result<()> {
    output(Command::new("ip").args(arguments)).map(drop)
}

/// Makes a namespace with a TUN device of the same name, and opens the device.
fn end(namespace: &str, own: &str, other: &str) -> Result<Arc<SyncDevice>> {
    ip(&["netns", "add", namespace])?;
    ip(&["-n", namespace, "link", "set", "lo", "up"])?;
    ip(&[
        "-n", namespace, "tuntap", "add", "dev", namespace, "mode", "tun",
    ])?;
    ip(&[
        "-n", namespace, "addr", "add", own, "peer", other, "dev", namespace,
    ])?;
    ip(&[
        "-n", namespace, "link", "set", namespace, "mtu", "1500", "up",
    ])?;
    // A thread enters the namespace for itself alone; the device it opens stays usable everywhere.
    let name = namespace.to_owned();
    thread::spawn(move || -> Result<SyncDevice> {
        let place = format!("/run/netns/{name}");
        let file = File::open(&place).with_context(|| format!("cannot open {place}"))?;
        setns(file, CloneFlags::CLONE_NEWNET).context("cannot enter the namespace")?;
        DeviceBuilder::new()
            .name(&name)
            .build_sync()
            .context("cannot open the TUN device")
    })
    .join()
    .map_err(|_| anyhow::anyhow!("the thread that opens the TUN device died"))?
    .map(Arc::new)
}

/// Carries packets one way, each `delay` microseconds after it was sent. Ends with the process.
fn carry(from: Arc<SyncDevice>, to: Arc<SyncDevice>, delay: Arc<AtomicU64>) {
    let (queue, due) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut packet = vec![0; PACKET];
        while let Ok(length) = from.recv(&mut packet) {
            let at = Instant::now() + Duration::from_micros(delay.load(Ordering::Relaxed));
            let packet = packet.iter().take(length).copied().collect();
            if queue.send((at, packet)).is_err() {
                break;
            }
        }
    });
    thread::spawn(move || {
        for (at, packet) in due {
            #[expect(
                clippy::disallowed_methods,
                reason = "lateness is what this link is for, and no event tells that a packet is due"
            )]
            thread::sleep(at.saturating_duration_since(Instant::now()));
            // A packet for an address that nobody has, or a device that is gone: packets get lost.
            let _ = to.send(&packet);
        }
    });
}
