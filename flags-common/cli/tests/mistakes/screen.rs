//! What a command of the teacher's page shows on a projector.

use crate::experiment::{Start, see_until};

/// Runs a command of the page. Its screen shows what the page says: the `marks` of a picture, and the
/// page's own `picture`.
pub fn shows(start: &Start<'_>, marks: &[String], picture: Option<&str>) {
    let missing = |screen: &Option<String>| {
        let screen = screen.as_deref()?;
        let label = missing(screen, start, marks, picture)?;
        Some(format!("$ {}\n`{label}` is not on the screen:\n{screen}", start.command))
    };
    see_until(|| screen(start), missing);
}

/// What a class sees when a run has ended, or when Ctrl-C has ended it.
#[cfg(target_os = "linux")]
fn screen(start: &Start<'_>) -> Option<String> {
    const PROJECTOR: flags_testing::pty::Size = (30, 80); // rows and columns
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (command, _site) = start.command("--timeline", dir.path());
    let mut terminal = flags_testing::pty::OnTerminal::run(command, dir, PROJECTOR);
    if let Some(note) = start.note {
        // Where it is broken into lines depends on the terminal's width.
        let joined = |text: &str| text.split_whitespace().collect::<String>();
        terminal.wait_until(|screen| joined(screen).contains(&joined(note)));
        terminal.interrupt();
    }
    Some(terminal.finish().1)
}

/// Elsewhere, the lanes do not show what a thread waits for.
#[cfg(not(target_os = "linux"))]
fn screen(_: &Start<'_>) -> Option<String> {
    None
}

/// What the page says is on a screen and is not: the picture from its legend to its axis, the marks,
/// and each line of the page's own picture, in this order.
fn missing<'a>(
    screen: &str,
    start: &Start<'_>,
    marks: &'a [String],
    picture: Option<&'a str>,
) -> Option<&'a str> {
    let last = if start.note.is_some() { "CPU time leaves out" } else { " downloads in " };
    if !screen.trim_end().lines().last().is_some_and(|line| line.contains(last)) {
        return Some(last);
    }
    let bars = if screen.contains("No request was seen.") { "Threads:" } else { "Bars:" };
    let marks = marks.iter().map(String::as_str);
    let mut always = [bars, "Threads:", "╵0 ms"].into_iter().chain(marks);
    let mut rest = screen.lines().map(str::trim);
    let mut labels = picture.into_iter().flat_map(str::lines).filter_map(label);
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
