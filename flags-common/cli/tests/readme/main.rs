//! Keeps the README and the pages of questions and recipes true: their code is in the workspace, their
//! links lead to files, and their commands print what they say.
//!
//! `cargo test -p flags-cli --test readme -- --ignored` runs the commands that take long, because of what
//! they compile or measure, and the one that needs strace.

mod shell;

use std::fs;
use std::path::{Path, PathBuf};

use flags_testing::cargo::{is_workspace_of_the_lesson, workspace};
use flags_testing::markdown::{blocks, commands, inline_code, links, page};
use libtest_mimic::{Arguments, Trial};

use crate::shell::{compare, shell};

const VARIANTS: [&str; 3] = ["flags-seq", "flags-threadpool", "flags-async"];

/// The pages whose code and commands are tested here.
const PAGES: [&str; 3] =
    ["README.md", "flags-common/lesson/questions.md", "flags-common/lesson/take-home.md"];

/// Pages whose links are tested here. The lesson's commands are those of its patches: the test `mistakes`
/// runs them.
const LINKING: [&str; 2] = ["flags-common/lesson/README.md", ".github/CONTRIBUTING.md"];

fn main() {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(4); // a downloader waits more than it works
    if !is_workspace_of_the_lesson() {
        return eprintln!("SKIPPED: this is not the workspace of the README");
    }
    if !cfg!(unix) {
        return eprintln!("SKIPPED: the README's commands are for a shell of Unix");
    }
    let mut trials = vec![
        Trial::test("readme_has_at_most_300_lines", readme_has_at_most_300_lines),
        Trial::test("code_is_in_the_workspace", code_is_in_the_workspace),
        Trial::test("links_lead_somewhere", links_lead_somewhere),
        Trial::test("table_of_functions_is_true", table_of_functions_is_true),
        Trial::test("explained_rust_is_in_the_three_files", explained_rust_is_in_the_three_files),
    ];
    for path in PAGES {
        let inline = inline_code(&page(path)).into_iter().filter(|it| is_command(it));
        let all =
            code(&page(path), "console").into_iter().chain(inline.map(|it| format!("$ {it}")));
        // Recipes and patches have their own tests: `home` and `mistakes`.
        for block in all.filter(|block| !block.contains("git apply")) {
            let name = commands(&block).remove(0);
            let slow = ["--release", "cargo bench", "strace", "-s DELAY"]
                .iter()
                .any(|it| name.contains(it));
            let trial = Trial::test(name, move || run_and_compare(&block));
            trials.push(trial.with_ignored_flag(slow));
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

type Outcome = Result<(), libtest_mimic::Failed>;

/// The blocks of a text in this language.
fn code(text: &str, language: &str) -> Vec<String> {
    let blocks = blocks(text).filter(|block| block.0 == language);
    blocks.map(|(_, code)| code.to_owned() + "\n").collect()
}

/// Whether a text in a page can be run as it is: one of the three downloaders, or a benchmark.
fn is_command(text: &str) -> bool {
    let mut starts = VARIANTS.iter().map(|variant| format!("cargo run -p {variant} -- "));
    text.starts_with("cargo bench ") || starts.any(|start| text.starts_with(&start))
}

/// A front door, not the house. Its first screen has the picture, a command and the page.
fn readme_has_at_most_300_lines() -> Outcome {
    let readme = page("README.md");
    let lines: Vec<_> = readme.lines().collect();
    assert!(lines.len() <= 300, "{} lines", lines.len());
    let first = lines[..25].join("\n");
    for shown in ["languages.svg", "$ cargo run -p flags-async\n", "side-by-side.html"] {
        assert!(first.contains(shown), "{shown}");
    }
    Ok(())
}

/// Each block of Rust is an excerpt of a file, to the letter.
fn code_is_in_the_workspace() -> Outcome {
    let sources = sources("flags-seq flags-threadpool flags-async flags-common");
    let blocks: Vec<_> = PAGES.iter().flat_map(|path| code(&page(path), "rust")).collect();
    assert!(!blocks.is_empty(), "the pages have code");
    for block in blocks {
        assert!(sources.contains(&block), "in no file:\n{block}");
    }
    Ok(())
}

/// The Rust files in folders of the workspace, as one text.
fn sources(folders: &str) -> String {
    shell(workspace(), &format!("find {folders} -name '*.rs' -exec cat {{}} +"))
}

/// Checks the links to files, and those to a heading.
fn links_lead_somewhere() -> Outcome {
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
    Ok(())
}

/// The anchor of a heading.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches(['#', ' ']).to_lowercase().replace(' ', "-");
    text.chars().filter(|&c| c.is_alphanumeric() || "-_".contains(c)).collect()
}

/// A row that names a function has a `–` in the columns of those downloaders that do not use it.
fn table_of_functions_is_true() -> Outcome {
    let readme = page("README.md");
    let (_, table) = readme.split_once("\n| | [flags-seq]").expect("the table of functions");
    let rows: Vec<_> = table.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    let mut functions = 0;
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let Some(function) = cells[1].strip_prefix('`') else { continue };
        functions += 1;
        let call = format!("{}(", function.trim_end_matches('`'));
        for (variant, cell) in VARIANTS.iter().zip(&cells[2..]) {
            let source = page(&format!("{variant}/src/main.rs"));
            let client = page(&format!("{variant}/src/client.rs"));
            assert_eq!((source + &client).contains(&call), *cell != "–", "{variant}: {row}");
        }
    }
    assert_eq!(functions, 4);
    Ok(())
}

/// The table of what Python has not. There, `…` stands for any code.
fn explained_rust_is_in_the_three_files() -> Outcome {
    let sources = sources("flags-seq/src flags-threadpool/src flags-async/src");
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

/// Runs the commands of a block in the workspace, and compares their output with the block's, if it
/// has any. A command that says that flags fail exits with 1. None is built with `--release`: that would
/// compile everything again, for figures that are not compared.
fn run_and_compare(block: &str) -> Outcome {
    let fails = |command: &str| command.contains("-s ERROR");
    let commands = commands(block).into_iter().map(|command| match fails(&command) {
        true => format!("{command} || test $? = 1\n"),
        false => format!("{command}\n"),
    });
    let script = commands.collect::<String>();
    let optimized = " --config profile.dev.package.flags-lesson.opt-level=2 "; // its sums, and no more
    let script = script.replace(" --release ", optimized).replace("cargo bench ", "cargo test ");
    let printed = shell(workspace(), &script);
    let expected: Vec<_> = block.lines().filter(|line| !line.starts_with("$ ")).collect();
    if !expected.is_empty() {
        compare(&expected, &printed);
    }
    Ok(())
}
