//! Does nothing. It exists because Cargo takes build-dependencies only from packages with a build script,
//! and the build-dependency on `openssl-src` switches on the ciphers that old Windows hosts still use.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
