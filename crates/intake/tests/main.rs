//! What the readers make of labelled files. The labels live beside the project, and these tests say so
//! when they are not there.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test reads files and says how many labels agree"
)]

mod captures;
mod eventlogs;
mod joined;
mod keys;
mod logfiles;
mod made;
mod rdpfiles;
mod readers;
mod registries;
mod shared;
mod writer;
