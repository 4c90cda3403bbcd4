//! The picture as lines of a terminal, as wide as it is.

use std::ops::Range;
use std::time::Duration;

use console::{Style, Term};

use super::words::{self, Place};
use super::{Hold, Request, Timeline};

/// The most rows for the requests, and for the threads. Where there are more of them, neighbours
/// share a row.
const MOST_ROWS: usize = 40;

/// Draws a run, for stderr.
pub(super) fn picture(run: &Timeline) -> String {
    let (_, width) = Term::stderr().size();
    draw(run, usize::from(width))
}

fn draw(run: &Timeline, width: usize) -> String {
    let requests = run.requests.chunks(run.requests.len().div_ceil(MOST_ROWS).max(1));
    let lanes: Vec<_> = (0..run.threads.len()).collect();
    let lanes = lanes.chunks(lanes.len().div_ceil(MOST_ROWS).max(1));
    let labels: Vec<_> = requests
        .clone()
        .map(|row| label(row.iter().map(|request| request.cc.as_str())))
        .chain(lanes.clone().map(|row| label(row.iter().map(|&thread| &*run.threads[thread]))))
        .collect();
    let indent = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0) + 1;
    let axis = Axis { length: run.elapsed, cells: width.saturating_sub(indent + 1).max(20) };
    let bars = requests.map(|row| bars(row, axis));
    let gap = bars.len();
    let rows = bars.chain(lanes.map(|row| lane(run, row, axis)));

    let mut picture = format!("\n{:indent$}{}\n", "", legend(run));
    for (n, (label, row)) in labels.iter().zip(rows).enumerate() {
        picture += if n == gap { "\n" } else { "" };
        picture += &format!("{label:>width$} {}\n", shown(&row), width = indent - 1);
    }
    picture += &format!("{:indent$}{}\n\n", "", shown(&axis.marks()));
    for (name, value) in words::sums(run) {
        picture += &format!("{name:11}  {value}\n");
    }
    for line in words::small_print(run.polled()) {
        picture += &format!("{}\n", Style::new().for_stderr().dim().apply_to(line));
    }
    picture
}

/// The one name, or the first and the last of several.
fn label<'a>(mut names: impl DoubleEndedIterator<Item = &'a str>) -> String {
    let first = names.next().unwrap_or_default();
    names.next_back().map_or_else(|| first.to_owned(), |last| format!("{first}…{last}"))
}

/// What stands in a place of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cell {
    Empty,
    Wait,
    Fail,
    Poll,
    Block,
    Free,
    Letter(char),
}

impl Cell {
    /// They differ in shape too: there may be no colours, or somebody who does not see them.
    fn look(self) -> (char, Style) {
        let style = Style::new().for_stderr();
        match self {
            Self::Empty => (' ', style),
            Self::Wait => ('░', style.cyan()),
            Self::Fail => ('▒', style.red()),
            Self::Poll => ('┃', style),
            Self::Block => ('▓', style.cyan()),
            Self::Free => ('·', style.dim()),
            Self::Letter(letter) => (letter, style),
        }
    }
}

fn shown(cells: &[Cell]) -> String {
    let alike = cells.chunk_by(|one, next| one.look().1 == next.look().1);
    let part = |cells: &[Cell]| {
        let text: String = cells.iter().map(|cell| cell.look().0).collect();
        cells[0].look().1.apply_to(text).to_string()
    };
    alike.map(part).collect::<String>().trim_end().to_owned()
}

fn legend(run: &Timeline) -> String {
    let any = |is: fn(&Request) -> bool| run.requests.iter().any(is);
    let failed = if run.requests.len() <= MOST_ROWS { "failed" } else { "some failed" };
    let entries = [
        (Cell::Wait, "request waits", true),
        (Cell::Fail, failed, any(|request| request.failure.is_some())),
        (Cell::Poll, "polled (at least a column)", run.polled()),
        (Cell::Block, "thread blocked", any(Request::blocked)),
        (Cell::Free, "thread free", true),
    ];
    let used = entries.into_iter().filter(|(_, _, used)| *used);
    used.map(|(cell, text, _)| format!("{} {text}", shown(&[cell]))).collect::<Vec<_>>().join("   ")
}

