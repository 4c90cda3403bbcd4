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
const DOWNLOADERS: [&str; 3] =
    [Strategy::Sequence.name(), Strategy::ThreadPool.name(), Strategy::Async.name()];

/// The text before the first row, and the rows.
pub(super) fn parse(text: &str) -> (&str, Vec<Row>) {
    let mut parts = text.split("\n$ ");
    (parts.next().unwrap_or_default(), parts.map(Row::parse).collect())
}

/// The text of these rows after `preface`.
pub(super) fn text(preface: &str, rows: &[Row]) -> String {
    preface.to_owned() + &rows.iter().map(Row::to_string).collect::<String>()
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

/// The programs that a command line is for: a downloader, or else its first word.
fn programs(command: &str) -> Vec<&str> {
    let mut words = command.split([' ', ';', '`']);
    let first = words.clone().next().unwrap_or_default();
    match words.find(|word| word.starts_with("flags")).unwrap_or(first) {
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

    #[test]
    fn transcript_that_is_right_stays_as_it_is() {
        for old in [include_str!("contract.txt"), include_str!("faults.txt")] {
            let (preface, rows) = parse(old);
            assert_eq!(text(preface, &rows), old);
            let mut programs = rows.iter().flat_map(|row| &row.printed);
            assert!(programs.all(|(name, _)| DOWNLOADERS.contains(&name.as_str())), "{preface}");
        }
    }

    #[test]
    fn new_row_is_filled_in_by_one_program_after_the_other() {
        const ALL: &str = "\n$ flags CN\nsaved\n=> exit 0\n\nThe end.\n";
        let mut row = "\n$ flags CN\n=>\n\nThe end.\n".to_owned();
        let mut print = |program: usize, printed: &str| {
            let mut rows = parse(&row).1;
            rows[0].printed[program].1 = printed.to_owned();
            row = text("", &rows);
            row.clone()
        };
        print(1, "saved\n=> exit 0\n");
        print(0, "saved\n=> exit 0\n");
        assert_eq!(print(2, "saved\n=> exit 0\n"), ALL);
        let one_differs = "\n$ flags CN\nthreadpool | said\nsaved\nseq, async | => exit 0\n\
                           threadpool | => exit 1\n\nThe end.\n";
        assert_eq!(print(1, "said\nsaved\n=> exit 1\n").replace("  ", ""), one_differs);
        assert_eq!(print(1, "saved\n=> exit 0\n"), ALL);
    }
}
