//! What is mended on the machine that connects.

use crate::remedy::Remedy;

pub mod allow_encryption_oracle;
pub mod allow_local_network;
pub mod allow_rdp_security;
pub mod bring_up_vpn;
pub mod check_fingerprint;
pub mod correct_hosts_file;
pub mod exempt_security_software;
pub mod forget_fingerprint;
pub mod forget_license;
pub mod forget_saved_connection;
pub mod forget_saved_password;
pub mod join_network;
pub mod lower_mtu;
pub mod offer_nla;
pub mod offer_tls;
pub mod repair_resolver;
pub mod set_search_suffix;
pub mod share_less;
pub mod switch_off_udp;
pub mod sync_clock;
pub mod trust_certificate;
pub mod update;
pub mod update_credssp;
pub mod use_certificate;
pub mod use_entra_account;
pub mod use_full_name_for_kerberos;
pub mod use_gateway;
pub mod use_older_gateway_transport;
pub mod use_other_credentials;
pub mod use_other_program;
pub mod use_other_settings;
pub mod use_right_name;
pub mod use_right_port;

/// The remedies of this side.
pub const REMEDIES: &[&Remedy] = &[
    &use_right_name::REMEDY,
    &use_right_port::REMEDY,
    &use_gateway::REMEDY,
    &use_other_program::REMEDY,
    &set_search_suffix::REMEDY,
    &correct_hosts_file::REMEDY,
    &repair_resolver::REMEDY,
    &bring_up_vpn::REMEDY,
    &join_network::REMEDY,
    &allow_local_network::REMEDY,
    &exempt_security_software::REMEDY,
    &offer_nla::REMEDY,
    &offer_tls::REMEDY,
    &allow_rdp_security::REMEDY,
    &use_certificate::REMEDY,
    &update::REMEDY,
    &sync_clock::REMEDY,
    &trust_certificate::REMEDY,
    &check_fingerprint::REMEDY,
    &update_credssp::REMEDY,
    &use_other_credentials::REMEDY,
    &use_full_name_for_kerberos::REMEDY,
    &forget_license::REMEDY,
    &forget_fingerprint::REMEDY,
    &use_entra_account::REMEDY,
    &allow_encryption_oracle::REMEDY,
    &switch_off_udp::REMEDY,
    &use_older_gateway_transport::REMEDY,
    &forget_saved_connection::REMEDY,
    &forget_saved_password::REMEDY,
    &lower_mtu::REMEDY,
    &share_less::REMEDY,
    &use_other_settings::REMEDY,
];
