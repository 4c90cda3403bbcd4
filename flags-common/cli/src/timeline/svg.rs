//! Paints scenes as SVG: self-contained, with real text, in light and dark mode. The colours are tints
//! and shades of Okabe and Ito's, which are distinguishable with every kind of colour vision.

mod plot;

use std::fmt::{Display, Write};
use std::time::Duration;

use super::Timeline;
use super::figures::{Millis, cut_short, small_print};
use super::marks::{Look, legend};
use super::scene::{looked, marks, rows};
use crate::text::{clean, counted};

const WIDTH: f64 = 900.0;
const MARGIN: f64 = 16.0;
/// End of the longest run.
const RIGHT: f64 = WIDTH - 30.0;
/// Line height of text.
const LINE: f64 = 16.0;

/// Draws runs, one above the other, on one time axis, and returns the SVG document. `note` becomes
/// its description.
pub fn svg(runs: &[&Timeline], note: &str) -> String {
    let scenes: Vec<_> = runs.iter().map(|run| rows(run)).collect();
    let drawn = runs.iter().map(|run| run.cut().map_or(run.elapsed, |(drawn, _)| drawn));
    let longest = drawn.max().unwrap_or_default();
    let labels = scenes.iter().flatten().flatten();
    let label = labels.map(|row| row.label.chars().count()).max().unwrap_or(0).min(30);
    let left = (MARGIN + 6.2 * label as f64).max(64.0);
    let mut picture = Picture { body: String::new(), y: 24.0, left, longest };
    let [bars, lanes] = [0, 1].map(|kind| marks(scenes.iter().flat_map(|scene| &scene[kind])));
    picture.legend(&legend(&bars));
    if let Some(looked) = looked(runs.iter().filter_map(|run| run.looked_every).max(), &lanes) {
        picture.text("small", left, picture.y, format_args!("Threads, {looked}:"));
        picture.y += LINE;
    }
    picture.legend(&legend(&lanes));
    for (run, scene) in runs.iter().zip(&scenes) {
        picture.headline(run);
        picture.plot(run, scene);
    }
    picture.y += 8.0;
    let cut_short = runs.iter().filter_map(|run| cut_short(run));
    for line in cut_short.chain(small_print(runs).into_iter().map(str::to_owned)) {
        picture.y += LINE;
        picture.text("muted small", MARGIN, picture.y, line);
    }
    let (body, height) = (picture.body, px(picture.y + 12.0));
    let title = escaped(runs.iter().map(|run| run.program.as_str()).collect::<Vec<_>>().join(", "));
    let (style, note) = (include_str!("svg.css"), escaped(note));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n\
         <title>The timeline of {title}</title>\n<desc>{note}</desc>\n<style>\n{style}</style>\n\
         <rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n{body}</svg>\n"
    )
}

/// A length, rounded to a tenth of a pixel.
fn px(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

/// Text as XML needs it.
fn escaped(text: impl Display) -> String {
    let text = clean(&text.to_string());
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The picture so far: down to `y`.
struct Picture {
    body: String,
    y: f64,
    /// Left end of the time axis, to the right of the labels.
    left: f64,
    longest: Duration,
}

impl Picture {
    fn push(&mut self, element: impl Display) {
        writeln!(self.body, "{element}").expect("writing to a String cannot fail");
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: impl Display) {
        let (x, y, text) = (px(x), px(y), escaped(text));
        self.push(format_args!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>"));
    }

    fn x(&self, time: Duration) -> f64 {
        let part = time.div_duration_f64(self.longest.max(Duration::from_micros(1)));
        self.left + (RIGHT - self.left) * part.min(1.0)
    }

    /// Explains marks, in lines.
    fn legend(&mut self, looks: &[&Look]) {
        let mut x = self.left;
        for look in looks {
            let width = 42.0 + 5.7 * look.meaning.len() as f64;
            if x + width > RIGHT {
                x = self.left;
                self.y += LINE;
            }
            let (class, left, top) = (look.class, px(x), px(self.y - 9.0));
            self.push(format_args!(
                "<rect class=\"{class}\" x=\"{left}\" y=\"{top}\" width=\"18\" height=\"10\"/>"
            ));
            self.text("small", x + 24.0, self.y, look.meaning);
            x += width;
        }
        self.y += if looks.is_empty() { 0.0 } else { LINE };
    }

    fn headline(&mut self, run: &Timeline) {
        self.y += 18.0;
        let requests = counted(run.requests.len(), "request");
        let on = match run.calling_threads() {
            0 => String::new(),
            threads => format!(" on {}", counted(threads, "thread")),
        };
        let text = format!("{requests}{on} in {}", Millis(run.elapsed));
        let (y, program, text) = (px(self.y), escaped(&run.program), escaped(text));
        self.push(format_args!(
            "<text x=\"{MARGIN}\" y=\"{y}\"><tspan class=\"program\">{program}</tspan>\u{2003}{text}</text>"
        ));
        self.y += 12.0;
    }
}
