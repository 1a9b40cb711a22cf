//! The lab's gateway between a real client and a real server: FreeRDP's client, the gateway, xrdp.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::network::{NAME, Network, SERVER, Side};
use super::servers::{Xrdp, colours, screen, xrdp};

/// The name of the gateway, which the client's hosts file gives to the server's side.
const GATEWAY: &str = "gw.lab.test";

/// Starts a gateway of the lab on the server's side before the server there.
fn gateway(network: &mut Network, fault: &str) {
    network.hosts(&[(SERVER, GATEWAY)]);
    let listen = format!("{SERVER}:443");
    let arguments = [
        "lab",
        fault,
        "--listen",
        &listen,
        "--open-to-others",
        "--target",
        SERVER,
    ];
    let mut command = network.command(Side::Server, env!("CARGO_BIN_EXE_rdpdoctor"), arguments);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    network.adopt(child);
    assert!(line.contains(&listen), "{line}\n{}", network.logs());
}

/// Starts FreeRDP's client, which goes through the gateway; what it says goes to a log.
fn client(network: &mut Network, options: &[&str]) -> u32 {
    let display = screen(network);
    let fixed = [
        format!("/v:{NAME}"),
        format!("/g:{GATEWAY}:443"),
        "/u:lab".to_owned(),
        // Without a password, and in TLS alone, nobody logs on: the server shows its login screen.
        "/sec:tls".to_owned(),
        "/gu:lab".to_owned(),
        "/gp:Passw0rd!".to_owned(),
        "/cert:ignore".to_owned(),
        "/size:640x480".to_owned(),
        "/log-level:DEBUG".to_owned(),
    ];
    let options = options.iter().map(|&option| option.to_owned());
    let mut command = network.command(Side::Client, "xfreerdp", fixed.into_iter().chain(options));
    command
        .env("HOME", network.folder())
        .env("DISPLAY", display)
        .env_remove("XDG_CONFIG_HOME");
    network.start("xfreerdp", command)
}

/// A client that goes this way sees the login screen of xrdp.
fn shows_the_desktop(fault: &str, options: &[&str]) {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    gateway(&mut network, fault);
    client(&mut network, options);
    network.until("a picture", |network| colours(network) > 8);
}

#[test]
fn two_channels_lead_to_the_desktop() {
    shows_the_desktop("gateway/healthy-ntlm", &["/gt:http"]);
}

#[test]
fn a_websocket_leads_to_the_desktop() {
    shows_the_desktop("gateway/healthy", &["/gt:http"]);
}
