//! The end of a run: what is said of it, and the exit status.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Error, Result};
use flags_common::CountryCode;

use super::cause::{Cause, hint};
use super::notes;
use super::tally::Tally;
use crate::site::Counters;
use crate::text::{counted, note};

/// How a run ended.
pub(crate) struct Ending<'a> {
    /// What the strategy returned; `None` if it panicked.
    pub returned: Option<Result<()>>,
    /// Time from the start of the strategy to its end.
    pub elapsed: Duration,
    /// Panics on any thread.
    pub panics: usize,
    /// What the demo site saw, if it is in this process.
    pub site: Option<Counters>,
    /// The plan's limit.
    pub max_req: usize,
    /// Folder of the saved flags.
    pub dest_dir: &'a Path,
}

/// Prints the summary and returns the exit status: success if every flag was saved, the strategy
/// returned `Ok`, and the timeline was drawn.
pub(crate) fn summarize(tally: Tally, ending: Ending) -> ExitCode {
    let Ending { returned, elapsed, panics, site, max_req, dest_dir } = ending;
    tally.screen.finish();
    print_failures(&tally);
    if let Some(Err(error)) = &returned {
        report_error(error);
    }
    print_lost(&tally, &returned, panics, site.as_ref());
    if tally.repeated > 0 {
        let results = counted(tally.repeated, "result");
        note(format_args!(
            "Note: {results} ignored: for a flag that had one already, or is not in the plan."
        ));
    }
    if let Some(seen) = &site {
        note(notes::what_the_site_saw(seen, max_req, tally.all_answered));
    }
    let drawn = match &tally.recording {
        Some(recording) => recording.finish(elapsed, site.map(|seen| seen.connections)),
        None => Ok(()),
    };
    if let Err(error) = &drawn {
        report_error(error);
    }
    if tally.saved > 0 {
        note(format_args!("Saved in {}", dest_dir.join("").display()));
    }
    let downloads = counted(tally.saved, "download");
    tally.screen.line(format_args!("{downloads} in {:.2}s", elapsed.as_secs_f64()));
    let succeeded = tally.complete() && matches!(returned, Some(Ok(()))) && drawn.is_ok();
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn print_failures(tally: &Tally) {
    if let [first, ..] = &tally.not_found[..] {
        let flags = counted(tally.not_found.len(), "flag");
        let codes = tally.not_found.iter().map(|flag| flag.cc);
        let example = match tally.not_found.len() {
            1 => first.url.clone(),
            _ => format!("for example {}", first.url),
        };
        if tally.not_found.len() <= CODES_PER_LINE {
            note_codes(format_args!("{flags} not found: {example}"), codes);
        } else {
            note(format_args!("{flags} not found: {example} (-v lists them)"));
        }
    }
    for (cause, codes) in &tally.failures {
        let flags = counted(codes.len(), "flag");
        note_codes(format_args!("{flags} failed: {}", cause.text), codes.iter().copied());
        note_hint(&cause.text);
    }
}

/// Names the flags without a result, if any.
fn print_lost(
    tally: &Tally,
    returned: &Option<Result<()>>,
    panics: usize,
    site: Option<&Counters>,
) {
    if tally.missing.is_empty() {
        return;
    }
    let flags = counted(tally.missing.len(), "flag");
    let why = match returned {
        _ if panics > 0 => "no result, because of the panic",
        Some(Err(_)) => "no result, because of the error",
        _ => "the strategy returned without recording a result",
    };
    note_codes(format_args!("{flags} lost: {why}"), tally.missing.iter().copied());
    if panics == 0 && matches!(returned, Some(Ok(()))) {
        note(notes::lost(site));
    }
}

/// Prints an error that ends the program, and what to do about it.
pub(crate) fn report_error(error: &Error) {
    let cause = Cause::of(error).text;
    note(format_args!("error: {cause}"));
    note_hint(&cause);
}

fn note_hint(cause: &str) {
    if let Some(hint) = hint(cause) {
        note(format_args!("  {hint}"));
    }
}

/// Number of codes that fit in 80 columns.
const CODES_PER_LINE: usize = 25;

/// Prints a heading and, indented, the codes that it is about.
fn note_codes(heading: impl Display, codes: impl IntoIterator<Item = CountryCode>) {
    let codes: Vec<_> = codes.into_iter().map(|cc| cc.to_string()).collect();
    let lines: Vec<_> = codes.chunks(CODES_PER_LINE).map(|line| line.join(" ")).collect();
    note(format_args!("{heading}\n  {}", lines.join("\n  ")));
}
