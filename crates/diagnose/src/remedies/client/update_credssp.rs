//! The remedy `client.update-credssp`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Install the CredSSP update of 2018 on the side that lacks it.
    ///
    /// # How
    ///
    /// Any cumulative update of Windows since May 2018 holds it. On old relays and clients, take a current
    /// version.
    ///
    /// # Sources
    ///
    /// CVE-2018-0886; Microsoft Learn: CredSSP updates.
    pub static REMEDY = {
        id: "client.update-credssp",
        side: Side::Client,
        title: "Install the CredSSP update of 2018 on the side that lacks it",
        risk: Risk::Medium,
    };
}
