//! What the tests against real servers need, and how to get it on Debian and Ubuntu.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::shell::{cargo, command, output, run, succeeds, target, which};

/// A tool the tests call, and the packages that bring it: the first one the distribution knows is taken.
struct Tool {
    /// Names of the program; releases of a distribution differ.
    programs: &'static [&'static str],
    packages: &'static [&'static str],
}

const TOOLS: &[Tool] = &[
    Tool {
        programs: &["xrdp"],
        packages: &["xrdp"],
    },
    Tool {
        programs: &["freerdp-shadow-cli", "freerdp-shadow-cli3"],
        packages: &[
            "freerdp2-shadow-x11",
            "freerdp3-shadow-x11",
            "freerdp-shadow-x11",
        ],
    },
    Tool {
        programs: &["xfreerdp", "xfreerdp3"],
        packages: &["freerdp2-x11", "freerdp3-x11", "freerdp-x11"],
    },
    Tool {
        programs: &["winpr-hash", "winpr-hash3"],
        packages: &["winpr-utils", "winpr3-utils"],
    },
    Tool {
        programs: &["Xvfb"],
        packages: &["xvfb"],
    },
    Tool {
        programs: &["sshd"],
        packages: &["openssh-server"],
    },
    Tool {
        programs: &["nginx"],
        packages: &["nginx-light", "nginx"],
    },
    Tool {
        programs: &["curl"],
        packages: &["curl"],
    },
    Tool {
        programs: &["tinyproxy"],
        packages: &["tinyproxy"],
    },
    Tool {
        programs: &["microsocks"],
        packages: &["microsocks"],
    },
    Tool {
        programs: &["nft"],
        packages: &["nftables"],
    },
    Tool {
        programs: &["iptables"],
        packages: &["iptables"],
    },
    Tool {
        programs: &["ufw"],
        packages: &["ufw"],
    },
    Tool {
        programs: &["ip", "ss"],
        packages: &["iproute2"],
    },
    Tool {
        programs: &["ethtool"],
        packages: &["ethtool"],
    },
    Tool {
        programs: &["tcpdump"],
        packages: &["tcpdump"],
    },
    Tool {
        programs: &["openssl"],
        packages: &["openssl"],
    },
    Tool {
        programs: &["setpriv"],
        packages: &["util-linux"],
    },
    Tool {
        programs: &["sysctl"],
        packages: &["procps"],
    },
    Tool {
        programs: &["unshare", "nsenter"],
        packages: &["util-linux"],
    },
    Tool {
        programs: &["strace"],
        packages: &["strace"],
    },
    Tool {
        programs: &["adduser"],
        packages: &["adduser"],
    },
    Tool {
        programs: &["chattr"],
        packages: &["e2fsprogs"],
    },
    Tool {
        programs: &["dnsmasq"],
        packages: &["dnsmasq-base"],
    },
    Tool {
        programs: &["krb5kdc", "kdb5_util"],
        packages: &["krb5-kdc"],
    },
    Tool {
        programs: &["kadmin.local"],
        packages: &["krb5-admin-server"],
    },
    Tool {
        programs: &["samba"],
        packages: &["samba-ad-dc", "samba"],
    },
    Tool {
        programs: &["samba-tool"],
        packages: &["samba-common-bin"],
    },
    Tool {
        programs: &[
            "/usr/lib/x86_64-linux-gnu/samba/ldb/acl.so",
            "/usr/lib/aarch64-linux-gnu/samba/ldb/acl.so",
        ],
        packages: &["samba-dsdb-modules"],
    },
    Tool {
        programs: &["/usr/share/samba/setup/provision.ldif"],
        packages: &["samba-ad-provision", "samba"],
    },
    Tool {
        programs: &["winbindd"],
        packages: &["winbind"],
    },
    Tool {
        programs: &["ldbmodify"],
        packages: &["ldb-tools"],
    },
    Tool {
        programs: &["faketime"],
        packages: &["faketime"],
    },
    Tool {
        programs: &["/usr/lib/python3/dist-packages/gssapi/__init__.py"],
        packages: &["python3-gssapi"],
    },
    Tool {
        programs: &["/usr/lib/python3/dist-packages/kdcproxy/__init__.py"],
        packages: &["python3-kdcproxy"],
    },
    Tool {
        programs: &["socat"],
        packages: &["socat"],
    },
    Tool {
        programs: &["chromium", "chromium-browser"],
        packages: &["chromium", "chromium-browser"],
    },
    Tool {
        programs: &["node"],
        packages: &["nodejs"],
    },
    Tool {
        programs: &["npm"],
        packages: &["npm"],
    },
];

/// A compiler that has the source of its standard library, to build it for other targets.
const SOURCE: &[Tool] = &[
    Tool {
        programs: &["/usr/bin/rustc"],
        packages: &["rustc-web"],
    },
    Tool {
        programs: &["/usr/bin/cargo"],
        packages: &["cargo-web"],
    },
    Tool {
        programs: &["/usr/lib/rustlib/src/rust/library/std/Cargo.toml"],
        packages: &["rust-web-src"],
    },
];

/// What programs for Windows are linked with.
const MINGW: &[Tool] = &[Tool {
    programs: &["x86_64-w64-mingw32-gcc"],
    packages: &["gcc-mingw-w64-x86-64"],
}];

/// What they run under.
const WINE: &[Tool] = &[
    Tool {
        programs: &["wine"],
        packages: &["wine"],
    },
    Tool {
        programs: &["/usr/lib/wine/wine64"],
        packages: &["wine64"],
    },
];

