//! Units of systemd as files (systemd.unit(5)), and their state where systemd runs.

use std::collections::BTreeMap;
use std::path::Path;

use super::files::{Reader, exists, names, text};
use crate::local::command::{Answer, ask};

/// Folders with units, the ones that win first.
const FOLDERS: &[&str] = &[
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// A unit as its files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unit {
    /// It is wanted by something that is started with the machine.
    pub(super) enabled: bool,
    /// It is switched off for good.
    pub(super) masked: bool,
    /// The user it runs as, when it names one.
    user: Option<String>,
    group: Option<String>,
    groups: Vec<String>,
    overrides: bool,
}

/// Reads a unit with what was added to it; `None` when there is none.
pub(super) fn unit(root: &Path, name: &str) -> Option<Unit> {
    let file = format!("{name}.service");
    let folder = FOLDERS
        .iter()
        .find(|folder| exists(root, format!("{folder}/{file}")))?;
    let mut unit = Unit {
        masked: std::fs::read_link(super::files::under(
            root,
            Path::new(&format!("{folder}/{file}")),
        ))
        .is_ok_and(|target| target == Path::new("/dev/null")),
        ..Unit::default()
    };
    unit.read(&text(root, format!("{folder}/{file}")).unwrap_or_default());
    // A drop-in of a folder that wins hides one of the same name.
    let mut added: BTreeMap<String, String> = BTreeMap::new();
    for folder in FOLDERS {
        let folder = format!("{folder}/{file}.d");
        for name in names(root, &folder) {
            if name.ends_with(".conf") {
                let path = format!("{folder}/{name}");
                added.entry(name).or_insert(path);
            }
        }
    }
    for path in added.values() {
        unit.read(&text(root, path).unwrap_or_default());
    }
    unit.enabled = names(root, "/etc/systemd/system")
        .iter()
        .filter(|folder| folder.ends_with(".wants") || folder.ends_with(".requires"))
        .any(|folder| names(root, format!("/etc/systemd/system/{folder}")).contains(&file));
    Some(unit)
}

impl Unit {
    fn read(&mut self, file: &str) {
        for (key, value) in model::ini::pairs(file, "Service") {
            match key {
                "User" => self.user = (!value.is_empty()).then(|| value.to_owned()),
                "Group" => self.group = (!value.is_empty()).then(|| value.to_owned()),
                "SupplementaryGroups" if value.is_empty() => self.groups.clear(),
                "SupplementaryGroups" => self
                    .groups
                    .extend(value.split_ascii_whitespace().map(str::to_owned)),
                "AmbientCapabilities" => {
                    self.overrides =
                        value.contains("CAP_DAC_READ_SEARCH") || value.contains("CAP_DAC_OVERRIDE");
                }
                _ => {}
            }
        }
    }

    /// Who reads the files of the service.
    pub(super) fn reader(&self, root: &Path) -> Reader {
        let mut reader = Reader::named(root, self.user.as_deref().unwrap_or("root"));
        for group in self.group.iter().chain(&self.groups) {
            reader = reader.in_group(root, group);
        }
        reader.overrides |= self.overrides;
        reader
    }

    /// How it starts, in a word.
    pub(super) const fn starts(&self) -> &'static str {
        if self.masked {
            "disabled"
        } else if self.enabled {
            "automatic"
        } else {
            "manual"
        }
    }
}

/// Whether a unit runs, by systemd; `None` where it does not run or does not know the unit.
pub(super) fn runs(name: &str) -> Option<bool> {
    if !Path::new("/run/systemd/system").is_dir() {
        return None;
    }
    let unit = format!("{name}.service");
    let Answer::Said(said) = ask(
        "systemctl",
        &["show", "--property=LoadState,ActiveState", &unit],
    ) else {
        return None;
    };
    state(&String::from_utf8_lossy(&said))
}

fn state(said: &str) -> Option<bool> {
    let property = |name: &str| {
        said.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
    };
    if property("LoadState")? == "not-found" {
        return None;
    }
    Some(matches!(property("ActiveState")?, "active" | "reloading"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[test]
    fn what_was_added_to_a_unit_counts() {
        let machine = tempfile::tempdir().unwrap();
        let root = machine.path();
        write(root, "etc/passwd", "root:x:0:0::/:\nxrdp:x:71:72::/:\n");
        write(
            root,
            "etc/group",
            "xrdp:x:72:\nssl-cert:x:73:\nkeys:x:74:\n",
        );
        write(
            root,
            "lib/systemd/system/xrdp.service",
            "[Service]\nUser=xrdp\nGroup=xrdp\nSupplementaryGroups=keys\n[Install]\nUser=nobody\n",
        );
        let reader = |root| unit(root, "xrdp").unwrap().reader(root);
        assert_eq!(reader(root).numbers, Some((71, vec![72, 72, 74])));
        write(
            root,
            "etc/systemd/system/xrdp.service.d/10.conf",
            "[Service]\nSupplementaryGroups=\nSupplementaryGroups=ssl-cert\n",
        );
        // Hidden by the file of the same name in /etc.
        write(
            root,
            "lib/systemd/system/xrdp.service.d/10.conf",
            "[Service]\nUser=root\n",
        );
        assert_eq!(reader(root).numbers, Some((71, vec![72, 72, 73])));
        assert_eq!(unit(root, "xrdp").unwrap().starts(), "manual");
        write(
            root,
            "etc/systemd/system/multi-user.target.wants/xrdp.service",
            "",
        );
        assert_eq!(unit(root, "xrdp").unwrap().starts(), "automatic");
        write(
            root,
            "etc/systemd/system/xrdp.service.d/20.conf",
            "[Service]\nUser=\n",
        );
        assert!(reader(root).overrides, "without a user it is root");
        assert_eq!(unit(root, "other"), None);
    }

    #[test]
    fn the_words_of_systemctl_are_read() {
        let of =
            |load: &str, active: &str| state(&format!("LoadState={load}\nActiveState={active}\n"));
        assert_eq!(of("loaded", "active"), Some(true));
        assert_eq!(of("loaded", "failed"), Some(false));
        assert_eq!(of("not-found", "inactive"), None);
        assert_eq!(state(""), None);
    }
}
