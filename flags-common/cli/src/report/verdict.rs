//! Claim and disk side by side, flag by flag: where they do not agree. Fixed words, each whole in this
//! file; below them, what the site and the calls saw.

use std::collections::BTreeMap;

use flags_common::CountryCode;

use super::codes::{CODES_PER_LINE, grouped, listed};
use crate::claims::{Claim, Claims};
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
        let claim = claims.by_flag.get(&flag.cc);
        let request = requests.as_ref().map(|it| it.get(&flag.cc));
        let disk = evidence.disk.get(&flag.cc).copied().unwrap_or(OnDisk::Missing);
        let headline = headline(claim, disk, request.map(|it| it.is_some()), stage)?;
        let call = calls.as_ref().map(|calls| calls.get(&flag.cc).copied());
        let facts = [
            claim.and_then(Claim::cause).map(|cause| format!("recorded: {cause}")),
            request.map(|request| format!("site: {}", describe_request(request.copied()))),
            call.map(|call| format!("last call: {}", describe_call(call))),
        ];
        let facts: Vec<_> = facts.into_iter().flatten().collect();
        // While a run goes on, a list of the flags that nobody has asked for yet helps nobody.
        let begun = request.flatten().is_some() || call.flatten().is_some();
        Some(((headline, facts.join("   "), stage == Stage::Over || begun), flag.cc))
    });
    let mut tables: Vec<(&str, usize, String)> = Vec::new();
    for ((headline, facts, named), codes) in grouped(flags) {
        let row = row(&facts, &codes, named);
        match tables.iter_mut().find(|(known, ..)| *known == headline) {
            Some((_, count, rows)) => {
                *count += codes.len();
                rows.push_str(&row);
            }
            None => tables.push((headline, codes.len(), row)),
        }
    }
    let table = |(headline, count, rows)| format!("{headline} ({count}){rows}");
    tables.into_iter().map(table).collect()
}

/// The last request for a flag, and how it ended, if it has.
fn describe_request(last: Option<Option<Ending>>) -> String {
    match last {
        None => "no request".to_owned(),
        Some(None) => "no answer".to_owned(),
        Some(Some(Ending::HungUp)) => "no answer, the client left".to_owned(),
        Some(Some(Ending::Answered(status))) => status.to_string(),
    }
}

/// The last call for a flag. Whether it returned, panicked or was dropped, its span does not say.
fn describe_call(last: Option<&Call>) -> &'static str {
    match last.map(|call| (call.function, call.end)) {
        None => "none",
        Some((Function::GetFlag, None)) => "get_flag, not ended",
        Some((Function::GetFlag, Some(_))) => "get_flag ended",
        Some((Function::SaveFlag, None)) => "save_flag, not ended",
        Some((Function::SaveFlag, Some(_))) => "save_flag ended",
    }
}

/// A row: how many flags, which, if they are named, and what was seen of them.
fn row(facts: &str, codes: &[CountryCode], named: bool) -> String {
    let n = codes.len();
    let line = format!("\n{n:3}  {}   {facts}", listed(codes, ""));
    let row = match named {
        false => format!("\n{n:3}  {facts}"),
        true if n <= CODES_PER_LINE && line.len() <= 80 => line,
        true => format!("\n{n:3}  {facts}\n{}", listed(codes, "     ")),
    };
    row.trim_end().to_owned()
}
