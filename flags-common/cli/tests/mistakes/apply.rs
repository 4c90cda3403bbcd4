//! Every patch applies and can be taken back wherever the workspace lies, without a history. With
//! `UPDATE=1`, patches whose context has changed are written again.

use std::fs;
use std::path::Path;

use flags_testing::cargo::{shell, workspace};
use flags_testing::update;
use similar::TextDiff;

use crate::patch::Patch;

/// Checks that `patch` is as short as it can be. Applies it and takes it back: outside any repository, at
/// the top of a repository, and inside another repository.
pub fn check(patch: &Patch) {
    let home = tempfile::tempdir().expect("a temporary folder");
    shell(home.path(), "git init --quiet top; git init --quiet course", &[]);
    let places = ["none", "top", "course/flags"].map(|place| home.path().join(place));
    let changes = places.map(|place| change_in(&place, patch));
    assert!(changes.iter().all(|it| *it == changes[0]), "it depends on the place: {changes:#?}");
    update::check(&workspace().join(&patch.path), &(patch.prose.clone() + &changes[0]));
}

/// What `patch` changes in a copy of its files, with one line of context.
fn change_in(place: &Path, patch: &Patch) -> String {
    for file in &patch.files {
        fs::create_dir_all(place.join(file).parent().expect("a folder")).expect("a new folder");
        fs::copy(workspace().join(file), place.join(file)).expect("a new file");
    }
    let git_apply = |option| {
        let path = workspace().join(&patch.path);
        // -C0: whatever the lines around the change are.
        shell(place, &format!("git apply {option} -C0 \"$PATCH\""), &[("PATCH", path.as_ref())]);
        patch.files.iter().map(|file| change(file, place)).collect::<String>()
    };
    let change = git_apply("");
    assert_eq!(git_apply("-R"), "", "taken back");
    change
}

/// The change of a file, as a plain diff.
fn change(file: &str, place: &Path) -> String {
    let read = |folder: &Path| fs::read_to_string(folder.join(file)).expect("a file");
    let (old, new) = (read(workspace()), read(place));
    let names = (format!("a/{file}"), format!("b/{file}"));
    let diff = TextDiff::from_lines(&old, &new);
    diff.unified_diff().context_radius(1).header(&names.0, &names.1).to_string()
}
