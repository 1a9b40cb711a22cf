//! The name leads nowhere, or to the wrong place.

use super::doctor::{check_with, fails};
use super::network::{Network, SERVER};
use super::servers::{Xrdp, dnsmasq, xrdp};

#[test]
fn no_such_name() {
    let mut network = Network::new();
    dnsmasq(&mut network, &[("desk2.lab.test", SERVER)]);
    check_with(
        &network,
        &["desk3.lab.test"],
        fails("resolve", &["dns-failure"]),
    );
}

#[test]
fn no_name_server() {
    let network = Network::new();
    check_with(
        &network,
        &["desk3.lab.test"],
        fails("resolve", &["dns-failure"]),
    );
}

#[test]
fn a_name_by_dns_is_as_good_as_an_address() {
    let mut network = Network::new();
    dnsmasq(&mut network, &[("desk2.lab.test", SERVER)]);
    let certificate = super::certificates::Certificate {
        name: "desk2.lab.test",
        ..super::certificates::Certificate::HEALTHY
    };
    xrdp(
        &mut network,
        Xrdp {
            certificate,
            ..Xrdp::default()
        },
    );
    check_with(
        &network,
        &["desk2.lab.test"],
        super::doctor::Expect::HEALTHY,
    );
}
