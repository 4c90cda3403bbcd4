//! The Markdown of the pages, as their tests read it.

use std::fs;

use crate::cargo::workspace;

/// The text of a page, by its path from the top of the workspace.
pub fn page(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The part of a text from a line that starts with `start` to the next heading.
pub fn section<'a>(text: &'a str, start: &str) -> &'a str {
    let parts = text.split_once(&format!("\n{start}"));
    let (_, rest) = parts.unwrap_or_else(|| panic!("no line {start:?}"));
    rest.split("\n## ").next().unwrap_or(rest)
}

/// The fenced blocks: the language of each, and the code.
pub fn blocks(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let blocks = text.split("\n```").skip(1).step_by(2);
    blocks.map(|block| block.split_once('\n').expect("a language and code"))
}

/// The commands of a block, each on one line.
pub fn commands(code: &str) -> Vec<String> {
    let code = code.replace("\\\n", "");
    let commands = code.lines().filter_map(|line| line.trim_start().strip_prefix("$ "));
    commands.map(str::to_owned).collect()
}

/// What stands between backticks in the text, outside its blocks, each on one line.
pub fn inline_code(text: &str) -> Vec<String> {
    let prose: String = text.split("\n```").step_by(2).collect();
    prose.split('`').skip(1).step_by(2).map(one_line).collect()
}

/// The targets of the links.
pub fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// The text with one space between words, wherever its lines end.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
