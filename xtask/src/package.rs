//! What is handed to people: archives, a Debian package, the list of what is inside, checksums, and manifests for
//! package managers made from them.
//!
//! The same tree, toolchain and folder give the same bytes: times come from the last commit, paths of the build
//! machine are written as others, archives are sorted and owned by nobody in particular.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use crate::shell::{cargo, command, output, root, run, succeeds};

/// The release of the tool that lists what is inside.
const CYCLONEDX: &str = "0.5.9";

/// How to package.
#[derive(clap::Args)]
pub struct Arguments {
    /// The target to build for [default: the one of this machine]; `x86_64-unknown-linux-musl` runs on any Linux.
    #[arg(long)]
    target: Option<String>,
    /// Where the archives will be downloaded from; the manifests are made for it.
    #[arg(long, default_value = "https://example.invalid/rdpdoctor")]
    base_url: String,
    /// A zip with the Windows program, already built, to be named in the manifests.
    #[arg(long)]
    windows: Option<PathBuf>,
}

/// Builds everything into `target/package`.
pub fn package(arguments: &Arguments) -> Result<()> {
    let host = host()?;
    let target = arguments.target.clone().unwrap_or_else(|| host.clone());
    let release = Release::of_tree()?;
    let out = root().join("target/package");
    if out.exists() {
        fs::remove_dir_all(&out).with_context(|| format!("cannot empty {}", out.display()))?;
    }
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;

    let program = build(&release, &target, target != host)?;
    let stage = stage(&release, &target, &program, &out)?;
    let archive = archive(&release, &stage, &out)?;
    let mut made = vec![archive.clone()];
    if target.contains("linux") && succeeds(&mut command("dpkg-deb", ["--version"])) {
        made.push(debian(&release, &target, &stage, &out)?);
    }
    if let Some(zip) = &arguments.windows {
        let name = zip.file_name().context("the Windows zip has no name")?;
        let copy = out.join(name);
        fs::copy(zip, &copy).with_context(|| format!("cannot copy {}", zip.display()))?;
        made.push(copy);
    }
    made.push(contents(&release, &out)?);
    let sums = checksums(&made, &out)?;
    manifests(&release, &arguments.base_url, &made, &sums, &out)?;
    fs::remove_dir_all(&stage).with_context(|| format!("cannot remove {}", stage.display()))?;
    for file in &made {
        println!("package: {}", file.display());
    }
    println!("package: checksums and manifests in {}", out.display());
    Ok(())
}

/// What is released.
struct Release {
    version: String,
    /// The time of the last commit, in seconds since 1970.
    epoch: String,
}

impl Release {
    fn of_tree() -> Result<Self> {
        let manifest =
            fs::read_to_string(root().join("Cargo.toml")).context("cannot read Cargo.toml")?;
        let version = manifest
            .lines()
            .find_map(|line| line.strip_prefix("version = \""))
            .and_then(|rest| rest.strip_suffix('"'))
            .context("Cargo.toml names no version")?;
        let epoch = output(&mut command("git", ["log", "-1", "--format=%ct"]))?;
        Ok(Self {
            version: version.to_owned(),
            epoch: epoch.trim().to_owned(),
        })
    }

    fn name(&self, target: &str) -> String {
        format!("rdpdoctor-{}-{target}", self.version)
    }
}

fn host() -> Result<String> {
    output(&mut command("rustc", ["-vV"]))?
        .lines()
        .find_map(|line| line.strip_prefix("host: ").map(str::to_owned))
        .context("rustc does not say what it runs on")
}

