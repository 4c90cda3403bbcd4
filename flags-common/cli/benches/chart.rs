//! The chart as SVG: elapsed time over requests at once, with a panel for each latency.

/// A panel. All panels have the same axes, which are logarithmic.
pub struct Panel {
    pub title: String,
    /// Name and points of each line. The last line is the limit.
    pub lines: [(&'static str, Vec<Point>); 4],
}

/// Requests at once, and milliseconds.
pub type Point = (f64, f64);

/// The colours are Okabe and Ito's, which are distinguishable with every kind of colour vision;
/// these are dark enough for a light page and light enough for a dark one. Later marks are smaller,
/// since they often lie on top of earlier ones.
const HEAD: &str = r#"<title>Elapsed time over requests at once</title>
<style>
svg { background: #fff; fill: #222; font: 15px sans-serif; text-anchor: middle }
@media (prefers-color-scheme: dark) { svg { background: #0d1117; fill: #ddd } }
.title { font-size: 18px }
.millis { text-anchor: end }
.name { text-anchor: start }
.grid { stroke: #8884 }
polyline { fill: none; stroke-width: 2 }
.line0 { stroke: #009e73; marker: url(#mark0) }
.line1 { stroke: #d55e00; marker: url(#mark1) }
.line2 { stroke: #0072b2; marker: url(#mark2) }
.line3 { stroke: #888; stroke-dasharray: 4 }
marker { overflow: visible }
#mark0 { fill: #009e73 }
#mark1 { fill: #d55e00 }
#mark2 { fill: #0072b2 }
</style>
<marker id="mark0" markerUnits="userSpaceOnUse"><path d="M0-9 9 0 0 9-9 0Z"/></marker>
<marker id="mark1" markerUnits="userSpaceOnUse"><path d="M0-8 7 4H-7Z"/></marker>
<marker id="mark2" markerUnits="userSpaceOnUse"><circle r="4"/></marker>
"#;

/// The chart, with the panels side by side.
pub fn svg(panels: &[Panel]) -> String {
    let points = || panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.1);
    let most = points().map(|point| point.0).fold(1.0, f64::max);
    let fastest = points().map(|point| point.1).fold(f64::INFINITY, f64::min) / 1.2;
    let slowest = points().map(|point| point.1).fold(0.0, f64::max) * 1.2;
    let x = |requests: f64| 70.0 + 240.0 * requests.ln() / most.ln();
    let y = |millis: f64| 350.0 - 310.0 * (millis / fastest).ln() / (slowest / fastest).ln();

    let (mut grid, mut labels) = (String::new(), String::new());
    for n in [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, most] {
        grid += &format!("M{:.0} 40V350", x(n));
        labels += &text("requests", x(n), 368.0, &n.to_string());
    }
    let ticks = (1..5).flat_map(|power| [1.0, 2.0, 5.0].map(|step| step * 10f64.powi(power)));
    for millis in ticks.filter(|tick| (fastest..slowest).contains(tick)) {
        grid += &format!("M60 {:.0}H320", y(millis));
        let seconds = millis / 1000.0;
        let label = if seconds < 1.0 { format!("{millis} ms") } else { format!("{seconds} s") };
        labels += &text("millis", 56.0, y(millis) + 5.0, &label);
    }
    labels += &text("axis", 190.0, 392.0, "maximum number of requests at once");

    let width = 330 * panels.len();
    let mut svg =
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} 400\">\n{HEAD}");
    for (n, panel) in panels.iter().enumerate() {
        svg += &format!(
            "<g transform=\"translate({})\">\n<path class=\"grid\" d=\"{grid}\"/>\n",
            330 * n
        );
        svg += &(labels.clone() + &text("title", 190.0, 24.0, &panel.title));
        for (class, (name, points)) in panel.lines.iter().enumerate() {
            svg += &line(class, points.iter().map(|&(requests, millis)| (x(requests), y(millis))));
            if n + 1 == panels.len() {
                let y = 270.0 + 20.0 * class as f64;
                svg +=
                    &(line(class, [(80.0, y), (105.0, y)]) + &text("name", 118.0, y + 5.0, name));
            }
        }
        svg += "</g>\n";
    }
    svg + "</svg>\n"
}

fn text(class: &str, x: f64, y: f64, text: &str) -> String {
    format!("<text class=\"{class}\" x=\"{x:.0}\" y=\"{y:.0}\">{text}</text>\n")
}

fn line(class: usize, points: impl IntoIterator<Item = Point>) -> String {
    let points = points.into_iter().map(|(x, y)| format!("{x:.1},{y:.1} ")).collect::<String>();
    format!("<polyline class=\"line{class}\" points=\"{points}\"/>\n")
}
