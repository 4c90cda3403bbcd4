//! Paints a scene in the terminal, as wide and as high as it is.

mod cells;

use std::collections::BTreeSet;
use std::io;

use anstyle::Style;

use self::cells::{Axis, Cell};
use super::figures::{cut_short, figures, small_print};
use super::marks::{Look, Mark, legend};
use super::scene::{Row, looked, rows};
use super::{Timeline, Viewpoint};

/// Lines that are always there: the legends, of two lines and of three, the axis, the last two lines of
/// the program, and the prompt.
const FIXED: usize = 9;
/// So few lanes have a row each, whatever there is to share.
const FEW: usize = 8;
/// Rows of each kind, where the height is not limited.
const MAX_ROWS: usize = 40;

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
    let scene = rows(run);
    let (figures, small_print) = (figures(run), small_print(&[run]));
    let all = scene.each_ref().map(Vec::len);
    let parts = [3, small_print.len(), figures.len()]; // first, the three blank lines
    let height = height.map(|height| height.saturating_sub(run.cut().is_some().into()));
    let (left_out, fitting) = fit(height, &parts, all);
    let [bars, lanes] = [0, 1].map(|kind| sample(&scene[kind], fitting[kind]));
    let labels = bars.iter().chain(&lanes).map(|row| row.label.chars().count());
    let indent = labels.max().unwrap_or(0).min(width / 4);
    let length = run.cut().map_or(run.elapsed, |(drawn, _)| drawn);
    let axis = Axis { length, cells: width.saturating_sub(indent + 2).max(20) };

    let blank = if left_out < 1 { "\n" } else { "" };
    let mut picture = blank.to_owned();
    let mut painted = Vec::new();
    for (what, every, rows, all) in
        [("Bars", None, &bars, all[0]), ("Threads", run.looked_every, &lanes, all[1])]
    {
        if rows.is_empty() {
            continue;
        }
        let cells: Vec<_> = rows.iter().map(|row| axis.row(row)).collect();
        let marks = cells.iter().flatten().filter_map(|cell| cell.mark()).collect();
        let sampled = (rows.len() < all).then(|| format!("1 in {}", all.div_ceil(rows.len())));
        let remarks: Vec<_> = sampled.into_iter().chain(looked(every, &marks)).collect();
        let heading = match remarks.join(", ").as_str() {
            "" => format!("{what}:"),
            remarks => format!("{what} ({remarks}):"),
        };
        picture += &explain(&heading, &marks, width);
        let line = |(row, cells): (&&Row, &Vec<Cell>)| {
            let label: String = row.label.chars().take(indent).collect();
            format!("{label:>indent$} {}\n", shown(cells))
        };
        painted.push(rows.iter().zip(&cells).map(line).collect::<String>());
    }
    if bars.is_empty() {
        let what = if run.viewpoint == Viewpoint::Calls { "call of get_flag" } else { "request" };
        picture += &format!("No {what} was seen.\n");
    }
    picture += &painted.join(blank);
    if !painted.is_empty() {
        picture += &format!("{:indent$} {}\n", "", shown(&axis.ticks()));
        picture.extend(cut_short(run).map(|line| line + "\n"));
        picture += blank;
    }
    for (name, value) in figures.iter().filter(|_| left_out < 3) {
        picture += &format!("{name:11}  {value}\n");
    }
    let dim = Style::new().dimmed();
    for line in small_print.iter().filter(|_| left_out < 2) {
        picture += &format!("{dim}{line}{dim:#}\n");
    }
    picture.truncate(picture.trim_end().len());
    picture
}

/// How many of the `parts` to leave out, from the first, and how many bars and lanes fit into `height`.
/// Parts go first, each with its lines; then bars, and lanes last.
fn fit(height: Option<usize>, parts: &[usize], [bars, lanes]: [usize; 2]) -> (usize, [usize; 2]) {
    let Some(height) = height else { return (0, [bars, lanes].map(|rows| rows.min(MAX_ROWS))) };
    let room = height.saturating_sub(FIXED);
    let fits = |first: &usize| bars + lanes + parts[*first..].iter().sum::<usize>() <= room;
    let Some(left_out) = (0..=parts.len()).find(fits) else {
        let room = room.max(2);
        let most = if lanes <= FEW { room - 1 } else { room / 2 };
        let bars = bars.min(room - lanes.min(most)).max(1);
        return (parts.len(), [bars, lanes.min(room - bars)]);
    };
    (left_out, [bars, lanes])
}

/// As many rows as fit, at equal distances.
fn sample<'a>(rows: &'a [Row<'a>], max: usize) -> Vec<&'a Row<'a>> {
    rows.iter().step_by(rows.len().div_ceil(max.max(1)).max(1)).collect()
}

/// The legend of what is painted, in lines of `width`; nothing if nothing is.
fn explain(heading: &str, marks: &BTreeSet<Mark>, width: usize) -> String {
    let looks = legend(marks);
    if looks.is_empty() {
        return String::new();
    }
    let (mut text, mut column) = (heading.to_owned(), heading.len());
    for look in looks {
        let Look { mark, meaning, .. } = look;
        let length = "  x ".len() + meaning.len();
        if column + length > width {
            text += "\n";
            column = 0;
        }
        column += length;
        text += &format!("  {} {meaning}", shown(&[Cell::Mark(*mark)]));
    }
    text + "\n"
}

/// The cells as text, with colours.
fn shown(cells: &[Cell]) -> String {
    let length = cells.iter().rposition(|cell| *cell != Cell::BLANK).map_or(0, |last| last + 1);
    let part = |cells: &[Cell]| {
        let text: String = cells.iter().map(|cell| cell.look().0).collect();
        let style = cells[0].look().1;
        format!("{style}{text}{style:#}")
    };
    cells[..length].chunk_by(|one, next| one.look().1 == next.look().1).map(part).collect()
}

#[cfg(test)]
mod tests;
