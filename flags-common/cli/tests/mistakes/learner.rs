//! A learner's checkout: a copy of the workspace in which the test types the commands of a patch.

use std::collections::BTreeMap;
use std::env::{self, consts::EXE_EXTENSION};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use flags_testing::cargo::{forget_package, forget_variables, workspace};

/// What is not in a checkout.
const SKIPPED: [&str; 4] = ["target", ".git", "downloaded", "compare.svg"];

/// The folder of the checkout and of what is built from it. It is kept from run to run, so that
/// only what has changed is built again.
fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes")
}

/// The copy.
pub fn checkout() -> &'static Path {
    static CHECKOUT: OnceLock<PathBuf> = OnceLock::new();
    CHECKOUT.get_or_init(|| {
        let checkout = home().join("flags");
        fs::create_dir_all(&checkout).expect("the folder of the checkout");
        copy(workspace(), &checkout);
        checkout
    })
}

/// Makes the copy like the workspace again.
pub fn renew() {
    copy(workspace(), checkout());
}

/// Whether the copy is like the workspace. Cargo may have written its `Cargo.lock`.
pub fn is_unchanged() -> bool {
    files(workspace()) == files(checkout())
}

/// Makes `to` like `from`. Files that are the same already keep their time of change, which cargo
/// looks at.
fn copy(from: &Path, to: &Path) {
    let (wanted, present) = (files(from), files(to));
    for path in present.keys().filter(|path| !wanted.contains_key(*path)) {
        fs::remove_file(to.join(path)).expect("an old file can be removed");
    }
    for (path, content) in
        wanted.iter().filter(|(path, content)| present.get(*path) != Some(content))
    {
        let path = to.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, content).expect("a new file");
    }
}

/// The files in a folder, by path from there.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(folder.join(&inner)).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = inner.join(entry.file_name());
            if SKIPPED.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            if entry.path().is_dir() {
                folders.push(path);
            } else {
                files.insert(path, fs::read(entry.path()).expect("a readable file"));
            }
        }
    }
    files
}

/// Runs a command line in the checkout.
pub fn type_in(command: &str) -> Output {
    run(command, checkout())
}

/// Runs a command line in the checkout. It must succeed. Returns what it writes on stdout.
pub fn must_type_in(command: &str) -> String {
    must(command, checkout())
}

fn must(command: &str, folder: &Path) -> String {
    let output = run(command, folder);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command}:\n{printed}{}", stderr(&output));
    printed
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command line without quotes, as if it were typed in a new terminal.
fn run(command: &str, folder: &Path) -> Output {
    let mut words = command.split_whitespace();
    let program = words.next().expect("a program");
    let program = match env::var_os("CARGO") {
        Some(cargo) if program == "cargo" => cargo,
        _ => program.into(),
    };
    let mut command = Command::new(program);
    command.args(words).current_dir(folder);
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
pub fn correct_binary(package: &str) -> PathBuf {
    let path = home().join("correct").join(package).with_extension(EXE_EXTENSION);
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        fs::create_dir_all(home().join("correct")).expect("the folder of the right downloaders");
        for package in ["flags-threadpool", "flags-async"] {
            must_type_in(&format!("cargo build --locked -p {package}"));
            let built = binary(package);
            let kept = home().join("correct").join(built.file_name().expect("a name"));
            fs::copy(&built, kept).expect("a copy of the binary");
        }
    });
    path
}
