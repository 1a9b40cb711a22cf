//! Causes that show first in TLS and the certificate.

use crate::cause::Cause;

pub mod certificate_broken;
pub mod certificate_chain_incomplete;
pub mod certificate_changed;
pub mod certificate_expired;
pub mod certificate_expires_soon;
pub mod certificate_for_another_name;
pub mod certificate_key_unusual;
pub mod certificate_key_usage;
pub mod certificate_key_weak;
pub mod certificate_not_for_servers;
pub mod certificate_not_the_one_set_up;
pub mod certificate_not_yet_valid;
pub mod certificate_question;
pub mod certificate_remembered_otherwise;
pub mod certificate_revoked;
pub mod certificate_signature_weak;
pub mod certificate_unreadable;
pub mod certificate_untrusted;
pub mod client_certificate_wanted;
pub mod client_leaves_at_certificate;
pub mod client_refuses_certificate;
pub mod comes_and_goes;
pub mod cut_in_the_handshake;
pub mod handshake_damaged;
pub mod hardened_by_policy;
pub mod intercepted;
pub mod key_does_not_fit;
pub mod key_store_permissions;
pub mod key_unusable;
pub mod large_hello_dropped;
pub mod large_hello_refused;
pub mod large_packets_lost;
pub mod name_not_served;
pub mod newest_tls_only;
pub mod newest_version_not_borne;
pub mod no_common_cipher;
pub mod no_common_version;
pub mod old_cipher;
pub mod old_tls_only;
pub mod parameters_unacceptable;
pub mod refused_with_another_alert;
pub mod relay_loses_tls;
pub mod reset_on_the_way;
pub mod revocation_unknown;
pub mod security_software;
pub mod server_fails_inside;
pub mod server_gives_up_in_the_handshake;
pub mod server_stalls;
pub mod several_certificates;
pub mod slow_handshake;
pub mod swallowed_on_the_way;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &key_unusable::CAUSE,
    &key_store_permissions::CAUSE,
    &certificate_broken::CAUSE,
    &reset_on_the_way::CAUSE,
    &security_software::CAUSE,
    &no_common_version::CAUSE,
    &newest_version_not_borne::CAUSE,
    &no_common_cipher::CAUSE,
    &hardened_by_policy::CAUSE,
    &server_fails_inside::CAUSE,
    &key_does_not_fit::CAUSE,
    &relay_loses_tls::CAUSE,
    &client_certificate_wanted::CAUSE,
    &client_refuses_certificate::CAUSE,
    &name_not_served::CAUSE,
    &handshake_damaged::CAUSE,
    &parameters_unacceptable::CAUSE,
    &refused_with_another_alert::CAUSE,
    &large_packets_lost::CAUSE,
    &large_hello_dropped::CAUSE,
    &large_hello_refused::CAUSE,
    &server_stalls::CAUSE,
    &swallowed_on_the_way::CAUSE,
    &cut_in_the_handshake::CAUSE,
    &server_gives_up_in_the_handshake::CAUSE,
    &comes_and_goes::CAUSE,
    &certificate_question::CAUSE,
    &client_leaves_at_certificate::CAUSE,
    &certificate_expired::CAUSE,
    &certificate_expires_soon::CAUSE,
    &certificate_not_yet_valid::CAUSE,
    &certificate_for_another_name::CAUSE,
    &certificate_key_weak::CAUSE,
    &certificate_signature_weak::CAUSE,
    &certificate_not_for_servers::CAUSE,
    &certificate_not_the_one_set_up::CAUSE,
    &certificate_key_usage::CAUSE,
    &certificate_key_unusual::CAUSE,
    &certificate_untrusted::CAUSE,
    &certificate_revoked::CAUSE,
    &revocation_unknown::CAUSE,
    &certificate_chain_incomplete::CAUSE,
    &certificate_unreadable::CAUSE,
    &certificate_changed::CAUSE,
    &several_certificates::CAUSE,
    &intercepted::CAUSE,
    &old_tls_only::CAUSE,
    &old_cipher::CAUSE,
    &newest_tls_only::CAUSE,
    &slow_handshake::CAUSE,
    &certificate_remembered_otherwise::CAUSE,
];
