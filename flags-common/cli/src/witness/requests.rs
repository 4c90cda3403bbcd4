//! The demo site's log, read against the plan.

use std::collections::BTreeMap;
use std::time::Duration;

use flags_common::Flag;

use crate::overlap::most_at_once;
use crate::site::{Ending, Exchange, Run};

/// What the site saw last of the requests for a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastSeen {
    NoRequest,
    Waiting,
    Ended(Ending),
}

/// What the site saw last of each flag of the plan, in its order. `None` if there were too many
/// requests to keep them all.
pub(crate) fn by_flag(run: &Run, plan: &[Flag]) -> Option<Vec<LastSeen>> {
    let seen = |it: &Exchange| Some((it.cc()?, it.end.map(|(_, ending)| ending)));
    let seen: BTreeMap<_, _> = run.exchanges.iter().filter_map(seen).collect();
    let last = |flag: &Flag| match seen.get(&flag.cc) {
        None => LastSeen::NoRequest,
        Some(None) => LastSeen::Waiting,
        Some(Some(ending)) => LastSeen::Ended(*ending),
    };
    (run.more_requests == 0).then(|| plan.iter().map(last).collect())
}

/// The requests for no flag of the plan.
pub(crate) fn others<'a>(run: &'a Run, plan: &[Flag]) -> Vec<&'a Exchange> {
    let planned = |it: &&Exchange| it.cc().is_some_and(|cc| plan.iter().any(|flag| flag.cc == cc));
    run.exchanges.iter().filter(|it| !planned(it)).collect()
}

/// The most requests that were at the site at the same time for certain. The site may notice late that
/// a client has hung up.
pub(crate) fn certainly_at_once(run: &Run) -> usize {
    const LATE: Duration = Duration::from_millis(50);
    let until = |it: &Exchange| match it.end? {
        (at, Ending::Answered(_)) => Some(at),
        (at, Ending::HungUp) => Some(at.checked_sub(LATE).unwrap_or(at).max(it.arrived)),
    };
    most_at_once(run.exchanges.iter().map(|it| (it.arrived, until(it))))
}

/// Whether each request began within 10 ms of the end of the one before, and took long enough to tell.
pub(crate) fn waited_for_the_one_before(run: &Run) -> bool {
    const SOON: Duration = Duration::from_millis(10);
    /// A shorter answer may be over before even a concurrent client has sent its next request.
    const LONG: Duration = Duration::from_millis(20);
    run.exchanges.len() > 1
        && run.exchanges.windows(2).all(|pair| match pair[0].end {
            Some((end, Ending::Answered(_))) => {
                let gap = pair[1].arrived.checked_duration_since(end);
                end - pair[0].arrived >= LONG && gap.is_some_and(|gap| gap <= SOON)
            }
            _ => false,
        })
}
