//! What the finished folders have in common with the downloaders, and with the recipes. Each folder has
//! a diff that shows what was changed; `UPDATE=1 cargo test` writes it.

use std::collections::BTreeMap;
use std::fmt::Write;

use flags_testing::cargo::{is_workspace_of_the_lesson, workspace};
use flags_testing::markdown::{blocks, page};
use flags_testing::update;
use regex_lite::Regex;
use similar::TextDiff;

use crate::TAKE_HOME;

const HOME: &str = "flags-common/lesson/home";
/// A folder, and the downloader that it was.
const FOLDERS: [(&str, &str); 4] = [
    ("urls-async", "flags-async"),
    ("urls-threadpool", "flags-threadpool"),
    ("small", "flags-async"),
    ("service", "flags-async"),
];

#[test]
fn each_folder_shows_what_differs_from_its_downloader() {
    if !is_workspace_of_the_lesson() {
        return; // a copied flags-common, without the downloaders
    }
    for (folder, variant) in FOLDERS {
        let files = match folder {
            "service" => ["flags.rs", "flags/client.rs"],
            _ => ["main.rs", "client.rs"],
        };
        let (mut differences, mut lines) = (String::new(), 0);
        for (old, new) in ["main.rs", "client.rs"].iter().zip(files) {
            let before = page(&format!("{variant}/src/{old}"));
            let after = page(&format!("{HOME}/{folder}/src/{new}"));
            lines += after.lines().count();
            let names = (format!("{variant}/src/{old}"), format!("{folder}/src/{new}"));
            let diff = TextDiff::from_lines(&before, &after);
            write!(differences, "{}", diff.unified_diff().header(&names.0, &names.1)).unwrap();
        }
        let path = format!("{HOME}/{folder}/from-{variant}.diff");
        update::check(&workspace().join(path), &differences);
        assert!(!folder.starts_with("urls") || lines <= 100, "{folder} is short");
    }
}

#[test]
fn page_shows_a_part_of_a_diff() {
    let shown = page(TAKE_HOME);
    let (_, shown) = blocks(&shown).find(|block| block.0 == "diff").expect("a diff");
    let whole = page(&format!("{HOME}/urls-async/from-flags-async.diff"));
    assert!(shown.lines().count() > 20 && whole.contains(shown), "not in the diff:\n{shown}");
}

/// The finished folders have the downloaders' versions, and so has what a recipe adds: the next major
/// version may differ.
#[test]
fn versions_are_those_of_the_downloaders() {
    if !is_workspace_of_the_lesson() {
        return; // a copied flags-common, without the downloaders
    }
    let forms = [
        r#"(?m)^(?:\[dependencies\.)?([\w-]+)(?:\]\nversion)? = (?:\{ version = )?"([\d.]+)""#,
        r"cargo add ([\w-]+)@([\d.]+)",
    ];
    let downloaders = ["flags-async", "flags-threadpool", "flags-common"].map(str::to_owned);
    let folders = downloaders.into_iter().chain(FOLDERS.map(|it| format!("{HOME}/{}", it.0)));
    let mut texts: Vec<_> = folders.map(|folder| page(&format!("{folder}/Cargo.toml"))).collect();
    texts.push(page(TAKE_HOME));
    let mut versions = BTreeMap::new();
    for text in &texts {
        for form in forms {
            for found in Regex::new(form).expect("a pattern").captures_iter(text) {
                let [name, version] = [1, 2].map(|group| found[group].to_owned());
                assert_eq!(versions.entry(name).or_insert(version.clone()), &version, "{text}");
            }
        }
    }
    assert_eq!(versions["reqwest"], "0.13", "entries of several lines are found");
}
