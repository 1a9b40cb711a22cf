//! What is handed to people: archives, a Debian package, the list of what is inside, checksums, and manifests for
//! package managers made from them.
//!
//! The same commit and toolchains give the same bytes in any folder: times come from the commit, paths of the build
//! machine are written as others, archives are sorted and owned by nobody in particular. `--twice` shows it.

pub mod build;
mod licences;
mod manifests;
mod zipped;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::shell::{cargo, command, output, root, run, succeeds, target};
use manifests::File;

/// The release of the tool that lists what is inside.
const CYCLONEDX: &str = "0.5.9";
/// What the program may weigh, in bytes.
const HEAVIEST: u64 = 20 * 1024 * 1024;
/// The file with the licences of what is inside.
const OTHERS: &str = "LICENSES-OF-OTHERS.txt";
/// Tells a build in another folder where the tools are.
const TOOLS: &str = "RDPDOCTOR_PACKAGE_TOOLS";

/// How to package.
#[derive(clap::Args)]
pub struct Arguments {
    /// A target to build for, again for each: x86_64-unknown-linux-musl runs on any Linux, x86_64-pc-windows-gnu on
    /// Windows [default: the one of this machine]
    #[arg(long, value_name = "TARGET")]
    target: Vec<String>,
    /// Where the archives will be downloaded from; the manifests are made for it.
    #[arg(long, default_value = "https://example.invalid/rdpdoctor")]
    base_url: String,
    /// Build the last commit once more in another folder, and compare every byte.
    #[arg(long)]
    twice: bool,
}

/// Builds everything into `target/package`.
pub fn package(arguments: &Arguments) -> Result<()> {
    let targets = match arguments.target.as_slice() {
        [] => vec![build::host()?],
        targets => targets.to_vec(),
    };
    let release = Release::of_tree()?;
    if arguments.twice {
        let changed = output(&mut command("git", ["status", "--porcelain"]))?;
        ensure!(
            changed.is_empty(),
            "--twice compares with the last commit, and the tree differs from it:\n{changed}"
        );
    }
    let out = target().join("package");
    if out.exists() {
        fs::remove_dir_all(&out).with_context(|| format!("cannot empty {}", out.display()))?;
    }
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;

    let mut made = Vec::new();
    let mut heavy = Vec::new();
    for target in &targets {
        let program = build::build(&release.epoch, target)?;
        heavy.extend(too_heavy(&program)?);
        let stage = stage(&release, target, &program, &out)?;
        if target.contains("windows") {
            let packed = out.join(format!("{}.zip", release.name(target)));
            zipped::pack(&stage, &packed, release.seconds()?)?;
            made.push(File::new(&packed, target)?);
        } else {
            made.push(File::new(&archive(&release, &stage, &out)?, target)?);
        }
        let debian_made = made.iter().any(|file| file.name.ends_with(".deb"));
        if target.contains("linux")
            && !debian_made
            && succeeds(&mut command("dpkg-deb", ["--version"]))
        {
            made.push(File::new(&debian(&release, target, &stage, &out)?, target)?);
        }
        fs::remove_dir_all(&stage).with_context(|| format!("cannot remove {}", stage.display()))?;
    }
    made.push(File::new(&contents(&release, &out)?, "any")?);
    let sums: String = made
        .iter()
        .map(|file| format!("{}  {}\n", file.sum, file.name))
        .collect();
    fs::write(out.join("SHA256SUMS"), sums).context("cannot write SHA256SUMS")?;
    for (name, text) in manifests::all(&release.version, &arguments.base_url, &made)? {
        let path = out.join("manifests").join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    for file in &made {
        println!("package: {} {}", file.sum, file.name);
    }
    println!("package: all of it is in {}", out.display());
    if arguments.twice {
        again(&release, &targets, &arguments.base_url, &out)?;
    }
    // Whoever builds it a second time is told by the first.
    ensure!(
        heavy.is_empty() || std::env::var_os(TOOLS).is_some(),
        "too heavy to hand out: {}",
        heavy.join("; ")
    );
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
        // A tree without its history is told the time, as is the custom for builds that can be repeated.
        let epoch = match std::env::var("SOURCE_DATE_EPOCH") {
            Ok(epoch) => epoch,
            Err(_) => output(&mut command("git", ["log", "-1", "--format=%ct"]))
                .context("the release has the time of the last commit; outside of git, set SOURCE_DATE_EPOCH")?,
        };
        Ok(Self {
            version: version.to_owned(),
            epoch: epoch.trim().to_owned(),
        })
    }

    fn name(&self, target: &str) -> String {
        format!("rdpdoctor-{}-{target}", self.version)
    }

    fn seconds(&self) -> Result<u64> {
        self.epoch
            .parse()
            .with_context(|| format!("{:?} are no seconds since 1970", self.epoch))
    }
}

