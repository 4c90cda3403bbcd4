//! The pages, and the commands in them.

use std::fs;
use std::path::Path;
use std::process::Command;

use flags_testing::cargo::{forget_package, workspace};

/// The pages whose code and commands are tested here. The lesson's commands are those of its
/// patches: the test `mistakes` runs them.
pub const PAGES: [&str; 3] =
    ["README.md", "flags-common/lesson/questions.md", "flags-common/lesson/take-home.md"];

/// The lesson's page.
pub const LESSON: &str = "flags-common/lesson/README.md";

pub fn page(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The part of a page from a line that starts with `start` to the next heading.
pub fn section(path: &str, start: &str) -> String {
    let page = page(path);
    let (_, rest) =
        page.split_once(&format!("\n{start}")).unwrap_or_else(|| panic!("no {start:?} in {path}"));
    rest.split("\n## ").next().unwrap().to_owned()
}

/// The blocks in a language, without their fences.
pub fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let blocks = text.split(&fence).skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// The text without its blocks of code.
pub fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    text.lines().filter(move |line| {
        let fence = line.starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

/// The texts between backticks in a text without blocks of code.
pub fn inline_code(prose: &str) -> Vec<String> {
    let parts = prose.split('`').skip(1).step_by(2);
    parts.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
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
    let script = format!("exec 2>&1\n{commands}");
    shell.args(["-e", "-o", "pipefail", "-c", &script]).current_dir(folder);
    shell.env("CARGO_TERM_COLOR", "never");
    forget_package(&mut shell);
    let output = shell.output().expect("bash starts");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{commands}\n{printed}");
    printed
}
