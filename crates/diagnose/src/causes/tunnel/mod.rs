//! Causes that show first in the RD Gateway.

use crate::cause::Cause;

pub mod at_its_limit;
pub mod certificate_unfit;
pub mod policy_denies;
pub mod resource_denied;
pub mod target_unreachable;
pub mod transport_broken;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &policy_denies::CAUSE,
    &resource_denied::CAUSE,
    &at_its_limit::CAUSE,
    &target_unreachable::CAUSE,
    &transport_broken::CAUSE,
    &certificate_unfit::CAUSE,
];
