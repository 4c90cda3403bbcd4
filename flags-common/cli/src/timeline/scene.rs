//! The scene: what both painters show of a run, decided once.

use std::iter;
use std::ops::Range;
use std::time::Duration;

use super::marks::Mark;
use super::{Doing, Interval, Request, Thread, Timeline, Viewpoint};

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
    pub segments: Vec<Segment<'a>>,
    /// Why it failed, to be written beside the end of the bar.
    pub cause: Option<&'a str>,
    /// From its first segment to its last.
    pub time: Interval,
}

/// A part of a row.
#[derive(Debug)]
pub(super) struct Segment<'a> {
    pub mark: Mark,
    pub time: Interval,
    /// What to write into it, if there is room.
    pub text: &'a str,
}

impl<'a> Scene<'a> {
    pub fn new(run: &'a Timeline) -> Self {
        Self {
            bars: run.requests.iter().map(|request| bar(run.viewpoint, request)).collect(),
            lanes: run.threads.iter().map(|thread| lane(run.elapsed, thread)).collect(),
        }
    }
}

impl Row<'_> {
    pub fn marks(&self) -> impl Iterator<Item = Mark> {
        self.segments.iter().map(|segment| segment.mark)
    }
}

fn bar(viewpoint: Viewpoint, request: &Request) -> Row<'_> {
    let &Request { start, arrived, end, .. } = request;
    let answered = request.answered.unwrap_or(end);
    let parts = match arrived {
        _ if viewpoint == Viewpoint::Calls => vec![(Mark::Called, start, end)],
        None => vec![(Mark::Away, start, end)],
        Some(arrived) => vec![
            (Mark::Away, start, arrived),
            (Mark::AtSite, arrived, answered),
            (Mark::Unread, answered, end),
        ],
    };
    let parts = parts.into_iter().filter(|(_, from, to)| from < to);
    let polls =
        request.polls.iter().map(|poll| (Mark::Does(Doing::RunsFuture), poll.from, poll.to));
    let failed = request.failure.iter().map(|_| (Mark::Failed, end, end));
    let segments = parts.chain(polls).chain(failed);
    let segment = |(mark, from, to)| Segment { mark, time: Interval { from, to }, text: "" };
    Row {
        label: &request.label,
        segments: segments.map(segment).collect(),
        cause: request.failure.as_deref(),
        time: Interval { from: start, to: end },
    }
}

fn lane(elapsed: Duration, thread: &Thread) -> Row<'_> {
    let time = |to| Interval { from: Duration::ZERO, to };
    let alive = time(thread.ended.unwrap_or(elapsed));
    let outside = Segment { mark: Mark::Outside, time: alive, text: "" };
    let activities = thread.lane.iter().map(|activity| Segment {
        mark: Mark::Does(activity.doing),
        time: activity.time,
        text: if activity.doing == Doing::GetFlag { &activity.label } else { "" },
    });
    let mut segments: Vec<_> = iter::once(outside).chain(activities).collect();
    segments.sort_by_key(|segment| segment.mark); // a save inside get_flag, say, stays visible
    Row { label: &thread.name, segments, cause: None, time: time(elapsed) }
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
    use crate::timeline::samples::request;

    #[test]
    fn text_goes_to_the_first_place_where_it_fits() {
        assert_eq!(place(0.0..5.0, 4.0, 1.0, 0.0..10.0), Place::Right);
        assert_eq!(place(5.0..9.0, 4.0, 1.0, 0.0..10.0), Place::Left);
        assert_eq!(place(3.0..7.0, 4.0, 1.0, 0.0..10.0), Place::Over);
    }

    #[test]
    fn bar_has_three_parts_or_is_the_call() {
        let request = request("CN", [1, 2, 8, 9]);
        let marks = |viewpoint| bar(viewpoint, &request).marks().collect::<Vec<_>>();
        let parts = [Mark::Away, Mark::AtSite, Mark::Unread];
        assert_eq!(marks(Viewpoint::SiteAndCalls), parts);
        assert_eq!(marks(Viewpoint::Calls), [Mark::Called]);
    }
}
