//! The code of one role, in three columns.

use super::align::{Difference, difference, rows};
use super::html::escape;
use super::line::line_html;
use super::notes::Note;
use super::roles::absent;
use super::source::{Role, Source};
use super::tokens::{Line, text};

/// A downloader: its code and the notes on it.
pub struct Column<'a> {
    pub source: Source<'a>,
    pub notes: Vec<Note<'a>>,
}

/// A cell of the page: the index of a line in its file, and how it differs from its left neighbour.
type Cell = Option<(usize, Option<Difference>)>;

/// The columns of a role, side by side.
pub fn columns_html(role: Role, columns: &[Column]) -> String {
    let ranges: Vec<_> = columns.iter().map(|column| column.source.range(role)).collect();
    let lines: Vec<&[Line]> = columns
        .iter()
        .zip(&ranges)
        .map(|(column, range)| &column.source.lines[range.clone()])
        .collect();
    let rows = rows(&lines);
    let mut html = format!("<div class=\"cols\" style=\"--rows:{}\">\n", rows.len() + 1);
    for (index, column) in columns.iter().enumerate() {
        if ranges[index].is_empty() {
            html += &absent_html(role, column);
            continue;
        }
        let cells = rows.iter().map(|row| -> Cell {
            let line = |column: usize| Some(&lines[column][row[column]?]);
            let (this, left) = (line(index)?, (0..index).rev().find_map(line));
            let difference = (index > 0).then(|| difference(left, this));
            Some((ranges[index].start + row[index]?, difference))
        });
        html += &column_html(role, column, cells);
    }
    html + "</div>\n"
}

fn column_html(role: Role, column: &Column, cells: impl Iterator<Item = Cell>) -> String {
    let tied = if role == Role::DownloadOne { " tied" } else { "" };
    let variant = column.source.variant;
    let mut html = format!("<article class=\"col{tied}\">\n<h3>{variant}</h3>\n<pre><code>");
    for cell in cells {
        match cell {
            Some((line, difference)) => html += &(line_html(column, line, difference) + "\n"),
            None => html += "<span class=\"gap\"></span>",
        }
    }
    html + "</code></pre>\n</article>\n"
}

fn absent_html(role: Role, column: &Column) -> String {
    let Source { variant, lines, .. } = &column.source;
    let mut html = format!("<p>{}</p>", absent(role, variant));
    if let Some(line) = column.loop_body().filter(|_| role == Role::DownloadOne) {
        let (code, number) = (escape(text(&lines[line]).trim()), line + 1);
        html +=
            &format!("\n<p><a class=\"ghost tied\" href=\"#{variant}-{number}\">{code}</a></p>");
    }
    format!(
        "<article class=\"col\">\n<h3>{variant}</h3>\n<div class=\"absent\">{html}</div>\n</article>\n"
    )
}

impl Column<'_> {
    /// Index of the line that gets and saves a flag, in a downloader without `download_one`.
    pub fn loop_body(&self) -> Option<usize> {
        let strategy = self.source.range(Role::DownloadMany);
        let none = self.source.range(Role::DownloadOne).is_empty();
        let calls = |line: &usize| text(&self.source.lines[*line]).contains("get_flag(");
        strategy.filter(|_| none).find(calls)
    }

    /// Whether this line is one of the steps of `download_one`.
    pub fn is_body_of_download_one(&self, line: usize) -> bool {
        let range = self.source.range(Role::DownloadOne);
        range.contains(&line) && text(&self.source.lines[line]).starts_with("    ")
    }
}
