//! The side-by-side promise: what is the same in the three `main.rs` is the same text, they stay
//! short, and each crate can be copied on its own.

use std::fs;
use std::path::Path;

const CRATES: [&str; 4] = ["flags-common", "flags-seq", "flags-threadpool", "flags-async"];

fn read(path: &str) -> String {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    fs::read_to_string(workspace.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The function `name`, from what is written directly above it to its closing brace.
fn function<'a>(source: &'a str, name: &str) -> &'a str {
    let at = source.find(&format!("fn {name}(")).unwrap_or_else(|| panic!("no function {name}"));
    let start = source[..at].rfind("\n\n").expect("a blank line above it");
    let end = at + source[at..].find("\n}\n").expect("its closing brace");
    &source[start..end]
}

/// The names of the functions, in order.
fn functions(source: &str) -> Vec<&str> {
    source
        .lines()
        .filter_map(|line| line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn "))
        .filter_map(|rest| rest.split('(').next())
        .collect()
}

#[test]
fn seq_and_threadpool_get_a_flag_in_the_same_words() {
    let seq = read("flags-seq/src/main.rs");
    let threadpool = read("flags-threadpool/src/main.rs");
    for name in ["new_client", "get_flag", "main"] {
        assert_eq!(function(&seq, name), function(&threadpool, name));
    }
    let manifests = ["flags-seq/Cargo.toml", "flags-threadpool/Cargo.toml"].map(read);
    let ureq =
        |manifest: &str| manifest.lines().find(|line| line.starts_with("ureq")).map(str::to_owned);
    assert_eq!(
        ureq(&manifests[0]).expect("a line for ureq"),
        ureq(&manifests[1]).expect("one too")
    );
}

#[test]
fn the_three_have_the_same_functions_in_the_same_order() {
    let of = |name| functions(&read(&format!("flags-{name}/src/main.rs"))).join(" ");
    assert_eq!(of("seq"), "new_client get_flag download_many main");
    assert_eq!(of("threadpool"), "new_client get_flag download_one download_many main");
    assert_eq!(of("async"), "new_client get_flag download_one supervisor download_many main");
    for name in ["seq", "threadpool", "async"] {
        let source = read(&format!("flags-{name}/src/main.rs"));
        assert!(source.contains("report.record(&flag, saved);"), "{name}");
        assert!(function(&source, "main").contains("flags_common::main(download_many)"), "{name}");
    }
}

#[test]
fn each_main_is_short() {
    for name in &CRATES[1..] {
        let source = read(&format!("{name}/src/main.rs"));
        let code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
        let lines = source.lines().filter(code).count();
        assert!(lines <= 60, "{name} has {lines} lines of code");
    }
}

#[test]
fn each_crate_can_be_copied() {
    for name in CRATES {
        let manifest = read(&format!("{name}/Cargo.toml"));
        assert!(!manifest.contains("workspace"), "{name} inherits from the workspace");
        for entry in
            ["\nversion = ", "\nedition = ", "\nrust-version = ", "\nlicense = ", "[lints."]
        {
            assert!(manifest.contains(entry), "{name} has no {entry:?}");
        }
    }
}
