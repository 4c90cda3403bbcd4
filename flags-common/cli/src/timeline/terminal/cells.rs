//! The rows of the picture, character by character.

use std::ops::Range;
use std::time::Duration;

use anstyle::{AnsiColor, Style};

use crate::timeline::Doing::{self, Sampled};
use crate::timeline::marks::Mark;
use crate::timeline::scene::{Place, Row, place};
use crate::timeline::{Interval, State, figures};

const GET_FLAG: Mark = Mark::Does(Doing::GetFlag);
const SAVE_FLAG: Mark = Mark::Does(Doing::SaveFlag);

/// What one character shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Empty,
    Mark(Mark),
    /// Of a row that several share: how many of them have something to show, in quarters.
    Share(u8),
    Letter(char),
}

impl Cell {
    pub fn look(self) -> (char, Style) {
        match self {
            Self::Empty => (' ', Style::new()),
            Self::Letter(letter) => (letter, Style::new()),
            Self::Share(quarters) => {
                let letters = ['⠂', '⣀', '⣤', '⣶', '⣿'];
                (letters[usize::from(quarters)], AnsiColor::Cyan.on_default())
            }
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
    pub fn row(self, rows: &[Row]) -> Vec<Cell> {
        match rows {
            [row] => self.single(row),
            _ => self.shared(rows),
        }
    }

    fn single(self, row: &Row) -> Vec<Cell> {
        let mut cells = vec![Cell::Empty; self.cells];
        let cell = self.length / self.cells as u32;
        let bar = self.range(row.time);
        for segment in &row.segments {
            let (range, length) = (self.range(segment.time), segment.time.length());
            match (segment.mark, cells[range.start]) {
                // Less than half a column is not worth one: it would look like a wait.
                (Mark::Unread, Cell::Mark(_)) if length < cell / 2 => {}
                (SAVE_FLAG, Cell::Mark(GET_FLAG)) if length < cell => {}
                (Mark::Failed, _) => cells[bar.end - 1] = Cell::Mark(Mark::Failed),
                (mark, _) => cells[range].fill(Cell::Mark(mark)),
            }
        }
        for segment in &row.segments {
            let range = self.range(segment.time);
            if range.len() > segment.text.chars().count() {
                write(segment.text, &mut cells[range]);
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

    /// How many of the rows are busy in each cell. A failure stays visible.
    fn shared(self, rows: &[Row]) -> Vec<Cell> {
        let mut busy = vec![0.0_f64; self.cells];
        let lanes = rows.iter().flat_map(Row::marks).any(|mark| mark == Mark::Outside);
        for row in rows {
            let mut of_row = vec![0.0_f64; self.cells];
            for segment in row.segments.iter().filter(|it| is_busy(it.mark)) {
                let (from, to) = (self.place(segment.time.from), self.place(segment.time.to));
                for n in self.range(segment.time) {
                    of_row[n] += (to.min(n as f64 + 1.0) - from.max(n as f64)).max(0.02);
                }
            }
            busy.iter_mut().zip(of_row).for_each(|(sum, part)| *sum += part.min(1.0));
        }
        let share = |busy: f64| match (4.0 * busy / rows.len() as f64).ceil() as u8 {
            0 if lanes => Cell::Share(0),
            0 => Cell::Empty,
            quarters => Cell::Share(quarters.min(4)),
        };
        let mut cells: Vec<_> = busy.into_iter().map(share).collect();
        let segments = rows.iter().flat_map(|row| &row.segments);
        for failed in segments.filter(|segment| segment.mark == Mark::Failed) {
            cells[self.range(failed.time).start] = Cell::Mark(Mark::Failed);
        }
        cells
    }

    pub fn ticks(self) -> Vec<Cell> {
        let mut row = vec![Cell::Empty; self.cells];
        for tick in figures::ticks(self.length, self.cells / 10) {
            let text = format!("╵{} ms", tick.as_millis());
            let cells = &mut row[self.range(Interval { from: tick, to: tick }).start..];
            if text.chars().count() <= cells.len() {
                write(&text, cells);
            }
        }
        row
    }
}

/// Whether a mark counts in a row that several share: a thread that waits is not busy.
fn is_busy(mark: Mark) -> bool {
    match mark {
        Mark::Outside | Mark::Failed => false,
        Mark::Does(Sampled(state)) => state == State::Runs,
        _ => true,
    }
}

/// Writes as much of `text` as there is room for.
fn write(text: &str, cells: &mut [Cell]) {
    for (cell, letter) in cells.iter_mut().zip(text.chars()) {
        *cell = Cell::Letter(letter);
    }
}
