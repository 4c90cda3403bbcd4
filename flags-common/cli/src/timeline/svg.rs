//! The picture as SVG: self-contained, with real text, in light and dark mode. The colours are tints
//! and shades of Okabe and Ito's, which are distinguishable with every kind of colour vision.

use std::ops::Range;
use std::time::Duration;

use super::canvas::{Canvas, Escaped, Px, Row};
use super::model::Activity;
use super::summary::{self, Millis, Place};
use super::{BusySpan, Request, Timeline, Viewpoint};
use crate::text::counted;

const WIDTH: f64 = 900.0;
const MARGIN: f64 = 16.0;
/// End of the longest run.
const RIGHT: f64 = WIDTH - 30.0;
/// Line height of text.
const LINE: f64 = 16.0;

/// Draws runs, one above the other, on one time axis, and returns the SVG document. `note` becomes
/// its description.
pub fn svg(runs: &[&Timeline], note: &str) -> String {
    let longest = runs.iter().map(|run| run.elapsed).max().unwrap_or_default();
    let mut picture = Picture { canvas: Canvas::default(), y: 24.0, left: left(runs), longest };
    picture.legend(runs);
    for run in runs {
        picture.headline(run, runs[0]);
        picture.plot(run);
    }
    picture.small_print(runs);
    let Picture { canvas: Canvas(body), y: height, .. } = picture;
    let title = Escaped(runs.iter().map(|run| run.program.as_str()).collect::<Vec<_>>().join(", "));
    let (style, note) = (include_str!("svg.css"), Escaped(note));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n\
         <title>The timeline of {title}</title>\n<desc>{note}</desc>\n<style>\n{style}</style>\n\
         <rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n{body}</svg>\n"
    )
}

/// The picture so far: down to `y`.
struct Picture {
    canvas: Canvas,
    y: f64,
    /// Left end of the time axis, to the right of the labels.
    left: f64,
    longest: Duration,
}

/// Leaves room for the longest name of a thread.
fn left(runs: &[&Timeline]) -> f64 {
    let names = runs.iter().flat_map(|run| &run.threads);
    let longest = names.map(|name| name.chars().count()).max().unwrap_or(0);
    (MARGIN + 6.0 * longest as f64).max(64.0)
}

impl Picture {
    fn x(&self, time: Duration) -> f64 {
        self.left
            + (RIGHT - self.left)
                * time.div_duration_f64(self.longest.max(Duration::from_micros(1)))
    }

    fn xs(&self, from: Duration, to: Duration) -> Range<f64> {
        self.x(from)..self.x(to)
    }

    fn legend(&mut self, runs: &[&Timeline]) {
        let requests = || runs.iter().flat_map(|run| &run.requests);
        let unread = runs.iter().any(|run| run.knows_answers());
        let waiting = if unread { "not answered yet" } else { "request" };
        let blocked = requests().any(Request::blocked);
        let polled = runs.iter().any(|run| run.polled());
        let failed = requests().any(|request| request.failure.is_some());
        let saved = runs.iter().any(|run| !run.saves.is_empty());
        let bars = [
            ("wait", true, waiting),
            ("unread", unread, "answered; get_flag has not returned"),
            ("poll", polled, "future polled"),
            ("fail", failed, "failed"),
        ];
        let at_site = runs.iter().any(|run| run.viewpoint == Viewpoint::Site);
        let block = if at_site { "connection waits" } else { "thread blocked by a request" };
        let lanes = [
            ("block", blocked, block),
            ("save", saved, "save_flag"),
            ("none", true, "not in a request"),
        ];
        self.legend_line(&bars);
        self.y += LINE;
        self.legend_line(&lanes);
    }

    fn legend_line(&mut self, entries: &[(&str, bool, &str)]) {
        let row = Row { top: self.y - 10.5, height: 12.0 };
        let mut x = self.left;
        for (class, _, text) in entries.iter().filter(|(_, shown, _)| *shown) {
            self.canvas.bar(class, x..x + 18.0, row);
            self.canvas.text("small", x + 24.0, self.y, text);
            x += 42.0 + 5.7 * text.len() as f64;
        }
    }

    fn headline(&mut self, run: &Timeline, first: &Timeline) {
        self.y += 34.0;
        let requests = counted(run.requests.len(), "request");
        let threads = match (run.viewpoint, run.connections) {
            (Viewpoint::Site, Some(connections)) => counted(connections, "connection"),
            _ => counted(run.request_threads(), "thread"),
        };
        let mut text = format!("{requests} on {threads} in {}", Millis(run.elapsed));
        if run.program != first.program {
            let times = Millis(first.elapsed).printed() / Millis(run.elapsed).printed();
            text += &format!(", {times:.0} times as fast as {}", first.program);
        }
        let (y, program, text) = (Px(self.y), Escaped(&run.program), Escaped(text));
        self.canvas.push(format_args!(
            "<text x=\"{MARGIN}\" y=\"{y}\"><tspan class=\"program\">{program}</tspan>\u{2003}{text}</text>"
        ));
        self.y += 12.0;
    }

