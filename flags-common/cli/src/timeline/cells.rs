//! The characters of the picture in the terminal, and its time axis.

use std::ops::Range;
use std::time::Duration;

use console::Style;

use super::summary;

/// What one character of a row shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Empty,
    Waiting,
    Unread,
    Failed,
    Poll,
    Blocked,
    Save,
    NoRequest,
    Letter(char),
}

impl Cell {
    /// Cells differ in shape as well as in colour: there may be no colours, or a reader who cannot
    /// tell them apart.
    fn look(self) -> (char, Style) {
        let style = Style::new().for_stderr();
        match self {
            Self::Empty => (' ', style),
            Self::Waiting => ('░', style.cyan()),
            Self::Unread => ('▒', style.yellow()),
            Self::Failed => ('✗', style.red()),
            Self::Poll => ('┃', style),
            Self::Blocked => ('▓', style.cyan()),
            Self::Save => ('■', style.green()),
            Self::NoRequest => ('·', style.dim()),
            Self::Letter(letter) => (letter, style),
        }
    }
}

pub(super) fn shown(cells: &[Cell]) -> String {
    let alike = cells.chunk_by(|one, next| one.look().1 == next.look().1);
    let part = |cells: &[Cell]| {
        let text: String = cells.iter().map(|cell| cell.look().0).collect();
        cells[0].look().1.apply_to(text).to_string()
    };
    alike.map(part).collect::<String>().trim_end().to_owned()
}

/// Writes as much of `text` as there is room for.
pub(super) fn write(text: &str, cells: &mut [Cell]) {
    for (cell, letter) in cells.iter_mut().zip(text.chars()) {
        *cell = Cell::Letter(letter);
    }
}

/// Time, from left to right.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub length: Duration,
    pub cells: usize,
}

impl Axis {
    pub fn row(self, cell: Cell) -> Vec<Cell> {
        vec![cell; self.cells]
    }

    /// Duration of a cell.
    pub fn cell(self) -> Duration {
        self.length / self.cells as u32
    }

    /// The cells between two times: at least one.
    pub fn cells(self, from: Duration, to: Duration) -> Range<usize> {
        let length = self.length.max(Duration::from_micros(1));
        let place = |time: Duration| self.cells as f64 * time.div_duration_f64(length);
        let first = (place(from) as usize).min(self.cells - 1);
        first..(place(to).ceil() as usize).clamp(first + 1, self.cells)
    }

    pub fn ticks(self) -> Vec<Cell> {
        let mut row = self.row(Cell::Empty);
        for tick in summary::ticks(self.length, self.cells / 10) {
            let text = format!("╵{} ms", tick.as_millis());
            let cells = &mut row[self.cells(tick, tick).start..];
            if text.chars().count() <= cells.len() {
                write(&text, cells);
            }
        }
        row
    }
}
