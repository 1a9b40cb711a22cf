//! Files that are made from the code are what the code makes.

use std::path::Path;

#[test]
fn generated_files_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (path, contents) in rdpdoctor::generate::files() {
        let found = std::fs::read_to_string(root.join(&path)).unwrap_or_default();
        assert!(found == contents, "{path} is stale: run `cargo xtask gen`");
    }
}
