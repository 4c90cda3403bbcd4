//! A run as the picture shows it. All times are since the start of the run.

use std::collections::HashMap;
use std::time::Duration;

use flags_common::CountryCode;

use super::recorder::{Event, EventKind, Recorded, SpanKind};

/// A run that has ended or was interrupted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timeline {
    /// The downloader that ran.
    pub program: String,
    /// Duration of the run.
    pub elapsed: Duration,
    /// CPU time of all threads but the background thread, which runs the demo site; `None` if it
    /// was not measured.
    pub cpu: Option<Duration>,
    /// Number of threads when the first request ended, without the background thread; `None` if the
    /// operating system did not tell.
    pub os_threads: Option<usize>,
    /// Connections that the site saw; `None` if the site is not in the process.
    pub connections: Option<usize>,
    /// Names of the threads that ran a request or a save, in order of first use.
    pub threads: Vec<String>,
    /// The calls of `get_flag`, in the order of the plan.
    pub requests: Vec<Request>,
    /// The calls of `save_flag`, in the order of the plan.
    pub saves: Vec<Save>,
}

/// A call of `get_flag`.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The country whose flag was requested.
    pub cc: CountryCode,
    /// When the call started.
    pub start: Duration,
    /// When the call returned, or was cancelled.
    pub end: Duration,
    /// When the site answered; `None` if it did not, or is not in the process.
    pub answered: Option<Duration>,
    /// When the call occupied a thread, in chronological order. Several spans mean that it was a
    /// future, which released its thread in between; each span is a poll. One span means that the
    /// call blocked its thread all the time.
    pub busy: Vec<BusySpan>,
    /// Why the flag was not saved, if it was not. Only the last of several calls for a flag has it.
    pub failure: Option<String>,
}

/// A call of `save_flag`.
#[derive(Debug, Clone, PartialEq)]
pub struct Save {
    /// The country whose flag was saved.
    pub cc: CountryCode,
    /// When it occupied which thread.
    pub busy: BusySpan,
}

/// An interval during which a call occupied a thread, running or blocked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BusySpan {
    /// Index in [`Timeline::threads`].
    pub thread: usize,
    /// Start of the interval.
    pub from: Duration,
    /// End of the interval.
    pub to: Duration,
}

/// What became of a flag.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// No result has been recorded.
    Unknown,
    Saved,
    Failed(String),
}

/// What occupies a thread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Activity {
    /// A request that blocks the thread from its start to its end.
    Blocked(CountryCode),
    /// A poll of a request's future.
    Poll(CountryCode),
    Save(CountryCode),
}

impl Timeline {
    /// Sum of the requests' durations.
    pub fn total_time(&self) -> Duration {
        self.requests.iter().map(Request::duration).sum()
    }

    /// Maximum number of requests in flight. It is reached when one of them starts.
    pub fn max_in_flight(&self) -> usize {
        let in_flight = |at| self.requests.iter().filter(move |it| it.start <= at && at < it.end);
        let at_starts = self.requests.iter().map(|it| in_flight(it.start).count());
        at_starts.max().unwrap_or(0)
    }

    /// Whether the demo site is in the process, so that it is known when it answered.
    pub fn knows_answers(&self) -> bool {
        self.connections.is_some()
    }

    /// Number of threads that requests ran on.
    pub fn request_threads(&self) -> usize {
        let busy = self.requests.iter().flat_map(|request| &request.busy);
        let mut threads: Vec<_> = busy.map(|span| span.thread).collect();
        threads.sort_unstable();
        threads.dedup();
        threads.len()
    }

    /// Whether a request was a future.
    pub(super) fn polled(&self) -> bool {
        self.requests.iter().any(|request| !request.polls().is_empty())
    }

    /// What occupied `thread`, in chronological order.
    pub(super) fn lane(&self, thread: usize) -> Vec<(Activity, BusySpan)> {
        let requests = self.requests.iter().flat_map(|request| {
            let activity = if request.blocked() { Activity::Blocked } else { Activity::Poll };
            request.busy.iter().map(move |&span| (activity(request.cc), span))
        });
        let saves = self.saves.iter().map(|save| (Activity::Save(save.cc), save.busy));
        let mut lane: Vec<_> =
            requests.chain(saves).filter(|(_, span)| span.thread == thread).collect();
        lane.sort_by_key(|(_, span)| span.from);
        lane
    }
}

impl Request {
    /// Time from start to end.
    pub fn duration(&self) -> Duration {
        self.end - self.start
    }

    /// How long the site's answer waited until the call returned; `None` if the site did not answer
    /// or is not in the process.
    pub fn unread(&self) -> Option<Duration> {
        self.answered.map(|answered| self.end.saturating_sub(answered))
    }

    /// Whether the call occupied its thread while it waited.
    pub fn blocked(&self) -> bool {
        self.busy.len() == 1
    }

    /// When the future was polled; empty if the call blocked.
    pub fn polls(&self) -> &[BusySpan] {
        if self.blocked() { &[] } else { &self.busy }
    }
}

