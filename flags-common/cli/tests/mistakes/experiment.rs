//! Tries a patch: applies it, runs the program with and without it, and restores the files.

use std::path::Path;
use std::process::Command;

use flags_testing::Running;
use flags_testing::markdown::one_line;
use flags_testing::sites::SiteProcess;

use crate::learner::{self, must_type_in, stderr, type_in};
use crate::page;
use crate::patch::{Commands, Patch, SITE_URL};
use crate::seen::Seen;
use crate::table::Case;

pub fn run(case: &Case) {
    let patch = Patch::named(case.name);
    let Commands { apply, run: command, take_back, .. } = patch.commands();
    learner::renew(); // if a trial failed before
    must_type_in(apply);
    for file in patch.files().iter().filter(|file| file.ends_with(".rs")) {
        must_type_in(&format!("rustfmt --check --edition 2024 {file}"));
    }
    if command.starts_with("cargo check ") {
        does_not_compile(&patch, command);
    } else {
        shows_its_symptoms(case, &patch, command);
    }
    must_type_in(take_back);
    assert!(learner::renew(), "after `{take_back}`");
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

/// Compares the program with the mistake to the one without it.
fn shows_its_symptoms(case: &Case, patch: &Patch, command: &str) {
    let package = patch.package();
    let compiled = type_in(&format!("cargo build --locked -p {package}"));
    assert!(compiled.status.success(), "{}", stderr(&compiled));
    warnings_are_in_the_prose(patch, &stderr(&compiled));

    let start = Start { args: arguments(command), site: patch.commands().site };
    let quotes = patch.quotes();
    let note = case.hangs.then(|| quotes[0].as_str());
    let wrong = |seen: &Seen, mistaken| {
        let output = one_line(&seen.output);
        let mut wrong = quotes.iter().filter(|quote| output.contains(*quote) != mistaken);
        let quote = wrong.next().map(|quote| format!("should be printed, {mistaken}: {quote}"));
        let wrong = quote.or(case.wrong(seen, mistaken))?;
        Some(format!("{wrong}\n{}", seen.output))
    };
    let binary = learner::binary(package);
    see_until(|| see(&binary, &start, note), |seen| wrong(seen, true));
    let correct = learner::correct_binary(package);
    let correct = see_until(|| see(correct, &start, None), |seen| wrong(seen, false));
    assert!(!correct.says("Note:") && !correct.says("waited for the one before"));
    page::shows_it(patch, note);
}

/// Looks until nothing is `wrong` with what it sees, at most five times: on a busy machine, a request
/// may wait a little longer, and a thread may take the job that is another's elsewhere.
pub fn see_until<T>(see: impl Fn() -> T, wrong: impl Fn(&T) -> Option<String>) -> T {
    let mut again = 4;
    loop {
        let seen = see();
        let Some(wrong) = wrong(&seen) else { return seen };
        assert!(again > 0, "{wrong}");
        again -= 1;
    }
}

/// A learner sees the compiler's warnings first.
fn warnings_are_in_the_prose(patch: &Patch, printed: &str) {
    let warnings = printed.lines().filter_map(|line| line.strip_prefix("warning: "));
    for warning in warnings.filter(|warning| !warning.contains(" generated ")) {
        assert!(one_line(&patch.prose).contains(warning), "not in the prose: {warning}");
    }
}

/// Runs a downloader with the arguments of the prose, except that the picture is its data. If it
/// hangs, it ends by Ctrl-C after this `note`.
fn see(binary: &Path, start: &Start<'_>, note: Option<&str>) -> Seen {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (mut command, _site) = start.command(binary, dir.path());
    command.arg("--timeline=run.json");
    let mut downloader = Running::start(command, dir);
    if let Some(note) = note {
        downloader.wait_until(|it| it.stderr().contains(note));
        downloader.signal("INT");
    }
    let run = downloader.finish();
    let (saved, timeline) = (run.files().len(), run.timeline());
    Seen { status: run.status, output: run.stdout + &run.stderr, saved, timeline }
}

/// The arguments of a downloader, and those of its site in another terminal.
pub struct Start<'a> {
    pub args: Vec<&'a str>,
    pub site: Option<&'a str>,
}

impl Start<'_> {
    /// Starts the site, if there is one. The command has all arguments but `--timeline`.
    pub fn command(&self, binary: &Path, dir: &Path) -> (Command, Option<SiteProcess>) {
        let site =
            self.site.map(|args| SiteProcess::start(&args.split_whitespace().collect::<Vec<_>>()));
        let mut command = Command::new(binary);
        for arg in self.args.iter().filter(|arg| **arg != "--timeline") {
            match &site {
                Some(site) if *arg == SITE_URL => command.arg(&site.base_url),
                _ => command.arg(arg),
            };
        }
        command.current_dir(dir).env_remove("NO_COLOR").env_remove("RUST_BACKTRACE");
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env_remove(proxy).env_remove(proxy.to_lowercase()); // a new client obeys them
        }
        (command, site)
    }
}

/// What stands after `--` in a command.
pub fn arguments(command: &str) -> Vec<&str> {
    command.split_whitespace().skip_while(|word| *word != "--").skip(1).collect()
}
