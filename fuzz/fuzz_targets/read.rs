//! Feeds the reader that has the name of this program with arbitrary bytes, and with the same bytes what tells
//! one kind of file from another and opens archives.

#![no_main]

use std::io::Cursor;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let name = env!("CARGO_BIN_NAME");
    let reader = intake::READERS.iter().find(|reader| reader.slug() == name);
    let reader = reader.expect("a reader of this name is in intake::READERS");
    let mut findings = intake::Findings::default();
    (reader.read)("fuzz", &mut Cursor::new(bytes), &mut findings);
    let mut intake = intake::Intake::default();
    intake.take("fuzz", &mut Cursor::new(bytes));
    let _ = intake.finish();
});
