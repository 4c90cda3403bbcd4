//! The picture in the terminal, as wide and as high as it is.

use console::{Style, Term};

use super::cells::{Axis, Cell, shown, write};
use super::model::Activity;
use super::summary::{self, Place};
use super::{BusySpan, Request, Timeline, Viewpoint};

/// Maximum number of rows for the requests, and for the threads, where the height is not limited.
const MAX_ROWS: usize = 40;

/// Lines of the picture and after it that are not rows: legend, axis, figures, the last two lines of
/// the program, and the prompt.
const OTHER_LINES: usize = 15;

/// Draws a run with the width of the terminal that stderr is, and at most its height. Without a
/// terminal, it has 80 columns.
pub fn picture(run: &Timeline) -> String {
    let term = Term::stderr();
    let (height, width) = term.size();
    draw(run, usize::from(width), term.is_term().then_some(height.into()))
}

/// Draws a run in `width` columns and, if there is a `height`, at most as many lines. If there are
/// too many rows, neighbours share one.
fn draw(run: &Timeline, width: usize, height: Option<usize>) -> String {
    let small_print = summary::small_print(&[run]);
    // A low terminal has no room for blank lines and the small print.
    let extra = small_print.len() + 3;
    let rows =
        |share: usize| run.requests.len().div_ceil(share) + run.threads.len().div_ceil(share);
    let fits =
        |share: usize, lines: usize| height.is_none_or(|height| rows(share) + lines <= height);
    let spacious = fits(2, OTHER_LINES + extra);
    let lines = OTHER_LINES + if spacious { extra } else { 0 };
    let most = run.requests.len().max(run.threads.len());
    let share = (1..=most.max(1))
        .find(|&share| most.div_ceil(share) <= MAX_ROWS && fits(share, lines))
        .unwrap_or(most.max(1));

    let threads: Vec<_> = (0..run.threads.len()).collect();
    let (requests, threads) = (run.requests.chunks(share), threads.chunks(share));
    let codes = |row: &[Request]| label(row.iter().map(|request| request.cc.as_str()));
    let names = |row: &[usize]| label(row.iter().map(|&thread| &*run.threads[thread]));
    let labels: Vec<_> = requests.clone().map(codes).chain(threads.clone().map(names)).collect();
    let indent = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0) + 1;
    let axis = Axis { length: run.elapsed, cells: width.saturating_sub(indent + 1).max(20) };
    let bars: Vec<_> = requests.map(|row| bars(row, axis)).collect();
    let lanes: Vec<_> = threads.map(|row| lane(run, row, axis)).collect();

    let blank = if spacious { "\n" } else { "" };
    let mut picture = if run.requests.is_empty() {
        "No request was made: there is nothing to draw.\n".to_owned()
    } else {
        format!("{blank}{}", legend(run, &bars, &lanes))
    };
    for (n, (label, row)) in labels.iter().zip(bars.iter().chain(&lanes)).enumerate() {
        picture += if n == bars.len() { blank } else { "" };
        picture += &format!("{label:>width$} {}\n", shown(row), width = indent - 1);
    }
    if !labels.is_empty() {
        picture += &format!("{:indent$}{}\n{blank}", "", shown(&axis.ticks()));
    }
    for (name, value) in summary::figures(run) {
        picture += &format!("{name:11}  {value}\n");
    }
    for line in small_print.iter().filter(|_| spacious) {
        picture += &format!("{}\n", Style::new().for_stderr().dim().apply_to(line));
    }
    picture.truncate(picture.trim_end().len());
    picture
}

/// The name, or the first and the last of several: `BD…CD`, `thread 1…5`.
fn label<'a>(mut names: impl DoubleEndedIterator<Item = &'a str>) -> String {
    let first = names.next().unwrap_or_default();
    let Some(last) = names.next_back() else { return first.to_owned() };
    let number = match (first.rsplit_once(' '), last.rsplit_once(' ')) {
        (Some((name, _)), Some((same, number))) if name == same => number,
        _ => last,
    };
    format!("{first}…{number}")
}

