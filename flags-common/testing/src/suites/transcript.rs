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
use super::rows::{DOWNLOADERS, Row, parse};
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
        let rows = parse(&self.read()).1;
        for (n, row) in rows.iter().enumerate() {
            assert!(rows[..n].iter().all(|it| it.command != row.command), "twice: {}", row.command);
            let known = row.printed.iter().all(|(name, _)| DOWNLOADERS.contains(&name.as_str()));
            assert!(downloader.is_none() || known, "for none of the three: {}", row.command);
        }
        let mut trials = Vec::new();
        for Row { command, printed, .. } in rows {
            let programs = printed.into_iter().map(|(program, _)| program);
            for program in programs.filter(|it| downloader.is_none_or(|name| it == name)) {
                let command = command.clone();
                trials.push(trial(suite, &command.clone(), move || {
                    self.check(&command, &program, &run(&command));
                }));
            }
        }
        trials
    }

    /// Panics unless `run` printed what the row says; or corrects the row, if the environment asks for
    /// that.
    fn check(&self, command: &str, program: &str, run: &Run) {
        assert!(!run.stdout.contains(is_unsafe), "it would steer the terminal: {:?}", run.stdout);
        let _alone = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let text = self.read();
        let (preface, mut rows) = parse(&text);
        let row = rows.iter_mut().find(|row| row.command == command).expect("as before");
        let printed = row.printed.iter_mut().find(|(name, _)| name == program);
        let (_, expected) = printed.expect("as before");
        let printed = filtered(&run.stdout, command, program) + &left_behind(run);
        if *expected == printed {
            return;
        }
        if update::is_wanted() {
            *expected = printed;
            let rows: String = rows.iter().map(Row::to_string).collect();
            return fs::write(self.path, preface.to_owned() + &rows).expect("a writable file");
        }
        let diff = TextDiff::from_lines(&*expected, &printed);
        let diff = diff.unified_diff().context_radius(99).header(self.path, "this run").to_string();
        panic!("not what {} says\n{diff}{run}\n{}", self.path, update::HINT);
    }

    fn read(&self) -> String {
        fs::read_to_string(self.path).expect(self.path)
    }
}

/// Whether a character steers the terminal.
fn is_unsafe(c: char) -> bool {
    let bidirectional = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() && c != '\n' || bidirectional
}
