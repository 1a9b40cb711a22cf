//! Other tools at the same server: whether their own output names the cause. Asked only for the measure.

use std::collections::BTreeMap;

use super::network::{Network, PORT, SERVER, Side};

/// Words, in lower case, by which an output names a family of causes.
const NAMES: &[(&str, &[&str])] = &[
    (
        "rdp-cert-stale",
        &["expired", "not after", "certificate has expired"],
    ),
    (
        "cert-untrusted-or-mismatch",
        &[
            "mismatch",
            "does not match",
            "hostname mismatch",
            "common name",
        ],
    ),
    ("clock-skew", &["not yet valid", "clock skew"]),
    (
        "tls-version-cipher",
        &[
            "protocol version",
            "tlsv1.0",
            "no shared cipher",
            "unsupported protocol",
            "weak",
        ],
    ),
    (
        "wrong-service-on-port",
        &["ssh", "http", "nginx", "openssh"],
    ),
    (
        "port-changed-or-conflict",
        &["ssh", "http", "nginx", "openssh"],
    ),
    (
        "nla-required-client-cannot",
        &["hybrid_required", "nla", "credssp"],
    ),
    (
        "security-layer-mismatch",
        &["native rdp: success", "ssl_not_allowed", "rdp security"],
    ),
    (
        "linux-tls-key-unreadable",
        &["private key", "ssl_cert_not_on_server"],
    ),
    ("termservice-down", &["closed", "refused"]),
    ("rdp-disabled-or-edition", &["closed", "refused"]),
    ("perimeter-firewall", &["filtered", "prohibited"]),
    ("host-firewall", &["filtered", "prohibited"]),
    (
        "dns-failure",
        &["failed to resolve", "name or service not known"],
    ),
    ("host-unhealthy", &["host seems down"]),
];

/// Each tool that is installed, and whether it names one of these families.
pub fn ask(network: &Network, families: &[&str]) -> BTreeMap<&'static str, bool> {
    let port = PORT.to_string();
    let endpoint = format!("{SERVER}:{PORT}");
    let tools: [(&str, Vec<&str>); 3] = [
        (
            "nmap",
            vec![
                "-Pn",
                "-sT",
                "-sV",
                "--script",
                "rdp-enum-encryption,ssl-cert,rdp-ntlm-info",
                "-p",
                &port,
                SERVER,
            ],
        ),
        ("sslyze", vec!["--starttls", "rdp", &endpoint]),
        (
            "xfreerdp",
            vec![
                "/cert:ignore",
                "/auth-only",
                "/u:nobody",
                "/p:",
                "/timeout:8000",
            ],
        ),
    ];
    let target = format!("/v:{endpoint}");
    tools
        .into_iter()
        .filter(|(tool, _)| !families.is_empty() && installed(tool))
        .map(|(tool, mut arguments)| {
            if tool == "xfreerdp" {
                arguments.push(&target);
            }
            let bounded: Vec<&str> = ["60", tool].into_iter().chain(arguments).collect();
            let output = network
                .command(Side::Client, "timeout", bounded)
                .output()
                .unwrap();
            let text =
                String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).to_lowercase();
            let named = NAMES
                .iter()
                .filter(|(family, _)| families.contains(family))
                .any(|(_, words)| words.iter().any(|word| text.contains(word)));
            (tool, named)
        })
        .collect()
}

fn installed(tool: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file()))
}
