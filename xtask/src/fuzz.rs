//! Feeds decoders with bytes that look for trouble. It needs a C++ compiler and as much time as it is given, so it is
//! not part of `ci`; what it once found lies in the corpora, which the ordinary tests replay.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::package::build;
use crate::shell::{cargo, command, root, run};

/// What cargo-fuzz passes to the compiler, so that the fuzzer sees which branches an input takes; any compiler knows
/// these. What looks for misused memory needs a nightly one, and no code of ours is unsafe.
const INSTRUMENTED: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks";

/// Feeds one decoder, or each in turn, for so many seconds. An input that breaks one is left in its corpus.
pub fn fuzz(name: Option<&str>, seconds: u32) -> Result<()> {
    let root = root();
    let known = targets(&root)?;
    if let Some(name) = name {
        ensure!(
            known.iter().any(|known| known == name),
            "no decoder is called {name}; known are {}",
            known.join(", ")
        );
    }
    let host = build::host()?;
    let built = root.join("target/fuzz");
    // With a named platform the flags do not reach build scripts.
    let place = ["--manifest-path", "fuzz/Cargo.toml", "--target", &host];
    run(cargo(["build", "--release", "--locked"])
        .args(place)
        .env("RUSTFLAGS", INSTRUMENTED)
        .env("CARGO_TARGET_DIR", &built))?;
    for name in known
        .iter()
        .filter(|known| name.is_none_or(|name| name == known.as_str()))
    {
        let corpus = corpus(&root, name);
        let found = built.join("corpus").join(name);
        std::fs::create_dir_all(&found)
            .with_context(|| format!("cannot make {}", found.display()))?;
        let program = built.join(&host).join("release").join(name);
        run(command(&program.display().to_string(), [&found, &corpus])
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-artifact_prefix={}/", corpus.display()))
            .args([
                "-rss_limit_mb=1024",
                "-timeout=10",
                "-max_len=65536",
                "-verbosity=0",
                "-print_final_stats=1",
            ]))?;
    }
    Ok(())
}

/// The corpus of a decoder or reader, replayed by the tests of `wire` and `intake`.
fn corpus(root: &Path, name: &str) -> PathBuf {
    let of_reader = Path::new("crates/intake/corpus").join(name);
    if root.join(&of_reader).is_dir() {
        of_reader
    } else {
        Path::new("crates/wire/corpus").join(name)
    }
}

/// The names of the fuzz targets.
pub fn targets(root: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(root.join("fuzz/Cargo.toml"))
        .context("cannot read fuzz/Cargo.toml")?;
    let table: toml::Table = text.parse().context("cannot read fuzz/Cargo.toml")?;
    let programs = table.get("bin").and_then(toml::Value::as_array);
    Ok(programs
        .into_iter()
        .flatten()
        .filter_map(|program| Some(program.get("name")?.as_str()?.to_owned()))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decoder_is_fuzzed() {
        let root = crate::shell::root();
        let source = std::fs::read_to_string(root.join("crates/wire/src/decoders.rs")).unwrap();
        let decoders: Vec<&str> = source
            .lines()
            .filter_map(|line| line.trim().strip_prefix("(\"")?.split_once('"'))
            .map(|(name, _)| name)
            .collect();
        assert!(decoders.len() > 5, "{decoders:?}");
        let known: Vec<String> = targets(&root).unwrap();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        assert_eq!(known.get(..decoders.len()).unwrap(), decoders);
        for name in decoders {
            assert!(
                root.join("crates/wire/corpus").join(name).is_dir(),
                "{name} has no corpus"
            );
        }
    }

    #[test]
    fn every_reader_is_fuzzed() {
        let root = crate::shell::root();
        let source = std::fs::read_to_string(root.join("crates/intake/src/reader.rs")).unwrap();
        let readers: Vec<String> = source
            .lines()
            .filter_map(|line| line.trim().strip_prefix("name: \"")?.split_once('"'))
            .map(|(name, _)| name.replace(' ', "-"))
            .collect();
        assert!(readers.len() > 5, "{readers:?}");
        let known = targets(&root).unwrap();
        for name in readers {
            assert!(known.contains(&name), "{name} is not fuzzed");
            let corpus = root.join("crates/intake/corpus").join(&name);
            assert!(corpus.is_dir(), "{name} has no corpus");
        }
    }
}
