//! What is said at the end of a run, in a hang and after Ctrl-C, and the exit status.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Error, Result};
use flags_common::CountryCode;

use super::codes::{CODES_PER_LINE, grouped, listed};
use super::counts::what_the_site_saw;
use super::hint::{Circumstances, hint};
use super::threads::what_threads_do;
use super::verdict::{Stage, disagreements};
use crate::claims::{Cause, Claim, Claims};
use crate::options::Canvas;
use crate::session::{Moment, Recording, Session};
use crate::text::{counted, note};
use crate::timeline::{self, Timeline};
use crate::witness::Evidence;
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
    let evidence = session.evidence(moment);
    session.screen.finish();
    let claims = session.ledger.read();
    failures(session, &claims, &evidence).iter().for_each(note);
    if let Some(Err(error)) = &returned {
        report_error(error);
    }
    disagreements(session, &claims, &evidence, Stage::Over).iter().for_each(note);
    if evidence.panics > 0 {
        note(format_args!("{}, reported above", counted(evidence.panics, "panic")));
    }
    unexpected(&claims).iter().for_each(note);
    if let Some(run) = &evidence.run {
        note(what_the_site_saw(session, &evidence, run));
    }
    let claimed = session.flags.iter().all(|it| claims.by_flag.get(&it.cc) == Some(&Claim::Saved));
    let drawn = draw(session, &claims, &evidence).map(|picture| picture.iter().for_each(note));
    drop(claims);
    let drawn = drawn.inspect_err(report_error);
    let saved = evidence.saved();
    if saved > 0 {
        note(format_args!("Saved in {}", session.dest_dir.join("").display()));
    }
    let seconds = evidence.elapsed.as_secs_f64();
    session.screen.line(&format!("{} in {seconds:.2}s", counted(saved, "download")));
    let succeeded = saved == session.flags.len()
        && claimed
        && matches!(returned, Some(Ok(())))
        && drawn.is_ok();
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Says what is known of a run that a signal has stopped. Nothing is being saved.
pub(crate) fn interrupted(session: &Session) {
    session.screen.interrupt();
    let evidence = session.evidence(session.now());
    let (saved, all) = (evidence.saved(), session.flags.len());
    let mut lines = vec![format!("Interrupted: {saved} of {all} saved.")];
    let claims = session.ledger.read();
    lines.extend(known(session, &claims, &evidence));
    lines.extend(evidence.run.as_ref().map(|run| what_the_site_saw(session, &evidence, run)));
    session.screen.tell(lines.join("\n"));
    match draw(session, &claims, &evidence) {
        Ok(picture) => picture.iter().for_each(|picture| session.screen.tell(picture)),
        Err(error) => session.screen.tell(format_args!("error: {}", Cause::of(&error).text)),
    }
}

/// Describes a hang: what has not happened for how long, and what is known.
pub(super) fn hanging(session: &Session, why: &str) {
    let evidence = session.evidence(session.now());
    let mut lines = vec![why.to_owned()];
    lines.extend(known(session, &session.ledger.read(), &evidence));
    let drawn = if session.recording.is_some() { " and draws it" } else { "" };
    lines.push(format!("Ctrl-C stops the run{drawn}."));
    session.screen.tell(lines.join("\n"));
}

/// What is known of a run that still goes on.
fn known(session: &Session, claims: &Claims, evidence: &Evidence) -> Vec<String> {
    let mut lines = failures(session, claims, evidence);
    let disagreements = disagreements(session, claims, evidence, Stage::Running);
    let agreed = disagreements.is_empty();
    lines.extend(disagreements);
    if agreed {
        let saved = evidence.saved() == session.flags.len();
        let saved = if saved { " and saved" } else { "" };
        let flags = counted(session.flags.len(), "flag");
        lines.push(format!("All {flags} are recorded{saved}; download_many has not returned."));
    }
    lines.extend(unexpected(claims));
    lines.extend(what_threads_do());
    lines
}

/// Draws the run, if that was asked for. Returns what to print: the picture, or where it is.
fn draw(session: &Session, claims: &Claims, evidence: &Evidence) -> Result<Option<String>> {
    let Some(Recording { canvas, .. }) = &session.recording else { return Ok(None) };
    let run: Timeline = timeline::of(session, claims, evidence);
    let Canvas::File(file) = canvas else { return Ok(Some(timeline::picture(&run))) };
    file.write(&if file.is_json {
        run.to_json() + "\n"
    } else {
        timeline::svg(&[&run], &format!("Made with {} --timeline=FILE.svg", run.program))
    })?;
    Ok(Some(format!("Timeline written to {}", file.name.display())))
}

/// The flags that are recorded as failed and not saved, by cause.
fn failures(session: &Session, claims: &Claims, evidence: &Evidence) -> Vec<String> {
    let is_missing = |cc| evidence.disk.get(cc) != Some(&OnDisk::Saved);
    let failed = claims.by_flag.iter().filter(|(cc, it)| **it != Claim::Saved && is_missing(cc));
    let mut lines = Vec::new();
    for (claim, codes) in grouped(failed.map(|(cc, claim)| (claim, *cc))) {
        let flags = counted(codes.len(), "flag");
        match claim {
            Claim::Failed(cause) => {
                lines.push(format!("{flags} failed: {}\n{}", cause.text, listed(&codes, "  ")));
                let run = Circumstances {
                    demo: session.demo.is_some(),
                    max_req: session.max_req,
                    timed_out: longest(evidence, &codes) * 2 >= session.timeout,
                };
                lines.extend(hint(&cause.text, Some(run)).map(|hint| format!("  {hint}")));
            }
            _ if codes.len() <= CODES_PER_LINE => {
                lines.push(format!("{flags} not found\n{}", listed(&codes, "  ")));
            }
            _ => lines.push(format!("{flags} not found (-v lists them)")),
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

fn unexpected(claims: &Claims) -> Vec<String> {
    let results = [
        (claims.repeated, "for a flag that had one already"),
        (claims.unplanned, "for a flag that is not in the plan"),
    ];
    let ignored = |(n, why)| format!("Note: {} ignored: {why}.", counted(n, "result"));
    results.into_iter().filter(|(n, _)| *n > 0).map(ignored).collect()
}

/// Prints an error that ends the program.
pub(crate) fn report_error(error: &Error) {
    let cause = Cause::of(error).text;
    note(format_args!("error: {cause}"));
    if let Some(hint) = hint(&cause, None) {
        note(format_args!("  {hint}"));
    }
}
