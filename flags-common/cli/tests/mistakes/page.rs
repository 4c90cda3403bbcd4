//! The teacher's page: `flags-common/lesson/README.md`.

use std::fs;
use std::path::Path;

use flags_testing::cargo::workspace;

#[cfg(target_os = "linux")]
use crate::experiment::{Start, arguments};
use crate::learner;
use crate::patch::{FLAG_SITE, Patch};
use crate::table::{Case, Kind, cases};

/// Rows and columns of a projector's terminal.
#[cfg(target_os = "linux")]
const PROJECTOR: (u16, u16) = (30, 80);

fn page() -> String {
    fs::read_to_string(workspace().join("flags-common/lesson/README.md")).expect("the page")
}

/// The headings that link to a patch: the rest of the line, and the text up to the next heading.
fn sections(page: &str) -> Vec<(&str, &str)> {
    let headings = page.split("\n### ").skip(1).map(|text| text.split("\n## ").next());
    headings.map(|section| section.expect("a text").split_once('\n').expect("a text")).collect()
}

/// The commands of a text, each with the picture that follows it, if there is one.
fn commands(text: &str) -> Vec<(&str, Option<&str>)> {
    let mut commands = vec![];
    let blocks = text.split("\n```").collect::<Vec<_>>();
    for block in blocks {
        if let Some(typed) = block.strip_prefix("console\n") {
            let lines = typed.lines().filter_map(|line| line.strip_prefix("$ "));
            let runs =
                lines.filter(|line| line.starts_with("cargo ") && !line.starts_with(FLAG_SITE));
            commands.extend(runs.map(|line| (line, None)));
        } else if let Some(drawn) = block.strip_prefix("text\n") {
            let (_, picture) = commands.last_mut().expect("a picture comes after its command");
            *picture = Some(drawn);
        }
    }
    commands
}

fn package(command: &str) -> &str {
    command.split_whitespace().nth(3).expect("cargo run -p PACKAGE")
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
    let mut count = 0;
    for (heading, text) in sections(&page) {
        let packages: Vec<_> = linked(heading)
            .into_iter()
            .map(|name| Patch::named(name).package().to_owned())
            .collect();
        for (command, _) in commands(text) {
            assert!(packages.iter().any(|it| it == package(command)), "{heading}: {command}");
            count += 1;
        }
    }
    assert!(count > 10, "the page has commands");
}

/// The headings say how many minutes each part takes, and which five a short lesson keeps.
pub fn lesson_takes_45_minutes() {
    let page = page();
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

/// On a projector, the page's command for a patch shows what the page says.
pub fn shows_it(case: &Case, binary: &Path) {
    let (page, patch) = (page(), Patch::named(case.name));
    for (heading, text) in sections(&page) {
        if linked(heading).contains(&case.name) {
            let site =
                text.lines().find_map(|line| line.strip_prefix("$ ")?.strip_prefix(FLAG_SITE));
            let of_patch = |it: &(&str, _)| package(it.0) == patch.package();
            for (command, picture) in commands(text).into_iter().filter(of_patch) {
                if command.contains(" run ") {
                    let shown = Shown { picture, marks: marks(text) };
                    fits(binary, command, site, &shown, &case.kind);
                }
                if case.name == "exercise" {
                    break; // the next one is for the right code
                }
            }
        }
    }
}

/// On a projector, the right code shows what the page says of it.
pub fn right_code_fits() {
    let page = page();
    let (_, first) = page.split_once("\n## The right code").expect("a section");
    let first = first.split("\n## ").next().expect("a text");
    let (_, exercise) = page.split_once("\n## Exercise").expect("a section");
    let last = commands(exercise).pop().expect("a command");
    let all: Vec<_> = commands(first).into_iter().chain([last]).collect();
    assert_eq!(all.len(), 3, "{all:#?}");
    for (command, picture) in all {
        assert!(picture.is_some(), "{command}");
        let shown = Shown { picture, marks: vec![] };
        fits(learner::correct_binary(package(command)), command, None, &shown, &Kind::Runs);
    }
}

/// What the page says a command shows.
#[cfg_attr(not(target_os = "linux"), expect(dead_code))]
struct Shown<'a> {
    picture: Option<&'a str>,
    marks: Vec<&'a str>,
}

