//! Nested builds, for what cargo does not build by itself: another package's binary or example, and copies
//! of this workspace.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Folder of the workspace: the parent of `flags-common`.
pub fn workspace() -> &'static Path {
    let this = Path::new(env!("CARGO_MANIFEST_DIR"));
    this.ancestors().nth(2).expect("workspace/flags-common/testing")
}

/// Whether this is the workspace of the lesson, with its README, rather than one that some of its
/// crates were copied into. What is only true of the former is not tested in the latter.
pub fn is_workspace_of_the_lesson() -> bool {
    let parts = ["README.md", "flags-seq", "flags-threadpool", "flags-async"];
    parts.iter().all(|part| workspace().join(part).exists())
}

/// Builds an example of this workspace and returns its path.
pub fn example(name: &str) -> PathBuf {
    let folder = build(&format!("--example={name}"));
    folder.join("examples").join(name).with_extension(env::consts::EXE_EXTENSION)
}

/// Builds `what` (an option of `cargo build`) with the target folder and the profile of this program,
/// and returns the folder of the binaries.
pub fn build(what: &str) -> PathBuf {
    let this = env::current_exe().expect("the path of this program");
    let folder = this.ancestors().nth(2).expect("target/debug/deps/this"); // or .../examples/this
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") => "dev",
        other => other.expect("the name of a profile"),
    };
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args(["build", "--quiet", "--workspace", what, "--profile", profile]);
    cargo.arg("--target-dir").arg(folder.parent().expect("target"));
    cargo.current_dir(workspace());
    forget_package(&mut cargo);
    assert!(cargo.status().expect("cargo starts").success(), "{what} does not build");
    folder.to_owned()
}

/// Links the dependencies that this workspace has built into a new target folder of a copy of it, or of a
/// workspace with some of its crates: to compile them again takes a minute of CPU time.
pub fn share_dependencies(target: &Path) {
    let this = env::current_exe().expect("the path of this program");
    let built = this.ancestors().nth(2).expect("target/debug/deps/this");
    for folder in ["deps", "build", ".fingerprint"] {
        link(&built.join(folder), &target.join("debug").join(folder));
    }
}

/// Links all files but those of the workspace's own crates: cargo would take one copy's for the other's.
fn link(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let (name, path) = entry.map(|it| (it.file_name(), it.path())).expect("an entry");
        let is_own = |start| name.to_string_lossy().starts_with(start);
        if is_own("flags") || is_own("libflags") {
            continue;
        } else if path.is_dir() {
            link(&path, &to.join(name));
        } else {
            fs::hard_link(path, to.join(name)).expect("a link in the same file system");
        }
    }
}

/// Removes the variables that cargo has set for this program's package from the environment of
/// `command`, which will run cargo: with them, ring would be built again.
pub fn forget_package(command: &mut Command) {
    forget_variables(command, &["CARGO_PKG_", "CARGO_MANIFEST_", "OUT_DIR"]);
}

/// Removes the variables whose names start with one of `prefixes` from the environment of `command`.
pub fn forget_variables(command: &mut Command, prefixes: &[&str]) {
    for (name, _) in env::vars_os() {
        if prefixes.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
}
