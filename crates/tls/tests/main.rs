//! Sessions in memory: a client and a server that hand each other bytes.
#![cfg(feature = "openssl")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod certificates;
mod sessions;
mod trust;
