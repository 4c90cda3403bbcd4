//! The page `lesson/side-by-side.html`: it shows the three `main.rs` and the Python beside them as they
//! are, with every note, and can be read without a network. `page` makes it, and this writes it:
//!
//! ```console
//! $ UPDATE=1 cargo test -p flags-cli --test side_by_side
//! ```
//!
//! `lesson/side-by-side.png` is its upper part, as a screenshot with 128 colours. In the folder `lesson`,
//! with Chromium and ImageMagick:
//!
//! ```console
//! $ chromium --headless --hide-scrollbars --window-size=1280,4000 --screenshot=page.png \
//!     "file://$PWD/side-by-side.html#flags-async-19"
//! $ convert page.png -crop 1280x1700+0+0 +repage +dither -colors 128 side-by-side.png
//! ```

mod page;

use std::collections::HashSet;
use std::fs;

use flags_testing::cargo::workspace;
use flags_testing::update;
use roxmltree::{Document, Node, ParsingOptions};

use crate::page::notes::notes;

const MAX_BYTES: usize = 170_000;
const MAX_PICTURE_BYTES: usize = 150_000;

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

/// The code of a line, without what the page adds to it.
fn code(line: Node) -> String {
    let is_extra = |it: Node| it.attribute("class").is_some_and(|it| it.starts_with("extra "));
    let texts = line.descendants().filter(|it| it.is_text() && !it.ancestors().any(is_extra));
    texts.filter_map(|it| it.text()).collect()
}

#[test]
fn page_is_up_to_date() {
    let page = page::page(workspace()).unwrap();
    update::check(&workspace().join("flags-common/lesson/side-by-side.html"), &page);
}

/// The blank line between two functions is not shown.
#[test]
fn no_line_is_left_out() {
    let page = document();
    for (path, column) in [
        ("flags-seq/src/main.rs", "flags-seq"),
        ("flags-threadpool/src/main.rs", "flags-threadpool"),
        ("flags-async/src/main.rs", "flags-async"),
        ("flags-seq/src/client.rs", "flags-seq-client"),
        ("flags-async/src/client.rs", "flags-async-client"),
    ] {
        let is_its = |line: &Node| {
            let id = line.attribute("id").and_then(|id| id.rsplit_once('-'));
            id.is_some_and(|(file, _line)| file == column)
        };
        let lines = of_class(page.root(), "l").into_iter().filter(is_its);
        let shown: String = lines.map(code).collect();
        let without_blank = |code: &str| code.replace("\n\n", "\n");
        assert_eq!(without_blank(&shown), without_blank(&read(path)), "{path}");
    }
}

#[test]
fn python_is_below_the_rust_function_of_its_name() {
    let page = document();
    let mut functions = 0;
    for column in of_class(page.root(), "col") {
        let lines = |parent| of_class(parent, "l").into_iter().map(code);
        let scripts = of_class(column, "python");
        let python: String = scripts.into_iter().flat_map(lines).collect();
        let rust = lines(column).collect::<String>().replace(&python, "");
        let name = |line: &str, keyword| {
            let head = line.strip_prefix("async ").unwrap_or(line);
            Some(head.strip_prefix(keyword)?.split('(').next()?.to_owned())
        };
        let Some(function) = rust.lines().find_map(|line| name(line, "fn ")) else { continue };
        if python.is_empty() {
            continue; // a client.rs
        }
        let expected = match function.as_str() {
            "main" => "if __name__ == \"__main__\":\n    sys.exit(main(download_many".to_owned(),
            function => format!("def {function}("),
        };
        assert!(python.contains(&expected), "{expected}: {python}");
        functions += 1;
    }
    assert_eq!(functions, 12);
}

#[test]
fn no_note_is_left_out() {
    let page = document();
    let boxes = page.descendants().filter(|it| it.attribute("role") == Some("doc-footnote"));
    let shown = boxes.flat_map(|it| it.children()).count();
    assert_eq!(shown, read("flags-common/lesson/notes.md").matches("\n- `").count());
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
    assert!(picture.len() < MAX_PICTURE_BYTES, "{} bytes", picture.len());
    let page = committed().replace("src=\"data:", "");
    for loading in ["src=", "url(", "@import", "<link", "fetch("] {
        assert!(!page.contains(loading), "{loading}");
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
fn picture_tells_threads_from_futures() {
    let picture = read("flags-common/lesson/compare.svg");
    for (variant, run) in page::VARIANTS.iter().zip([
        "20 requests on 1 thread in 20",
        "20 requests on 20 threads in 1",
        "20 requests on 1 thread in 1",
    ]) {
        let head = format!("<tspan class=\"program\">{variant}</tspan>\u{2003}{run}");
        assert!(picture.contains(&head), "{head}");
    }
}
