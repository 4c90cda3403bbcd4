//! The figures of a run in words, and the layout that both pictures share.

use std::ops::Range;
use std::time::Duration;

use super::{Request, Timeline, Viewpoint};

/// The figures, each with its name. The site knows only some of them.
pub(super) fn figures(run: &Timeline) -> Vec<(&'static str, String)> {
    let (total, elapsed) = (Millis(run.total_time()), Millis(run.elapsed));
    let in_flight = format!(
        "{:.1} on average ({total} ÷ {elapsed}), {} at most",
        total.printed() / elapsed.printed().max(0.1),
        run.max_in_flight(),
    );
    let connections = run.connections.map(|connections| connections.to_string());
    let connections = connections.unwrap_or(format!("not known: {NO_DEMO_SITE}"));
    let mut figures = vec![
        ("Elapsed", elapsed.to_string()),
        ("Requests", format!("{total}, the sum of their durations")),
        ("At once", in_flight),
    ];
    if run.viewpoint == Viewpoint::Downloader {
        figures.push(("Unread", unread(run)));
        figures.push(("CPU time", cpu_time(run)));
        figures.push(("OS threads", os_threads(run)));
    }
    figures.push(("Connections", connections));
    figures
}

fn cpu_time(run: &Timeline) -> String {
    let Some(cpu) = run.cpu.map(Millis) else { return "not measured on this system".to_owned() };
    let percent = 100.0 * cpu.printed() / Millis(run.elapsed).printed().max(0.1);
    let digits = usize::from(percent < 10.0);
    format!("{cpu}, {percent:.digits$} % of the elapsed time")
}

fn os_threads(run: &Timeline) -> String {
    match (run.os_threads, run.request_threads()) {
        (Some(all), requests) if all == requests => all.to_string(),
        (Some(all), requests) => format!("{all}; {requests} of them made requests"),
        (None, requests) => format!("{requests} made requests; this system does not tell more"),
    }
}

const NO_DEMO_SITE: &str = "the demo site is not in this process";

/// How long answers waited to be read.
fn unread(run: &Timeline) -> String {
    if !run.knows_answers() {
        return format!("not known: {NO_DEMO_SITE}");
    }
    let unread = || run.requests.iter().filter_map(Request::unread);
    let longest = unread().max().unwrap_or_default();
    format!("{} total, {} longest", Millis(unread().sum()), Millis(longest))
}

/// A duration in milliseconds, with one digit after the point below 10 ms.
#[derive(Clone, Copy)]
pub(super) struct Millis(pub Duration);

impl Millis {
    /// The number that is printed, so that a reader who computes with it gets what is printed next.
    pub fn printed(self) -> f64 {
        let ms = self.0.as_secs_f64() * 1000.0;
        if self.digits() == 1 { (ms * 10.0).round() / 10.0 } else { ms.round() }
    }

    fn digits(self) -> usize {
        usize::from(self.0 < Duration::from_micros(9_950))
    }
}

impl std::fmt::Display for Millis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.*} ms", self.digits(), self.printed())
    }
}

/// The ticks of an axis of `length`, at most `max` after 0, at whole milliseconds. The step is 1, 2
/// or 5 times a power of 10.
pub(super) fn ticks(length: Duration, max: usize) -> impl Iterator<Item = Duration> {
    let min_step = length.as_millis().div_ceil(max.max(1) as u128);
    let mut steps = (0..).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u128.pow(power)));
    let step = steps.find(|&step| step >= min_step).expect("the steps grow without limit");
    let step = Duration::from_millis(step as u64);
    (0..).map(move |n| step * n).take_while(move |&tick| tick <= length)
}

/// Where to put the text that belongs to a bar.
#[derive(Debug, PartialEq)]
pub(super) enum Place {
    Right,
    Left,
    Over,
}

/// The first place in which a text of `length` fits into the `row`, `gap` away from its `bar`; over
/// the bar if it fits nowhere.
pub(super) fn place(bar: Range<f64>, length: f64, gap: f64, row: Range<f64>) -> Place {
    match length + gap {
        needed if bar.end + needed <= row.end => Place::Right,
        needed if bar.start - needed >= row.start => Place::Left,
        _ => Place::Over,
    }
}

/// What a reader of the picture should know.
pub(super) fn small_print(runs: &[&Timeline]) -> Vec<&'static str> {
    let any = |is: fn(&Timeline) -> bool| runs.iter().any(|run| is(run));
    if any(|run| run.viewpoint == Viewpoint::Site) {
        return vec!["As the site saw it: from the arrival of a request to its answer."];
    }
    let mut lines = vec![];
    if any(Timeline::knows_answers) {
        lines.push("Answered: the site had its answer ready; the bytes arrive a little later.");
    }
    lines.push("CPU time and OS threads leave out the background thread (demo site, signals).");
    if any(Timeline::polled) {
        lines.push("CPU time includes the HTTP client's own tasks, which are not drawn.");
    }
    lines
}
