//! What a change must pass, cheapest first; the tests come last so that their summary is the last thing said.

use std::process::Command;

use anyhow::{Result, bail};

use crate::shell::{cargo, command, root, run, succeeds};
use crate::{book, edges, generate, lists, runner, supply, tidy as text, tree, windows};

/// Runs everything.
pub fn ci() -> Result<()> {
    for (component, probe) in [
        ("rustfmt", ["fmt", "--version"]),
        ("clippy", ["clippy", "--version"]),
    ] {
        if !succeeds(&mut cargo(probe)) {
            run(&mut command("rustup", ["component", "add", component]))?;
        }
    }
    run(&mut cargo(["fmt", "--all", "--check"]))?;
    tidy()?;
    deny()?;
    run(&mut cargo([
        "clippy",
        "--locked",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    run(documents().env("RUSTDOCFLAGS", "-D warnings"))?;
    generate::generate(true)?;
    book::build()?;
    windows::windows()?;
    runner::test(&[])
}

/// The laws that need no compiler.
pub fn tidy() -> Result<()> {
    let root = root();
    let files = tree::files(&root)?;
    let mut offences = text::offences(&root, &files)?;
    offences.extend(lists::offences(&root, &files)?);
    offences.extend(edges::offences(&edges::packages(&root)?));
    report("tidy", &offences)
}

/// Licences and banned crates: by cargo-deny where it is installed, and by our own reading of the same file.
pub fn deny() -> Result<()> {
    report("deny", &supply::offences(&root())?)?;
    if succeeds(&mut cargo(["deny", "--version"])) {
        run(&mut cargo([
            "deny",
            "--workspace",
            "--all-features",
            "check",
            "bans",
            "licenses",
            "sources",
        ]))?;
    }
    Ok(())
}

fn documents() -> Command {
    cargo([
        "doc",
        "--locked",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ])
}

fn report(chore: &str, offences: &[String]) -> Result<()> {
    if offences.is_empty() {
        println!("{chore}: nothing to say");
        return Ok(());
    }
    for offence in offences {
        println!("{offence}");
    }
    bail!("{chore}: {} to mend", offences.len())
}
