//! Records real clients against real servers and the lab, in a network namespace of its own: the captures that
//! the tests of `analyze` read. As root on Linux, with tcpdump, xfreerdp, rdesktop, xrdp, Xvfb, nftables and Python.

use anyhow::{Context, Result, ensure};

use crate::shell::{cargo, command, output, root, run};

/// Where the recordings lie, and the list of them.
const FOLDER: &str = "crates/rdpdoctor/tests/recordings";

/// A client that trusts nobody: the negotiation, then TLS 1.2, in which it says in clear what it holds against the
/// certificate.
const STRICT: &str = "import socket, ssl
plain = socket.create_connection((\"10.9.9.9\", 3389))
plain.send(bytes.fromhex(\"030000130ee000000000000100080003000000\"))
plain.recv(100)
rules = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
rules.maximum_version = ssl.TLSVersion.TLSv1_2
rules.wrap_socket(plain, server_hostname=\"pc-17.lab.test\")
";

/// Makes one recording, or all of them, anew.
pub fn record(only: Option<&str>) -> Result<()> {
    let root = root();
    let list = root.join(FOLDER).join("recordings.toml");
    let list = std::fs::read_to_string(&list)
        .with_context(|| format!("cannot read {}", list.display()))?;
    let list: toml::Table = list.parse().context("cannot read the list of recordings")?;
    run(&mut cargo(["build", "--locked", "--package", "rdpdoctor"]))?;
    let mut made = 0;
    for (name, entry) in list
        .iter()
        .filter(|(name, _)| only.is_none_or(|only| only == name.as_str()))
    {
        let text = |key: &str| {
            entry
                .get(key)
                .and_then(toml::Value::as_str)
                .unwrap_or_default()
        };
        let script = script(name, text("serve"), text("client"));
        // What the programs say is no matter: what went over the wire is.
        output(&mut command("unshare", ["--net", "sh", "-c", &script]))?;
        let size = std::fs::metadata(root.join(FOLDER).join(format!("{name}.pcap")))
            .with_context(|| format!("{name} was not recorded"))?
            .len();
        ensure!(size > 24, "{name} holds no packet");
        made += 1;
    }
    ensure!(
        made > 0,
        "there is no recording of that name in {FOLDER}/recordings.toml"
    );
    Ok(())
}

/// What is run in the namespace.
fn script(name: &str, serve: &str, client: &str) -> String {
    let program = "target/debug/rdpdoctor";
    let keys = format!("{FOLDER}/{name}.keys");
    let server = match serve {
        "" => "true".to_owned(),
        "xrdp" => "xrdp --nodaemon".to_owned(),
        // Who listens does not matter where nothing comes through.
        "dropped" => "nft 'add table ip drops; add chain ip drops in { type filter hook input priority 0; }; \
                      add rule ip drops in tcp dport 3389 drop'"
            .to_owned(),
        fault => format!(
            "exec {program} lab {fault} --listen 10.9.9.9:3389 --open-to-others --keylog {keys}"
        ),
    };
    let dial = match client {
        "rdesktop" => "xvfb-run -a rdesktop -u nobody -p none 10.9.9.9".to_owned(),
        "xfreerdp-tls" => {
            "xvfb-run -a xfreerdp /v:10.9.9.9 /u:nobody /p:none /cert-ignore /sec:tls".to_owned()
        }
        "xfreerdp-strict" => {
            "xvfb-run -a xfreerdp /v:10.9.9.9 /u:nobody /p:none /cert:deny".to_owned()
        }
        "python-strict" => format!("python3 -c '{STRICT}'"),
        "xfreerdp" => "xvfb-run -a xfreerdp /v:10.9.9.9 /u:nobody /p:none /cert-ignore".to_owned(),
        _ => format!("{program} 10.9.9.9 --quick"),
    };
    // Sessions are cut after a few packets: how they begin and end is what tells.
    format!(
        "rm -f {keys}; ip link set lo up; ip address add 10.9.9.9/32 dev lo; \
         ({server}) >/dev/null 2>&1 & server=$!; sleep 2; \
         tcpdump -i lo -s 4096 -c 120 -Z root -U -w {FOLDER}/{name}.pcap port 3389 >/dev/null 2>&1 & heard=$!; sleep 1; \
         timeout 12 {dial} </dev/null >/dev/null 2>&1; sleep 1; \
         kill $heard 2>/dev/null; kill $server 2>/dev/null; wait; test -s {keys} || rm -f {keys}; true"
    )
}
