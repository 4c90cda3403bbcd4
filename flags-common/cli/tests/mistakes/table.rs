//! The mistakes, and what each shows.

use std::thread::available_parallelism;

use crate::experiment::Seen;
use crate::facts::*;

/// A patch, and what it does.
pub struct Case {
    /// Name of the patch.
    pub name: &'static str,
    pub kind: Kind,
    /// True with the mistake, false without it.
    pub symptoms: Vec<Fact>,
    /// True with and without the mistake.
    pub shared: Vec<Fact>,
}

/// What becomes of the program.
pub enum Kind {
    Runs,
    /// It does not end. It writes this, and then the learner presses Ctrl-C.
    Hangs(&'static str),
    /// The compiler gives an error with this code.
    DoesNotCompile(&'static str),
}

fn runs<const N: usize, const M: usize>(
    name: &'static str,
    symptoms: [Fact; N],
    shared: [Fact; M],
) -> Case {
    Case { name, kind: Kind::Runs, symptoms: symptoms.into(), shared: shared.into() }
}

fn does_not_compile(name: &'static str, code: &'static str) -> Case {
    Case { name, kind: Kind::DoesNotCompile(code), symptoms: vec![], shared: vec![] }
}

/// All cases, in the order of the teacher's page.
pub fn cases() -> Vec<Case> {
    vec![
        runs("await-in-a-loop", [ONE_AT_A_TIME, WAITED, ONE_CONNECTION], [ALL_SAVED, ONE_THREAD]),
        runs(
            "blocking-in-async",
            [
                fact("every future holds the thread for 0.1 s", |it| {
                    it.timeline.requests.iter().all(|request| longest_poll(request) >= ms(100))
                }),
                fact("a thread that is held nearly all the time", |it| {
                    4 * busy_time(it) > 3 * it.timeline.elapsed
                }),
                fact("no answer before the last pause", |it| {
                    it.timeline.requests.iter().all(|it| it.answered > Some(ms(2000)))
                }),
            ],
            [ALL_SAVED, ONE_THREAD],
        ),
        runs(
            "blocking-after-get",
            [fact("an answer that lies unread for over 1 s", |it| {
                it.timeline.requests.iter().any(|request| request.unread() > Some(ms(1000)))
            })],
            [ALL_SAVED, ONE_THREAD, ALL_AT_ONCE],
        ),
        runs(
            "waiting-in-the-results-loop",
            [
                fact("flags that time out although the site answered in time", |it| {
                    it.timeline.requests.iter().filter(|it| timed_out_after_answer(it)).count() >= 5
                }),
                FAILURE,
            ],
            [ONE_THREAD, FIVE_AT_MOST],
        ),
        Case {
            name: "futurelock",
            kind: Kind::Hangs(STILL),
            symptoms: vec![
                fact("the note that it hangs", |it| it.says(STILL)),
                fact("exit status 130", |it| it.status == 130),
                fact("one flag saved", |it| it.saved == 1),
                fact("an answer that lies unread beyond the timeout", |it| {
                    it.timeline.requests.iter().any(|request| {
                        request.failure.is_none() && request.unread() > Some(ms(1100))
                    })
                }),
            ],
            shared: vec![ONE_THREAD],
        },
        runs(
            "spawned-not-awaited",
            [
                fact("no request", |it| {
                    it.timeline.requests.is_empty() && it.timeline.connections == Some(0)
                }),
                fact("20 flags without a result or a request", |it| {
                    it.says("20 flags have no result; the site saw no request for them")
                }),
                FAILURE,
            ],
            [],
        ),
        runs("no-limit", [OVER_100, NOT_ALLOWED], [ALL_SAVED, ONE_THREAD, NO_WORD_OF_CLIENTS]),
        runs(
            "timeouts-without-a-limit",
            [
                OVER_100,
                FAILURE,
                fact("over 100 flags that time out", |it| {
                    it.timeline.requests.iter().filter(|it| it.failure.is_some()).count() > 100
                }),
            ],
            [ONE_THREAD, fact("flags that arrive", |it| it.saved > 20)],
        ),
        runs(
            "in-order",
            [
                fact("codes in the order of the plan", |it| codes(it).is_sorted()),
                fact("a place that is free for over 0.5 s", |it| longest_gap(it) > ms(500)),
            ],
            [
                ALL_SAVED,
                FIVE_AT_MOST,
                fact("saves in another order than the plan's", |it| !save_starts(it).is_sorted()),
            ],
        ),
        runs(
            "client-per-request-async",
            [NEW_CONNECTIONS, NEW_CLIENTS],
            [ALL_SAVED, TWENTY_AT_MOST],
        ),
        runs(
            "client-per-request-threadpool",
            [NEW_CONNECTIONS, NEW_CLIENTS],
            [ALL_SAVED, TWENTY_AT_MOST],
        ),
        runs("lock-held", [ONE_AT_A_TIME, WAITED, ONE_CONNECTION], [ALL_SAVED, MANY_THREADS]),
        runs(
            "receive-in-the-loop",
            [ONE_AT_A_TIME, WAITED, ONE_CONNECTION],
            [ALL_SAVED, MANY_THREADS],
        ),
        Case {
            name: "kept-sender",
            kind: Kind::Hangs(HANGS),
            symptoms: vec![
                fact("the note that it hangs", |it| it.says(HANGS)),
                fact("exit status 130", |it| it.status == 130),
            ],
            shared: vec![
                fact("20 flags saved and drawn", |it| {
                    it.saved == 20 && it.timeline.requests.len() == 20
                }),
                ALL_AT_ONCE,
            ],
        },
        runs(
            "thread-per-flag",
            [
                OVER_100,
                NOT_ALLOWED,
                fact("over 100 threads", |it| it.timeline.calling_threads() > 100),
            ],
            [ALL_SAVED, NO_WORD_OF_CLIENTS],
        ),
        runs(
            "unread-body",
            [fact("more connections than requests at once", |it| {
                it.timeline.connections > Some(it.timeline.max_in_flight())
            })],
            [
                FIVE_AT_MOST,
                fact("5 flags refused", |it| {
                    it.says("5 flags failed: HTTP status 418 I'm a teapot")
                }),
                fact("15 flags saved", |it| it.saved == 15),
            ],
        ),
        does_not_compile("no-move", "E0373"),
        does_not_compile("report-in-the-job", "E0277"),
        does_not_compile("forgotten-await", "E0277"),
        several_threads(),
        runs("join-set", [], [ALL_SAVED, ALL_AT_ONCE, CONCURRENT, ONE_THREAD]),
        runs("scoped-threads", [], [ALL_SAVED, ALL_AT_ONCE, CONCURRENT, MANY_THREADS]),
        runs(
            "exercise",
            [
                ONE_AT_A_TIME,
                fact("a thread for each flag", |it| it.timeline.calling_threads() == 6),
            ],
            [ALL_SAVED],
        ),
    ]
}

fn several_threads() -> Case {
    let mut case = runs("several-threads", [], [ALL_SAVED, ALL_AT_ONCE, CONCURRENT]);
    let cores = available_parallelism().map_or(1, usize::from);
    if cores > 1 {
        let threads = |it: &Seen| it.timeline.calling_threads() > 1;
        case.symptoms.push(fact("several threads", threads));
    }
    case
}