/// What static programs for Linux are linked with.
const MUSL: &[Tool] = &[Tool {
    programs: &["musl-gcc"],
    packages: &["musl-tools"],
}];

/// Installs what the Windows side needs, when it may, and says which packages are still missing.
pub fn windows() -> Result<Vec<&'static str>> {
    prepared(&[SOURCE, MINGW, WINE])
}

/// The same for a program that is built for another target, with its standard library when the compiler has none.
pub fn package(target: &str, from_source: bool) -> Result<Vec<&'static str>> {
    let mut needed = Vec::new();
    if from_source {
        needed.push(SOURCE);
    }
    if target.contains("windows") {
        needed.push(MINGW);
    }
    if target.contains("musl") {
        needed.push(MUSL);
    }
    prepared(&needed)
}

fn prepared(groups: &[&'static [Tool]]) -> Result<Vec<&'static str>> {
    let lacking =
        || -> Vec<&'static Tool> { groups.iter().flat_map(|tools| missing(tools)).collect() };
    let first = lacking();
    if !first.is_empty() && is_root() && which("apt-get").is_some() {
        install(&first)?;
    }
    Ok(lacking()
        .into_iter()
        .flat_map(|tool| tool.packages.iter().copied())
        .collect())
}

/// Whether the tests against real servers can run here.
#[derive(Debug)]
pub enum Peers {
    /// They can.
    Ready,
    /// They cannot, and every reason.
    Missing(Vec<String>),
}

/// Installs what is missing, when it may, and says what is still missing.
pub fn prepare() -> Result<Peers> {
    let missing = missing_tools();
    if !missing.is_empty() && is_root() && which("apt-get").is_some() {
        install(&missing)?;
    }
    let mut reasons = Vec::new();
    if !cfg!(target_os = "linux") {
        reasons.push("they need Linux".to_owned());
    } else if !is_root() {
        reasons.push("they need root, to make network namespaces and start servers".to_owned());
    }
    for tool in missing_tools() {
        reasons.push(format!(
            "{} is not installed (package {})",
            tool.programs.join(" or "),
            tool.packages.join(" or ")
        ));
    }
    if reasons.is_empty() && !namespaces_work() {
        reasons.push(
            "this machine does not let root make network namespaces with nftables and routing in them"
                .to_owned(),
        );
    }
    Ok(if reasons.is_empty() {
        Peers::Ready
    } else {
        Peers::Missing(reasons)
    })
}

/// Builds the server that stands outside the workspace; beside the program, so that what both are made of is built once.
pub fn ironrdp() -> Result<()> {
    let target = target();
    run(cargo([
        "build",
        "--locked",
        "--quiet",
        "--manifest-path",
        "peers/ironrdp/Cargo.toml",
        "--target-dir",
    ])
    .arg(target))
}

fn missing_tools() -> Vec<&'static Tool> {
    missing(TOOLS)
}

fn missing(tools: &'static [Tool]) -> Vec<&'static Tool> {
    tools
        .iter()
        .filter(|tool| tool.programs.iter().all(|program| which(program).is_none()))
        .collect()
}

/// True for the administrator; on systems without `id`, false.
pub fn is_root() -> bool {
    output(&mut command("id", ["-u"])).is_ok_and(|id| id.trim() == "0")
}

fn namespaces_work() -> bool {
    let name = format!("try{}", std::process::id());
    let made = succeeds(&mut command("ip", ["netns", "add", &name]));
    let inside = |words: &[&str]| succeeds(command("ip", ["netns", "exec", &name]).args(words));
    let works = made
        && inside(&["nft", "add", "table", "inet", "try"])
        && inside(&["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
    if made {
        succeeds(&mut command("ip", ["netns", "del", &name]));
    }
    works
}

/// Installs packages without letting the package manager start their services: a server that the
/// distribution starts would take the very port the tests are about.
fn install(missing: &[&Tool]) -> Result<()> {
    run(&mut apt_get(&["update", "-q"]))?;
    let packages: Vec<&str> = missing
        .iter()
        .filter_map(|tool| {
            tool.packages
                .iter()
                .copied()
                .find(|package| succeeds(&mut command("apt-cache", ["show", package])))
        })
        .collect();
    if packages.is_empty() {
        return Ok(());
    }
    let quiet = NoServices::begin()?;
    let mut words = vec!["install", "-y", "-q", "--no-install-recommends"];
    words.extend(&packages);
    let installed = run(&mut apt_get(&words));
    drop(quiet);
    installed
}

fn apt_get(arguments: &[&str]) -> std::process::Command {
    let mut apt = command("apt-get", ["-o", "DPkg::Lock::Timeout=300"]);
    apt.args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(std::process::Stdio::null());
    apt
}

/// While it lives, packages that are installed do not start their services (`policy-rc.d`).
struct NoServices {
    ours: bool,
}

const POLICY: &str = "/usr/sbin/policy-rc.d";

impl NoServices {
    fn begin() -> Result<Self> {
        use std::os::unix::fs::PermissionsExt;
        if Path::new(POLICY).exists() {
            return Ok(Self { ours: false });
        }
        fs::write(POLICY, "#!/bin/sh\nexit 101\n")
            .with_context(|| format!("cannot write {POLICY}"))?;
        let ours = Self { ours: true };
        fs::set_permissions(POLICY, fs::Permissions::from_mode(0o755))
            .with_context(|| format!("cannot make {POLICY} executable"))?;
        Ok(ours)
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if self.ours
            && let Err(error) = fs::remove_file(POLICY)
        {
            println!("{POLICY} could not be removed: {error}");
        }
    }
}
