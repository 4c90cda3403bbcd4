//! Keeps the README and the pages of questions and recipes true: their code is in the workspace, their
//! links lead to files, and their commands print what they say.
//!
//! `cargo test -p flags-cli --test readme -- --ignored` runs the commands that take minutes,
//! because they compile what no other test compiles, and the one that needs strace.

mod markdown;
mod output;
mod recipes;

use std::fs;
use std::path::{Path, PathBuf};

use flags_testing::cargo::{is_workspace_of_the_lesson, workspace};
use libtest_mimic::{Arguments, Trial};
use markdown::{LESSON, PAGES, blocks, commands, inline_code, is_recipe, page, prose, shell};

fn main() {
    let arguments = Arguments::from_args();
    if !is_workspace_of_the_lesson() {
        return eprintln!("SKIPPED: this is not the workspace of the README");
    }
    if !cfg!(unix) {
        return eprintln!("SKIPPED: the README's commands are for a shell of Unix");
    }
    let mut trials = vec![
        Trial::test("readme_has_at_most_300_lines", readme_has_at_most_300_lines),
        Trial::test("prose_fits_in_79_columns", prose_fits_in_79_columns),
        Trial::test("code_is_in_the_workspace", code_is_in_the_workspace),
        Trial::test("links_lead_somewhere", links_lead_somewhere),
        Trial::test("table_of_functions_is_true", table_of_functions_is_true),
        Trial::test("explained_rust_is_in_the_three_files", explained_rust_is_in_the_three_files),
        Trial::test("dots_stand_for_any_lines", output::dots_stand_for_any_lines),
    ];
    for block in PAGES.iter().flat_map(|path| blocks(&page(path), "console")) {
        if is_recipe(&block) || block.contains("git apply") {
            continue; // tested in `recipes`, and in the test `mistakes`
        }
        let name = commands(&block)[0].to_owned();
        trials.push(command(name, move || run_and_compare(&block)));
    }
    for name in PAGES.iter().flat_map(|path| inline_commands(path)) {
        let command_line = name.clone();
        trials.push(command(name, move || run(&command_line)));
    }
    trials.extend(recipes::trials());
    libtest_mimic::run(&arguments, trials).exit()
}

type Outcome = Result<(), libtest_mimic::Failed>;

/// A trial named after the command that it runs.
fn command(name: String, test: impl FnOnce() -> Outcome + Send + 'static) -> Trial {
    let slow = ["--release", "cargo bench", "strace"].iter().any(|word| name.contains(word));
    Trial::test(name, test).with_ignored_flag(slow)
}

/// A front door, not the house.
fn readme_has_at_most_300_lines() -> Outcome {
    let lines = page("README.md").lines().count();
    assert!(lines <= 300, "{lines} lines");
    Ok(())
}

fn prose_fits_in_79_columns() -> Outcome {
    for path in PAGES.into_iter().chain([LESSON]) {
        let page = page(path);
        let lines = prose(&page).filter(|line| !line.starts_with(['#', '|', '!', '[', '<']));
        let long: Vec<_> = lines.filter(|line| line.chars().count() > 79).collect();
        assert!(long.is_empty(), "in {path}: {long:#?}");
    }
    Ok(())
}

/// Each block of Rust is an excerpt of a file, to the letter.
fn code_is_in_the_workspace() -> Outcome {
    let folders = ["flags-seq", "flags-threadpool", "flags-async", "flags-common"];
    let files = folders.map(|name| workspace().join(name)).into_iter().flat_map(rust_files);
    let sources: Vec<_> = files.map(|file| fs::read_to_string(file).unwrap()).collect();
    let blocks: Vec<_> = PAGES.iter().flat_map(|path| blocks(&page(path), "rust")).collect();
    assert!(blocks.len() > 3, "the pages have code");
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

/// Checks the links to files, and those to a heading.
fn links_lead_somewhere() -> Outcome {
    for path in PAGES.into_iter().chain([LESSON]) {
        let text = page(path);
        let folder = Path::new(path).parent().expect("a folder");
        for target in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            if target.starts_with("https:") {
                continue;
            }
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
    Ok(())
}

/// The anchor of a heading.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches(['#', ' ']).to_lowercase().replace(' ', "-");
    text.chars().filter(|&c| c.is_alphanumeric() || "-_".contains(c)).collect()
}

/// Each row names a function, and has a `–` in the columns of those downloaders that do not use it.
fn table_of_functions_is_true() -> Outcome {
    let readme = page("README.md");
    let (_, table) = readme.split_once("\n| | [flags-seq]").expect("the table of functions");
    let rows: Vec<_> = table.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    assert!((10..=12).contains(&rows.len()), "{} rows", rows.len());
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let Some(function) = cells[1].strip_prefix('`') else { continue };
        let call = format!("{}(", function.trim_end_matches('`'));
        for (variant, cell) in
            ["flags-seq", "flags-threadpool", "flags-async"].iter().zip(&cells[2..])
        {
            let source = page(&format!("{variant}/src/main.rs"));
            let client = page(&format!("{variant}/src/client.rs"));
            assert_eq!((source + &client).contains(&call), *cell != "–", "{variant}: {row}");
        }
    }
    Ok(())
}

/// The table of what Python has not. There, `…` stands for any code.
fn explained_rust_is_in_the_three_files() -> Outcome {
    let folders = ["flags-seq/src", "flags-threadpool/src", "flags-async/src"];
    let files = folders.iter().flat_map(|folder| rust_files(workspace().join(folder)));
    let sources: String = files.map(|file| fs::read_to_string(file).unwrap()).collect();
    let page = page("flags-common/lesson/questions.md");
    let (_, table) = page.split_once("\n| in the code |").expect("the table");
    let rows: Vec<_> = table.lines().skip(2).filter_map(|row| row.split('`').nth(1)).collect();
    assert!(rows.len() >= 9, "{rows:?}");
    for code in rows {
        let code = code.replace("\\|", "|");
        assert!(code.split('…').all(|part| sources.contains(part)), "{code}");
    }
    Ok(())
}

/// The commands in the text of a page that can be run as they are: those of the three downloaders,
/// and benchmarks.
fn inline_commands(path: &str) -> Vec<String> {
    let text = page(path);
    let code = inline_code(&prose(&text).collect::<Vec<_>>().join("\n"));
    let starts = [
        "cargo run -p flags-seq -- ",
        "cargo run -p flags-threadpool -- ",
        "cargo run -p flags-async -- ",
        "cargo bench ",
    ];
    code.into_iter().filter(|code| starts.iter().any(|start| code.starts_with(start))).collect()
}

/// Runs a command. One that says that flags fail exits with 1.
fn run(command: &str) -> Outcome {
    let expected = i32::from(command.contains("-s ERROR"));
    shell(workspace(), &format!("{command} || test $? = {expected}"));
    Ok(())
}

/// Runs the commands of a block in the workspace, and compares their output with the block's, if it
/// has any.
fn run_and_compare(block: &str) -> Outcome {
    let printed = shell(workspace(), &commands(block).join("\n"));
    let expected: Vec<_> = block.lines().filter(|line| !line.starts_with("$ ")).collect();
    output::compare(&expected, &printed);
    Ok(())
}
