//! Tests of the codecs and machines.

mod climb;
mod codecs;
mod decoders;
mod play;
mod set_up;
mod settings;
mod watch;
