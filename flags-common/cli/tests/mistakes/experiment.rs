//! Tries a patch: applies it, runs the program with and without it, and restores the files.

use std::path::Path;
use std::process::Command;

use flags_testing::markdown::one_line;
use flags_testing::sites::SiteProcess;
use flags_testing::{Running, in_folder};

use crate::learner::{self, must_type_in, stderr, type_in};
use crate::page;
use crate::patch::{Patch, SITE_URL};
use crate::seen::Seen;
use crate::table::Case;

pub fn run(case: &Case) {
    let patch = Patch::named(case.name);
    let (_, command) = patch.commands();
    learner::renew(); // if a trial failed before
    must_type_in(&format!("git apply {}", patch.path()));
    for file in patch.files().iter().filter(|file| file.ends_with(".rs")) {
        must_type_in(&format!("rustfmt --check --edition 2024 {file}"));
    }
    if command.starts_with("cargo check ") {
        does_not_compile(&patch, command);
    } else {
        shows_its_symptoms(case, &patch);
    }
    must_type_in(&format!("git apply -R {}", patch.path()));
    assert!(learner::renew(), "it is taken back");
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
fn shows_its_symptoms(case: &Case, patch: &Patch) {
    let package = patch.package();
    let compiled = type_in(&format!("cargo build --locked -p {package}"));
    assert!(compiled.status.success(), "{}", stderr(&compiled));
    warnings_are_in_the_prose(patch, &stderr(&compiled));

    let quotes = patch.quotes();
    let wrong = |seen: &Seen, mistaken| {
        let output = one_line(&seen.output);
        let mut wrong = quotes.iter().filter(|quote| output.contains(*quote) != mistaken);
        let should = if mistaken { "should" } else { "should not" };
        let quote = wrong.next().map(|quote| format!("{should} be printed: {quote}"));
        let wrong = quote.or(case.wrong(seen, mistaken))?;
        Some(format!("{wrong}\n{}", seen.output))
    };
    let (site, command) = patch.commands();
    let note = case.hangs.then(|| quotes[0].as_str());
    let mistaken = Start { binary: &learner::binary(package), command, site, note };
    let correct = Start { binary: learner::correct_binary(package), note: None, ..mistaken };
    see_until(|| see(&mistaken), |seen| wrong(seen, true));
    let seen = see_until(|| see(&correct), |seen| wrong(seen, false));
    let accused = seen.says("Note:") || seen.says("waited for the one before");
    assert!(!accused, "{}", seen.output);
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

/// Runs a downloader as the prose says, except that the picture is its data.
fn see(start: &Start<'_>) -> Seen {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (command, _site) = start.command("--timeline=run.json", dir.path());
    let mut downloader = Running::start(command, dir);
    if let Some(note) = start.note {
        downloader.wait_until(|it| it.stderr().contains(note));
        downloader.signal("INT");
    }
    let run = downloader.finish();
    let (saved, timeline) = (run.files().len(), run.timeline());
    Seen { status: run.status, output: run.stdout + &run.stderr, saved, timeline }
}

/// How a downloader is run.
pub struct Start<'a> {
    pub binary: &'a Path,
    /// Its arguments stand after `--`.
    pub command: &'a str,
    /// The arguments of its site in another terminal.
    pub site: Option<&'a str>,
    /// It hangs: after this note, Ctrl-C ends it.
    pub note: Option<&'a str>,
}

impl Start<'_> {
    /// Starts the site, if there is one. The command has this form of `--timeline`.
    pub fn command(&self, timeline: &str, dir: &Path) -> (Command, Option<SiteProcess>) {
        let site =
            self.site.map(|args| SiteProcess::start(&args.split_whitespace().collect::<Vec<_>>()));
        let mut command = in_folder(Command::new(self.binary), dir);
        for arg in self.command.split_whitespace().skip_while(|word| *word != "--").skip(1) {
            match (arg, &site) {
                (SITE_URL, Some(site)) => command.arg(&site.base_url),
                ("--timeline", _) => command.arg(timeline),
                _ => command.arg(arg),
            };
        }
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env_remove(proxy).env_remove(proxy.to_lowercase()); // a new client obeys them
        }
        (command, site)
    }
}
