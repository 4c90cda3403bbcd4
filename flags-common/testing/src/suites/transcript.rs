//! Transcripts: command lines, each with all that a person at a terminal then sees.
//!
//! ```text
//! $ flags v -l 3
//! LOCAL site: http://127.0.0.1:[PORT]/flags
//! …
//! seq               | The site saw 1 connection and at most 1 request at once: …
//! threadpool, async | The site saw [N] connections and at most [N] requests at once.
//! => exit 1, in downloaded/: VA VC
//! ```
//!
//! `flags` stands for each of the three downloaders, `flags-async` for that one. Names before a line say
//! which of them print it. `=>` is what a run leaves behind: its exit status and its files, each complete
//! flag by its code. The text between two rows is free.
//!
//! A new row is its command line and a line `=>`. This command writes the rest, here as wherever the
//! program's words have changed:
//!
//! ```text
//! SNAPSHOTS=overwrite cargo test --no-fail-fast --test contract
//! ```
//!
//! It is snapbox's command, but not snapbox: three programs share a text here. snapbox and expect-test
//! replace a literal at the line and column that were compiled in. The second program would write in
//! the wrong place, and no literal says which of the three prints a line.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use libtest_mimic::Trial;
use similar::TextDiff;

use super::filters::{filtered, left_behind};
use super::rows::{Row, parse};
use crate::{Run, Running, Strategy, Variant, trial};

/// A file of rows.
pub(super) struct Transcript {
    /// Its name, in the folder of the suites.
    file: &'static str,
    /// Tests run in parallel, and any of them may rewrite the file.
    lock: Mutex<()>,
}

impl Transcript {
    pub const fn new(file: &'static str) -> Self {
        Self { file, lock: Mutex::new(()) }
    }

    /// A test of `variant` for each of its rows, which `run` runs.
    pub fn trials(
        &'static self,
        suite: &str,
        variant: &'static Variant,
        run: fn(&Variant, &str) -> Run,
    ) -> Vec<Trial> {
        let rows = parse(&self.read()).0.into_iter().filter(|row| row.is_for(variant.strategy));
        let trial = |row: Row| {
            let name = row.command.clone();
            trial(suite, &name, move || {
                self.check(&row.command, variant.strategy, &run(variant, &row.command));
            })
        };
        rows.map(trial).collect()
    }

    /// Panics unless `run` printed what the row says; or corrects the row, if the environment asks for
    /// that.
    fn check(&self, command: &str, strategy: Strategy, run: &Run) {
        assert!(!run.stdout.contains(is_unsafe), "it would steer the terminal: {:?}", run.stdout);
        let _alone = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut rows, end) = parse(&self.read());
        let row = rows.iter_mut().find(|row| row.command == command).expect("as before");
        let expected = &mut row.printed[strategy as usize];
        let printed = filtered(&run.stdout, command, strategy) + &left_behind(run);
        if *expected == printed {
            return;
        }
        if env::var_os("SNAPSHOTS").is_some_and(|action| action == "overwrite") {
            *expected = printed;
            let rows: String = rows.iter().map(Row::to_string).collect();
            return fs::write(self.path(), rows + &end).expect("a file that can be written");
        }
        let diff = TextDiff::from_lines(&*expected, &printed);
        let diff = diff.unified_diff().context_radius(99).header(self.file, "this run").to_string();
        panic!("not what {} says\n{diff}{run}\n{HINT}", self.file);
    }

    fn read(&self) -> String {
        fs::read_to_string(self.path()).expect(self.file)
    }

    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/suites").join(self.file)
    }
}

/// Whether a character steers the terminal.
fn is_unsafe(c: char) -> bool {
    let bidirectional = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() && c != '\n' || bidirectional
}

const HINT: &str =
    "If that is right: SNAPSHOTS=overwrite cargo test --no-fail-fast --test contract";

/// Starts `variant` with the words of a row, its streams in order on one pipe.
pub(super) fn start(variant: &Variant, command: &str) -> Running {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut downloader = variant.command(dir.path());
    downloader.args(command.split(' ').skip(1));
    Running::start_on_one_pipe(downloader, dir)
}
