//! Carries out a plan: journal, apply, verify, roll back.
//!
//! The journal entry of a step is on disk before the world is touched, so that a plan can be taken back
//! after death at any point. Nothing outside the plan is touched; owner, mode, extended attributes,
//! comments, order and line ends of a file survive.

#![warn(missing_docs)]

mod carry;
mod error;
pub mod ini;
mod journal;
pub mod machine;

pub use carry::{Armed, Carried, Hands, Left, Looked, carry_out, finish, keep, undo, undo_under};
pub use error::Error;
pub use journal::{Lock, Receipt, Shelf, Standing};
#[cfg(windows)]
pub use machine::windows::{common_folder, is_administrator};
pub use machine::{Machine, Services, Way};
