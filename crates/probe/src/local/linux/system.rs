//! What the machine as a whole does to connections: interfaces, clock, name servers.

use std::fs;
use std::path::Path;

use model::{Fact, SettingValue, Source};

use super::{Machine, files};
use crate::local::Inspection;
use crate::local::command::{Answer, ask};
use crate::probes::NETWORK;

/// Interfaces that are told.
const MOST: usize = 64;

/// Looks at the running system.
pub(super) fn look(machine: &Machine<'_>, found: &mut Inspection) {
    interfaces(found);
    clock(found);
    resolver(machine, found);
    found.ran(&NETWORK, "interfaces, clock, name servers");
}

fn interfaces(found: &mut Inspection) {
    let folder = Path::new("/sys/class/net");
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name != "lo")
        .collect();
    names.sort();
    for name in names.into_iter().take(MOST) {
        let value = |what: &str| {
            fs::read_to_string(folder.join(&name).join(what))
                .ok()
                .map(|text| text.trim().to_owned())
        };
        let kind = value("uevent").unwrap_or_default();
        const IFF_UP: u32 = 1;
        let up = value("flags")
            .and_then(|flags| u32::from_str_radix(flags.trim_start_matches("0x"), 16).ok())
            .map(|flags| flags & IFF_UP != 0);
        found.tell(
            Source::Registry,
            None,
            Fact::InterfaceFound {
                up,
                mtu: value("mtu").and_then(|mtu| mtu.parse().ok()),
                tunnel: is_tunnel(
                    &name,
                    &kind,
                    value("type").as_deref(),
                    value("tun_flags").is_some(),
                ),
                name,
            },
        );
    }
}

/// An interface that wraps packets into others, which makes room for less.
fn is_tunnel(name: &str, uevent: &str, kind: Option<&str>, tun: bool) -> bool {
    // ARPHRD_NONE, ARPHRD_PPP, ARPHRD_TUNNEL, ARPHRD_TUNNEL6, ARPHRD_SIT, ARPHRD_IPGRE of if_arp.h.
    let by_kind = matches!(kind, Some("65534" | "512" | "768" | "769" | "776" | "778"));
    let by_driver = ["wireguard", "ppp", "xfrm", "vti"]
        .iter()
        .any(|driver| uevent.contains(&format!("DEVTYPE={driver}")));
    // Every kernel has these two, unused.
    let idle = matches!(
        name,
        "sit0"
            | "ip6tnl0"
            | "tunl0"
            | "gre0"
            | "erspan0"
            | "gretap0"
            | "ip_vti0"
            | "ip6_vti0"
            | "ip6gre0"
    );
    !idle && (by_kind || by_driver || tun)
}

fn clock(found: &mut Inspection) {
    if Path::new("/run/systemd/timesync/synchronized").exists() {
        found.tell(
            Source::Registry,
            None,
            Fact::ClockFound {
                synchronised: true,
                by: "systemd-timesyncd".to_owned(),
            },
        );
        return;
    }
    if Path::new("/run/systemd/system").is_dir()
        && let Answer::Said(said) = ask(
            "timedatectl",
            &["show", "--property=NTPSynchronized", "--value"],
        )
    {
        let said = String::from_utf8_lossy(&said);
        if let word @ ("yes" | "no") = said.trim() {
            found.tell(
                Source::Registry,
                None,
                Fact::ClockFound {
                    synchronised: word == "yes",
                    by: "timedatectl".to_owned(),
                },
            );
            return;
        }
    }
    found.skipped(
        &NETWORK,
        "the clock",
        "nothing here tells whether it follows a time server",
    );
}

fn resolver(machine: &Machine<'_>, found: &mut Inspection) {
    let Some(text) = files::text(&machine.scope.root, "/etc/resolv.conf") else {
        return;
    };
    for name in ["nameserver", "search", "options"] {
        let values: Vec<String> = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix(name)?.strip_prefix([' ', '\t']))
            .flat_map(str::split_ascii_whitespace)
            .take(20)
            .map(str::to_owned)
            .collect();
        if !values.is_empty() {
            found.tell(
                Source::Registry,
                None,
                Fact::SettingFound {
                    key: "/etc/resolv.conf".to_owned(),
                    name: name.to_owned(),
                    value: SettingValue::Texts(values),
                    policy: false,
                },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tunnels_are_told_from_cables() {
        assert!(is_tunnel(
            "wg0",
            "DEVTYPE=wireguard\n",
            Some("65534"),
            false
        ));
        assert!(is_tunnel("tun0", "", Some("65534"), true));
        assert!(is_tunnel("ppp0", "DEVTYPE=ppp\n", Some("512"), false));
        assert!(!is_tunnel("eth0", "", Some("1"), false));
        assert!(!is_tunnel("wlan0", "DEVTYPE=wlan\n", Some("1"), false));
        assert!(
            !is_tunnel("sit0", "", Some("776"), false),
            "every kernel has it"
        );
    }
}
