//! The teacher's page: `flags-common/lesson/README.md`.

use std::collections::BTreeSet;
use std::fs;

use flags_testing::cargo::workspace;
use flags_testing::markdown::{blocks, commands, inline_code, links, one_line, page, section};

use crate::patch::{FLAG_SITE, Patch};

const LESSON: &str = "flags-common/lesson/README.md";

/// A command of the page, and the block that follows it: a picture, or some lines of the output.
pub struct Shown {
    pub command: String,
    /// The arguments of its site in another terminal.
    pub site: Option<String>,
    pub block: String,
}

impl Shown {
    pub fn package(&self) -> &str {
        package(&self.command)
    }
}

fn package(command: &str) -> &str {
    command.split_whitespace().nth(3).expect("cargo run -p PACKAGE")
}

/// The headings, each with the text up to the next one.
fn sections(page: &str) -> impl Iterator<Item = (&str, &str)> {
    page.split("\n#").filter_map(|section| section.split_once('\n'))
}

/// The names of the patches that a text links to.
fn linked(text: &str) -> Vec<&str> {
    links(text).filter_map(|it| it.strip_prefix("mistakes/")?.strip_suffix(".patch")).collect()
}

/// What a section shows.
fn shown_in(text: &str) -> Vec<Shown> {
    let (mut shown, mut command, mut site) = (vec![], None, None);
    for (language, code) in blocks(text) {
        if language == "text" {
            let command = command.take().expect("a picture comes after its command");
            shown.push(Shown { command, site: site.clone(), block: code.to_owned() });
        }
        for line in commands(code) {
            match line.strip_prefix(FLAG_SITE) {
                Some(args) => site = Some(args.to_owned()),
                None => command = Some(line),
            }
        }
    }
    shown
}

/// The last picture of the exercise is that of the right code.
const EXERCISE: &str = "exercise";

/// What the page shows of a patch.
pub fn shown(patch: &Patch) -> Vec<Shown> {
    let page = page(LESSON);
    let mut sections = sections(&page);
    let section = sections.find(|(heading, _)| linked(heading).contains(&&*patch.name));
    let mut shown = shown_in(section.expect("a section").1);
    shown.truncate(shown.len() - usize::from(patch.name == EXERCISE));
    shown.retain(|it| it.package() == patch.package());
    shown
}

/// The table of the check: what it says, without the numbers, and the patches that have this symptom.
fn symptoms(page: &str) -> impl Iterator<Item = (String, Vec<&str>)> {
    let rows = section(page, "## The check").lines().filter_map(|it| it.strip_prefix("| "));
    rows.skip(1).map(|row| {
        let (symptom, names) = row.trim_end_matches(" |").split_once(" | ").expect("two cells");
        (without_numbers(symptom), names.split(", ").collect())
    })
}

/// A symptom without what differs from run to run.
pub fn without_numbers(symptom: &str) -> String {
    let has_digit = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let words = symptom.split(' ').map(|word| if has_digit(word) { "#" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// What the check says of the program with a patch, without the numbers.
pub fn symptoms_of(patch: &Patch) -> BTreeSet<String> {
    let page = page(LESSON);
    let rows = symptoms(&page).filter(|(_, names)| names.contains(&&*patch.name));
    rows.map(|(symptom, _)| symptom).collect()
}

/// The table of the check has every patch with which the program can be run.
pub fn check_is_known_for_every_patch_that_runs() {
    let page = page(LESSON);
    let listed: BTreeSet<_> = symptoms(&page).flat_map(|(_, names)| names).collect();
    let all = Patch::all();
    let runs = all.iter().filter(|patch| !patch.commands().1.starts_with("cargo build "));
    assert_eq!(listed, runs.map(|patch| &*patch.name).collect());
}

/// What the page shows of the right code.
pub fn right_code() -> Vec<Shown> {
    let page = page(LESSON);
    let text = |name| sections(&page).find(|(heading, _)| heading.contains(name)).expect(name).1;
    let mut shown = shown_in(text("# The right code"));
    shown.extend(shown_in(text("# [exercise]")).pop());
    assert_eq!(shown.len(), 3);
    shown
}

/// Writes another block in the place of `old`.
pub fn replace(old: &str, new: &str) {
    let page = page(LESSON);
    let [old, new] = [old, new].map(|block| format!("\n```text\n{block}\n```\n"));
    assert_eq!(page.matches(&old).count(), 1, "the block is on the page once:{old}");
    fs::write(workspace().join(LESSON), page.replace(&old, &new)).expect("a writable page");
}

pub fn lists_every_patch_once() {
    let page = page(LESSON);
    let mut listed = linked(&page);
    listed.sort_unstable();
    assert_eq!(listed, Patch::all().iter().map(|patch| &patch.name).collect::<Vec<_>>());
}

/// The commands below a heading fit on a projector, and run the crate that one of its patches changes.
pub fn has_commands_of_its_patches() {
    let page = page(LESSON);
    let code = blocks(&page).filter(|block| block.0 == "console").flat_map(|block| block.1.lines());
    let long: Vec<_> = code.filter(|line| line.chars().count() > 80).collect();
    assert!(long.is_empty(), "longer than 80 columns: {long:#?}");
    for (heading, text) in sections(&page) {
        let patches: Vec<_> = linked(heading).into_iter().map(Patch::named).collect();
        let all = blocks(text).flat_map(|(_, code)| commands(code));
        for command in all.filter(|it| !patches.is_empty() && !it.starts_with(FLAG_SITE)) {
            let is_its = |patch: &Patch| patch.package() == package(&command);
            assert!(patches.iter().any(is_its), "{heading}: {command}");
        }
    }
}

/// A mark that the text names, such as `z`, is in a picture beside it.
pub fn pictures_have_the_marks_of_the_text() {
    let page = page(LESSON);
    for (heading, text) in sections(&page) {
        let pictures: String = shown_in(text).into_iter().map(|it| it.block).collect();
        for mark in inline_code(text).iter().filter(|code| code.chars().count() == 1) {
            assert!(pictures.contains(mark), "{heading}: no `{mark}` in\n{pictures}");
        }
    }
}

/// The headings say how many minutes each part takes, and the introduction adds them up.
pub fn lesson_takes_45_minutes() {
    let page = page(LESSON);
    let minutes = |start: &str, bracket: &str| -> Vec<u32> {
        let headings = page.lines().filter(|line| line.starts_with(start));
        let minutes = headings.filter_map(|it| it.strip_suffix(" min)")?.rsplit_once(bracket));
        minutes.filter_map(|it| it.1.parse().ok()).collect()
    };
    let [side_by_side, right_code, exercise, questions] = minutes("## ", " (")[..] else {
        panic!("four parts, and the experiments");
    };
    let core = minutes("### ", " (core, ");
    let all: u32 = core.iter().sum();
    let menu: u32 = minutes("### ", " (").iter().sum();
    let said = format!(
        "the code side by side ({side_by_side}), the right code ({right_code}), the four \
         experiments marked *core* ({all}), the exercise ({exercise}), questions ({questions}). \
         All other experiments are a menu of {menu} minutes"
    );
    assert!(one_line(&page).contains(&said), "not on the page: {said}");
    assert_eq!((side_by_side + right_code + all + exercise + questions, core.len()), (45, 4));
}
