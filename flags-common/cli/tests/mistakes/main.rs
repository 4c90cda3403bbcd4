//! The mistakes in `flags-common/lesson/mistakes`: each patch applies, and the program with it shows what
//! its prose and the lesson's page say, which the program without it does not. The page is the only
//! place that says what a mistake shows: a new mistake is a patch, and a section of the page.
//!
//! `cargo test -p flags-cli --test mistakes -- --ignored` tries the patches. That takes minutes, because
//! it builds and runs a copy of the workspace with each of them. With `UPDATE=1`, it also writes the
//! pictures of the page that are out of date. For a new one, the page needs its first and last word:
//! two lines, `Bars:` and `Connections`.

mod apply;
mod experiment;
mod learner;
mod page;
mod patch;
mod picture;
mod run;

use flags_testing::cargo::is_workspace_of_the_lesson;
use libtest_mimic::{Arguments, Trial};

use crate::patch::Patch;

fn main() {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1); // all share one copy of the workspace
    if !is_workspace_of_the_lesson() {
        return eprintln!("SKIPPED: this is not the workspace that the patches change");
    }
    let mut trials = vec![
        trial("page_lists_every_patch_once", page::lists_every_patch_once),
        trial("page_has_commands_of_its_patches", page::has_commands_of_its_patches),
        trial("pictures_have_the_marks_of_the_text", page::pictures_have_the_marks_of_the_text),
        trial("lesson_takes_45_minutes", page::lesson_takes_45_minutes),
        trial(
            "check_is_known_for_every_patch_that_runs",
            page::check_is_known_for_every_patch_that_runs,
        ),
        trial("right_code", experiment::right_code).with_ignored_flag(true),
    ];
    for patch in Patch::all() {
        let (applies, name) = (format!("{} applies", patch.name), patch.name.clone());
        trials.push(trial(&applies, move || apply::check(&Patch::named(&name))));
        let name = patch.name.clone();
        trials.push(trial(&name, move || experiment::run(&patch)).with_ignored_flag(true));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn trial(name: &str, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, || {
        test();
        Ok(())
    })
}
