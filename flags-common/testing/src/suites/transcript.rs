//! Transcripts: command lines, each with all that a person at a terminal then sees.
//!
//! ```text
//! $ flags v -l 3
//! LOCAL site: http://127.0.0.1:[PORT]/flags
//! …
//! seq               | The site saw 3 requests on 1 connection, at most 1 at once…
//! threadpool, async | The site saw 3 requests on [N] connections, at most [N] at once.
//! => exit 1, in downloaded/: VA VC
//! ```
//!
//! `flags` stands for each of the three downloaders, and any other name for itself. Names before a line
//! say which of them print it. `=>` is what a run leaves behind: its exit status and its files, each
//! complete flag by its code. The text between two rows is free.
//!
//! A new row is its command line and a line `=>`. `UPDATE=1 cargo test` writes the rest, here as
//! wherever the program's words have changed.
//!
//! This is not snapbox: three programs share a text here. snapbox and expect-test replace a literal at
//! the line and column that were compiled in. The second program would write in the wrong place, and
//! no literal says which of the three prints a line.

use std::fs;
use std::sync::{Mutex, PoisonError};

use libtest_mimic::Trial;
use similar::TextDiff;

use super::filters::{filtered, left_behind};
use super::rows::{parse, text};
use crate::{Run, trial, update};

/// A file of command lines, each with all that is then printed.
#[derive(Debug)]
pub struct Transcript {
    path: &'static str,
    /// Tests run in parallel, and any of them may rewrite the file.
    lock: Mutex<()>,
}

impl Transcript {
    /// The file at `path`.
    pub const fn new(path: &'static str) -> Self {
        Self { path, lock: Mutex::new(()) }
    }

    /// A test for each row, named after `suite` and the command line, which `run` runs. With the name
    /// of a downloader without `flags-`, only for its rows.
    pub fn trials<R>(&'static self, suite: &str, downloader: Option<&str>, run: R) -> Vec<Trial>
    where
        R: Fn(&str) -> Run + Copy + Send + 'static,
    {
        let mut trials = Vec::new();
        for (n, row) in parse(&self.read()).1.into_iter().enumerate() {
            for (program, _) in row.printed {
                if downloader.is_none_or(|name| program == name) {
                    let command = row.command.clone();
                    trials.push(trial(suite, &row.command, move || {
                        self.check(n, &program, &run(&command));
                    }));
                }
            }
        }
        assert!(!trials.is_empty(), "no rows in {}", self.path);
        trials
    }

    /// Panics unless `run` printed what row `n` says; or corrects the row, if the environment asks for
    /// that.
    fn check(&self, n: usize, program: &str, run: &Run) {
        let _alone = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.read();
        let (preface, mut rows) = parse(&old);
        let printed = filtered(&run.stdout, &rows[n].command, program) + &left_behind(run);
        let of_program = rows[n].printed.iter_mut().find(|(name, _)| name == program);
        of_program.expect("as before").1 = printed;
        let new = text(preface, &rows);
        if update::is_wanted() && new != old {
            fs::write(self.path, new).expect("a writable file");
        } else if new != old {
            let diff = TextDiff::from_lines(&old, &new);
            let diff =
                diff.unified_diff().context_radius(9).header(self.path, "this run").to_string();
            panic!("{diff}{run}\n{}", update::HINT);
        }
    }

    fn read(&self) -> String {
        fs::read_to_string(self.path).expect(self.path)
    }
}
