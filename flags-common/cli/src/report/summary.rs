//! What is said at the end of a run, in a hang and after Ctrl-C, and the exit status.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Error, Result};
use flags_common::{CountryCode, Flag};

use super::codes::{CODES_PER_LINE, grouped, listed};
use super::counts::what_the_site_saw;
use super::hint::hint;
use super::threads::what_threads_do;
use super::verdict::disagreements;
use crate::claims::{Claim, cause, kind};
use crate::options::Canvas;
use crate::session::{Evidence, Moment, Recording, Session};
use crate::text::{counted, note};
use crate::timeline;
use crate::witness::disk::OnDisk;

/// Prints the summary and returns the exit status: success if every flag's file is there, every
/// result is `Ok`, the strategy returned `Ok`, and the picture could be drawn. `returned` is what the
/// strategy returned, `None` if it panicked, and when that was.
pub(crate) fn summarize(
    session: &Session,
    (returned, moment): (Option<Result<()>>, Moment),
) -> ExitCode {
    session.end();
    // Held until the exit: what is saved from here on would not be counted.
    std::mem::forget(flags_common::stop_saving());
    session.settle();
    let evidence = session.evidence(moment, true);
    session.screen.end_line();
    failures(session, &evidence).iter().for_each(note);
    if let Some(Err(error)) = &returned {
        report_error(error);
    }
    let remarks = remarks(session, &evidence);
    remarks.iter().for_each(note);
    what_the_site_saw(session, &evidence).iter().for_each(note);
    let drawn = draw(session, &evidence, &remarks);
    let drawn = drawn.map(|picture| picture.iter().for_each(note)).inspect_err(report_error);
    let saved = evidence.saved();
    if saved > 0 {
        note(format_args!("Saved in {}", session.dest_dir.join("").display()));
    }
    let seconds = evidence.elapsed.as_secs_f64();
    session.screen.line(&format!("{} in {seconds:.2}s", counted(saved, "download")));
    let is_claimed = |flag: &Flag| evidence.claims.by_flag.get(&flag.cc) == Some(&Claim::Saved);
    let succeeded = saved == session.flags.len()
        && session.flags.iter().all(is_claimed)
        && matches!(returned, Some(Ok(())))
        && drawn.is_ok();
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Says what is known of a run that a signal has stopped, while nothing is being saved. `threads` is what
/// they were in before: one that waits until it may save would look blocked.
pub(crate) fn interrupted(session: &Session, threads: Option<String>) {
    session.screen.interrupt();
    let evidence = session.evidence(session.now(), false);
    let (saved, all) = (evidence.saved(), session.flags.len());
    let mut lines = vec![format!("Interrupted: {saved} of {all} saved.")];
    lines.extend(failures(session, &evidence));
    let remarks = remarks(session, &evidence);
    lines.extend_from_slice(&remarks);
    lines.extend(threads);
    lines.extend(what_the_site_saw(session, &evidence));
    session.screen.tell(lines.join("\n"));
    match draw(session, &evidence, &remarks) {
        Ok(picture) => picture.iter().for_each(|picture| session.screen.tell(picture)),
        Err(error) => session.screen.tell(format_args!("error: {}", cause(&error))),
    }
}

/// Describes a hang: what has not happened for how long, and what is known.
pub(super) fn hanging(session: &Session, why: &str) {
    let evidence = session.evidence(session.now(), false);
    let drawn = if session.recording.is_some() { " and draws it" } else { "" };
    let mut lines = vec![why.to_owned()];
    lines.extend(failures(session, &evidence));
    lines.extend(remarks(session, &evidence));
    lines.extend(what_threads_do());
    lines.push(format!("Ctrl-C stops the run{drawn}."));
    session.screen.tell(lines.join("\n"));
}

/// Where claims and witnesses disagree, panics, and results that were not asked for.
fn remarks(session: &Session, evidence: &Evidence) -> Vec<String> {
    let mut lines = disagreements(session, evidence);
    if evidence.panics > 0 {
        lines.push(counted(evidence.panics, "panic"));
    }
    let ignored = [
        (evidence.claims.repeated, "for a flag that had one already"),
        (evidence.claims.unplanned, "for a flag that is not in the plan"),
    ];
    for (n, why) in ignored.into_iter().filter(|(n, _)| *n > 0) {
        lines.push(format!("Note: {} ignored: {why}.", counted(n, "result")));
    }
    lines
}

/// Draws the run, if that was asked for. Returns what to print: the picture, or where it is.
fn draw(session: &Session, evidence: &Evidence, remarks: &[String]) -> Result<Option<String>> {
    let Some(Recording { canvas, .. }) = &session.recording else { return Ok(None) };
    let run = timeline::of(session, evidence, remarks);
    let Canvas::File(file) = canvas else { return Ok(Some(timeline::picture(&run))) };
    file.write(&if file.is_json {
        run.to_json() + "\n"
    } else {
        timeline::svg(&[&run], &format!("Made with {} --timeline=FILE.svg", run.program))
    })?;
    Ok(Some(format!("Timeline written to {}", file.name.display())))
}

/// A request arrives at the site later than its time-out starts.
const LATE: Duration = Duration::from_millis(200);

/// The flags that are recorded as failed and not saved, by the kind of cause.
fn failures(session: &Session, evidence: &Evidence) -> Vec<String> {
    let is_missing = |cc| evidence.disk.get(cc) != Some(&OnDisk::Saved);
    let claims = evidence.claims.by_flag.iter();
    let failed = claims.filter(|(cc, it)| **it != Claim::Saved && is_missing(cc));
    let by_kind = failed.filter_map(|(cc, it)| Some((kind(it.cause()?), (it, *cc))));
    let mut lines = Vec::new();
    for (_, failed) in grouped(by_kind) {
        let codes: Vec<_> = failed.iter().map(|(_, cc)| *cc).collect();
        let flags = counted(codes.len(), "flag");
        match failed[0].0 {
            Claim::Failed(cause) => {
                lines.push(format!("{flags} failed: {cause}\n{}", listed(&codes, "  ")));
                let timed_out = longest(evidence, &codes) + LATE >= session.timeout;
                let hint = hint(cause, Some(session), timed_out);
                lines.extend(hint.map(|hint| format!("  {hint}")));
            }
            _ if codes.len() > CODES_PER_LINE => {
                lines.push(format!("{flags} not found (-v lists them)"));
            }
            _ => lines.push(format!("{flags} not found\n{}", listed(&codes, "  "))),
        }
    }
    lines
}

/// How long the longest request for one of these flags can have taken: at the demo site, or, with
/// another site, as long as the run.
fn longest(evidence: &Evidence, codes: &[CountryCode]) -> Duration {
    let Some(run) = &evidence.run else { return evidence.elapsed };
    let asked = run.exchanges.iter().filter(|it| it.cc().is_some_and(|cc| codes.contains(&cc)));
    let times = asked.filter_map(|it| Some(it.end?.0.saturating_duration_since(it.arrived)));
    times.max().unwrap_or_default()
}

/// Prints an error that ends the program.
pub(crate) fn report_error(error: &Error) {
    let cause = cause(error);
    note(format_args!("error: {cause}"));
    if let Some(hint) = hint(&cause, None, false) {
        note(format_args!("  {hint}"));
    }
}
