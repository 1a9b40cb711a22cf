//! Causes that show first in Network Level Authentication.

use crate::cause::Cause;

pub mod account_disabled;
pub mod account_expired;
pub mod account_locked;
pub mod account_restricted;
pub mod answer_unknown;
pub mod channel_bound_elsewhere;
pub mod client_library_forbids;
pub mod clocks_differ;
pub mod clocks_refused;
pub mod closed_on_logon;
pub mod comes_and_goes;
pub mod controller_silent;
pub mod credssp_old;
pub mod credssp_refused;
pub mod duplicate_sid;
pub mod ends_at_once;
pub mod entra;
pub mod kdc_unreachable;
pub mod kerberos_encryption;
pub mod large_packets_lost;
pub mod logon_hours;
pub mod logon_refused;
pub mod no_controller;
pub mod no_credentials_delegated;
pub mod ntlm_blocked;
pub mod password_expired;
pub mod refused_for_another_reason;
pub mod reset_on_the_way;
pub mod right_missing;
pub mod security_software;
pub mod server_name_unknown;
pub mod server_out_of_resources;
pub mod service_stuck;
pub mod slow;
pub mod smart_card;
pub mod trust_broken;
pub mod workstation_not_allowed;
pub mod wrong_credentials;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &ends_at_once::CAUSE,
    &reset_on_the_way::CAUSE,
    &security_software::CAUSE,
    &controller_silent::CAUSE,
    &service_stuck::CAUSE,
    &large_packets_lost::CAUSE,
    &wrong_credentials::CAUSE,
    &closed_on_logon::CAUSE,
    &password_expired::CAUSE,
    &account_disabled::CAUSE,
    &account_expired::CAUSE,
    &logon_hours::CAUSE,
    &workstation_not_allowed::CAUSE,
    &account_locked::CAUSE,
    &account_restricted::CAUSE,
    &right_missing::CAUSE,
    &no_controller::CAUSE,
    &trust_broken::CAUSE,
    &duplicate_sid::CAUSE,
    &clocks_refused::CAUSE,
    &clocks_differ::CAUSE,
    &ntlm_blocked::CAUSE,
    &credssp_refused::CAUSE,
    &credssp_old::CAUSE,
    &server_name_unknown::CAUSE,
    &kerberos_encryption::CAUSE,
    &channel_bound_elsewhere::CAUSE,
    &no_credentials_delegated::CAUSE,
    &smart_card::CAUSE,
    &server_out_of_resources::CAUSE,
    &refused_for_another_reason::CAUSE,
    &answer_unknown::CAUSE,
    &slow::CAUSE,
    &comes_and_goes::CAUSE,
    &logon_refused::CAUSE,
    &entra::CAUSE,
    &client_library_forbids::CAUSE,
    &kdc_unreachable::CAUSE,
];
