//! Tests of the prober.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod conversation;
mod loopback;
mod plan;
mod play;
mod rpc;
mod survey;
