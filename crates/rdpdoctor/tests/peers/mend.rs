//! A real xrdp with a real fault on a machine of its own: the check names it, the mend helps, the check is healthy,
//! and the undo puts everything back, byte for byte.

use std::fs;

use serde_json::Value;

use super::certificates::{self, Certificate};
use super::doctor::{Expect, check, degraded, fails};
use super::machine::{Machine, Picture, difference};
use super::network::{Network, PORT, SERVER, Side};

/// Who tells whether a mend helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    /// The machine itself.
    Here,
    /// The client, whose look keeps the plan.
    Client,
}

/// A machine with a fault, from the fault on.
struct Broken {
    network: Network,
    machine: Machine,
    before: Picture,
    rules: String,
    links: String,
    /// The rules are those of ufw, which lays its own way of saying them in nftables.
    ufw: bool,
}

impl Broken {
    fn rules(&self) -> String {
        if self.ufw {
            return self.machine.run("ufw", ["status", "numbered"]);
        }
        self.network
            .run(Side::Server, "nft", ["--stateless", "list", "ruleset"])
    }

    fn links(network: &Network) -> String {
        network.run(Side::Server, "ip", ["-o", "link", "show", "s0"])
    }

    fn new(network: Network, machine: Machine) -> Self {
        // An attribute of the administrator's must survive too.
        let ini = machine.path("etc/xrdp/xrdp.ini");
        let _ = xattr::set(&ini, "user.note", b"mine");
        let mut broken = Self {
            before: machine.picture(),
            rules: String::new(),
            links: Self::links(&network),
            network,
            machine,
            ufw: false,
        };
        broken.rules = broken.rules();
        broken
    }

    fn same_as_before(&self) {
        let different = difference(&self.before, &self.machine.picture());
        assert!(different.is_empty(), "{}", different.join("\n"));
        // Handles and counters are no part of a rule.
        assert_eq!(self.rules(), self.rules);
        assert_eq!(Self::links(&self.network), self.links);
    }

    fn mend(self, fault: Expect, cured: Expect, proof: Proof) {
        self.mend_as(None, fault, cured, proof);
    }

    /// Names the fault, mends it from the report, and takes the mend back.
    fn mend_as(self, cause: Option<&str>, fault: Expect, cured: Expect, proof: Proof) {
        let report = check(&self.network, fault);
        let file = self.network.write("report.json", report.to_string());
        let file = file.to_str().unwrap();
        let mut arguments = vec![file, "--apply", "--yes"];
        if let Some(cause) = cause {
            // An administrator at the machine names the cause that he found.
            arguments.splice(..1, [cause, "--for", SERVER]);
            if proof == Proof::Client {
                arguments.push("--hold");
            }
        }
        let receipt = self.machine.receipt(&arguments);
        let id = receipt["id"].as_str().unwrap().to_owned();
        if proof == Proof::Client {
            assert_eq!(receipt["state"], "held", "{receipt:#}");
        } else {
            assert_eq!(receipt["state"], "kept", "{receipt:#}");
        }
        check(&self.network, cured);
        if proof == Proof::Client {
            let kept = self.machine.receipt(["--keep", &id]);
            assert_eq!(kept["state"], "kept", "{kept:#}");
        }
        let undone = self.machine.receipt(["--undo", &id]);
        assert_eq!(undone["state"], "taken-back", "{undone:#}");
        self.same_as_before();
    }
}

/// A machine whose xrdp is healthy but for what `spoil` does to it before it starts.
fn broken(spoil: impl FnOnce(&Network, &Machine)) -> Broken {
    let mut network = Network::new();
    let machine = Machine::boot(&mut network);
    machine.setting("security_layer", "tls");
    machine.let_xrdp_read_its_key();
    spoil(&network, &machine);
    machine.start(&mut network, PORT);
    Broken::new(network, machine)
}

/// Puts a certificate and its key into the machine's own folder, readable by xrdp.
fn own_certificate(network: &Network, machine: &Machine, certificate: Certificate) {
    let files = certificates::issue(network, certificate);
    for (from, to) in [(&files.certificate, "cert.pem"), (&files.key, "key.pem")] {
        let to = machine.path(&format!("etc/xrdp/{to}"));
        fs::remove_file(&to).unwrap();
        fs::copy(from, &to).unwrap();
    }
    machine.run("chown", ["root:xrdp", "/etc/xrdp/key.pem"]);
    machine.run("chmod", ["640", "/etc/xrdp/key.pem"]);
}

