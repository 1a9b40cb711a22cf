//! The tools of an assistant, called by the client that the authors of the Model Context Protocol keep.

use std::process::Command;

use serde_json::Value;

use super::node;

#[test]
fn the_client_of_the_protocol_calls_every_tool() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("work.rdp"),
        "full address:s:srv01\r\nenablecredsspsupport:i:0\r\n",
    )
    .unwrap();
    // A port that nobody listens on while this lives: it is bound and not listened on.
    let closed = nix::sys::socket::socket(
        nix::sys::socket::AddressFamily::Inet,
        nix::sys::socket::SockType::Stream,
        nix::sys::socket::SockFlag::SOCK_CLOEXEC,
        None,
    )
    .unwrap();
    nix::sys::socket::bind(
        std::os::fd::AsRawFd::as_raw_fd(&closed),
        &nix::sys::socket::SockaddrIn::new(127, 0, 0, 1, 0),
    )
    .unwrap();
    let at: nix::sys::socket::SockaddrIn =
        nix::sys::socket::getsockname(std::os::fd::AsRawFd::as_raw_fd(&closed)).unwrap();
    let target = format!("127.0.0.1:{}", at.port());

    let output = Command::new("node")
        .arg("ask.mjs")
        .arg(env!("CARGO_BIN_EXE_rdpdoctor"))
        .arg(folder.path())
        .arg(&target)
        .current_dir(node::tools("client", "ask.mjs"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |place: &str| told.pointer(place).and_then(Value::as_str).unwrap_or("");

    assert_eq!(text("/server/name"), "rdpdoctor");
    assert!(text("/says").contains("check"), "{told}");
    let names: Vec<&str> = told["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["check", "explain", "analyze", "plan"]);
    assert_eq!(text("/check/structuredContent/stopped_at"), "tcp");
    assert!(text("/explain/content/0/text").contains("socket"), "{told}");
    assert_eq!(text("/analyze/structuredContent/target/host"), "srv01");
    assert_eq!(
        told.pointer("/plan/structuredContent/plan/cause"),
        told.pointer("/check/structuredContent/findings/0/cause"),
        "the plan is for what the check found"
    );
    assert_eq!(told.pointer("/outside/isError"), Some(&Value::Bool(true)));
    assert!(text("/unknown").contains("no tool"), "{told}");
}
