//! Claim and disk side by side, flag by flag: where they do not agree. Fixed words, each whole in this
//! file; below them, what the site and the calls saw.

use std::collections::BTreeMap;

use flags_common::CountryCode;

use super::codes::{CODES_PER_LINE, grouped, listed};
use crate::claims::Claim;
use crate::session::{Evidence, Session};
use crate::site::{Ending, Exchange};
use crate::text::counted;
use crate::witness::calls::{Call, Function};
use crate::witness::disk::OnDisk;
use crate::witness::requests::Targets;

/// The headline for a flag, unless claim and witnesses say that it is saved, or that it failed.
/// `requested` is `Some(false)` if the site saw no request for it.
fn headline(
    claim: Option<&Claim>,
    disk: OnDisk,
    requested: Option<bool>,
    over: bool,
) -> Option<&'static str> {
    use OnDisk::{Missing, Old, Other, Saved};
    Some(match (claim, disk) {
        (None, Saved) if over => "Saved, but report.record was not called",
        (None, Saved) => "Saved, but report.record was not called yet",
        (None, _) if over => "Neither recorded nor saved",
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

/// The headlines with their flags. If all is as it should be, nothing or, while the run goes on, that.
pub(super) fn disagreements(session: &Session, evidence: &Evidence) -> Vec<String> {
    let ending = |it: &Exchange| Some((it.cc()?, it.end.map(|(_, ending)| ending)));
    let requests = evidence.run.as_ref().map(|run| -> BTreeMap<_, _> {
        run.exchanges.iter().filter_map(ending).collect() // the last one for each flag
    });
    let targets = Targets::of(&session.flags);
    let calls = evidence.calls.as_ref().map(|recorded| -> BTreeMap<_, _> {
        recorded.calls.iter().filter_map(|call| Some((targets.flag(call)?, call))).collect()
    });
    let flags = session.flags.iter().filter_map(|flag| {
        let claim = evidence.claims.by_flag.get(&flag.cc);
        let request = requests.as_ref().map(|it| it.get(&flag.cc));
        let disk = evidence.disk.get(&flag.cc).copied().unwrap_or(OnDisk::Missing);
        let headline = headline(claim, disk, request.map(|it| it.is_some()), evidence.over)?;
        let call = calls.as_ref().map(|calls| calls.get(&flag.cc).copied());
        let facts = [
            claim.and_then(Claim::cause).map(|cause| format!("recorded: {cause}")),
            request.map(|request| format!("site: {}", describe_request(request.copied()))),
            call.map(|call| format!("last call: {}", describe_call(call))),
        ];
        let facts: Vec<_> = facts.into_iter().flatten().collect();
        // While a run goes on, a list of the flags that nobody has asked for yet helps nobody.
        let begun = request.flatten().is_some() || call.flatten().is_some();
        let named = evidence.over || begun;
        Some((headline, ((facts.join("   "), named), flag.cc)))
    });
    let mut tables = Vec::new();
    for (headline, flags) in grouped(flags) {
        let mut table = format!("{headline} ({})", flags.len());
        for ((facts, named), codes) in grouped(flags.into_iter()) {
            table += &row(&facts, &codes, named);
        }
        tables.push(table);
    }
    if tables.is_empty() && !evidence.over {
        let saved = evidence.saved() == session.flags.len();
        let saved = if saved { " and saved" } else { "" };
        let flags = counted(session.flags.len(), "flag");
        tables.push(format!("All {flags} are recorded{saved}; download_many has not returned."));
    }
    tables
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
