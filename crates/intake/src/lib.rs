//! Files people hand us, read into observations and damage.
//!
//! No reader fails: what could be read is told, and what could not is [`model::Damage`]. No reader opens
//! anything: bytes are handed in.

pub mod encoding;
pub mod rdpfile;
