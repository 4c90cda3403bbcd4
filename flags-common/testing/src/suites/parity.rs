//! The side-by-side promise: the source stays short and ends in the same line as its siblings, what
//! it shares with its twin is the same text, and the crate can be copied by itself.

use std::fs;
use std::path::Path;

use libtest_mimic::{Completion, Trial};

use super::manifest;
use crate::{Strategy, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(
        variant,
        "parity",
        [functions_are_in_the_order_of_the_lesson, source_is_short, manifest_stands_alone]
    );
    if variant.strategy != Strategy::Async {
        trials.extend(trials!(variant, "parity", [twins_have_the_same_client]));
    }
    trials
}

fn read_source(folder: &Path) -> String {
    let path = folder.join("src/main.rs");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
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
    let source = read_source(&variant.folder);
    let expected = match variant.strategy {
        Strategy::Sequence => "get_flag download_many main new_client",
        Strategy::ThreadPool => "get_flag download_one download_many main new_client",
        Strategy::Async => {
            "get_flag download_one supervisor download_many main read_body new_client"
        }
    };
    assert_eq!(functions(&source).join(" "), expected);
    assert!(function(&source, strategy(variant)).contains("report.record(&flag, result);"));
    assert!(function(&source, "main").contains("flags_cli::main(download_many)"));
}

/// The function with the loop over the results.
fn strategy(variant: &Variant) -> &str {
    if variant.strategy == Strategy::Async { "supervisor" } else { "download_many" }
}

fn source_is_short(variant: &Variant) {
    let source = read_source(&variant.folder);
    let code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
    let lines = source.lines().filter(code).count();
    assert!(lines <= 60, "{lines} lines of code");

    let strategy = function(&source, strategy(variant));
    let end = source.find(strategy).expect("a part of it") + strategy.len();
    let line = source[..end].lines().count();
    assert!(line <= 50, "the strategy ends in line {line}");
}

/// Compares with the downloader that uses the same HTTP client, if it lies beside this one.
fn twins_have_the_same_client(variant: &Variant) -> Completion {
    let sequence = variant.strategy == Strategy::Sequence;
    let twin = if sequence { "flags-threadpool" } else { "flags-seq" };
    let twin = variant.folder.with_file_name(twin);
    if !twin.join("src/main.rs").is_file() {
        return Completion::ignored_with(format!("there is no {}", twin.display()));
    }
    let (source, other) = (read_source(&variant.folder), read_source(&twin));
    for name in ["new_client", "get_flag"] {
        assert_eq!(function(&source, name), function(&other, name));
    }
    let ureq = |folder: &Path| {
        let manifest = manifest::read(folder);
        let line = manifest.lines().find(|line| line.starts_with("ureq "));
        line.expect("it depends on ureq").to_owned()
    };
    assert_eq!(ureq(&variant.folder), ureq(&twin));
    Completion::Completed
}

fn manifest_stands_alone(variant: &Variant) {
    let testing = Path::new(env!("CARGO_MANIFEST_DIR"));
    let common = testing.parent().expect("flags-common");
    for folder in [&variant.folder, common, &common.join("cli"), testing] {
        let manifest = manifest::read(folder);
        let inherits = manifest.replace(' ', "").contains("workspace=true");
        assert!(!inherits, "{} inherits from the workspace", folder.display());
        for entry in ["version = ", "edition = ", "rust-version = ", "license = ", "[lints."] {
            let named = manifest.contains(&format!("\n{entry}"));
            assert!(named, "{} has no {entry:?}", folder.display());
        }
    }
}
