//! What is known about each topic.

pub mod connection;
pub mod logon;
pub mod security;
pub mod session;
