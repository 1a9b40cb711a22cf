//! Licences, banned crates and sources of everything that is built, read from `deny.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, output};

/// What `deny.toml` says, as far as we read it ourselves.
#[derive(Debug, Default)]
struct Policy {
    licenses: BTreeSet<String>,
    /// Banned crates, each with the crates that may use it all the same.
    bans: BTreeMap<String, BTreeSet<String>>,
}

/// A crate that is built into some build of ours.
#[derive(Debug)]
struct Built {
    name: String,
    version: String,
    license: String,
    source: String,
    users: BTreeSet<String>,
}

/// Every crate whose licence is not allowed, that is banned, or that comes from elsewhere than the registry.
pub fn offences(root: &Path) -> Result<Vec<String>> {
    let file = std::fs::read_to_string(root.join("deny.toml")).context("cannot read deny.toml")?;
    let policy = policy(&file)?;
    let built = built(root)?;
    Ok(judge(&policy, &built))
}

fn policy(text: &str) -> Result<Policy> {
    let table: toml::Table = text.parse().context("cannot read deny.toml")?;
    let strings = |value: Option<&toml::Value>| -> BTreeSet<String> {
        value
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let licenses = strings(
        table
            .get("licenses")
            .and_then(|licenses| licenses.get("allow")),
    );
    let banned = table
        .get("bans")
        .and_then(|bans| bans.get("deny"))
        .and_then(toml::Value::as_array);
    let bans = banned
        .into_iter()
        .flatten()
        .filter_map(|ban| {
            Some((
                ban.get("crate")?.as_str()?.to_owned(),
                strings(ban.get("wrappers")),
            ))
        })
        .collect();
    Ok(Policy { licenses, bans })
}

/// All crates of all builds: every feature, every platform. `cargo tree` is asked and not `cargo metadata`,
/// because the latter lists optional crates that no build takes.
fn built(root: &Path) -> Result<Vec<Built>> {
    let mut tree = cargo([
        "tree",
        "--locked",
        "--workspace",
        "--all-features",
        "--target",
        "all",
    ]);
    tree.args([
        "--edges",
        "normal,build,dev",
        "--prefix",
        "depth",
        "--format",
        "|{p}|{l}|",
    ]);
    read_tree(&output(tree.current_dir(root))?)
}

/// Reads lines such as `2|serde v1.0.229|MIT OR Apache-2.0|`: the depth, the crate and its licence.
fn read_tree(text: &str) -> Result<Vec<Built>> {
    let mut built: BTreeMap<(String, String), Built> = BTreeMap::new();
    let mut path: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let parts: Vec<&str> = line.split('|').collect();
        let [depth, package, license, ..] = parts.as_slice() else {
            bail!("cannot read {line:?}")
        };
        let depth: usize = depth
            .parse()
            .with_context(|| format!("cannot read {line:?}"))?;
        let mut words = package.split_whitespace();
        let name = words.next().unwrap_or_default().to_owned();
        let version = words
            .next()
            .unwrap_or_default()
            .trim_start_matches('v')
            .to_owned();
        let source = words
            .find(|word| *word != "(proc-macro)")
            .unwrap_or_default();
        path.truncate(depth);
        let user = path.last().cloned();
        path.push(name.clone());
        let one = built
            .entry((name.clone(), version.clone()))
            .or_insert_with(|| Built {
                name,
                version,
                license: (*license).to_owned(),
                source: source.trim_matches(['(', ')']).to_owned(),
                users: BTreeSet::new(),
            });
        one.users.extend(user);
    }
    Ok(built.into_values().collect())
}

fn judge(policy: &Policy, built: &[Built]) -> Vec<String> {
    let mut offences = Vec::new();
    for Built {
        name,
        version,
        license,
        source,
        users,
    } in built
    {
        if !allows(&policy.licenses, license) {
            offences.push(format!(
                "{name} {version}: the licence {license:?} is not among those deny.toml allows"
            ));
        }
        if let Some(wrappers) = policy.bans.get(name) {
            let others: Vec<&str> = users.difference(wrappers).map(String::as_str).collect();
            if wrappers.is_empty() || !others.is_empty() {
                offences.push(format!(
                    "{name} {version}: banned by deny.toml and used by {}",
                    others.join(", ")
                ));
            }
        }
        // Cargo names no source for the registry, and a folder for a crate of our own.
        if source.contains("://") {
            offences.push(format!(
                "{name} {version}: comes from {source}, not from crates.io"
            ));
        }
    }
    offences
}

