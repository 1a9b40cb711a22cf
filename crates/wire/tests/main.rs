//! Tests of the codecs and machines.

mod codecs;
mod decoders;