/// Builds the program without the paths of this machine in it.
fn build(release: &Release, target: &str, foreign: bool) -> Result<PathBuf> {
    let root = root();
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))
        .unwrap_or_default();
    let mut flags = format!("--remap-path-prefix={}=/rdpdoctor", root.display());
    if !home.is_empty() {
        flags += &format!(" --remap-path-prefix={home}=/cargo");
    }
    let mut words = vec!["build", "--release", "--locked", "--package", "rdpdoctor"];
    if foreign {
        words.extend(["--target", target]);
    }
    let mut build = cargo(words);
    build
        .env("RUSTFLAGS", flags)
        .env("CARGO_TARGET_DIR", root.join("target/release-build"))
        .env("SOURCE_DATE_EPOCH", &release.epoch);
    if target.ends_with("-musl") {
        // The C parts too are built against musl; Debian calls the compiler so.
        let name = target.replace('-', "_");
        build.env(format!("CC_{name}"), "musl-gcc").env(
            format!("CARGO_TARGET_{}_LINKER", name.to_uppercase()),
            "musl-gcc",
        );
    }
    run(&mut build).with_context(|| match foreign {
        true => format!(
            "cannot build for {target}; it needs the standard library of that target \
             (rustup target add {target}), and for musl the package musl-tools"
        ),
        false => "cannot build the program".to_owned(),
    })?;
    let folder = root.join("target/release-build");
    let folder = if foreign { folder.join(target) } else { folder };
    let name = if target.contains("windows") {
        "rdpdoctor.exe"
    } else {
        "rdpdoctor"
    };
    let program = folder.join("release").join(name);
    ensure!(program.exists(), "the build made no {}", program.display());
    Ok(program)
}

/// The folder that the archive holds.
fn stage(release: &Release, target: &str, program: &Path, out: &Path) -> Result<PathBuf> {
    let stage = out.join(release.name(target));
    let root = root();
    copy(
        program,
        &stage.join(program.file_name().unwrap_or_default()),
    )?;
    for file in ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root.join(file), &stage.join(file))?;
    }
    for folder in ["man", "completions", "schema"] {
        let from = root.join("docs").join(folder);
        for entry in
            fs::read_dir(&from).with_context(|| format!("cannot read {}", from.display()))?
        {
            let entry = entry.with_context(|| format!("cannot read {}", from.display()))?;
            copy(&entry.path(), &stage.join(folder).join(entry.file_name()))?;
        }
    }
    Ok(stage)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::copy(from, to)
        .map(|_| ())
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

fn archive(release: &Release, stage: &Path, out: &Path) -> Result<PathBuf> {
    let name = text(stage.file_name().map(Path::new).unwrap_or(stage))?;
    let archive = out.join(format!("{name}.tar.gz"));
    let mut tar = Command::new("tar");
    tar.current_dir(out)
        .args([
            "--sort=name",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "--mode=go-w,a+rX",
        ])
        .arg(format!("--mtime=@{}", release.epoch))
        .args(["--use-compress-program=gzip -n9", "-cf"])
        .arg(&archive)
        .arg(&name);
    run(&mut tar)?;
    Ok(archive)
}

/// A package for Debian and Ubuntu, with what the program was linked against as its only need.
fn debian(release: &Release, target: &str, stage: &Path, out: &Path) -> Result<PathBuf> {
    let architecture = match target.split('-').next() {
        Some("x86_64") => "amd64",
        Some("aarch64") => "arm64",
        other => bail!("{other:?} has no name in Debian here"),
    };
    let tree = out.join("deb");
    let place = |from: &str, to: &str| copy(&stage.join(from), &tree.join(to));
    place("rdpdoctor", "usr/bin/rdpdoctor")?;
    place(
        "completions/rdpdoctor.bash",
        "usr/share/bash-completion/completions/rdpdoctor",
    )?;
    place(
        "completions/rdpdoctor.zsh",
        "usr/share/zsh/vendor-completions/_rdpdoctor",
    )?;
    place(
        "completions/rdpdoctor.fish",
        "usr/share/fish/vendor_completions.d/rdpdoctor.fish",
    )?;
    place("LICENSE-MIT", "usr/share/doc/rdpdoctor/copyright")?;
    for entry in fs::read_dir(stage.join("man")).context("cannot read the manual")? {
        let entry = entry.context("cannot read the manual")?;
        let page = tree.join("usr/share/man/man1").join(entry.file_name());
        copy(&entry.path(), &page)?;
        run(command("gzip", ["-n9"]).arg(&page))?;
    }
    let depends = match glibc(&tree.join("usr/bin/rdpdoctor"))? {
        Some(version) => format!("Depends: libc6 (>= {version}), libgcc-s1\n"),
        None => String::new(),
    };
    let control = format!(
        "Package: rdpdoctor\nVersion: {}\nArchitecture: {architecture}\nSection: net\nPriority: optional\n\
         Maintainer: rdpdoctor developers <rdpdoctor@example.invalid>\n{depends}\
         Description: finds out why a Remote Desktop connection fails, and proves it\n \
         Climbs to a host as a Remote Desktop (RDP) client does, says where and why the\n \
         connection ends, how sure that is, who can mend it, and plans the mend so that\n \
         it can be undone.\n",
        release.version
    );
    fs::create_dir_all(tree.join("DEBIAN")).context("cannot make the control folder")?;
    fs::write(tree.join("DEBIAN/control"), control).context("cannot write the control file")?;
    let package = out.join(format!("rdpdoctor_{}_{architecture}.deb", release.version));
    let mut build = command("dpkg-deb", ["--root-owner-group", "-Zxz", "--build"]);
    build
        .arg(&tree)
        .arg(&package)
        .env("SOURCE_DATE_EPOCH", &release.epoch);
    run(&mut build)?;
    fs::remove_dir_all(&tree).context("cannot remove the tree of the package")?;
    Ok(package)
}

