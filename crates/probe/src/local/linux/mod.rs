//! A Linux machine as client and server of Remote Desktop.

mod client;
mod files;
mod filter;
mod logs;
mod packages;
mod processes;
mod servers;
mod system;
mod units;
mod xrdp;

use std::path::Path;

use super::{Inspection, Scope};
use crate::probes::{CLIENT, FILTER, LISTENERS, NETWORK, SERVER_LOG};

/// The machine that is looked at.
struct Machine<'s> {
    scope: &'s Scope,
    /// What listens, with the process and its program where we may see it.
    listening: Vec<(processes::Listening, Option<(u32, String)>)>,
    /// The kernel's tables could be read.
    tables: bool,
}

impl Machine<'_> {
    /// Where a program is, by its path or in the usual folders.
    fn program(&self, name: &str) -> Option<String> {
        let root = &self.scope.root;
        if name.starts_with('/') {
            return files::exists(root, name).then(|| name.to_owned());
        }
        [
            "/usr/bin",
            "/usr/sbin",
            "/usr/local/bin",
            "/usr/local/sbin",
            "/usr/libexec",
            "/usr/lib/gnome-remote-desktop",
        ]
        .into_iter()
        .map(|folder| format!("{folder}/{name}"))
        .find(|path| files::exists(root, path))
    }
}

/// Looks at the machine.
pub(super) fn inspect(scope: &Scope) -> Inspection {
    let name = if scope.live {
        "/proc/sys/kernel/hostname"
    } else {
        "/etc/hostname"
    };
    let mut found = Inspection {
        host: host_name(&scope.root, name),
        ..Inspection::default()
    };
    let listening = if scope.live {
        processes::listening()
    } else {
        None
    };
    let tables = listening.is_some();
    let listening = listening.unwrap_or_default();
    let inodes: Vec<u64> = listening.iter().map(|listening| listening.inode).collect();
    let owners = if tables {
        processes::owners(&inodes)
    } else {
        Default::default()
    };
    let machine = Machine {
        scope,
        listening: listening
            .into_iter()
            .map(|listening| (listening, owners.get(&listening.inode).cloned()))
            .collect(),
        tables,
    };
    let mut wanted = servers::PACKAGES.to_vec();
    wanted.extend(client::PACKAGES);
    let packages = packages::Packages::of(&scope.root, scope.live, &wanted);
    if scope.server {
        servers::look(&machine, &packages, &mut found);
        let server = found.servers.first().map(|server| server.port);
        if scope.live {
            if let Some(port) = server {
                filter::look(port, &mut found);
            }
        } else {
            let why = "a folder holds no running system";
            found.skipped(&LISTENERS, "listeners", why);
            found.skipped(&FILTER, "packet filters", why);
        }
        if server.is_some() {
            logs::look(&machine, &mut found);
        } else {
            found.skipped(&SERVER_LOG, "logs of servers", "there is no server");
        }
    }
    if scope.live {
        system::look(&machine, &mut found);
    } else {
        found.skipped(
            &NETWORK,
            "interfaces and clock",
            "a folder holds no running system",
        );
    }
    if scope.client {
        client::look(&machine, &packages, &mut found);
        found.ran(&CLIENT, "programs, stores and policies of clients");
    }
    found
}

/// The first line of a file; what the kernel makes has no length, so it is read as it comes.
fn host_name(root: &Path, path: &str) -> String {
    std::fs::read_to_string(files::under(root, Path::new(path)))
        .unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// The last part of a path.
fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
