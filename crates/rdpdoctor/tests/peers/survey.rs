//! What `--full` finds of real servers is what they were set up with.

use serde_json::{Value, json};

use super::certificates::Certificate;
use super::doctor::{Expect, check_with, degraded_by_one_of};
use super::network::{Network, SERVER};
use super::servers::{Xrdp, shadow, xrdp};

/// The numbers of the suites of a version, in order, and whether that is all.
fn suites<'r>(report: &'r Value, version: &str) -> (Vec<u64>, &'r Value) {
    let versions = report["survey"]["tls"].as_array().unwrap();
    let own = versions
        .iter()
        .find(|own| own["version"] == version)
        .unwrap_or_else(|| panic!("{version} was not asked for: {versions:?}"));
    let suites = own["suites"].as_array().unwrap();
    let numbers = suites.iter().map(|suite| suite["number"].as_u64().unwrap());
    (numbers.collect(), &own["complete"])
}

fn offer<'r>(report: &'r Value, offered: &str) -> &'r Value {
    let offers = report["survey"]["offers"].as_array().unwrap();
    offers
        .iter()
        .find(|own| own["offered"] == offered)
        .unwrap_or_else(|| panic!("{offered} was not offered: {offers:?}"))
}

#[test]
fn the_versions_and_suites_of_an_xrdp() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            versions: "TLSv1.2",
            ciphers: "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:AES256-SHA",
            ..Xrdp::default()
        },
    );
    let report = check_with(&network, &["--full", SERVER], Expect::HEALTHY);
    let (mut found, complete) = suites(&report, "TLS 1.2");
    found.sort_unstable();
    assert_eq!(
        (found, complete),
        (vec![0x0035, 0xC02F, 0xC030], &json!(true))
    );
    for version in ["TLS 1.3", "TLS 1.1", "TLS 1.0", "SSL 3.0"] {
        assert_eq!(
            suites(&report, version),
            (vec![], &json!(true)),
            "{version}"
        );
    }
    let survey = &report["survey"];
    assert_eq!(survey["supported"], json!(["TLS", "RDP security"]));
    assert_eq!(survey["required"], Value::Null);
    assert_eq!(offer(&report, "TLS")["selected"], 1);
    // Other tools take any answer for a yes.
    assert_eq!(offer(&report, "NLA")["selected"], 0);
    assert!(report["connections"].as_u64().unwrap() <= 80);
    let extras = survey["extras"].as_array().unwrap();
    assert!(extras.len() == 2 && extras.iter().all(|extra| extra["alike"] == true));
}

#[test]
fn how_an_xrdp_encrypts_without_tls() {
    for (level, method, number) in [("high", 2, 3), ("low", 1, 1), ("fips", 16, 4)] {
        let mut network = Network::new();
        xrdp(
            &mut network,
            Xrdp {
                security: "rdp",
                level,
                ..Xrdp::default()
            },
        );
        let families = &["security-layer-mismatch", "linux-tls-key-unreadable"];
        let report = check_with(&network, &["--full", SERVER], degraded_by_one_of(families));
        let survey = &report["survey"];
        assert_eq!(survey["required"], "RDP security");
        let security = &survey["rdp_security"];
        assert_eq!(
            (
                &security["method"],
                &security["level"],
                &security["certificate"]
            ),
            (&json!(method), &json!(number), &json!("proprietary")),
            "{level}"
        );
        assert_eq!(security["random_bytes"], 32);
    }
}

#[test]
fn a_server_that_insists_on_nla() {
    let mut network = Network::new();
    shadow(&mut network, "nla", Certificate::HEALTHY);
    let report = check_with(&network, &["--full", SERVER], Expect::HEALTHY);
    let survey = &report["survey"];
    assert_eq!(survey["supported"], json!(["NLA"]));
    assert_eq!(survey["required"], "NLA");
    assert_eq!(offer(&report, "TLS")["refused"], 5);
    assert_eq!(offer(&report, "TLS + NLA")["selected"], 2);
    assert!(!suites(&report, "TLS 1.2").0.is_empty());
    assert!(!suites(&report, "TLS 1.3").0.is_empty());
}
