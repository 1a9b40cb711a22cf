//! Causes that show first in the RD Gateway.

use crate::cause::Cause;

pub mod at_its_limit;
pub mod certificate_unfit;
pub mod forbidden;
pub mod gateway_not_found;
pub mod gateway_unreachable;
pub mod logon_refused;
pub mod not_a_gateway;
pub mod nothing_behind_the_balancer;
pub mod older_way_alone;
pub mod policy_denies;
pub mod proxy_in_between;
pub mod resource_denied;
pub mod service_stopped;
pub mod target_unreachable;
pub mod tls_broken;
pub mod transport_broken;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &gateway_not_found::CAUSE,
    &gateway_unreachable::CAUSE,
    &tls_broken::CAUSE,
    &certificate_unfit::CAUSE,
    &not_a_gateway::CAUSE,
    &service_stopped::CAUSE,
    &nothing_behind_the_balancer::CAUSE,
    &forbidden::CAUSE,
    &older_way_alone::CAUSE,
    &proxy_in_between::CAUSE,
    &logon_refused::CAUSE,
    &policy_denies::CAUSE,
    &resource_denied::CAUSE,
    &at_its_limit::CAUSE,
    &target_unreachable::CAUSE,
    &transport_broken::CAUSE,
];
