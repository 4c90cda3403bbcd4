//! The scene: what both painters show of a run, decided once.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use super::marks::Mark;
use super::{Activity, Doing, Interval, Request, Thread, Timeline};

/// A row of the picture.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub label: &'a str,
    /// What is painted, in this order.
    pub segments: Vec<(Mark, Interval)>,
    /// The code of each blocking call's flag, to be written into it, if there is room.
    pub inside: Vec<(&'a str, Interval)>,
    /// Why it failed, to be written beside the end of the bar.
    pub cause: Option<&'a str>,
    /// From the start of the bar to its end.
    pub time: Interval,
}

/// The bars, one for each request, and the lanes, one for each thread.
pub(super) fn rows(run: &Timeline) -> [Vec<Row<'_>>; 2] {
    let lanes = run.threads.iter().map(|thread| lane(run, thread));
    [run.requests.iter().map(bar).collect(), lanes.collect()]
}

/// The marks that are in these rows.
pub(super) fn marks<'a>(rows: impl IntoIterator<Item = &'a Row<'a>>) -> BTreeSet<Mark> {
    rows.into_iter().flat_map(|row| &row.segments).map(|(mark, _)| *mark).collect()
}

/// How often the threads were looked at, which is how exact lanes with these marks are.
pub(super) fn looked(every: Option<Duration>, marks: &BTreeSet<Mark>) -> Option<String> {
    let every = format!("looked at every {:.0} ms", every?.as_secs_f64() * 1000.0);
    let runs = marks.contains(&Mark::Does(Doing::Runs));
    Some(every + if runs { ", \"runs\" includes waiting for a core" } else { "" })
}

fn bar(request: &Request) -> Row<'_> {
    let &Request { start, arrived, end, .. } = request;
    let answered = request.answered.unwrap_or(end);
    let parts = match arrived {
        None => vec![(Mark::Called, start, end)],
        Some(arrived) => vec![
            (Mark::Away, start, arrived),
            (Mark::AtSite, arrived, answered),
            (Mark::Answered, answered, end),
        ],
    };
    let parts = parts.into_iter().filter(|(_, from, to)| from < to);
    let polls = request.polls.iter().map(|poll| (Mark::Polled, poll.from, poll.to));
    let failed = request.failure.iter().map(|_| (Mark::Failed, end, end));
    let segments = parts.chain(polls).chain(failed);
    Row {
        label: &request.label,
        segments: segments.map(|(mark, from, to)| (mark, Interval { from, to })).collect(),
        inside: vec![],
        cause: request.failure.as_deref(),
        time: Interval { from: start, to: end },
    }
}

/// Where the system tells what a thread is in, that is painted, and not that it is in `get_flag`.
fn lane<'a>(run: &Timeline, thread: &'a Thread) -> Row<'a> {
    let in_call = |activity: &&Activity| activity.doing == Doing::GetFlag;
    let painted = thread.lane.iter().filter(|it| run.looked_every.is_none() || !in_call(it));
    let mut segments: Vec<_> = painted.map(|it| (Mark::Does(it.doing), it.time)).collect();
    segments.sort_by_key(|(mark, _)| *mark);
    let calls = thread.lane.iter().filter(in_call);
    let inside = calls.map(|call| (call.label.as_str(), call.time)).collect();
    let time = Interval { from: Duration::ZERO, to: run.elapsed };
    Row { label: &thread.name, segments, inside, cause: None, time }
}

/// Where to put the text that belongs to a bar.
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
