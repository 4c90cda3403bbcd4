//! The page `lesson/side-by-side.html`: it shows the three `main.rs` as they are, with every note, and
//! can be read by anyone, without a network.

#[path = "../examples/side-by-side/page/mod.rs"]
mod page;

use std::collections::HashSet;
use std::fs;

use flags_testing::cargo::workspace;
use roxmltree::{Document, Node, ParsingOptions};

use crate::page::VARIANTS;
use crate::page::notes::notes;

const MAX_BYTES: usize = 150_000;

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap()
}

fn committed() -> String {
    read("flags-common/lesson/side-by-side.html")
}

/// The page, which is XML, too.
fn document() -> Document<'static> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(committed().leak(), options).unwrap()
}

/// The elements below `node` whose class is, or begins with, this name.
fn of_class<'a>(node: Node<'a, 'a>, name: &str) -> Vec<Node<'a, 'a>> {
    let is_it = |it: &Node| it.attribute("class").and_then(|it| it.split(' ').next()) == Some(name);
    node.descendants().filter(is_it).collect()
}

/// The code below `node`, without what the page adds to it.
fn code(node: Node) -> String {
    let is_extra = |it: Node| it.attribute("class").is_some_and(|it| it.starts_with("extra "));
    let texts = of_class(node, "l").into_iter().flat_map(|it| it.descendants());
    let texts = texts.filter(|it| it.is_text() && !it.ancestors().any(is_extra));
    texts.filter_map(|it| it.text()).collect()
}

#[test]
fn committed_page_is_up_to_date() {
    let page = page::page(workspace()).unwrap();
    assert!(page == committed(), "run `cargo run -p flags-cli --example side-by-side`");
}

#[test]
fn no_line_is_left_out() {
    let files = VARIANTS.map(|variant| (variant, "main", variant));
    let clients = [
        ("flags-seq, flags-threadpool", "client", "flags-seq"),
        ("flags-async", "client", "flags-async"),
    ];
    let page = document();
    for (title, file, variant) in files.into_iter().chain(clients) {
        let columns = of_class(page.root(), "col").into_iter().filter(|column| {
            let is_client = column.ancestors().any(|it| it.attribute("id") == Some("client"));
            let heading = column.children().find(|it| it.has_tag_name("h3"));
            heading.and_then(|it| it.text()) == Some(title) && is_client == (file == "client")
        });
        // The blank line between two functions is not shown.
        let parts = columns.map(code).filter(|code| !code.is_empty());
        let code = parts.collect::<Vec<_>>().join("\n");
        let path = format!("{variant}/src/{file}.rs");
        assert!(code == read(&path), "{path} differs from its column:\n{code}");
    }
}

#[test]
fn functions_stand_in_the_sections_of_their_roles() {
    let page = document();
    for (role, expected) in [
        ("head", ["", "", ""]),
        ("get_flag", ["get_flag", "get_flag", "get_flag"]),
        ("download_one", ["", "download_one", "download_one"]),
        ("download_many", ["download_many", "download_many", "supervisor"]),
        ("event_loop", ["", "", "download_many"]),
        ("main", ["main", "main", "main"]),
    ] {
        let section = page.descendants().find(|it| it.attribute("id") == Some(role)).unwrap();
        let columns = of_class(section, "col");
        assert_eq!(columns.len(), 3);
        for (column, expected) in columns.into_iter().zip(expected) {
            let code = code(column);
            let lines = code.lines().map(|line| line.strip_prefix("async ").unwrap_or(line));
            let functions = lines.filter_map(|line| line.strip_prefix("fn ")?.split('(').next());
            assert_eq!(functions.collect::<Vec<_>>().join(" "), expected, "{role}");
        }
    }
}

#[test]
fn changed_words_are_marked() {
    let page = document();
    let lines = of_class(page.root(), "l");
    let line = lines.iter().find(|it| code(**it).starts_with("async fn get_flag("));
    let line = line.expect("get_flag of flags-async");
    let marked = line.descendants().filter(|it| it.has_tag_name("b"));
    let marked = marked.flat_map(|it| it.descendants()).filter(|it| it.is_text());
    let marked = marked.filter_map(|it| it.text());
    assert_eq!(marked.collect::<Vec<_>>(), ["async", "Client"]);
}

