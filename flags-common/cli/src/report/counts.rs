//! What the demo site counted.

use crate::options::is_sequential;
use crate::session::Session;
use crate::site::{Ending, Exchange, Run};
use crate::text::{clean, counted};
use crate::witness::Evidence;
use crate::witness::requests::{at_once, divided};

/// `The site saw 20 requests on 20 connections, at most 6 at once; -m allows 3.`, and the requests that
/// were given up, or were for something else.
pub(super) fn what_the_site_saw(session: &Session, evidence: &Evidence, run: &Run) -> String {
    let calls = evidence.calls.as_ref().map_or(&[][..], |recorded| &recorded.calls);
    let (planned, others) = divided(run, &session.flags);
    let most = at_once(&planned, calls, session.started);
    let limit = Some(session.max_req).filter(|_| !is_sequential());
    said(run, most, limit, &others)
}

/// `most` is the number of requests at once for flags of the plan, and `limit` what `-m` allows.
fn said(run: &Run, most: usize, limit: Option<usize>, others: &[&Exchange]) -> String {
    let connections = counted(run.counters.connections, "connection");
    let requests = counted(run.exchanges.len(), "request");
    let mut text = match (run.exchanges.len(), run.counters.connections) {
        (0, 0) => "The site saw no request.".to_owned(),
        (0, _) => format!("The site saw {connections} and no request."),
        (1, _) => format!("The site saw {requests} on {connections}."),
        _ => {
            let limit = limit.filter(|limit| most > *limit);
            let limit = limit.map_or(String::new(), |limit| format!("; -m allows {limit}"));
            let which = if others.is_empty() { ", " } else { ".\nFor flags of the plan, " };
            let at_once = format!("{which}at most {most} at once{limit}");
            let at_once = if most == 0 { "" } else { &at_once };
            format!("The site saw {requests} on {connections}{at_once}.")
        }
    };
    let given_up = |it: &&Exchange| matches!(it.end, Some((_, Ending::HungUp)));
    let were = |n: usize| format!("{n} {}", if n == 1 { "was" } else { "were" });
    match run.exchanges.iter().filter(given_up).count() {
        0 => {}
        n => text += &format!("\n{} given up by the client.", were(n)),
    }
    let first_of = if others.len() > 1 { ", the first" } else { "" };
    if let [first, ..] = others {
        text += &format!(
            "\n{} for something else{}: {}.",
            were(others.len()),
            first_of,
            describe(first)
        );
    }
    text
}

/// `POST /x, 405 Method Not Allowed`.
fn describe(exchange: &Exchange) -> String {
    let request = clean(&format!("{} {}", exchange.method, exchange.target));
    match exchange.end {
        Some((_, Ending::Answered(status))) => format!("{request}, {status}"),
        _ => request,
    }
}
