//! Tests of the whole program, from the outside.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod analyze;
mod archives;
mod assistant;
mod book;
mod check;
mod collect;
mod expectations;
mod explain;
mod facts;
mod fix;
mod gateways;
mod generated;
mod leads;
mod matrix;
mod passwords;
mod powershell;
mod proxies;
mod readme;
mod recordings;
mod rehearsal;
mod report;
mod rpc;
mod scan;
mod scripts;
mod usage;
mod watch;
mod words;

// Clippy takes the helpers of a test for test code only inside `cfg(test)`.
#[cfg(test)]
mod peers;

#[cfg(all(test, target_os = "linux"))]
mod guided;
