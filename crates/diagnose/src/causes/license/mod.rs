//! Causes that show first in licensing.

use crate::cause::Cause;

pub mod client_store;
pub mod no_server;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[&no_server::CAUSE, &client_store::CAUSE];
