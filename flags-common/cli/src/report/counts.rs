//! What the demo site counted.

use crate::options::is_sequential;
use crate::session::{Evidence, Session};
use crate::site::{Ending, Exchange};
use crate::text::{clean, counted};
use crate::witness::requests::at_once;

/// `The site saw 20 requests on 20 connections, at most 6 at once; -m allows 3.`, and the requests that
/// were given up, or were for something else.
pub(super) fn what_the_site_saw(session: &Session, evidence: &Evidence) -> Option<String> {
    let run = evidence.run.as_ref()?;
    let calls = evidence.calls.as_ref().map_or(&[][..], |recorded| &recorded.calls);
    let is_planned =
        |it: &&Exchange| it.cc().is_some_and(|cc| session.flags.iter().any(|flag| flag.cc == cc));
    let (planned, others): (Vec<_>, Vec<_>) = run.exchanges.iter().partition(is_planned);
    let most = at_once(&planned, calls, session.started);
    let requests = match run.exchanges.len() {
        0 => "no request".to_owned(),
        n => counted(n, "request"),
    };
    let mut text = format!("The site saw {requests}");
    if run.counters.connections > 0 {
        text += &format!(" on {}", counted(run.counters.connections, "connection"));
    }
    if run.exchanges.len() > 1 && most > 0 {
        let which = if others.is_empty() { "," } else { ".\nFor flags of the plan," };
        text += &format!("{which} at most {most} at once");
        if most > session.max_req && !is_sequential() {
            text += &format!("; -m allows {}", session.max_req);
        }
    }
    text += ".";
    let given_up = |it: &&Exchange| matches!(it.end, Some((_, Ending::HungUp)));
    let were = |n: usize| format!("\n{n} {}", if n == 1 { "was" } else { "were" });
    match run.exchanges.iter().filter(given_up).count() {
        0 => {}
        n => text += &format!("{} given up by the client.", were(n)),
    }
    if let [first, rest @ ..] = &others[..] {
        let first_of = if rest.is_empty() { "" } else { ", the first" };
        text += &format!("{} for something else{first_of}: ", were(others.len()));
        text += &clean(&format!("{} {}", first.method, first.target));
        if let Some((_, Ending::Answered(status))) = first.end {
            text += &format!(", {status}");
        }
        text += ".";
    }
    Some(text)
}
