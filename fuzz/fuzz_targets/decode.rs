//! Feeds the decoder that has the name of this program with arbitrary bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let name = env!("CARGO_BIN_NAME");
    let decoder = wire::DECODERS.iter().find(|(known, _)| *known == name);
    let (_, decode) = decoder.expect("a decoder of this name is in wire::DECODERS");
    decode(bytes);
});
