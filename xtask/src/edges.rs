//! Which crate may see which, and what the pure ones may be built from.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell::{cargo, output};

/// Every crate of the workspace and the crates of the workspace it may depend on.
const EDGES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("wire", &["model"]),
    ("tls", &["model"]),
    ("diagnose", &["model"]),
    ("repair", &["model"]),
    ("intake", &["model", "wire"]),
    ("session", &[]),
    ("probe", &["model", "session", "tls", "wire"]),
    ("lab", &["model", "tls", "wire"]),
    ("mcp", &[]),
    (
        "rdpdoctor",
        &[
            "diagnose", "intake", "lab", "mcp", "model", "probe", "repair", "wire",
        ],
    ),
    ("xtask", &[]),
];

/// Crates from outside that only some of ours may use, and which.
const KEPT: &[(&str, &[&str])] = &[
    ("anyhow", &["rdpdoctor", "xtask"]),
    ("clap", &["rdpdoctor", "xtask"]),
    ("dns-lookup", &["probe"]),
    ("ironrdp-connector", &["session"]),
    ("mio", &["probe"]),
    ("ratatui", &["rdpdoctor"]),
    ("nix", &["probe", "rdpdoctor", "repair"]),
    ("openssl", &["lab", "tls"]),
    ("rmcp", &["mcp"]),
    ("rustls", &["tls"]),
    ("socket2", &["lab", "probe"]),
    ("tokio", &["lab", "mcp", "probe", "rdpdoctor"]),
    ("windows-registry", &["probe", "repair"]),
    ("windows-service", &["probe", "repair"]),
    ("winsafe", &["rdpdoctor"]),
    ("xattr", &["probe", "repair"]),
];

/// A crate of ours and what it is built from, tests apart.
#[derive(Debug)]
pub struct Package {
    name: String,
    dependencies: Vec<String>,
}

/// The crates of the workspace, by cargo's own account.
pub fn packages(root: &Path) -> Result<Vec<Package>> {
    let mut metadata = cargo(["metadata", "--format-version", "1", "--no-deps", "--locked"]);
    let metadata: Value = serde_json::from_str(&output(metadata.current_dir(root))?)
        .context("cannot read what cargo says about the workspace")?;
    let text = |value: &Value, key: &str| {
        value
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let list = |value: &Value, key: &str| {
        value
            .get(key)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    Ok(list(&metadata, "packages")
        .iter()
        .map(|package| Package {
            name: text(package, "name"),
            dependencies: list(package, "dependencies")
                .iter()
                .filter(|dependency| text(dependency, "kind") != "dev")
                .map(|dependency| text(dependency, "name"))
                .collect(),
        })
        .collect())
}

/// Every edge that is not allowed.
pub fn offences(packages: &[Package]) -> Vec<String> {
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let kept: BTreeMap<&str, &[&str]> = KEPT.iter().copied().collect();
    let mut offences = Vec::new();
    for Package { name, dependencies } in packages {
        let Some(sees) = allowed.get(name.as_str()) else {
            offences.push(format!(
                "{name}: a crate without a place in xtask/src/edges.rs"
            ));
            continue;
        };
        for dependency in dependencies.iter().map(String::as_str) {
            let ours = allowed.contains_key(dependency);
            if ours && !sees.contains(&dependency) {
                offences.push(format!("{name}: may not depend on {dependency}"));
            }
            if !ours && name == "model" && dependency != "serde" {
                offences.push(format!(
                    "model: is built from serde alone, not from {dependency}"
                ));
            }
            if let Some(users) = kept.get(dependency)
                && !users.contains(&name.as_str())
            {
                offences.push(format!(
                    "{name}: {dependency} is for {} alone",
                    users.join(" and ")
                ));
            }
        }
    }
    offences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, dependencies: &[&str], expect: &[&str]) {
        let dependencies = dependencies.iter().map(|&name| name.to_owned()).collect();
        let found = offences(&[Package {
            name: name.to_owned(),
            dependencies,
        }]);
        assert_eq!(found, expect);
    }

    #[test]
    fn a_wrong_edge_is_told() {
        check("diagnose", &["model", "serde"], &[]);
        check("diagnose", &["wire"], &["diagnose: may not depend on wire"]);
        check(
            "model",
            &["serde", "toml"],
            &["model: is built from serde alone, not from toml"],
        );
        check(
            "intake",
            &["tokio"],
            &["intake: tokio is for lab and mcp and probe and rdpdoctor alone"],
        );
        check(
            "newcomer",
            &[],
            &["newcomer: a crate without a place in xtask/src/edges.rs"],
        );
    }

    #[test]
    fn edges() {
        let packages = packages(&crate::shell::root()).unwrap();
        assert!(
            packages.iter().any(|package| package.name == "rdpdoctor"),
            "{packages:?}"
        );
        assert_eq!(offences(&packages), Vec::<String>::new());
    }
}
