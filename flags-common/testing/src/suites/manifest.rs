//! Manifests of crates.

use std::fs;
use std::path::Path;

use crate::Variant;

/// The `Cargo.toml` in a folder.
pub(super) fn read(folder: &Path) -> String {
    let path = folder.join("Cargo.toml");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The string that a line of the downloader's manifest assigns to `key`.
pub(super) fn value(variant: &Variant, key: &str) -> String {
    let manifest = read(&variant.folder);
    let start = format!("{key} = \"");
    let value = manifest.lines().find_map(|line| line.strip_prefix(&start)?.strip_suffix('"'));
    value.unwrap_or_else(|| panic!("no {key} in {manifest}")).to_owned()
}
