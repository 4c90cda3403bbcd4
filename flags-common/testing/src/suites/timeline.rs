//! `--timeline`: what a downloader records of itself, against what the site saw. A test that needs the
//! spans of a real strategy goes here; the painters have unit tests.

use std::fs;
use std::time::Duration;

use flags_cli::site::Exchange;
use flags_cli::timeline::{Activity, Doing, Timeline, Viewpoint};
use flags_common::POP20_CC;
use libtest_mimic::Trial;

use crate::sites::TestSite;
use crate::{Strategy, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "timeline",
        [
            recording_agrees_with_the_site,
            answers_are_known_and_read_soon,
            cause_is_the_recorded_one_where_the_client_left,
        ]
    )
}

/// Eleven flags and one that the site does not have, at most four in flight. The site answers one request
/// at a time, the oldest.
fn recording_agrees_with_the_site(variant: &Variant) {
    let site = TestSite::one_at_a_time(200);
    let codes = "BD BR CD CN DE EG ET FR ID IN IR XX";
    let options = format!("-m 4 --timeout 20 --timeline=run.json --base-url {}", site.base_url);
    let run = variant.run(&format!("flags {codes} {options}"));
    run.assert(1, 11);
    let timeline = run.timeline();

    let in_flight = variant.strategy.in_flight(4);
    let seen = site.counters();
    assert_eq!((seen.max_in_flight, seen.connections), (in_flight, in_flight), "{seen:?}\n{run}");
    assert_eq!(timeline.max_in_flight(), in_flight, "{run}");
    // The last of as many requests arrives before the first of them is answered: a client that works in
    // batches would send it only after the last answer to the batch before.
    let requests = site.requests();
    let answered = |request: &Exchange| request.end.expect("an answer").0;
    let full = |it: &[Exchange]| it[in_flight - 1].arrived < answered(&it[0]);
    assert!(requests.windows(in_flight).all(full), "{requests:#?}\n{run}");

    assert_eq!(timeline.program, variant.name(), "{run}");
    assert_eq!((timeline.connections, timeline.viewpoint), (None, Viewpoint::Calls), "{run}");
    let labels: Vec<_> = timeline.requests.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(labels.join(" "), codes, "{run}");
    for it in &timeline.requests {
        assert_eq!(it.failure.as_deref(), (it.label == "XX").then_some("not found"), "{run}");
        assert!(it.arrived.is_none() && it.end <= timeline.elapsed, "{it:?}\n{run}");
        // On a busy machine, a call may look like a future that is polled once.
        assert_eq!(it.polls.len() > 1, variant.strategy == Strategy::Async, "{it:?}\n{run}");
    }
    let mut saves: Vec<_> = activities(&timeline, Doing::SaveFlag).map(|it| &*it.label).collect();
    saves.sort_unstable();
    assert_eq!(saves.join(" ") + " XX", codes, "{run}");
    let calls = activities(&timeline, Doing::GetFlag).count();
    assert_eq!(calls > 0, variant.strategy != Strategy::Async, "{run}");
    threads_are_those_of_the_strategy(variant, &timeline);
}

fn activities(timeline: &Timeline, doing: Doing) -> impl Iterator<Item = &Activity> {
    timeline.threads.iter().flat_map(|it| &it.lane).filter(move |it| it.doing == doing)
}

/// A client that starts threads itself shows up here if they live for more than about 5 ms. On systems
/// that do not list threads, only those that make requests are seen.
fn threads_are_those_of_the_strategy(variant: &Variant, timeline: &Timeline) {
    let threads = &timeline.threads;
    let workers = if variant.strategy == Strategy::ThreadPool { 4 } else { 0 };
    assert_eq!(timeline.calling_threads(), workers.max(1), "{threads:#?}");
    let others = threads.iter().filter(|thread| thread.name != "main");
    assert_eq!(others.count(), workers, "{threads:#?}");
    for thread in threads {
        let calls: Vec<_> = thread.lane.iter().filter(|it| !it.label.is_empty()).collect();
        let in_turn = |pair: &[&Activity]| pair[0].time.to <= pair[1].time.from;
        assert!(calls.windows(2).all(in_turn), "{thread:?}");
    }
    if fs::read_to_string("/proc/thread-self/syscall").is_ok() {
        assert!(timeline.cpu.is_some_and(|cpu| cpu > Duration::ZERO));
        assert!(timeline.looked_every >= Some(Duration::from_millis(5)), "{timeline:?}");
        let waits = match variant.strategy {
            Strategy::Async => Doing::WaitsForEvents,
            _ => Doing::WaitsForNetwork,
        };
        assert!(activities(timeline, waits).next().is_some(), "{threads:#?}");
    }
}

/// The demo site in the process tells when it answered. On a busy machine a call can go on
/// for a while after its answer, but not in each of many runs.
fn answers_are_known_and_read_soon(variant: &Variant) {
    let longest = || {
        let run = variant.run("flags --timeline=run.json");
        let timeline = run.timeline();
        assert_eq!(timeline.requests.len(), POP20_CC.len());
        for request in &timeline.requests {
            let (arrived, answered) = (request.arrived.unwrap(), request.answered.unwrap());
            assert!(request.start <= arrived && answered <= request.end, "{request:?}");
            assert!(arrived + Duration::from_millis(95) <= answered, "{request:?}");
            let saves = activities(&timeline, Doing::SaveFlag);
            let saves: Vec<_> = saves.filter(|it| it.label == request.label).collect();
            assert!(saves.len() == 1 && saves[0].time.from >= request.end, "{saves:?}");
        }
        timeline.requests.iter().filter_map(|it| it.after_answer()).max()
    };
    let soon = Some(Duration::from_millis(50));
    assert!((0..20).any(|_| longest() < soon), "calls go on for 50 ms or more after the answer");
}

fn cause_is_the_recorded_one_where_the_client_left(variant: &Variant) {
    let run = variant.run("flags CN --latency 9000 --timeout 0.2 --timeline=run.json");
    let cause = run.timeline().requests[0].failure.clone().expect("a failure");
    run.assert_says(&format!("1 flag failed: {cause}\n"));
}
