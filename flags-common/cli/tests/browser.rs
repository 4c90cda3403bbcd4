//! The pages in a real browser: Chromium, headless. Without it, the tests are skipped.
//!
//! A copy of a page gets a script that measures it and writes what it found as lines of text. The
//! script of the page itself is taken out: everything must work without it.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use flags_cli::site::Behaviour;
use flags_testing::cargo::workspace;
use flags_testing::sites::TestSite;
use flags_testing::{finish, http};
use libtest_mimic::{Arguments, Trial};

fn main() {
    if browser().is_none() {
        return eprintln!("SKIPPED: there is no Chromium (Debian: chromium)");
    }
    let trials = [
        ("columns_are_aligned_and_notes_show_on_a_wide_screen", wide as fn()),
        ("no_line_is_wider_than_its_column", lines_fit),
        ("columns_are_stacked_below_the_width_that_the_page_names", stacked),
        ("nothing_is_torn_or_drawn_over_when_printed", printed),
        ("colours_are_readable_in_dark_mode", dark),
        ("demo_site_shows_194_flags", demo_site),
    ];
    let trials = trials.map(|(name, test)| {
        let trial = Trial::test(name, move || {
            test();
            Ok(())
        });
        trial.with_ignored_flag(true) // ten seconds
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit()
}

fn browser() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let files = env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    files.into_iter().find(|file| file.is_file())
}

fn wide() {
    let found = measure(&["--window-size=1280,1000"], 1280, &side_by_side());
    assert_eq!(found.value("dark"), "false");
    assert_eq!(found.value("notes hidden until focused"), found.value("notes"));
    assert_eq!(found.value("notes shown on focus"), found.value("notes"));
    assert_eq!(found.value("notes shown by the checkbox"), found.value("notes"));
    assert_eq!(found.value("notes shown by their link"), found.value("notes"));
    assert!(found.number("notes") > 20 && found.number("aligned rows") > 60, "{found:?}");
    found.assert_no_problems();
}

/// 1024 is a projector; 901 is nearly one of 1920 at 200 %.
fn lines_fit() {
    for width in [901, 1024, 1280, 1600] {
        let found = measure(&["--window-size=1600,1000"], width, &side_by_side());
        assert_eq!(found.value("pixels beyond a column"), "0", "at {width}");
        assert_eq!(found.value("columns"), "side by side", "at {width}");
        found.assert_no_problems();
    }
}

fn stacked() {
    let page = side_by_side();
    let (_, rest) = page.split_once("side by side in a window wider than ").expect("the width");
    let named = rest.split_once(" pixels").expect("its unit").0.parse().expect("a number");
    let columns = |width, expected| {
        let found = measure(&["--window-size=1000,1000"], width, &page);
        assert_eq!(found.value("columns"), expected, "at {width}");
        found.assert_no_problems();
        found
    };
    columns(named + 1, "side by side");
    columns(named, "stacked");
    let phone = columns(390, "stacked");
    assert_eq!(phone.value("notes hidden until focused"), "0", "they stand below their lines");
}

/// A4 and Letter, without the margins of 1 cm.
fn printed() {
    let page = side_by_side_with(include_str!("browser/paginate.js"));
    let page =
        page.replace("@media screen", "@media not all").replace("@media print", "@media all");
    for (width, height) in [(1047, 718), (980, 740)] {
        let as_columns = format!(
            "body {{ width: {width}px; height: {height}px; max-width: none; margin: 0; \
             columns: {width}px; column-gap: 0; column-fill: auto }} </style>"
        );
        let page = page.replacen("</style>", &as_columns, 1);
        let size = format!("--window-size={width},{height}");
        let found = measure(&[&size], width, &page);
        assert!(found.number("pages") > 3 && found.number("pieces") > 200, "{found:?}");
        found.assert_no_problems();
    }
}

fn dark() {
    let args = ["--window-size=1920,1000", "--blink-settings=preferredColorScheme=0"];
    let found = measure(&args, 1920, &side_by_side());
    assert_eq!(found.value("dark"), "true");
    assert!(found.number("brightness of the page") < 50, "{found:?}");
    assert!(found.number("texts with a contrast") > 1000, "{found:?}");
    found.assert_no_problems();
}

fn demo_site() {
    let site = TestSite::start(Behaviour::Local);
    let page = String::from_utf8(http::get(&site.base_url, "/").1).unwrap();
    let address = http::address(&site.base_url);
    let base = format!("<base href=\"http://{address}/\">");
    let page = page.replacen("<title>", &format!("{base}<title>"), 1);
    assert!(page.contains(&base));

    // So tall that no image is too far away to be loaded.
    let found = measure(&["--window-size=1280,9000"], 1280, &(page + DEMO_SITE_SCRIPT));
    assert_eq!((found.value("images"), found.value("loaded")), ("194", "194"));
    assert_eq!(found.value("first caption"), "AD Andorra");
}

/// The committed page with the script that measures it instead of its script.
fn side_by_side() -> String {
    side_by_side_with(include_str!("browser/measure.js"))
}

fn side_by_side_with(script: &str) -> String {
    let path = workspace().join("flags-common/lesson/side-by-side.html");
    let page = fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once("<script>").expect("its script");
    let (_, after) = rest.split_once("</script>").expect("its end");
    format!("{before}<script>{script}</script>{after}")
}

const DEMO_SITE_SCRIPT: &str = "<script>
  setInterval(() => {
    const images = [...document.images], loaded = images.filter(image => image.naturalWidth > 0);
    report([`images: ${images.length}`, `loaded: ${loaded.length}`,
      `first caption: ${document.querySelector('figcaption').textContent}`]);
  }, 50);
</script>";

/// What a script found.
#[derive(Debug)]
struct Found(Vec<String>);

impl Found {
    fn value(&self, name: &str) -> &str {
        let value = self.0.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.unwrap_or_else(|| panic!("no {name:?} in {:?}", self.0))
    }

    fn number(&self, name: &str) -> usize {
        self.value(name).parse().expect("a number")
    }

    fn assert_no_problems(&self) {
        let problems: Vec<_> = self.0.iter().filter(|line| line.starts_with("problem: ")).collect();
        assert!(problems.is_empty(), "{problems:#?}");
    }
}

/// Opens `page` in a frame of this width, since a window of Chromium has a minimum width, and returns
/// what its script passes to `report`: lines of the form `name: value`.
fn measure(args: &[&str], width: usize, page: &str) -> Found {
    const REPORT: &str = "<script>
      const report = lines => parent.postMessage(lines.join('\\n'), '*');
    </script>";
    let dir = tempfile::tempdir().unwrap();
    let page = page.replacen("<title>", &format!("{REPORT}<title>"), 1);
    fs::write(dir.path().join("page.html"), page).unwrap();
    let frame = format!(
        "<!doctype html><title>frame</title>
        <style>body {{ margin: 0 }} iframe {{ width: {width}px; height: 100vh; border: 0 }}</style>
        <pre></pre><iframe src='page.html'></iframe>
        <script>
          onmessage = event => document.querySelector('pre').textContent = event.data;
        </script>"
    );
    let path = dir.path().join("frame.html");
    fs::write(&path, frame).unwrap();

    let mut command = Command::new(browser().expect("Chromium"));
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
    ]);
    command.args(["--disable-background-networking", "--disable-component-update"]);
    command.args(["--disable-sync", "--lang=en", "--virtual-time-budget=10000", "--dump-dom"]);
    command.arg(format!("--user-data-dir={}", dir.path().join("profile").display()));
    command.args(args).arg(format!("file://{}", path.display()));
    let run = finish(command, dir);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let (_, rest) = run.stdout.split_once("<pre>").expect("the frame");
    let found = rest.split("</pre>").next().expect("the text in it");
    Found(found.lines().map(str::to_owned).collect())
}
