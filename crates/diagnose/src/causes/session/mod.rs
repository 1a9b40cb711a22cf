//! Causes that show first in the session.

use crate::cause::Cause;

pub mod answer_denied;
pub mod broker_fails;
pub mod cut;
pub mod declined;
pub mod does_not_start;
pub mod ended_by_somebody;
pub mod graphics_driver;
pub mod graphics_unreadable;
pub mod host_goes_down;
pub mod logons_disabled;
pub mod lossy_path;
pub mod monitors_refused;
pub mod programs_only;
pub mod replaced;
pub mod server_out_of_memory;
pub mod since_an_update;
pub mod time_limit;
pub mod udp_broken;
pub mod udp_unanswered;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &does_not_start::CAUSE,
    &graphics_driver::CAUSE,
    &logons_disabled::CAUSE,
    &cut::CAUSE,
    &lossy_path::CAUSE,
    &broker_fails::CAUSE,
    &udp_broken::CAUSE,
    &udp_unanswered::CAUSE,
    &graphics_unreadable::CAUSE,
    &programs_only::CAUSE,
    &monitors_refused::CAUSE,
    &since_an_update::CAUSE,
    &ended_by_somebody::CAUSE,
    &replaced::CAUSE,
    &time_limit::CAUSE,
    &host_goes_down::CAUSE,
    &declined::CAUSE,
    &server_out_of_memory::CAUSE,
    &answer_denied::CAUSE,
];
