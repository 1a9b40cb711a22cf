//! `rdpdoctor lab`: a server, a gateway or a proxy that fails on purpose, or a proxy that makes a real one fail.

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use lab::KeyLog;
use lab::front::serve as front;
use lab::loopback;
use lab::proxy;
use lab::scenario::{self, Scenario};

use crate::cli::{LabArguments, OutputArguments};
use crate::failure::{Failure, Status};
use crate::{answer, check, demo, demo_command};

/// The port a Remote Desktop server listens on unless it was told otherwise.
const RDP: u16 = model::target::RDP_PORT;

/// Serves a fault until the user ends it, or lists them.
pub fn run(arguments: &LabArguments, output: &OutputArguments) -> Result<Status, Failure> {
    let fault = match arguments.fault.as_deref() {
        None | Some("list") => return demo_command::list(output, demo::in_lab()?),
        Some(fault) => fault,
    };
    let scenario = chosen(fault)?;
    let listen = arguments
        .listen
        .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    if !listen.ip().is_loopback() && !arguments.open_to_others {
        return Err(Failure::usage(format!(
            "{listen} can be reached from other machines; add --open-to-others when that is meant"
        )));
    }
    let target = arguments.target.as_deref();
    if let (Some(target), false) = (target, scenario.has_front()) {
        return Err(Failure::usage(format!(
            "{} is no fault of a gateway or proxy that could lead to {target}; with --proxy it is played before {target}",
            scenario.id
        )));
    }
    if arguments.proxy.is_some() && scenario.has_front() {
        return Err(Failure::usage(format!(
            "{} is a fault of a gateway or proxy; the server behind it is named with --target",
            scenario.id
        )));
    }
    let runtime = check::runtime()?;
    runtime.block_on(async {
        match &arguments.proxy {
            _ if scenario.has_front() => stand(&scenario, target, listen).await,
            Some(server) => before(&scenario, server, listen).await,
            None => serve(&scenario, listen, arguments.keylog.as_deref()).await,
        }
    })
}

/// A fault of the lab by its name, or a scenario in a file of the user's.
fn chosen(fault: &str) -> Result<Scenario, Failure> {
    if Path::new(fault)
        .extension()
        .is_none_or(|extension| extension != "toml")
    {
        return demo::find(Some(fault));
    }
    let text = fs::read_to_string(fault)
        .map_err(|error| Failure::usage(format!("cannot read {fault}: {error}")))?;
    scenario::read(fault, &text).map_err(|error| Failure::usage(error.to_string()))
}

async fn serve(
    scenario: &Scenario,
    listen: SocketAddr,
    keys: Option<&Path>,
) -> Result<Status, Failure> {
    let settings = loopback::Settings {
        listen: Some(listen),
        seed: 1,
        key_log: keys.map(key_log).transpose()?,
    };
    let served = loopback::serve(scenario, settings).await.map_err(refused)?;
    let places: Vec<String> = served.addresses.iter().map(ToString::to_string).collect();
    announce(&format!(
        "{} on {}: {}",
        scenario.id,
        places.join(", "),
        scenario.what
    ))?;
    check::interrupted().await;
    Ok(Status::Healthy)
}

/// Keys are appended to the file as they come.
fn key_log(path: &Path) -> Result<KeyLog, Failure> {
    let file = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .map_err(|error| {
            Failure::usage(format!("cannot write keys to {}: {error}", path.display()))
        })?;
    Ok(KeyLog(Arc::new(move |line| {
        // A key that cannot be written is a session that cannot be read later: no reason to fail.
        let _ = writeln!(&file, "{line}");
    })))
}

async fn before(scenario: &Scenario, server: &str, listen: SocketAddr) -> Result<Status, Failure> {
    let (host, server) = endpoint(server)?;
    let settings = proxy::Settings {
        server: server.clone(),
        names: vec![host, listen.ip().to_string(), "localhost".to_owned()],
        listen,
        opened_at: check::now(),
        seed: 1,
    };
    let running = proxy::serve(scenario, settings).await.map_err(refused)?;
    let address = running.address;
    announce(&format!(
        "{} on {address}, before {server}: {}",
        scenario.id, scenario.what
    ))?;
    check::interrupted().await;
    Ok(Status::Healthy)
}

/// Serves a gateway or a proxy, before the server given or one of the lab's own.
async fn stand(
    scenario: &Scenario,
    target: Option<&str>,
    listen: SocketAddr,
) -> Result<Status, Failure> {
    let target = target
        .map(|target| endpoint(target).map(|(_, target)| target))
        .transpose()?;
    let behind = target
        .clone()
        .unwrap_or_else(|| "a server of the lab".to_owned());
    let settings = front::Settings {
        target,
        listen,
        names: vec![listen.ip().to_string(), "localhost".to_owned()],
        opened_at: check::now(),
        seed: 1,
    };
    let running = front::serve(scenario, settings).await.map_err(refused)?;
    let address = running.address;
    announce(&format!(
        "{} on {address}, before {behind}: {}",
        scenario.id, scenario.what
    ))?;
    check::interrupted().await;
    Ok(Status::Healthy)
}

/// The host alone, and the host with its port.
fn endpoint(server: &str) -> Result<(String, String), Failure> {
    if let Ok(address) = server.parse::<SocketAddr>() {
        return Ok((address.ip().to_string(), address.to_string()));
    }
    if let Ok(ip) = server.trim_matches(['[', ']']).parse::<std::net::IpAddr>() {
        return Ok((ip.to_string(), SocketAddr::new(ip, RDP).to_string()));
    }
    match server.rsplit_once(':') {
        None if !server.is_empty() => Ok((server.to_owned(), format!("{server}:{RDP}"))),
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
            Ok((host.to_owned(), server.to_owned()))
        }
        _ => Err(Failure::usage(format!(
            "{server} is no host and no HOST:PORT"
        ))),
    }
}

/// Says where to dial. The line is the answer of the command, so that a program can wait for it.
fn announce(line: &str) -> Result<(), Failure> {
    answer::print(format!("{line}\n").as_bytes())?;
    Ok(())
}

fn refused(error: loopback::Error) -> Failure {
    match error {
        loopback::Error::InMemoryOnly { .. } => Failure::usage(error.to_string()),
        error => Failure::from(anyhow::Error::new(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_in_every_form() {
        let read = |text: &str| endpoint(text).map(|(_, server)| server).ok();
        assert_eq!(read("srv01").as_deref(), Some("srv01:3389"));
        assert_eq!(read("srv01:3390").as_deref(), Some("srv01:3390"));
        assert_eq!(read("10.0.0.7").as_deref(), Some("10.0.0.7:3389"));
        assert_eq!(read("[::1]").as_deref(), Some("[::1]:3389"));
        assert_eq!(read("[::1]:3390").as_deref(), Some("[::1]:3390"));
        assert_eq!(read("srv01:rdp"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn other_machines_are_let_in_only_when_asked_for() {
        let arguments = LabArguments {
            fault: Some("negotiate/ssh".to_owned()),
            listen: Some(SocketAddr::from(([0, 0, 0, 0], 0))),
            open_to_others: false,
            proxy: None,
            target: None,
            keylog: None,
        };
        let failure = run(&arguments, &OutputArguments::default()).unwrap_err();
        assert_eq!(failure.status, Status::Usage);
        assert!(
            failure.says.contains("--open-to-others"),
            "{}",
            failure.says
        );
    }
}
