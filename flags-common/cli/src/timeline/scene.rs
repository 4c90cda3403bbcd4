//! The scene: what both painters show of a run, decided once.

use std::ops::Range;
use std::time::Duration;

use super::Doing::{self, Sampled};
use super::{Request, State, Timeline, Viewpoint};

/// What a place in the picture means. Later marks are painted over earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Of a bar: the call has begun, the request has not arrived.
    Away,
    /// Of a bar: the site has the request.
    AtSite,
    /// Of a bar, where the site is not in the process: from the call to its return.
    Called,
    /// Of a bar: the site has answered, the call has not returned.
    Unread,
    /// Of a lane: none of the others.
    Outside,
    /// Of a lane, or of a bar whose future is polled.
    Does(Doing),
    /// Of a bar: it ended in a failure.
    Failed,
}

impl Mark {
    /// In the order of the legend.
    pub const ALL: [Self; 15] = [
        Self::Away,
        Self::AtSite,
        Self::Called,
        Self::Unread,
        Self::Does(Doing::Poll),
        Self::Failed,
        Self::Does(Doing::GetFlag),
        Self::Does(Doing::SaveFlag),
        Self::Does(Sampled(State::WaitsForNetwork)),
        Self::Does(Sampled(State::WaitsForEvents)),
        Self::Does(Sampled(State::WaitsForThread)),
        Self::Does(Sampled(State::Sleeps)),
        Self::Does(Sampled(State::UsesFile)),
        Self::Does(Sampled(State::Runs)),
        Self::Outside,
    ];

    /// What the legend says.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Away => "not at the site yet",
            Self::AtSite => "at the site",
            Self::Called | Self::Does(Doing::GetFlag) => "in get_flag",
            Self::Unread => "answered, not returned",
            Self::Outside => "not known",
            Self::Does(Sampled(State::WaitsForEvents)) => "waits for events",
            Self::Does(Sampled(State::Sleeps)) => "sleeps",
            Self::Does(Sampled(State::WaitsForThread)) => "waits for another thread",
            Self::Does(Sampled(State::WaitsForNetwork)) => "waits for the network",
            Self::Does(Sampled(State::UsesFile)) => "uses a file",
            Self::Does(Sampled(State::Runs)) => "runs",
            Self::Does(Doing::Poll) => "future polled",
            Self::Does(Doing::SaveFlag) => "save_flag",
            Self::Failed => "failed",
        }
    }
}

/// A row of the picture.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub label: String,
    /// The segments, in the order in which to paint them.
    pub segments: Vec<Segment>,
    /// Why it failed, to be written beside the end of the bar.
    pub cause: Option<String>,
    /// From its first segment to its last.
    pub extent: (Duration, Duration),
}

/// A part of a row.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub mark: Mark,
    pub from: Duration,
    pub to: Duration,
    /// The request that it belongs to.
    pub label: String,
}

/// The rows of a run.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub bars: Vec<Row>,
    pub lanes: Vec<Row>,
}

impl Scene {
    pub fn new(run: &Timeline) -> Self {
        Self {
            bars: run.requests.iter().map(|request| bar(run, request)).collect(),
            lanes: run.threads.iter().map(|thread| lane(run, thread)).collect(),
        }
    }
}

/// The marks that occur in `rows`, in the order of the legend.
pub(super) fn legend<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Mark> {
    let used: Vec<_> = rows.flat_map(|row| &row.segments).map(|segment| segment.mark).collect();
    Mark::ALL.into_iter().filter(|mark| used.contains(mark)).collect()
}

fn bar(run: &Timeline, request: &Request) -> Row {
    let Request { label, start, arrived, answered, end, polls, failure } = request;
    let mut segments = Vec::new();
    let mut push = |mark, from: Duration, to: Duration| {
        if from < to {
            segments.push(Segment { mark, from, to, label: label.clone() });
        }
    };
    match arrived {
        _ if run.viewpoint == Viewpoint::Calls => push(Mark::Called, *start, *end),
        None => push(Mark::Away, *start, *end),
        Some(arrived) => {
            push(Mark::Away, *start, *arrived);
            push(Mark::AtSite, *arrived, answered.unwrap_or(*end));
            push(Mark::Unread, answered.unwrap_or(*end), *end);
        }
    }
    for poll in polls {
        segments.push(Segment {
            mark: Mark::Does(Doing::Poll),
            from: poll.from,
            to: poll.to,
            label: label.clone(),
        });
    }
    if failure.is_some() {
        segments.push(Segment { mark: Mark::Failed, from: *end, to: *end, label: label.clone() });
    }
    Row { label: label.clone(), segments, cause: failure.clone(), extent: (*start, *end) }
}

fn lane(run: &Timeline, thread: &super::Thread) -> Row {
    let outside = Segment {
        mark: Mark::Outside,
        from: Duration::ZERO,
        to: thread.ended.unwrap_or(run.elapsed).min(run.elapsed),
        label: String::new(),
    };
    let mut segments = vec![outside];
    for activity in &thread.lane {
        let (from, to) = (activity.time.from.min(run.elapsed), activity.time.to.min(run.elapsed));
        let mark = Mark::Does(activity.doing);
        segments.push(Segment { mark, from, to, label: activity.label.clone() });
    }
    segments.sort_by_key(|segment| segment.mark); // a save inside get_flag, say, stays visible
    Row { label: thread.name.clone(), segments, cause: None, extent: (Duration::ZERO, run.elapsed) }
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
    use crate::timeline::Interval;

    #[test]
    fn text_goes_to_the_first_place_where_it_fits() {
        assert_eq!(place(0.0..5.0, 4.0, 1.0, 0.0..10.0), Place::Right);
        assert_eq!(place(5.0..9.0, 4.0, 1.0, 0.0..10.0), Place::Left);
        assert_eq!(place(3.0..7.0, 4.0, 1.0, 0.0..10.0), Place::Over);
    }

    #[test]
    fn bar_has_three_parts_and_shows_each_failure() {
        let ms = Duration::from_millis;
        let request = Request {
            label: "CN".to_owned(),
            start: ms(1),
            arrived: Some(ms(2)),
            answered: Some(ms(8)),
            end: ms(9),
            polls: vec![Interval { from: ms(1), to: ms(2) }],
            failure: Some("HTTP status 418".to_owned()),
        };
        let run = Timeline { requests: vec![request], ..Timeline::default() };
        let scene = Scene::new(&run);
        let marks: Vec<_> = scene.bars[0].segments.iter().map(|segment| segment.mark).collect();
        assert_eq!(
            marks,
            [Mark::Away, Mark::AtSite, Mark::Unread, Mark::Does(Doing::Poll), Mark::Failed]
        );
        assert_eq!(legend(scene.bars.iter()).len(), 5, "all that occur");

        let calls = Timeline { viewpoint: Viewpoint::Calls, ..run };
        assert_eq!(Scene::new(&calls).bars[0].segments[0].mark, Mark::Called);
    }
}
