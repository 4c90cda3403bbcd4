//! A source file, cut into the roles that its functions play.

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::Result;

use super::notes::{Notes, notes};
use super::{python, tokens, tokens::Line};

/// The parts of a `main.rs`, in the order of the lesson.
pub const ROLES: [&str; 6] =
    ["head", "get_flag", "download_one", "download_many", "event_loop", "main"];

/// A file that the page shows.
pub struct Source<'a> {
    /// What stands above its column.
    pub title: &'a str,
    /// Its lines are the elements `{id}-1` and so on.
    pub id: String,
    pub lines: Vec<Line<'a>>,
    pub notes: Notes<'a>,
    /// The lines of each role.
    pub roles: BTreeMap<&'a str, Range<usize>>,
}

impl<'a> Source<'a> {
    /// The file `path` of the workspace, a `main.rs`, a `client.rs` or a script, with its `text`.
    ///
    /// # Errors
    /// If the notes in `markdown` do not fit it.
    pub fn new(title: &'a str, path: &str, text: &'a str, markdown: &'a str) -> Result<Self> {
        let id = path.replace("/src/main.rs", "").replace("/src/client.rs", "-client");
        let is_python = path.ends_with(".py");
        let lines = if is_python { python::lines(text) } else { tokens::lines(text) };
        let whole = BTreeMap::from([("client", 0..lines.len())]);
        let roles = if path.ends_with("client.rs") { whole } else { roles(text) };
        Ok(Self { title, id, lines, notes: notes(markdown, path, text)?, roles })
    }
}

/// Cuts a `main.rs` or a script at the blank lines above its functions.
fn roles(text: &str) -> BTreeMap<&str, Range<usize>> {
    let supervised = text.contains(" supervisor(");
    let (mut roles, mut role, mut line) = (BTreeMap::new(), ROLES[0], 0);
    for paragraph in text.split("\n\n") {
        role = match paragraph.lines().find_map(function_name) {
            Some("supervisor") => "download_many",
            Some("download_many") if supervised => "event_loop",
            Some(name) => name,
            None => role,
        };
        let end = line + paragraph.lines().count();
        let start = line + usize::from(paragraph.starts_with('\n')); // two blank lines, in Python
        roles.entry(role).or_insert(start..end).end = end;
        line = end + 1;
    }
    roles
}

fn function_name(line: &str) -> Option<&str> {
    if line.starts_with("if __name__ == ") {
        return Some("main");
    }
    let head = line.strip_prefix("async ").unwrap_or(line);
    let name = head.strip_prefix("fn ").or(head.strip_prefix("def "))?;
    name.split(['(', '<']).next()
}
