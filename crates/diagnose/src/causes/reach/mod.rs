//! Causes that show first in the way to the host.

use crate::cause::Cause;

pub mod address_unused;
pub mod filter_prohibits;
pub mod host_filter_prohibits;
pub mod host_silent;
pub mod ipv4_broken;
pub mod ipv6_broken;
pub mod link_local_address;
pub mod local_security_software;
pub mod locally_forbidden;
pub mod long_way;
pub mod no_way_from_here;
pub mod packets_go_round;
pub mod path_down;
pub mod protocol_unknown;
pub mod router_knows_no_way;
pub mod scope_exceeded;
pub mod unsteady_way;
pub mod way_comes_and_goes;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &no_way_from_here::CAUSE,
    &link_local_address::CAUSE,
    &host_silent::CAUSE,
    &address_unused::CAUSE,
    &path_down::CAUSE,
    &router_knows_no_way::CAUSE,
    &packets_go_round::CAUSE,
    &filter_prohibits::CAUSE,
    &host_filter_prohibits::CAUSE,
    &protocol_unknown::CAUSE,
    &scope_exceeded::CAUSE,
    &locally_forbidden::CAUSE,
    &local_security_software::CAUSE,
    &ipv6_broken::CAUSE,
    &ipv4_broken::CAUSE,
    &long_way::CAUSE,
    &unsteady_way::CAUSE,
    &way_comes_and_goes::CAUSE,
];
