//! What is mended in the name service.

use crate::remedy::Remedy;

pub mod add_record;
pub mod correct_record;
pub mod remove_dead_address;
pub mod repair_server;

/// The remedies of this side.
pub const REMEDIES: &[&Remedy] = &[
    &add_record::REMEDY,
    &correct_record::REMEDY,
    &remove_dead_address::REMEDY,
    &repair_server::REMEDY,
];
