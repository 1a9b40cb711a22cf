//! What is mended on the RD Gateway.

use crate::remedy::Remedy;

pub mod admit;
pub mod reach_target;
pub mod renew_certificate;
pub mod repair_transport;

/// The remedies of this side.
pub const REMEDIES: &[&Remedy] = &[
    &admit::REMEDY,
    &reach_target::REMEDY,
    &repair_transport::REMEDY,
    &renew_certificate::REMEDY,
];
