//! The watch: keeps the progress bar up to date, and describes a hang while it lasts.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use super::summary::hanging;
use crate::lock::lock;
use crate::session::Session;
use crate::site::Counters;
use crate::witness::os;

/// Shorter runs need no bar, and no watch.
const START: Duration = Duration::from_secs(1);
/// After this long without a result, the files are watched.
const QUIET: Duration = Duration::from_millis(500);
/// Without requests, results and files for this long, a run hangs.
const STILL: Duration = Duration::from_secs(2);
/// Without results and files for this long, a run hangs, whatever its requests do.
const FRUITLESS: Duration = Duration::from_secs(10);

/// Makes `background` start the watch after a second. It has a thread, since it writes: the demo
/// site's thread may not wait for a terminal.
pub(crate) fn watch(background: &Handle, session: &Arc<Session>) {
    let session = Arc::clone(session);
    let mut watch = Watch { files: 0, last_file: session.started, patience: 1 };
    let run = move || {
        while !session.is_ending() {
            let recorded = lock(&session.claims).by_flag.len();
            session.screen.draw_bar(recorded, session.flags.len(), || session.is_ending());
            if let Some(why) = watch.hang(&session) {
                hanging(&session, &why);
            }
            thread::sleep(Duration::from_millis(100));
        }
    };
    background.spawn(async {
        tokio::time::sleep(START).await;
        _ = os::start_thread("watch", run); // without a thread, there is no watch
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

impl Watch {
    /// What has not happened for how long, if that is long enough.
    fn hang(&mut self, session: &Session) -> Option<String> {
        let last_result = lock(&session.claims).last.unwrap_or(session.started);
        if last_result.elapsed() < QUIET {
            return None;
        }
        let files = session.new_files();
        if files != self.files {
            (self.files, self.last_file) = (files, Instant::now());
        }
        let fruitless = last_result.max(self.last_file).elapsed();
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
        let signs = [
            (still, STILL, "no request in flight, no new result, no new file"),
            (fruitless, fruitless_limit, "no new result, no new file"),
        ];
        let (time, _, what) =
            signs.into_iter().find(|(time, limit, _)| *time >= *limit * self.patience)?;
        self.patience *= 10;
        Some(format!("For {} s: {what}.", time.as_secs()))
    }
}
