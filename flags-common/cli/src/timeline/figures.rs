//! The figures of a run in words.

use std::fmt;
use std::time::Duration;

use super::{Doing, Request, Timeline, Viewpoint};

/// The figures, each with its name.
pub(super) fn figures(run: &Timeline) -> Vec<(&'static str, String)> {
    let (name, what) = match run.viewpoint {
        Viewpoint::Calls => ("In get_flag", "calls"),
        _ => ("At the site", "requests"),
    };
    let total = Millis(run.in_flight().map(|it| it.length()).sum());
    let elapsed = Millis(run.elapsed);
    let average = total.printed() / elapsed.printed().max(0.1);
    let average = format!("{average:.1} {what} at once on average");
    let most = run.max_in_flight();
    let after = || run.requests.iter().filter_map(Request::after_answer);
    let (sum, longest) = (Millis(after().sum()), after().max().map(Millis));
    let after = longest.map(|longest| format!("{sum} total after the answer, {longest} longest"));
    let threads = run.threads.len();
    let figures = [
        Some(("Elapsed", elapsed.to_string())),
        (!run.requests.is_empty())
            .then(|| (name, format!("{total} total, {average}, {most} at most"))),
        after.map(|after| ("Not ended", after)),
        (run.viewpoint != Viewpoint::Site).then(|| ("CPU time", cpu_time(run))),
        (threads > 0).then(|| ("Threads", format!("{threads} seen"))),
        run.connections.map(|connections| ("Connections", connections.to_string())),
    ];
    figures.into_iter().flatten().collect()
}

fn cpu_time(run: &Timeline) -> String {
    let Some(cpu) = run.cpu.map(Millis) else { return "not measured on this system".to_owned() };
    let percent = 100.0 * cpu.printed() / Millis(run.elapsed).printed().max(0.1);
    let digits = usize::from(percent < 10.0);
    format!("{cpu}, {percent:.digits$} % of the elapsed time")
}

/// That a picture does not show all of the run's time, if it does not.
pub(super) fn cut_short(run: &Timeline) -> Option<String> {
    let (drawn, last) = run.cut()?;
    let (drawn, elapsed, last) = (Millis(drawn), Millis(run.elapsed), Millis(last));
    Some(format!("Drawn to {drawn} of {elapsed}: nothing changed after {last}."))
}

/// What a reader of the picture should know.
pub(super) fn small_print(runs: &[&Timeline]) -> Vec<&'static str> {
    let any = |viewpoint| runs.iter().any(|run| run.viewpoint == viewpoint);
    let mut lines = vec![];
    if !any(Viewpoint::Calls) {
        lines.push("At the site: from the arrival of a request to the site's answer.");
    }
    if !any(Viewpoint::Site) {
        lines.push("CPU time leaves out the program's own threads (demo site, signals).");
    }
    let no_call = |run: &&Timeline| {
        let mut done = run.threads.iter().flat_map(|it| &it.lane).map(|it| it.doing);
        run.viewpoint == Viewpoint::SiteAndCalls
            && run.in_flight().next().is_some()
            && !done.any(|it| matches!(it, Doing::GetFlag | Doing::RunsFuture))
    };
    if runs.iter().any(no_call) {
        lines.push("Calls are drawn only with #[tracing::instrument] on get_flag(…, url).");
    }
    lines
}

/// A duration in milliseconds, with one digit after the point below 10 ms.
#[derive(Clone, Copy)]
pub(super) struct Millis(pub Duration);

impl Millis {
    /// The number that is printed, so that a reader who computes with it gets what is printed next.
    pub fn printed(self) -> f64 {
        let ms = self.0.as_secs_f64() * 1000.0;
        let with_digit = (ms * 10.0).round() / 10.0;
        if with_digit < 10.0 { with_digit } else { ms.round() }
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = usize::from(self.printed() < 10.0);
        write!(f, "{:.digits$} ms", self.printed())
    }
}

/// The ticks of an axis of `length`, at most `max` after 0, at whole milliseconds. The step is 1, 2
/// or 5 times a power of 10.
pub(super) fn ticks(length: Duration, max: usize) -> impl Iterator<Item = Duration> {
    let min_step = length.as_millis().div_ceil(max as u128);
    let mut steps = (0..).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u128.pow(power)));
    let step = steps.find(|&step| step >= min_step).expect("the steps grow without limit");
    let step = Duration::from_millis(step as u64);
    (0..).map(move |n| step * n).take_while(move |&tick| tick <= length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_at_round_times() {
        let ticks = |length, max| {
            let ticks = ticks(Duration::from_millis(length), max);
            ticks.map(|tick| tick.as_millis()).collect::<Vec<_>>()
        };
        assert_eq!(ticks(121, 10), [0, 20, 40, 60, 80, 100, 120]);
        assert_eq!(ticks(2050, 5), [0, 500, 1000, 1500, 2000]);
        assert_eq!(ticks(0, 10), [0]);
    }
}