/// Explains what is shown, in two lines of at most 80 columns: one for the bars, one for the lanes.
fn legend(run: &Timeline, bars: &[Vec<Cell>], lanes: &[Vec<Cell>]) -> String {
    let waiting = if run.knows_answers() { "not answered yet" } else { "request" };
    let of_bars = [
        (Cell::Waiting, waiting),
        (Cell::Unread, "answered; get_flag has not returned"),
        (Cell::Failed, "failed"),
    ];
    let (of_what, blocked) = match run.viewpoint {
        Viewpoint::Downloader => ("Threads", "blocked by a request"),
        Viewpoint::Site => ("Connections", "a request waits"),
    };
    let of_lanes = [
        (Cell::Blocked, blocked),
        (Cell::Poll, "future polled"),
        (Cell::Save, "save"),
        (Cell::NoRequest, "not in a request"),
    ];
    let line = |entries: &[(Cell, &str)], rows: &[Vec<Cell>]| {
        let shown_in = |cell| rows.iter().any(|row| row.contains(cell));
        let used = entries.iter().filter(|(cell, _)| shown_in(cell));
        let entries = used.map(|(cell, text)| format!("{} {text}", shown(&[*cell])));
        entries.collect::<Vec<_>>().join("   ")
    };
    let mut legend = format!("Bars: {}\n", line(&of_bars, bars));
    if !lanes.is_empty() {
        legend += &format!("{of_what}: {}\n", line(&of_lanes, lanes));
    }
    legend
}

/// The requests that share a row.
fn bars(requests: &[Request], axis: Axis) -> Vec<Cell> {
    let mut row = axis.row(Cell::Empty);
    for request in requests {
        row[axis.cells(request.start, request.end)].fill(Cell::Waiting);
    }
    for request in requests {
        // Less than a column is not worth one: it would look like a wait.
        let unread = request.unread().is_some_and(|unread| unread >= axis.cell() / 2);
        if let Some(answered) = request.answered.filter(|_| unread) {
            row[axis.cells(answered, request.end)].fill(Cell::Unread);
        }
    }
    for BusySpan { from, to, .. } in requests.iter().flat_map(Request::polls) {
        row[axis.cells(*from, *to)].fill(Cell::Poll);
    }
    for request in requests.iter().filter(|request| request.failure.is_some()) {
        row[axis.cells(request.start, request.end).end - 1] = Cell::Failed;
    }
    if let [Request { start, end, failure: Some(cause), .. }] = requests {
        let bar = axis.cells(*start, *end);
        let length = cause.chars().count();
        let (from, to) = (bar.start as f64, bar.end as f64);
        let first = match summary::place(from..to, length as f64, 1.0, 0.0..axis.cells as f64) {
            Place::Right => Some(bar.end + 1),
            Place::Left => Some(bar.start - 1 - length),
            Place::Over => None, // it would hide the bar, and the summary names it anyway
        };
        if let Some(first) = first {
            write(cause, &mut row[first.min(axis.cells)..]);
        }
    }
    row
}

/// The threads that share a row.
fn lane(run: &Timeline, threads: &[usize], axis: Axis) -> Vec<Cell> {
    let mut row = axis.row(Cell::NoRequest);
    for (activity, busy) in threads.iter().flat_map(|&thread| run.lane(thread)) {
        let range = axis.cells(busy.from, busy.to);
        match activity {
            Activity::Poll(_) => row[range].fill(Cell::Poll),
            // A save takes a column only if it is free, or if it lasts longer than that.
            Activity::Save(_) => {
                let long = busy.to - busy.from >= axis.cell();
                let free = |cell: &Cell| long || *cell == Cell::NoRequest;
                row[range].iter_mut().filter(|cell| free(cell)).for_each(|cell| *cell = Cell::Save);
            }
            Activity::Blocked(cc) => {
                let cells = &mut row[range];
                cells.fill(Cell::Blocked);
                if cells.len() > "CN".len() && threads.len() == 1 {
                    write(cc.as_str(), cells);
                }
            }
        }
    }
    row
}
