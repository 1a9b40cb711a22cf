//! Causes that show first in the session.

use crate::cause::Cause;

pub mod cut;
pub mod does_not_start;
pub mod lossy_path;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[&does_not_start::CAUSE, &cut::CAUSE, &lossy_path::CAUSE];
