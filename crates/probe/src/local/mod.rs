//! A look at this machine as a server: what it is set up with, and whether that can work. Reads only.

#[cfg(target_os = "linux")]
pub mod linux;