/// The requests that share a row: from start to end, and when they were polled.
fn bars(requests: &[Request], axis: Axis) -> Vec<Cell> {
    let mut row = axis.row(Cell::Empty);
    let (failed, saved): (Vec<_>, Vec<_>) = requests.iter().partition(|it| it.failure.is_some());
    for (requests, cell) in [(saved, Cell::Wait), (failed, Cell::Fail)] {
        for Request { start, end, .. } in requests {
            row[axis.cells(*start, *end)].fill(cell);
        }
    }
    for Hold { from, to, .. } in requests.iter().flat_map(Request::polls) {
        row[axis.cells(*from, *to)].fill(Cell::Poll);
    }
    if let [Request { start, end, failure: Some(cause), .. }] = requests {
        let bar = axis.cells(*start, *end);
        let length = cause.chars().count();
        let first = match words::place(
            bar.start as f64..bar.end as f64,
            length as f64,
            1.0,
            0.0..axis.cells as f64,
        ) {
            Place::Right => bar.end + 1,
            Place::Left => bar.start - 1 - length,
            Place::Over => bar.start + 1,
        };
        write(cause, &mut row[first.min(axis.cells)..]);
    }
    row
}

/// The threads that share a row: which request held it when.
fn lane(run: &Timeline, threads: &[usize], axis: Axis) -> Vec<Cell> {
    let mut row = axis.row(Cell::Free);
    for (request, hold) in threads.iter().flat_map(|&thread| run.lane(thread)) {
        let cells = &mut row[axis.cells(hold.from, hold.to)];
        if !request.blocked() {
            cells.fill(Cell::Poll);
            continue;
        }
        cells.fill(Cell::Block);
        if cells.len() > "CN".len() && threads.len() == 1 {
            write(request.cc.as_str(), cells);
        }
    }
    row
}

/// As much of `text` as there is room for.
fn write(text: &str, cells: &mut [Cell]) {
    for (cell, letter) in cells.iter_mut().zip(text.chars()) {
        *cell = Cell::Letter(letter);
    }
}

/// Time, from left to right.
#[derive(Clone, Copy)]
struct Axis {
    length: Duration,
    cells: usize,
}

impl Axis {
    fn row(self, cell: Cell) -> Vec<Cell> {
        vec![cell; self.cells]
    }

    /// The cells that something touches which lasts from one time to another: at least one.
    fn cells(self, from: Duration, to: Duration) -> Range<usize> {
        let place = |time: Duration| self.cells as f64 * time.div_duration_f64(self.length);
        let first = (place(from) as usize).min(self.cells - 1);
        first..(place(to).ceil() as usize).clamp(first + 1, self.cells)
    }

    fn marks(self) -> Vec<Cell> {
        let mut row = self.row(Cell::Empty);
        for mark in words::marks(self.length, self.cells / 10) {
            let text = format!("╵{} ms", mark.as_millis());
            let cells = &mut row[self.cells(mark, mark).start..];
            if text.chars().count() <= cells.len() {
                write(&text, cells);
            }
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "elapsed\t20000\nthread\tmain\nthread\tthread 1\n\
        request\tAD\t0\t9000\nhold\t0\t0\t9000\n\
        request\tAE\t10000\t20000\tnot found\nhold\t0\t10000\t20000\n\
        request\tAF\t5000\t16000\nhold\t1\t5000\t5010\nhold\t1\t15900\t16000\n";

    #[test]
    fn bars_and_lanes_have_one_axis() {
        console::set_colors_enabled_stderr(false);
        let run: Timeline = RUN.parse().unwrap();
        let picture = draw(&run, 30);
        let rows: Vec<_> = picture.lines().skip(2).take(7).collect();
        let expected = [
            "      AD ░░░░░░░░░",
            "      AE not found ▒▒▒▒▒▒▒▒▒▒",
            "      AF      ┃░░░░░░░░░┃",
            "",
            "    main AD▓▓▓▓▓▓▓·AE▓▓▓▓▓▓▓▓",
            "thread 1 ·····┃·········┃····",
            "         ╵0 ms     ╵10 ms",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn many_requests_share_rows_and_none_goes_unseen() {
        console::set_colors_enabled_stderr(false);
        let requests = crate::ALL_CC.iter().enumerate().map(|(n, cc)| {
            let (start, cause) = (n * 1000, if n == 0 { "\tcause" } else { "" });
            format!("request\t{cc}\t{start}\t{}{cause}\n", start + 1000)
        });
        let run = format!("elapsed\t194000\n{}", requests.collect::<String>());
        let picture = draw(&run.parse().unwrap(), 80);
        let rows: Vec<_> = picture.lines().filter(|row| row.contains('…')).collect();
        assert_eq!(rows.len(), 39, "of five requests each");
        assert!(rows[0].starts_with("AD…AL ▒"), "one of them failed: {}", rows[0]);
        assert!(rows[38].starts_with("YE…ZW ") && rows[38].ends_with('░'), "{}", rows[38]);
    }
}
