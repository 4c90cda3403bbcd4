//! Nested builds, for what cargo does not build by itself: another package's binary or example, and what a
//! reader types.

use std::env;
use std::ffi::OsStr;
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
    let folder = built();
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
    folder
}

/// Folder of what was built with this program.
fn built() -> PathBuf {
    let this = env::current_exe().expect("the path of this program");
    this.ancestors().nth(2).expect("target/debug/deps/this").to_owned()
}

/// Links the dependencies that this workspace has built into a new target folder of a copy of it, or of a
/// workspace with some of its crates: to compile them again takes a minute of CPU time. The workspace's
/// own crates are left out: cargo would take one copy's for the other's.
pub fn share_dependencies(target: &Path) {
    if target.exists() {
        return;
    }
    let link = "mkdir -p \"$NEW\" && cp -rl deps build .fingerprint \"$NEW\"
        find \"$NEW\" \\( -name 'flags*' -o -name 'libflags*' \\) -prune -exec rm -r {} +";
    shell(&built(), link, &[("NEW", target.join("debug").as_ref())]);
}

/// Runs commands in `folder` as if they were typed in a new terminal, up to the first that fails, with
/// these `variables`. All must succeed. Returns what they print on stdout and stderr.
#[track_caller]
pub fn shell(folder: &Path, commands: &str, variables: &[(&str, &OsStr)]) -> String {
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", &format!("exec 2>&1\n{commands}")]).current_dir(folder);
    shell.env("CARGO_TERM_COLOR", "never").envs(variables.iter().copied());
    forget_package(&mut shell);
    let output = shell.output().expect("sh starts");
    let printed = String::from_utf8(output.stdout).expect("output in UTF-8");
    assert!(output.status.success(), "{commands}\n{printed}");
    printed
}

/// Removes two kinds of variables from the environment of `command`: cargo's for this program's package,
/// since they would make cargo build ring again, and git's for its hooks.
fn forget_package(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let is_set_for = |prefix| name.to_string_lossy().starts_with(prefix);
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "OUT_DIR", "GIT_"].into_iter().any(is_set_for) {
            command.env_remove(name);
        }
    }
}