    /// The bars, the lanes, the axis and the figures.
    fn plot(&mut self, run: &Timeline) {
        let top = self.y;
        let background = self.canvas.0.len(); // where the grid lines will be inserted
        let height = row_height(run.requests.len());
        for request in &run.requests {
            self.request(request, Row { top: self.y, height });
            self.y += height;
        }
        self.y += 8.0;
        let height = row_height(run.threads.len());
        for thread in 0..run.threads.len() {
            self.lane(run, thread, Row { top: self.y, height });
            self.y += height;
        }
        self.axis(top, background);
        self.figures(run, top);
    }

    fn request(&mut self, request: &Request, row: Row) {
        let Request { cc, start, end, answered, failure, .. } = request;
        let (bar, split) = (self.xs(*start, *end), answered.unwrap_or(*end));
        let mut title = format!("{cc}: from {} to {}", Millis(*start), Millis(*end));
        if let Some(answered) = answered {
            title += &format!(", answered at {}", Millis(*answered));
        }
        if let Some(cause) = failure {
            title += &format!(", failed: {cause}");
        }
        self.canvas.push(format_args!("<g><title>{}</title>", Escaped(&title)));
        self.label(cc.as_str(), row);
        self.canvas.bar("wait", self.xs(*start, split), row);
        if answered.is_some() {
            self.canvas.bar("unread", self.xs(split, *end), row);
        }
        self.polls(request.polls(), row, &format!("{title}, polled {} times", request.busy.len()));
        if let Some(cause) = failure {
            self.canvas.bar("fail", bar.end - 3.0..bar.end, row);
            self.cause(cause, bar, row);
        }
        self.canvas.push("</g>");
    }

    /// Writes why the request with this bar failed.
    fn cause(&mut self, cause: &str, bar: Range<f64>, row: Row) {
        const GAP: f64 = 5.0;
        let length = 0.55 * row.font() * cause.chars().count() as f64; // about
        let (class, x) = match summary::place(bar.clone(), length, GAP, self.left..RIGHT) {
            Place::Right => ("", bar.end + GAP),
            Place::Left => ("left", bar.start - GAP),
            Place::Over => ("over", bar.start + GAP),
        };
        self.canvas.row_text(class, x, row, cause);
    }

    fn lane(&mut self, run: &Timeline, thread: usize, row: Row) {
        self.label(&run.threads[thread], row);
        self.canvas.bar("none", self.xs(Duration::ZERO, run.elapsed), row);
        for (activity, busy) in run.lane(thread) {
            match activity {
                Activity::Poll(cc) => self.polls(&[busy], row, cc.as_str()),
                Activity::Save(cc) => {
                    let title = format!("save_flag of {cc}");
                    self.canvas.bars("save", vec![self.xs(busy.from, busy.to)], row, &title);
                }
                Activity::Blocked(cc) => {
                    let Range { start, end } = self.xs(busy.from, busy.to);
                    self.canvas.bar("block", start..end - 0.7, row);
                    if end - start > 2.0 * row.font() {
                        self.canvas.row_text("inside", (start + end) / 2.0, row, cc);
                    }
                }
            }
        }
    }

    fn polls(&mut self, polls: &[BusySpan], row: Row, title: &str) {
        if !polls.is_empty() {
            let xs: Vec<_> = polls.iter().map(|poll| self.xs(poll.from, poll.to)).collect();
            self.canvas.bars("poll", xs, row, title);
        }
    }

    fn label(&mut self, name: &str, row: Row) {
        self.canvas.row_text("label", self.left - 5.0, row, name);
    }

    fn axis(&mut self, top: f64, background: usize) {
        let (top, bottom) = (Px(top), Px(self.y + 3.0));
        self.y += 14.0;
        let mut lines = String::new();
        for tick in summary::ticks(self.longest, 10) {
            let x = self.x(tick);
            lines += &format!("M{} {top}V{bottom}", Px(x));
            self.canvas.text("tick", x, self.y, format_args!("{} ms", tick.as_millis()));
        }
        let lines = format!("<path class=\"grid\" d=\"{lines}\"/>\n");
        self.canvas.0.insert_str(background, &lines);
        self.y += 10.0;
    }

    /// Writes the figures beside the first bars, whose top is at `top`, if these leave the right half
    /// free, as in a staircase; otherwise below everything.
    fn figures(&mut self, run: &Timeline, top: f64) {
        let middle = (self.left + RIGHT) / 2.0;
        let figures = summary::figures(run);
        let rows = figures.len() as f64 * LINE / row_height(run.requests.len());
        let beside = run.requests.get(..rows.ceil() as usize);
        let ends = |it: &Request| it.failure.is_none() && self.x(it.end) < middle - 20.0;
        let free = beside.is_some_and(|requests| requests.iter().all(ends));
        let (x, mut y) = if free { (middle, top - 4.0) } else { (self.left, self.y) };
        for (name, value) in figures {
            y += LINE;
            self.canvas.text("muted halo", x, y, name);
            self.canvas.text("halo", x + 90.0, y, value);
        }
        self.y = self.y.max(y) + 4.0;
    }

    fn small_print(&mut self, runs: &[&Timeline]) {
        self.y += 8.0;
        for line in summary::small_print(runs) {
            self.y += LINE;
            self.canvas.text("muted small", MARGIN, self.y, line);
        }
        self.y += 12.0;
    }
}

/// Rows are lower where there are many.
fn row_height(rows: usize) -> f64 {
    if rows <= 40 { 11.0 } else { 9.0 }
}
