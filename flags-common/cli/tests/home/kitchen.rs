//! Where recipes are followed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use flags_testing::Running;
use flags_testing::cargo::{share_dependencies, shell, workspace};
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
        let copy =
            "mkdir \"$FLAGS\" && cp -r Cargo.toml Cargo.lock flags-* \"$FLAGS\" && cd \"$FLAGS\"
            rm -f flags-common/lesson/home/*/Cargo.lock
            CARGO_NET_OFFLINE=false cargo fetch --locked";
        kitchen.run(workspace(), copy);
        share_dependencies(&target());
        kitchen
    }

    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.dir.path().join(path)
    }

    /// A finished folder.
    pub fn home(&self, program: &str) -> PathBuf {
        self.path("the workspace/flags-common/lesson/home").join(program)
    }

    /// Runs commands in a folder, without a network, and returns what they print.
    pub fn run(&self, folder: impl AsRef<Path>, commands: &str) -> String {
        let (workspace, target) = (self.path("the workspace"), target());
        let variables = [
            ("FLAGS", workspace.as_ref()),
            ("CARGO_TARGET_DIR", target.as_ref()),
            ("CARGO_NET_OFFLINE", "true".as_ref()),
            ("CARGO_PROFILE_DEV_DEBUG", "0".as_ref()),
            ("NO_PROXY", "127.0.0.1".as_ref()), // the demo site's
        ];
        let printed = shell(&self.path(folder), commands, &variables);
        assert!(!printed.contains("warning: "), "{printed}");
        printed
    }

    /// The packages that a package in this folder depends on, with their features. Asking finds out
    /// whether cargo accepts its place, and needs no network.
    pub fn dependencies(&self, folder: impl AsRef<Path>) -> String {
        self.run(folder, "cargo tree --quiet --depth 1 --format '{p} {f}' | sed '1d; s|(/.*)||'")
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
