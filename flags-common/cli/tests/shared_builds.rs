//! Whichever of the programs a reader runs first, its dependencies are not compiled again for the next: a
//! dependency has the same features for each. Where it has not, flags-cli asks for those of all: see the
//! end of its `[dependencies]`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use flags_testing::cargo::{is_workspace_of_the_lesson, workspace};

/// What `cargo run -p` is told.
const PACKAGES: [&str; 4] = ["flags-seq", "flags-threadpool", "flags-async", "flags-lesson"];

/// The packages that cargo compiles for `package`, each with its features. A package can have two sets of
/// them: one for the program, one for build scripts and macros.
fn features(package: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "--package", package, "--edges", "normal,build"]);
    cargo.args(["--prefix", "none", "--no-dedupe", "--format", "{p}\t{f}"]);
    let output = cargo.current_dir(workspace()).output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).expect("UTF-8");
    let mut features = BTreeMap::<_, BTreeSet<_>>::new();
    for (package, its) in tree.lines().filter_map(|line| line.split_once('\t')) {
        features.entry(package.to_owned()).or_default().insert(its.to_owned());
    }
    features
}

#[test]
fn features_of_a_dependency_are_the_same_for_all() {
    if !is_workspace_of_the_lesson() {
        return eprintln!("SKIPPED: this is not the workspace of the lesson");
    }
    let mut all = BTreeMap::<_, BTreeMap<_, Vec<_>>>::new();
    for package in PACKAGES {
        for (dependency, features) in features(package) {
            all.entry(dependency).or_default().entry(features).or_default().push(package);
        }
    }
    assert!(all.values().filter(|users| users.values().all(|it| it.len() == 4)).count() > 60);
    all.retain(|_, users| users.len() > 1);
    assert!(all.is_empty(), "different features, and the packages that have them: {all:#?}");
}
