//! Tests of the prober.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod loopback;
