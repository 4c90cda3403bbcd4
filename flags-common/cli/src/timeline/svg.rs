//! Paints scenes as SVG: self-contained, with real text, in light and dark mode. The colours are tints
//! and shades of Okabe and Ito's, which are distinguishable with every kind of colour vision.

mod text;

use std::fmt::{Display, Write};
use std::ops::Range;
use std::time::Duration;

use self::text::{Escaped, Px};
use super::Doing::{self, Sampled};
use super::figures::{Millis, figures, small_print, ticks};
use super::scene::{Mark, Place, Row, Scene, Segment, legend, place};
use super::{State, Timeline, Viewpoint};
use crate::text::counted;

const WIDTH: f64 = 900.0;
const MARGIN: f64 = 16.0;
/// End of the longest run.
const RIGHT: f64 = WIDTH - 30.0;
/// Line height of text.
const LINE: f64 = 16.0;
/// Height of all bars of a run, and of all its lanes, at most.
const MAX_HEIGHT: f64 = 700.0;
/// Minimum width of a shape, so that it is visible.
const MIN_WIDTH: f64 = 1.5;

/// Draws runs, one above the other, on one time axis, and returns the SVG document. `note` becomes
/// its description.
pub fn svg(runs: &[&Timeline], note: &str) -> String {
    let scenes: Vec<_> = runs.iter().map(|run| Scene::new(run)).collect();
    let longest = runs.iter().map(|run| run.elapsed).max().unwrap_or_default();
    let labels = scenes.iter().flat_map(|scene| scene.bars.iter().chain(&scene.lanes));
    let label = labels.map(|row| row.label.chars().count()).max().unwrap_or(0).min(30);
    let left = (MARGIN + 6.2 * label as f64).max(64.0);
    let mut picture = Picture { body: String::new(), y: 24.0, left, longest };
    let lanes = legend(scenes.iter().flat_map(|scene| &scene.lanes));
    let bars = legend(scenes.iter().flat_map(|scene| &scene.bars)).into_iter();
    picture.legend(&bars.filter(|mark| !lanes.contains(mark)).collect::<Vec<_>>());
    picture.legend(&lanes);
    for (run, scene) in runs.iter().zip(&scenes) {
        picture.headline(run, runs[0]);
        picture.plot(run, scene);
    }
    picture.y += 8.0;
    for line in small_print(runs) {
        picture.y += LINE;
        picture.text("muted small", MARGIN, picture.y, line);
    }
    let (body, height) = (picture.body, Px(picture.y + 12.0));
    let title = Escaped(runs.iter().map(|run| run.program.as_str()).collect::<Vec<_>>().join(", "));
    let (style, note) = (include_str!("svg.css"), Escaped(note));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n\
         <title>The timeline of {title}</title>\n<desc>{note}</desc>\n<style>\n{style}</style>\n\
         <rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n{body}</svg>\n"
    )
}

/// The class of a mark, which has its colour.
fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Away => "away",
        Mark::AtSite | Mark::Called => "site",
        Mark::Unread => "unread",
        Mark::Outside => "outside",
        Mark::Does(Doing::GetFlag) => "block",
        Mark::Does(Doing::Poll) => "poll",
        Mark::Does(Doing::SaveFlag) => "save",
        Mark::Failed => "fail",
        Mark::Does(Sampled(State::WaitsForEvents)) => "events",
        Mark::Does(Sampled(State::WaitsForNetwork)) => "network",
        Mark::Does(Sampled(State::WaitsForThread)) => "thread",
        Mark::Does(Sampled(State::Sleeps)) => "sleep",
        Mark::Does(Sampled(State::UsesFile)) => "file",
        Mark::Does(Sampled(State::Runs)) => "run",
    }
}

/// The picture so far: down to `y`.
struct Picture {
    body: String,
    y: f64,
    /// Left end of the time axis, to the right of the labels.
    left: f64,
    longest: Duration,
}

/// Where a row is.
#[derive(Clone, Copy)]
struct Band {
    top: f64,
    height: f64,
}

