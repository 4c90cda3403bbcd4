//! What the tests, benches and examples that run the three downloaders share.
#![allow(dead_code)] // each uses its part of it

pub mod cargo;
pub mod fault_server;
pub mod gate;
pub mod site_process;
pub mod tls;

use std::env::consts::EXE_EXTENSION;
use std::fs;
use std::future::pending;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use flags_common::site::{Behaviour, Counters, flag_image, start};
use tempfile::TempDir;

/// The binary of a downloader, built with the profile of who asks.
pub struct Variant {
    pub name: &'static str,
    pub path: PathBuf,
}

/// The three, as the README names them. Builds them, since cargo does not build one crate's
/// binaries for the tests of another.
pub static VARIANTS: LazyLock<[Variant; 3]> = LazyLock::new(|| {
    let folder = cargo::build("--bins");
    ["flags-seq", "flags-threadpool", "flags-async"]
        .map(|name| Variant { name, path: folder.join(name).with_extension(EXE_EXTENSION) })
});

/// What a run of a downloader left behind.
pub struct Run {
    /// The exit status; 128 + its number if a signal ended the process.
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
    /// The folder that it ran in.
    pub dir: TempDir,
}

impl Variant {
    /// The command to run it in `dir`, as from a shell with nothing set that would change what it
    /// does.
    pub fn command(&self, dir: &Path) -> Command {
        let mut command = Command::new(&self.path);
        command.current_dir(dir).env_remove("NO_COLOR").env_remove("RUST_BACKTRACE");
        command
    }

    /// Runs it in a new folder. It is killed after a minute, so that no fault can hang the tests.
    pub fn run(&self, args: &[&str]) -> Run {
        let dir = tempfile::tempdir().unwrap();
        self.run_in(dir, args)
    }

    /// Runs it in `dir`.
    pub fn run_in(&self, dir: TempDir, args: &[&str]) -> Run {
        let mut command = self.command(dir.path());
        command.args(args);
        finish(command, dir)
    }
}

/// Runs `command` to its end.
pub fn finish(command: Command, dir: TempDir) -> Run {
    let mut command = assert_cmd::Command::from_std(command);
    let output = command.timeout(Duration::from_secs(60)).output().expect("the binary starts");
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&output.status);
    #[cfg(not(unix))]
    let signal = None;
    Run {
        status: output.status.code().unwrap_or_else(|| 128 + signal.expect("a signal ended it")),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        dir,
    }
}

impl Run {
    /// The names of the files in `downloaded`, in order; none if there is no such folder.
    pub fn files(&self) -> Vec<String> {
        files(self.dir.path())
    }
}

/// The names of the files in the folder `downloaded` of `dir`, in order; none if there is no such
/// folder.
pub fn files(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir.join("downloaded")).into_iter().flatten();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A number of what Linux tells of a process: `Threads`, or `VmHWM`, the most memory that it had so
/// far, in KiB. `None` where nothing is told of it, any more or at all.
pub fn process_status(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    value.split_whitespace().next()?.parse().ok()
}

/// A demo site in this process, for one test to read the counters of.
pub struct TestSite {
    pub base_url: String,
    pub counters: Arc<Counters>,
}

impl TestSite {
    /// Starts one. It serves until the process ends.
    pub fn start(behaviour: Behaviour) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (base_url, counters) = start(&runtime, behaviour).unwrap();
        thread::spawn(move || runtime.block_on(pending::<()>()));
        Self { base_url, counters }
    }

    /// One whose answers take `latency` milliseconds.
    pub fn with_latency(latency: u64) -> Self {
        Self::start(Behaviour::Local(Duration::from_millis(latency)))
    }
}

/// The codes of a line in alphabetical order, with one space between them.
pub fn codes_in_order(line: &str) -> String {
    assert_eq!(line, line.trim_end(), "no space at the end");
    let mut codes: Vec<_> = line.split_whitespace().collect();
    codes.sort_unstable();
    codes.join(" ")
}

/// Whether the file is the flag that its name says: the demo site's image, and one that decodes.
pub fn is_flag(path: &Path) -> bool {
    let code = path.file_stem().and_then(|stem| stem.to_str()).expect("a code");
    let bytes = fs::read(path).unwrap();
    let mut decoder = gif::Decoder::new(bytes.as_slice()).expect("a GIF");
    let frame = decoder.read_next_frame().expect("a whole frame").expect("an image");
    assert_eq!((frame.width, frame.height), (72, 72));
    flag_image(code.parse().expect("a country code")) == Some(&bytes)
}
