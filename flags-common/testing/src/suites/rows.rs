//! The form of a transcript: rows, and which of the three downloaders prints a line. `transcript.rs` says
//! what it means.

use std::fmt;

use crate::Strategy;

/// A command line, and what the downloaders print.
pub(super) struct Row {
    /// Text before it.
    prose: String,
    pub command: String,
    /// For each strategy, in the order of [`Strategy::ALL`].
    pub printed: [String; 3],
}

/// What a line starts with that is a command, and one that is the last of a row.
const COMMAND: &str = "$ ";
const END: &str = "=>";

/// The rows, and the text after the last.
pub(super) fn parse(text: &str) -> (Vec<Row>, String) {
    let mut rows = Vec::<Row>::new();
    let mut prose = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix(COMMAND) else {
            prose += &format!("{line}\n");
            continue;
        };
        assert!(rows.iter().all(|row| row.command != command), "twice: {command}");
        let prose = std::mem::take(&mut prose);
        let mut row = Row { prose, command: command.to_owned(), printed: Default::default() };
        assert!(row.strategies().count() > 0, "neither `flags` nor one of the three: {command}");
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
    pub fn is_for(&self, strategy: Strategy) -> bool {
        let (program, name) = (self.command.split(' ').next(), strategy.name());
        program.is_some_and(|it| it == "flags" || it.strip_prefix("flags-") == Some(name))
    }

    fn strategies(&self) -> impl Iterator<Item = Strategy> {
        Strategy::ALL.into_iter().filter(|strategy| self.is_for(*strategy))
    }

    /// Whether each strategy has its last line.
    fn is_complete(&self) -> bool {
        let last_line = |strategy| self.printed[strategy as usize].lines().last();
        self.strategies().all(|strategy| last_line(strategy).is_some_and(|it| it.starts_with(END)))
    }
}

/// As in the file: from the first line that not all print to the last, with names before them.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut texts: Vec<(String, Vec<&str>)> = Vec::new();
        for strategy in self.strategies() {
            let lines: Vec<_> = self.printed[strategy as usize].lines().collect();
            match texts.iter_mut().find(|(_, known)| *known == lines) {
                Some((names, _)) => *names += &format!(", {}", strategy.name()),
                None => texts.push((strategy.name().to_owned(), lines)),
            }
        }
        let (_, first) = &texts[0];
        let shortest = texts.iter().map(|(_, lines)| lines.len()).min().unwrap_or_default();
        let all_have = |line: &str, at: &dyn Fn(&[&str]) -> usize| {
            texts.iter().all(|(_, lines)| lines[at(lines)] == line)
        };
        let head = (0..shortest).take_while(|&n| all_have(first[n], &|_| n)).count();
        let tail = (1..=shortest - head)
            .take_while(|&n| all_have(first[first.len() - n], &|lines| lines.len() - n))
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
