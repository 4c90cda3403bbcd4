//! A run as a small picture: the whole of it, its first part enlarged, and the threads below that.

use std::ops::Range;
use std::time::Duration;

use flags_cli::timeline::{BusySpan, Timeline};

use super::html::escape;

/// The two time axes, which all pictures share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axes {
    /// Duration of the longest run.
    pub whole: Duration,
    /// Duration of the first part.
    pub part: Duration,
}

impl Axes {
    /// The first part is long enough for every run but the `longest`, in whole 10 ms.
    pub fn new(longest: &Timeline, others: &[Timeline]) -> Self {
        let others = others.iter().map(|run| run.elapsed).max().unwrap_or_default();
        let part = Duration::from_millis((others.as_millis() as u64 / 10 + 1) * 10);
        Self { whole: longest.elapsed.max(part), part }
    }
}

const WIDTH: f64 = 400.0;
const WHOLE: Rows = Rows { top: 18.0, height: 2.0 };
const PART: Rows = Rows { top: 106.0, height: 4.5 };
const THREADS: Rows = Rows { top: 218.0, height: 3.0 };
const HEIGHT: f64 = 282.0;

/// Rows for 20 flags, or for as many threads: the top of the first, and the height of each.
#[derive(Clone, Copy)]
struct Rows {
    top: f64,
    height: f64,
}

impl Rows {
    fn y(self, row: usize) -> f64 {
        self.top + self.height * row as f64
    }
}

/// The figure of a run: the picture and one sentence. `first` is the run to compare it with.
pub fn figure(run: &Timeline, first: &Timeline, axes: Axes) -> String {
    let counted = |n: usize, thing| format!("{n} {thing}{}", if n == 1 { "" } else { "s" });
    let requests = counted(run.requests.len(), "request");
    let threads = counted(run.request_threads(), "thread");
    let mut caption = format!("{requests} on {threads} in {:.2} s", run.elapsed.as_secs_f64());
    if run.program != first.program {
        let times = first.elapsed.div_duration_f64(run.elapsed);
        caption += &format!(": {times:.0} times as fast as {}", first.program);
    }
    let caption = escape(&caption);
    let drawing = Drawing { run, axes, svg: String::new() }.draw();
    format!(
        "<figure>\n<figcaption>{caption}.</figcaption>\n<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-label=\"Timeline: {caption}.\">\n{drawing}</svg>\n</figure>"
    )
}

struct Drawing<'a> {
    run: &'a Timeline,
    axes: Axes,
    svg: String,
}

impl Drawing<'_> {
    fn draw(mut self) -> String {
        let Axes { whole, part } = self.axes;
        self.text("start", 0.0, 10.0, "The whole run");
        self.axis(whole, WHOLE, "s", 1000.0, 500);
        self.requests(whole, WHOLE);

        // What is enlarged, and how far.
        let (top, x) = (WHOLE.y(20), WIDTH * part.div_duration_f64(whole));
        let (middle, bottom) = (top + 3.0, PART.top - 18.0);
        self.svg += &format!(
            "<path class=\"lens\" d=\"M0 {top}V{bottom}H{WIDTH}L{} {middle}V{top}\"/>\n",
            px(x)
        );
        let title = format!("The first {} ms, enlarged", part.as_millis());
        self.text("start", 0.0, PART.top - 7.0, &title);
        self.axis(part, PART, "ms", 1.0, 20);
        self.requests(part, PART);

        let threads = self.run.request_threads();
        let title =
            if threads == 1 { "Its thread".to_owned() } else { format!("Its {threads} threads") };
        self.text("start", 0.0, THREADS.top - 5.0, &title);
        self.threads(part, THREADS);
        self.svg
    }

    fn requests(&mut self, length: Duration, rows: Rows) {
        let (mut waits, mut polls) = (String::new(), String::new());
        for (row, request) in self.run.requests.iter().enumerate() {
            let (y, height) = (rows.y(row), rows.height);
            bar(&mut waits, xs(length, request.start, request.end), y, height);
            for BusySpan { from, to, .. } in request.polls() {
                if height > WHOLE.height {
                    bar(&mut polls, xs(length, *from, *to), y, height);
                }
            }
        }
        self.shape("wait", &waits);
        self.shape("poll", &polls);
    }

    fn threads(&mut self, length: Duration, rows: Rows) {
        let (mut lanes, mut blocked, mut polls) = (String::new(), String::new(), String::new());
        for thread in 0..self.run.threads.len() {
            let (y, height) = (rows.y(thread), rows.height);
            bar(&mut lanes, xs(length, Duration::ZERO, self.run.elapsed), y, height);
            for request in &self.run.requests {
                let kind = if request.blocked() { &mut blocked } else { &mut polls };
                for BusySpan { from, to, .. } in
                    request.busy.iter().filter(|it| it.thread == thread)
                {
                    bar(kind, xs(length, *from, *to), y, height);
                }
            }
        }
        self.shape("lane", &lanes);
        self.shape("block", &blocked);
        self.shape("poll", &polls);
    }

    /// Grid lines and numbers. A unit is `unit_ms` long, and there is a tick every `step_ms`.
    fn axis(&mut self, length: Duration, rows: Rows, unit: &str, unit_ms: f64, step_ms: u64) {
        let (top, bottom) = (rows.top - 3.0, rows.y(20));
        let ticks = (1..).map(|n| Duration::from_millis(n * step_ms));
        let mut lines = String::new();
        for tick in ticks.take_while(|tick| *tick <= length) {
            let x = WIDTH * tick.div_duration_f64(length);
            lines += &format!("M{} {}V{}", px(x), px(top), px(bottom));
            if x > WIDTH / 2.0 - 20.0 {
                let number = tick.as_millis() as f64 / unit_ms;
                let anchor = if x > WIDTH - 20.0 { "end" } else { "middle" };
                self.text(anchor, x, top - 4.0, &format!("{number} {unit}"));
            }
        }
        self.shape("grid", &lines);
    }

    fn shape(&mut self, class: &str, path: &str) {
        if !path.is_empty() {
            self.svg += &format!("<path class=\"{class}\" d=\"{path}\"/>\n");
        }
    }

    fn text(&mut self, anchor: &str, x: f64, y: f64, text: &str) {
        let (x, y) = (px(x), px(y));
        self.svg += &format!("<text class=\"{anchor}\" x=\"{x}\" y=\"{y}\">{text}</text>\n");
    }
}

/// From where to where an interval goes: nowhere if it begins beyond the end of the axis.
fn xs(length: Duration, from: Duration, to: Duration) -> Range<f64> {
    let x = |time: Duration| WIDTH * time.min(length).div_duration_f64(length);
    x(from)..x(to)
}

/// Appends a bar, wide enough to be seen, to the path.
fn bar(path: &mut String, x: Range<f64>, y: f64, height: f64) {
    if x.start < WIDTH {
        let width = (x.end - x.start).max(1.0).min(WIDTH - x.start);
        let (x, y, width, height) = (px(x.start), px(y), px(width), px(height - 0.5));
        *path += &format!("M{x} {y}h{width}v{height}h-{width}z");
    }
}

/// A length with at most one digit after the point.
fn px(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}
