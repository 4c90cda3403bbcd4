//! A source file, cut into the roles that its functions play, with the notes on it.

use std::collections::BTreeMap;
use std::ops::Range;

use regex_lite::Regex;

use super::tokens::{Line, lines};
use crate::read;

/// The parts of a `main.rs`, in the order of the lesson.
pub const ROLES: [&str; 6] =
    ["head", "get_flag", "download_one", "download_many", "event_loop", "main"];

/// A file that the page shows.
pub struct Source {
    /// What stands above its column.
    pub title: &'static str,
    /// Its lines are the elements `{id}-1` and so on.
    pub id: String,
    pub lines: Vec<Line>,
    /// For the index of a line, its notes in Markdown.
    pub notes: BTreeMap<usize, Vec<&'static str>>,
    /// The lines of each role.
    pub roles: BTreeMap<&'static str, Range<usize>>,
}

impl Source {
    /// The file `path` of the workspace, a `main.rs`, a `client.rs` or a script.
    pub fn new(title: &'static str, path: &str) -> Self {
        let id = path.replace("/src/main.rs", "").replace("/src/client.rs", "-client");
        let text = read(path);
        let lines = lines(text);
        let whole = BTreeMap::from([("client", 0..lines.len())]);
        let roles = if path.ends_with("client.rs") { whole } else { roles(text) };
        Self { title, id, lines, notes: notes(path, text), roles }
    }
}

/// Cuts a `main.rs` or a script at the blank lines above its functions.
fn roles(text: &'static str) -> BTreeMap<&'static str, Range<usize>> {
    let function =
        Regex::new(r"(?m)^(?:async )?(?:fn|def) (\w+)|^if __name__ == ").expect("a pattern");
    let supervised = text.contains(" supervisor(");
    let (mut roles, mut role, mut line) = (BTreeMap::new(), ROLES[0], 0);
    for paragraph in text.split("\n\n") {
        if let Some(found) = function.captures(paragraph) {
            role = match found.get(1).map_or("main", |name| name.as_str()) {
                "supervisor" => "download_many",
                "download_many" if supervised => "event_loop",
                name => name,
            };
        }
        let end = line + paragraph.lines().count();
        let start = line + usize::from(paragraph.starts_with('\n')); // two blank lines, in Python
        roles.entry(role).or_insert(start..end).end = end;
        line = end + 1;
    }
    roles
}

/// The notes of `lesson/notes.md` on the file `path`: a list below that path. An item is a fragment of
/// the code, in backticks, which occurs once, a colon, and the explanation.
fn notes(path: &str, code: &str) -> BTreeMap<usize, Vec<&'static str>> {
    let mut notes = BTreeMap::<_, Vec<_>>::new();
    let lists = read("flags-common/lesson/notes.md").split_once(&format!("\n## {path}\n\n- "));
    let items = lists.map_or("", |(_, list)| list.split("\n\n").next().expect("the first"));
    for item in items.split("\n- ").filter(|item| !item.is_empty()) {
        let fragment = item.split('`').nth(1).expect(item);
        let [before, _] = code.split(fragment).collect::<Vec<_>>()[..] else {
            panic!("notes on {path}: `{fragment}` must occur exactly once");
        };
        notes.entry(before.matches('\n').count()).or_default().push(item);
    }
    notes
}
