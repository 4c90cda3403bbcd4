//! The code of one role, in columns.

use std::collections::BTreeSet;

use super::align::{Cell, Mark, cells};
use super::source::Source;
use super::tokens::Line;

/// The lines that play a role, a column for each file, and the function of a script below them.
///
/// A line that stands beside its counterpart begins a row of the page, which the lines below it
/// share: so the columns stay aligned where a line is wrapped, or its note is open.
pub fn columns_html(role: &str, sources: &[Source], scripts: &[Source]) -> String {
    let range = |source: &Source| source.roles.get(role).cloned().unwrap_or_default();
    let columns: Vec<_> = sources.iter().map(|source| &source.lines[range(source)]).collect();
    let columns = cells(&columns);
    let aligned = columns.iter().flatten().filter(|cell| cell.aligned && cell.row > 0);
    let starts: BTreeSet<usize> = aligned.map(|cell| cell.row).collect();
    let page_row = |cell: &Cell| 2 + starts.range(..=cell.row).count();

    let mut html = format!("<div class=\"cols\" style=\"--n:{}\">\n", columns.len());
    for (index, (source, cells)) in sources.iter().zip(&columns).enumerate() {
        html += &format!("<article class=\"col\">\n<h3>{}</h3>\n", source.title);
        if cells.is_empty() {
            html += "<p class=\"absent\">No such function.</p>";
        }
        html += "<pre><code>";
        let mut lines = range(source);
        for run in cells.chunk_by(|one, next| page_row(one) == page_row(next)) {
            html += &format!("<span class=\"run\" style=\"grid-row:{}\">", page_row(&run[0]));
            for (cell, line) in run.iter().zip(&mut lines) {
                html += &line_html(source, line, (index > 0).then_some(&cell.mark));
            }
            html += "</span>";
        }
        html += "</code></pre>\n";
        html += &python_html(role, scripts, index, 3 + starts.len()).unwrap_or_default();
        html += "</article>\n";
    }
    html + "</div>\n"
}

/// What plays this role in a script, its own or, as `get_flag` of `flags_threadpool.py`, imported from
/// the first script; in this row of the page.
fn python_html(role: &str, scripts: &[Source], index: usize, row: usize) -> Option<String> {
    let own = scripts.get(index).filter(|it| it.roles.contains_key(role));
    let script = own.or(scripts.first().filter(|_| role == "get_flag"))?;
    let mut html = format!("<div class=\"python\" style=\"grid-row:{row}\">\n");
    html += &format!("<h4>{}</h4>\n<pre><code>", script.title);
    for line in &script.lines[script.roles.get(role)?.clone()] {
        let (indent, tokens) = (indent(line), tokens_html(line, &[]));
        html += &format!("<span class=\"l\" style=\"--i:{indent}\">{tokens}\n</span>");
    }
    Some(html + "</code></pre>\n</div>\n")
}

/// A line: number, mark, coloured tokens, and its notes: a number, and the box that it opens. The first
/// column has no marks.
fn line_html(source: &Source, index: usize, mark: Option<&Mark>) -> String {
    let (line, number, title) = (&source.lines[index], index + 1, source.title);
    let (sign, class, changed) = match mark {
        None => ("", "", &[][..]),
        Some(Mark::Same) => ("", " same", &[][..]),
        Some(Mark::Changed(changed)) => ("~ ", " new", &changed[..]),
        Some(Mark::New) => ("+ ", " new", &[][..]),
    };
    let id = format!("{}-{number}", source.id);
    let (indent, tokens) = (indent(line), tokens_html(line, changed));
    let mut html = format!(
        "<span class=\"l{class}\" id=\"{id}\" data-n=\"{sign}{number}\" style=\"--i:{indent}\">{tokens}\n"
    );
    if let Some(notes) = source.notes.get(&index) {
        let number = source.notes.range(..=index).count();
        let items = notes.iter().map(|note| format!("<span>{}</span>", from_markdown(note)));
        html += &format!(
            "<a class=\"extra callout\" role=\"doc-noteref\" href=\"#{id}\" aria-label=\"Note {number} on \
             {title}\" aria-describedby=\"{id}-note\">{number}</a><span class=\"extra note\" \
             role=\"doc-footnote\" id=\"{id}-note\">{}</span>",
            items.collect::<String>()
        );
    }
    html + "</span>"
}

/// How far a line is indented.
fn indent(line: &Line) -> usize {
    line.first().filter(|token| token.class == "w").map_or(0, |token| token.text.len())
}

/// The tokens of a line. One that is too long may be wrapped before a dot and behind a bracket.
fn tokens_html(line: &Line, changed: &[usize]) -> String {
    let tokens = line.iter().enumerate().map(|(index, token)| {
        let html = match (token.class, escape(token.text)) {
            ("" | "w", html) => html.replace('.', "<wbr/>.").replace('(', "(<wbr/>"),
            (class, html) => format!("<i class=\"{class}\">{html}</i>"),
        };
        if changed.contains(&index) { format!("<b>{html}</b>") } else { html }
    });
    let html: String = tokens.collect();
    html.replace("(<wbr/>)", "()").replace("-&gt;", "<span class=\"nb\">-&gt;</span>")
}

/// Markdown with no more than code in backticks.
fn from_markdown(text: &str) -> String {
    let mut html = escape(text);
    while html.contains('`') {
        html = html.replacen('`', "<code>", 1).replacen('`', "</code>", 1);
    }
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
