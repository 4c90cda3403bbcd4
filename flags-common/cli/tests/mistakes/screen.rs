//! What a command of the teacher's page shows on a projector.

use std::path::Path;

use crate::experiment::{Start, arguments, see_until};

/// How a command is run, and what the page says that it shows.
pub struct Shown<'a> {
    /// The arguments of its site in another terminal.
    pub site: Option<&'a str>,
    /// After this note, Ctrl-C ends it.
    pub note: Option<&'a str>,
    /// The marks of the picture that the page explains.
    pub marks: Vec<String>,
    /// The page's own picture.
    pub picture: Option<&'a str>,
}

/// Runs a command of the page. Its screen shows what the page says.
pub fn shows(binary: &Path, command: &str, shown: &Shown) {
    let start = Start { args: arguments(command), site: shown.site };
    let missing = |screen: &Option<String>| {
        let screen = screen.as_deref()?;
        let label = missing(screen, shown)?;
        Some(format!("$ {command}\n`{label}` is not on the screen:\n{screen}"))
    };
    see_until(|| screen(binary, &start, shown.note), missing);
}

/// What a class sees when a run has ended, or when Ctrl-C has ended it.
#[cfg(target_os = "linux")]
fn screen(binary: &Path, start: &Start<'_>, note: Option<&str>) -> Option<String> {
    const PROJECTOR: flags_testing::pty::Size = (30, 80); // rows and columns
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (mut command, _site) = start.command(binary, dir.path());
    command.arg("--timeline");
    let mut terminal = flags_testing::pty::OnTerminal::run(command, dir, PROJECTOR);
    if let Some(note) = note {
        // Where it is broken into lines depends on the terminal's width.
        let joined = |text: &str| text.split_whitespace().collect::<String>();
        terminal.wait_until(|screen| joined(screen).contains(&joined(note)));
        terminal.interrupt();
    }
    Some(terminal.finish().1)
}

/// Elsewhere, the lanes do not show what a thread waits for.
#[cfg(not(target_os = "linux"))]
fn screen(_: &Path, _: &Start<'_>, _: Option<&str>) -> Option<String> {
    None
}

/// What the page says is on a screen and is not: the picture from its legend to its axis, the marks,
/// and each line of the page's own picture, in this order.
fn missing<'a>(screen: &str, shown: &'a Shown) -> Option<&'a str> {
    let last = if shown.note.is_some() { "CPU time leaves out" } else { " downloads in " };
    if !screen.trim_end().lines().last().is_some_and(|line| line.contains(last)) {
        return Some(last);
    }
    let bars = if screen.contains("No request was seen.") { "Threads:" } else { "Bars:" };
    let marks = shown.marks.iter().map(String::as_str);
    let mut always = [bars, "Threads:", "╵0 ms"].into_iter().chain(marks);
    let mut rest = screen.lines().map(str::trim);
    let mut labels = shown.picture.into_iter().flat_map(str::lines).filter_map(label);
    let missing = always.find(|label| !screen.contains(label));
    missing.or_else(|| labels.find(|label| !rest.any(|line| line.starts_with(label))))
}

/// What is the same in each run: the label of a row, of a lane or of a figure, or a whole sentence.
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
