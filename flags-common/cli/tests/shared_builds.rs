//! Whichever of the programs a reader runs first, its dependencies are not compiled again for the next: a
//! dependency has the same features for each. Where it has not, flags-cli asks for those of all: see the
//! end of its `[dependencies]`.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};

use flags_testing::cargo::{is_workspace_of_the_lesson, shell, workspace};

/// The packages that cargo compiles for `package`, each with its features. A package can have two sets of
/// them: one for the program, one for build scripts and macros.
fn features(package: &str) -> BTreeMap<String, BTreeSet<String>> {
    let tree =
        "cargo tree --offline --edges normal,build --prefix none --no-dedupe --format '{p}\t{f}'";
    let tree = shell(workspace(), &format!("{tree} --package {package}"), &[]);
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
    let mut all = BTreeMap::new();
    for package in ["flags-seq", "flags-threadpool", "flags-async", "flags-lesson"] {
        for (dependency, features) in features(package) {
            let first = all.entry(dependency.clone()).or_insert((features.clone(), package));
            assert_eq!(first.0, features, "{dependency} for {} and for {package}", first.1);
        }
    }
    assert!(all.len() > 60, "{all:#?}");
}