impl Picture {
    fn push(&mut self, element: impl Display) {
        writeln!(self.body, "{element}").expect("writing to a String cannot fail");
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: impl Display) {
        let (x, y, text) = (Px(x), Px(y), Escaped(text));
        self.push(format_args!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>"));
    }

    fn x(&self, time: Duration) -> f64 {
        let part = time.div_duration_f64(self.longest.max(Duration::from_micros(1)));
        self.left + (RIGHT - self.left) * part
    }

    /// Explains marks, in lines.
    fn legend(&mut self, marks: &[Mark]) {
        let mut x = self.left;
        for &mark in marks {
            let width = 42.0 + 5.7 * mark.meaning().len() as f64;
            if x + width > RIGHT {
                x = self.left;
                self.y += LINE;
            }
            let (class, left, top) = (class(mark), Px(x), Px(self.y - 9.0));
            self.push(format_args!(
                "<rect class=\"{class}\" x=\"{left}\" y=\"{top}\" width=\"18\" height=\"10\"/>"
            ));
            self.text("small", x + 24.0, self.y, mark.meaning());
            x += width;
        }
        self.y += if marks.is_empty() { 0.0 } else { LINE };
    }

    fn headline(&mut self, run: &Timeline, first: &Timeline) {
        self.y += 18.0;
        let requests = counted(run.requests.len() + run.more_requests, "request");
        let on = match (run.viewpoint, run.connections) {
            (Viewpoint::Site, Some(connections)) => {
                format!(" on {}", counted(connections, "connection"))
            }
            _ if run.calling_threads() == 0 => String::new(),
            _ => format!(" on {}", counted(run.calling_threads(), "thread")),
        };
        let mut text = format!("{requests}{on} in {}", Millis(run.elapsed));
        if run.program != first.program {
            let times = Millis(first.elapsed).printed() / Millis(run.elapsed).printed();
            text += &format!(", {times:.0} times as fast as {}", first.program);
        }
        let (y, program, text) = (Px(self.y), Escaped(&run.program), Escaped(text));
        self.push(format_args!(
            "<text x=\"{MARGIN}\" y=\"{y}\"><tspan class=\"program\">{program}</tspan>\u{2003}{text}</text>"
        ));
        self.y += 12.0;
    }

    /// The bars, the lanes, the axis and the figures.
    fn plot(&mut self, run: &Timeline, scene: &Scene) {
        let top = self.y;
        let background = self.body.len(); // where the grid lines will be inserted
        self.rows(&scene.bars);
        self.y += 8.0;
        self.rows(&scene.lanes);
        self.axis(top, background);
        self.figures(run, scene, top);
        self.y += 16.0;
    }

    fn rows(&mut self, rows: &[Row]) {
        let height = (MAX_HEIGHT / rows.len().max(1) as f64).clamp(0.5, 11.0);
        let labelled = (9.0 / height).ceil() as usize; // the others have no room
        for (n, row) in rows.iter().enumerate() {
            let band = Band { top: self.y, height };
            self.push("<g>");
            if let Some(tooltip) = tooltip(row) {
                self.push(format_args!("<title>{}</title>", Escaped(tooltip)));
            }
            if n % labelled.max(1) == 0 {
                let label: String = row.label.chars().take(30).collect();
                self.row_text("label", self.left - 5.0, band, label);
            }
            for segments in row.segments.chunk_by(|one, next| one.mark == next.mark) {
                self.segments(segments, band);
            }
            if let Some(cause) = row.cause.as_ref().filter(|_| height > 8.0) {
                self.cause(cause, self.x(row.extent.0)..self.x(row.extent.1), band);
            }
            self.push("</g>");
            self.y += height;
        }
    }

    /// Draws segments of one kind as one shape.
    fn segments(&mut self, segments: &[Segment], band: Band) {
        let gap = if band.height > 4.0 { 0.5 } else { 0.0 };
        let (y, height) = (Px(band.top + gap), Px(band.height - 2.0 * gap));
        let mut shape = String::new();
        for segment in segments {
            let (from, to) = (self.x(segment.from), self.x(segment.to));
            let (from, to) = match segment.mark {
                Mark::Failed => ((to - 3.0).max(self.left), to),
                Mark::Does(Doing::GetFlag) => (from, to - 0.7), // the next one begins at once
                _ => (from, to),
            };
            let (width, x) = (Px((to - from).max(MIN_WIDTH)), Px(from));
            shape += &format!("M{x} {y}h{width}v{height}h-{width}z");
        }
        let class = class(segments[0].mark);
        self.push(format_args!("<path class=\"{class}\" d=\"{shape}\"/>"));
        for segment in
            segments.iter().filter(|it| it.mark == Mark::Does(Doing::GetFlag) && band.height > 8.0)
        {
            let (from, to) = (self.x(segment.from), self.x(segment.to));
            if to - from > 2.0 * band.height {
                self.row_text("inside", (from + to) / 2.0, band, &segment.label);
            }
        }
    }

    /// Writes why the request with this bar failed.
    fn cause(&mut self, cause: &str, bar: Range<f64>, band: Band) {
        const GAP: f64 = 5.0;
        let length = 0.55 * (band.height - 1.5) * cause.chars().count() as f64; // about
        let (class, x) = match place(bar.clone(), length, GAP, self.left..RIGHT) {
            Place::Right => ("", bar.end + GAP),
            Place::Left => ("left", bar.start - GAP),
            Place::Over => ("over", bar.start + GAP),
        };
        self.row_text(class, x, band, cause);
    }

    /// Writes `text` in the font size of the row.
    fn row_text(&mut self, class: &str, x: f64, band: Band, text: impl Display) {
        let height = band.height.max(9.0);
        let (x, y, text) = (Px(x), Px(band.top + 0.8 * height), Escaped(text));
        let size = Px(height - 1.5);
        self.push(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" style=\"font-size:{size}px\">{text}</text>"
        ));
    }

