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

use std::fs;

use flags_testing::cargo::workspace;
use flags_testing::update;

/// The text of a file of the workspace, kept until the end.
fn read(path: &str) -> &'static str {
    fs::read_to_string(workspace().join(path)).expect(path).leak()
}

#[test]
fn page_is_up_to_date() {
    update::check(&workspace().join("flags-common/lesson/side-by-side.html"), &page::page());
}

#[test]
fn no_line_and_no_note_is_left_out() {
    let page = page::page();
    for variant in ["flags-seq", "flags-threadpool", "flags-async"] {
        let lines = read(&format!("{variant}/src/main.rs")).lines().enumerate();
        for (index, line) in lines.filter(|(_, line)| !line.is_empty()) {
            assert!(page.contains(&format!("id=\"{variant}-{}\"", index + 1)), "{variant}: {line}");
        }
    }
    let notes = read("flags-common/lesson/notes.md").matches("\n- `").count();
    assert_eq!(page.matches("<span>").count(), notes);
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let page = page::page().replace("src=\"data:", "");
    for loading in ["src=", "url(", "@import", "<link", "fetch("] {
        assert!(!page.contains(loading), "{loading}");
    }
}
