//! The catalogue and the weighing, held to their laws and tried on evidence made by hand.

mod build;
mod cases;
mod laws;
