//! Laws of carrying out a plan and taking it back, on real files.

mod journals;
mod pulling_the_cord;
mod scratch;
