//! Counts of connections, requests and threads. A count goes here only if a row of `contract.txt` with
//! `--latency 200`, which makes counts exact, cannot show it.

use flags_cli::site::Exchange;
use libtest_mimic::Trial;

use crate::sites::TestSite;
use crate::{Strategy, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "counters",
        [
            max_req_requests_are_in_flight_while_there_is_work,
            full_speed_needs_no_more_connections_than_max_req,
            requests_have_no_threads_but_those_of_the_strategy,
        ]
    )
}

/// A client that works in batches would send the first request of a batch only after the last answer to
/// the one before.
fn max_req_requests_are_in_flight_while_there_is_work(variant: &Variant) {
    let site = TestSite::one_at_a_time(200);
    let run =
        variant.run(&["-l", "12", "-m", "4", "--timeout", "20", "--base-url", &site.base_url]);
    run.assert(0, 12);
    let (in_flight, seen) = (variant.strategy.in_flight(4), site.counters());
    assert_eq!((seen.max_in_flight, seen.connections), (in_flight, in_flight), "{seen:?}\n{run}");
    let requests = site.requests();
    let answered = |request: &Exchange| request.end.expect("an answer").0;
    // The last of as many requests arrives before the first of them is answered.
    let full = |it: &[Exchange]| it[in_flight - 1].arrived < answered(&it[0]);
    assert!(requests.windows(in_flight).all(full), "{requests:#?}\n{run}");
}

/// Without latency, nothing but the limit keeps a client from opening more connections.
fn full_speed_needs_no_more_connections_than_max_req(variant: &Variant) {
    _ = rlimit::increase_nofile_limit(u64::MAX); // a connection is an open file
    for max_req in [30, 500] {
        let site = TestSite::with_latency(0);
        let max = max_req.to_string();
        let run = variant.run(&["--every", "-m", &max, "--base-url", &site.base_url]);
        run.assert(1, 194);
        let (seen, allowed) = (site.counters(), variant.strategy.in_flight(max_req));
        assert_eq!(seen.requests, 676, "{run}");
        // reqwest opens more where hundreds of requests start at the same time.
        let exempt = variant.strategy == Strategy::Async && max_req == 500;
        assert!(seen.connections <= allowed || exempt, "{seen:?}\n{run}");
    }
}

/// A client that starts threads itself shows up here if they live for more than about 5 ms. On systems
/// that do not list threads, only those that make requests are seen.
fn requests_have_no_threads_but_those_of_the_strategy(variant: &Variant) {
    let run = variant.run(&["-l", "8", "-m", "4", "--latency", "200", "--timeline=run.json"]);
    run.assert(0, 8);
    let timeline = run.timeline();
    let workers = if variant.strategy == Strategy::ThreadPool { 4 } else { 0 };
    assert_eq!(timeline.calling_threads(), workers.max(1), "{:#?}\n{run}", timeline.threads);
    let others = timeline.threads.iter().filter(|thread| thread.name != "main");
    assert_eq!(others.count(), workers, "{:#?}\n{run}", timeline.threads);
}
