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

    use flags_common::StatusCode;

    use super::*;
    use crate::site::Counters;

    /// Start and end of each request, in milliseconds.
    type Times = Vec<(u64, u64)>;

    /// `n` requests, `at_once` at a time, of `ms` each, with a pause before each round.
    fn rounds(n: u64, at_once: u64, ms: u64, pause: u64) -> Times {
        (0..n).map(|it| it / at_once * (ms + pause)).map(|from| (from, from + ms)).collect()
    }

    /// What is said of these requests on a number of connections.
    fn said(times: Times, connections: usize, max_req: usize, ending: Ending) -> String {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let exchange = |(from, to)| Exchange {
            connection: 0,
            method: "GET".to_owned(),
            target: String::new(),
            client: String::new(),
            arrived: at(from),
            end: Some((at(to), ending)),
        };
        let exchanges: Vec<_> = times.into_iter().map(exchange).collect();
        let mut run = Run { exchanges, ..Run::default() };
        let requests = run.exchanges.len();
        let max_in_flight = certainly_at_once(&run);
        let abandoned = if ending == Ending::HungUp { requests } else { 0 };
        run.counters =
            Counters { connections, requests, max_in_flight, abandoned, ..Counters::default() };
        what_the_site_saw(&run, max_req, &[])
    }

    #[test]
    fn only_what_is_not_as_planned_is_noted() {
        const ONE_BY_ONE: &str = "at most 1 at once: each request waited for the one before.";
        const TOO_MANY: &str = "Note: -m allows 20 at once.";
        const NEW_CONNECTIONS: &str = "Note: each request came on a new connection";
        let answered = Ending::Answered(StatusCode::OK);
        // The site notices late that the first round has hung up.
        let overlapping = (0..40).map(|n| n / 20 * 500).map(|from| (from, from + 520)).collect();
        for (times, connections, max_req, ending, noted) in [
            (rounds(20, 20, 95, 0), 20, 20, answered, None),
            (rounds(1, 1, 95, 0), 1, 1, answered, None), // -l 1
            (rounds(20, 1, 95, 0), 1, 1, answered, None), // -m 1
            (rounds(20, 1, 1, 1), 20, 20, answered, None), // --latency 1
            (rounds(20, 1, 95, 50), 20, 20, answered, None), // a rate limit
            (rounds(100, 50, 95, 0), 53, 50, answered, None),
            (overlapping, 40, 20, Ending::HungUp, None),
            (rounds(20, 1, 95, 2), 1, 20, answered, Some(ONE_BY_ONE)),
            (rounds(194, 194, 1000, 0), 194, 20, answered, Some(TOO_MANY)),
            (rounds(194, 194, 1000, 0), 194, 20, Ending::HungUp, Some(TOO_MANY)),
            (rounds(194, 20, 95, 0), 194, 20, answered, Some(NEW_CONNECTIONS)),
        ] {
            let text = said(times, connections, max_req, ending);
            match noted {
                Some(noted) => assert!(text.contains(noted), "{text}"),
                None => assert!(!text.contains("Note") && !text.contains("waited"), "{text}"),
            }
        }
    }
}
