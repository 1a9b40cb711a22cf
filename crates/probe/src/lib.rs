//! Sockets, resolver and TLS: looks at a host and records what was seen.

pub mod local;
