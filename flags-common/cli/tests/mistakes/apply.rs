//! Every patch applies and can be taken back wherever the workspace lies, without a history. With
//! `REMAKE=1`, patches whose context has changed are written again:
//!
//! ```console
//! $ REMAKE=1 cargo test -p flags-cli --test mistakes -- rules
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use flags_testing::cargo::{forget_variables, workspace};

use crate::patch::{Patch, change};

/// Applies `patch` and takes it back: outside any repository, at the top of a repository, and inside
/// another repository. Checks that it is as short as it can be.
pub fn applies(patch: &Patch) {
    let home = tempfile::tempdir().expect("a temporary folder");
    git(&["init", "--quiet", "top"], home.path());
    git(&["init", "--quiet", "course"], home.path());
    for place in ["none", "top", "course/flags"] {
        let copy = home.path().join(place);
        let before = copy_files(patch, &copy);
        git(&["apply", "its.patch"], &copy);
        let change = change_since(&before, &copy);
        assert!(change == patch.change, "in {place}, with one line of context, it is:\n{change}");
        git(&["apply", "-R", "its.patch"], &copy);
        assert_eq!(change_since(&before, &copy), "", "taken back in {place}");
    }
}

/// Writes `patch` again: its change goes where the lines are that it takes out or stands beside.
pub fn remake(patch: &Patch) {
    let copy = tempfile::tempdir().expect("a temporary folder");
    let before = copy_files(patch, copy.path());
    git(&["apply", "-C0", "its.patch"], copy.path());
    let text = patch.prose.clone() + &change_since(&before, copy.path());
    fs::write(workspace().join(patch.path()), text).expect("the patch can be written");
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
    assert!(
        output.status.success(),
        "git {args:?}:\n{error}\nIf only its context has changed, REMAKE=1 writes the patch again."
    );
}
