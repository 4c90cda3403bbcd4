//! Paints a scene in the terminal, as wide and as high as it is.

mod cells;
mod layout;

use std::io;

use anstyle::Style;

use self::cells::{Axis, Cell};
use self::layout::Layout;
use super::marks::{Mark, legend};
use super::scene::{Row, Scene};
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
    let bars = sample(&scene.bars, layout.bars);
    let lanes = sample(&scene.lanes, layout.lanes);
    let labels = bars.iter().chain(&lanes).map(|row| row.label.chars().count());
    let indent = labels.max().unwrap_or(0).min(width / 4) + 1;
    let axis = Axis { length: run.elapsed, cells: width.saturating_sub(indent + 1).max(20) };

    let blank = layout.blank;
    let mut picture = blank.to_owned();
    let mut painted = Vec::new();
    for (what, rows, all) in
        [("Bars", &bars, scene.bars.len()), ("Threads", &lanes, scene.lanes.len())]
    {
        if rows.is_empty() {
            continue;
        }
        let cells: Vec<_> = rows.iter().map(|row| axis.row(row)).collect();
        let without_polls = what == "Bars" && !lanes.is_empty(); // the lanes' legend explains them
        let heading = match all.div_ceil(rows.len()) {
            1 => format!("{what}:"),
            n => format!("{what} (1 in {n}):"),
        };
        picture += &explain(&heading, &cells, without_polls, width);
        let label_width = indent - 1;
        let line = |(row, cells): (&&Row, &Vec<Cell>)| {
            let label: String = row.label.chars().take(label_width).collect();
            format!("{label:>label_width$} {}\n", shown(cells))
        };
        painted.push(rows.iter().zip(&cells).map(line).collect::<String>());
    }
    if bars.is_empty() {
        picture += "No request was seen.\n";
    }
    picture += &painted.join(blank);
    if !painted.is_empty() {
        picture += &format!("{:indent$}{}\n{blank}", "", shown(&axis.ticks()));
    }
    for (name, value) in layout.figures {
        picture += &format!("{name:11}  {value}\n");
    }
    let dim = Style::new().dimmed();
    for line in layout.small_print {
        picture += &format!("{dim}{line}{dim:#}\n");
    }
    picture.truncate(picture.trim_end().len());
    picture
}

/// As many rows as fit, at equal distances.
fn sample<'a>(rows: &'a [Row<'a>], max: usize) -> Vec<&'a Row<'a>> {
    rows.iter().step_by(rows.len().div_ceil(max.max(1)).max(1)).collect()
}

/// The legend of what is painted, in lines of `width`, with or without the polls.
fn explain(heading: &str, rows: &[Vec<Cell>], without_polls: bool, width: usize) -> String {
    let marks = rows.iter().flatten().filter_map(|cell| match cell {
        Cell::Mark(mark) => Some(*mark),
        _ => None,
    });
    let mut looks = legend(marks);
    looks.retain(|look| !(without_polls && look.mark == Mark::Does(Doing::RunsFuture)));
    let mut text = heading.to_owned();
    let mut column = text.len();
    for look in looks {
        let length = "  x ".len() + look.meaning.len();
        if column + length > width {
            text += &format!("\n{:1$}", "", heading.len());
            column = heading.len();
        }
        column += length;
        text += &format!("  {} {}", shown(&[Cell::Mark(look.mark)]), look.meaning);
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
