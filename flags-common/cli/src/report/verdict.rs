//! Claim and disk side by side, flag by flag: where they do not agree. Fixed words, each whole in this
//! file; below them, what the site and the calls saw.

use std::collections::BTreeMap;

use flags_common::CountryCode;

use super::codes::{grouped, listed};
use crate::claims::{Cause, Claim, Claims};
use crate::session::Session;
use crate::site::Ending;
use crate::witness::Evidence;
use crate::witness::calls::{Call, Function, Targets};
use crate::witness::disk::OnDisk;
use crate::witness::requests::last_requests;

/// Whether the run is over, or still goes on.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Stage {
    Over,
    Running,
}

/// The headline for a flag, unless claim and witnesses say that it is saved, or that it failed.
/// `requested` is `Some(false)` if the site saw no request for it.
fn headline(
    claim: Option<&Claim>,
    disk: OnDisk,
    requested: Option<bool>,
    stage: Stage,
) -> Option<&'static str> {
    use OnDisk::{Missing, Old, Other, Saved};
    Some(match (claim, disk) {
        (None, Saved) if stage == Stage::Over => "Saved, but report.record was not called",
        (None, Saved) => "Saved, but report.record was not called yet",
        (None, _) if stage == Stage::Over => "Neither recorded nor saved",
        (None, _) => "Not done yet",
        (Some(Claim::Saved), Saved) if requested == Some(false) => {
            "Saved, but the site saw no request"
        }
        (Some(Claim::Saved), Missing) => "Recorded as saved, but there is no file",
        (Some(Claim::Saved), Old | Other) => {
            "Recorded as saved, but the file is old or not that flag"
        }
        (Some(Claim::NotFound | Claim::Failed(_)), Saved) => {
            "Recorded as failed, but the file is there"
        }
        _ => return None,
    })
}

/// The headlines with their flags, or nothing if all is as it should be.
pub(super) fn disagreements(
    session: &Session,
    claims: &Claims,
    evidence: &Evidence,
    stage: Stage,
) -> Vec<String> {
    let requests = evidence.run.as_ref().map(last_requests);
    let targets = Targets::of(&session.flags);
    let calls = evidence.calls.as_ref().map(|recorded| -> BTreeMap<_, _> {
        recorded.calls.iter().filter_map(|call| Some((targets.flag(call)?, call))).collect()
    });
    let flags = session.flags.iter().filter_map(|flag| {
        let requested = requests.as_ref().map(|it| it.contains_key(&flag.cc));
        let disk = evidence.disk.get(&flag.cc).copied().unwrap_or(OnDisk::Missing);
        let headline = headline(claims.by_flag.get(&flag.cc), disk, requested, stage)?;
        let site = requests.as_ref().map(|it| match it.get(&flag.cc) {
            None => "no request".to_owned(),
            Some(None) => "no answer".to_owned(),
            Some(Some(Ending::HungUp)) => "no answer, the client left".to_owned(),
            Some(Some(Ending::Answered(status))) => status.to_string(),
        });
        let recorded = match claims.by_flag.get(&flag.cc) {
            Some(Claim::Failed(cause)) => Some(cause.clone()),
            _ => None,
        };
        let calls = calls.as_ref().map(|calls| calls.get(&flag.cc).copied());
        // While a run goes on, a list of the flags that nobody has asked for yet helps nobody.
        let begun = requested == Some(true) || calls.is_some_and(|call| call.is_some());
        let named = stage == Stage::Over || begun;
        let seen = Seen { recorded, site, call: calls.map(describe), named };
        Some(((headline, seen), flag.cc))
    });
    let mut groups: Vec<(&str, Vec<Row>)> = Vec::new();
    for ((headline, seen), codes) in grouped(flags) {
        match groups.iter_mut().find(|(known, _)| *known == headline) {
            Some((_, rows)) => rows.push((seen, codes)),
            None => groups.push((headline, vec![(seen, codes)])),
        }
    }
    groups.iter().map(|(headline, rows)| table(headline, rows)).collect()
}

/// What was seen, and of which flags.
type Row = (Seen, Vec<CountryCode>);

/// What the strategy says of a flag, and what site and calls saw of it.
#[derive(PartialEq)]
struct Seen {
    /// Why the flag is recorded as failed, if it is.
    recorded: Option<Cause>,
    site: Option<String>,
    /// Only with `--timeline`.
    call: Option<&'static str>,
    /// Whether the flags are named, or only counted.
    named: bool,
}

/// The last call for a flag. Whether it returned, panicked or was dropped, its span does not say.
fn describe(last: Option<&Call>) -> &'static str {
    match last.map(|call| (call.function, call.end)) {
        None => "none",
        Some((Function::GetFlag, None)) => "get_flag, not ended",
        Some((Function::GetFlag, Some(_))) => "get_flag ended",
        Some((Function::SaveFlag, None)) => "save_flag, not ended",
        Some((Function::SaveFlag, Some(_))) => "save_flag ended",
    }
}

/// A headline with its count and, below it, a row for each group of flags: their number, their codes,
/// and what was seen of them.
fn table(headline: &str, rows: &[Row]) -> String {
    let count: usize = rows.iter().map(|(_, codes)| codes.len()).sum();
    let mut text = format!("{headline} ({count})");
    let codes = |codes: &[CountryCode]| listed(codes, "");
    let named = rows.iter().filter(|(seen, _)| seen.named);
    let width = named.map(|(_, codes)| 3 * codes.len() - 1).max().unwrap_or(0);
    let seen = |seen: &Seen| {
        let recorded = seen.recorded.as_ref().map(|cause| format!("recorded: {}", cause.text));
        let site = seen.site.as_ref().map(|site| format!("site: {site}"));
        let call = seen.call.map(|call| format!("last call: {call}"));
        recorded.into_iter().chain(site).chain(call).collect::<Vec<_>>().join("   ")
    };
    let widest = rows.iter().map(|(it, _)| seen(it).len()).max().unwrap_or(0);
    let in_a_line = width + widest + "999     ".len() <= 80;
    for (facts, flags) in rows {
        let (n, facts, named) = (flags.len(), seen(facts), facts.named);
        let row = match named {
            true if in_a_line => format!("{n:3}  {:width$}   {facts}", codes(flags)),
            true => format!("{n:3}  {facts}\n{}", listed(flags, "     ")),
            false => format!("{n:3}  {facts}"),
        };
        text += &format!("\n{}", row.trim_end());
    }
    text
}
