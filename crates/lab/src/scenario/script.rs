//! What a server does, stage by stage.

use std::collections::BTreeMap;

use model::Service;
use model::codes::{Protocols, TlsVersion};
use serde::{Deserialize, Deserializer};

use super::protocols::protocols;
use crate::answers::{Answer, Security};
use crate::certificate::Recipe;

/// A server. The default is a current Windows host that requires NLA.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Script {
    /// How it answers connection requests.
    pub security: Security,
    /// Answers that differ from those of `security`, by what was asked.
    pub answers: BTreeMap<Asked, Answer>,
    /// `flags` of its RDP_NEG_RSP; those of `security` when absent.
    pub flags: Option<u8>,
    /// Another service answers instead of RDP.
    pub service: Option<Service>,
    /// Time it takes to answer any message, in milliseconds.
    pub think_ms: u64,
    /// Its certificate.
    pub certificate: Recipe,
    /// Its TLS.
    pub tls: TlsSettings,
    /// Its CredSSP.
    pub credssp: CredSsp,
    /// What its NTLM challenge says.
    pub ntlm: Ntlm,
    /// How it sets a session up.
    pub session: Session,
    /// What it does wrong.
    pub fault: Vec<Fault>,
}

/// What a client asked for in its connection request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// A request without negotiation.
    Absent,
    /// Exactly this set.
    Set(Protocols),
    /// Anything.
    Any,
}

impl<'de> Deserialize<'de> for Asked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "absent" => Ok(Self::Absent),
            "any" => Ok(Self::Any),
            set => {
                let words: Vec<&str> = set.split('+').collect();
                protocols(&words)
                    .map(Self::Set)
                    .map_err(serde::de::Error::custom)
            }
        }
    }
}

/// TLS as the server speaks it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsSettings {
    /// The lowest version it speaks.
    pub lowest: Version,
    /// The highest version it speaks.
    pub highest: Version,
    /// The cipher suites up to TLS 1.2, in the words of OpenSSL; its defaults when absent.
    pub ciphers: Option<String>,
    /// The key exchange groups, in the words of OpenSSL; its defaults when absent.
    pub groups: Option<String>,
}

impl Default for TlsSettings {
    fn default() -> Self {
        Self {
            lowest: Version(TlsVersion::TLS1_2),
            highest: Version(TlsVersion::TLS1_3),
            ciphers: None,
            groups: None,
        }
    }
}

/// A TLS version, spelt `1.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub TlsVersion);

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "1.0" => Ok(Self(TlsVersion::TLS1_0)),
            "1.1" => Ok(Self(TlsVersion::TLS1_1)),
            "1.2" => Ok(Self(TlsVersion::TLS1_2)),
            "1.3" => Ok(Self(TlsVersion::TLS1_3)),
            _ => Err(serde::de::Error::custom(format!(
                "`{text}` is no TLS version; there are 1.0, 1.1, 1.2, 1.3"
            ))),
        }
    }
}

/// CredSSP as the server speaks it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CredSsp {
    /// The version it answers with.
    pub version: u32,
    /// Answers the NTLM NEGOTIATE with this `errorCode` instead of a challenge.
    pub error: Option<u32>,
    /// Answers the NTLM AUTHENTICATE with this `errorCode`; nobody is ever let in.
    pub logon_error: u32,
}

impl Default for CredSsp {
    fn default() -> Self {
        Self {
            version: 6,
            error: None,
            logon_error: 0xC000_006D,
        }
    }
}

/// What the NTLM challenge says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ntlm {
    /// The NetBIOS name of the computer; the first label of the client's name for it when absent.
    pub computer: Option<String>,
    /// The NetBIOS name of the domain; the computer's own when absent (a workgroup).
    pub domain: Option<String>,
    /// The DNS name of the computer.
    pub dns_computer: Option<String>,
    /// The DNS name of the domain.
    pub dns_domain: Option<String>,
    /// Major and minor version and build of the operating system; none when empty.
    pub version: Vec<u16>,
    /// How far its clock is ahead (positive) or behind (negative), in seconds; absent for a challenge
    /// without a clock.
    pub clock_off_s: Option<i64>,
}

impl Default for Ntlm {
    fn default() -> Self {
        Self {
            computer: None,
            domain: None,
            dns_computer: None,
            dns_domain: None,
            version: vec![10, 0, 20_348],
            clock_off_s: Some(0),
        }
    }
}

