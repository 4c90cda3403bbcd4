//! Tries a patch: applies it, runs the program with and without it, and restores the files.

use std::collections::BTreeSet;
use std::process::Command;

use flags_testing::markdown::one_line;
use flags_testing::update;

use crate::learner::{self, correct_binary, must_type_in, stderr, type_in};
use crate::page::{self, Shown};
use crate::patch::Patch;
use crate::picture::{difference, excerpt};
use crate::run::Run;

pub fn run(patch: &Patch) {
    learner::renew(); // if a trial failed before
    must_type_in(&format!("git apply {}", patch.path()));
    for file in patch.files().iter().filter(|file| file.ends_with(".rs")) {
        must_type_in(&format!("rustfmt --check --edition 2024 {file}"));
    }
    let (_, command) = patch.commands();
    if command.starts_with("cargo build ") {
        does_not_compile(patch, &command);
    } else {
        shows_what_is_said(patch);
    }
    must_type_in(&format!("git apply -R {}", patch.path()));
    let same = learner::renew();
    assert!(same || update::is_wanted(), "it is taken back"); // the page may have been written
}

/// The compiler's error is the one that the prose quotes.
fn does_not_compile(patch: &Patch, command: &str) {
    let compiled = type_in(&format!("{command} --locked"));
    let printed = stderr(&compiled);
    assert!(!compiled.status.success(), "it compiles");
    assert!(patch.quotes()[0].starts_with("error["), "the prose quotes the error");
    for quote in patch.quotes() {
        assert!(one_line(&printed).contains(&quote), "not printed: {quote}\n{printed}");
    }
}

/// Compares the program with the mistake to the one without it. The quotes in the prose and the pictures
/// of the page are what only the former shows. A patch that has neither is another way to write the
/// right code, and shows what that does.
fn shows_what_is_said(patch: &Patch) {
    let package = patch.package();
    let compiled = type_in(&format!("cargo build --locked -p {package}"));
    assert!(compiled.status.success(), "{}", stderr(&compiled));
    warnings_are_in_the_prose(patch, &stderr(&compiled));

    check_says_its_symptoms(patch);
    let (site, command) = patch.commands();
    let (binary, quotes) = (learner::binary(package), patch.quotes());
    let hangs = patch.prose.contains("Press Ctrl-C");
    let note = hangs.then_some("Ctrl-C stops the run and draws it.");
    let mistaken = Run { binary: &binary, command: &command, site: site.as_deref(), note };
    let correct = Run { binary: correct_binary(package), note: None, ..mistaken };
    if !quotes.is_empty() {
        let missing =
            |output: &String| quotes.iter().find(|quote| !output.contains(*quote)).cloned();
        look_until(LOOKS, || mistaken.output(), missing).unwrap_or_else(|(quote, output)| {
            panic!("not printed: {quote}\n{output}");
        });
        let output = correct.output();
        for quote in &quotes {
            assert!(!output.contains(quote), "the right code prints it, too: {quote}\n{output}");
        }
    }
    let shown = page::shown(patch);
    for Shown { command, site, block } in &shown {
        let (command, site) = (command.as_str(), site.as_deref());
        let Some(block) = shows(&Run { command, site, ..mistaken }, block) else { continue };
        if patch.is_next_step() {
            continue; // the right code may look the same: its times are not compared
        }
        let screen = Run { command, site, ..correct }.screen();
        let same = difference(&block, &excerpt(&block, &screen)).is_none();
        assert!(!same, "the right code shows the same:\n{block}");
    }
    if quotes.is_empty() && shown.is_empty() {
        shows_the_right_picture(package, &mistaken);
    }
}

/// The check says what the page says that it does.
fn check_says_its_symptoms(patch: &Patch) {
    let known = page::symptoms_of(patch);
    let check = || -> BTreeSet<String> {
        let output = Command::new(learner::binary(patch.package())).arg("--check").output();
        let output = String::from_utf8(output.expect("it starts").stdout).expect("UTF-8");
        output.lines().map(page::without_numbers).collect()
    };
    // Of blocking-in-async, one check in three says `ok`: its four answers then come at the same time.
    look_until(20, check, |said| (*said != known).then(|| format!("the page: {known:#?}")))
        .unwrap_or_else(|(page, said)| panic!("the check: {said:#?}\n{page}"));
}

fn shows_the_right_picture(package: &str, mistaken: &Run) {
    let mut right = page::right_code().into_iter();
    let Shown { command, block, .. } = right.find(|it| it.package() == package).expect("a picture");
    shows(&Run { command: &command, ..*mistaken }, &block);
}

/// The right code shows the pictures that the page has of it.
pub fn right_code() {
    for shown in page::right_code() {
        let binary = correct_binary(shown.package());
        shows(&Run { binary, command: &shown.command, site: None, note: None }, &shown.block);
    }
}

/// Checks that the screen shows a block of the page, or writes the block, if that is wanted. Returns the
/// block as it is now, or nothing where the screen cannot be checked.
fn shows(run: &Run, block: &str) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None; // the lanes do not show what a thread waits for
    }
    let seen = || excerpt(block, &run.screen());
    match look_until(LOOKS, seen, |seen| difference(block, seen)) {
        Ok(()) => Some(block.to_owned()),
        Err((_, seen)) if update::is_wanted() => {
            page::replace(block, &seen);
            Some(seen)
        }
        Err((difference, seen)) => {
            panic!("$ {}\n{difference}\nThis run:\n{seen}\n{}", run.command, update::HINT)
        }
    }
}

/// On a busy machine, a request may wait a little longer, and a thread may take the job that is another's
/// elsewhere.
const LOOKS: usize = 5;

/// Looks until nothing is wrong with what it sees, at most this many `times`. If it is still wrong, returns
/// why, and what was seen.
fn look_until<T>(
    times: usize,
    look: impl Fn() -> T,
    wrong: impl Fn(&T) -> Option<String>,
) -> Result<(), (String, T)> {
    let mut again = times - 1;
    loop {
        let seen = look();
        match wrong(&seen) {
            None => return Ok(()),
            Some(wrong) if again == 0 => return Err((wrong, seen)),
            Some(_) => again -= 1,
        }
    }
}

/// A learner sees the compiler's warnings first.
fn warnings_are_in_the_prose(patch: &Patch, printed: &str) {
    let warnings = printed.lines().filter_map(|line| line.strip_prefix("warning: "));
    for warning in warnings.filter(|warning| !warning.contains(" generated ")) {
        assert!(one_line(&patch.prose).contains(warning), "not in the prose: {warning}");
    }
}
