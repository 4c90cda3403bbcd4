//! Paints the runs as SVG, in light and dark.

use std::fmt::Write;
use std::time::Duration;

use crate::Run;

const WIDTH: f64 = 900.0;
/// The ends of the time axis.
const LEFT: f64 = 16.0;
const RIGHT: f64 = WIDTH - 30.0;
/// Height of the bar of a request.
const BAR: f64 = 2.7;

const STYLE: &str = "\
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.name { font-weight: bold }
.small, .tick { font-size: 11px; fill: #59636e }
.tick { text-anchor: middle }
.end { text-anchor: end }
.ground { fill: #fff }
.grid { stroke: #d1d9e0; stroke-width: .7 }
.python { fill: #b98900 }
.rust { fill: #1f78b4 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .small, .tick { fill: #9198a1 }
  .ground { fill: #0d1117 }
  .grid { stroke: #3d444d }
  .python { fill: #f0c419 }
  .rust { fill: #56b4e9 }
}
";

/// Draws the runs, one below the other, on one time axis. `about` says where and with what.
pub fn svg(runs: &[Run], about: &str) -> String {
    let longest = runs.iter().map(elapsed).max().unwrap_or_default();
    let x = |time: Duration| LEFT + (RIGHT - LEFT) * time.div_duration_f64(longest);
    let (mut body, mut y) = (String::new(), 50.0);
    for run in runs {
        y += 12.0;
        body += &block(run, y, x);
        y += BAR * run.requests.len() as f64;
    }
    let mut axis = String::new();
    for tick in (0..=longest.as_millis() as u64).step_by(500).map(Duration::from_millis) {
        let (x, bottom) = (x(tick), y + 8.0);
        _ = writeln!(axis, "<path class=\"grid\" d=\"M{x:.1} 56V{bottom:.1}\"/>");
        let (y, seconds) = (y + 20.0, tick.as_secs_f64());
        _ = writeln!(axis, "<text class=\"tick\" x=\"{x:.1}\" y=\"{y:.1}\">{seconds} s</text>");
    }
    let (caption, height) = (y + 42.0, y + 54.0);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n\
         <title>20 flags, downloaded by three programs in Python and three in Rust</title>\n\
         <style>\n{STYLE}</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n\
         <text class=\"name\" x=\"{LEFT}\" y=\"22\">20 flags, three times in Python and three times \
         in Rust</text>\n\
         <text class=\"small\" x=\"{LEFT}\" y=\"40\">Each line is a request, from its arrival at the \
         demo site to the answer, about 0.1 s later. Time runs from a run’s first request.</text>\n\
         {axis}{body}<text class=\"small\" x=\"{LEFT}\" y=\"{caption:.1}\">{about}</text>\n</svg>\n"
    )
}

/// The bars of a run as one shape, and its name and time to the right of the first ones.
fn block(run: &Run, top: f64, x: impl Fn(Duration) -> f64) -> String {
    let (mut bars, mut y) = (String::new(), top);
    for &(from, to) in &run.requests {
        let (left, width) = (x(from), x(to) - x(from));
        _ = write!(bars, "M{left:.1} {y:.1}h{width:.1}v2h-{width:.1}z");
        y += BAR;
    }
    let language = if run.name.ends_with(".py") { "python" } else { "rust" };
    let (name, seconds) = (run.name, elapsed(run).as_secs_f64());
    let end = x(elapsed(run));
    let is_wide = end > WIDTH / 2.0; // a staircase, which leaves the upper right free
    let (class, x) = if is_wide { ("end", RIGHT) } else { ("", end + 10.0) };
    let y = if is_wide { top + 10.0 } else { (top + y) / 2.0 + 4.0 };
    format!(
        "<path class=\"{language}\" d=\"{bars}\"/>\n<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">\
         <tspan class=\"name\">{name}</tspan>\u{2003}{seconds:.2} s</text>\n"
    )
}

/// From the first request to the last answer.
fn elapsed(run: &Run) -> Duration {
    run.requests.iter().map(|&(_, end)| end).max().unwrap_or_default()
}
