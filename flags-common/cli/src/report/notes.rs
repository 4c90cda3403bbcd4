//! What the demo site saw, and what of it is not as the plan says. All of it is certain.

use flags_common::Flag;

use crate::site::{Ending, Exchange, Run};
use crate::text::{clean, counted};
use crate::witness::requests::{self, certainly_at_once, waited_for_the_one_before};

/// `The site saw 20 requests on 20 connections, at most 20 at once.`, and what is not as planned.
/// `max_req` is the plan's.
pub(super) fn what_the_site_saw(run: &Run, max_req: usize, plan: &[Flag]) -> String {
    let seen = &run.counters;
    let (requests, connections) =
        (counted(seen.requests, "request"), counted(seen.connections, "connection"));
    let mut text = match (seen.requests, seen.connections) {
        (0, 0) => "The site saw no request.".to_owned(),
        (0, _) => format!("The site saw {connections} and no request."),
        (1, _) => format!("The site saw {requests} on {connections}."),
        _ => {
            let at_once = seen.max_in_flight;
            let one_by_one = at_once == 1 && max_req > 1 && waited_for_the_one_before(run);
            let why = if one_by_one { ": each request waited for the one before" } else { "" };
            format!("The site saw {requests} on {connections}, at most {at_once} at once{why}.")
        }
    };
    let others = requests::others(run, plan);
    if let [first, ..] = others[..] {
        let others = counted(others.len(), "request");
        text += &format!(
            "\nThe site saw {others} for no flag of the plan, such as {}.",
            describe(first)
        );
    }
    if certainly_at_once(run) > max_req {
        text += &format!(
            "\nNote: -m allows {max_req} at once. See the mistakes no-limit and thread-per-flag."
        );
    }
    // A correct client needs as many connections as it has requests in flight, and hyper opens a few
    // more where hundreds start at once. A client that gives up closes its connection.
    let enough = max_req.max(seen.max_in_flight);
    if seen.connections >= seen.requests && seen.requests >= 2 * enough && seen.abandoned == 0 {
        text += "\nNote: each request came on a new connection, though the site keeps them open.\n\
                 See the mistake client-per-request.";
    }
    text
}

/// `POST /flags/cn/cn.gif, answered 405 Method Not Allowed`.
fn describe(exchange: &Exchange) -> String {
    let request = clean(&format!("{} {}", exchange.method, exchange.target));
    match exchange.end {
        Some((_, Ending::Answered(status))) => format!("{request}, answered {status}"),
        _ => request,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use flags_common::{ALL_CC, Plan, StatusCode};

    use super::*;
    use crate::site::Counters;

    /// What the site saw of requests at these times, in milliseconds, on a number of connections.
    fn run(times: &[(u64, u64)], connections: usize) -> Run {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let exchange = |(n, &(from, to)): (usize, &(u64, u64))| Exchange {
            connection: 0,
            method: "GET".to_owned(),
            target: flags_common::flag_url("/flags", ALL_CC[n % ALL_CC.len()]),
            client: String::new(),
            arrived: at(from),
            end: Some((at(to), Ending::Answered(StatusCode::OK))),
        };
        let exchanges: Vec<_> = times.iter().enumerate().map(exchange).collect();
        let mut run = Run { exchanges, ..Run::default() };
        let max_in_flight = certainly_at_once(&run);
        let requests = times.len();
        run.counters = Counters { connections, requests, max_in_flight, ..Counters::default() };
        run
    }

    fn said(run: &Run, max_req: usize) -> String {
        let plan = Plan::new(ALL_CC, "http://h/flags", "d".as_ref(), max_req, Duration::MAX);
        what_the_site_saw(run, max_req, &plan.flags)
    }

    /// `n` requests, `at_once` at a time, of `ms` each, with a pause before each round.
    fn rounds(n: u64, at_once: u64, ms: u64, pause: u64) -> Vec<(u64, u64)> {
        (0..n).map(|it| it / at_once * (ms + pause)).map(|from| (from, from + ms)).collect()
    }

    #[test]
    fn nothing_is_noted_where_the_plan_was_kept() {
        for (times, connections, max_req) in [
            (rounds(20, 20, 95, 0), 20, 20),
            (rounds(1, 1, 95, 0), 1, 1),     // -l 1
            (rounds(20, 1, 95, 0), 1, 1),    // -m 1
            (rounds(20, 1, 1, 1), 20, 20),   // --latency 1
            (rounds(20, 1, 95, 50), 20, 20), // a rate limit
            (rounds(100, 50, 95, 0), 53, 50),
        ] {
            let text = said(&run(&times, connections), max_req);
            assert!(!text.contains("Note") && !text.contains("waited"), "{text}");
        }
    }

    #[test]
    fn one_by_one_is_pointed_out() {
        let text = said(&run(&rounds(20, 1, 95, 2), 1), 20);
        let expected = "The site saw 20 requests on 1 connection, at most 1 at once: each request \
                        waited for the one before.";
        assert_eq!(text, expected);
    }

    #[test]
    fn more_at_once_than_allowed_is_pointed_out() {
        let many = run(&rounds(194, 194, 1000, 0), 194);
        assert!(said(&many, 20).contains("Note: -m allows 20 at once."), "{}", said(&many, 20));
        let abandoned = hung_up(many);
        assert!(said(&abandoned, 20).contains("Note: -m allows 20 at once."));
    }

    /// Each round begins a moment before the site notices that the one before has hung up.
    #[test]
    fn late_notice_of_a_hang_up_is_not_held_against_the_client() {
        let times: Vec<_> = (0..40).map(|n| n / 20 * 500).map(|from| (from, from + 520)).collect();
        let text = said(&hung_up(run(&times, 40)), 20);
        assert!(!text.contains("Note"), "{text}");
    }

    fn hung_up(mut run: Run) -> Run {
        for exchange in &mut run.exchanges {
            exchange.end = exchange.end.map(|(at, _)| (at, Ending::HungUp));
        }
        run.counters.abandoned = run.exchanges.len();
        run
    }

    #[test]
    fn new_connection_for_each_request_is_pointed_out() {
        let text = said(&run(&rounds(194, 20, 95, 0), 194), 20);
        assert!(text.contains("client-per-request"), "{text}");
    }

    #[test]
    fn requests_for_no_flag_are_named() {
        let mut run = run(&rounds(2, 2, 95, 0), 2);
        run.exchanges[1].method = "POST".to_owned();
        assert!(said(&run, 2).contains(
            "The site saw 1 request for no flag of the plan, such as POST /flags/ae/ae.gif, answered 200 OK."
        ));
    }
}
