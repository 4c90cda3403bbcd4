//! An SVG drawing: text and shapes. Lengths are in pixels.

use std::fmt::{self, Display, Write};
use std::ops::Range;

use crate::text::clean;

/// Minimum width of a shape, so that it is visible.
const MIN_WIDTH: f64 = 1.5;

/// The elements so far.
#[derive(Default)]
pub(super) struct Canvas(pub String);

/// A row: one line of text and the shapes beside it.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub top: f64,
    pub height: f64,
}

impl Row {
    /// Font size of its text.
    pub fn font(self) -> f64 {
        self.height - 1.5
    }

    fn inside(self) -> (Px, Px) {
        (Px(self.top + 0.5), Px(self.height - 1.0))
    }
}

impl Canvas {
    /// Appends an element, or a part of one.
    pub fn push(&mut self, element: impl Display) {
        writeln!(self.0, "{element}").expect("writing to a String cannot fail");
    }

    /// Writes `text` with its baseline at `y`.
    pub fn text(&mut self, class: &str, x: f64, y: f64, text: impl Display) {
        let (x, y, text) = (Px(x), Px(y), Escaped(text));
        self.push(format_args!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>"));
    }

    /// Writes `text` in the font size of the row.
    pub fn row_text(&mut self, class: &str, x: f64, row: Row, text: impl Display) {
        let (x, y, text) = (Px(x), Px(row.top + 0.8 * row.height), Escaped(text));
        let size = row.font();
        self.push(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" style=\"font-size:{size}px\">{text}</text>"
        ));
    }

    /// Draws a bar.
    pub fn bar(&mut self, class: &str, x: Range<f64>, row: Row) {
        let (width, x) = (Px((x.end - x.start).max(MIN_WIDTH)), Px(x.start));
        let (y, height) = row.inside();
        self.push(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
        ));
    }

    /// Draws several bars as one shape, with `title` as a tooltip.
    pub fn bars(&mut self, class: &str, xs: Vec<Range<f64>>, row: Row, title: &str) {
        let (y, height) = row.inside();
        let mut shape = String::new();
        for x in xs {
            let (width, x) = (Px((x.end - x.start).max(MIN_WIDTH)), Px(x.start));
            shape += &format!("M{x} {y}h{width}v{height}h-{width}z");
        }
        let title = Escaped(title);
        self.push(format_args!(
            "<path class=\"{class}\" d=\"{shape}\"><title>{title}</title></path>"
        ));
    }
}

/// A length, rounded to a tenth of a pixel.
pub(super) struct Px(pub f64);

impl Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (self.0 * 10.0).round() / 10.0)
    }
}

/// Text as XML needs it.
pub(super) struct Escaped<T>(pub T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in clean(&self.0.to_string()).chars() {
            match letter {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                _ => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}
