//! Tests of the codecs and machines.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod climb;
mod codecs;
mod decoders;
mod kerberos;
mod play;
mod set_up;
mod settings;
mod side;
mod watch;
