//! The plans for what is most often behind 0x904, as a person and as PowerShell read them.

use diagnose::Case;
use model::UnixSeconds;
use model::plan::System;
use rdpdoctor::fix_command::plan::Planned;
use rdpdoctor::fix_command::text::text;
use rdpdoctor::report::page::Layout;
use rdpdoctor::script::{Kind, script};

use super::case;

/// The cause and the remedy of each.
const CLASSICS: &[(&str, &str, &str)] = &[
    (
        "stale_certificate",
        "secure.certificate-expired",
        "server.renew-certificate",
    ),
    (
        "machine_keys",
        "secure.key-store-permissions",
        "server.repair-key-store",
    ),
    (
        "dangling_thumbprint",
        "secure.key-unusable",
        "server.rebind-certificate",
    ),
    ("udp", "session.udp-broken", "client.switch-off-udp"),
    (
        "firewall_rule_off",
        "tcp.filtered-on-the-host",
        "server.allow-in-firewall",
    ),
    (
        "listener_broken",
        "negotiate.listener-broken",
        "server.restore-listener",
    ),
    (
        "connection_limit",
        "negotiate.connection-limit",
        "server.raise-connection-limit",
    ),
    (
        "saved_connection",
        "secure.certificate-remembered-otherwise",
        "client.forget-saved-connection",
    ),
];

#[test]
fn the_classics_read_well() {
    for (name, cause, remedy) in CLASSICS {
        let evidence = case("srv01.corp.example");
        let case = Case {
            evidence: &evidence,
            server: System::Windows,
            client: System::Windows,
        };
        let cause = diagnose::cause(cause).unwrap();
        let remedy = diagnose::remedy(remedy).unwrap();
        assert!(cause.remedies.contains(&remedy.id), "{name}");
        let plan = diagnose::draft::plan(&case, cause, remedy, "a-plan-1", UnixSeconds(0)).unwrap();
        let written = script(&plan, Kind::Powershell, System::Windows, &evidence).unwrap();
        // The table of steps; below it every script is the same.
        let table = written
            .text
            .split("\n# How it is done")
            .next()
            .unwrap()
            .to_owned();
        let planned = Planned {
            plan,
            cause,
            remedy,
            system: (System::Windows, true),
            others: Vec::new(),
            evidence: evidence.clone(),
            given: cause.id.to_owned(),
        };
        let page = text(&planned, &Layout::default());
        insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
            insta::assert_snapshot!(format!("plan_{name}"), format!("{page}\n{}\n{table}", "-".repeat(80)));
        });
    }
}
