//! Keeps the README true: its code is in the workspace, its links lead to files, and its commands
//! print what it says.
//!
//! `cargo test -p flags-lab --test readme -- --ignored` runs the commands that take minutes,
//! because they compile what no other test compiles, and the one that needs strace.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use flags_testing::cargo::workspace;
use flags_testing::codes_in_order;
use flags_testing::sites::TestSite;
use libtest_mimic::{Arguments, Trial};

fn main() {
    let mut trials = vec![
        Trial::test("code_is_in_the_workspace", code_is_in_the_workspace),
        Trial::test("links_lead_to_files", links_lead_to_files),
    ];
    for block in blocks("console") {
        let commands = commands(&block);
        let name = commands[0].to_owned();
        if commands == ["cargo test"] || is_recipe(&block) {
            continue; // this very run, or tested below
        }
        let slow = ["--release", "cargo bench", "strace"].iter().any(|word| name.contains(word));
        trials.push(Trial::test(name, move || run_and_compare(&block)).with_ignored_flag(slow));
    }
    for variant in ["flags-seq", "flags-threadpool", "flags-async"] {
        let crates = move || take_home("cp -r", variant, "", "downloaded", 20);
        let code = move || {
            let site = TestSite::with_latency(0);
            take_home("cargo new", variant, &format!(" -- {}", site.base_url), ".", 4)
        };
        for trial in [
            Trial::test(format!("take home {variant} with flags-common"), crates),
            Trial::test(format!("take home the code of {variant} alone"), code),
        ] {
            trials.push(trial.with_ignored_flag(true));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

type Outcome = Result<(), libtest_mimic::Failed>;

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

/// Whether the commands take a downloader home.
fn is_recipe(block: &str) -> bool {
    block.contains("$FLAGS")
}

/// Each block of Rust is an excerpt of a file, to the letter.
fn code_is_in_the_workspace() -> Outcome {
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
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// Checks the relative links.
fn links_lead_to_files() -> Outcome {
    let readme = readme();
    let targets = readme.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    let (web, files): (Vec<_>, Vec<_>) = targets.partition(|target| target.starts_with("https:"));
    assert!(!web.is_empty() && !files.is_empty());
    let missing: Vec<_> = files.iter().filter(|file| !workspace().join(file).is_file()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    Ok(())
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

/// Runs commands as a person would type them, up to the first that fails, and returns what they
/// print on stdout and stderr.
fn shell(folder: &Path, commands: &str) -> String {
    let mut shell = Command::new("bash");
    // diff exits with 1 if the files differ, which is not a failure here.
    let script = format!("exec 2>&1; diff() {{ command diff \"$@\" || test $? = 1; }}\n{commands}");
    shell.args(["-e", "-o", "pipefail", "-c", &script]).current_dir(folder);
    shell.env("CARGO_TERM_QUIET", "true").env("FLAGS", workspace());
    // With the variables that cargo sets for this package, ring would be built again.
    let own = ["CARGO_PKG_", "CARGO_MANIFEST_", "OUT_DIR"];
    for (name, _) in env::vars_os() {
        if own.iter().any(|start| name.to_string_lossy().starts_with(start)) {
            shell.env_remove(name);
        }
    }
    let output = shell.output().expect("bash starts");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{commands}\n{printed}");
    printed
}

/// Follows the recipe that contains `word`, for `variant` instead of flags-async, offline and in a
/// new folder, with `args` after its last command. It saves `flags` flags in `folder`.
fn take_home(word: &str, variant: &str, args: &str, folder: &str, flags: usize) -> Outcome {
    // All share a target folder, to compile the dependencies once. One at a time: otherwise two
    // programs of the same name would replace each other before they run.
    static TARGET: Mutex<()> = Mutex::new(());
    let _alone = TARGET.lock().unwrap_or_else(PoisonError::into_inner);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");

    let recipes = blocks("console");
    let mut recipes = recipes.iter().filter(|block| is_recipe(block) && block.contains(word));
    let recipe = recipes.next().expect("the recipe");
    let commands = commands(recipe).join("\n").replace("flags-async", variant) + args;
    let dir = tempfile::tempdir().unwrap();
    let offline = format!(
        "export CARGO_NET_OFFLINE=true CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR='{}'\n",
        target.display()
    );
    let printed = shell(dir.path(), &(offline + &commands));
    assert!(printed.contains(&format!("{flags} downloads in ")), "{printed}");
    assert!(!printed.contains("warning"), "{printed}");
    let home = fs::read_dir(dir.path()).unwrap().next().expect("one folder").unwrap().path();
    let files = fs::read_dir(home.join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let gifs = files.filter(|path| path.extension().is_some_and(|extension| extension == "gif"));
    assert_eq!(gifs.count(), flags);
    Ok(())
}
