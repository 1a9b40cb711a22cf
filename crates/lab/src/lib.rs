//! A server and a link that misbehave on purpose, and the scenarios that use them.
//!
//! A [`scenario`] says what a client meets, from its name's resolution to CredSSP, and what the doctor has
//! to find.

pub mod answers;
pub mod certificate;
pub mod chance;
pub mod scenario;
pub mod server;
pub mod toxics;
