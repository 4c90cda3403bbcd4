//! The rules for a patch: prose that a learner reads with pleasure. (That `git apply` ignores it, `apply`
//! checks.)

use flags_testing::markdown::commands;

use crate::patch::Patch;

pub fn check(patch: &Patch) {
    is_short(patch);
    has_its_commands(patch);
    changes_one_crate(patch);
}

fn is_short(patch: &Patch) {
    let lines = patch.prose.lines().filter(|line| !line.trim().is_empty());
    let text = lines.clone().filter(|line| !line.starts_with("  $ "));
    let long: Vec<_> = text.filter(|line| line.chars().count() > 80).collect();
    assert!(long.is_empty(), "longer than 80 columns: {long:#?}");
    assert!((10..=20).contains(&lines.count()), "10 to 20 lines, not counting blank ones");
    assert!(patch.prose.ends_with("\n\n"), "a blank line before the change");
}

/// Apply, run and take back: the test does what the learner reads.
fn has_its_commands(patch: &Patch) {
    let all = commands(&patch.prose);
    assert_eq!(all[0], format!("git apply {}", patch.path()));
    assert_eq!(all[all.len() - 1], format!("git apply -R {}", patch.path()));
    let (_, run) = patch.commands();
    let package = patch.package();
    let draws =
        run.starts_with(&format!("cargo run -p {package} -- ")) && run.ends_with(" --timeline");
    assert!(draws || run == format!("cargo check -p {package}"), "{run}");
}

fn changes_one_crate(patch: &Patch) {
    let folder = format!("{}/", patch.package());
    let files = patch.files();
    assert!(files.iter().all(|file| file.starts_with(&folder)), "{files:?}");
}
