//! What differs between systems, one module each, with the same functions.

use model::Micros;

/// What the system knows of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// The usual round trip, smoothed.
    pub(crate) round_trip: Micros,
    /// How far round trips lay from it.
    pub(crate) variation: Micros,
    /// The shortest round trip.
    pub(crate) shortest: Option<Micros>,
    /// The largest packet the path is known to take.
    pub(crate) mtu: u32,
    /// The most bytes of data in a packet to the host.
    pub(crate) segment: u32,
    /// Segments that this machine sent again.
    pub(crate) sent_again: u32,
    /// Segments that the host has not confirmed.
    pub(crate) unconfirmed: u32,
    /// Segments with data, both ways.
    pub(crate) segments: Option<u32>,
    /// Packets that came while an earlier one was missing.
    pub(crate) after_a_gap: Option<u32>,
}

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(crate) use linux::{
    ask_for_icmp, icmp_error, icmp_told, limit_segments, measured, never_cut, raise_sockets, scope,
};

#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::{
    ask_for_icmp, icmp_error, icmp_told, limit_segments, measured, never_cut, raise_sockets, scope,
};
