//! Keeps the README true: its code is in the workspace, its links lead to files, and its commands
//! print what it says.
//!
//! `cargo test -p flags-cli --test readme -- --ignored` runs the commands that take minutes,
//! because they compile what no other test compiles, and the one that needs strace.

mod markdown;
mod recipes;

use std::fs;
use std::path::PathBuf;

use flags_testing::cargo::workspace;
use flags_testing::codes_in_order;
use libtest_mimic::{Arguments, Trial};
use markdown::{blocks, commands, is_recipe, readme, shell};

fn main() {
    let mut trials = vec![
        Trial::test("code_is_in_the_workspace", code_is_in_the_workspace),
        Trial::test("links_lead_somewhere", links_lead_somewhere),
    ];
    for block in blocks(&readme(), "console") {
        let commands = commands(&block);
        let name = commands[0].to_owned();
        let this_run = ["cargo test", "bash .ci/run"].contains(&commands[0]);
        if this_run || is_recipe(&block) || block.contains("git apply") {
            continue; // or tested elsewhere: in `recipes`, in the test `mistakes`
        }
        let slow = ["--release", "cargo bench", "strace"].iter().any(|word| name.contains(word));
        trials.push(Trial::test(name, move || run_and_compare(&block)).with_ignored_flag(slow));
    }
    trials.extend(recipes::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

type Outcome = Result<(), libtest_mimic::Failed>;

/// Each block of Rust is an excerpt of a file, to the letter.
fn code_is_in_the_workspace() -> Outcome {
    let folders = ["flags-seq", "flags-threadpool", "flags-async", "flags-common"];
    let files = folders.map(|name| workspace().join(name)).into_iter().flat_map(rust_files);
    let sources: Vec<_> = files.map(|file| fs::read_to_string(file).unwrap()).collect();
    let blocks = blocks(&readme(), "rust");
    assert!(blocks.len() > 3, "the README has code");
    for block in blocks {
        assert!(sources.iter().any(|source| source.contains(&block)), "in no file:\n{block}");
    }
    Ok(())
}

fn rust_files(folder: PathBuf) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { rust_files(path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// Checks the relative links, and those to a heading.
fn links_lead_somewhere() -> Outcome {
    let readme = readme();
    let targets = readme.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    let (web, local): (Vec<_>, Vec<_>) = targets.partition(|target| target.starts_with("https:"));
    assert!(!web.is_empty() && !local.is_empty());
    let headings: Vec<_> =
        readme.lines().filter(|line| line.starts_with("## ")).map(slug).collect();
    let exists = |target: &str| match target.strip_prefix('#') {
        Some(heading) => headings.iter().any(|known| known == heading),
        None => workspace().join(target).is_file(),
    };
    let missing: Vec<_> = local.iter().filter(|target| !exists(target)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    Ok(())
}

/// The anchor of a heading.
fn slug(heading: &str) -> String {
    heading.trim_start_matches(['#', ' ']).to_lowercase().replace(' ', "-")
}

/// Runs the commands of a block in the workspace, and compares their output with the block's, if it
/// has any.
fn run_and_compare(block: &str) -> Outcome {
    let printed = shell(workspace(), &commands(block).join("\n"));
    let expected: Vec<_> = block.lines().filter(|line| !line.starts_with("$ ")).collect();
    if !expected.is_empty() {
        assert_eq!(
            expected.iter().map(|line| stable(line)).collect::<Vec<_>>().join("\n"),
            printed.lines().map(stable).collect::<Vec<_>>().join("\n"),
            "\n{printed}"
        );
    }
    Ok(())
}

/// A line of output without what varies from run to run: numbers that contain a point or a colon
/// (times, ports), the order of codes, and the width of a table's columns.
fn stable(line: &str) -> String {
    let words: Vec<_> = line.split_whitespace().collect();
    if !words.is_empty() && words.iter().all(|word| word.len() == 2 && word.is_ascii()) {
        return codes_in_order(line);
    }
    let varies = |word: &str| {
        word.contains(|c: char| c.is_ascii_digit()) && word.contains(['.', ':'])
            || word.len() > 2 && word.chars().all(|c| "-:|".contains(c))
    };
    let words = words.into_iter().map(|word| if varies(word) { "#" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
