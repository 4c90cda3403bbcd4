//! The notes of `lesson/notes.md`: a list for each downloader. An item is a fragment of its code, in
//! backticks, a colon, and the explanation.

use anyhow::{Context, Result, bail, ensure};

/// An explanation of a line.
#[derive(Debug, PartialEq)]
pub struct Note<'a> {
    /// Index of the line.
    pub line: usize,
    /// The part of the line that it explains, as a range of bytes.
    pub fragment: std::ops::Range<usize>,
    /// The explanation in Markdown, with code in backticks.
    pub text: &'a str,
}

/// The list of a downloader, as it stands in `markdown`; empty if there is none.
pub fn list<'a>(markdown: &'a str, variant: &str) -> &'a str {
    let heading = format!("\n## {variant}\n\n");
    let list = markdown.split_once(&heading).map_or("", |(_, rest)| rest);
    list.split_once("\n\n").map_or(list, |(list, _)| list).trim_end()
}

/// The notes on `source`, in the order of its lines.
///
/// # Errors
/// If an item is malformed, its fragment does not occur exactly once, or its line has two notes.
pub fn notes<'a>(markdown: &'a str, variant: &str, source: &str) -> Result<Vec<Note<'a>>> {
    let list = list(markdown, variant);
    let items = list.strip_prefix("- ").map_or(vec![], |items| items.split("\n- ").collect());
    let mut notes = vec![];
    for item in items {
        let parts = item.strip_prefix('`').and_then(|item| item.split_once("`: "));
        let (code, text) = parts
            .with_context(|| format!("notes on {variant}: expected \"`code`: text\": {item}"))?;
        let [start] = source.match_indices(code).map(|(at, _)| at).collect::<Vec<_>>()[..] else {
            bail!("notes on {variant}: `{code}` must occur exactly once in its main.rs");
        };
        let line_start = source[..start].rfind('\n').map_or(0, |end| end + 1);
        let line = source[..start].matches('\n').count();
        let fragment = start - line_start..start - line_start + code.len();
        notes.push(Note { line, fragment, text });
    }
    notes.sort_by_key(|note| note.line);
    let twice = notes.windows(2).find(|pair| pair[0].line == pair[1].line);
    ensure!(twice.is_none(), "notes on {variant}: two on one line: {twice:?}");
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKDOWN: &str =
        "# Notes\n\n## a\n\n- `two()`: Is the\n  second.\n- `one`: Is `1`.\n\n## b\n";
    const SOURCE: &str = "let one;\nlet x = two();\n";

    #[test]
    fn notes_are_in_the_order_of_the_lines() {
        let notes = notes(MARKDOWN, "a", SOURCE).unwrap();
        let first = Note { line: 0, fragment: 4..7, text: "Is `1`." };
        let second = Note { line: 1, fragment: 8..13, text: "Is the\n  second." };
        assert_eq!(notes, [first, second]);
        assert_eq!(super::notes(MARKDOWN, "b", SOURCE).unwrap(), []);
    }

    #[test]
    fn ambiguous_notes_are_errors() {
        for (source, expected) in [
            ("two()\n", "notes on a: `one` must occur exactly once in its main.rs"),
            ("two() two() one\n", "notes on a: `two()` must occur exactly once in its main.rs"),
            ("one two()\n", "notes on a: two on one line: "),
        ] {
            let error = notes(MARKDOWN, "a", source).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let error = notes("\n## a\n\n- no code\n", "a", SOURCE).unwrap_err().to_string();
        assert_eq!(error, "notes on a: expected \"`code`: text\": no code");
    }
}
