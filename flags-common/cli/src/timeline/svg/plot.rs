//! The plot of a run: its rows, the axis below them, and the figures.

use std::fmt::Display;
use std::ops::Range;

use super::{LINE, Picture, RIGHT, escaped, px};
use crate::timeline::figures::{figures, ticks};
use crate::timeline::marks::Mark;
use crate::timeline::scene::{Place, Row, place};
use crate::timeline::{Doing, Interval, Timeline};

/// Height of all bars of a run, and of all its lanes, at most.
const MAX_HEIGHT: f64 = 700.0;
/// Minimum width of a shape, so that it is visible.
const MIN_WIDTH: f64 = 1.5;

impl Picture {
    /// The bars, the lanes, the axis and the figures.
    pub fn plot(&mut self, run: &Timeline, [bars, lanes]: &[Vec<Row>; 2]) {
        let top = self.y;
        let background = self.body.len(); // where the grid lines will be inserted
        self.rows(bars);
        self.y += 8.0;
        self.rows(lanes);
        self.axis(top, background);
        self.figures(run);
        self.y += 16.0;
    }

    fn rows(&mut self, rows: &[Row]) {
        let height = (MAX_HEIGHT / rows.len().max(1) as f64).clamp(0.5, 11.0);
        let labelled = (9.0 / height).ceil() as usize; // the others have no room
        for (n, row) in rows.iter().enumerate() {
            if n % labelled.max(1) == 0 {
                let label: String = row.label.chars().take(30).collect();
                self.row_text("label", self.left - 5.0, height, label);
            }
            for segments in row.segments.chunk_by(|one, next| one.0 == next.0) {
                self.segments(segments, height);
            }
            for (text, time) in row.inside.iter().filter(|_| height > 8.0) {
                let (from, to) = (self.x(time.from), self.x(time.to));
                if to - from > 2.0 * height {
                    self.row_text("inside", (from + to) / 2.0, height, text);
                }
            }
            if let Some(cause) = row.cause.filter(|_| height > 8.0) {
                self.cause(cause, self.x(row.time.from)..self.x(row.time.to), height);
            }
            self.y += height;
        }
    }

    /// Draws segments of one kind as one shape, in a row of this height.
    fn segments(&mut self, segments: &[(Mark, Interval)], height: f64) {
        let gap = if height > 4.0 { 0.5 } else { 0.0 };
        let (y, height) = (px(self.y + gap), px(height - 2.0 * gap));
        let mut shape = String::new();
        for (mark, time) in segments {
            let (from, to) = (self.x(time.from), self.x(time.to));
            let (from, to) = match mark {
                Mark::Failed => ((to - 3.0).max(self.left), to),
                Mark::Does(Doing::GetFlag) => (from, to - 0.7), // the next one begins at once
                _ => (from, to),
            };
            let (width, x) = (px((to - from).max(MIN_WIDTH)), px(from));
            shape += &format!("M{x} {y}h{width}v{height}h-{width}z");
        }
        let class = segments[0].0.look().class;
        self.push(format_args!("<path class=\"{class}\" d=\"{shape}\"/>"));
    }

    /// Writes why the request with this bar failed.
    fn cause(&mut self, cause: &str, bar: Range<f64>, height: f64) {
        const GAP: f64 = 5.0;
        let length = 0.55 * (height - 1.5) * cause.chars().count() as f64; // about
        let (class, x) = match place(bar.clone(), length, GAP, self.left..RIGHT) {
            Place::Right => ("", bar.end + GAP),
            Place::Left => ("left", bar.start - GAP),
            Place::Over => ("over", bar.start + GAP),
        };
        self.row_text(class, x, height, cause);
    }

    /// Writes `text` in the font size of a row of this height.
    fn row_text(&mut self, class: &str, x: f64, height: f64, text: impl Display) {
        let height = height.max(9.0);
        let (x, y, text) = (px(x), px(self.y + 0.8 * height), escaped(text));
        let size = px(height - 1.5);
        self.push(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" style=\"font-size:{size}px\">{text}</text>"
        ));
    }

    fn axis(&mut self, top: f64, background: usize) {
        let (top, bottom) = (px(top), px(self.y + 3.0));
        self.y += 14.0;
        let mut lines = String::new();
        for tick in ticks(self.longest, 10) {
            let x = self.x(tick);
            lines += &format!("M{} {top}V{bottom}", px(x));
            self.text("tick", x, self.y, format_args!("{} ms", tick.as_millis()));
        }
        let lines = format!("<path class=\"grid\" d=\"{lines}\"/>\n");
        self.body.insert_str(background, &lines);
        self.y += 10.0;
    }

    fn figures(&mut self, run: &Timeline) {
        for (name, value) in figures(run) {
            self.y += LINE;
            self.text("muted", self.left, self.y, name);
            self.text("", self.left + 90.0, self.y, value);
        }
        self.y += 4.0;
    }
}
