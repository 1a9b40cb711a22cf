//! No bytes make a decoder panic.

use std::path::Path;

use proptest::prelude::*;
use wire::DECODERS;

/// Every file of every corpus goes through its decoder, and every decoder has a corpus.
#[test]
fn corpora_replay() {
    for (name, decode) in DECODERS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(name);
        let mut files = 0;
        for entry in std::fs::read_dir(&folder).expect(name) {
            #[expect(clippy::disallowed_methods, reason = "a test reads its corpus")]
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            decode(&bytes);
            for end in 0..bytes.len() {
                decode(&bytes[..end]);
            }
            for at in 0..bytes.len() {
                let mut bent = bytes.clone();
                bent[at] ^= 0xFF;
                decode(&bent);
            }
            files += 1;
        }
        assert!(files > 0, "{name} has an empty corpus");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_calm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for (_, decode) in DECODERS {
            decode(&bytes);
        }
    }
}
