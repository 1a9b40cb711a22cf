//! Causes that show first in the settings exchange.

use crate::cause::Cause;

pub mod closed;
pub mod silent;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[&closed::CAUSE, &silent::CAUSE];
