//! What happens once TLS is up.

use super::certificates::Certificate;
use super::doctor::{check, fails};
use super::network::Network;
use super::servers::shadow;

#[test]
fn reset_at_the_first_encrypted_message() {
    let mut network = Network::new();
    shadow(&mut network, "nla", Certificate::HEALTHY);
    network.forward("tcp dport 3389 @ih,0,8 0x17 reject with tcp reset");
    check(
        &network,
        fails("authenticate", &["middlebox-reset", "security-software"]),
    );
}