/// The newest glibc that the program asks for; `None` for a static one.
fn glibc(program: &Path) -> Result<Option<String>> {
    let symbols = output(command("objdump", ["-T"]).arg(program)).unwrap_or_default();
    let newest = symbols
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_')
        .filter_map(|word| word.strip_prefix("GLIBC_"))
        .filter_map(|version| {
            version
                .split('.')
                .map(|part| part.parse().ok())
                .collect::<Option<Vec<u32>>>()
        })
        .max();
    Ok(newest.map(|parts| {
        let parts: Vec<String> = parts.iter().map(u32::to_string).collect();
        parts.join(".")
    }))
}

/// The bill of materials: every crate that is inside, in the form of CycloneDX.
fn contents(release: &Release, out: &Path) -> Result<PathBuf> {
    let tools = root().join("target/tools");
    let built = tools.join("bin/cargo-cyclonedx");
    let built = text(&built)?;
    if !succeeds(&mut command(&built, ["cyclonedx", "--version"])) {
        println!("cargo-cyclonedx is missing; installing it once below target (some minutes)");
        let mut install = cargo([
            "install",
            "--locked",
            "cargo-cyclonedx",
            "--version",
            CYCLONEDX,
            "--root",
        ]);
        run(install.arg(&tools))?;
    }
    let name = format!("rdpdoctor-{}.cdx", release.version);
    let mut list = command(
        &built,
        [
            "cyclonedx",
            "--format",
            "json",
            "--spec-version",
            "1.5",
            "--override-filename",
            &name,
            "--manifest-path",
        ],
    );
    list.arg(root().join("crates/rdpdoctor/Cargo.toml"))
        .env("SOURCE_DATE_EPOCH", &release.epoch);
    run(&mut list)?;
    // The tool writes beside each manifest of the workspace.
    let file = format!("{name}.json");
    let mut kept = None;
    for entry in fs::read_dir(root().join("crates")).context("cannot read crates")? {
        let made = entry.context("cannot read crates")?.path().join(&file);
        if made.exists() {
            if made
                .parent()
                .is_some_and(|folder| folder.ends_with("rdpdoctor"))
            {
                let to = out.join(&file);
                copy(&made, &to)?;
                kept = Some(to);
            }
            fs::remove_file(&made).with_context(|| format!("cannot remove {}", made.display()))?;
        }
    }
    let _ = fs::remove_file(root().join("xtask").join(&file));
    kept.context("cargo-cyclonedx listed nothing")
}

/// The SHA-256 of each file, as `sha256sum` writes and checks it.
fn checksums(made: &[PathBuf], out: &Path) -> Result<Vec<(String, String)>> {
    let mut sums = Vec::new();
    for file in made {
        let name = text(file.file_name().map(Path::new).unwrap_or(file))?;
        let said = output(Command::new("sha256sum").current_dir(out).arg(&name))?;
        let sum = said
            .split_whitespace()
            .next()
            .context("sha256sum said nothing")?;
        sums.push((name, sum.to_owned()));
    }
    let list: String = sums
        .iter()
        .map(|(name, sum)| format!("{sum}  {name}\n"))
        .collect();
    fs::write(out.join("SHA256SUMS"), list).context("cannot write SHA256SUMS")?;
    Ok(sums)
}

