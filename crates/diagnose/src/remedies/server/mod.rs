//! What is mended on the machine connected to.

use crate::remedy::Remedy;

pub mod accept_logons;
pub mod allow_in_firewall;
pub mod allow_old_tls;
pub mod allow_without_nla;
pub mod certificate_for_name;
pub mod complete_setup;
pub mod configure_licensing;
pub mod enable_remote_desktop;
pub mod enable_tls;
pub mod enable_tls_versions;
pub mod exempt_security_software;
pub mod free_port;
pub mod grant_key_access;
pub mod let_server_read_key;
pub mod log_off_sessions;
pub mod lower_mtu;
pub mod match_security_layer;
pub mod raise_connection_limit;
pub mod rebind_certificate;
pub mod rebuild_identity;
pub mod relax_time_limits;
pub mod relieve;
pub mod renew_certificate;
pub mod repair_broker;
pub mod repair_key_store;
pub mod repair_network;
pub mod repair_session_backend;
pub mod replace_key_pair;
pub mod reset_from_outside;
pub mod restart_host;
pub mod restart_service;
pub mod restore_cipher_suites;
pub mod restore_listener;
pub mod restore_port;
pub mod send_chain;
pub mod several_sessions_per_user;
pub mod start_service;
pub mod stronger_certificate;
pub mod switch_off_udp;
pub mod sync_clock;
pub mod unban;
pub mod update;
pub mod usual_encryption_level;
pub mod wake;

/// The remedies of this side.
pub const REMEDIES: &[&Remedy] = &[
    &wake::REMEDY,
    &restart_host::REMEDY,
    &repair_network::REMEDY,
    &allow_in_firewall::REMEDY,
    &start_service::REMEDY,
    &restart_service::REMEDY,
    &enable_remote_desktop::REMEDY,
    &restore_port::REMEDY,
    &restore_listener::REMEDY,
    &free_port::REMEDY,
    &unban::REMEDY,
    &raise_connection_limit::REMEDY,
    &log_off_sessions::REMEDY,
    &relieve::REMEDY,
    &exempt_security_software::REMEDY,
    &let_server_read_key::REMEDY,
    &replace_key_pair::REMEDY,
    &renew_certificate::REMEDY,
    &repair_key_store::REMEDY,
    &grant_key_access::REMEDY,
    &rebind_certificate::REMEDY,
    &match_security_layer::REMEDY,
    &enable_tls::REMEDY,
    &allow_without_nla::REMEDY,
    &enable_tls_versions::REMEDY,
    &restore_cipher_suites::REMEDY,
    &stronger_certificate::REMEDY,
    &certificate_for_name::REMEDY,
    &send_chain::REMEDY,
    &allow_old_tls::REMEDY,
    &update::REMEDY,
    &complete_setup::REMEDY,
    &sync_clock::REMEDY,
    &repair_session_backend::REMEDY,
    &configure_licensing::REMEDY,
    &repair_broker::REMEDY,
    &several_sessions_per_user::REMEDY,
    &accept_logons::REMEDY,
    &switch_off_udp::REMEDY,
    &lower_mtu::REMEDY,
    &reset_from_outside::REMEDY,
    &usual_encryption_level::REMEDY,
    &rebuild_identity::REMEDY,
    &relax_time_limits::REMEDY,
];
