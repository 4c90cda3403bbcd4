//! Every patch applies and can be taken back wherever the workspace lies, without a history. With
//! `REMAKE=1`, patches whose context has moved are written again:
//!
//! ```console
//! $ REMAKE=1 cargo test -p flags-cli --test mistakes -- rules
//! ```

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use flags_testing::cargo::{forget_variables, workspace};

use crate::patch::{FOLDER, Patch, change};

/// Applies each patch and takes it back, in the top of a repository, inside another repository, and
/// in a folder outside any repository.
pub fn everywhere() {
    let home = tempfile::tempdir().expect("a temporary folder");
    for place in ["top", "inside/course/flags", "none"] {
        let folder = home.path().join(place);
        fs::create_dir_all(&folder).expect("a new folder");
        let top = place.split('/').next().expect("a folder");
        if place != "none" {
            must(&["init", "--quiet"], &home.path().join(top));
        }
        for patch in Patch::all() {
            let before = sources(&patch);
            write(&folder, &before);
            let file = folder.join(patch.path());
            fs::create_dir_all(file.parent().expect("a folder")).expect("a new folder");
            fs::copy(workspace().join(patch.path()), &file).expect("a copy of the patch");
            must(&["apply", &patch.path()], &folder);
            assert_ne!(read(&folder, &before), before, "{} in {place}", patch.name);
            must(&["apply", "-R", &patch.path()], &folder);
            assert_eq!(read(&folder, &before), before, "{} in {place}", patch.name);
        }
    }
}

/// Checks that `patch` applies and is as short as it can be, or writes it again.
pub fn applies(patch: &Patch) {
    let remake = env::var_os("REMAKE").is_some();
    let before = sources(patch);
    let after = match patched(patch, &before) {
        Ok(after) => after,
        Err(_) if remake => moved(patch, &before),
        Err(error) => panic!("{error}\nWith REMAKE=1, this test writes the patch again."),
    };
    let change: String =
        before.iter().map(|(path, text)| change(path, text, &after[path])).collect();
    if remake && change != patch.change {
        fs::write(workspace().join(patch.path()), patch.prose.clone() + &change).unwrap();
    } else {
        assert!(change == patch.change, "with one line of context, the change is:\n{change}");
    }
}

type Sources = BTreeMap<String, String>;

/// The files that `patch` changes, as they are now.
fn sources(patch: &Patch) -> Sources {
    let paths = patch.files().into_iter();
    paths
        .map(|path| (path.to_owned(), fs::read_to_string(workspace().join(path)).unwrap()))
        .collect()
}

/// `sources` with the change of `patch`, or git's error.
fn patched(patch: &Patch, sources: &Sources) -> Result<Sources, String> {
    let home = tempfile::tempdir().expect("a temporary folder");
    write(home.path(), sources);
    fs::write(home.path().join("patch"), &patch.change).expect("a copy of the patch");
    let output = git(&["apply", "patch"], home.path());
    match output.status.success() {
        true => Ok(read(home.path(), sources)),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// `now` with the change of `patch`, which applies only to an older version: a merge of both.
fn moved(patch: &Patch, now: &Sources) -> Sources {
    let history =
        must(&["log", "--format=%H", "--", FOLDER, "flags-async", "flags-threadpool"], workspace());
    let old = history.lines().find_map(|commit| {
        let show = |path: &String| git(&["show", &format!("{commit}:{path}")], workspace());
        let text = |path: &String| String::from_utf8(show(path).stdout).expect("UTF-8");
        let old: Sources = now.keys().map(|path| (path.clone(), text(path))).collect();
        patched(patch, &old).ok().map(|changed| (old, changed))
    });
    let (old, changed) = old.unwrap_or_else(|| panic!("{} applies to no commit", patch.name));
    let home = tempfile::tempdir().expect("a temporary folder");
    let merged = now.iter().map(|(path, text)| {
        for (name, text) in [("now", text), ("old", &old[path]), ("changed", &changed[path])] {
            fs::write(home.path().join(name), text).expect("a new file");
        }
        let output = git(&["merge-file", "-p", "now", "old", "changed"], home.path());
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(output.status.success(), "make {} by hand: {path}\n{text}", patch.name);
        (path.clone(), text)
    });
    merged.collect()
}

fn write(folder: &Path, sources: &Sources) {
    for (path, text) in sources {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }
}

fn read(folder: &Path, sources: &Sources) -> Sources {
    let text = |path: &String| fs::read_to_string(folder.join(path)).expect("a file");
    sources.keys().map(|path| (path.clone(), text(path))).collect()
}

fn must(args: &[&str], folder: &Path) -> String {
    let output = git(args, folder);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}:\n{error}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn git(args: &[&str], folder: &Path) -> Output {
    let mut git = Command::new("git");
    forget_variables(&mut git, &["GIT_"]); // which git sets for its hooks
    // Git for Windows would turn the ends of lines into CRLF, which `.gitattributes` prevents here.
    git.args(["-c", "core.autocrlf=false"]).args(args).current_dir(folder);
    git.output().expect("git starts")
}
