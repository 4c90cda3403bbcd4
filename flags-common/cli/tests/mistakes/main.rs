//! The mistakes in `flags-common/lesson/mistakes`: each patch applies, and the program with it shows what
//! its prose and the lesson's page say, which the program without it does not. The page is the only
//! place that says what a mistake shows: a new mistake is a patch, and a section of the page.
//!
//! `cargo test -p flags-cli --test mistakes -- --ignored` tries the patches, on Linux. That takes minutes,
//! because it builds and runs the program with each of them. With `UPDATE=1`, it also writes the pictures
//! of the page that are out of date. For a new one, the page needs its first and last word: two lines,
//! `Bars:` and `Connections`.

mod apply;
mod experiment;
mod page;
mod patch;
mod picture;
mod shown;

use flags_testing::cargo::is_workspace_of_the_lesson;
use flags_testing::trial;
use libtest_mimic::Arguments;

use crate::patch::Patch;

fn main() {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1); // all share one checkout
    if !is_workspace_of_the_lesson() || !cfg!(unix) {
        return eprintln!("SKIPPED: patches are tried in the workspace that they change, on Unix");
    }
    let mut trials = vec![
        trial("page", "lists_every_patch_once", page::lists_every_patch_once),
        trial("page", "has_commands_of_its_patches", page::has_commands_of_its_patches),
    ];
    let mut experiments = vec![trial("shows", "right_code", experiment::right_code)];
    for patch in &*Patch::all().leak() {
        trials.push(trial("applies", &patch.name, || apply::check(patch)));
        experiments.push(trial("shows", &patch.name, || experiment::run(patch)));
    }
    if cfg!(target_os = "linux") {
        // Elsewhere, the lanes do not show what a thread waits for.
        trials.extend(experiments.into_iter().map(|it| it.with_ignored_flag(true)));
    }
    libtest_mimic::run(&arguments, trials).exit()
}
