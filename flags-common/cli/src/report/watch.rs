//! The watch: keeps the progress bar up to date, and describes a hang while it lasts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::time::interval;

use super::verdict::without_result;
use crate::session::Session;
use crate::site::Counters;
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
        let still = match session.demo.as_ref().map(|site| site.counters()) {
            Some(Counters { in_flight: 0, last_event, .. }) => {
                last_event.map_or(fruitless, |at| at.elapsed().min(fruitless))
            }
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
    lines.extend(snapshot());
    session.screen.note(lines.join("\n"));
}
