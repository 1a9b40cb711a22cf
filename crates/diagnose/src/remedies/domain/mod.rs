//! What is mended in the domain.

use crate::remedy::Remedy;

pub mod allow_logon_protocol;
pub mod delegate_credentials;
pub mod grant_logon;
pub mod reach_controllers;
pub mod register_name;
pub mod relax_account_limits;
pub mod repair_trust;
pub mod reset_password;
pub mod sync_clocks;
pub mod unlock_account;

/// The remedies of this side.
pub const REMEDIES: &[&Remedy] = &[
    &reset_password::REMEDY,
    &unlock_account::REMEDY,
    &grant_logon::REMEDY,
    &relax_account_limits::REMEDY,
    &reach_controllers::REMEDY,
    &repair_trust::REMEDY,
    &register_name::REMEDY,
    &sync_clocks::REMEDY,
    &allow_logon_protocol::REMEDY,
    &delegate_credentials::REMEDY,
];
