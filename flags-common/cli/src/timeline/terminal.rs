//! Paints a scene in the terminal, as wide and as high as it is.
//!
//! Every mark is one column wide in East Asian terminals, too: of width *Neutral* or *Narrow* in
//! Unicode, not *Ambiguous*.

mod cells;

use std::io;

use anstyle::Style;

use self::cells::{Axis, Cell};
use super::figures::{figures, small_print};
use super::scene::{Mark, Row, Scene};
use super::{Doing, Timeline};

/// Draws a run with the width of the terminal that stderr is, and at most its height. Without a
/// terminal, it has 80 columns.
pub fn picture(run: &Timeline) -> String {
    match terminal_size::terminal_size_of(io::stderr()) {
        Some((width, height)) => draw(run, width.0.into(), Some(height.0.into())),
        None => draw(run, 80, None),
    }
}

/// Draws a run in `width` columns and, if there is a `height`, at most as many lines, with the last
/// two lines of the program and the prompt.
fn draw(run: &Timeline, width: usize, height: Option<usize>) -> String {
    let scene = Scene::new(run);
    let layout = Layout::new(run, &scene, height);
    let bars = merged(&scene.bars, layout.bars);
    let lanes = merged(&scene.lanes, layout.lanes);
    let labels = bars.iter().chain(&lanes).map(|rows| label(rows));
    let indent = labels.map(|label| label.chars().count()).max().unwrap_or(0).min(width / 2) + 1;
    let axis = Axis { length: run.elapsed, cells: width.saturating_sub(indent + 1).max(20) };

    let blank = if layout.blank_lines { "\n" } else { "" };
    let mut picture = blank.to_owned();
    let mut painted = String::new();
    for (what, rows) in [("Bars", &bars), ("Threads", &lanes)] {
        let cells: Vec<_> = rows.iter().map(|rows| axis.row(rows)).collect();
        if !rows.is_empty() {
            // The lanes explain the polls.
            let explained = if what == "Bars" && !lanes.is_empty() {
                Some(Mark::Does(Doing::Poll))
            } else {
                None
            };
            picture += &explain(what, &cells, explained, width);
            painted += if painted.is_empty() { "" } else { blank };
        }
        for (rows, cells) in rows.iter().zip(cells) {
            let label: String = label(rows).chars().take(indent - 1).collect();
            painted += &format!("{label:>width$} {}\n", shown(&cells), width = indent - 1);
        }
    }
    if bars.is_empty() {
        picture += "No request was seen.\n";
    }
    picture += &painted;
    if !bars.is_empty() || !lanes.is_empty() {
        picture += &format!("{:indent$}{}\n{blank}", "", shown(&axis.ticks()));
    }
    for (name, value) in figures(run).iter().filter(|_| layout.figures) {
        picture += &format!("{name:11}  {value}\n");
    }
    let dim = Style::new().dimmed();
    for line in small_print(&[run]).iter().filter(|_| layout.small_print) {
        picture += &format!("{dim}{line}{dim:#}\n");
    }
    picture.truncate(picture.trim_end().len());
    picture
}

/// What fits: blank lines go first, then the small print, then the figures; then bars share rows, and
/// lanes last.
#[derive(Debug, Clone, Copy)]
struct Layout {
    blank_lines: bool,
    small_print: bool,
    figures: bool,
    /// Maximum number of rows for the bars.
    bars: usize,
    /// Maximum number of rows for the lanes.
    lanes: usize,
}

impl Layout {
    /// Lines that are always there: the legends, of one line and of two, the axis, the last two lines of
    /// the program, and the prompt.
    const FIXED: usize = 7;
    /// So few lanes have a row each, whatever there is to share.
    const FEW: usize = 8;
    /// Rows of each kind, where the height is not limited.
    const MAX_ROWS: usize = 40;

