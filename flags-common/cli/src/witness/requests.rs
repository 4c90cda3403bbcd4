//! The demo site's log, read against the plan.

use std::collections::BTreeMap;
use std::time::Duration;

use flags_common::{CountryCode, Flag};

use crate::site::{Ending, Exchange, Run};

/// What the site saw last of the requests for a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastSeen {
    Waiting,
    Ended(Ending),
}

impl LastSeen {
    pub fn describe(self) -> String {
        match self {
            Self::Waiting => "a request waits at the site".to_owned(),
            Self::Ended(Ending::Answered(status)) => format!("the site answered {status}"),
            Self::Ended(Ending::HungUp) => "the client hung up before the answer".to_owned(),
        }
    }
}

/// The last that the site saw of each flag that was requested. `None` if there were too many requests
/// to keep them all.
pub(crate) fn by_flag(run: &Run) -> Option<BTreeMap<CountryCode, LastSeen>> {
    let seen = |exchange: &Exchange| {
        let last = exchange.end.map_or(LastSeen::Waiting, |(_, ending)| LastSeen::Ended(ending));
        Some((exchange.cc()?, last))
    };
    is_complete(run).then(|| run.exchanges.iter().filter_map(seen).collect())
}

/// Whether the log has every request.
pub(crate) fn is_complete(run: &Run) -> bool {
    run.exchanges.len() == run.counters.requests
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
    let mut changes = Vec::new();
    for Exchange { arrived, end, .. } in &run.exchanges {
        changes.push((*arrived, 1));
        changes.extend(end.map(|(at, ending)| match ending {
            Ending::Answered(_) => (at, -1),
            Ending::HungUp => (at.checked_sub(LATE).unwrap_or(at).max(*arrived), -1),
        }));
    }
    changes.sort_unstable();
    let mut now = 0_i64;
    changes
        .iter()
        .map(|(_, change)| {
            now += change;
            now
        })
        .max()
        .unwrap_or(0)
        .unsigned_abs() as usize
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
