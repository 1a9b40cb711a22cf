//! Causes that show first in names.

use crate::cause::Cause;

pub mod dead_address;
pub mod malformed_name;
pub mod no_address;
pub mod no_such_name;
pub mod server_failure;
pub mod server_silent;
pub mod sinkhole;
pub mod slow;
pub mod split_horizon;
pub mod stale_record;
pub mod suffix_missing;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &malformed_name::CAUSE,
    &no_such_name::CAUSE,
    &suffix_missing::CAUSE,
    &no_address::CAUSE,
    &server_failure::CAUSE,
    &server_silent::CAUSE,
    &split_horizon::CAUSE,
    &slow::CAUSE,
    &sinkhole::CAUSE,
    &dead_address::CAUSE,
    &stale_record::CAUSE,
];
