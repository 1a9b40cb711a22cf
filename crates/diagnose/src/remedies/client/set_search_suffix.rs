//! The remedy `client.set-search-suffix`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Give this machine the search suffix of the domain.
    ///
    /// # How
    ///
    /// Windows: Set-DnsClientGlobalSetting -SuffixSearchList, after writing down the present list with
    /// Get-DnsClientGlobalSetting. A VPN or DHCP server can hand it out for everybody.
    pub static REMEDY = {
        id: "client.set-search-suffix",
        side: Side::Client,
        title: "Give this machine the search suffix of the domain",
        risk: Risk::Low,
    };
}
