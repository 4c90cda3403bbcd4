//! Every patch applies and can be taken back wherever the workspace lies, without a history. With
//! `UPDATE=1`, patches whose context has changed are written again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use flags_testing::cargo::{forget_variables, workspace};
use flags_testing::update;

use crate::patch::{Patch, change};

/// Checks that `patch` is as short as it can be. Applies it and takes it back: outside any repository, at
/// the top of a repository, and inside another repository.
pub fn check(patch: &Patch) {
    patch.has_its_commands();
    let home = tempfile::tempdir().expect("a temporary folder");
    let copy = home.path().join("anywhere");
    let before = copy_files(patch, &copy);
    git(&["apply", "-C0", "its.patch"], &copy); // whatever the lines around the change are
    let change = change_since(&before, &copy);
    update::check(&workspace().join(patch.path()), &(patch.prose.clone() + &change));

    git(&["init", "--quiet", "top"], home.path());
    git(&["init", "--quiet", "course"], home.path());
    for place in ["none", "top", "course/flags"] {
        let copy = home.path().join(place);
        let before = copy_files(patch, &copy);
        git(&["apply", "its.patch"], &copy);
        assert_eq!(change_since(&before, &copy), change, "in {place}");
        git(&["apply", "-R", "its.patch"], &copy);
        assert_eq!(change_since(&before, &copy), "", "taken back in {place}");
    }
}

/// Files by path, with their text.
type Files<'a> = BTreeMap<&'a str, String>;

/// Copies the files that `patch` changes, and the patch itself as `its.patch`.
fn copy_files<'a>(patch: &'a Patch, copy: &Path) -> Files<'a> {
    let read = |path| fs::read_to_string(workspace().join(path)).expect("a file of the workspace");
    let files: Files = patch.files().into_iter().map(|path| (path, read(path))).collect();
    for (path, text) in &files {
        let path = copy.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }
    fs::copy(workspace().join(patch.path()), copy.join("its.patch")).expect("a copy of the patch");
    files
}

/// The change of the files in `copy`, with one line of context.
fn change_since(before: &Files, copy: &Path) -> String {
    let now = |path| fs::read_to_string(copy.join(path)).expect("a file");
    before.iter().map(|(path, text)| change(path, text, &now(path))).collect()
}

fn git(args: &[&str], folder: &Path) {
    let mut git = Command::new("git");
    forget_variables(&mut git, &["GIT_"]); // which git sets for its hooks
    // Git for Windows would turn the ends of lines into CRLF, which `.gitattributes` prevents here.
    git.args(["-c", "core.autocrlf=false"]).args(args).current_dir(folder);
    let output = git.output().expect("git starts");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}:\n{error}");
}
