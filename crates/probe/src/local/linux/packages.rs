//! Versions of what is installed, by the lists of the package managers.

use std::path::Path;

use super::files::{Held, names, read_most, text};
use crate::local::command::{Answer, ask};

/// The longest list of packages that is read.
const LONGEST: u64 = 64 * 1024 * 1024;

/// The versions of packages.
#[derive(Debug, Default)]
pub(super) struct Packages {
    known: Vec<(String, String)>,
}

impl Packages {
    /// Reads which of these packages are installed, in which version.
    pub(super) fn of(root: &Path, live: bool, wanted: &[&str]) -> Self {
        let mut known = Vec::new();
        if let Held::Bytes(list) = read_most(root, Path::new("/var/lib/dpkg/status"), LONGEST) {
            known.extend(debian(&String::from_utf8_lossy(&list), wanted));
        }
        for folder in names(root, "/var/lib/pacman/local") {
            // NAME-VERSION-RELEASE
            let mut parts = folder.rsplitn(3, '-');
            if let (Some(release), Some(version), Some(name)) =
                (parts.next(), parts.next(), parts.next())
                && wanted.contains(&name)
            {
                known.push((name.to_owned(), format!("{version}-{release}")));
            }
        }
        if let Some(list) = text(root, "/lib/apk/db/installed") {
            known.extend(alpine(&list, wanted));
        }
        if known.is_empty() && live {
            let mut words = vec!["-q", "--qf", "%{NAME} %{VERSION}-%{RELEASE}\\n"];
            words.extend(wanted);
            // It fails when one is missing, and told the others first.
            if let Answer::Said(list) = ask("rpm", &words) {
                for line in String::from_utf8_lossy(&list).lines() {
                    if let Some((name, version)) = line.split_once(' ')
                        && wanted.contains(&name)
                    {
                        known.push((name.to_owned(), version.to_owned()));
                    }
                }
            }
        }
        Self { known }
    }

    /// The version of the first of these that is installed.
    pub(super) fn version(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| {
            let (_, version) = self.known.iter().find(|(known, _)| known == name)?;
            Some(version.clone())
        })
    }
}

fn debian<'l>(list: &'l str, wanted: &'l [&str]) -> impl Iterator<Item = (String, String)> + 'l {
    list.split("\n\n").filter_map(|paragraph| {
        let field = |name: &str| {
            paragraph
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        let name = field("Package")?;
        (wanted.contains(&name) && field("Status")?.ends_with(" installed")).then_some(())?;
        Some((name.to_owned(), field("Version")?.to_owned()))
    })
}

fn alpine<'l>(list: &'l str, wanted: &'l [&str]) -> impl Iterator<Item = (String, String)> + 'l {
    list.split("\n\n").filter_map(|paragraph| {
        let field = |name: &str| {
            paragraph
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
        };
        let name = field("P")?;
        wanted.contains(&name).then_some(())?;
        Some((name.to_owned(), field("V")?.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_packages_are_read() {
        let list = "Package: xrdp\nStatus: install ok installed\nVersion: 0.9.21.1-1\n\n\
                    Package: xorgxrdp\nStatus: deinstall ok config-files\nVersion: 1\n\nPackage: vim\nStatus: install ok installed\nVersion: 2\n";
        let found: Vec<_> = debian(list, &["xrdp", "xorgxrdp"]).collect();
        assert_eq!(found, [("xrdp".to_owned(), "0.9.21.1-1".to_owned())]);
        let found: Vec<_> = alpine("P:xrdp\nV:0.9.25-r0\n\nP:busybox\nV:1\n", &["xrdp"]).collect();
        assert_eq!(found, [("xrdp".to_owned(), "0.9.25-r0".to_owned())]);
    }

    #[test]
    fn a_folder_of_packages_is_read() {
        let machine = tempfile::tempdir().unwrap();
        let folder = machine.path().join("var/lib/pacman/local/xrdp-0.10.1-2");
        std::fs::create_dir_all(folder).unwrap();
        let packages = Packages::of(machine.path(), false, &["xrdp"]);
        assert_eq!(
            packages.version(&["other", "xrdp"]),
            Some("0.10.1-2".to_owned())
        );
    }
}
