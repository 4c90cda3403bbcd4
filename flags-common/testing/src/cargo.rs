//! What cargo does not build for a test by itself: another crate's binary, and an example when a
//! test is run alone.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// The path of an example of this workspace, which is built if need be.
pub fn example(name: &str) -> PathBuf {
    let folder = build(&format!("--example={name}"));
    folder.join("examples").join(name).with_extension(env::consts::EXE_EXTENSION)
}

/// Has cargo build `what` where this program was, and like it: the command line may have named another
/// folder or another profile. Returns the folder in which it then is.
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
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    // What cargo tells this program of its own package would have ring build itself anew each time.
    let own = ["CARGO_PKG_", "CARGO_MANIFEST_", "OUT_DIR"];
    for (name, _) in env::vars_os() {
        if own.iter().any(|start| name.to_string_lossy().starts_with(start)) {
            cargo.env_remove(name);
        }
    }
    assert!(cargo.status().expect("cargo starts").success(), "{what} does not build");
    folder.to_owned()
}
