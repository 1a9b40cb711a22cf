//! Causes that show first in licensing.

use crate::cause::Cause;

pub mod client_store;
pub mod host_unlicensed;
pub mod no_server;
pub mod none_left;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &no_server::CAUSE,
    &none_left::CAUSE,
    &host_unlicensed::CAUSE,
    &client_store::CAUSE,
];
