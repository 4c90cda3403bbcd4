//! The mistakes in `flags-common/lesson/mistakes`: each patch still applies, the program with it
//! shows what its prose says, and the program without it does not.
//!
//! `cargo test -p flags-cli --test mistakes -- --ignored` tries the patches. That takes minutes,
//! because it builds and runs a copy of the workspace with each of them.

mod apply;
mod experiment;
mod learner;
mod page;
mod patch;
mod prose;
mod screen;
mod seen;
mod table;

use std::env;

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
        trial("every_patch_has_a_case", every_patch_has_a_case),
        trial("teachers_page_lists_every_patch_once", page::lists_every_patch_once),
        trial("teachers_page_gives_commands_of_its_patches", page::gives_commands_of_its_patches),
        trial("lesson_takes_45_minutes", page::lesson_takes_45_minutes),
    ];
    for patch in Patch::all() {
        let name = patch.name.clone();
        trials.push(trial(&format!("rules for {name}"), move || {
            prose::check(&patch);
            match env::var_os("REMAKE") {
                Some(_) => apply::remake(&patch),
                None => apply::applies(&patch),
            }
        }));
    }
    let right_code = trial("right_code_fits_on_a_projector", page::right_code_fits);
    trials.push(right_code.with_ignored_flag(true));
    for case in table::cases() {
        let try_it = trial(case.name, move || experiment::run(&case));
        trials.push(try_it.with_ignored_flag(true));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn trial(name: &str, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, || {
        test();
        Ok(())
    })
}

fn every_patch_has_a_case() {
    let mut cases: Vec<_> = table::cases().iter().map(|case| case.name).collect();
    cases.sort_unstable();
    assert_eq!(cases, Patch::all().iter().map(|patch| &patch.name).collect::<Vec<_>>());
}
