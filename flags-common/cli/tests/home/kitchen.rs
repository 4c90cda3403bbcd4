//! Where recipes are followed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use flags_testing::Running;
use flags_testing::cargo::{forget_package, share_dependencies, workspace};
use tempfile::TempDir;

/// A folder for a recipe, with a copy of this workspace, whose path has a space. All kitchens share a
/// target folder, to compile the dependencies once. One at a time: otherwise two programs of the same
/// name would replace each other before they run.
pub struct Kitchen {
    dir: TempDir,
    _alone: MutexGuard<'static, ()>,
}

impl Kitchen {
    pub fn new() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let kitchen = Self { dir: tempfile::tempdir().unwrap(), _alone: alone };
        let copy = format!(
            "mkdir \"$FLAGS\" && cd '{}' && cp -r Cargo.toml Cargo.lock flags-* \"$FLAGS\"
            cd \"$FLAGS\" && rm -f flags-common/lesson/home/*/Cargo.lock
            CARGO_NET_OFFLINE=false cargo fetch --locked",
            workspace().display()
        );
        kitchen.run("", &copy);
        if !target().exists() {
            share_dependencies(&target());
        }
        kitchen
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// A finished folder.
    pub fn home(&self, program: &str) -> PathBuf {
        self.path("the workspace/flags-common/lesson/home").join(program)
    }

    /// Runs commands in a folder, up to the first that fails, and returns what they print.
    pub fn run(&self, folder: &str, commands: &str) -> String {
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", &format!("exec 2>&1\n{commands}")]);
        shell.current_dir(self.path(folder));
        shell.env("FLAGS", self.path("the workspace"));
        shell.env("CARGO_NET_OFFLINE", "true").env("CARGO_TERM_COLOR", "never");
        shell.env("CARGO_TARGET_DIR", target()).env("CARGO_PROFILE_DEV_DEBUG", "0");
        shell.env("NO_PROXY", "127.0.0.1"); // the demo site's
        forget_package(&mut shell);
        let output = shell.output().expect("sh starts");
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{commands}\n{printed}");
        assert!(!printed.contains("warning: "), "{printed}");
        printed
    }

    /// The packages that a package in this folder depends on, with their features. Asking finds out
    /// whether cargo accepts its place, and needs no network.
    pub fn dependencies(&self, folder: &Path) -> String {
        let list = "cargo tree --quiet --depth 1 --format '{p} {f}' | sed '1d; s|(/.*)||'";
        self.run(folder.to_str().expect("a path in UTF-8"), list)
    }

    /// Starts the program of a folder, once it is built, in a folder of its own.
    pub fn start(&self, program: &str, site: &str) -> Running {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new(target().join("debug").join(program));
        command.arg(site).current_dir(dir.path());
        Running::start(command, dir)
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("home")
}
