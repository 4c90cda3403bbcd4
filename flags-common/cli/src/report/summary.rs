//! The end of a run: what is said of it, and the exit status.

use std::process::ExitCode;

use anyhow::{Error, Result};

use super::cause::{Cause, Circumstances, hint};
use super::codes::{CODES_PER_LINE, grouped, listed};
use super::notes::what_the_site_saw;
use super::tally::{Claim, Claims};
use super::verdict::{disagreements, without_result};
use crate::session::Session;
use crate::text::{counted, note};
use crate::timeline;
use crate::witness::Evidence;
use crate::witness::threads::snapshot;

/// Prints the summary and returns the exit status: success if every flag's file is there, every
/// result is `Ok`, the strategy returned `Ok`, and the picture could be drawn. `returned` is what the
/// strategy returned; `None` if it panicked.
pub(crate) fn summarize(session: &Session, returned: Option<Result<()>>) -> ExitCode {
    session.end();
    let _stopped = flags_common::stop_saving(); // what is saved from here on would not be counted
    let evidence = session.evidence();
    session.screen.finish();
    let claims = session.claims();
    print_failures(session, &claims);
    if let Some(Err(error)) = &returned {
        report_error(error);
    }
    disagreements(session, &claims, &evidence).iter().for_each(note);
    if evidence.panics > 0 {
        note(format_args!("{}, reported above", counted(evidence.panics, "panic")));
    }
    print_unexpected(&claims);
    if let Some(run) = &evidence.run {
        note(what_the_site_saw(run, session.max_req, &session.flags));
    }
    let claimed = session.flags.iter().all(|it| claims.by_flag.get(&it.cc) == Some(&Claim::Saved));
    drop(claims);
    let drawn = draw(session, &evidence);
    let saved = evidence.saved();
    if saved > 0 {
        note(format_args!("Saved in {}", session.dest_dir.join("").display()));
    }
    let seconds = evidence.elapsed.as_secs_f64();
    session.screen.line(format_args!("{} in {seconds:.2}s", counted(saved, "download")));
    let succeeded = saved == session.flags.len()
        && claimed
        && matches!(returned, Some(Ok(())))
        && drawn.is_ok();
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Says what is known of a run that a signal has stopped.
pub(crate) fn interrupted(session: &Session) {
    let evidence = session.evidence();
    session.screen.interrupt();
    let (saved, all) = (evidence.saved(), session.flags.len());
    note(format_args!("Interrupted: {saved} of {all} saved."));
    without_result(session, &evidence).iter().for_each(note);
    snapshot().iter().for_each(note);
    if let Some(run) = &evidence.run {
        note(what_the_site_saw(run, session.max_req, &session.flags));
    }
    _ = draw(session, &evidence);
}

/// Draws the run, if that was asked for.
fn draw(session: &Session, evidence: &Evidence) -> Result<()> {
    let Some(recording) = &session.recording else { return Ok(()) };
    let drawn = recording.canvas.draw(&timeline::of(session, evidence));
    drawn.inspect_err(report_error)
}

fn print_failures(session: &Session, claims: &Claims) {
    let run = Circumstances { demo: session.demo.is_some(), max_req: session.max_req };
    let failures = claims.by_flag.iter().filter(|(_, claim)| **claim != Claim::Saved);
    for (claim, codes) in grouped(failures.map(|(cc, claim)| (claim, *cc))) {
        let flags = counted(codes.len(), "flag");
        match claim {
            Claim::Failed(cause) => {
                note(listed(format_args!("{flags} failed: {}", cause.text), &codes));
                note_hint(hint(&cause.text, Some(run)));
            }
            _ if codes.len() <= CODES_PER_LINE => {
                note(listed(format_args!("{flags} not found"), &codes));
            }
            _ => note(format_args!("{flags} not found (-v lists them)")),
        }
    }
}

fn print_unexpected(claims: &Claims) {
    for (n, why) in [
        (claims.repeated, "for a flag that had one already"),
        (claims.unplanned, "for a flag that is not in the plan"),
    ] {
        if n > 0 {
            note(format_args!("Note: {} ignored: {why}.", counted(n, "result")));
        }
    }
}

/// Prints an error that ends the program.
pub(crate) fn report_error(error: &Error) {
    let cause = Cause::of(error).text;
    note(format_args!("error: {cause}"));
    note_hint(hint(&cause, None));
}

fn note_hint(hint: Option<&str>) {
    if let Some(hint) = hint {
        note(format_args!("  {hint}"));
    }
}
