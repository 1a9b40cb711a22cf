//! RDP and its neighbours as bytes: codecs and sans-IO machines.

#![warn(missing_docs)]

pub mod machine;
