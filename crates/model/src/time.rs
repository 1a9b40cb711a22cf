//! Time as it is handed around: never read here.

use serde::{Deserialize, Serialize};

/// A span of time, or a moment counted from the opening of the case, in microseconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Micros(pub u64);

impl Micros {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A number of milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1000))
    }

    /// A number of seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    /// The same in milliseconds, rounded down.
    pub const fn as_millis(self) -> u64 {
        self.0 / 1000
    }

    /// The sum, at most the largest representable value.
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The time from `earlier` until this moment, zero when `earlier` is later.
    pub const fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }

    /// This many times as long, at most the largest representable value.
    pub const fn times(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

/// A moment of wall-clock time, in seconds since 1970-01-01 00:00 UTC.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct UnixSeconds(pub i64);

impl UnixSeconds {
    /// Whole days from `self` until `later`, rounded towards zero, negative when `later` is earlier.
    pub const fn days_until(self, later: Self) -> i64 {
        later.0.saturating_sub(self.0) / 86_400
    }
}

/// A moment of wall-clock time, in microseconds since 1970-01-01 00:00 UTC.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct UnixMicros(pub i64);

impl UnixMicros {
    /// A moment of the Windows clock: 100-nanosecond steps since 1601-01-01 00:00 UTC.
    pub const fn from_filetime(steps: u64) -> Self {
        const UNIX_EPOCH: i64 = 11_644_473_600_000_000;
        // A tenth of the range of u64 fits into i64.
        Self((steps / 10).cast_signed() - UNIX_EPOCH)
    }

    /// The same in seconds, rounded down.
    pub const fn seconds(self) -> UnixSeconds {
        UnixSeconds(self.0.div_euclid(1_000_000))
    }

    /// The time from `earlier` until this moment, zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> Micros {
        Micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}
