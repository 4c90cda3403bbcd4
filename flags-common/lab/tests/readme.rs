//! The README cannot drift: its code is a part of the workspace, its links lead somewhere, and its
//! commands do what it says.
//!
//! `cargo test --test readme -- --include-ignored` also runs the commands that take a minute, since
//! they build with optimization, or that need strace.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Trial};
use support::{TestSite, codes_in_order};

fn main() {
    let mut trials = vec![Trial::test("code", code), Trial::test("links", links)];
    for block in blocks("console") {
        let commands = commands(&block);
        let name = commands[0].to_owned();
        let take_home = block.contains("$FLAGS");
        if commands == ["cargo test"] || take_home {
            continue; // this very run, and what has tests of its own
        }
        let slow = ["--release", "cargo bench", "strace"].iter().any(|word| name.contains(word));
        trials.push(Trial::test(name, move || run_and_compare(&block)).with_ignored_flag(slow));
    }
    for variant in ["flags-seq", "flags-threadpool", "flags-async"] {
        trials.push(Trial::test(format!("take home {variant} with flags-common"), move || {
            take_home("cp -r", variant, "", "downloaded", 20)
        }));
        trials.push(Trial::test(format!("take home the code of {variant} alone"), move || {
            let site = TestSite::with_latency(0);
            take_home("cargo new", variant, &format!(" -- {}", site.base_url), ".", 4)
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

type Outcome = Result<(), libtest_mimic::Failed>;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn readme() -> String {
    fs::read_to_string(workspace().join("README.md")).unwrap()
}

/// The README's blocks in a language, without their fences.
fn blocks(language: &str) -> Vec<String> {
    let readme = readme();
    let fence = format!("```{language}\n");
    let blocks = readme.split(&fence).skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn commands(block: &str) -> Vec<&str> {
    block.lines().filter_map(|line| line.strip_prefix("$ ")).collect()
}

/// Each block of Rust is a part of a file of the workspace, to the letter.
fn code() -> Outcome {
    let folders = ["flags-seq", "flags-threadpool", "flags-async", "flags-common"];
    let files = folders.map(|name| workspace().join(name)).into_iter().flat_map(rust_files);
    let sources: Vec<_> = files.map(|file| fs::read_to_string(file).unwrap()).collect();
    let blocks = blocks("rust");
    assert!(blocks.len() > 3, "the README has code");
    for block in blocks {
        assert!(sources.iter().any(|source| source.contains(&block)), "in no file:\n{block}");
    }
    Ok(())
}

fn rust_files(folder: PathBuf) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { rust_files(path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|ending| ending == "rs")).collect()
}

/// Each relative link leads to a file.
fn links() -> Outcome {
    let readme = readme();
    let targets = readme.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    let (web, files): (Vec<_>, Vec<_>) = targets.partition(|target| target.starts_with("https:"));
    assert!(!web.is_empty() && !files.is_empty());
    for file in files {
        assert!(workspace().join(file).is_file(), "{file} is not there");
    }
    Ok(())
}

/// Runs the commands of a block in the workspace, and compares what they print with what the README
/// says, where it says something.
fn run_and_compare(block: &str) -> Outcome {
    let printed = shell(&workspace(), &commands(block).join("\n"));
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

/// A line of output without what differs from run to run: figures with a point or a colon in them
/// (times, ports), the order of codes, and how wide a table's columns are.
fn stable(line: &str) -> String {
    let words: Vec<_> = line.split_whitespace().collect();
    if !words.is_empty() && words.iter().all(|word| word.len() == 2 && word.is_ascii()) {
        return codes_in_order(line);
    }
    let varies = |word: &str| {
        word.contains(|c: char| c.is_ascii_digit()) && word.contains(['.', ':'])
            || word.len() > 2 && word.chars().all(|c| "-:|".contains(c))
    };
    words
        .into_iter()
        .map(|word| if varies(word) { "#" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs commands as a person would type them, one after the other until one fails, and returns
/// what they print, on stdout or stderr.
fn shell(folder: &Path, commands: &str) -> String {
    let mut shell = Command::new("bash");
    // Two files that differ have diff exit with 1: that is no failure here.
    let script = format!("exec 2>&1; diff() {{ command diff \"$@\" || test $? = 1; }}\n{commands}");
    shell.args(["-e", "-o", "pipefail", "-c", &script]).current_dir(folder);
    shell.env("CARGO_TERM_QUIET", "true").env("FLAGS", workspace());
    let output = shell.output().expect("bash starts");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{commands}\n{printed}");
    printed
}

/// Follows the recipe of the README that has `word` in it, for `variant`, in a new folder, offline,
/// with `args` after its last command: `flags` flags are then in its `folder`.
fn take_home(word: &str, variant: &str, args: &str, folder: &str, flags: usize) -> Outcome {
    let recipes: Vec<_> = blocks("console");
    let is_it = |block: &&String| block.contains("$FLAGS") && block.contains(word);
    let recipe = recipes.iter().find(is_it).expect("the recipe");
    let commands = commands(recipe).join("\n").replace("flags-async", variant) + args;

    let dir = tempfile::tempdir().unwrap();
    // What they depend on is compiled once, for all of them.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
    let offline = format!(
        "export CARGO_NET_OFFLINE=true CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR='{}'\n",
        target.display()
    );
    let printed = shell(dir.path(), &(offline + &commands));
    assert!(printed.contains(&format!("{flags} downloads in ")), "{printed}");
    let home = fs::read_dir(dir.path()).unwrap().next().expect("one folder").unwrap().path();
    let files = fs::read_dir(home.join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let gifs = files.filter(|path| path.extension().is_some_and(|ending| ending == "gif"));
    assert_eq!(gifs.count(), flags);
    Ok(())
}
