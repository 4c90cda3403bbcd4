//! The form of a transcript: rows, and which of the programs prints a line. `transcript.rs` says what it
//! means.

use std::fmt;

use similar::TextDiff;

use crate::Strategy;

/// A command line, and what is printed.
pub(super) struct Row {
    pub command: String,
    /// Names of programs, and what each prints.
    pub printed: Vec<(String, String)>,
    /// Text after it.
    prose: String,
}

/// The programs that `flags` stands for, without `flags-`.
pub(super) const DOWNLOADERS: [&str; 3] =
    [Strategy::Sequence.name(), Strategy::ThreadPool.name(), Strategy::Async.name()];

/// The text before the first row, and the rows.
pub(super) fn parse(text: &str) -> (&str, Vec<Row>) {
    let mut parts = text.split("\n$ ");
    (parts.next().unwrap_or_default(), parts.map(Row::parse).collect())
}

impl Row {
    /// From the text after `$ `.
    fn parse(text: &str) -> Self {
        let mut lines: Vec<_> = text.split('\n').collect();
        let command = lines.remove(0);
        let is_end = |line: &&str| line.starts_with("=>") || line.contains(" | =>");
        let end = lines.iter().rposition(is_end).unwrap_or_else(|| panic!("no => after {command}"));
        let prose = lines.split_off(end + 1).join("\n");
        let printed = programs(command).into_iter().map(|program| {
            let lines = lines.iter().filter_map(|line| line_of(program, line));
            (program.to_owned(), lines.map(|line| format!("{line}\n")).collect())
        });
        Self { command: command.to_owned(), printed: printed.collect(), prose }
    }
}

/// The programs that a command line is for.
fn programs(command: &str) -> Vec<&str> {
    match command.split(' ').next().unwrap_or_default() {
        "flags" => DOWNLOADERS.to_vec(),
        other => vec![other.trim_start_matches("flags-")],
    }
}

/// The line without the names of programs before it, if `program` prints it.
fn line_of<'a>(program: &str, line: &'a str) -> Option<&'a str> {
    let Some((names, rest)) = line.split_once(" |") else { return Some(line) };
    let names: Vec<_> = names.trim_end().split(", ").collect();
    if !names.iter().all(|name| DOWNLOADERS.contains(name)) {
        return Some(line);
    }
    names.contains(&program).then(|| rest.strip_prefix(' ').unwrap_or(rest))
}

/// As in the file: with names before the lines that not all print.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut lines: Vec<(Vec<&str>, String)> = Vec::new();
        for (program, printed) in &self.printed {
            let known: String = lines.iter().map(|(_, line)| line.as_str()).collect();
            let diff = TextDiff::from_lines(known.as_str(), printed);
            let merged = diff.iter_all_changes().map(|change| {
                let mut names = change.old_index().map_or(vec![], |at| lines[at].0.clone());
                names.extend(change.new_index().map(|_| program.as_str()));
                (names, change.value().to_owned())
            });
            lines = merged.collect();
        }
        let label = |names: Vec<&str>| match names.len() {
            all if all == self.printed.len() => String::new(),
            _ => names.join(", "),
        };
        let lines: Vec<_> = lines.into_iter().map(|(names, line)| (label(names), line)).collect();
        let width = lines.iter().map(|(label, _)| label.len()).max().unwrap_or_default();

        write!(f, "\n$ {}\n", self.command)?;
        for (label, line) in lines {
            let label = if label.is_empty() { label } else { format!("{label:width$} | ") };
            writeln!(f, "{}", format!("{label}{line}").trim_end())?;
        }
        f.write_str(&self.prose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` after one program has printed something else.
    fn rewritten(text: &str, program: usize, printed: &str) -> String {
        let (preface, mut rows) = parse(text);
        rows[0].printed[program].1 = printed.to_owned();
        preface.to_owned() + &rows.iter().map(Row::to_string).collect::<String>()
    }

    #[test]
    fn transcript_that_is_right_stays_as_it_is() {
        for text in [include_str!("contract.txt"), include_str!("faults.txt")] {
            let (preface, rows) = parse(text);
            let rows: String = rows.iter().map(Row::to_string).collect();
            assert_eq!(preface.to_owned() + &rows, text);
        }
    }

    #[test]
    fn rewriting_one_loses_nothing_of_the_others() {
        let old = "Prose.\n\n$ flags CN\nsaved\n=> exit 0\n";
        let new = "said\nsaved\n=> exit 1\n";
        let one = rewritten(old, 1, new);
        let expected = "Prose.\n\n$ flags CN\nthreadpool | said\nsaved\nseq, async | => exit 0\n\
                        threadpool | => exit 1\n";
        assert_eq!(one, expected);
        let two = rewritten(&one, 0, new);
        assert_eq!(rewritten(&two, 2, new), format!("Prose.\n\n$ flags CN\n{new}"));
    }

    #[test]
    fn new_row_is_filled_in() {
        let row = rewritten("\n$ flags-async CN\n=>\nThe end.\n", 0, "CN\n=> exit 0\n");
        assert_eq!(row, "\n$ flags-async CN\nCN\n=> exit 0\nThe end.\n");
    }
}