/// Manifests for winget, Scoop and Homebrew, each for the archive that it needs.
fn manifests(
    release: &Release,
    base: &str,
    made: &[PathBuf],
    sums: &[(String, String)],
    out: &Path,
) -> Result<()> {
    let version = &release.version;
    let sum = |part: &str| {
        made.iter()
            .zip(sums)
            .find(|(file, _)| file.to_str().is_some_and(|name| name.ends_with(part)))
            .map(|(_, (name, sum))| (format!("{base}/{name}"), sum.clone()))
    };
    let write = |name: &str, text: String| {
        let path = out.join("manifests").join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    const SAYS: &str = "Finds out why a Remote Desktop connection fails, and proves it";
    if let Some((url, sum)) = sum(".tar.gz") {
        write(
            "homebrew/rdpdoctor.rb",
            format!(
                "class Rdpdoctor < Formula\n  desc \"{SAYS}\"\n  homepage \"{base}\"\n  url \"{url}\"\n  \
                 sha256 \"{sum}\"\n  version \"{version}\"\n  license any_of: [\"MIT\", \"Apache-2.0\"]\n\n  \
                 def install\n    bin.install \"rdpdoctor\"\n    man1.install Dir[\"man/*.1\"]\n    \
                 bash_completion.install \"completions/rdpdoctor.bash\" => \"rdpdoctor\"\n    \
                 zsh_completion.install \"completions/rdpdoctor.zsh\" => \"_rdpdoctor\"\n    \
                 fish_completion.install \"completions/rdpdoctor.fish\"\n  end\n\n  test do\n    \
                 assert_match \"socket\", shell_output(\"#{{bin}}/rdpdoctor explain 0x904 0x7\")\n  end\nend\n"
            ),
        )?;
    }
    let Some((url, sum)) = sum(".zip") else {
        println!(
            "package: no Windows zip was given (--windows), so no manifests for winget and Scoop"
        );
        return Ok(());
    };
    let scoop = json!({
        "version": version, "description": SAYS, "homepage": base, "license": "MIT|Apache-2.0",
        "architecture": {"64bit": {"url": url, "hash": sum}}, "bin": "rdpdoctor.exe",
    });
    write(
        "scoop/rdpdoctor.json",
        serde_json::to_string_pretty(&scoop)? + "\n",
    )?;
    let head = format!("PackageIdentifier: rdpdoctor.rdpdoctor\nPackageVersion: {version}\n");
    let tail = |kind: &str| format!("ManifestType: {kind}\nManifestVersion: 1.6.0\n");
    write(
        "winget/rdpdoctor.rdpdoctor.yaml",
        format!("{head}DefaultLocale: en-US\n{}", tail("version")),
    )?;
    write(
        "winget/rdpdoctor.rdpdoctor.locale.en-US.yaml",
        format!(
            "{head}PackageLocale: en-US\nPublisher: rdpdoctor\nPackageName: rdpdoctor\nLicense: MIT OR Apache-2.0\n\
             ShortDescription: {SAYS}\n{}",
            tail("defaultLocale")
        ),
    )?;
    write(
        "winget/rdpdoctor.rdpdoctor.installer.yaml",
        format!(
            "{head}InstallerType: zip\nNestedInstallerType: portable\nNestedInstallerFiles:\n  - RelativeFilePath: rdpdoctor.exe\n    \
             PortableCommandAlias: rdpdoctor\nInstallers:\n  - Architecture: x64\n    InstallerUrl: {url}\n    \
             InstallerSha256: {}\n{}",
            sum.to_uppercase(),
            tail("installer")
        ),
    )
}

fn text(path: &Path) -> Result<String> {
    path.to_str()
        .map(str::to_owned)
        .with_context(|| format!("{} is not text", path.display()))
}
