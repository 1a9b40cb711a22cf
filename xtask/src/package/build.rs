//! The program as it is released, for this machine or another, without a path of the build machine in it.
//!
//! Where the compiler has no standard library for a target, the library is built from its source with Debian's second
//! toolchain, as `cargo xtask windows` does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{cargo, command, output, root, run};
use crate::{setup, shell, windows};

/// The target of this machine.
pub fn host() -> Result<String> {
    output(&mut command("rustc", ["-vV"]))?
        .lines()
        .find_map(|line| line.strip_prefix("host: ").map(str::to_owned))
        .context("rustc does not say what it runs on")
}

/// Builds the program and tells where it is.
pub fn build(epoch: &str, target: &str) -> Result<PathBuf> {
    let root = root();
    let musl = target.ends_with("-musl");
    let own = own_library(target)?;
    if !own || musl {
        let missing = setup::package(target, !own)?;
        ensure!(
            missing.is_empty(),
            "to build for {target}, this machine lacks {}",
            missing.join(", ")
        );
    }
    let folder = shell::target().join("release-build");
    let mut flags = vec![format!("--remap-path-prefix={}=/rdpdoctor", root.display())];
    if let Some(home) = cargo_home() {
        flags.push(format!("--remap-path-prefix={home}=/cargo"));
    }
    // Nothing is cleaned up after a panic, so nobody needs to know how; on Windows the system wants it all the same.
    if !target.contains("windows") {
        flags.push("-Cforce-unwind-tables=no".to_owned());
    }
    let mut words = vec!["build", "--release", "--locked", "--package", "rdpdoctor"];
    words.extend(["--target", target]);
    let mut build = if own {
        cargo(words)
    } else {
        words.push("-Zbuild-std=std,panic_abort");
        let mut build = command(windows::CARGO, words);
        build
            .env("RUSTC", windows::RUSTC)
            // For nightly compilers otherwise; this one has the source of exactly its own library.
            .env("RUSTC_BOOTSTRAP", "1");
        build
    };
    let variable = target.replace('-', "_");
    let linker = format!("CARGO_TARGET_{}_LINKER", variable.to_uppercase());
    if musl {
        // The C parts too are built against musl; Debian calls the compiler so.
        build
            .env(format!("CC_{variable}"), "musl-gcc")
            .env(linker, "musl-gcc");
        if !own {
            // The unwinder that comes with the C compiler, under the name that the standard library asks for.
            let unwinder = folder.join("unwinder");
            fs::create_dir_all(&unwinder)
                .with_context(|| format!("cannot make {}", unwinder.display()))?;
            let found = output(&mut command("gcc", ["-print-file-name=libgcc_eh.a"]))?;
            fs::copy(found.trim(), unwinder.join("libunwind.a"))
                .with_context(|| format!("cannot copy {}", found.trim()))?;
            // It asks glibc where code lies, which musl cannot tell: nothing is found. A release does not unwind.
            let source = "int _dl_find_object(void *at, void *found) { return -1; }\n";
            fs::write(unwinder.join("find.c"), source).context("cannot write a source file")?;
            let compile = "gcc -c -O2 -o find.o find.c && ar r libunwind.a find.o";
            run(command("sh", ["-c", compile]).current_dir(&unwinder))?;
            flags.push(format!("-Lnative={}", unwinder.display()));
            flags.push("-Clink-self-contained=no".to_owned());
            // The script by which Debian's musl-gcc links knows no static program that is also placed at random.
            flags.push("-Crelocation-model=static".to_owned());
            // It also names the loader of musl whatever is linked; a static program with a loader does not start.
            flags.push("-Clink-arg=-Wl,--no-dynamic-linker".to_owned());
        }
        flags.push("-Ctarget-feature=+crt-static".to_owned());
    } else if target.ends_with("-windows-gnu") {
        build.env(linker, windows::LINKER);
        flags.push("-Clink-arg=-Wl,--no-insert-timestamp".to_owned());
    }
    build
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .env("CARGO_TARGET_DIR", &folder)
        .env("CARGO_INCREMENTAL", "0")
        .env("SOURCE_DATE_EPOCH", epoch)
        .env("GNUMAKEFLAGS", openssl_looks_in(target));
    run(&mut build).with_context(|| format!("cannot build the program for {target}"))?;
    let name = if target.contains("windows") {
        "rdpdoctor.exe"
    } else {
        "rdpdoctor"
    };
    let program = folder.join(target).join("release").join(name);
    ensure!(program.exists(), "the build made no {}", program.display());
    names_no_place(&program)?;
    starts(&program, target)?;
    Ok(program)
}

/// OpenSSL would look for its settings and modules in the folder in which it was built, and write that folder into the
/// program. It is sent where nothing is and nobody but an administrator can put anything.
fn openssl_looks_in(target: &str) -> &'static str {
    if target.contains("windows") {
        "OPENSSLDIR=C:/Windows/rdpdoctor-has-none ENGINESDIR=C:/Windows/rdpdoctor-has-none/engines \
         MODULESDIR=C:/Windows/rdpdoctor-has-none/modules"
    } else {
        "ENGINESDIR=/nonexistent/engines MODULESDIR=/nonexistent/modules"
    }
}

/// Starts what was built for this kind of machine: a program may link and still not run.
fn starts(program: &Path, target: &str) -> Result<()> {
    let here = host()?;
    let kind = |triple: &str| {
        let kind = triple.rsplit_once('-').map(|(kind, _)| kind.to_owned());
        kind.unwrap_or_default()
    };
    if kind(target) != kind(&here) {
        return Ok(());
    }
    let said = output(Command::new(program).arg("--version"))
        .with_context(|| format!("the program for {target} does not start"))?;
    ensure!(
        said.starts_with("rdpdoctor "),
        "the program for {target} says {said:?} of its version"
    );
    Ok(())
}

/// The compiler that runs us has the standard library of a target.
fn own_library(target: &str) -> Result<bool> {
    let library = output(&mut command(
        "rustc",
        ["--print", "target-libdir", "--target", target],
    ))
    .with_context(|| format!("rustc knows no target {target}"))?;
    Ok(Path::new(library.trim()).is_dir())
}

fn cargo_home() -> Option<String> {
    std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))
        .ok()
        .filter(|home| !home.is_empty())
}

/// A program that names a folder of the build machine tells of its builder, and no two machines build the same.
fn names_no_place(program: &Path) -> Result<()> {
    let bytes = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let places = [Some(root().display().to_string()), cargo_home()];
    for place in places.iter().flatten() {
        let found = bytes
            .windows(place.len())
            .position(|piece| piece == place.as_bytes());
        if let Some(at) = found {
            let around = bytes.get(at.saturating_sub(20)..).unwrap_or_default();
            let around = around.get(..160).unwrap_or(around);
            bail!(
                "{} names {place}: {:?}",
                program.display(),
                String::from_utf8_lossy(around)
            );
        }
    }
    Ok(())
}
