//! The teacher's page: `flags-common/lesson/README.md`.

use std::collections::BTreeSet;
use std::fs;

use flags_testing::cargo::workspace;
use flags_testing::markdown::{blocks, commands, links, page, section};

use crate::patch::Patch;
use crate::shown::{FLAG_SITE, Shown, package};

const LESSON: &str = "flags-common/lesson/README.md";

/// The headings, each with the text up to the next one.
fn sections(page: &str) -> impl Iterator<Item = (&str, &str)> {
    page.split("\n#").filter_map(|section| section.split_once('\n'))
}

/// The patches that a text links to.
fn linked(text: &str) -> Vec<String> {
    let name =
        |link: &str| link.strip_prefix("mistakes/")?.strip_suffix(".patch").map(str::to_owned);
    links(text).filter_map(name).collect()
}

/// What the page shows: of the patches in the heading, or else of the right code.
fn all_shown() -> Vec<(Vec<String>, Shown)> {
    let page = page(LESSON);
    let mut all = vec![];
    for (heading, text) in sections(&page) {
        let (mut command, mut site) = (None, None);
        for (language, code) in blocks(text) {
            if language == "text" {
                let command = command.take().expect("a command before its output");
                let shown = Shown { command, site: site.clone(), block: code.to_owned() };
                all.push((linked(heading), shown));
            }
            for line in commands(code) {
                match line.strip_prefix(FLAG_SITE) {
                    Some(args) => site = Some(args.to_owned()),
                    None => command = Some(line),
                }
            }
        }
    }
    all.last_mut().expect("a picture").0.clear(); // the solution of the exercise
    all
}

/// What the page and the patch itself show of a patch. Of a next step, that may be what the right code
/// shows.
pub fn shown(patch: &Patch) -> Vec<Shown> {
    let its = all_shown().into_iter().filter(|(patches, _)| patches.contains(&patch.name));
    let quoted = Some(patch.shown()).filter(|quoted| !quoted.block.is_empty());
    let mut shown: Vec<_> = its.map(|(_, shown)| shown).chain(quoted).collect();
    if shown.is_empty() {
        shown = right_code();
    }
    shown.retain(|shown| package(&shown.command) == patch.package());
    shown
}

/// What the page shows of the right code.
pub fn right_code() -> Vec<Shown> {
    let right = all_shown().into_iter().filter(|(patches, _)| patches.is_empty());
    right.map(|(_, shown)| shown).collect()
}

/// Writes another block in the place of `old`.
pub fn replace(old: &str, new: &str) {
    let page = page(LESSON);
    let [old, new] = [old, new].map(|block| format!("\n```text\n{block}\n```\n"));
    assert_eq!(page.matches(&old).count(), 1, "the block is on the page once:{old}");
    fs::write(workspace().join(LESSON), page.replace(&old, &new)).expect("a writable page");
}

/// What the check says of the program with a patch: the rows of the page's table that name it.
pub fn symptoms_of(patch: &Patch) -> BTreeSet<String> {
    let page = page(LESSON);
    let rows = section(&page, "## The check").lines().filter_map(|it| it.strip_prefix("| "));
    let cells = rows.filter_map(|row| row.trim_end_matches(" |").split_once(" | "));
    let its = cells.filter(|(_, names)| names.split(", ").any(|name| name == patch.name));
    its.map(|(symptom, _)| without_numbers(symptom)).collect()
}

/// A symptom without what differs from run to run.
pub fn without_numbers(symptom: &str) -> String {
    let has_digit = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let words = symptom.split(' ').map(|word| if has_digit(word) { "#" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

pub fn lists_every_patch_once() {
    let page = page(LESSON);
    let mut listed = linked(&page);
    listed.sort_unstable();
    assert_eq!(listed, Patch::all().into_iter().map(|patch| patch.name).collect::<Vec<_>>());
}

/// The commands below a heading fit on a projector, and run the crate that one of its patches changes.
pub fn has_commands_of_its_patches() {
    let page = page(LESSON);
    let code = blocks(&page).filter(|block| block.0 == "console").flat_map(|block| block.1.lines());
    let long: Vec<_> = code.filter(|line| line.chars().count() > 80).collect();
    assert!(long.is_empty(), "longer than 80 columns: {long:#?}");
    let patches = Patch::all();
    for (heading, text) in sections(&page) {
        let linked = linked(heading);
        let all = blocks(text).flat_map(|(_, code)| commands(code));
        for command in all.filter(|it| !linked.is_empty() && !it.starts_with(FLAG_SITE)) {
            let mut its = patches.iter().filter(|patch| linked.contains(&patch.name));
            assert!(its.any(|patch| patch.package() == package(&command)), "{heading}: {command}");
        }
    }
}
