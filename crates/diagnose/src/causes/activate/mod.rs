//! Causes that show first in activation.

use crate::cause::Cause;

pub mod capabilities_refused;
pub mod closed;
pub mod stalls;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[&closed::CAUSE, &stalls::CAUSE, &capabilities_refused::CAUSE];
