//! Causes that show first in the TCP connection.

use crate::cause::Cause;

pub mod banned_after_many;
pub mod connects_to_itself;
pub mod few_at_once;
pub mod filter_lets_some_through;
pub mod filtered_on_the_host;
pub mod filtered_on_the_way;
pub mod first_packet_lost;
pub mod forwarder_refuses;
pub mod listener_missing;
pub mod opens_now_and_then;
pub mod port_changed;
pub mod rejected_by_a_filter;
pub mod rejected_on_the_host;
pub mod remote_desktop_off;
pub mod service_stopped;
pub mod silent_ones_keep_others_out;
pub mod source_banned;
pub mod wrong_port_asked;

/// The causes of this rung.
pub const CAUSES: &[&Cause] = &[
    &filtered_on_the_host::CAUSE,
    &filtered_on_the_way::CAUSE,
    &source_banned::CAUSE,
    &service_stopped::CAUSE,
    &remote_desktop_off::CAUSE,
    &port_changed::CAUSE,
    &wrong_port_asked::CAUSE,
    &listener_missing::CAUSE,
    &rejected_by_a_filter::CAUSE,
    &rejected_on_the_host::CAUSE,
    &forwarder_refuses::CAUSE,
    &opens_now_and_then::CAUSE,
    &filter_lets_some_through::CAUSE,
    &first_packet_lost::CAUSE,
    &connects_to_itself::CAUSE,
    &few_at_once::CAUSE,
    &silent_ones_keep_others_out::CAUSE,
    &banned_after_many::CAUSE,
];