/// A call of an instrumented function.
struct Call {
    /// Index of the flag in the plan.
    flag: usize,
    start: Duration,
    end: Duration,
    busy: Vec<BusySpan>,
}

/// The calls of one kind, in the order of the plan, then of time. A call that has not ended is cut
/// off at `elapsed`.
fn calls(recorded: &Recorded, kind: SpanKind, elapsed: Duration) -> Vec<Call> {
    let mut calls: HashMap<usize, Call> = HashMap::new();
    for &Event { span: id, at, kind: event } in &recorded.events {
        let span = recorded.spans[id];
        let Some(flag) = span.flag.filter(|_| span.kind == kind) else { continue };
        let new = || Call { flag, start: at, end: elapsed, busy: Vec::new() };
        let call = calls.entry(id).or_insert_with(new);
        match event {
            EventKind::Start => {}
            EventKind::Enter { thread } => {
                call.busy.push(BusySpan { thread, from: at, to: elapsed });
            }
            EventKind::Exit => call.busy.last_mut().expect("it was entered before").to = at,
            EventKind::End => call.end = at,
        }
    }
    let mut calls: Vec<_> = calls.into_values().collect();
    calls.sort_by_key(|call| (call.flag, call.start));
    calls
}

/// The requests of a run that took `elapsed`. `outcomes` has each flag of the plan, in its order.
pub(super) fn requests(
    outcomes: &[(CountryCode, Outcome)],
    recorded: &Recorded,
    elapsed: Duration,
) -> Vec<Request> {
    let mut calls = calls(recorded, SpanKind::GetFlag, elapsed).into_iter().peekable();
    let mut requests = Vec::new();
    while let Some(Call { flag, start, end, busy }) = calls.next() {
        let (cc, outcome) = &outcomes[flag];
        let last = calls.peek().is_none_or(|next| next.flag != flag);
        let failure = match outcome {
            Outcome::Failed(cause) if last => Some(cause.clone()),
            _ => None,
        };
        let answers = recorded.answers.iter().filter(|(answer, _)| *answer == flag);
        let answered = answers.map(|(_, at)| *at).rfind(|at| (start..=end).contains(at));
        requests.push(Request { cc: *cc, start, end, answered, busy, failure });
    }
    requests
}

/// The saves of a run that took `elapsed`.
pub(super) fn saves(
    outcomes: &[(CountryCode, Outcome)],
    recorded: &Recorded,
    elapsed: Duration,
) -> Vec<Save> {
    let calls = calls(recorded, SpanKind::SaveFlag, elapsed).into_iter();
    calls.filter_map(|it| Some(Save { cc: outcomes[it.flag].0, busy: *it.busy.first()? })).collect()
}

/// Adds a number to each name that occurs more than once: `thread 1`, `thread 2`.
pub(super) fn numbered(names: Vec<String>) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in &names {
        *counts.entry(name).or_default() += 1;
    }
    let mut used: HashMap<&str, usize> = HashMap::new();
    let numbered = names.iter().map(|name| {
        if counts[name.as_str()] == 1 && name != "thread" {
            return name.clone();
        }
        let number = used.entry(name).or_default();
        *number += 1;
        format!("{name} {number}")
    });
    numbered.collect()
}

#[cfg(test)]
mod tests {
    use super::super::recorder::Span;
    use super::*;
    use EventKind::*;
    use SpanKind::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// A run of 100 ms for the flags AD, AE and AF: the flag and kind of each span, and what
    /// happened to it when.
    fn timeline(
        spans: &[(usize, SpanKind)],
        events: &[(usize, u64, EventKind)],
        answers: &[(usize, u64)],
    ) -> Timeline {
        let outcomes = ["AD", "AE", "AF"].map(|cc| (cc.parse().unwrap(), Outcome::Saved));
        let event = |&(span, at, kind)| Event { span, at: ms(at), kind };
        let recorded = Recorded {
            spans: spans.iter().map(|&(flag, kind)| Span { kind, flag: Some(flag) }).collect(),
            events: events.iter().map(event).collect(),
            answers: answers.iter().map(|&(flag, at)| (flag, ms(at))).collect(),
            ..Recorded::default()
        };
        Timeline {
            elapsed: ms(100),
            requests: requests(&outcomes, &recorded, ms(100)),
            saves: saves(&outcomes, &recorded, ms(100)),
            ..Timeline::default()
        }
    }

    fn request(
        cc: &str,
        (start, answered, end): (u64, Option<u64>, u64),
        busy: &[(usize, u64, u64)],
    ) -> Request {
        let span = |&(thread, from, to)| BusySpan { thread, from: ms(from), to: ms(to) };
        Request {
            cc: cc.parse().unwrap(),
            start: ms(start),
            end: ms(end),
            answered: answered.map(ms),
            busy: busy.iter().map(span).collect(),
            failure: None,
        }
    }

    fn lane(run: &Timeline, thread: usize) -> Vec<(Activity, u128, u128)> {
        let lane = run.lane(thread).into_iter();
        lane.map(|(activity, span)| (activity, span.from.as_millis(), span.to.as_millis()))
            .collect()
    }

