//! What differs between systems, one module each, with the same functions.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(crate) use linux::{ask_for_icmp, icmp_error, limit_segments, raise_sockets, scope};

#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::{ask_for_icmp, icmp_error, limit_segments, raise_sockets, scope};
