//! A run as a small picture: the whole of it, its first part enlarged, and the threads below that.

use std::time::Duration;

use flags_cli::timeline::{Doing, Timeline};

const WIDTH: f64 = 400.0;

/// Part of a row: the class of its colour, from when to when.
type Bar = (&'static str, Duration, Duration);

/// The figure of each run. All have the same two time axes: of the longest run, and of the longest but
/// the first.
pub fn figures(runs: &[Timeline; 3]) -> [String; 3] {
    let longest = |runs: &[Timeline]| runs.iter().map(|run| run.elapsed).max().unwrap_or_default();
    let (whole, part) = (longest(runs), longest(&runs[1..]));
    runs.each_ref().map(|run| {
        let caption = caption(run, &runs[0]);
        let (requests, threads) = (requests(run), threads(run));
        let lane_height = (60.0 / threads.len() as f64).min(9.0);
        let part_title = format!("0 to {} ms", part.as_millis());
        let panels = [
            panel(0.0, &format!("0 to {:.1} s", whole.as_secs_f64()), whole, 2.0, &requests),
            panel(60.0, &part_title, part, 4.0, &requests),
            panel(160.0, &format!("Threads, {part_title}"), part, lane_height, &threads),
        ];
        format!(
            "<figure>\n<figcaption>{caption}</figcaption>\n<svg viewBox=\"0 0 {WIDTH} 240\" role=\"img\" \
             aria-label=\"Timeline: {caption}\">\n{}</svg>\n</figure>\n",
            panels.concat()
        )
    })
}

fn caption(run: &Timeline, first: &Timeline) -> String {
    let counted = |n: usize, thing| format!("{n} {thing}{}", if n == 1 { "" } else { "s" });
    let requests = counted(run.requests.len(), "request");
    let threads = counted(run.calling_threads(), "thread");
    let seconds = run.elapsed.as_secs_f64();
    let times = first.elapsed.as_secs_f64() / seconds;
    let compared = format!(": {times:.0} times as fast as {}", first.program);
    let compared = if run.program == first.program { "" } else { &compared };
    format!("{requests} on {threads} in {seconds:.2} s{compared}.")
}

fn requests(run: &Timeline) -> Vec<Vec<Bar>> {
    let rows = run.requests.iter().map(|request| {
        let polls = request.polls.iter().map(|poll| ("poll", poll.from, poll.to));
        [("wait", request.start, request.end)].into_iter().chain(polls).collect()
    });
    rows.collect()
}

fn threads(run: &Timeline) -> Vec<Vec<Bar>> {
    let calling = run.threads.iter().filter(|it| it.lane.iter().any(|it| !it.label.is_empty()));
    let rows = calling.map(|thread| {
        let calls = thread.lane.iter().filter_map(|activity| match activity.doing {
            Doing::GetFlag => Some(("block", activity.time.from, activity.time.to)),
            Doing::RunsFuture => Some(("poll", activity.time.from, activity.time.to)),
            _ => None,
        });
        [("lane", Duration::ZERO, run.elapsed)].into_iter().chain(calls).collect()
    });
    rows.collect()
}

/// Rows of bars below a title, on an axis of this length: a path for each colour.
fn panel(top: f64, title: &str, length: Duration, height: f64, rows: &[Vec<Bar>]) -> String {
    let x = |time: Duration| WIDTH * time.min(length).div_duration_f64(length);
    let mut svg = format!("<text y=\"{}\">{title}</text>\n", top + 10.0);
    for class in ["wait", "lane", "block", "poll"] {
        let mut path = String::new();
        for (row, bars) in rows.iter().enumerate() {
            let y = top + 15.0 + height * row as f64;
            for (_, from, to) in bars.iter().filter(|bar| bar.0 == class && bar.1 < length) {
                let width = (x(*to) - x(*from)).max(1.0); // visible
                path += &format!("M{:.1} {y}h{width:.1}v{}h-{width:.1}z", x(*from), height - 0.5);
            }
        }
        svg += &format!("<path class=\"{class}\" d=\"{path}\"/>\n");
    }
    svg
}
