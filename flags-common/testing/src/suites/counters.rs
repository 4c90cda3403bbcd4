//! What the site sees of a downloader, connections and requests, and what the operating system sees,
//! threads. A test that counts them goes here if a row of `contract.txt` with `--latency 200`, long
//! enough for the counts to be exact, cannot.

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

/// Of a client that works in batches, the first request of a batch would come after the last answer to
/// the batch before.
fn max_req_requests_are_in_flight_while_there_is_work(variant: &Variant) {
    let site = TestSite::one_at_a_time(100);
    let run = variant.run(&["-l", "16", "-m", "8", "--base-url", &site.base_url]);
    run.assert(0, 16);
    let (expected, seen) = (variant.strategy.in_flight(8), site.counters());
    assert_eq!((seen.max_in_flight, seen.connections), (expected, expected), "{seen:?}");
    let requests = site.requests();
    let answered = |request: &Exchange| request.end.expect("an answer").0;
    let overlaps = requests.windows(2).map(|pair| pair[1].arrived < answered(&pair[0]));
    let all_overlap = variant.strategy != Strategy::Sequence;
    assert_eq!(overlaps.collect::<Vec<_>>(), [all_overlap; 15], "{requests:#?}");
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
        assert_eq!(seen.requests, 676);
        // reqwest opens more where hundreds of requests start at the same time.
        let exempt = variant.strategy == Strategy::Async && max_req == 500;
        assert!(seen.connections <= allowed || exempt, "{seen:?}");
    }
}

/// A client that starts threads of its own would show here if they live for some milliseconds. Where the
/// system does not tell of threads, only those that make requests are seen.
fn requests_have_no_threads_but_those_of_the_strategy(variant: &Variant) {
    let run = variant.run(&["-l", "14", "-m", "7", "--latency", "200", "--timeline=run.json"]);
    run.assert(0, 14);
    let timeline = run.timeline();
    let workers = if variant.strategy == Strategy::ThreadPool { 7 } else { 0 };
    assert_eq!(timeline.calling_threads(), workers.max(1), "{:#?}", timeline.threads);
    let others = timeline.threads.iter().filter(|thread| thread.name != "main");
    assert_eq!(others.count(), workers, "{:#?}", timeline.threads);
}
