//! The book as pages for a web server, made by mdBook from the same files that the program carries.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, command, root, run, succeeds};

/// The release the book is built with; a theme may look different with another.
const VERSION: &str = "0.5.4";

/// Builds the book into `target/book`.
pub fn build() -> Result<()> {
    let mdbook = mdbook()?;
    let docs = root().join("docs");
    let docs = docs.to_str().context("the path of the tree is not text")?;
    run(&mut command(&mdbook, ["build", docs]))?;
    let start = root().join("target/book/start.html");
    if !start.exists() {
        bail!("mdbook built no {}", start.display());
    }
    println!("book: {}", start.display());
    Ok(())
}

/// mdBook: the one on the path, or one built once below `target`.
fn mdbook() -> Result<String> {
    if succeeds(&mut command("mdbook", ["--version"])) {
        return Ok("mdbook".to_owned());
    }
    let tools: PathBuf = root().join("target/tools");
    let built = tools.join("bin/mdbook");
    let built = built.to_str().context("the path of the tree is not text")?;
    if !succeeds(&mut command(built, ["--version"])) {
        println!("mdbook is missing; installing it once below target (some minutes)");
        let mut install = cargo([
            "install",
            "--locked",
            // Unoptimised it is built in a third of the time, and still makes the book in seconds.
            "--debug",
            "mdbook",
            "--version",
            VERSION,
            "--no-default-features",
            "--features",
            "search",
            "--root",
        ]);
        run(install.arg(&tools).env("CARGO_PROFILE_DEV_DEBUG", "0"))?;
    }
    Ok(built.to_owned())
}
