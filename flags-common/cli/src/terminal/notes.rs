//! Notes about a run that did not do what was asked, from what the demo site saw. A note is given
//! only where it is certain: never on correct code.

use std::time::Duration;

use crate::site::Counters;
use crate::text::counted;

/// A shorter answer may be over before the client has sent its next request, so that the site sees
/// one request at a time even of a concurrent client.
const LONG_ANSWER: Duration = Duration::from_millis(20);

/// `The site saw 20 connections and at most 20 requests at once.`, and what contradicts the plan.
///
/// `max_req` is the plan's. `all_answered` says whether every flag that was not saved was answered
/// with an HTTP status; otherwise clients may have hung up, and the site may have noticed late.
pub(super) fn what_the_site_saw(seen: &Counters, max_req: usize, all_answered: bool) -> String {
    let connections = counted(seen.connections, "connection");
    let requests = counted(seen.max_in_flight, "request");
    let mut text = match seen.requests {
        0 => format!("The site saw {connections} and no request"),
        _ => format!("The site saw {connections} and at most {requests} at once"),
    };
    let long_answers = seen.shortest_answer.is_some_and(|time| time >= LONG_ANSWER);
    let one_by_one = seen.max_in_flight == 1 && seen.requests > 1 && max_req > 1;
    if one_by_one && long_answers && seen.abandoned == 0 {
        text += ": each request waited for the one before";
    }
    text += ".";
    if seen.max_in_flight > max_req && all_answered && seen.abandoned == 0 {
        text += &format!(
            "\nNote: at most {max_req} at once were allowed (-m). Does each request start without \
             waiting for a free place?"
        );
    }
    // A correct client needs as many connections as it has requests in flight, and hyper opens a few
    // more where hundreds start at once.
    let enough = max_req.max(seen.max_in_flight);
    if seen.connections >= seen.requests && seen.requests >= 2 * enough && all_answered {
        text += "\nNote: each request came on a new connection, although the site keeps connections \
                 open. Is there a new client for each request?";
    }
    text
}

/// What it means that the strategy returned without a result for each flag.
pub(super) fn lost(seen: Option<&Counters>) -> &'static str {
    match seen {
        Some(Counters { requests: 0, .. }) => {
            "Note: no request was ever sent. Was a future created, or a task spawned, but never awaited?"
        }
        _ => "Note: was a task spawned but never awaited, or a result not recorded?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(connections: usize, requests: usize, max_in_flight: usize, ms: u64) -> Counters {
        let shortest_answer = Some(Duration::from_millis(ms));
        Counters { connections, requests, max_in_flight, shortest_answer, ..Counters::default() }
    }

    #[test]
    fn no_note_where_the_plan_was_kept() {
        for (connections, requests, max_in_flight, max_req, ms) in [
            (20, 20, 20, 20, 95),
            (1, 1, 1, 1, 95),         // -l 1
            (1, 20, 1, 1, 95),        // -m 1
            (20, 20, 1, 20, 0),       // --latency 0
            (20, 20, 2, 20, 1),       // --latency 1
            (100, 676, 9, 100, 0),    // -e -m 100
            (503, 676, 500, 500, 95), // hyper opens a few more
            (674, 676, 670, 670, 95),
        ] {
            let text =
                what_the_site_saw(&seen(connections, requests, max_in_flight, ms), max_req, true);
            assert!(!text.contains("Note") && !text.contains("waited"), "{text}");
        }
    }

    #[test]
    fn one_by_one_is_pointed_out() {
        assert_eq!(
            what_the_site_saw(&seen(1, 20, 1, 95), 20, true),
            "The site saw 1 connection and at most 1 request at once: each request waited for the \
             one before."
        );
    }

    #[test]
    fn more_at_once_than_allowed_is_pointed_out_unless_clients_gave_up() {
        let many = seen(194, 194, 194, 1000);
        assert!(
            what_the_site_saw(&many, 20, true).contains("at most 20 at once were allowed (-m)")
        );
        assert!(!what_the_site_saw(&many, 20, false).contains("allowed"));
        let given_up = Counters { abandoned: 1, ..many };
        assert!(!what_the_site_saw(&given_up, 20, true).contains("allowed"));
    }

    #[test]
    fn new_connection_for_each_request_is_pointed_out_unless_clients_gave_up() {
        let text = |all_answered| what_the_site_saw(&seen(194, 194, 20, 95), 20, all_answered);
        assert!(text(true).contains("a new client for each request?"), "{}", text(true));
        assert!(!text(false).contains("Note"), "{}", text(false));
    }
}
