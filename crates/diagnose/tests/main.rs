//! The catalogue and the weighing, held to their laws and tried on evidence made by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod build;
mod cases;
mod drafts;
mod laws;
