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
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use libtest_mimic::Trial;
use similar::TextDiff;

use super::filters::{filtered, left_behind};
use crate::{Run, Running, Strategy, Variant, trial};

/// A file of rows.
pub(super) struct Transcript {
    /// Its name, in the folder of the suites.
    file: &'static str,
    /// Tests run in parallel, and any of them may rewrite the file.
    lock: Mutex<()>,
}

/// A command line, and what the downloaders print.
struct Row {
    /// Text before it.
    prose: String,
    command: String,
    /// For each strategy, in the order of [`Strategy::ALL`].
    printed: [String; 3],
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

/// What a line starts with that is a command, and one that is the last of a row.
const COMMAND: &str = "$ ";
const END: &str = "=>";

/// The rows, and the text after the last.
fn parse(text: &str) -> (Vec<Row>, String) {
    let mut rows = Vec::new();
    let mut prose = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix(COMMAND) else {
            prose += &format!("{line}\n");
            continue;
        };
        let prose = std::mem::take(&mut prose);
        let mut row = Row { prose, command: command.to_owned(), printed: Default::default() };
        while !row.is_complete() {
            let line = lines.next().unwrap_or_else(|| panic!("no {END} after {command}"));
            let (strategies, line) = names(line);
            for strategy in strategies {
                row.printed[strategy as usize] += &format!("{line}\n");
            }
        }
        rows.push(row);
    }
    (rows, prose)
}

/// The strategies that print a line, and the line without their names.
fn names(line: &str) -> (Vec<Strategy>, &str) {
    let named = line.split_once(" |").and_then(|(names, line)| {
        let known = |name: &str| Strategy::ALL.into_iter().find(|it| it.name() == name.trim());
        let strategies: Option<Vec<_>> = names.split(", ").map(known).collect();
        Some((strategies?, line.strip_prefix(' ').unwrap_or(line)))
    });
    named.unwrap_or((Strategy::ALL.to_vec(), line))
}

impl Row {
    fn strategies(&self) -> impl Iterator<Item = Strategy> {
        Strategy::ALL.into_iter().filter(|strategy| self.is_for(*strategy))
    }

    fn is_for(&self, strategy: Strategy) -> bool {
        let program = self.command.split(' ').next().expect("split gives one part or more");
        program
            .strip_prefix("flags")
            .is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-') == Some(strategy.name()))
    }

    /// Whether each strategy has its last line.
    fn is_complete(&self) -> bool {
        let last_line = |strategy| self.printed[strategy as usize].lines().last();
        self.strategies().all(|strategy| last_line(strategy).is_some_and(|it| it.starts_with(END)))
    }
}

/// As in the file: lines that not all print stand together, with names before them.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut texts: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
        for strategy in self.strategies() {
            let lines: Vec<_> = self.printed[strategy as usize].lines().collect();
            match texts.iter_mut().find(|(_, known)| *known == lines) {
                Some((names, _)) => names.push(strategy.name()),
                None => texts.push((vec![strategy.name()], lines)),
            }
        }
        let texts: Vec<_> =
            texts.iter().map(|(names, lines)| (names.join(", "), &lines[..])).collect();
        let (_, first) = texts[0];
        let shortest = texts.iter().map(|(_, lines)| lines.len()).min().unwrap_or_default();
        let all = |same: &dyn Fn(&[&str]) -> bool| texts.iter().all(|(_, lines)| same(lines));
        let head = (0..shortest).take_while(|&n| all(&|lines| lines[n] == first[n])).count();
        let from_end = |lines: &[&str], n: usize| lines[lines.len() - 1 - n].to_owned();
        let tail = (0..shortest - head)
            .take_while(|&n| all(&|lines| from_end(lines, n) == from_end(first, n)))
            .count();

        writeln!(f, "{}{COMMAND}{}", self.prose, self.command)?;
        first[..head].iter().try_for_each(|line| writeln!(f, "{line}"))?;
        let width = texts.iter().map(|(names, _)| names.len()).max().unwrap_or_default();
        for (names, lines) in &texts {
            for line in &lines[head..lines.len() - tail] {
                let line = format!("{names:width$} | {line}");
                writeln!(f, "{}", line.trim_end())?;
            }
        }
        first[first.len() - tail..].iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rewrites what one strategy prints.
    fn rewritten(text: &str, strategy: Strategy, printed: &str) -> String {
        let (mut rows, end) = parse(text);
        rows[0].printed[strategy as usize] = printed.to_owned();
        rows.iter().map(Row::to_string).collect::<String>() + &end
    }

    #[test]
    fn text_that_is_right_stays_as_it_is() {
        let text = "# Prose.\n\n$ flags CN\n\nsaved\nseq        | one\nthreadpool | two\n\
                    threadpool |\nasync      | three\n=> exit 0\n\n$ flags-seq\n=> exit 0\nThe end.\n";
        let (rows, end) = parse(text);
        assert_eq!(rows.iter().map(Row::to_string).collect::<String>() + &end, text);
        let printed = ["\nsaved\none", "\nsaved\ntwo\n", "\nsaved\nthree"];
        assert_eq!(rows[0].printed, printed.map(|lines| format!("{lines}\n=> exit 0\n")));
    }

    #[test]
    fn rewriting_one_loses_nothing_of_the_others() {
        let old = "$ flags CN\nsaved\n=> exit 0\n";
        let new = "said\nsaved\n=> exit 1\n";
        let one = rewritten(old, Strategy::ThreadPool, new);
        let expected = "$ flags CN\nseq, async | saved\nseq, async | => exit 0\n\
                        threadpool | said\nthreadpool | saved\nthreadpool | => exit 1\n";
        assert_eq!(one, expected);
        let two = rewritten(&one, Strategy::Sequence, new);
        let three = rewritten(&two, Strategy::Async, new);
        assert_eq!(three, format!("$ flags CN\n{new}"));
    }

    #[test]
    fn new_row_is_filled_in() {
        let row = rewritten("$ flags-async CN\n=>\nThe end.\n", Strategy::Async, "CN\n=> exit 0\n");
        assert_eq!(row, "$ flags-async CN\nCN\n=> exit 0\nThe end.\n");
    }
}
