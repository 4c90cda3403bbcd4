//! The pages in a real browser: Chromium, headless. On systems where it is not the command `chromium`,
//! the variable `CHROMIUM` is its path.
//!
//! A copy of a page gets a script that measures it, and posts what it found to the page around it. The
//! script of the page itself is taken out: everything must work without it.

use std::env;
use std::fs;
use std::process::Command;

use flags_cli::site::Behaviour;
use flags_testing::cargo::workspace;
use flags_testing::markdown::{self, blocks};
use flags_testing::sites::TestSite;
use flags_testing::{Running, http};

/// 1024 is a projector; 901 is nearly one of 1920 at 200 %. What `measure.js` says of wrapped lines and
/// of the first screen, it checks at each width.
#[test]
#[ignore = "takes seconds, and Chromium"]
fn columns_are_aligned_on_a_wide_screen_and_stacked_on_a_narrow_one_in_light_and_dark() {
    let page = side_by_side(include_str!("browser/measure.js"));
    assert!(page.contains("side by side in a window wider than 900 pixels"));
    let (wide, narrow) = ("side by side, notes on demand", "stacked, notes below their lines");
    for (width, layout) in
        [(390, narrow), (900, narrow), (901, wide), (1024, wide), (1280, wide), (1920, wide)]
    {
        let found = measure(&page, width, 1000, &[]);
        assert_eq!(found, format!("{layout}, light"), "at {width}");
    }
    let dark = measure(&page, 1920, 1000, &["--blink-settings=preferredColorScheme=0"]);
    assert_eq!(dark, format!("{wide}, dark"));
}

/// A4 and Letter, without the margins of 1 cm.
#[test]
#[ignore = "takes seconds, and Chromium"]
fn nothing_is_torn_or_drawn_over_when_printed() {
    let page = side_by_side(include_str!("browser/paginate.js"));
    let page =
        page.replace("@media screen", "@media not all").replace("@media print", "@media all");
    for (width, height) in [(1047, 718), (980, 740)] {
        let as_columns = format!(
            "body {{ width: {width}px; height: {height}px; max-width: none; margin: 0; \
             columns: {width}px; column-gap: 0; column-fill: auto }} </style>"
        );
        let page = page.replacen("</style>", &as_columns, 1);
        assert_eq!(measure(&page, width, height, &[]), "several pages", "{width} x {height}");
    }
}

#[test]
#[ignore = "takes seconds, and Chromium"]
fn demo_site_shows_194_flags() {
    const SCRIPT: &str = "<script>
      setInterval(() => {
        const loaded = [...document.images].filter(image => image.naturalWidth > 0).length;
        const caption = document.querySelector('figcaption').textContent;
        parent.postMessage(`${loaded} of ${document.images.length}, from ${caption}`, '*');
      }, 50);
    </script>";
    let site = TestSite::start(Behaviour::Local);
    let page = String::from_utf8(http::get(&site.base_url, "/").1).unwrap();
    let base = format!("<base href=\"http://{}/\"><title>", http::address(&site.base_url));
    let page = page.replacen("<title>", &base, 1) + SCRIPT;
    // So tall that no image is too far away to be loaded.
    assert_eq!(measure(&page, 1280, 9000, &[]), "194 of 194, from AD Andorra");
}

/// The fonts of Debian's `fonts-liberation` and `fonts-dejavu-core`. A mark that one does not have comes
/// from another font, and is wider or narrower.
#[test]
#[ignore = "takes seconds, and Chromium"]
fn rows_of_a_picture_are_as_wide_as_their_columns() {
    let lesson = markdown::page("flags-common/lesson/README.md");
    let pictures = blocks(&lesson).filter(|(_, text)| text.starts_with("Bars"));
    let lines = pictures.flat_map(|(_, picture)| picture.lines()).filter(|line| !line.is_empty());
    let lines: Vec<_> = lines.map(|line| line.replace('<', "&lt;")).collect();
    assert!(lines.len() > 200, "{} lines", lines.len());
    for font in ["Liberation Mono", "DejaVu Sans Mono"] {
        let script = include_str!("browser/columns.js");
        let page = format!(
            "<!doctype html><meta charset=utf-8><pre style=\"font: 14px '{font}', serif\">\
             <span>iiiiiiiiii</span>\n<span>{}</span></pre><script>{script}</script>",
            lines.join("</span>\n<span>")
        );
        let expected = format!("{} rows are aligned", 1 + lines.len());
        assert_eq!(measure(&page, 1280, 1000, &[]), expected, "{font}");
    }
}

/// The committed page, with `script` in place of its own script.
fn side_by_side(script: &str) -> String {
    let path = workspace().join("flags-common/lesson/side-by-side.html");
    let page = fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once("<script>").expect("its script");
    let (_, after) = rest.split_once("</script>").expect("its end");
    format!("{before}<script>{script}</script>{after}")
}

/// Opens `page` in a frame of this size, since a window of Chromium has a minimum width, and returns
/// the last text that its script posts to the parent.
fn measure(page: &str, width: usize, height: usize, args: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("page.html"), page).unwrap();
    let frame = format!(
        "<!doctype html><title>frame</title>
        <style>body {{ margin: 0 }} iframe {{ width: {width}px; height: {height}px; border: 0 }}</style>
        <pre></pre><iframe src='page.html'></iframe>
        <script>
          onmessage = event => document.querySelector('pre').textContent = event.data;
        </script>"
    );
    let path = dir.path().join("frame.html");
    fs::write(&path, frame).unwrap();

    let mut command = Command::new(env::var_os("CHROMIUM").unwrap_or("chromium".into()));
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]);
    command.args(["--no-first-run", "--disable-background-networking"]);
    command.args(["--disable-component-update", "--disable-sync", "--lang=en"]);
    command.args(["--virtual-time-budget=10000", "--dump-dom"]);
    command.arg(format!("--window-size={},{height}", width.max(1000)));
    command.arg(format!("--user-data-dir={}", dir.path().join("profile").display()));
    command.args(args).arg(format!("file://{}", path.display()));
    let run = Running::start(command, dir).finish();
    assert_eq!(run.status, 0, "{run}");
    let (_, rest) = run.stdout.split_once("<pre>").expect("the frame");
    rest.split("</pre>").next().expect("the text in it").to_owned()
}
