//! What a server says about itself in an NTLM CHALLENGE, without credentials ([MS-NLMP] 2.2.1.2).

use serde::{Deserialize, Serialize};

use crate::text::HostName;
use crate::time::UnixSeconds;

/// The contents of a CHALLENGE_MESSAGE that tell who the server is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NtlmChallenge {
    /// `TargetName`: domain or computer the server authenticates against.
    pub target: Option<String>,
    /// `MsvAvNbComputerName`.
    pub netbios_computer: Option<HostName>,
    /// `MsvAvNbDomainName`.
    pub netbios_domain: Option<HostName>,
    /// `MsvAvDnsComputerName`.
    pub dns_computer: Option<HostName>,
    /// `MsvAvDnsDomainName`.
    pub dns_domain: Option<HostName>,
    /// `MsvAvDnsTreeName`.
    pub dns_forest: Option<HostName>,
    /// `ProductMajorVersion`, `ProductMinorVersion` and `ProductBuild` of `Version`.
    pub version: Option<(u8, u8, u16)>,
    /// `MsvAvTimestamp`: the server's clock.
    pub clock: Option<UnixSeconds>,
    /// `NegotiateFlags`.
    pub flags: u32,
}
