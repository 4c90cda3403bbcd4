//! A sheet of SVG, on which text and shapes are put. Lengths are in pixels.

use std::fmt::{self, Display, Write};
use std::ops::Range;

/// The least width of a shape, so that it is seen.
const LEAST: f64 = 1.5;

/// What has been put on it so far.
#[derive(Default)]
pub(super) struct Canvas(pub String);

/// A place for one line of text and what is beside it.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub top: f64,
    pub height: f64,
}

impl Row {
    /// The size of the text in it.
    pub fn font(self) -> f64 {
        self.height - 1.5
    }

    fn inside(self) -> (Short, Short) {
        (Short(self.top + 0.5), Short(self.height - 1.0))
    }
}

impl Canvas {
    /// Puts an element on it, or a part of one.
    pub fn put(&mut self, element: impl Display) {
        writeln!(self.0, "{element}").expect("a String takes everything");
    }

    /// Writes `text` with its baseline at `y`.
    pub fn text(&mut self, class: &str, x: f64, y: f64, text: impl Display) {
        let (x, y, text) = (Short(x), Short(y), Escaped(text));
        self.put(format_args!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>"));
    }

    /// Writes `text` as large as the row is high.
    pub fn row_text(&mut self, class: &str, x: f64, row: Row, text: impl Display) {
        let (x, y, text) = (Short(x), Short(row.top + 0.8 * row.height), Escaped(text));
        let size = row.font();
        self.put(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" style=\"font-size:{size}px\">{text}</text>"
        ));
    }

    /// Draws a bar over `x`.
    pub fn bar(&mut self, class: &str, x: Range<f64>, row: Row) {
        let (width, x) = (Short((x.end - x.start).max(LEAST)), Short(x.start));
        let (y, height) = row.inside();
        self.put(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
        ));
    }

    /// Draws several bars as one shape, with a `title` for who points at it.
    pub fn bars(&mut self, class: &str, xs: Vec<Range<f64>>, row: Row, title: &str) {
        let (y, height) = row.inside();
        let mut shape = String::new();
        for x in xs {
            let (width, x) = (Short((x.end - x.start).max(LEAST)), Short(x.start));
            shape += &format!("M{x} {y}h{width}v{height}h-{width}z");
        }
        let title = Escaped(title);
        self.put(format_args!(
            "<path class=\"{class}\" d=\"{shape}\"><title>{title}</title></path>"
        ));
    }
}

/// A length to a tenth of a pixel.
pub(super) struct Short(pub f64);

impl Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (self.0 * 10.0).round() / 10.0)
    }
}

/// Text as XML wants it. Control characters are not allowed in it at all.
pub(super) struct Escaped<T>(pub T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.to_string().chars() {
            match letter {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                _ if letter.is_control() => f.write_char(' ')?,
                _ => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}
