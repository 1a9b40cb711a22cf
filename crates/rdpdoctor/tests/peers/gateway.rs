//! The lab's gateway and proxies between real clients and real servers: FreeRDP's client, the gateway, xrdp; curl,
//! a proxy, nginx.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::network::{NAME, Network, SERVER, Side};
use super::servers::{Xrdp, colours, nginx, screen, xrdp};

/// The name of the gateway, which the client's hosts file gives to the server's side.
const GATEWAY: &str = "gw.lab.test";

/// Starts a gateway or a proxy of the lab on the server's side before the server there.
pub fn front(network: &mut Network, fault: &str, port: u16) {
    network.hosts(&[(SERVER, GATEWAY)]);
    let listen = format!("{SERVER}:{port}");
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

/// FreeRDP's client, which goes through the gateway on this port, this way.
pub fn client(network: &Network, display: &str, port: u16, way: &str) -> Command {
    let fixed = [
        format!("/v:{NAME}"),
        format!("/g:{GATEWAY}:{port}"),
        format!("/gt:{way}"),
        "/u:lab".to_owned(),
        // Without a password, and in TLS alone, nobody logs on: the server shows its login screen.
        "/sec:tls".to_owned(),
        "/gu:lab".to_owned(),
        "/gp:Passw0rd!".to_owned(),
        "/cert:ignore".to_owned(),
        "/size:640x480".to_owned(),
        "/log-level:DEBUG".to_owned(),
    ];
    let mut command = network.command(Side::Client, "xfreerdp", fixed);
    command
        .env("HOME", network.folder())
        .env("DISPLAY", display)
        .env_remove("XDG_CONFIG_HOME");
    command
}

/// A client that goes this way sees the login screen of xrdp.
fn shows_the_desktop(fault: &str) {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    front(&mut network, fault, 443);
    let display = screen(&mut network);
    let command = client(&network, &display, 443, "http");
    network.start("xfreerdp", command);
    network.until("a picture", |network| colours(network) > 8);
}

#[test]
fn two_channels_lead_to_the_desktop() {
    shows_the_desktop("gateway/healthy-ntlm");
}

#[test]
fn a_websocket_leads_to_the_desktop() {
    shows_the_desktop("gateway/healthy");
}

#[test]
fn a_client_says_what_the_gateway_said() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let display = screen(&mut network);
    for (port, (fault, words)) in (4430..).zip([
        ("gateway/forbidden", "HTTP status: 403"),
        ("gateway/proxy-wants-a-name", "HTTP status: 407"),
        ("gateway/unavailable", "HTTP status: 503"),
        ("gateway/not-supported", "E_PROXY_NOTSUPPORTED"),
        (
            "gateway/cookie-refused",
            "E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED",
        ),
        ("gateway/capability-mismatch", "E_PROXY_CAPABILITYMISMATCH"),
        ("gateway/not-admitted", "E_PROXY_NAP_ACCESSDENIED"),
        ("gateway/quarantined", "E_PROXY_QUARANTINE_ACCESSDENIED"),
        ("gateway/at-its-limit", "E_PROXY_MAXCONNECTIONSREACHED"),
        ("gateway/resource-denied", "E_PROXY_RAP_ACCESSDENIED"),
        (
            "gateway/target-unreachable-full-code",
            "E_PROXY_TS_CONNECTFAILED",
        ),
        (
            "gateway/resets-at-client-hello",
            "ERRCONNECT_TLS_CONNECT_FAILED",
        ),
    ]) {
        front(&mut network, fault, port);
        let output = client(&network, &display, port, "http").output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(!output.status.success(), "{fault}\n{said}");
        assert!(said.contains(words), "{fault}\n{said}");
    }
}

