//! Interfaces of the network.

use super::tool;
use crate::error::Error;

/// The MTU of an interface.
pub(super) fn mtu(interface: &str) -> Result<u32, Error> {
    let doing = format!("read the MTU of {interface}");
    let shown = tool::run(
        "ip",
        &["-json", "link", "show", "dev", fit(interface)?],
        &doing,
    )?;
    serde_json::from_str::<serde_json::Value>(&shown)
        .ok()
        .and_then(|shown| u32::try_from(shown.get(0)?.get("mtu")?.as_u64()?).ok())
        .ok_or_else(|| Error::Action {
            doing,
            says: "ip did not tell it".to_owned(),
        })
}

/// Changes it, until the interface is set up anew.
pub(super) fn set_mtu(interface: &str, to: u32) -> Result<(), Error> {
    let doing = format!("set the MTU of {interface} to {to}");
    let fit = fit(interface)?;
    tool::run(
        "ip",
        &["link", "set", "dev", fit, "mtu", &to.to_string()],
        &doing,
    )
    .map(drop)
}

/// The interface that `default` or `to:HOST` stands for today.
pub(super) fn named(wanted: &str) -> Result<String, Error> {
    let doing = format!("find the interface {wanted}");
    let shown = match wanted.strip_prefix("to:") {
        Some(host) => {
            let address = address(host).ok_or_else(|| Error::Action {
                doing: doing.clone(),
                says: format!("{host} has no address"),
            })?;
            tool::run("ip", &["-json", "route", "get", &address], &doing)?
        }
        None => tool::run("ip", &["-json", "route", "show", "default"], &doing)?,
    };
    serde_json::from_str::<serde_json::Value>(&shown)
        .ok()
        .and_then(|shown| Some(shown.get(0)?.get("dev")?.as_str()?.to_owned()))
        .ok_or_else(|| Error::Action {
            doing,
            says: "no route leads there".to_owned(),
        })
}

fn address(host: &str) -> Option<String> {
    use std::net::ToSocketAddrs as _;
    let mut addresses = (host, 0).to_socket_addrs().ok()?;
    Some(addresses.next()?.ip().to_string())
}

fn fit(interface: &str) -> Result<&str, Error> {
    // What the kernel takes for a name, less what a program could take for an option.
    let fit = !interface.is_empty()
        && interface.len() < 16
        && !interface.starts_with('-')
        && !interface.contains(|c: char| c == '/' || c.is_whitespace() || c.is_control());
    if fit {
        Ok(interface)
    } else {
        Err(Error::Action {
            doing: format!("find the interface {interface:?}"),
            says: "that is no name of an interface".to_owned(),
        })
    }
}
