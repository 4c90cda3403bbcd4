//! The rows of the picture, character by character.

use std::ops::Range;
use std::time::Duration;

use anstyle::Style;

use crate::timeline::Doing;
use crate::timeline::marks::Mark;
use crate::timeline::scene::{Place, Row, place};
use crate::timeline::{Interval, figures};

/// What one character shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Mark(Mark),
    Letter(char),
}

impl Cell {
    pub const BLANK: Self = Self::Letter(' ');

    pub fn mark(self) -> Option<Mark> {
        if let Self::Mark(mark) = self { Some(mark) } else { None }
    }

    pub fn look(self) -> (char, Style) {
        match self {
            Self::Letter(letter) => (letter, Style::new()),
            Self::Mark(mark) => (mark.look().letter, mark.look().style),
        }
    }
}

/// Time, from left to right.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub length: Duration,
    pub cells: usize,
}

impl Axis {
    /// The place of a time, in cells.
    fn place(self, time: Duration) -> f64 {
        let length = self.length.max(Duration::from_micros(1));
        (self.cells as f64 * time.div_duration_f64(length)).min(self.cells as f64)
    }

    /// The cells of a time interval: at least one.
    fn range(self, time: Interval) -> Range<usize> {
        let first = (self.place(time.from) as usize).min(self.cells - 1);
        first..(self.place(time.to).ceil() as usize).clamp(first + 1, self.cells)
    }

    /// The cells of a row.
    pub fn row(self, row: &Row) -> Vec<Cell> {
        let mut cells = vec![Cell::BLANK; self.cells];
        let cell = self.length / self.cells as u32;
        let bar = self.range(row.time);
        let is_save = |mark| matches!(mark, Mark::Does(Doing::SaveFlag | Doing::WaitsForOther));
        let is_short = |time: Interval| time.length() < cell / 2;
        let short_saves = row.segments.iter().filter(|it| is_save(it.0) && is_short(it.1)).count();
        for &(mark, time) in &row.segments {
            let range = self.range(time);
            match (mark, cells[range.start]) {
                // Less than half a column is not worth one: it would look like a wait.
                (Mark::Answered, Cell::Mark(_)) if is_short(time) => {}
                // So many would fill the row, as if the thread did nothing else.
                (_, Cell::Mark(_))
                    if is_save(mark) && is_short(time) && short_saves > self.cells / 3 => {}
                (Mark::Failed, _) => cells[bar.end - 1] = Cell::Mark(Mark::Failed),
                (mark, _) => cells[range].fill(Cell::Mark(mark)),
            }
        }
        for (text, time) in &row.inside {
            let range = self.range(*time);
            if range.len() > text.chars().count() {
                write(text, &mut cells[range]);
            }
        }
        if let Some(cause) = row.cause {
            let length = cause.chars().count();
            let (from, to) = (bar.start as f64, bar.end as f64);
            match place(from..to, length as f64, 1.0, 0.0..self.cells as f64) {
                Place::Right => write(cause, &mut cells[bar.end + 1..]),
                Place::Left => write(cause, &mut cells[bar.start - 1 - length..]),
                Place::Over => {} // it would hide the bar, and the summary names it anyway
            }
        }
        cells
    }

    pub fn ticks(self) -> Vec<Cell> {
        let mut row = vec![Cell::BLANK; self.cells];
        for tick in figures::ticks(self.length, self.cells / 10) {
            let text = format!("|{} ms", tick.as_millis());
            let cells = &mut row[self.range(Interval { from: tick, to: tick }).start..];
            if text.chars().count() <= cells.len() {
                write(&text, cells);
            }
        }
        row
    }
}

/// Writes as much of `text` as there is room for.
fn write(text: &str, cells: &mut [Cell]) {
    for (cell, letter) in cells.iter_mut().zip(text.chars()) {
        *cell = Cell::Letter(letter);
    }
}
