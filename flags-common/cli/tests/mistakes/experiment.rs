//! Tries a patch: applies it in a checkout, and compares the program with the mistake to the one without
//! it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use flags_testing::cargo::{share_dependencies, shell, workspace};
use flags_testing::markdown::one_line;
use flags_testing::{all_variants, update};

use crate::page;
use crate::patch::Patch;
use crate::picture::{difference, excerpt, is_picture};
use crate::shown::{Shown, package};

/// Applies a patch in a checkout as a learner has it, but does not copy what no patch changes: cargo would
/// compile it again.
const APPLY: &str = "\
rm -rf flags && mkdir flags && cd flags && ln -s \"$ORIGINAL/flags-common\" .
for part in Cargo.toml Cargo.lock flags-seq flags-threadpool flags-async; do
    cp -r \"$ORIGINAL/$part\" .
done
git apply \"$PATCH\"
cargo fmt --check -p \"$PACKAGE\"
";

/// What the prose of a patch and the page say is what only the program with the patch shows, or what the
/// compiler says.
pub fn run(patch: &Patch) {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes");
    let target = home.join("target"); // kept, to compile the dependencies once
    share_dependencies(&target);
    let quoted = patch.shown();
    let runs = !quoted.command.starts_with("cargo build ");
    let not = if runs { "" } else { "! " };
    let compile = format!("{APPLY}{not}cargo build --locked --offline -p \"$PACKAGE\"");
    let variables = [
        ("ORIGINAL", workspace().as_ref()),
        ("PATCH", patch.path.as_ref()),
        ("PACKAGE", patch.package().as_ref()),
        ("CARGO_TARGET_DIR", target.as_ref()),
    ];
    let printed = shell(&home, &compile, &variables);
    warnings_are_in_the_prose(patch, &printed);
    if !runs {
        assert!(quoted.block.starts_with("error["), "the prose quotes the error");
        return assert_eq!(difference(&quoted.block, &printed), None, "{printed}");
    }

    let binary = target.join("debug").join(patch.package());
    check_says_its_symptoms(patch, &binary);
    for shown in page::shown(patch) {
        shows(&shown, &binary, patch.prose.contains("Press Ctrl-C"));
        if !patch.is_next_step() {
            let screen = shown.screen(right_binary(&shown.command), false);
            let is_other = difference(&shown.block, &screen).is_some();
            assert!(is_other, "the right code shows the same:\n{screen}");
        }
    }
}

/// The right code shows the pictures that the page has of it.
pub fn right_code() {
    for shown in page::right_code() {
        shows(&shown, right_binary(&shown.command), false);
    }
}

/// Path of the downloader without a mistake that this command runs.
fn right_binary(command: &str) -> &'static Path {
    let named = all_variants().iter().find(|variant| variant.name() == package(command));
    &named.expect("one of the three downloaders").path
}

/// A learner sees the compiler's warnings first.
fn warnings_are_in_the_prose(patch: &Patch, printed: &str) {
    let warnings = printed.lines().filter_map(|line| line.strip_prefix("warning: "));
    for warning in warnings.filter(|warning| !warning.contains(" generated ")) {
        assert!(one_line(&patch.prose).contains(warning), "not in the prose: {warning}");
    }
}

/// The check says what the page says that it does.
fn check_says_its_symptoms(patch: &Patch, binary: &Path) {
    let known = page::symptoms_of(patch);
    let said = || -> BTreeSet<String> {
        let output = Command::new(binary).arg("--check").output().expect("it starts");
        String::from_utf8_lossy(&output.stdout).lines().map(page::without_numbers).collect()
    };
    // Of blocking-in-async, one check in three says `ok`: its four answers then come at the same time.
    assert_eq!(look_until(20, said, |said| *said == known), known, "the check, and the page");
}

/// Checks that a run of this program shows what the page says, or writes the picture, if that is wanted.
fn shows(shown: &Shown, binary: &Path, hangs: bool) {
    let Shown { command, block, .. } = shown;
    // On a busy machine, a request may wait a little longer, and a thread may take the job that is
    // another's elsewhere.
    let look = || shown.screen(binary, hangs);
    let screen = look_until(5, look, |screen| difference(block, screen).is_none());
    let Some(difference) = difference(block, &screen) else { return };
    if is_picture(block) && update::is_wanted() {
        return page::replace(block, &excerpt(block, &screen));
    }
    let hint = if is_picture(block) { update::HINT } else { "" };
    panic!("$ {command}\n{difference}\nThis run:\n{screen}\n{hint}");
}

/// Looks until it sees what it should, at most this many `times`. Returns what it saw last.
fn look_until<T>(times: usize, look: impl Fn() -> T, is_right: impl Fn(&T) -> bool) -> T {
    (1..times).map(|_| look()).find(is_right).unwrap_or_else(&look)
}
