//! Files people hand us, read into observations and damage.
//!
//! No reader fails: what could be read is told, and what could not is [`model::Damage`]. No reader opens
//! anything: bytes are handed in.

pub mod archive;
mod bytes;
pub mod capture;
pub mod encoding;
pub mod eventlog;
mod evidence;
pub mod findings;
mod firewall;
pub mod logs;
pub mod pasted;
pub mod rdpfile;
pub mod reader;
pub mod recording;
pub mod registry;
pub mod story;

pub use findings::{File, Findings, Recorded, Seen, Wishes};
pub use reader::{Intake, READERS, Reader};
