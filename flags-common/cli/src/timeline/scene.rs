//! The scene: what both painters show of a run, decided once.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use super::marks::Mark;
use super::{Activity, Doing, Interval, Request, Thread, Timeline};

/// The rows of a run.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    /// A row for each request.
    pub bars: Vec<Row<'a>>,
    /// A row for each thread.
    pub lanes: Vec<Row<'a>>,
}

/// A row of the picture.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub label: &'a str,
    /// The segments, in the order in which to paint them.
    pub segments: Vec<Segment>,
    /// The code of each blocking call's flag, to be written into it, if there is room.
    pub inside: Vec<(&'a str, Interval)>,
    /// Why it failed, to be written beside the end of the bar.
    pub cause: Option<&'a str>,
    /// From the start of the bar to its end.
    pub time: Interval,
}

/// A part of a row.
#[derive(Debug)]
pub(super) struct Segment {
    pub mark: Mark,
    pub time: Interval,
}

impl<'a> Scene<'a> {
    pub fn new(run: &'a Timeline) -> Self {
        Self {
            bars: run.requests.iter().map(bar).collect(),
            lanes: run.threads.iter().map(|thread| lane(run, thread)).collect(),
        }
    }
}

/// How often the threads were looked at, which is how exact lanes with these marks are.
pub(super) fn looked(every: Option<Duration>, marks: &BTreeSet<Mark>) -> Option<String> {
    let every = format!("looked at every {:.0} ms", every?.as_secs_f64() * 1000.0);
    let runs = marks.contains(&Mark::Does(Doing::Runs));
    Some(every + if runs { ", \"runs\" includes waiting for a core" } else { "" })
}

impl Row<'_> {
    pub fn marks(&self) -> impl Iterator<Item = Mark> {
        self.segments.iter().map(|segment| segment.mark)
    }
}

fn bar(request: &Request) -> Row<'_> {
    let &Request { start, arrived, end, .. } = request;
    let answered = request.answered.unwrap_or(end);
    let parts = match arrived {
        None => vec![(Mark::Called, start, end)],
        Some(arrived) => vec![
            (Mark::Away, start, arrived),
            (Mark::AtSite, arrived, answered),
            (Mark::Unread, answered, end),
        ],
    };
    let parts = parts.into_iter().filter(|(_, from, to)| from < to);
    let polls = request.polls.iter().map(|poll| (Mark::Polled, poll.from, poll.to));
    let failed = request.failure.iter().map(|_| (Mark::Failed, end, end));
    let segments = parts.chain(polls).chain(failed);
    let segment = |(mark, from, to)| Segment { mark, time: Interval { from, to } };
    Row {
        label: &request.label,
        segments: segments.map(segment).collect(),
        inside: vec![],
        cause: request.failure.as_deref(),
        time: Interval { from: start, to: end },
    }
}

/// Where the system tells what a thread is in, that is painted, and not that it is in `get_flag`.
fn lane<'a>(run: &Timeline, thread: &'a Thread) -> Row<'a> {
    let in_call = |activity: &&Activity| activity.doing == Doing::GetFlag;
    let painted = thread.lane.iter().filter(|it| run.looked_every.is_none() || !in_call(it));
    let segment = |it: &Activity| Segment { mark: Mark::Does(it.doing), time: it.time };
    let mut segments: Vec<_> = painted.map(segment).collect();
    segments.sort_by_key(|segment| segment.mark);
    let calls = thread.lane.iter().filter(in_call);
    let inside = calls.map(|call| (call.label.as_str(), call.time)).collect();
    let time = Interval { from: Duration::ZERO, to: run.elapsed };
    Row { label: &thread.name, segments, inside, cause: None, time }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::samples::{ms, request, thread};

    #[test]
    fn text_goes_to_the_first_place_where_it_fits() {
        assert_eq!(place(0.0..5.0, 4.0, 1.0, 0.0..10.0), Place::Right);
        assert_eq!(place(5.0..9.0, 4.0, 1.0, 0.0..10.0), Place::Left);
        assert_eq!(place(3.0..7.0, 4.0, 1.0, 0.0..10.0), Place::Over);
    }

    #[test]
    fn bar_has_three_parts_or_is_the_call() {
        let mut request = request("CN", [1, 2, 8, 9]);
        let marks = |request: &Request| bar(request).marks().collect::<Vec<_>>();
        assert_eq!(marks(&request), [Mark::Away, Mark::AtSite, Mark::Unread]);
        request.arrived = None;
        assert_eq!(marks(&request), [Mark::Called]);
    }

    #[test]
    fn what_the_system_sees_is_painted_instead_of_the_call_and_over_a_poll() {
        use Doing::{GetFlag, RunsFuture, SaveFlag, Sleeps, WaitsForEvents};
        let lane_of = [GetFlag, Sleeps, RunsFuture, WaitsForEvents, SaveFlag];
        let thread = thread("main", &lane_of.map(|doing| (doing, "CN", (0, 9))));
        let painted = |looked_every| {
            let run = Timeline { looked_every, ..Timeline::default() };
            lane(&run, &thread).marks().collect::<Vec<_>>()
        };
        let seen = [WaitsForEvents, RunsFuture, Sleeps, SaveFlag].map(Mark::Does);
        assert_eq!(painted(Some(ms(5))), seen);
        assert_eq!(painted(None)[0], Mark::Does(GetFlag));
    }
}
