//! A downloader under test.

use std::env::consts::EXE_EXTENSION;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::LazyLock;

use flags_cli::timeline::Timeline;
use tempfile::TempDir;

use crate::{Running, cargo, saved_files};

/// How a downloader downloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// One flag after the other, with ureq.
    Sequence,
    /// On the threads of a pool, with ureq.
    ThreadPool,
    /// With futures on one thread, and reqwest.
    Async,
}

impl Strategy {
    /// The three, in the order of the lesson.
    pub const ALL: [Self; 3] = [Self::Sequence, Self::ThreadPool, Self::Async];

    /// What follows `flags-` in the name of the downloader.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sequence => "seq",
            Self::ThreadPool => "threadpool",
            Self::Async => "async",
        }
    }

    /// Maximum number of requests in flight if `max_req` are allowed.
    pub fn in_flight(self, max_req: usize) -> usize {
        if self == Self::Sequence { 1 } else { max_req }
    }
}

/// A downloader: its binary and its crate.
#[derive(Debug)]
pub struct Variant {
    /// Name of the binary.
    pub name: String,
    /// How it downloads.
    pub strategy: Strategy,
    /// Path of the binary.
    pub path: PathBuf,
    /// Folder of its crate.
    pub folder: PathBuf,
}

impl Variant {
    /// The downloader with this binary (`CARGO_BIN_EXE_…`) and this folder (`CARGO_MANIFEST_DIR`).
    pub fn new(strategy: Strategy, path: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Self {
        let (path, folder) = (path.into(), folder.into());
        let name = path.file_stem().expect("the path of a binary").to_string_lossy().into_owned();
        Self { name, strategy, path, folder }
    }

    /// The command that runs it in `dir`, without environment variables that would change what it does.
    pub fn command(&self, dir: &Path) -> Command {
        in_folder(Command::new(&self.path), dir)
    }

    /// Runs it in a new folder.
    pub fn run(&self, args: &[&str]) -> Run {
        self.start(args).finish()
    }

    /// Starts it in a new folder.
    pub fn start(&self, args: &[&str]) -> Running {
        self.start_in(tempfile::tempdir().expect("a temporary folder"), args)
    }

    /// Starts it in `dir`.
    pub fn start_in(&self, dir: TempDir, args: &[&str]) -> Running {
        let mut command = self.command(dir.path());
        command.args(args);
        Running::start(command, dir)
    }

    /// Starts it in a new folder, in a shell that has run `before`, which may set limits.
    #[cfg(unix)]
    pub(crate) fn start_after(&self, before: &str, args: &[&str]) -> Running {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut command = in_folder(Command::new("sh"), dir.path());
        command.args(["-c", &format!("{before}; exec \"$@\""), "sh"]);
        command.arg(&self.path).args(args);
        Running::start(command, dir)
    }

    /// Runs it in `dir`.
    pub fn run_in(&self, dir: TempDir, args: &[&str]) -> Run {
        self.start_in(dir, args).finish()
    }
}

/// The three downloaders of this workspace, built by a nested cargo with the profile of the caller.
/// For tests of other packages and benchmarks, which cargo gives no `CARGO_BIN_EXE_…`.
pub fn all_variants() -> &'static [Variant; 3] {
    static VARIANTS: LazyLock<[Variant; 3]> = LazyLock::new(|| {
        let binaries = cargo::build("--bins");
        Strategy::ALL.map(|strategy| {
            let name = format!("flags-{}", strategy.name());
            let path = binaries.join(&name).with_extension(EXE_EXTENSION);
            Variant::new(strategy, path, cargo::workspace().join(name))
        })
    });
    &VARIANTS
}

/// What a run of a downloader left behind. Its text form has both streams: for the message of a
/// failed test.
#[derive(Debug)]
pub struct Run {
    /// The command line, for the message.
    pub(crate) command: String,
    /// Exit status; 128 + n if signal n ended the process.
    pub status: i32,
    /// What it wrote on stdout.
    pub stdout: String,
    /// What it wrote on stderr.
    pub stderr: String,
    /// The folder that it ran in.
    pub dir: TempDir,
}

impl Run {
    /// Names of the files in `downloaded`, sorted; empty if there is no such folder.
    pub fn files(&self) -> Vec<String> {
        saved_files(self.dir.path())
    }

    /// The data of its timeline: the file `run.json`, which `--timeline=run.json` has written.
    #[track_caller]
    pub fn timeline(&self) -> Timeline {
        let data = fs::read_to_string(self.dir.path().join("run.json")).expect("run.json");
        data.parse().expect("a timeline")
    }

    /// Panics unless the program exited with `status` and left `files` files in `downloaded`.
    #[track_caller]
    pub fn assert(&self, status: i32, files: usize) {
        let ended = (self.status, self.files().len());
        assert_eq!(ended, (status, files), "exit status and number of files\n{self}");
    }

    /// Panics unless stderr contains `text`.
    #[track_caller]
    pub fn assert_says(&self, text: &str) {
        assert!(self.stderr.contains(text), "stderr does not say {text:?}\n{self}");
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&as_text(&self.command, self.status, &self.stdout, &self.stderr))
    }
}

/// What a person reads of a run in the message of a failed test.
pub(crate) fn as_text(command: &str, status: i32, stdout: &str, stderr: &str) -> String {
    format!("$ {command}\n--- stdout\n{stdout}--- stderr\n{stderr}--- exit {status}")
}

/// Runs `command` in `dir` to its end.
pub fn finish(command: Command, dir: TempDir) -> Run {
    Running::start(command, dir).finish()
}

/// A command to be run in `dir`, without environment variables that change what a downloader does.
pub fn in_folder(mut command: Command, dir: &Path) -> Command {
    for name in ["COLUMNS", "NO_COLOR", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command.current_dir(dir).stdin(Stdio::null()); // a terminal there would have a width
    command
}

/// The exit status as in a shell: 128 + n if signal n ended the process.
pub(crate) fn status_of(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    status.code().unwrap_or_else(|| 128 + signal.expect("a signal ended it"))
}
