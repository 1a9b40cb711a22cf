//! Causes that show first in the settings exchange.

use crate::cause::Cause;

pub mod client_information_refused;
pub mod closed;
pub mod silent;
pub mod too_many_channels;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &closed::CAUSE,
    &client_information_refused::CAUSE,
    &too_many_channels::CAUSE,
    &silent::CAUSE,
];
