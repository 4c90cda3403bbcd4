//! The README's text, and the commands in it.

use std::fs;
use std::path::Path;
use std::process::Command;

use flags_testing::cargo::{forget_package, workspace};

pub fn readme() -> String {
    fs::read_to_string(workspace().join("README.md")).unwrap()
}

/// The section under a heading of the third level.
pub fn section(title: &str) -> String {
    let readme = readme();
    let start = readme.split_once(&format!("\n### {title}\n"));
    let (_, rest) = start.unwrap_or_else(|| panic!("no section {title:?}"));
    rest.split("\n## ").next().unwrap().split("\n### ").next().unwrap().to_owned()
}

/// The blocks in a language, without their fences.
pub fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let blocks = text.split(&fence).skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// The commands of a block.
pub fn commands(block: &str) -> Vec<&str> {
    block.lines().filter_map(|line| line.strip_prefix("$ ")).collect()
}

/// Whether the commands take a downloader home.
pub fn is_recipe(block: &str) -> bool {
    block.contains("$FLAGS")
}

/// Runs commands as a person would type them, up to the first that fails, and returns what they
/// print on stdout and stderr.
pub fn shell(folder: &Path, commands: &str) -> String {
    let mut shell = Command::new("bash");
    // diff exits with 1 if the files differ, which is not a failure here.
    let script = format!("exec 2>&1; diff() {{ command diff \"$@\" || test $? = 1; }}\n{commands}");
    shell.args(["-e", "-o", "pipefail", "-c", &script]).current_dir(folder);
    shell.env("CARGO_TERM_QUIET", "true").env("FLAGS", workspace());
    forget_package(&mut shell);
    let output = shell.output().expect("bash starts");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{commands}\n{printed}");
    printed
}