    fn cc(code: &str) -> CountryCode {
        code.parse().unwrap()
    }

    #[test]
    fn blocking_calls_occupy_their_threads() {
        // Two threads. AE, the second in the plan, starts first; AF follows it on its thread.
        let run = timeline(
            &[(1, GetFlag), (0, GetFlag), (1, SaveFlag), (2, GetFlag)],
            &[
                (0, 1, Start),
                (0, 1, Enter { thread: 0 }),
                (1, 5, Start),
                (1, 5, Enter { thread: 1 }),
                (0, 41, Exit),
                (0, 41, End),
                (2, 41, Start),
                (2, 41, Enter { thread: 0 }),
                (2, 43, Exit),
                (2, 43, End),
                (3, 43, Start),
                (3, 43, Enter { thread: 0 }),
                (1, 65, Exit),
                (1, 65, End),
                (3, 91, Exit),
                (3, 91, End),
            ],
            &[(1, 40), (0, 60)],
        );
        let expected = [
            request("AD", (5, Some(60), 65), &[(1, 5, 65)]),
            request("AE", (1, Some(40), 41), &[(0, 1, 41)]),
            request("AF", (43, None, 91), &[(0, 43, 91)]),
        ];
        assert_eq!(run.requests, expected);
        assert!(run.requests.iter().all(|it| it.blocked() && it.polls().is_empty()));
        let unread: Vec<_> = run.requests.iter().map(Request::unread).collect();
        assert_eq!(unread, [Some(ms(5)), Some(ms(1)), None]);
        use Activity::*;
        let first = [(Blocked(cc("AE")), 1, 41), (Save(cc("AE")), 41, 43), (Blocked(cc("AF")), 43, 91)];
        assert_eq!(lane(&run, 0), first);
        assert_eq!(lane(&run, 1), [(Blocked(cc("AD")), 5, 65)]);
        assert_eq!(run.total_time(), ms(60 + 40 + 48));
        assert_eq!((run.max_in_flight(), run.request_threads()), (2, 2));
    }

    #[test]
    fn futures_occupy_the_threads_that_poll_them() {
        let run = timeline(
            &[(0, GetFlag), (1, GetFlag)],
            &[
                (0, 10, Start),
                (0, 10, Enter { thread: 0 }),
                (0, 11, Exit),
                (1, 12, Start),
                (1, 12, Enter { thread: 0 }),
                (1, 14, Exit),
                (1, 70, Enter { thread: 1 }), // a runtime with several threads moves it
                (1, 71, Exit),
                (1, 71, End),
                (0, 80, Enter { thread: 0 }),
                (0, 90, Exit),
                (0, 90, End),
            ],
            &[],
        );
        let expected = [
            request("AD", (10, None, 90), &[(0, 10, 11), (0, 80, 90)]),
            request("AE", (12, None, 71), &[(0, 12, 14), (1, 70, 71)]),
        ];
        assert_eq!(run.requests, expected, "AF was never requested");
        assert!(run.requests.iter().all(|it| !it.blocked() && it.polls() == it.busy));
        let (ad, ae) = (Activity::Poll(cc("AD")), Activity::Poll(cc("AE")));
        assert_eq!(lane(&run, 0), [(ad, 10, 11), (ae, 12, 14), (ad, 80, 90)]);
        assert_eq!(lane(&run, 1), [(ae, 70, 71)]);
        assert_eq!(run.max_in_flight(), 2);
    }

    #[test]
    fn repeated_blocking_call_is_a_request_of_its_own() {
        let run = timeline(
            &[(0, GetFlag), (0, GetFlag)],
            &[
                (0, 10, Start),
                (0, 10, Enter { thread: 0 }),
                (0, 20, Exit),
                (0, 20, End),
                (1, 30, Start),
                (1, 30, Enter { thread: 0 }),
                (1, 50, Exit),
                (1, 50, End),
            ],
            &[(0, 18), (0, 48)],
        );
        let expected = [
            request("AD", (10, Some(18), 20), &[(0, 10, 20)]),
            request("AD", (30, Some(48), 50), &[(0, 30, 50)]),
        ];
        assert_eq!(run.requests, expected);
        assert!(run.requests.iter().all(Request::blocked), "not the polls of one future");
    }

    #[test]
    fn unfinished_request_is_cut_off_at_the_end() {
        let run = timeline(&[(0, GetFlag)], &[(0, 10, Start), (0, 10, Enter { thread: 0 })], &[]);
        assert_eq!(run.requests, [request("AD", (10, None, 100), &[(0, 10, 100)])]);
    }

    #[test]
    fn equal_thread_names_are_numbered() {
        let names = |names: &[&str]| numbered(names.iter().map(|&name| name.to_owned()).collect());
        assert_eq!(names(&["main", "worker", "worker"]), ["main", "worker 1", "worker 2"]);
        assert_eq!(names(&["main", "thread"]), ["main", "thread 1"]);
    }
}
