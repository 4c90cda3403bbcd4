//! The teacher's page: `flags-common/lesson/README.md`.

use flags_testing::markdown::{blocks, commands, inline_code, links, page, section};

use crate::experiment::Start;
use crate::learner::{binary, correct_binary};
use crate::patch::{FLAG_SITE, Patch};
use crate::screen::shows;
use crate::table::cases;

const LESSON: &str = "flags-common/lesson/README.md";

/// The headings that link to a patch: the rest of the line, and the text up to the next heading.
fn sections(page: &str) -> Vec<(&str, &str)> {
    let headings = page.split("\n### ").skip(1).filter_map(|text| text.split("\n## ").next());
    headings.map(|section| section.split_once('\n').expect("a text")).collect()
}

/// The commands of a text, each with the picture that follows it, if there is one.
fn runs(text: &str) -> Vec<(&str, Option<&str>)> {
    let mut runs = vec![];
    for (language, code) in blocks(text) {
        if language == "console" {
            let cargo = commands(code).into_iter().filter(|it| it.starts_with("cargo "));
            runs.extend(cargo.filter(|it| !it.starts_with(FLAG_SITE)).map(|it| (it, None)));
        } else if language == "text" {
            runs.last_mut().expect("a picture comes after its command").1 = Some(code);
        }
    }
    runs
}

fn package(command: &str) -> &str {
    command.split_whitespace().nth(3).expect("cargo run -p PACKAGE")
}

/// The names of the patches that a text links to.
fn linked(text: &str) -> Vec<&str> {
    links(text).filter_map(|it| it.strip_prefix("mistakes/")?.strip_suffix(".patch")).collect()
}

/// In the order of the table, which has them all.
pub fn lists_every_patch_once() {
    let page = page(LESSON);
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
    let page = page(LESSON);
    let mut count = 0;
    for (heading, text) in sections(&page) {
        let patches: Vec<_> = linked(heading).into_iter().map(Patch::named).collect();
        for (command, _) in runs(text) {
            let is_its = |patch: &Patch| patch.package() == package(command);
            assert!(patches.iter().any(is_its), "{heading}: {command}");
            count += 1;
        }
    }
    assert!(count > 10, "the page has commands");
}

/// The headings say how many minutes each part takes, and which five a short lesson keeps.
pub fn lesson_takes_45_minutes() {
    let page = page(LESSON);
    let minutes = |mark: &str| -> Vec<u32> {
        let headings = page.lines().filter(|line| line.starts_with(mark));
        let brackets = headings.filter_map(|it| it.strip_suffix(" min)")?.rsplit_once('('));
        brackets.filter_map(|it| it.1.trim_start_matches("core, ").parse().ok()).collect()
    };
    let (all, experiments) = (minutes("##"), minutes("### "));
    assert_eq!(all.iter().sum::<u32>(), 45);
    assert!(experiments.iter().sum::<u32>() <= 38, "{experiments:?}");
    let core = page.lines().filter(|line| line.starts_with("### ") && line.contains("(core, "));
    assert_eq!(core.count(), 5);
}

/// On a projector, the page's command for a patch shows what the page says. A program that hangs
/// gets Ctrl-C after this `note`.
pub fn shows_it(patch: &Patch, note: Option<&str>) {
    let page = page(LESSON);
    for (heading, text) in sections(&page) {
        if !linked(heading).contains(&patch.name.as_str()) {
            continue;
        }
        let all = blocks(text).flat_map(|(_, code)| commands(code));
        let site = all.filter_map(|it| it.strip_prefix(FLAG_SITE)).next();
        // One character: a mark of the picture, such as `z`.
        let mut marks = inline_code(text);
        marks.retain(|it| it.chars().count() == 1);
        let of_patch = |it: &(&str, _)| package(it.0) == patch.package();
        for (command, picture) in runs(text).into_iter().filter(of_patch) {
            if command.contains(" run ") {
                let binary = &binary(patch.package());
                shows(&Start { binary, command, site, note }, &marks, picture);
            }
            if patch.name == "exercise" {
                break; // the next one is for the right code
            }
        }
    }
}

/// On a projector, the right code shows what the page says of it.
pub fn right_code_fits() {
    let page = page(LESSON);
    let mut all = runs(section(&page, "## The right code"));
    all.extend(runs(section(&page, "## Exercise")).pop());
    assert_eq!(all.len(), 3, "{all:#?}");
    for (command, picture) in all {
        assert!(picture.is_some(), "{command}");
        let binary = correct_binary(package(command));
        shows(&Start { binary, command, site: None, note: None }, &[], picture);
    }
}
