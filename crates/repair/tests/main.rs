//! Laws of carrying out a plan and taking it back, on real files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod journals;
mod pulling_the_cord;
mod scratch;
#[cfg(windows)]
mod windows_registry;