    fn axis(&mut self, top: f64, background: usize) {
        let (top, bottom) = (Px(top), Px(self.y + 3.0));
        self.y += 14.0;
        let mut lines = String::new();
        for tick in ticks(self.longest, 10) {
            let x = self.x(tick);
            lines += &format!("M{} {top}V{bottom}", Px(x));
            self.text("tick", x, self.y, format_args!("{} ms", tick.as_millis()));
        }
        let lines = format!("<path class=\"grid\" d=\"{lines}\"/>\n");
        self.body.insert_str(background, &lines);
        self.y += 10.0;
    }

    /// Writes the figures beside the first bars, whose top is at `top`, if these leave the right part
    /// free, as in a staircase; otherwise below everything.
    fn figures(&mut self, run: &Timeline, scene: &Scene, top: f64) {
        let middle = RIGHT - 470.0; // the longest figure fits beside it
        let figures = figures(run);
        let rows = (figures.len() as f64 * LINE / 11.0).ceil() as usize;
        let ends_early = |row: &Row| row.cause.is_none() && self.x(row.extent.1) < middle - 20.0;
        let free = scene.bars.len() < 40
            && scene.bars.get(..rows).is_some_and(|rows| rows.iter().all(ends_early));
        let (x, mut y) = if free { (middle, top - 4.0) } else { (self.left, self.y) };
        for (name, value) in figures {
            y += LINE;
            self.text("muted halo", x, y, name);
            self.text("halo", x + 90.0, y, value);
        }
        self.y = self.y.max(y) + 4.0;
    }
}

fn tooltip(row: &Row) -> Option<String> {
    let segments = row.segments.iter().filter(|it| it.mark < Mark::Outside);
    let parts: Vec<_> = segments
        .map(|it| format!("{} from {} to {}", it.mark.meaning(), Millis(it.from), Millis(it.to)))
        .collect();
    let cause = row.cause.as_ref().map_or(String::new(), |cause| format!(", failed: {cause}"));
    (!parts.is_empty()).then(|| format!("{}: {}{cause}", row.label, parts.join(", ")))
}
