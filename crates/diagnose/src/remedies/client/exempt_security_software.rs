//! The remedy `client.exempt-security-software`.

use crate::prescription::*;

remedy! {
    /// Make an exception for Remote Desktop in this machine's security software.
    ///
    /// # How
    ///
    /// Allow the program and the address of the host in the product, or leave its kill switch off while the VPN
    /// is down. Prove it by switching the one rule off for a minute, not the product.
    ///
    /// # What may go wrong
    ///
    /// An exception that is too wide protects less: name the program and the host.
    pub static REMEDY = {
        id: "client.exempt-security-software",
        side: Side::Client,
        title: "Make an exception for Remote Desktop in this machine's security software",
        risk: Risk::Medium,
        draft: |_| ask(
            Machine::Client,
            "Allow the program and the address of the host in this machine's security software. Switch that one rule off for a minute first, to see whether it is the reason.",
            "Each product has its own place for exceptions; its log names the rule.",
        ),
    };
}
