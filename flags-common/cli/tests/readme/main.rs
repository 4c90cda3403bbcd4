//! Keeps the README and the pages of questions and recipes true: their code is in the workspace, their
//! links lead to files, and their commands print what they say.
//!
//! `cargo test -p flags-cli --test readme -- --ignored` runs the commands that take long, because of what
//! they compile or measure, and the one that needs strace.

mod compare;

use std::fs;
use std::path::{Path, PathBuf};

use flags_testing::cargo::{is_workspace_of_the_lesson, shell, workspace};
use flags_testing::markdown::{blocks, commands, inline_code, links, page};
use flags_testing::trial;
use libtest_mimic::Arguments;

use crate::compare::compare;

/// The pages whose code and commands are tested here.
const PAGES: [&str; 3] =
    ["README.md", "flags-common/lesson/questions.md", "flags-common/lesson/take-home.md"];

/// Pages whose links are tested here. The lesson's commands are those of its patches: the test `mistakes`
/// runs them.
const LINKING: [&str; 2] = ["flags-common/lesson/README.md", ".github/CONTRIBUTING.md"];

fn main() {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(4); // a downloader waits more than it works
    if !is_workspace_of_the_lesson() || !cfg!(unix) {
        return eprintln!(
            "SKIPPED: the README's commands run in its workspace, in a shell of Unix"
        );
    }
    let mut trials = vec![
        trial("pages", "readme_has_at_most_300_lines", readme_has_at_most_300_lines),
        trial("pages", "code_is_in_the_workspace", code_is_in_the_workspace),
        trial("pages", "links_lead_somewhere", links_lead_somewhere),
    ];
    for path in PAGES {
        let inline = inline_code(&page(path)).into_iter().filter(|it| is_command(it));
        let inline = inline.map(|command| format!("$ {command}"));
        for block in code(&page(path), "console").into_iter().chain(inline) {
            let name = commands(&block).remove(0);
            if name.starts_with("git apply") {
                continue; // the test `mistakes` runs it
            }
            let slow = ["--release", "cargo bench", "strace", "-s DELAY"];
            let is_slow = slow.iter().any(|it| name.contains(it));
            let trial = trial("commands", &name, move || run_and_compare(&block));
            trials.push(trial.with_ignored_flag(is_slow));
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

/// The blocks of a text in this language.
fn code(text: &str, language: &str) -> Vec<String> {
    let blocks = blocks(text).filter(|block| block.0 == language);
    blocks.map(|(_, code)| code.to_owned() + "\n").collect()
}

/// Whether a text in a page can be run as it is: one of the three downloaders, or a benchmark.
fn is_command(text: &str) -> bool {
    let is_downloader = text.starts_with("cargo run -p flags-") && text.contains(" -- ");
    is_downloader || text.starts_with("cargo bench ")
}

fn readme_has_at_most_300_lines() {
    let lines = page("README.md").lines().count();
    assert!(lines <= 300, "{lines} lines");
}

/// Each block of Rust, or of a diff, is an excerpt of a file, to the letter.
fn code_is_in_the_workspace() {
    let sources = "find flags-* \\( -name '*.rs' -o -name '*.diff' \\) -exec cat {} +";
    let sources = shell(workspace(), sources, &[]);
    let page = |path| ["rust", "diff"].map(|language| code(&page(path), language));
    let blocks: Vec<_> = PAGES.into_iter().flat_map(page).flatten().collect();
    assert!(!blocks.is_empty(), "the pages have code");
    for block in blocks {
        assert!(sources.contains(&block), "in no file:\n{block}");
    }
}

/// Checks the links to files, and those to a heading.
fn links_lead_somewhere() {
    for path in PAGES.into_iter().chain(LINKING) {
        let text = page(path);
        let folder = Path::new(path).parent().expect("a folder");
        for target in links(&text).filter(|target| !target.starts_with("https:")) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { PathBuf::from(path) } else { folder.join(file) };
            let found = workspace().join(&file);
            assert!(found.exists(), "in {path}: {target}");
            if !heading.is_empty() {
                let text = fs::read_to_string(found).unwrap();
                let mut headings = text.lines().filter(|line| line.starts_with('#')).map(slug);
                assert!(headings.any(|known| known == heading), "in {path}: {target}");
            }
        }
    }
}

/// The anchor of a heading.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches(['#', ' ']).to_lowercase().replace(' ', "-");
    text.chars().filter(|&c| c.is_alphanumeric() || "-_".contains(c)).collect()
}

/// Runs the commands of a block in the workspace, and compares their output with the block's, if it
/// has any. A command that says that flags fail exits with 1. None is built with `--release`: that would
/// compile everything again, for figures that are not compared.
fn run_and_compare(block: &str) {
    let mut script = String::new();
    for command in commands(block) {
        let fails = if command.contains("-s ERROR") { " || test $? = 1" } else { "" };
        script += &format!("{command}{fails}\n");
    }
    let optimized = " --config profile.dev.package.flags-lesson.opt-level=2 "; // its sums, and no more
    let script = script.replace(" --release ", optimized).replace("cargo bench ", "cargo test ");
    let printed = shell(workspace(), &script, &[]);
    let expected: Vec<_> = block.lines().filter(|line| !line.starts_with("$ ")).collect();
    if !expected.is_empty() {
        compare(&expected, &printed);
    }
}
