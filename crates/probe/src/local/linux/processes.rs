//! What runs on the machine, and who listens, by the kernel's own tables (proc(5)).

use std::collections::BTreeMap;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use super::files::{Reader, user_name};

/// Processes that are looked at.
const MOST: usize = 50_000;

/// A process in our network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Process {
    /// Its number.
    pub(super) id: u32,
    /// The name of its program.
    pub(super) name: String,
    /// Its command line.
    pub(super) words: Vec<String>,
}

/// A socket that listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Listening {
    /// Its address.
    pub(super) at: SocketAddr,
    /// The number by which a process holds it.
    pub(super) inode: u64,
}

/// The processes of some names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Running {
    /// Those in the same network namespace as ours.
    pub(super) ours: Vec<Process>,
    /// There are more, of which we may not see where they belong: a container's look the same.
    pub(super) unsure: bool,
}

impl Running {
    /// One of them runs; `None` when that cannot be seen.
    pub(super) fn any(&self) -> Option<bool> {
        match (self.ours.is_empty(), self.unsure) {
            (false, _) => Some(true),
            (true, true) => None,
            (true, false) => Some(false),
        }
    }
}

/// The processes of these names.
pub(super) fn running(names: &[&str]) -> Running {
    let here = fs::read_link("/proc/self/ns/net").ok();
    let mut unsure = false;
    let ours = numbers()
        .filter_map(|id| {
            let words: Vec<String> = fs::read(format!("/proc/{id}/cmdline"))
                .ok()?
                .split(|byte| *byte == 0)
                .filter(|word| !word.is_empty())
                .take(100)
                .map(|word| String::from_utf8_lossy(word).into_owned())
                .collect();
            let name = program(id)?;
            if !names.contains(&name.as_str()) {
                return None;
            }
            // One that has ended has no command line any more.
            if words.is_empty() {
                return None;
            }
            match fs::read_link(format!("/proc/{id}/ns/net")) {
                Ok(theirs) => (Some(theirs) == here).then_some(Process { id, name, words }),
                Err(error) => {
                    unsure |= error.kind() == std::io::ErrorKind::PermissionDenied;
                    None
                }
            }
        })
        .collect();
    Running { ours, unsure }
}

fn numbers() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .take(MOST)
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The name of the program that a process runs.
fn program(id: u32) -> Option<String> {
    let by_link = fs::read_link(format!("/proc/{id}/exe"))
        .ok()
        .and_then(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            // A program that was replaced under a running process.
            Some(name.trim_end_matches(" (deleted)").to_owned())
        });
    by_link.or_else(|| {
        let first = fs::read(format!("/proc/{id}/cmdline")).ok()?;
        let first = first.split(|byte| *byte == 0).next()?;
        let name = String::from_utf8_lossy(first).into_owned();
        let name = name
            .rsplit('/')
            .next()
            .unwrap_or(&name)
            .trim_end_matches(':');
        if !name.is_empty() {
            return Some(name.to_owned());
        }
        let name = fs::read_to_string(format!("/proc/{id}/comm")).ok()?;
        Some(name.trim().to_owned())
    })
}

/// The user, groups and capabilities with which a process reads files.
pub(super) fn reader(root: &Path, id: u32) -> Option<Reader> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let field = |name: &str| {
        status
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim)
    };
    // The file system's own number is the last of four.
    let fourth =
        |name| -> Option<u32> { field(name)?.split_ascii_whitespace().nth(3)?.parse().ok() };
    let user = fourth("Uid")?;
    let mut groups = vec![fourth("Gid")?];
    groups.extend(
        field("Groups")
            .unwrap_or_default()
            .split_ascii_whitespace()
            .filter_map(|number| number.parse::<u32>().ok()),
    );
    const DAC_OVERRIDE_AND_READ_SEARCH: u64 = 0b110;
    let capabilities = u64::from_str_radix(field("CapEff")?, 16).ok()?;
    Some(Reader {
        name: user_name(root, user),
        numbers: Some((user, groups)),
        overrides: capabilities & DAC_OVERRIDE_AND_READ_SEARCH != 0,
    })
}

/// Everything that listens in our network; `None` when the tables cannot be read.
pub(super) fn listening() -> Option<Vec<Listening>> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).ok());
    if tables.iter().all(Option::is_none) {
        return None;
    }
    Some(
        tables
            .iter()
            .flatten()
            .flat_map(|table| table.lines())
            .filter_map(listener)
            .collect(),
    )
}

/// The processes that hold these sockets, as far as we may see.
pub(super) fn owners(inodes: &[u64]) -> BTreeMap<u64, (u32, String)> {
    let mut owners = BTreeMap::new();
    for id in numbers() {
        for entry in fs::read_dir(format!("/proc/{id}/fd"))
            .into_iter()
            .flatten()
            .flatten()
            .take(MOST)
        {
            let inode = fs::read_link(entry.path()).ok().and_then(|link| {
                link.to_str()?
                    .strip_prefix("socket:[")?
                    .strip_suffix(']')?
                    .parse::<u64>()
                    .ok()
            });
            if let Some(inode) = inode.filter(|inode| inodes.contains(inode))
                && let Some(name) = program(id)
            {
                // A child inherits the socket of its parent, which came first.
                owners.entry(inode).or_insert((id, name));
            }
        }
    }
    owners
}

/// The socket of a line of `/proc/net/tcp` or `tcp6`, when it listens.
fn listener(line: &str) -> Option<Listening> {
    const LISTEN: &str = "0A";
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let (address, port) = fields.get(1)?.split_once(':')?;
    if *fields.get(3)? != LISTEN {
        return None;
    }
    let port = u16::from_str_radix(port, 16).ok()?;
    // Each 32-bit word of the address is printed as a number of this machine.
    let mut words = address.as_bytes().chunks(8).map(|digits| {
        let digits = std::str::from_utf8(digits).ok()?;
        u32::from_str_radix(digits, 16).ok().map(u32::to_ne_bytes)
    });
    let address = match address.len() {
        8 => IpAddr::V4(Ipv4Addr::from(words.next()??)),
        32 => {
            let mut bytes = [0; 16];
            for (place, word) in bytes.chunks_mut(4).zip(words) {
                place.copy_from_slice(&word?);
            }
            IpAddr::V6(Ipv6Addr::from(bytes))
        }
        _ => return None,
    };
    Some(Listening {
        at: SocketAddr::new(address, port),
        inode: fields
            .get(9)
            .and_then(|inode| inode.parse().ok())
            .unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_kernel_are_read() {
        let line = "   0: 00000000000000000000000001000000:0D3D 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 77 1";
        if cfg!(target_endian = "little") {
            assert_eq!(
                listener(line),
                Some(Listening {
                    at: "[::1]:3389".parse().unwrap(),
                    inode: 77
                })
            );
        }
        let other = line.replace(" 0A ", " 01 ");
        assert_eq!(listener(&other), None, "a connection, no listener");
        assert_eq!(listener("  sl  local_address"), None);
        assert_eq!(listener("0: zz:0D3D 0:0 0A"), None);
    }

    #[test]
    fn our_own_listener_is_ours() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let at = socket.local_addr().unwrap();
        let all = listening().unwrap();
        let ours = all.iter().find(|listening| listening.at == at).unwrap();
        let owners = owners(&[ours.inode]);
        assert_eq!(owners[&ours.inode].0, std::process::id());
    }
}
