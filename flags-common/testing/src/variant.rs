//! A downloader under test.

use std::env;
use std::env::consts::EXE_EXTENSION;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use crate::{Run, Running, cargo};

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

/// A downloader.
#[derive(Debug)]
pub struct Variant {
    /// How it downloads.
    pub strategy: Strategy,
    /// Path of its binary.
    pub path: PathBuf,
}

impl Variant {
    /// Name of the binary.
    pub fn name(&self) -> &str {
        self.path.file_stem().and_then(|name| name.to_str()).expect("the path of a binary")
    }

    /// Starts a line of shell in a new folder. The word `flags` in it stands for the downloader, and the
    /// name of the binary is known. A line that begins with `flags` has no other command: the shell becomes
    /// the downloader, so that signals reach it.
    pub fn start(&self, line: &str) -> Running {
        let dir = tempfile::tempdir().expect("a temporary folder");
        Running::start(self.shell(line), dir)
    }

    /// Runs a line of shell in a new folder. The word `flags` stands for the downloader.
    pub fn run(&self, line: &str) -> Run {
        self.start(line).finish()
    }

    /// The command for such a line of shell.
    pub(crate) fn shell(&self, line: &str) -> Command {
        let words = line.split(' ').enumerate().map(|(n, word)| match (n, word) {
            (0, "flags") => format!("exec {}", self.name()),
            (_, "flags") => self.name().to_owned(),
            _ => word.to_owned(),
        });
        let line: Vec<_> = words.collect();
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = self.path.parent().map(Path::to_owned).into_iter();
        let folders = env::join_paths(folders.chain(env::split_paths(&path))).expect("a path");
        let mut shell = Command::new("sh");
        shell.args(["-c", &line.join(" ")]).env("PATH", folders);
        shell
    }
}

/// The three downloaders of this workspace, built by a nested cargo with the profile of the caller.
/// For tests of other packages and benchmarks, which cargo gives no `CARGO_BIN_EXE_…`.
pub fn all_variants() -> &'static [Variant; 3] {
    static VARIANTS: LazyLock<[Variant; 3]> = LazyLock::new(|| {
        let binaries = cargo::build("--bins");
        Strategy::ALL.map(|strategy| {
            let name = format!("flags-{}", strategy.name());
            Variant { strategy, path: binaries.join(name).with_extension(EXE_EXTENSION) }
        })
    });
    &VARIANTS
}
