//! The chart: elapsed time over workers, with a panel for each latency.

use std::error::Error;

use plotters::element::DashedPathElement;
use plotters::prelude::*;

/// A panel. All panels have the same axes.
pub struct Panel {
    pub title: String,
    /// At most one line for each of [`MARKS`].
    pub lines: Vec<Line>,
    /// The minimum times; empty at latency 0.
    pub limit: Vec<Point>,
}

/// The measurements of a downloader.
pub struct Line {
    pub name: &'static str,
    pub points: Vec<Point>,
}

/// Workers, and milliseconds.
pub type Point = (f64, f64);

/// A shape around a measured point: colour, number of corners, and radius in pixels. The colours
/// are Okabe and Ito's, which are distinguishable with every kind of colour vision; these are dark
/// enough for a light page and light enough for a dark one. Later marks are smaller, since they
/// often lie on top of earlier ones.
const MARKS: [(RGBColor, usize, f64); 3] = [
    (RGBColor(0, 158, 115), 4, 10.0),
    (RGBColor(213, 94, 0), 3, 8.5),
    (RGBColor(0, 114, 178), 12, 4.0),
];
const GREY: RGBColor = RGBColor(128, 128, 128);

/// Plotters sets a colour on each shape. These rules override the ones that differ between light
/// and dark mode.
const STYLE: &str = "<title>Elapsed time over requests at once</title>\n<style>\
svg { background: #fff } text { fill: #222 } \
@media (prefers-color-scheme: dark) { svg { background: #0d1117 } text { fill: #ddd } }\
</style>";

/// The chart as SVG, with the panels side by side.
pub fn svg(panels: &[Panel]) -> Result<String, Box<dyn Error>> {
    let points: Vec<_> = panels
        .iter()
        .flat_map(|panel| panel.lines.iter().flat_map(|line| &line.points).chain(&panel.limit))
        .collect();
    let max_workers = points.iter().map(|point| point.0).fold(1.0, f64::max);
    let fastest = points.iter().map(|point| point.1).fold(f64::INFINITY, f64::min);
    let slowest = points.iter().map(|point| point.1).fold(0.0, f64::max);
    let millis = fastest / 1.2..slowest * 1.2;
    let steps = (1..5).flat_map(|power| [1.0, 2.0, 5.0].map(|step| step * 10f64.powi(power)));
    let steps: Vec<f64> = steps.filter(|step| millis.contains(step)).collect();
    let workers = vec![1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, max_workers];

    let mut svg = String::new();
    let size = (320 * panels.len() as u32, 400);
    let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
    for (panel, area) in panels.iter().zip(root.split_evenly((1, panels.len()))) {
        let mut chart = ChartBuilder::on(&area)
            .caption(&panel.title, ("sans-serif", 18))
            .margin(8)
            .x_label_area_size(44)
            .y_label_area_size(56)
            .build_cartesian_2d(
                (0.9..max_workers * 1.1).log_scale().with_key_points(workers.clone()),
                millis.clone().log_scale().with_key_points(steps.clone()),
            )?;
        chart
            .configure_mesh()
            .axis_style(GREY)
            .bold_line_style(GREY.mix(0.25))
            .light_line_style(TRANSPARENT)
            .label_style(("sans-serif", 15))
            .x_label_formatter(&|workers| workers.to_string())
            .x_desc("maximum number of requests at once")
            .y_label_formatter(&|&millis| match millis {
                ..1000.0 => format!("{millis} ms"),
                _ => format!("{} s", millis / 1000.0),
            })
            .draw()?;
        for (line, mark) in panel.lines.iter().zip(MARKS) {
            let points = || line.points.iter().copied();
            chart.draw_series(LineSeries::new(points(), mark.0.stroke_width(2)))?;
            chart
                .draw_series(points().map(|at| EmptyElement::at(at) + polygon(mark)))?
                .label(line.name)
                .legend(move |(x, y)| EmptyElement::at((x + 10, y)) + polygon(mark));
        }
        if !panel.limit.is_empty() {
            let style = GREY.stroke_width(2);
            let limit = panel.limit.iter().copied();
            chart
                .draw_series(DashedLineSeries::new(limit, 4, 4, style))?
                .label("the limit")
                .legend(move |(x, y)| DashedPathElement::new([(x, y), (x + 20, y)], 4, 4, style));
        }
        if panels.last().is_some_and(|last| std::ptr::eq(last, panel)) {
            let mut legend = chart.configure_series_labels();
            legend
                .position(SeriesLabelPosition::LowerLeft)
                .label_font(("sans-serif", 15))
                .draw()?;
        }
    }
    root.present()?;
    drop(root);
    Ok(svg.replacen('>', &format!(">\n{STYLE}"), 1))
}

/// A mark around the origin.
fn polygon((colour, corners, radius): (RGBColor, usize, f64)) -> Polygon<(i32, i32)> {
    let corner = |n| {
        let angle = std::f64::consts::TAU * n as f64 / corners as f64;
        ((radius * angle.sin()).round() as i32, (-radius * angle.cos()).round() as i32)
    };
    Polygon::new((0..corners).map(corner).collect::<Vec<_>>(), colour.filled())
}
