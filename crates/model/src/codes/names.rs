//! The numbers of the name service (IANA: Domain Name System Parameters). They are told with their names where a
//! name server answered, and are no codes that people are shown.

use std::fmt;

use serde::{Deserialize, Serialize};

/// RCODE of an answer ([RFC 1035] section 4.1.1, [RFC 6895] section 2.3).
///
/// [RFC 1035]: https://www.rfc-editor.org/rfc/rfc1035
/// [RFC 6895]: https://www.rfc-editor.org/rfc/rfc6895
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DnsCode(pub u16);

impl DnsCode {
    /// No error; there need not be a record for all that.
    pub const NO_ERROR: Self = Self(0);
    /// The server does not understand the question.
    pub const FORMAT_ERROR: Self = Self(1);
    /// The server failed, or those it asked did.
    pub const SERVER_FAILURE: Self = Self(2);
    /// The name does not exist.
    pub const NO_SUCH_NAME: Self = Self(3);
    /// The server does not answer such questions.
    pub const NOT_IMPLEMENTED: Self = Self(4);
    /// The server does not answer us.
    pub const REFUSED: Self = Self(5);
    /// The server does not speak that version of EDNS.
    pub const BAD_VERSION: Self = Self(16);

    /// Its name, as tools write it.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::NO_ERROR => "NOERROR",
            Self::FORMAT_ERROR => "FORMERR",
            Self::SERVER_FAILURE => "SERVFAIL",
            Self::NO_SUCH_NAME => "NXDOMAIN",
            Self::NOT_IMPLEMENTED => "NOTIMP",
            Self::REFUSED => "REFUSED",
            Self(6) => "YXDOMAIN",
            Self(7) => "YXRRSET",
            Self(8) => "NXRRSET",
            Self(9) => "NOTAUTH",
            Self(10) => "NOTZONE",
            Self::BAD_VERSION => "BADVERS",
            Self(23) => "BADCOOKIE",
            _ => return None,
        })
    }
}

impl fmt::Display for DnsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "code {}", self.0),
        }
    }
}

/// TYPE of a record ([RFC 1035] section 3.2.2).
///
/// [RFC 1035]: https://www.rfc-editor.org/rfc/rfc1035
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordType(pub u16);

impl RecordType {
    /// An IPv4 address.
    pub const A: Self = Self(1);
    /// A name server that is responsible.
    pub const NS: Self = Self(2);
    /// The name that an alias stands for.
    pub const CNAME: Self = Self(5);
    /// The begin of what a name server is responsible for.
    pub const SOA: Self = Self(6);
    /// The name of an address.
    pub const PTR: Self = Self(12);
    /// An IPv6 address.
    pub const AAAA: Self = Self(28);
    /// The hosts of a service.
    pub const SRV: Self = Self(33);
    /// The extension of a message.
    pub const OPT: Self = Self(41);

    /// Its name, as tools write it.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::A => "A",
            Self::NS => "NS",
            Self::CNAME => "CNAME",
            Self::SOA => "SOA",
            Self::PTR => "PTR",
            Self::AAAA => "AAAA",
            Self::SRV => "SRV",
            Self::OPT => "OPT",
            _ => return None,
        })
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "type {}", self.0),
        }
    }
}
