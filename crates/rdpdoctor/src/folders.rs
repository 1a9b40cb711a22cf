//! Where the system wants what a program keeps for one user.

use std::path::PathBuf;

/// What is kept from one run to another; `None` where this user has no place for it.
pub(crate) fn state() -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        named("LOCALAPPDATA")
    } else {
        named("XDG_STATE_HOME").or_else(|| Some(named("HOME")?.join(".local/state")))
    };
    Some(folder?.join("rdpdoctor"))
}

/// What can be made again at any time; `None` where this user has no place for it.
pub(crate) fn cache() -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        named("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        named("HOME").map(|home| home.join("Library/Caches"))
    } else {
        named("XDG_CACHE_HOME").or_else(|| Some(named("HOME")?.join(".cache")))
    };
    Some(folder?.join("rdpdoctor"))
}

/// The folder that a variable names; a relative one would be another folder in every place.
fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}
