//! Manifests for Homebrew, winget and Scoop, made from the files of the release and their checksums.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use super::name_of;
use crate::shell::{command, output};

const SAYS: &str = "Finds out why a Remote Desktop connection fails, and proves it";

/// One file of the release.
pub struct File {
    /// As it is downloaded.
    pub name: String,
    /// What it was built for.
    pub target: String,
    /// Its SHA-256, as `sha256sum` writes and checks it.
    pub sum: String,
}

impl File {
    /// Reads the checksum of a file.
    pub fn new(path: &Path, target: &str) -> Result<Self> {
        let said = output(command("sha256sum", ["--"]).arg(path))?;
        let sum = said
            .split_whitespace()
            .next()
            .context("sha256sum said nothing")?;
        Ok(Self {
            name: name_of(path)?,
            target: target.to_owned(),
            sum: sum.to_owned(),
        })
    }
}

/// The name below `manifests` and the text of each.
pub fn all(version: &str, base: &str, files: &[File]) -> Result<Vec<(&'static str, String)>> {
    let mut made = Vec::new();
    let archives = |part: &'static str, end: &'static str| {
        files
            .iter()
            .find(move |file| file.target.contains(part) && file.name.ends_with(end))
    };
    // A static program runs on any Linux.
    let linux = archives("linux-musl", ".tar.gz").or_else(|| archives("linux-gnu", ".tar.gz"));
    match linux {
        Some(file) => made.push(("homebrew/rdpdoctor.rb", homebrew(version, base, file))),
        None => println!("package: no archive for Linux, so no formula for Homebrew"),
    }
    let Some(file) = archives("windows", ".zip") else {
        println!("package: no archive for Windows, so no manifests for winget and Scoop");
        return Ok(made);
    };
    made.push(("scoop/rdpdoctor.json", scoop(version, base, file)?));
    let head = format!("PackageIdentifier: rdpdoctor.rdpdoctor\nPackageVersion: {version}\n");
    let tail = |kind: &str| format!("ManifestType: {kind}\nManifestVersion: 1.6.0\n");
    made.push((
        "winget/rdpdoctor.rdpdoctor.yaml",
        format!("{head}DefaultLocale: en-US\n{}", tail("version")),
    ));
    made.push((
        "winget/rdpdoctor.rdpdoctor.locale.en-US.yaml",
        format!(
            "{head}PackageLocale: en-US\nPublisher: rdpdoctor\nPackageName: rdpdoctor\nPackageUrl: {base}\n\
             License: MIT OR Apache-2.0\nShortDescription: {SAYS}\n{}",
            tail("defaultLocale")
        ),
    ));
    made.push((
        "winget/rdpdoctor.rdpdoctor.installer.yaml",
        format!(
            "{head}InstallerType: zip\nNestedInstallerType: portable\nNestedInstallerFiles:\n  \
             - RelativeFilePath: {}\\rdpdoctor.exe\n    PortableCommandAlias: rdpdoctor\nInstallers:\n  \
             - Architecture: x64\n    InstallerUrl: {base}/{}\n    InstallerSha256: {}\n{}",
            inside(file),
            file.name,
            file.sum.to_uppercase(),
            tail("installer")
        ),
    ));
    Ok(made)
}

/// The folder inside an archive.
fn inside(file: &File) -> &str {
    file.name.strip_suffix(".zip").unwrap_or(&file.name)
}

fn homebrew(version: &str, base: &str, file: &File) -> String {
    let File { name, sum, .. } = file;
    format!(
        "class Rdpdoctor < Formula\n  desc \"{SAYS}\"\n  homepage \"{base}\"\n  url \"{base}/{name}\"\n  \
         version \"{version}\"\n  sha256 \"{sum}\"\n  license any_of: [\"MIT\", \"Apache-2.0\"]\n\n  \
         depends_on arch: :x86_64\n  depends_on :linux\n\n  \
         def install\n    bin.install \"rdpdoctor\"\n    man1.install Dir[\"man/*.1\"]\n    \
         bash_completion.install \"completions/rdpdoctor.bash\" => \"rdpdoctor\"\n    \
         zsh_completion.install \"completions/rdpdoctor.zsh\" => \"_rdpdoctor\"\n    \
         fish_completion.install \"completions/rdpdoctor.fish\"\n  end\n\n  test do\n    \
         assert_match \"socket\", shell_output(\"#{{bin}}/rdpdoctor explain 0x904 0x7\")\n  end\nend\n"
    )
}

fn scoop(version: &str, base: &str, file: &File) -> Result<String> {
    let manifest = json!({
        "version": version,
        "description": SAYS,
        "homepage": base,
        "license": "MIT|Apache-2.0",
        "architecture": {"64bit": {
            "url": format!("{base}/{}", file.name),
            "hash": file.sum,
            "extract_dir": inside(file),
        }},
        "bin": "rdpdoctor.exe",
    });
    Ok(serde_json::to_string_pretty(&manifest).context("cannot write a manifest")? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(target: &str, end: &str, sum: &str) -> File {
        File {
            name: format!("rdpdoctor-1.2.3-{target}{end}"),
            target: target.to_owned(),
            sum: sum.to_owned(),
        }
    }

    #[test]
    fn each_manifest_names_its_archive_and_its_checksum() -> Result<()> {
        let gnu = "x86_64-unknown-linux-gnu";
        let files = [
            file(gnu, ".tar.gz", "aa11"),
            file(gnu, ".deb", "bb22"),
            file("x86_64-unknown-linux-musl", ".tar.gz", "cc33"),
            file("x86_64-pc-windows-gnu", ".zip", "dd44"),
        ];
        let made = all("1.2.3", "https://example.org/1.2.3", &files)?;
        let text = |end: &str| {
            let found = made.iter().find(|(name, _)| name.ends_with(end));
            found.map(|(_, text)| text.as_str()).unwrap_or_default()
        };
        let brew = text(".rb");
        assert!(brew.contains(
            "url \"https://example.org/1.2.3/rdpdoctor-1.2.3-x86_64-unknown-linux-musl.tar.gz\""
        ));
        assert!(brew.contains("sha256 \"cc33\""));
        let scoop: serde_json::Value = serde_json::from_str(text("rdpdoctor.json"))?;
        let of = |name: &str| {
            scoop
                .pointer(&format!("/architecture/64bit/{name}"))
                .cloned()
        };
        assert_eq!(of("hash"), Some(json!("dd44")));
        assert_eq!(
            of("extract_dir"),
            Some(json!("rdpdoctor-1.2.3-x86_64-pc-windows-gnu"))
        );
        let winget = text("installer.yaml");
        assert!(winget.contains(
            "InstallerUrl: https://example.org/1.2.3/rdpdoctor-1.2.3-x86_64-pc-windows-gnu.zip\n"
        ));
        assert!(winget.contains("InstallerSha256: DD44\n"));
        assert!(
            winget.contains(
                "RelativeFilePath: rdpdoctor-1.2.3-x86_64-pc-windows-gnu\\rdpdoctor.exe\n"
            )
        );
        assert_eq!(made.len(), 5);
        Ok(())
    }

    #[test]
    fn no_manifest_is_made_for_an_archive_that_is_not_there() -> Result<()> {
        let files = [file("x86_64-unknown-linux-gnu", ".tar.gz", "aa11")];
        let made = all("1.2.3", "https://example.org", &files)?;
        let names: Vec<&str> = made.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["homebrew/rdpdoctor.rb"]);
        Ok(())
    }
}
