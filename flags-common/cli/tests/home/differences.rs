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
            "service" => ["src/flags.rs", "src/flags/client.rs"],
            _ => ["src/main.rs", "src/client.rs"],
        };
        let mut differences = String::new();
        for (old, new) in ["src/main.rs", "src/client.rs"].iter().zip(files) {
            let (old, new) = (format!("{variant}/{old}"), format!("{HOME}/{folder}/{new}"));
            let [before, after] = [&old, &new].map(|path| page(path));
            let diff = TextDiff::from_lines(&before, &after);
            let names = [old, new.replace(&format!("{HOME}/"), "")];
            write!(differences, "{}", diff.unified_diff().header(&names[0], &names[1])).unwrap();
        }
        let path = format!("{HOME}/{folder}/from-{variant}.diff");
        update::check(&workspace().join(path), &differences);
    }
}

#[test]
fn programs_for_urls_have_at_most_100_lines() {
    for (folder, _) in &FOLDERS[..2] {
        let files = ["main.rs", "client.rs"].map(|it| page(&format!("{HOME}/{folder}/src/{it}")));
        assert!(files.concat().lines().count() <= 100, "{folder}");
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
