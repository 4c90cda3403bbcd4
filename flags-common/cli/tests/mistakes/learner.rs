//! A learner's checkout: a copy of the workspace in which the test types the commands of a patch.

use std::env::{self, consts::EXE_EXTENSION};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flags_testing::all_variants;
use flags_testing::cargo::{forget_package, forget_variables, share_dependencies, workspace};

/// What is not in a checkout.
const SKIPPED: [&str; 4] = ["target", ".git", "downloaded", "compare.svg"];

/// The folder of the checkout and of what is built from it. It is kept from run to run, so that
/// only what has changed is built again.
fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes")
}

/// The copy.
fn checkout() -> PathBuf {
    home().join("flags")
}

/// Makes the copy like the workspace again. Returns whether it was.
pub fn renew() -> bool {
    if !home().exists() {
        share_dependencies(&home().join("target"));
    }
    mirror(workspace(), &checkout())
}

/// Writes those files of `to` that differ from those of `from`, removes what is only in `to`, and returns
/// whether there was nothing to do. The others keep their time of change, which cargo looks at.
fn mirror(from: &Path, to: &Path) -> bool {
    fs::create_dir_all(to).expect("a folder");
    let mut same = true;
    for entry in fs::read_dir(to).expect("a folder") {
        let (name, path) = entry.map(|it| (it.file_name(), it.path())).expect("an entry");
        if !from.join(name).exists() {
            same = false;
            if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
                .expect("old");
        }
    }
    for entry in fs::read_dir(from).expect("a folder") {
        let (name, path) = entry.map(|it| (it.file_name(), it.path())).expect("an entry");
        let copy = to.join(&name);
        if SKIPPED.iter().any(|skipped| name == *skipped) {
            continue;
        } else if path.is_dir() {
            same &= mirror(&path, &copy);
        } else {
            let content = fs::read(path).expect("a readable file");
            if fs::read(&copy).ok().as_ref() != Some(&content) {
                fs::write(copy, content).expect("a new file");
                same = false;
            }
        }
    }
    same
}

/// Runs a command line in the checkout. It must succeed.
pub fn must_type_in(command: &str) {
    let output = type_in(command);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{command}:\n{printed}{}", stderr(&output));
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command line without quotes in the checkout, as if it were typed in a new terminal.
pub fn type_in(command: &str) -> Output {
    let mut words = command.split_whitespace();
    let program = words.next().expect("a program");
    let program = match env::var_os("CARGO") {
        Some(cargo) if program == "cargo" => cargo,
        _ => program.into(),
    };
    let mut command = Command::new(program);
    command.args(words).current_dir(checkout());
    forget_package(&mut command);
    forget_variables(&mut command, &["GIT_"]); // which git sets for its hooks
    command.env("CARGO_TARGET_DIR", home().join("target"));
    command.env("CARGO_NET_OFFLINE", "true").env("CARGO_TERM_COLOR", "never");
    command.output().expect("the command starts")
}

/// Path of the downloader that was built last.
pub fn binary(package: &str) -> PathBuf {
    home().join("target/debug").join(package).with_extension(EXE_EXTENSION)
}

/// Path of the downloader without a mistake.
pub fn correct_binary(package: &str) -> &'static Path {
    let named = all_variants().iter().find(|variant| variant.name() == package);
    &named.expect("one of the three downloaders").path
}
