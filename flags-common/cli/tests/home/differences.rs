//! What the finished folders have in common with the downloaders, and with the recipes. Each folder has
//! a diff that shows what was changed; `UPDATE=1 cargo test` writes it.

use std::fmt::Write;

use flags_testing::cargo::{is_workspace_of_the_lesson, workspace};
use flags_testing::markdown::page;
use flags_testing::update;
use similar::TextDiff;

const HOME: &str = "flags-common/lesson/home";
/// A folder, the downloader that it was, and what has become of its `main.rs` and `client.rs`.
const FOLDERS: [(&str, &str, [&str; 2]); 4] = [
    ("urls-async", "flags-async", ["main.rs", "client.rs"]),
    ("urls-threadpool", "flags-threadpool", ["main.rs", "client.rs"]),
    ("small", "flags-async", ["main.rs", "client.rs"]),
    ("service", "flags-async", ["flags.rs", "flags/client.rs"]),
];

#[test]
fn each_folder_shows_what_differs_from_its_downloader() {
    if !is_workspace_of_the_lesson() {
        return; // a copied flags-common, without the downloaders
    }
    for (folder, variant, files) in FOLDERS {
        let mut differences = String::new();
        for (old, new) in ["main.rs", "client.rs"].iter().zip(files) {
            let before = page(&format!("{variant}/src/{old}"));
            let after = page(&format!("{HOME}/{folder}/src/{new}"));
            let names = (format!("{variant}/src/{old}"), format!("{folder}/src/{new}"));
            let diff = TextDiff::from_lines(&before, &after);
            write!(differences, "{}", diff.unified_diff().header(&names.0, &names.1)).unwrap();
        }
        let path = format!("{HOME}/{folder}/from-{variant}.diff");
        update::check(&workspace().join(path), &differences);
    }
}
