//! The side-by-side promise: the three downloaders have the functions of the lesson, fit beside each
//! other, and what they share is the same text.

use std::fs;

use flags_testing::cargo::{is_workspace_of_the_lesson, workspace};

/// Each crate, and the functions of its main.rs.
const LESSON: [(&str, &str); 3] = [
    ("flags-seq", "get_flag download_many main"),
    ("flags-threadpool", "get_flag download_one download_many main"),
    ("flags-async", "get_flag download_one supervisor download_many main"),
];

/// A file of each crate, in that order.
fn read(file: &str) -> [String; 3] {
    LESSON.map(|(crate_name, _)| {
        let path = workspace().join(crate_name).join(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    })
}

#[test]
fn functions_are_in_the_order_of_the_lesson() {
    if !is_workspace_of_the_lesson() {
        return eprintln!("SKIPPED: this is not the workspace of the lesson");
    }
    for ((crate_name, expected), source) in LESSON.into_iter().zip(read("src/main.rs")) {
        let lines = source.lines().map(|line| line.strip_prefix("async ").unwrap_or(line));
        let functions = lines.filter_map(|line| line.strip_prefix("fn ")?.split('(').next());
        assert_eq!(functions.collect::<Vec<_>>().join(" "), expected, "{crate_name}");
    }
}

/// Three panes fit on a screen of 1920 pixels. rustfmt leaves comments alone.
#[test]
fn no_line_is_wider_than_76_columns() {
    if !is_workspace_of_the_lesson() {
        return eprintln!("SKIPPED: this is not the workspace of the lesson");
    }
    for file in ["src/main.rs", "src/client.rs", "tests/contract.rs", "Cargo.toml"] {
        for line in read(file).iter().flat_map(|text| text.lines()) {
            assert!(line.chars().count() <= 76, "{file}: {line}");
        }
    }
}

#[test]
fn clients_are_the_same_but_for_async_and_await() {
    if !is_workspace_of_the_lesson() {
        return eprintln!("SKIPPED: this is not the workspace of the lesson");
    }
    let [of_seq, of_threadpool, _] = read("src/client.rs");
    assert_eq!(of_seq, of_threadpool);
    let [of_seq, of_threadpool, of_async] = read("src/main.rs").map(|source| {
        let start = source.find("#[tracing").expect("an attribute above get_flag");
        source[start..].split_once("\n}\n").expect("its closing brace").0.to_owned()
    });
    assert_eq!(of_seq, of_threadpool);
    let blocking = of_async
        .replace("async fn", "fn")
        .replace("client: &Client", "client: &Agent")
        .replace(".send().await", ".call()")
        .replace(".await", "");
    assert_eq!(of_seq, blocking);
}