    fn new(run: &Timeline, scene: &Scene, height: Option<usize>) -> Self {
        let (bars, lanes) = (scene.bars.len(), scene.lanes.len());
        let all = Self { blank_lines: true, small_print: true, figures: true, bars, lanes };
        let Some(height) = height else {
            return Self {
                bars: bars.min(Self::MAX_ROWS),
                lanes: lanes.min(Self::MAX_ROWS),
                ..all
            };
        };
        let lines = |it: Self| {
            let small_print = if it.small_print { small_print(&[run]).len() } else { 0 };
            let figures = if it.figures { figures(run).len() } else { 0 };
            let blank_lines = if it.blank_lines { 3 } else { 0 };
            Self::FIXED + small_print + figures + blank_lines + it.bars + it.lanes
        };
        let without_blanks = Self { blank_lines: false, ..all };
        let without_print = Self { small_print: false, ..without_blanks };
        let least = Self { figures: false, ..without_print };
        let mut layouts = [all, without_blanks, without_print, least].into_iter();
        layouts.find(|it| lines(*it) <= height).unwrap_or_else(|| {
            let rows = height.saturating_sub(Self::FIXED).max(2);
            let lanes = if lanes <= Self::FEW { lanes.min(rows - 1) } else { lanes.min(rows / 2) };
            let bars = bars.min(rows - lanes).max(1);
            Self { bars, lanes: lanes.max(scene.lanes.len().min(rows - bars)), ..least }
        })
    }
}

/// The rows, of which neighbours are put together if there are more than `max`.
fn merged(rows: &[Row], max: usize) -> Vec<&[Row]> {
    rows.chunks(rows.len().div_ceil(max.max(1)).max(1)).collect()
}

/// The label, or the first and the last of several: `BD..CD`, `thread 1..5`.
fn label(rows: &[Row]) -> String {
    let first = rows.first().map_or("", |row| row.label.as_str());
    let [_, .., last] = rows else { return first.to_owned() };
    let last = last.label.as_str();
    let number = match (first.rsplit_once(' '), last.rsplit_once(' ')) {
        (Some((name, _)), Some((same, number))) if name == same => number,
        _ => last,
    };
    format!("{first}..{number}")
}

/// The legend of what is painted, but for one mark, in lines of `width`.
fn explain(what: &str, rows: &[Vec<Cell>], without: Option<Mark>, width: usize) -> String {
    let occurs = |cell| rows.iter().any(|row| row.contains(&cell));
    let mut entries = Vec::new();
    if (1..=4).any(|quarters| occurs(Cell::Share(quarters))) {
        let marks: Vec<_> = (1..=4).map(Cell::Share).collect();
        entries.push((shown(&marks), "up to 25, 50, 75, 100 % of the row in progress"));
    }
    let marks = Mark::ALL.into_iter().filter(|mark| Some(*mark) != without);
    for mark in marks.filter(|mark| occurs(Cell::Mark(*mark))) {
        entries.push((shown(&[Cell::Mark(mark)]), mark.meaning()));
    }
    let mut text = format!("{what}:");
    let mut column = text.len();
    for (marks, meaning) in entries {
        let length = anstream::adapter::strip_str(&marks).to_string().chars().count();
        let length = "  ".len() + length + 1 + meaning.len();
        if column + length > width {
            text += &format!("\n{:1$}", "", what.len() + 1);
            column = what.len() + 1;
        }
        column += length;
        text += &format!("  {marks} {meaning}");
    }
    text + "\n"
}

/// The cells as text, with colours.
fn shown(cells: &[Cell]) -> String {
    let empty = cells.iter().rev().take_while(|cell| **cell == Cell::Empty).count();
    let cells = &cells[..cells.len() - empty];
    let part = |cells: &[Cell]| {
        let text: String = cells.iter().map(|cell| cell.look().0).collect();
        let style = cells[0].look().1;
        format!("{style}{text}{style:#}")
    };
    cells.chunk_by(|one, next| one.look().1 == next.look().1).map(part).collect()
}

#[cfg(test)]
mod tests;