/// Says so of a program that weighs more than it may.
fn too_heavy(program: &Path) -> Result<Option<String>> {
    let bytes = program
        .metadata()
        .with_context(|| format!("cannot look at {}", program.display()))?
        .len();
    println!("package: {} has {bytes} bytes", program.display());
    Ok((bytes > HEAVIEST).then(|| {
        format!(
            "{} has {bytes} bytes; the limit is {HEAVIEST}",
            program.display()
        )
    }))
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
    let others = stage.join(OTHERS);
    fs::write(&others, licences::of(target)?)
        .with_context(|| format!("cannot write {}", others.display()))?;
    for folder in ["man", "completions", "schema"] {
        for entry in entries(&root.join("docs").join(folder))? {
            let name = entry.file_name().unwrap_or_default();
            copy(&entry, &stage.join(folder).join(name))?;
        }
    }
    Ok(stage)
}

/// What is in a folder, sorted by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        let mut paths = fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<std::io::Result<Vec<_>>>()?;
        paths.sort();
        Ok(paths)
    };
    read().with_context(|| format!("cannot read {}", folder.display()))
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
    let name = name_of(stage)?;
    let archive = out.join(format!("{name}.tar.gz"));
    let mut tar = Command::new("tar");
    tar.current_dir(out)
        .args([
            "--format=gnu",
            "--sort=name",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "--mode=u+w,go-w,a+rX",
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
    place("CHANGELOG.md", "usr/share/doc/rdpdoctor/changelog")?;
    place(OTHERS, &format!("usr/share/doc/rdpdoctor/{OTHERS}"))?;
    for schema in entries(&stage.join("schema"))? {
        let name = name_of(&schema)?;
        place(
            &format!("schema/{name}"),
            &format!("usr/share/rdpdoctor/schema/{name}"),
        )?;
    }
    let mit = fs::read_to_string(stage.join("LICENSE-MIT")).context("cannot read LICENSE-MIT")?;
    fs::write(
        tree.join("usr/share/doc/rdpdoctor/copyright"),
        format!(
            "rdpdoctor is licensed under MIT or Apache-2.0, at your choice. The text of the latter is in\n\
             /usr/share/common-licenses/Apache-2.0; the former says:\n\n{mit}\n\
             What is inside beside its own code has licences of its own: {OTHERS}.gz in this folder.\n"
        ),
    )
    .context("cannot write the copyright file")?;
    let documents = tree.join("usr/share/doc/rdpdoctor");
    let mut packed = vec![documents.join("changelog"), documents.join(OTHERS)];
    for page in entries(&stage.join("man"))? {
        let to = tree.join("usr/share/man/man1").join(name_of(&page)?);
        copy(&page, &to)?;
        packed.push(to);
    }
    for file in &packed {
        run(command("gzip", ["-n9"]).arg(file))?;
    }
    let installed = settle(&tree)?;
    let needs = needs(&output(
        command("objdump", ["-p"]).arg(tree.join("usr/bin/rdpdoctor")),
    )?)?;
    let depends = match needs.as_str() {
        "" => String::new(),
        needs => format!("Depends: {needs}\n"),
    };
    let control = format!(
        "Package: rdpdoctor\nVersion: {}\nArchitecture: {architecture}\nSection: net\nPriority: optional\n\
         Maintainer: rdpdoctor developers <rdpdoctor@example.invalid>\nInstalled-Size: {}\n{depends}\
         Description: finds out why a Remote Desktop connection fails, and proves it\n \
         Climbs to a host as a Remote Desktop (RDP) client does, says where and why the\n \
         connection ends, how sure that is, who can mend it, and plans the mend so that\n \
         it can be undone.\n",
        release.version,
        installed.div_ceil(1024),
    );
    fs::create_dir_all(tree.join("DEBIAN")).context("cannot make the control folder")?;
    fs::write(tree.join("DEBIAN/control"), control).context("cannot write the control file")?;
    settle(&tree.join("DEBIAN"))?;
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

/// Gives files and folders the rights that they have everywhere, whatever this user makes them with; tells their size.
fn settle(tree: &Path) -> Result<u64> {
    let mut size = 0;
    for path in entries(tree)? {
        let folder = path.is_dir();
        size += if folder {
            settle(&path)?
        } else {
            let bytes = fs::metadata(&path).map(|found| found.len());
            bytes.with_context(|| format!("cannot look at {}", path.display()))?
        };
        rights(&path, folder || tree.ends_with("bin"))?;
    }
    rights(tree, true)?;
    Ok(size)
}

#[cfg(unix)]
fn rights(path: &Path, execute: bool) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if execute { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .with_context(|| format!("cannot set the rights of {}", path.display()))
}

#[cfg(not(unix))]
fn rights(_path: &Path, _execute: bool) -> Result<()> {
    Ok(())
}

/// The Debian packages a program needs, from what `objdump -p` says of it; nothing for a static one.
fn needs(headers: &str) -> Result<String> {
    let mut packages = Vec::new();
    let mut newest: Option<Vec<u32>> = None;
    for line in headers.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["NEEDED", library] => packages.push(match *library {
                "libc.so.6" | "libm.so.6" | "libdl.so.2" | "libpthread.so.0" => "libc6",
                loader if loader.starts_with("ld-linux") => "libc6",
                "libgcc_s.so.1" => "libgcc-s1",
                other => bail!("the program needs {other}, and no package is known for it"),
            }),
            // Addresses as a bitmap: glibc knows that form since 2.36, and gives it a name of its own.
            [.., "GLIBC_ABI_DT_RELR"] => newest = newest.max(Some(vec![2, 36])),
            [.., name] => {
                let version = name.strip_prefix("GLIBC_").and_then(|version| {
                    version
                        .split('.')
                        .map(|part| part.parse().ok())
                        .collect::<Option<Vec<u32>>>()
                });
                newest = newest.max(version);
            }
            [] => {}
        }
    }
    packages.sort_unstable();
    packages.dedup();
    let packages: Vec<String> = packages
        .into_iter()
        .map(|package| match (&newest, package) {
            (Some(parts), "libc6") => {
                let parts: Vec<String> = parts.iter().map(u32::to_string).collect();
                format!("libc6 (>= {})", parts.join("."))
            }
            _ => package.to_owned(),
        })
        .collect();
    Ok(packages.join(", "))
}