/// The doctor's own way through the gateway is written by other hands than the gateway.
#[test]
fn the_doctor_names_the_fault() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    for (port, fault) in (4430..).zip([
        "gateway/certificate-expired",
        "gateway/certificate-for-another-name",
        "gateway/wrong-password",
        "gateway/forbidden",
        "gateway/not-found",
        "gateway/redirect",
        "gateway/proxy-wants-a-name",
        "gateway/bad-gateway",
        "gateway/resets-at-client-hello",
        "gateway/not-supported",
        "gateway/cookie-refused",
        "gateway/not-admitted",
        "gateway/not-admitted-early",
        "gateway/quarantined",
        "gateway/at-its-limit",
        "gateway/resource-denied",
        "gateway/resource-denied-2008",
        "gateway/target-unreachable-full-code",
        "gateway/rpc",
        "gateway/rpc-not-admitted",
        "gateway/rpc-resource-denied",
        "gateway/rpc-target-unreachable",
        "gateway/rpc-resets-at-bind",
        "gateway/rpc-resets-at-channel",
        "gateway/rpc-in-channel-silent",
    ]) {
        front(&mut network, fault, port);
        let place = format!("{GATEWAY}:{port}");
        let arguments = [
            "check",
            NAME,
            "--gateway",
            &place,
            "--gateway-user",
            "lab",
            "--format",
            "json",
            "--no-progress",
        ];
        let output = network
            .command(Side::Client, env!("CARGO_BIN_EXE_rdpdoctor"), arguments)
            .env("RDPDOCTOR_GATEWAY_PASSWORD", "Passw0rd!")
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{fault}: {error}"));
        let expect = lab::scenario::find(fault).unwrap().expect;
        let first = &report["findings"][0];
        assert_eq!(
            first["cause"].as_str(),
            expect.top.as_deref(),
            "{fault}\n{report:#}"
        );
        assert_eq!(
            first["family"].as_str(),
            expect.family.as_deref(),
            "{fault}"
        );
        let outcome = match expect.outcome {
            lab::scenario::Outcome::Degraded => "degraded",
            _ => "failing",
        };
        assert_eq!(report["outcome"], outcome, "{fault}\n{report:#}");
    }
}

#[test]
fn curl_says_what_the_proxy_said() {
    let mut network = Network::new();
    nginx(&mut network, false);
    for (port, (fault, exit, words)) in (3128..).zip([
        ("healthy", 0, "hello"),
        ("healthy-basic", 0, "hello"),
        ("healthy-ntlm", 0, "hello"),
        ("healthy-tls", 0, "hello"),
        ("healthy-drips", 0, "hello"),
        ("healthy-socks", 0, "hello"),
        ("healthy-socks-password", 0, "hello"),
        ("wants-a-name", 56, "response 407"),
        ("only-web", 56, "response 403"),
        ("bad-gateway", 56, "response 502"),
        ("unavailable", 56, "response 503"),
        ("timeout", 56, "response 504"),
        ("closes-at-request", 56, "CONNECT aborted"),
        ("resets-at-request", 56, "reset by peer"),
        ("closes-the-way", 52, "Empty reply"),
        ("socks-1", 97, "(1)"),
        ("socks-2", 97, "(2)"),
        ("socks-4", 97, "(4)"),
        ("socks-5", 97, "(5)"),
        ("socks-8", 97, "(8)"),
        ("socks-method-refused", 97, "No authentication method"),
        ("socks-wrong-password", 97, "rejected"),
        ("socks-closes-at-greeting", 97, "connection to proxy closed"),
    ]) {
        front(&mut network, &format!("proxy/{fault}"), port);
        let place = format!("lab:Passw0rd!@{SERVER}:{port}");
        let (option, place) = match fault {
            fault if fault.contains("socks") => ("--socks5-hostname", place),
            "healthy-tls" => ("--proxy", format!("https://{place}")),
            _ => ("--proxy", format!("http://{place}")),
        };
        let scheme = if fault == "healthy-ntlm" {
            "--proxy-ntlm"
        } else {
            "--proxy-basic"
        };
        // Whatever is asked for, the proxy leads to the one server behind it.
        let arguments = [
            "--silent",
            "--show-error",
            "--max-time",
            "15",
            "--proxy-insecure",
            "--proxytunnel",
            scheme,
            option,
            &place,
            "http://pc-17.lab.test:3389/",
        ];
        let output = network
            .command(Side::Client, "curl", arguments)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert_eq!(output.status.code(), Some(exit), "{fault}\n{said}");
        assert!(said.contains(words), "{fault}\n{said}");
    }
}
