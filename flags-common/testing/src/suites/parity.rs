//! The side-by-side promise: `main.rs` is short and narrow, what it shares with its siblings is the
//! same text, and the crate can be copied by itself. What the reader of the three files relies on
//! belongs here.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;

use crate::cargo::is_workspace_of_the_lesson;
use crate::{Strategy, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(
        variant,
        "parity",
        [
            functions_are_in_the_order_of_the_lesson,
            main_rs_fits_on_a_screen,
            no_line_is_wider_than_76_columns,
            manifest_stands_alone,
        ]
    );
    trials.extend(match variant.strategy {
        _ if !is_workspace_of_the_lesson() => vec![],
        Strategy::Sequence => vec![],
        Strategy::ThreadPool => trials!(variant, "parity", [client_is_that_of_flags_seq]),
        Strategy::Async => trials!(variant, "parity", [only_async_and_await_differ_from_flags_seq]),
    });
    trials
}

fn read(folder: &Path, file: impl AsRef<Path>) -> String {
    let path = folder.join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_main(folder: &Path) -> String {
    read(folder, "src/main.rs")
}

/// The function `name`, with the attributes and comments directly above it.
fn function<'a>(source: &'a str, name: &str) -> &'a str {
    let at = source.find(&format!("fn {name}(")).unwrap_or_else(|| panic!("no function {name}"));
    let start = source[..at].rfind("\n\n").expect("a blank line above it");
    let end = at + source[at..].find("\n}\n").expect("its closing brace");
    &source[start + 2..end + 2]
}

/// Names of the functions, in order.
fn functions(source: &str) -> Vec<&str> {
    source
        .lines()
        .filter_map(|line| line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn "))
        .filter_map(|rest| rest.split('(').next())
        .collect()
}

fn functions_are_in_the_order_of_the_lesson(variant: &Variant) {
    let source = read_main(&variant.folder);
    let expected = match variant.strategy {
        Strategy::Sequence => "get_flag download_many main",
        Strategy::ThreadPool => "get_flag download_one download_many main",
        Strategy::Async => "get_flag download_one supervisor download_many main",
    };
    assert_eq!(functions(&source).join(" "), expected);
    let strategy = if variant.strategy == Strategy::Async { "supervisor" } else { "download_many" };
    assert!(function(&source, strategy).contains("report.record(&flag, result);"));
    assert!(function(&source, "main").contains("flags_cli::main(download_many)"));
    let client = read(&variant.folder, "src/client.rs").replace("pub ", "");
    assert_eq!(functions(&client), ["new_client", "read_body"]);
}

fn main_rs_fits_on_a_screen(variant: &Variant) {
    let lines = read_main(&variant.folder).lines().count();
    let most = if variant.strategy == Strategy::Sequence { 36 } else { 52 };
    assert!(lines <= most, "{lines} lines");
}

/// Three panes fit on a screen of 1920 pixels. rustfmt leaves comments alone.
fn no_line_is_wider_than_76_columns(variant: &Variant) {
    let files = source_files(&variant.folder);
    assert!(files.len() > 3, "{files:?}");
    for path in files {
        for (number, line) in read(&variant.folder, &path).lines().enumerate() {
            let place = format!("{}:{}", path.display(), number + 1);
            assert!(line.chars().count() <= 76, "{place}: {line}");
        }
    }
}

/// The Rust files and the manifest of a crate.
fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            files.extend(if name == "target" { vec![] } else { source_files(&path) });
        } else if name.ends_with(".rs") || name == "Cargo.toml" {
            files.push(path);
        }
    }
    files
}

fn client_is_that_of_flags_seq(variant: &Variant) {
    let both = [variant.folder.clone(), variant.folder.with_file_name("flags-seq")];
    let [client, of_seq] = both.each_ref().map(|folder| read(folder, "src/client.rs"));
    assert_eq!(client, of_seq);
    let [main, of_seq] = both.each_ref().map(|folder| read_main(folder));
    assert_eq!(function(&main, "get_flag"), function(&of_seq, "get_flag"));
    let [ureq, of_seq] = both.map(|folder| {
        let manifest = read(&folder, "Cargo.toml");
        let (_, table) = manifest.split_once("\n[dependencies.ureq]\n").expect("it uses ureq");
        table.split("\n\n").next().expect("a table").to_owned()
    });
    assert_eq!(ureq, of_seq);
}

fn only_async_and_await_differ_from_flags_seq(variant: &Variant) {
    let main = read_main(&variant.folder);
    let blocking = function(&main, "get_flag")
        .replace("async fn", "fn")
        .replace("client: &Client", "client: &Agent")
        .replace(".send().await", ".call()")
        .replace(".await", "");
    let of_seq = read_main(&variant.folder.with_file_name("flags-seq"));
    assert_eq!(blocking, function(&of_seq, "get_flag"));
}

fn manifest_stands_alone(variant: &Variant) {
    let testing = Path::new(env!("CARGO_MANIFEST_DIR"));
    let common = testing.parent().expect("flags-common");
    for folder in [&variant.folder, common, &common.join("cli"), &common.join("lesson"), testing] {
        let manifest = read(folder, "Cargo.toml");
        let inherits = manifest.replace(' ', "").contains("workspace=true");
        assert!(!inherits, "{} inherits from the workspace", folder.display());
        let package = ["version = ", "edition = ", "rust-version = ", "license = \"MIT-0\""];
        for entry in package.into_iter().chain(["publish = false", "[lints."]) {
            let named = manifest.contains(&format!("\n{entry}"));
            assert!(named, "{} has no {entry:?}", folder.display());
        }
    }
}
