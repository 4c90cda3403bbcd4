//! The notes of `lesson/notes.md`: a list for each file, below its path. An item is a fragment of the
//! code, in backticks, a colon, and the explanation.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// For the index of a line, its notes in Markdown.
pub type Notes<'a> = BTreeMap<usize, Vec<&'a str>>;

/// The notes on `source`, the text of the file `path`.
///
/// # Errors
/// If an item is malformed, or its fragment does not occur exactly once.
pub fn notes<'a>(markdown: &'a str, path: &str, source: &str) -> Result<Notes<'a>> {
    let list = markdown.split_once(&format!("\n## {path}\n\n- ")).map_or("", |(_, rest)| rest);
    let list = list.split_once("\n\n").map_or(list, |(list, _)| list);
    let mut notes = Notes::new();
    for item in list.split("\n- ").filter(|item| !item.is_empty()) {
        let parts = item.strip_prefix('`').and_then(|item| item.split_once("`: "));
        let (code, _) =
            parts.with_context(|| format!("notes on {path}: expected \"`code`: text\": {item}"))?;
        let [start] = source.match_indices(code).map(|(at, _)| at).collect::<Vec<_>>()[..] else {
            bail!("notes on {path}: `{code}` must occur exactly once");
        };
        let line = source[..start].matches('\n').count();
        notes.entry(line).or_default().push(item);
    }
    Ok(notes)
}