#[test]
fn each_note_stands_at_the_code_that_it_explains() {
    let page = document();
    let mut count = 0;
    for line in of_class(page.root(), "l") {
        let boxes = line.children().filter(|it| it.attribute("role") == Some("doc-footnote"));
        for note in boxes.flat_map(|it| it.children()) {
            let (code, explained) = (code(line), note.first_element_child().unwrap().text());
            assert!(code.contains(explained.unwrap()), "{explained:?} is not in {code:?}");
            count += 1;
        }
    }
    let items = read("flags-common/lesson/notes.md").matches("\n- `").count();
    assert_eq!(count, items, "notes on the page, and in notes.md");
}

/// A reader who knows only Python meets this Rust in the code.
#[test]
fn rust_that_python_has_not_is_explained() {
    let notes = read("flags-common/lesson/notes.md");
    for explained in [
        "`#[…]` is",
        "`Result<Vec<u8>>`: ",
        "`?` takes",
        "`report: &mut impl Report`: ",
        "`|image|`: ",
        "`Ok(())`: ",
        "`.clone()` makes",
        "`move` hands",
        "`|flag|`: ",
        "`_ =` drops",
    ] {
        assert!(notes.contains(explained), "{explained}");
    }
}

#[test]
fn ambiguous_notes_are_errors() {
    let error = |item: &str| {
        let markdown = format!("# Notes\n\n## a\n\n- {item}\n\n## b\n");
        notes(&markdown, "a", "one two one").unwrap_err().to_string()
    };
    assert_eq!(error("`one`: Is 1."), "notes on a: `one` must occur exactly once");
    assert_eq!(error("`six`: Is 6."), "notes on a: `six` must occur exactly once");
    assert_eq!(error("two"), "notes on a: expected \"`code`: text\": two");
}

#[test]
fn page_is_one_small_file() {
    assert!(committed().len() < MAX_BYTES, "{} bytes", committed().len());
    let picture = fs::read(workspace().join("flags-common/lesson/side-by-side.png")).unwrap();
    assert!(picture.len() < MAX_BYTES, "{} bytes", picture.len());
    for loading in ["src=", "url(", "@import", "<link", "fetch("] {
        assert!(!committed().contains(loading), "{loading}");
    }
}

#[test]
fn references_lead_to_elements() {
    let page = document();
    let ids: Vec<_> = page.descendants().filter_map(|it| it.attribute("id")).collect();
    let unique: HashSet<_> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len());

    let links = page.descendants().filter_map(|it| it.attribute("href"));
    let links = links.filter(|link| !link.starts_with("https://"));
    let internal = links.map(|link| link.strip_prefix('#').unwrap_or(link));
    let names = ["aria-labelledby", "aria-describedby"];
    let named = page.descendants().flat_map(|it| names.map(|name| it.attribute(name)));
    let lost: Vec<_> = internal.chain(named.flatten()).filter(|id| !unique.contains(id)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn figures_tell_blocked_threads_from_futures() {
    let page = document();
    let figures = page.descendants().filter(|it| it.has_tag_name("figure"));
    let expected = [
        ("block", "poll", "20 requests on 1 thread in 2."),
        ("block", "poll", "20 requests on 20 threads in 0."),
        ("poll", "block", "20 requests on 1 thread in 0."),
    ];
    for (n, (figure, (drawn, absent, caption))) in figures.zip(expected).enumerate() {
        let paths = |class| of_class(figure, class).into_iter();
        let draws = |class| paths(class).any(|path| path.attribute("d") != Some(""));
        assert!(draws(drawn) && !draws(absent), "{caption}");
        let text = figure.first_element_child().and_then(|it| it.text()).expect("a caption");
        assert!(text.starts_with(caption), "{text}");
        assert_eq!(text.ends_with(" times as fast as flags-seq."), n > 0, "{text}");
    }
}
