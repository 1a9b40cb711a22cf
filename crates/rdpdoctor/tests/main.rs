//! Tests of the command line and of the report, from the outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod check;
mod generated;
mod rehearsal;
mod report;
mod usage;
