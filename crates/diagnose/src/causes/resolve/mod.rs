//! Causes that show first in names.

use crate::cause::Cause;

pub mod dead_address;
pub mod hosts_file;
pub mod link_local_only;
pub mod malformed_name;
pub mod no_address;
pub mod no_such_name;
pub mod server_failure;
pub mod server_lame;
pub mod server_refuses;
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
    &link_local_only::CAUSE,
    &suffix_missing::CAUSE,
    &no_address::CAUSE,
    &server_failure::CAUSE,
    &server_refuses::CAUSE,
    &server_lame::CAUSE,
    &server_silent::CAUSE,
    &split_horizon::CAUSE,
    &hosts_file::CAUSE,
    &slow::CAUSE,
    &sinkhole::CAUSE,
    &dead_address::CAUSE,
    &stale_record::CAUSE,
];