/// The marks of the picture that a text explains, such as `z`.
fn marks(text: &str) -> Vec<&str> {
    let prose = text.split("\n```").step_by(2); // the others are commands and pictures
    let quoted = prose.flat_map(|text| text.split('`').skip(1).step_by(2));
    quoted.filter(|quoted| quoted.chars().count() == 1).collect()
}

/// Without a terminal emulator, there is nothing to see.
#[cfg(not(target_os = "linux"))]
fn fits(_: &Path, _: &str, _: Option<&str>, _: &Shown<'_>, _: &Kind) {}

/// Runs a command of the page until its screen shows what the page says, at most three times: on a
/// busy machine, a thread may take the job that is another's elsewhere.
#[cfg(target_os = "linux")]
fn fits(binary: &Path, command: &str, site: Option<&str>, shown: &Shown<'_>, kind: &Kind) {
    let start = Start { args: arguments(command), site };
    let mut wrong = String::new();
    for _ in 0..3 {
        let screen = screen(binary, &start, kind);
        match missing(&screen, shown, kind) {
            None => return,
            Some(label) => wrong = format!("`{label}` is not on the screen:\n{screen}"),
        }
    }
    panic!("$ {command}\n{wrong}");
}

/// What a class sees when a run has ended, or when Ctrl-C has ended it.
#[cfg(target_os = "linux")]
fn screen(binary: &Path, start: &Start<'_>, kind: &Kind) -> String {
    use flags_testing::pty::OnTerminal;

    let dir = tempfile::tempdir().expect("a temporary folder");
    let (mut command, _site) = start.command(binary, dir.path());
    command.arg("--timeline");
    let mut terminal = OnTerminal::run(command, dir, PROJECTOR);
    if let Kind::Hangs(note) = kind {
        terminal.wait_until(|screen| without_spaces(screen).contains(&without_spaces(note)));
        terminal.interrupt();
    }
    terminal.finish().1
}

/// What the page says is on a screen and is not: the picture from its legend to its axis, the marks,
/// and each line of the page's own picture, in this order.
#[cfg(target_os = "linux")]
fn missing(screen: &str, shown: &Shown<'_>, kind: &Kind) -> Option<String> {
    let last = match kind {
        Kind::Hangs(_) => "CPU time leaves out",
        _ => " downloads in ",
    };
    if !screen.trim_end().lines().last().is_some_and(|line| line.contains(last)) {
        return Some(last.to_owned());
    }
    let bars = if screen.contains("No request was seen.") { "Threads:" } else { "Bars:" };
    let always = [bars, "Threads:", "╵0 ms"].into_iter();
    if let Some(label) =
        always.chain(shown.marks.iter().copied()).find(|label| !screen.contains(label))
    {
        return Some(label.to_owned());
    }
    let mut rest = screen.lines().map(str::trim);
    let mut labels = shown.picture.into_iter().flat_map(str::lines).filter_map(label);
    labels.find(|label| !rest.any(|line| line.starts_with(label))).map(str::to_owned)
}

/// The text without spaces and ends of lines: where it is broken depends on the terminal's width.
#[cfg(target_os = "linux")]
fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

/// What is the same in each run: the label of a row, of a lane or of a figure, or a whole sentence.
#[cfg(target_os = "linux")]
fn label(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.starts_with('╵') {
        return Some("╵0 ms");
    }
    let end = line.find("  ").or(line.find(" :")).unwrap_or(line.len());
    let text = line[..end].split(|c: char| !c.is_ascii()).next()?.trim_end();
    let thread = |name: &str| text.starts_with(name).then(|| &text[..name.len() + 1]);
    let text = thread("thread ").unwrap_or(text);
    text.starts_with(|c: char| c.is_alphanumeric()).then_some(text)
}
