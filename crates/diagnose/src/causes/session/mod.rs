//! Causes that show first in the session.

use crate::cause::Cause;

pub mod answer_denied;
pub mod broker_fails;
pub mod cut;
pub mod does_not_start;
pub mod ended_by_somebody;
pub mod graphics_unreadable;
pub mod lossy_path;
pub mod server_out_of_memory;
pub mod since_an_update;
pub mod udp_broken;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &does_not_start::CAUSE,
    &cut::CAUSE,
    &lossy_path::CAUSE,
    &broker_fails::CAUSE,
    &udp_broken::CAUSE,
    &graphics_unreadable::CAUSE,
    &since_an_update::CAUSE,
    &ended_by_somebody::CAUSE,
    &server_out_of_memory::CAUSE,
    &answer_denied::CAUSE,
];