/// The bill of materials: every crate that is inside, in the form of CycloneDX.
fn contents(release: &Release, out: &Path) -> Result<PathBuf> {
    let tools = std::env::var(TOOLS).map_or_else(|_| target().join("tools"), PathBuf::from);
    let built = tools.join("bin/cargo-cyclonedx").display().to_string();
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
    let mut list = None;
    let mut beside = entries(&root().join("crates"))?;
    beside.push(root().join("xtask"));
    for folder in beside {
        let made = folder.join(&file);
        if made.exists() {
            if folder.ends_with("rdpdoctor") {
                list = Some(fs::read_to_string(&made).context("cannot read the list")?);
            }
            fs::remove_file(&made).with_context(|| format!("cannot remove {}", made.display()))?;
        }
    }
    let list = list.context("cargo-cyclonedx listed nothing")?;
    let list = list.replace(&format!("file://{}", root().display()), "file:///rdpdoctor");
    let parsed: Value = serde_json::from_str(&list).context("the list is no JSON")?;
    ensure!(
        parsed
            .pointer("/components")
            .and_then(Value::as_array)
            .is_some_and(|components| components.len() > 50),
        "the list names hardly any crate"
    );
    let path = out.join(&file);
    fs::write(&path, list).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// The same commit in a folder of another name and depth, and whether it gives the same bytes.
fn again(release: &Release, targets: &[String], base_url: &str, first: &Path) -> Result<()> {
    let place = target().join("again");
    let tree = place.join("elsewhere/and/deeper");
    if tree.exists() {
        fs::remove_dir_all(&tree).with_context(|| format!("cannot empty {}", tree.display()))?;
    }
    fs::create_dir_all(&tree).with_context(|| format!("cannot make {}", tree.display()))?;
    let packed = place.join("tree.tar");
    run(command("git", ["archive", "--output"])
        .arg(&packed)
        .arg("HEAD"))?;
    run(command("tar", ["-xf"]).arg(&packed).arg("-C").arg(&tree))?;
    let mut words = vec!["xtask", "package", "--base-url", base_url];
    words.extend(targets.iter().flat_map(|target| ["--target", target]));
    let mut once_more = cargo(words);
    once_more
        .current_dir(&tree)
        .env_remove("CARGO_TARGET_DIR")
        .env("SOURCE_DATE_EPOCH", &release.epoch)
        .env(TOOLS, target().join("tools"));
    run(&mut once_more)?;
    let second = tree.join("target/package");
    let mut differ = Vec::new();
    for one in files(first)? {
        let name = one
            .strip_prefix(first)
            .context("a file of the package is elsewhere")?;
        let same = fs::read(&one).ok() == fs::read(second.join(name)).ok();
        println!(
            "package: {} {}",
            if same { "the same " } else { "DIFFERENT" },
            name.display()
        );
        if !same {
            differ.push(name.display().to_string());
        }
    }
    ensure!(
        differ.is_empty(),
        "not the same bytes in {}: {}",
        second.display(),
        differ.join(", ")
    );
    Ok(())
}

/// Every file below a folder, sorted.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

/// The last part of a path.
fn name_of(path: &Path) -> Result<String> {
    path.file_name()
        .and_then(|name| name.to_str())
        .map(str::to_owned)
        .with_context(|| format!("{} has no name that is text", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_needs_what_the_program_was_linked_against() {
        let linked = "\
Dynamic Section:
  NEEDED               libgcc_s.so.1
  NEEDED               libm.so.6
  NEEDED               libc.so.6
  NEEDED               ld-linux-x86-64.so.2

Version References:
  required from libc.so.6:
    0x09691a75 0x00 09 GLIBC_2.2.5
    0x069691b9 0x00 08 GLIBC_2.39
    0x09691972 0x00 07 GLIBC_2.3.2
  required from libgcc_s.so.1:
    0x0b792650 0x00 02 GCC_3.0
";
        assert_eq!(
            needs(linked).ok().as_deref(),
            Some("libc6 (>= 2.39), libgcc-s1")
        );
        let short = linked
            .replace("GLIBC_2.39", "GLIBC_2.34")
            .replace("GLIBC_2.3.2", "GLIBC_ABI_DT_RELR");
        assert_eq!(
            needs(&short).ok().as_deref(),
            Some("libc6 (>= 2.36), libgcc-s1")
        );
        let fixed =
            "Program Header:\n    LOAD off    0x0000000000000000 vaddr 0x0000000000400000\n";
        assert_eq!(needs(fixed).ok().as_deref(), Some(""));
        assert!(needs("  NEEDED               libssl.so.3\n").is_err());
    }
}
