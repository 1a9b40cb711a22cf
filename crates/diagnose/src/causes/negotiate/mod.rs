//! Causes that show first in the security negotiation.

use crate::cause::Cause;

pub mod answer_cut_off;
pub mod answer_damaged;
pub mod answer_in_drips;
pub mod answers_now_and_then;
pub mod arrives_too_slowly;
pub mod certificate_missing;
pub mod chose_what_was_not_offered;
pub mod client_certificate_required;
pub mod client_offers_nothing;
pub mod client_went_quiet;
pub mod closes_instead_of_refusing;
pub mod connection_limit;
pub mod contradicts_itself;
pub mod flags_inconsistent;
pub mod host_overloaded;
pub mod key_fallback;
pub mod key_unreadable;
pub mod listener_broken;
pub mod mail_or_file_server_on_the_port;
pub mod nla_required;
pub mod nothing_behind_the_forwarder;
pub mod other_x224_on_the_port;
pub mod port_taken;
pub mod proxy_cannot_reach;
pub mod proxy_refuses;
pub mod proxy_refuses_logon;
pub mod proxy_unreachable;
pub mod proxy_wants_logon;
pub mod rdp_security_only;
pub mod refused_for_an_unknown_reason;
pub mod request_swallowed;
pub mod reset_on_the_way;
pub mod security_software;
pub mod service_hangs;
pub mod slow_answer;
pub mod source_refused;
pub mod ssh_on_the_port;
pub mod tls_not_allowed;
pub mod tls_refused_though_offered;
pub mod tls_required;
pub mod tls_service_on_the_port;
pub mod two_services;
pub mod unknown_service_on_the_port;
pub mod vnc_on_the_port;
pub mod web_server_on_the_port;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &nla_required::CAUSE,
    &tls_required::CAUSE,
    &tls_refused_though_offered::CAUSE,
    &tls_not_allowed::CAUSE,
    &key_unreadable::CAUSE,
    &certificate_missing::CAUSE,
    &flags_inconsistent::CAUSE,
    &client_certificate_required::CAUSE,
    &refused_for_an_unknown_reason::CAUSE,
    &contradicts_itself::CAUSE,
    &two_services::CAUSE,
    &chose_what_was_not_offered::CAUSE,
    &closes_instead_of_refusing::CAUSE,
    &proxy_unreachable::CAUSE,
    &proxy_wants_logon::CAUSE,
    &proxy_refuses_logon::CAUSE,
    &proxy_refuses::CAUSE,
    &proxy_cannot_reach::CAUSE,
    &nothing_behind_the_forwarder::CAUSE,
    &service_hangs::CAUSE,
    &host_overloaded::CAUSE,
    &request_swallowed::CAUSE,
    &reset_on_the_way::CAUSE,
    &security_software::CAUSE,
    &listener_broken::CAUSE,
    &source_refused::CAUSE,
    &connection_limit::CAUSE,
    &answers_now_and_then::CAUSE,
    &ssh_on_the_port::CAUSE,
    &web_server_on_the_port::CAUSE,
    &tls_service_on_the_port::CAUSE,
    &vnc_on_the_port::CAUSE,
    &mail_or_file_server_on_the_port::CAUSE,
    &other_x224_on_the_port::CAUSE,
    &unknown_service_on_the_port::CAUSE,
    &port_taken::CAUSE,
    &answer_damaged::CAUSE,
    &answer_cut_off::CAUSE,
    &rdp_security_only::CAUSE,
    &key_fallback::CAUSE,
    &slow_answer::CAUSE,
    &answer_in_drips::CAUSE,
    &arrives_too_slowly::CAUSE,
    &client_offers_nothing::CAUSE,
    &client_went_quiet::CAUSE,
];
