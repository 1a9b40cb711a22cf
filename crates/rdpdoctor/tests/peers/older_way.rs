//! RPC over HTTP, the way of older clients through a gateway: FreeRDP's client, the lab's gateway, xrdp.
//!
//! FreeRDP 2 says less of what went wrong here than over HTTP: it shows the number of a fault, and of an answer that
//! says no only that it cannot read it.

use super::gateway::{client, front};
use super::network::Network;
use super::servers::{Xrdp, colours, screen, xrdp};

/// A gateway that knows no other way, with these settings more.
fn scenario(network: &Network, name: &str, rest: &str) -> String {
    let text = format!(
        "format = \"rdpdoctor/scenario/1\"\n\
         what = \"A gateway of Windows Server 2008 R2.\"\n\
         expect = {{ outcome = \"healthy\" }}\n\
         [gateway]\n\
         http = false\n\
         websocket = false\n\
         rpc = \"serves\"\n\
         {rest}\n"
    );
    let file = network.write(&format!("{name}.toml"), text);
    file.to_string_lossy().into_owned()
}

#[test]
fn rpc_leads_to_the_desktop() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let fault = scenario(&network, "healthy", "idle_minutes = 30");
    front(&mut network, &fault, 443);
    let display = screen(&mut network);
    let command = client(&network, &display, 443, "rpc");
    network.start("xfreerdp", command);
    network.until("a picture", |network| colours(network) > 8);
}

#[test]
fn a_client_says_what_it_makes_of_a_refusal() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let display = screen(&mut network);
    let fault = |at: &str, what: &str| format!("[[gateway.fault]]\nat = \"{at}\"\n{what}");
    let code = |at: &str, code: &str| fault(at, &format!("does = \"code\"\ncode = {code}"));
    for (port, (name, rest, words)) in (4430..).zip([
        (
            "forbidden",
            fault("request", "does = \"status\"\nstatus = 403"),
            "HTTP/1.1 403 Forbidden",
        ),
        (
            "no-server",
            fault(
                "logon",
                "does = \"status\"\nstatus = 503\nreason = \"RPC Error: 6ba\"\non = \"rpc-out\"",
            ),
            "HTTP/1.1 503 RPC Error: 6ba",
        ),
        (
            "wrong-password",
            "password = \"Another1!\"".to_owned(),
            "error! Status Code: 401",
        ),
        (
            "not-reached",
            code("channel", "0x59DD"),
            "RPC Fault PDU: status=E_PROXY_TS_CONNECTFAILED",
        ),
        (
            "resource-denied",
            code("channel", "0x800759DA"),
            "RPC Fault PDU: status=E_PROXY_RAP_ACCESSDENIED",
        ),
        (
            "not-admitted",
            code("tunnel-auth", "0x800759DB"),
            "TsProxyAuthorizeTunnelReadResponse failure",
        ),
        (
            "capability-mismatch",
            code("tunnel", "0x800759E9"),
            "TsProxyCreateTunnelReadResponse failure",
        ),
        // The fault has no signature yet, and is too short for it.
        (
            "logon-refused-inside",
            code("extended-auth", "5"),
            "tsg_check failure",
        ),
        (
            "not-supported",
            code("handshake", "0x800759E8"),
            "tsg_check failure",
        ),
        (
            "reset-at-request",
            fault("request", "does = \"reset\"\non = \"rpc-in\""),
            "ERRCONNECT",
        ),
        (
            "closes-at-tunnel",
            fault("tunnel", "does = \"close\""),
            "ERRCONNECT_SECURITY_NEGO_CONNECT_FAILED",
        ),
        ("disconnected", code("data", "0x4D4"), "ERRCONNECT_CONNECT"),
    ]) {
        let file = scenario(&network, name, &rest);
        front(&mut network, &file, port);
        let output = client(&network, &display, port, "rpc").output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(!output.status.success(), "{name}\n{said}");
        assert!(said.contains(words), "{name}\n{said}");
    }
}
