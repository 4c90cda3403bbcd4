//! Nested builds, for what cargo does not build by itself: another package's binary or example.

use std::env;
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
