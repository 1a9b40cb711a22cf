//! What is mended in the network.

use crate::remedy::Remedy;

pub mod allow_in_cloud;
pub mod exempt_from_inspection;
pub mod let_through_proxy;
pub mod lower_mtu;
pub mod open_port;
pub mod open_udp;
pub mod repair_forwarder;
pub mod restore_route;
pub mod shorten_path;

/// The remedies of this side.
pub const REMEDIES: &[&Remedy] = &[
    &open_port::REMEDY,
    &restore_route::REMEDY,
    &shorten_path::REMEDY,
    &repair_forwarder::REMEDY,
    &let_through_proxy::REMEDY,
    &exempt_from_inspection::REMEDY,
    &lower_mtu::REMEDY,
    &open_udp::REMEDY,
    &allow_in_cloud::REMEDY,
];
