//! Asks the linker for a smaller program, where it knows how and this machine can run what comes out.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What makes a program smaller.
const SMALLER: [&str; 3] = [
    // The addresses that a program is told at its start take a twentieth of the file, and of the memory of a short
    // run; written as a bitmap they take next to nothing. C libraries know that form since glibc 2.36.
    "-Wl,-z,pack-relative-relocs",
    // Functions that came out the same are there once.
    "-Wl,--icf=all",
    // The index of how to clean up after a panic is of no use to a program that ends at one.
    "-Wl,--no-eh-frame-hdr",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let told = |name: &str| env::var(name).unwrap_or_default();
    let here = told("HOST") == told("TARGET") && told("CARGO_CFG_TARGET_OS") == "linux";
    if !here || told("PROFILE") != "release" {
        return;
    }
    for argument in SMALLER {
        if runs(argument).is_some() {
            println!("cargo::rustc-link-arg-bins={argument}");
        }
    }
}

/// Links a program that does nothing with this argument, as cargo would, and runs it.
fn runs(argument: &str) -> Option<()> {
    let folder = env::var_os("OUT_DIR")?;
    let folder = Path::new(&folder);
    let (source, program) = (folder.join("nothing.rs"), folder.join("nothing"));
    fs::write(&source, "fn main() {}\n").ok()?;
    let mut compile = Command::new(env::var_os("RUSTC")?);
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut words = std::ffi::OsString::from("linker=");
        words.push(linker);
        compile.arg("-C").arg(words);
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    compile
        .args(flags.split('\u{1f}').filter(|flag| !flag.is_empty()))
        .args(["--edition", "2024", "-C"])
        .arg(format!("link-arg={argument}"))
        .arg("-o")
        .args([&program, &source]);
    let linked = compile.output().ok()?.status.success();
    let ran = linked && Command::new(&program).status().ok()?.success();
    ran.then_some(())
}