#[test]
fn a_key_that_xrdp_cannot_read() {
    let mut network = Network::new();
    let machine = Machine::boot(&mut network);
    machine.setting("security_layer", "tls");
    machine.start(&mut network, PORT);
    Broken::new(network, machine).mend(
        fails("negotiate", &["linux-tls-key-unreadable"]),
        Expect::HEALTHY,
        Proof::Here,
    );
}

#[test]
fn an_expired_certificate() {
    // The client remembers the old one, and notes that it changed.
    let renewed = Expect {
        families: &["cert-untrusted-or-mismatch"],
        ..Expect::HEALTHY
    };
    broken(|network, machine| own_certificate(network, machine, Certificate::EXPIRED)).mend(
        degraded(&["rdp-cert-stale"]),
        renewed,
        Proof::Here,
    );
}

#[test]
fn versions_of_tls_that_are_too_few() {
    broken(|_, machine| {
        machine.setting("ssl_protocols", "TLSv1");
        machine.setting("tls_ciphers", "ALL:@SECLEVEL=0");
    })
    .mend(
        degraded(&["tls-version-cipher"]),
        Expect::HEALTHY,
        Proof::Here,
    );
}

#[test]
fn security_that_no_client_wants() {
    broken(|_, machine| machine.setting("security_layer", "rdp")).mend_as(
        Some("negotiate.rdp-security-only"),
        degraded(&["security-layer-mismatch", "linux-tls-key-unreadable"]),
        Expect::HEALTHY,
        Proof::Here,
    );
}

#[test]
fn another_port() {
    let mut network = Network::new();
    let machine = Machine::boot(&mut network);
    machine.let_xrdp_read_its_key();
    machine.setting("port", "3390");
    machine.start(&mut network, 3390);
    Broken::new(network, machine).mend_as(
        Some("tcp.port-changed"),
        fails("tcp", &["termservice-down", "port-changed-or-conflict"]),
        Expect::HEALTHY,
        Proof::Here,
    );
}

#[test]
fn a_service_that_is_stopped() {
    let mut network = Network::new();
    let machine = Machine::boot(&mut network);
    machine.let_xrdp_read_its_key();
    Broken::new(network, machine).mend(
        fails("tcp", &["termservice-down"]),
        Expect::HEALTHY,
        Proof::Here,
    );
}

#[test]
fn a_firewall_that_drops() {
    let broken = broken(|network, _| network.input("iif lo accept; tcp dport 3389 drop"));
    broken.mend(
        fails("tcp", &["perimeter-firewall", "host-firewall"]),
        Expect::HEALTHY,
        Proof::Client,
    );
}

#[test]
fn a_firewall_of_iptables_that_drops() {
    let broken = broken(|_, machine| {
        for program in ["iptables", "ip6tables"] {
            let words = ["-A", "INPUT", "-p", "tcp", "--dport", "3389", "-j", "DROP"];
            machine.run(program, words);
        }
    });
    broken.mend(
        fails("tcp", &["perimeter-firewall", "host-firewall"]),
        Expect::HEALTHY,
        // The rule makes no exception for the machine itself.
        Proof::Here,
    );
}

#[test]
fn a_firewall_of_ufw_that_drops() {
    let mut broken = broken(|_, machine| {
        // Nothing is let in unless a rule says so, and one says no to others.
        let others = "deny from 192.0.2.0/24 to any port 3389 proto tcp";
        machine.run("ufw", others.split(' '));
        machine.run("ufw", ["--force", "enable"]);
    });
    broken.ufw = true;
    broken.rules = broken.rules();
    // From outside, a host that lets nobody in is as silent as one that is off.
    broken.mend_as(
        Some("tcp.filtered-on-the-host"),
        fails("reach", &["host-unhealthy"]),
        Expect::HEALTHY,
        Proof::Client,
    );
}

