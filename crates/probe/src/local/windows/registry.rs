//! The branches of the registry that decide about Remote Desktop, value by value, as they are.

use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE, Type};

use crate::local::{Inspection, RegistryValue, Scope};
use crate::probes::SERVER;

/// Values that are read in all.
const MOST: usize = 50_000;
/// The longest value that is read, in bytes.
const LONGEST: usize = 64 * 1024;

/// What Windows says when a key is not there.
const NOT_FOUND: [u32; 2] = [0x8007_0002, 0x8007_0003];

/// Reads the branches that are asked for.
pub(super) fn read(scope: &Scope, found: &mut Inspection) {
    let mut closed = 0_usize;
    for branch in &scope.branches {
        let mut roots = vec![("HKLM", LOCAL_MACHINE)];
        if branch.path.to_ascii_uppercase().starts_with(r"SOFTWARE\") {
            roots.push(("HKCU", CURRENT_USER));
        }
        for (name, root) in roots {
            match root.options().read().open(&branch.path) {
                Ok(key) => {
                    let path = format!("{name}\\{}", branch.path);
                    collect(&key, &path, branch.depth, found, &mut closed);
                }
                Err(error) => closed += usize::from(!is_missing(error.code().0)),
            }
        }
    }
    if closed > 0 {
        found.broke(
            &SERVER,
            format!("{closed} keys of the registry"),
            "this account may not read them; as administrator they would be read",
        );
    } else {
        found.ran(&SERVER, "the registry");
    }
}

fn is_missing(code: i32) -> bool {
    NOT_FOUND.contains(&code.cast_unsigned())
}

fn collect(key: &Key, path: &str, depth: usize, found: &mut Inspection, closed: &mut usize) {
    if let Ok(values) = key.values() {
        for (name, value) in values {
            if found.registry.len() >= MOST {
                return;
            }
            let kind = match value.ty() {
                Type::U32 => 4,
                Type::U64 => 11,
                Type::String => 1,
                Type::ExpandString => 2,
                Type::MultiString => 7,
                Type::Bytes => 3,
                Type::Other(other) => other,
            };
            found.registry.push(RegistryValue {
                key: path.to_owned(),
                name,
                kind,
                data: value.iter().copied().take(LONGEST).collect(),
            });
        }
    }
    if depth == 0 {
        return;
    }
    let Ok(children) = key.keys() else { return };
    for child in children {
        match key.options().read().open(&child) {
            Ok(inner) => collect(
                &inner,
                &format!("{path}\\{child}"),
                depth - 1,
                found,
                closed,
            ),
            Err(error) => *closed += usize::from(!is_missing(error.code().0)),
        }
    }
}
