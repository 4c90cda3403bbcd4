//! The page `lesson/side-by-side.html`: it shows the three `main.rs` as they are, with every note, and
//! can be read by anyone, without a network.

#[path = "../examples/side-by-side/page/mod.rs"]
mod page;

use std::collections::HashSet;
use std::fs;

use flags_cli::timeline::Timeline;
use flags_testing::cargo::workspace;
use roxmltree::{Document, Node, ParsingOptions};

use crate::page::picture::{Axes, figure};
use crate::page::{VARIANTS, notes};

const MAX_BYTES: usize = 150_000;

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap()
}

fn source(variant: &str) -> String {
    read(&format!("{variant}/src/main.rs"))
}

fn committed() -> String {
    read("flags-common/lesson/side-by-side.html")
}

/// The page is written as XML, too.
fn with_page(check: impl FnOnce(&Document)) {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    check(&Document::parse_with_options(&committed(), options).unwrap());
}

/// What a run measured is taken from the committed page.
#[test]
fn committed_page_is_up_to_date() {
    let committed = committed();
    let figures = VARIANTS.map(|variant| {
        let [before, after] = page::measured_markers(variant);
        let (_, rest) = committed.split_once(&before).expect("the start of what is measured");
        rest.split_once(&after).expect("its end").0.to_owned()
    });
    let notes = read("flags-common/lesson/notes.md");
    let page = page::page(&VARIANTS.map(source), &notes, &figures).unwrap();
    assert!(page == committed, "run `cargo run --release -p flags-cli --example side-by-side`");
}

#[test]
fn no_line_is_left_out() {
    with_page(|page| {
        for variant in VARIANTS {
            let columns = page.descendants().filter(|it| it.has_tag_name("article"));
            let columns = columns.filter(|column| {
                let mut titles = column.children().filter(|it| it.has_tag_name("h3"));
                titles.next().and_then(|title| title.text()) == Some(variant)
            });
            let code = columns.flat_map(|it| it.descendants()).filter(|it| it.has_tag_name("pre"));
            let code: String = code.map(code_text).collect();
            assert!(code == source(variant), "{variant} differs from its column:\n{code}");
        }
    });
}

/// The text of a column without what does not belong to the code.
fn code_text(node: Node) -> String {
    let is_extra =
        |it: &Node| it.attribute("class").is_some_and(|it| it.split(' ').any(|it| it == "extra"));
    let texts =
        node.descendants().filter(|it| it.is_text() && !it.ancestors().any(|it| is_extra(&it)));
    texts.filter_map(|it| it.text()).collect()
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
    with_page(|page| {
        let ids: Vec<_> = page.descendants().filter_map(|it| it.attribute("id")).collect();
        let unique: HashSet<_> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len());

        let links = page.descendants().filter_map(|it| it.attribute("href"));
        let links = links.filter(|link| !link.starts_with("https://"));
        let internal = links.map(|link| link.strip_prefix('#').unwrap_or(link));
        let names = ["aria-labelledby", "aria-describedby"];
        let named = page.descendants().flat_map(|it| names.map(|name| it.attribute(name)));
        let lost: Vec<_> =
            internal.chain(named.flatten()).filter(|id| !unique.contains(id)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    });
}

/// Each pair of colours of text and background on the page has a contrast of 4.5 : 1, as WCAG 2 AA
/// requires. The test in a browser finds pairs that are missing here.
#[test]
fn colours_contrast() {
    const PAIRS: [(&str, &str); 8] = [
        ("text", "page new changed tied card"),
        ("quiet", "page tied"),
        ("comment", "page new changed tied"),
        ("keyword", "page new changed tied"),
        ("type", "page new changed tied"),
        ("function", "page new changed tied"),
        ("literal", "page new changed tied"),
        ("link", "page"),
    ];
    let page = committed();
    let schemes: Vec<_> = page.split(":root {").skip(1).take(2).collect();
    for scheme in schemes {
        for (text, grounds) in PAIRS.into_iter().chain([("mark", "new tied"), ("tie", "tied")]) {
            for ground in grounds.split(' ') {
                let [one, other] = [text, ground].map(|name| luminance(colour(scheme, name)));
                let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
            }
        }
    }
}

/// The value of a variable, such as `--page: #ffffff`.
fn colour(css: &str, name: &str) -> [u8; 3] {
    let (_, value) = css.split_once(&format!("--{name}: #")).expect("a colour of that name");
    [0, 2, 4].map(|at| u8::from_str_radix(&value[at..at + 2], 16).expect("six hexadecimal digits"))
}

/// As WCAG 2 defines it.
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The list of a downloader in the README, up to a blank line. A comment marks it:
///
/// ```text
/// <!-- notes: flags-async -->
///
/// - `use reqwest::{Client, Response};`: An HTTP client whose…
/// ```
fn marked_list<'a>(readme: &'a str, variant: &str) -> Option<&'a str> {
    let (_, rest) = readme.split_once(&format!("<!-- notes: {variant} -->\n"))?;
    let rest = rest.trim_start();
    Some(rest.split_once("\n\n").map_or(rest, |(list, _)| list).trim_end())
}

/// A marked list is that of `notes.md`, to the letter. The README need not have all lists.
#[test]
fn readme_has_the_same_notes() {
    let (readme, notes) = (read("README.md"), read("flags-common/lesson/notes.md"));
    for variant in VARIANTS {
        let expected = notes::list(&notes, variant);
        assert!(expected.starts_with("- `"), "{variant} has notes");
        if let Some(list) = marked_list(&readme, variant) {
            assert!(list == expected, "in README.md, replace the list by:\n\n{expected}\n");
        }
    }
}

#[test]
fn marked_list_ends_at_a_blank_line() {
    let readme = "# Flags\n\n<!-- notes: a -->\n\n- `x`: One\n  note.\n- `y`: Two.\n\nText.\n";
    assert_eq!(marked_list(readme, "a"), Some("- `x`: One\n  note.\n- `y`: Two."));
    assert_eq!(marked_list(readme, "b"), None);
}

#[test]
fn figure_tells_blocked_threads_from_futures() {
    let timeline = |text: &str| -> Timeline { text.parse().unwrap() };
    let seq = timeline(
        "program\tflags-seq\nelapsed\t2000000\nthread\tmain\nrequest\tBD\t0\t1000000\n\
         hold\t0\t0\t1000000\n",
    );
    let tasks = timeline(
        "program\tflags-async\nelapsed\t109000\nthread\tmain\nrequest\tBD\t0\t100000\n\
         hold\t0\t0\t10000\nhold\t0\t90000\t100000\n",
    );
    let axes = Axes::new(&seq, std::slice::from_ref(&tasks));
    let has = |figure: &str, class: &str| figure.contains(&format!("<path class=\"{class}\""));

    let blocked = figure(&seq, &seq, axes);
    assert!(blocked.contains("<figcaption>1 request on 1 thread in 2.00 s.</figcaption>"));
    assert!(has(&blocked, "block") && !has(&blocked, "poll"));
    let polled = figure(&tasks, &seq, axes);
    assert!(polled.contains("in 0.11 s: 18 times as fast as flags-seq.</figcaption>"), "{polled}");
    assert!(polled.contains("The first 110 ms, enlarged"));
    assert!(has(&polled, "poll") && !has(&polled, "block"));
}
