//! The watch: keeps the progress bar up to date, and describes a hang while it lasts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use flags_common::CountryCode;
use tokio::runtime::Handle;
use tokio::time::interval;

use super::codes::{grouped, indented};
use crate::session::Session;
use crate::text::counted;
use crate::witness::Evidence;
use crate::witness::calls::{Function, Recorded, save_target};
use crate::witness::disk::OnDisk;
use crate::witness::requests;
use crate::witness::threads::snapshot;

/// Starts to watch the run, on `background`.
pub(crate) fn watch(background: &Handle, session: &Arc<Session>) {
    let session = Arc::clone(session);
    let mut watch = Watch { files: 0, last_file: session.started, patience: 1 };
    background.spawn(async move {
        let mut interval = interval(Duration::from_millis(100));
        loop {
            interval.tick().await;
            if session.is_ending() {
                return;
            }
            session.screen.refresh();
            if let Some(why) = watch.hang(&session) {
                describe(&session, &why);
            }
        }
    });
}

/// What was seen of the files so far.
struct Watch {
    /// Number of new files.
    files: usize,
    /// When that number was seen to change.
    last_file: Instant,
    /// Grows with each hang that was described, so that slow work is not described again and again.
    patience: u32,
}

/// After this long without a result, the files are watched.
const QUIET: Duration = Duration::from_millis(500);
/// Without requests, results and files for this long, a run hangs.
const STILL: Duration = Duration::from_secs(2);
/// Without results and files for this long, a run hangs, whatever its requests do.
const FRUITLESS: Duration = Duration::from_secs(10);

impl Watch {
    /// What has not happened for how long, if that is long enough.
    fn hang(&mut self, session: &Session) -> Option<String> {
        let last_result = session.claims().last.unwrap_or(session.started);
        if last_result.elapsed() < QUIET {
            return None;
        }
        let files = session.new_files();
        if files != std::mem::replace(&mut self.files, files) {
            self.last_file = Instant::now();
        }
        let fruitless = last_result.max(self.last_file).elapsed();
        let long = |time: Duration, limit: Duration| time >= limit * self.patience;
        let still = match session.demo.as_ref().map(|site| site.activity()) {
            Some((0, last_event)) => last_event.map_or(fruitless, |at| at.elapsed().min(fruitless)),
            _ => Duration::ZERO,
        };
        // Nothing is known of the requests to another process's site, but each ends with its time-outs.
        let fruitless_limit = match session.demo {
            Some(_) => FRUITLESS,
            None => STILL + session.timeout.saturating_mul(3),
        };
        let (time, what) = if long(still, STILL) {
            (still, "no request in flight, no result and no new file")
        } else if long(fruitless, fruitless_limit) {
            (fruitless, "no result and no new file")
        } else {
            return None;
        };
        self.patience *= 10;
        Some(format!("For {} s, there has been {what}.", time.as_secs()))
    }
}

/// Says what is known of a run that does not go on.
fn describe(session: &Session, why: &str) {
    let evidence = session.evidence();
    let mut lines = vec![why.to_owned()];
    lines.extend(without_result(session, &evidence));
    if lines.len() == 1 {
        let all = evidence.saved() == session.flags.len();
        let files = if all { " and its file" } else { "" };
        lines.push(format!("Every flag has its result{files}; download_many has not returned."));
    }
    lines.extend(snapshot().map(|threads| format!("At this moment, {threads}.")));
    session.screen.note(lines.join("\n"));
}

/// Names the flags that have no result, and the last that was seen of each. Nothing if all have one.
pub(super) fn without_result(session: &Session, evidence: &Evidence) -> Vec<String> {
    let seen = evidence.run.as_ref().and_then(requests::by_flag);
    let claims = session.claims();
    let flags = session.flags.iter().zip(&evidence.disk);
    let missing = flags.filter(|(flag, _)| !claims.by_flag.contains_key(&flag.cc));
    let known = missing.map(|(flag, disk)| {
        let mut facts = Vec::new();
        if let Some(seen) = &seen {
            let last = seen.get(&flag.cc).map(|last| last.describe());
            facts.push(last.unwrap_or_else(|| "never requested".to_owned()));
        }
        if let Some(calls) = &evidence.calls {
            facts.push(last_call(calls, &flag.url, &save_target(&flag.path)).to_owned());
        }
        if *disk == OnDisk::Saved {
            facts.push("the file is there".to_owned());
        }
        (facts.join("; "), flag.cc)
    });
    let describe = |(facts, codes): (String, Vec<CountryCode>)| {
        let have = if codes.len() == 1 { "has" } else { "have" };
        let facts = if facts.is_empty() { facts } else { format!("; {facts}") };
        let flags = counted(codes.len(), "flag");
        format!("{flags} {have} no result{facts}\n{}", indented(&codes))
    };
    grouped(known).into_iter().map(describe).collect()
}

/// The last call for a flag.
fn last_call(recorded: &Recorded, url: &str, path: &str) -> &'static str {
    let of_flag = |function| match function {
        Function::GetFlag => url,
        Function::SaveFlag => path,
    };
    let last = recorded.calls.iter().rfind(|call| call.target == of_flag(call.function));
    match last.map(|call| (call.function, call.end)) {
        None => "no call of get_flag seen",
        Some((Function::GetFlag, None)) => "get_flag has not returned",
        Some((Function::GetFlag, Some(_))) => "get_flag has returned",
        Some((Function::SaveFlag, None)) => "save_flag has not returned",
        Some((Function::SaveFlag, Some(_))) => "save_flag has returned",
    }
}