/// How the server sets a session up; the default is that all goes well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Session {
    /// The result of MCS to the settings; 0 accepts them.
    pub settings_result: u8,
    /// `encryptionMethod` and `encryptionLevel` of RDP's own encryption; behind it the lab understands nothing.
    pub encryption_method: u32,
    /// See `encryption_method`.
    pub encryption_level: u32,
    /// The result of MCS to each channel; 0 joins it.
    pub channel_result: u8,
    /// Ends licensing with this error.
    pub license_error: Option<u32>,
    /// Sends Set Error Info with this code after licensing, and closes.
    pub error_info: Option<u32>,
    /// Takes leave of MCS after licensing with this reason.
    pub disconnects: Option<u8>,
    /// Sends the client on to this host after licensing.
    pub redirects_to: Option<String>,
    /// Tells after the set-up that the logon inside the session failed: kind and data of the notification.
    pub logon_error: Option<[u32; 2]>,
}

/// Something the server does wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// When.
    pub at: Stage,
    /// What.
    pub does: Act,
    /// After this time, in milliseconds. For `drip`, the time between two pieces (1 when absent).
    pub after_ms: Option<u64>,
    /// For `truncate` the bytes that still go out, for `drip` those in a piece (1 when absent), for
    /// `garbage` how many random ones are sent (64 when absent).
    pub bytes: Option<u32>,
    /// For `garbage`: what is sent instead of random bytes.
    pub payload: Option<Payload>,
    /// For `alert`: its number.
    pub alert: Option<u8>,
    /// For `truncate`, `garbage` and `alert`: what comes after it.
    pub then: Option<Then>,
    /// The connections to which it happens.
    #[serde(default)]
    pub when: When,
}

/// Moments in the life of a connection, in order, as the server sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The connection opened.
    Accept,
    /// The connection request was read; the answer is due.
    Request,
    /// The connection confirm was sent.
    Confirm,
    /// The ClientHello was read; the server's flight is due.
    ClientHello,
    /// The server's first flight was sent.
    ServerFlight,
    /// The TLS handshake completed.
    Tls,
    /// The NTLM NEGOTIATE was read; the challenge is due.
    Credssp,
    /// The challenge was sent.
    Challenge,
    /// The NTLM AUTHENTICATE was read; the answer is due.
    Authenticate,
    /// The MCS Connect Initial was read; the answer is due.
    Mcs,
    /// The user was to be attached; the answer is due.
    Attach,
    /// The client information was read; the answer about licences is due.
    ClientInfo,
    /// Licensing is over; the capabilities are due.
    License,
    /// The client's capabilities were read; the end of the set-up is due.
    Activate,
    /// The set-up is over; a picture is due.
    Picture,
}

impl Stage {
    /// At this moment the server owes an answer, which a fault can hold back or damage.
    pub const fn answers(self) -> bool {
        matches!(
            self,
            Self::Request
                | Self::ClientHello
                | Self::Credssp
                | Self::Authenticate
                | Self::Mcs
                | Self::Attach
                | Self::ClientInfo
                | Self::License
                | Self::Activate
                | Self::Picture
        )
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// It closes in good order.
    Close,
    /// It resets.
    Reset,
    /// It says nothing more and keeps the connection.
    Silence,
    /// It closes its own direction and keeps reading.
    HalfClose,
    /// Its answer is late.
    Delay,
    /// Its answer comes in small pieces.
    Drip,
    /// It sends something senseless instead of its answer.
    Garbage,
    /// It sends only the beginning of its answer.
    Truncate,
    /// It sends a TLS alert in clear instead of its answer.
    Alert,
}

/// What follows damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// It closes in good order.
    Close,
    /// It resets.
    Reset,
    /// It says nothing more.
    Silence,
    /// It closes its own direction.
    HalfClose,
}

/// Bytes, as text or as hexadecimal digits after `hex:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload(pub Vec<u8>);

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let Some(digits) = text.strip_prefix("hex:") else {
            return Ok(Self(text.into_bytes()));
        };
        let digits: Vec<u32> = digits
            .chars()
            .filter(|digit| !digit.is_whitespace())
            .map(|digit| digit.to_digit(16))
            .collect::<Option<_>>()
            .ok_or_else(|| serde::de::Error::custom("not hexadecimal digits"))?;
        digits
            .chunks(2)
            .map(|pair| match pair {
                [high, low] => u8::try_from(high * 16 + low).ok(),
                _ => None,
            })
            .collect::<Option<_>>()
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("an odd number of hexadecimal digits"))
    }
}