/// Some choice the licence expression offers is allowed. Expressions are SPDX, or the older `MIT/Apache-2.0`.
fn allows(allowed: &BTreeSet<String>, expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let answer = any_of(allowed, &mut rest);
    answer && rest.is_empty()
}

fn any_of(allowed: &BTreeSet<String>, rest: &mut &[&str]) -> bool {
    let mut answer = all_of(allowed, rest);
    while let ["OR", more @ ..] = *rest {
        *rest = more;
        answer |= all_of(allowed, rest);
    }
    answer
}

fn all_of(allowed: &BTreeSet<String>, rest: &mut &[&str]) -> bool {
    let mut answer = one(allowed, rest);
    while let ["AND", more @ ..] = *rest {
        *rest = more;
        answer &= one(allowed, rest);
    }
    answer
}

fn one(allowed: &BTreeSet<String>, rest: &mut &[&str]) -> bool {
    match *rest {
        ["(", more @ ..] => {
            *rest = more;
            let answer = any_of(allowed, rest);
            let [")", more @ ..] = *rest else {
                return false;
            };
            *rest = more;
            answer
        }
        [license, "WITH", exception, more @ ..] => {
            *rest = more;
            allowed.contains(&format!("{license} WITH {exception}"))
        }
        [license, more @ ..] => {
            *rest = more;
            allowed.contains(*license)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn licence_expressions_are_read() {
        let check = |expression: &str, expect: bool| {
            let allowed = set(&[
                "MIT",
                "Apache-2.0",
                "Apache-2.0 WITH LLVM-exception",
                "Unicode-3.0",
            ]);
            assert_eq!(allows(&allowed, expression), expect, "{expression}");
        };
        check("MIT", true);
        check("GPL-3.0", false);
        check("", false);
        check("GPL-3.0 OR MIT", true);
        check("GPL-3.0/MIT", true);
        check("GPL-3.0 AND MIT", false);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("(GPL-3.0 OR Apache-2.0) AND GPL-2.0", false);
        check("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true);
        check("MIT)", false);
    }

    #[test]
    fn bans_and_sources_are_told() {
        let policy = policy(
            "[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ crate = \"ring\" }, { crate = \"c-src\", wrappers = [\"c-sys\"] }]\n",
        )
        .unwrap();
        let built = |name: &str, source: &str, users: &[&str]| Built {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: "MIT".to_owned(),
            source: source.to_owned(),
            users: set(users),
        };
        let found = judge(
            &policy,
            &[
                built("ring", "", &["rustls"]),
                built("c-src", "", &["c-sys"]),
                built("c-src", "", &["c-sys", "other"]),
                built("fork", "https://example.com/fork#1234", &["model"]),
                built("model", "/src/crates/model", &[]),
            ],
        );
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found[0].contains("ring")
                && found[1].contains("used by other")
                && found[2].contains("fork"),
            "{found:?}"
        );
    }

    #[test]
    fn the_tree_is_read() {
        let text = "0|ours v0.1.0 (/src/ours)|MIT|\n1|serde v1.0.2|MIT OR Apache-2.0|\n2|syn v2.0.0 (proc-macro)|MIT|\n1|ring v0.17.0|ISC|\n\n0|other v0.1.0 (/src/other)|MIT|\n1|serde v1.0.2|MIT OR Apache-2.0| (*)\n";
        let built = read_tree(text).unwrap();
        let names: Vec<&str> = built.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["other", "ours", "ring", "serde", "syn"]);
        assert_eq!(built[3].users, set(&["other", "ours"]));
        assert_eq!(built[3].license, "MIT OR Apache-2.0");
        assert_eq!(
            (built[4].source.as_str(), built[1].source.as_str()),
            ("", "/src/ours")
        );
    }

    #[test]
    fn nothing_banned_is_built() {
        let root = crate::shell::root();
        assert_eq!(offences(&root).unwrap(), Vec::<String>::new());
        let built = built(&root).unwrap();
        assert!(
            built.len() > 50 && built.iter().any(|one| one.name == "serde"),
            "{} crates",
            built.len()
        );
        assert!(!built.iter().any(|one| one.name == "ring"));
    }
}
