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

/// A file of each crate, in that order. `None` if this is not the workspace of the lesson.
fn read(file: &str) -> Option<[String; 3]> {
    let read = |folder| fs::read_to_string(workspace().join(folder).join(file)).expect(file);
    is_workspace_of_the_lesson().then(|| LESSON.map(|(folder, _)| read(folder)))
}

#[test]
fn functions_are_in_the_order_of_the_lesson() {
    let Some(sources) = read("src/main.rs") else { return };
    for ((folder, expected), source) in LESSON.into_iter().zip(sources) {
        let lines = source.lines().map(|line| line.strip_prefix("async ").unwrap_or(line));
        let functions = lines.filter_map(|line| line.strip_prefix("fn ")?.split('(').next());
        assert_eq!(functions.collect::<Vec<_>>().join(" "), expected, "{folder}");
    }
}

/// Three panes fit on a screen of 1920 pixels. rustfmt leaves comments alone.
#[test]
fn no_line_is_wider_than_76_columns() {
    for file in ["src/main.rs", "src/client.rs", "tests/contract.rs", "Cargo.toml"] {
        for line in read(file).iter().flatten().flat_map(|text| text.lines()) {
            assert!(line.chars().count() <= 76, "{file}: {line}");
        }
    }
}

#[test]
fn clients_are_the_same_but_for_async_and_await() {
    let Some([of_seq, of_threadpool, _]) = read("src/client.rs") else { return };
    assert_eq!(of_seq, of_threadpool);
    let [of_seq, of_threadpool, of_async] =
        read("src/main.rs").expect("the lesson").map(|source| {
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