/// The connections to which a fault happens: all, unless something is said. Connections are counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// Every n-th one, the first of them being `from`, or the n-th.
    pub every: Option<u32>,
    /// From this one on.
    pub from: Option<u32>,
    /// Up to this one.
    pub to: Option<u32>,
    /// This many of a hundred, drawn at random.
    pub percent: Option<u8>,
    /// Those opened while more than this many, with itself, are open.
    pub open_over: Option<u32>,
    /// Those with a ClientHello of more bytes than this, record header included.
    pub hello_over: Option<u32>,
    /// Those whose ClientHello offers a version above this one.
    pub offers_over: Option<Version>,
    /// Those whose ClientHello offers nothing above this version.
    pub offers_up_to: Option<Version>,
}

/// What a ClientHello looked like, as far as faults depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hello {
    /// Its size in bytes, record header included.
    pub size: usize,
    /// The highest version it offers.
    pub highest: TlsVersion,
}

impl When {
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.every == Some(0) {
            return Err("`every` counts from 1".to_owned());
        }
        if self.percent.is_some_and(|percent| percent > 100) {
            return Err("`percent` is at most 100".to_owned());
        }
        Ok(())
    }

    /// It applies to connection `number`, opened while `open` with itself were open, when chance drew
    /// `draw`. What depends on the ClientHello is judged later.
    pub fn applies(&self, number: u32, open: u32, draw: u64) -> bool {
        let counted = number.saturating_sub(self.from.unwrap_or_default());
        self.every
            .is_none_or(|every| counted.checked_rem(every) == Some(0))
            && self.from.is_none_or(|from| number >= from)
            && self.to.is_none_or(|to| number <= to)
            && self
                .percent
                .is_none_or(|percent| draw % 100 < u64::from(percent))
            && self.open_over.is_none_or(|over| open > over)
    }

    /// It applies to a connection with this ClientHello; to none while there is no hello and it matters.
    pub fn applies_to(&self, hello: Option<Hello>) -> bool {
        let Self {
            hello_over,
            offers_over,
            offers_up_to,
            ..
        } = *self;
        let Some(hello) = hello else {
            return !self.needs_hello();
        };
        hello_over.is_none_or(|over| u32::try_from(hello.size).is_ok_and(|size| size > over))
            && offers_over.is_none_or(|over| hello.highest > over.0)
            && offers_up_to.is_none_or(|limit| hello.highest <= limit.0)
    }

    pub(crate) fn needs_hello(&self) -> bool {
        self.hello_over.is_some() || self.offers_over.is_some() || self.offers_up_to.is_some()
    }
}

impl Script {
    /// What makes no sense in it.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.tls.lowest > self.tls.highest {
            return Err("the lowest TLS version is above the highest".to_owned());
        }
        if ![0, 3].contains(&self.ntlm.version.len()) {
            return Err("`version` has three numbers: major, minor, build".to_owned());
        }
        for fault in &self.fault {
            fault.when.check()?;
            let needs_answer =
                matches!(fault.does, Act::Delay | Act::Drip | Act::Truncate) && !fault.at.answers();
            if needs_answer {
                return Err(format!(
                    "no answer is due at {:?} that a fault could damage",
                    fault.at
                ));
            }
            if (fault.does == Act::Alert) != fault.alert.is_some() {
                return Err("`alert` goes with `does = \"alert\"` and needs a number".to_owned());
            }
            if fault.does == Act::Truncate && fault.bytes.is_none() {
                return Err("`truncate` needs `bytes`".to_owned());
            }
            if fault.payload.is_some() && fault.does != Act::Garbage {
                return Err("`payload` goes with `does = \"garbage\"`".to_owned());
            }
            if fault.when.needs_hello() && fault.at < Stage::ClientHello {
                return Err("the ClientHello is not known yet at that stage".to_owned());
            }
            if fault.does == Act::Alert && fault.at > Stage::ServerFlight {
                return Err("an alert in clear has no place after the handshake".to_owned());
            }
        }
        Ok(())
    }
}
