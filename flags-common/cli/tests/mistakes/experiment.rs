//! Tries a patch: applies it, runs the program with and without it, and restores the files.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use flags_cli::timeline::Timeline;
use flags_testing::sites::SiteProcess;
use flags_testing::{finish, saved_files};
use tempfile::TempDir;

use crate::learner::{self, must_type_in, stderr, type_in};
use crate::page;
use crate::patch::{Commands, Patch, SITE_URL, one_line};
use crate::table::{Case, Kind};

/// What a run shows.
pub struct Seen {
    /// The exit status.
    pub status: i32,
    /// What it wrote, stdout first.
    pub output: String,
    /// Number of saved flags.
    pub saved: usize,
    /// The run's own data.
    pub timeline: Timeline,
}

pub fn run(case: &Case) {
    let patch = Patch::named(case.name);
    let Commands { apply, run: command, take_back, .. } = patch.commands();
    learner::renew(); // if a trial failed before
    must_type_in(apply);
    for file in patch.files().iter().filter(|file| file.ends_with(".rs")) {
        must_type_in(&format!("rustfmt --check --edition 2024 {file}"));
    }
    let printed = match case.kind {
        Kind::DoesNotCompile(code) => does_not_compile(command, code),
        Kind::Runs | Kind::Hangs(_) => shows_its_symptoms(case, &patch, command),
    };
    for quote in patch.quotes() {
        assert!(one_line(&printed).contains(&quote), "not printed: {quote}\n{printed}");
    }
    must_type_in(take_back);
    assert!(learner::renew(), "after `{take_back}`");
}

fn does_not_compile(command: &str, code: &str) -> String {
    let compiled = type_in(&format!("{command} --locked"));
    let printed = stderr(&compiled);
    assert!(!compiled.status.success(), "it compiles");
    assert!(printed.contains(&format!("error[{code}]: ")), "{printed}");
    printed
}

/// Compares the program with the mistake to the one without it. Returns what the compiler and the
/// former print.
fn shows_its_symptoms(case: &Case, patch: &Patch, command: &str) -> String {
    let package = patch.package();
    let compiled = type_in(&format!("cargo build --locked -p {package}"));
    let mut printed = stderr(&compiled);
    assert!(compiled.status.success(), "{printed}");
    warnings_are_in_the_prose(patch, &printed);

    let start = Start { args: arguments(command), site: patch.commands().site };
    let mistaken = see_until(&learner::binary(package), &start, &case.kind, |it| {
        let missing = case.symptoms.iter().chain(&case.shared).find(|fact| !(fact.holds)(it));
        missing.map(|fact| format!("not {}", fact.name))
    });
    let correct = see_until(learner::correct_binary(package), &start, &Kind::Runs, |it| {
        let symptom =
            case.symptoms.iter().find(|fact| (fact.holds)(it)).map(|fact| fact.name.to_owned());
        let shared = case.shared.iter().find(|fact| !(fact.holds)(it));
        symptom.or(shared.map(|fact| format!("not {}", fact.name)))
    });
    assert!(!correct.says("Note:") && !correct.says("waited for the one before"));
    page::shows_it(case, &learner::binary(package));
    printed += &mistaken.output;
    printed
}

/// Runs a downloader until nothing is `wrong` with what it shows, at most five times: on a busy machine,
/// a request may wait a little longer than it would elsewhere.
fn see_until(
    binary: &Path,
    start: &Start<'_>,
    kind: &Kind,
    wrong: impl Fn(&Seen) -> Option<String>,
) -> Seen {
    for _ in 0..4 {
        let seen = see(binary, start, kind);
        if wrong(&seen).is_none() {
            return seen;
        }
    }
    let seen = see(binary, start, kind);
    let wrong = wrong(&seen);
    assert_eq!(wrong, None, "{}:\n{}", binary.display(), seen.output);
    seen
}

/// A learner sees the compiler's warnings first.
fn warnings_are_in_the_prose(patch: &Patch, printed: &str) {
    let warnings = printed.lines().filter_map(|line| line.strip_prefix("warning: "));
    for warning in warnings.filter(|warning| !warning.contains(" generated ")) {
        assert!(one_line(&patch.prose).contains(warning), "not in the prose: {warning}");
    }
}

/// Runs a downloader with the arguments of the prose, except that the picture is its data.
fn see(binary: &Path, start: &Start<'_>, kind: &Kind) -> Seen {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (mut command, _site) = start.command(binary, dir.path());
    command.arg("--timeline=run.json");
    let (status, output, dir) = match kind {
        Kind::Hangs(note) => interrupt(command, dir, note),
        _ => {
            let run = finish(command, dir);
            (run.status, run.stdout + &run.stderr, run.dir)
        }
    };
    let timeline =
        fs::read_to_string(dir.path().join("run.json")).expect("the data of the picture");
    let timeline = timeline.parse().expect("a timeline");
    Seen { status, output, saved: saved_files(dir.path()).len(), timeline }
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

/// Presses Ctrl-C once the downloader has written `note`.
fn interrupt(mut command: Command, dir: TempDir, note: &str) -> (i32, String, TempDir) {
    const TIMEOUT: Duration = Duration::from_secs(60);
    let path = dir.path().join("output");
    let output = || fs::read_to_string(&path).expect("what it wrote");
    command.stderr(File::create(&path).expect("a new file")).stdout(std::process::Stdio::null());
    let mut downloader = command.spawn().expect("the binary starts");
    let (started, mut pressed) = (Instant::now(), false);
    let status = loop {
        if let Some(status) = downloader.try_wait().expect("the status of a child") {
            break status;
        }
        if started.elapsed() > TIMEOUT {
            _ = downloader.kill();
        }
        if !pressed && output().contains(note) {
            let pid = downloader.id().to_string();
            let kill = Command::new("kill").args(["-INT", &pid]).status().expect("kill starts");
            pressed = kill.success();
        }
        sleep(Duration::from_millis(1));
    };
    (status.code().expect("an exit status: it hangs"), output(), dir)
}

impl Seen {
    /// Whether it wrote this.
    pub fn says(&self, text: &str) -> bool {
        self.output.contains(text)
    }
}
