//! Text and bytes with a meaning of their own, so that redaction can rename them consistently.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A DNS or NetBIOS name of a host or domain, as it was given or seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HostName(pub String);

impl HostName {
    /// The name in lower case without a final dot: two names that differ in neither are the same name.
    pub fn folded(&self) -> String {
        self.0.trim_end_matches('.').to_lowercase()
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for HostName {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

/// Bytes from a peer, kept as they came; written as hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// The most bytes of one refusal or strange answer that are kept.
    pub const KEPT: usize = 256;

    /// Keeps the first [`Self::KEPT`] of `bytes`.
    pub fn first_of(bytes: &[u8]) -> Self {
        Self(bytes.iter().copied().take(Self::KEPT).collect())
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({self})")
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        let value = |digit: u8| {
            char::from(digit)
                .to_digit(16)
                .and_then(|v| u8::try_from(v).ok())
        };
        let bytes: Option<Vec<u8>> = digits
            .as_bytes()
            .chunks(2)
            .map(|pair| match pair {
                [high, low] => Some((value(*high)? << 4) | value(*low)?),
                _ => None,
            })
            .collect();
        bytes
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("not an even number of hexadecimal digits"))
    }
}
