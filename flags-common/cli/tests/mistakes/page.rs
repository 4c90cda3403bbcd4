//! The teacher's page: `flags-common/lesson/README.md`.

use std::fs;

use flags_testing::cargo::workspace;

use crate::patch::Patch;
use crate::table::cases;

fn page() -> String {
    fs::read_to_string(workspace().join("flags-common/lesson/README.md")).expect("the page")
}

/// The headings that link to a patch: the rest of the line, and the text up to the next heading.
fn sections(page: &str) -> Vec<(&str, &str)> {
    let headings = page.split("\n### ").skip(1);
    headings.map(|section| section.split_once('\n').expect("a text")).collect()
}

/// The names of the patches that a text links to.
fn linked(text: &str) -> Vec<&str> {
    let links = text.split("](mistakes/").skip(1);
    links.map(|rest| rest.split_once(".patch)").expect("a link to a patch").0).collect()
}

/// In the order of the table, which has them all.
pub fn lists_every_patch_once() {
    let page = page();
    let listed = linked(&page);
    assert_eq!(listed, cases().iter().map(|case| case.name).collect::<Vec<_>>());
    for word in page.split(|c: char| !(c.is_alphanumeric() || "-.".contains(c))) {
        if let Some(name) = word.strip_suffix(".patch").filter(|name| *name != "NAME") {
            assert!(listed.contains(&name), "{name}.patch does not exist");
        }
    }
}

/// The commands below a heading run the crate that one of its patches changes.
pub fn gives_commands_of_its_patches() {
    let page = page();
    let mut commands = 0;
    for (heading, text) in sections(&page) {
        let packages: Vec<_> = linked(heading)
            .into_iter()
            .map(|name| Patch::named(name).package().to_owned())
            .collect();
        for command in text.lines().filter_map(|line| line.strip_prefix("$ cargo ")) {
            let package = command.split_whitespace().nth(2).expect("cargo run -p PACKAGE");
            assert!(packages.iter().any(|known| known == package), "{heading}: {command}");
            commands += 1;
        }
    }
    assert!(commands > 10, "the page has commands");
}

/// The headings say how many minutes each part takes.
pub fn lesson_takes_45_minutes() {
    let page = page();
    let minutes = page.lines().filter(|line| line.starts_with("##")).filter_map(|heading| {
        heading.strip_suffix(" min)")?.rsplit_once('(')?.1.parse::<u32>().ok()
    });
    assert_eq!(minutes.sum::<u32>(), 45);
}
