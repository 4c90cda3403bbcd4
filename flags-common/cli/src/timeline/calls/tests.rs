use EventKind::*;
use SpanKind::*;

use super::*;
use crate::timeline::Timeline;
use crate::timeline::model::Activity;
use crate::timeline::recorded::Span;

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
    lane.map(|(activity, span)| (activity, span.from.as_millis(), span.to.as_millis())).collect()
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

#[test]
fn future_polled_once_is_not_a_blocking_call() {
    let run = timeline(
        &[(0, GetFlag)],
        &[(0, 10, Start), (0, 10, Enter { thread: 0 }), (0, 11, Exit)], // and then Ctrl-C
        &[],
    );
    assert_eq!(run.requests, [request("AD", (10, None, 100), &[(0, 10, 11)])]);
    assert!(!run.requests[0].blocked());
    assert_eq!(run.requests[0].polls().len(), 1);
}
