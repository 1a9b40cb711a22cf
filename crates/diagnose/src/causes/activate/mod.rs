//! Causes that show first in activation.

use crate::cause::Cause;

pub mod capabilities_refused;
pub mod stalls;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[&stalls::CAUSE, &capabilities_refused::CAUSE];