#[test]
fn a_rule_of_ufw_against_the_port_is_left_to_its_owner() {
    let mut broken = broken(|_, machine| {
        machine.run("ufw", ["deny", "3389/tcp"]);
        machine.run("ufw", ["--force", "enable"]);
    });
    broken.ufw = true;
    broken.rules = broken.rules();
    let cause = "tcp.filtered-on-the-host";
    let words = [cause, "--for", SERVER, "--apply", "--yes", "--hold"];
    let receipt = broken.machine.receipt(words);
    assert_eq!(receipt["state"], "taken-back", "{receipt:#}");
    assert!(
        receipt["says"]
            .to_string()
            .contains("ufw delete deny 3389/tcp"),
        "{receipt:#}"
    );
    broken.same_as_before();
}

#[test]
fn packets_too_large_for_the_way() {
    let broken = broken(|network, _| {
        network.run(Side::Router, "ip", ["link", "set", "r0", "mtu", "1300"]);
        network.output(
            Side::Router,
            "icmp type destination-unreachable icmp code frag-needed drop; icmpv6 type packet-too-big drop",
        );
    });
    broken.mend(
        fails("secure", &["mtu-blackhole"]),
        Expect::HEALTHY,
        Proof::Client,
    );
}

#[test]
fn over_ssh_from_the_client() {
    let mut network = Network::new();
    let machine = Machine::boot(&mut network);
    machine.let_xrdp_read_its_key();
    machine.start(&mut network, PORT);
    machine.let_in_over_ssh(&mut network);
    network.input("iif lo accept; tcp dport 3389 drop");
    let broken = Broken::new(network, machine);
    let fix = |more: &[&str]| {
        let program = env!("CARGO_BIN_EXE_rdpdoctor");
        let to = format!("root@{SERVER}");
        let remote = format!("--remote-program={program}");
        let words = [
            "fix",
            "tcp.filtered-on-the-host",
            "--for",
            SERVER,
            "--ssh",
            &to,
            &remote,
        ];
        let words = words.iter().chain(more);
        let out = broken
            .network
            .command(Side::Client, program, words)
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (out.status.code(), text(&out.stdout), text(&out.stderr))
    };
    let (code, out, err) = fix(&[]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("Nothing was changed"), "{out}{err}");
    broken.same_as_before();
    let (code, out, err) = fix(&["--apply", "--yes"]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("Mended: a look from here"), "{out}{err}");
    check(&broken.network, Expect::HEALTHY);
    broken.machine.receipt(["--undo", "last"]);
    broken.same_as_before();
}

#[test]
fn a_report_comes_on_standard_input() {
    let mut network = Network::new();
    let machine = Machine::boot(&mut network);
    machine.setting("security_layer", "tls");
    machine.start(&mut network, PORT);
    let broken = Broken::new(network, machine);
    let fault = fails("negotiate", &["linux-tls-key-unreadable"]);
    let report = check(&broken.network, fault);
    let file = broken.network.write("report.json", report.to_string());
    let out = broken
        .machine
        .command(env!("CARGO_BIN_EXE_rdpdoctor"), ["fix", "-", "--dry-run"])
        .stdin(fs::File::open(file).unwrap())
        .output()
        .unwrap();
    let says = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(0), "{says}");
    assert!(
        says.contains("(for negotiate.key-unreadable)") && says.contains("Nothing was changed"),
        "{says}"
    );
    broken.same_as_before();
}

/// The names of the states, for readers of the receipts.
#[test]
fn the_list_tells_what_was_done() {
    let mut network = Network::new();
    let machine = Machine::boot(&mut network);
    let none = machine.fix(["--list"]);
    assert!(none.status.success());
    assert!(String::from_utf8_lossy(&none.stdout).starts_with("Nothing was carried out"));
    machine.setting("security_layer", "tls");
    machine.start(&mut network, PORT);
    let receipt = machine.receipt(["--apply", "--yes"]);
    let list: Value =
        serde_json::from_slice(&machine.fix(["--list", "--format", "json"]).stdout).unwrap();
    assert_eq!(list[0]["id"], receipt["id"]);
    assert_eq!(list[0]["state"], "kept");
    let text = String::from_utf8(machine.fix(["--list"]).stdout).unwrap();
    assert!(text.contains("in force"), "{text}");
    assert!(!text.contains("PRIVATE KEY"));
}
